"""What the server sends and refuses, without a browser."""

import json
import re
from pathlib import Path

import pytest

import dashboard
from dashboard import security
from dashboard.app import create_app
from dashboard.callbacks.routing import page_at, read_query
from dashboard.pages import PAGES

ROUTE = "..page-content.children...page-title.data...notices.children.."


@pytest.fixture(scope="module")
def client():
    return create_app().server.test_client()


def test_headers(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert b'<html lang="en">' in answer.data


def test_only_the_embedded_view_may_be_framed(client):
    assert "frame-ancestors 'self'" in client.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in client.get("/embed").headers["Content-Security-Policy"]
    assert client.get("/embed").headers.get("X-Frame-Options") is None


def test_health(client):
    assert client.get("/health").status_code == 200


def test_no_page_asks_for_another_host(client):
    text = client.get("/").get_data(as_text=True)
    assert "//" not in text.replace("http://www.w3.org", "").replace("<!--", "").split("<body>")[0]


def props(*values):
    names = [("location", "pathname"), ("location", "search")]
    return [{"id": i, "property": p, "value": v} for (i, p), v in zip(names, values, strict=True)]


MALFORMED = {
    "empty": b"",
    "no JSON": b"\xff\xfe",
    "list": b"[]",
    "deep": b"[" * 100_000,
    "nan": b'{"output": NaN}',
    "unknown": b'{"output": "x.children", "inputs": []}',
    "no inputs": json.dumps({"output": ROUTE}).encode(),
    "numbers": json.dumps({"output": ROUTE, "inputs": [1, 2]}).encode(),
    "no outputs": json.dumps({"output": ROUTE, "inputs": props("/", "")}).encode(),
    "other outputs": json.dumps({"output": ROUTE, "outputs": [], "inputs": props("/", "")}).encode(),
    "nameless": json.dumps({"output": ROUTE, "outputs": [{}, {}, {}], "inputs": [{}, {}]}).encode(),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_callbacks_are_refused(client, body):
    answer = client.post(security.CALLBACK, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "Traceback" not in answer.get_data(as_text=True)


def test_long_bodies_are_refused(client):
    body = b"x" * (security.MOST_BODY + 1)
    assert client.post(security.CALLBACK, data=body, content_type="application/json").status_code == 413


def test_other_machines_need_the_token():
    client = create_app(token="secret-word").server.test_client()
    assert client.get("/").status_code == 403
    assert client.get("/?token=wrong").status_code == 403
    assert client.get("/?token=secret-word").status_code == 200
    assert client.get("/").status_code == 200, "the cookie is kept"


def test_queries_are_bounded_and_never_fail():
    assert read_query("?a=1&a=2&b=%FF&__c=x&d-e=1")[0] == {"a": "2", "b": "�", "__c": "x"}
    query, notices = read_query("?a=" + "x" * 5000)
    assert query == {}
    assert len(notices) == 1


def test_every_page_keeps_the_contract():
    assert len({page.PATH for page in PAGES}) == len(PAGES)
    for page in PAGES:
        assert page_at(page.PATH) is page
        assert page_at(page.PATH + "/") is page
        assert page.layout(unknown="value") is not None


def test_no_script_stands_in_the_page_and_no_figure_needs_a_graphics_card(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy.count("'sha256-") == 1, "the renderer of Dash alone; name functions of assets with ClientsideFunction"
    folder = Path(dashboard.__file__).parent
    texts = [path.read_text("utf-8") for kind in ("*.py", "*.js") for path in folder.rglob(kind)]
    assert not [text for text in texts if re.search(r"scattergl|heatmapgl|parcoords|splom|scatter3d|\beval\(", text)]
