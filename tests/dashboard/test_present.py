"""Present and the embedded view in a browser: one chart, three levers, the presenter's keys, a frame elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import sim
from dashboard.callbacks.presenting import answered, enlarged
from dashboard.pages import present
from dashboard.runs import FULL, PREVIEW, Engine
from dashboard.views import ViewState, read_view
from sim import figures
from tests.dashboard.browsing import Visit

IDLE = "() => document.body.dataset.present === 'idle'"
DRAWN = "() => document.querySelector('#embed-graph .main-svg') && document.getElementById('embed-caption').textContent"


def at_rest(seen: Visit) -> None:
    """Wait for the whole picture, also on a machine that has much else to do."""
    seen.wait(IDLE, timeout=120_000)


def lines(seen: Visit) -> dict[str, bool]:
    """Medians that are drawn, by name, and whether they can be seen."""
    # The chart is put in anew when more has been worked out; for a moment there is none.
    drawn = "document.querySelector('#present-graph .js-plotly-plot')?.data"
    named = f"() => {drawn} && Object.fromEntries({drawn}.filter(t => t.showlegend !== false)"
    return seen.wait(f"{named}.map(t => [t.name, t.visible !== false]))").json_value()


def headline(query: str, members: int) -> str:
    """The difference that the page should show, from runs made here."""
    state, problems = read_view(dict(part.split("=", 1) for part in query.split("&")), present.FIRST)
    assert not problems
    scenarios, baseline = state.resolve()
    results = Engine(workers=0).results(scenarios, state.ensemble, members, details=False)
    effect = figures.View.of(sim.Comparison(results, baseline)).effects(scenarios[1].name, [state.outcomes[0]])[0]
    return figures.digits(effect.percent(effect.mean), sign=True, significant=2)


def test_levers_move_the_chart_and_the_address_keeps_them(visit) -> None:
    query = "s=open_by_default;mandate_open.start=2025-01&o=consumer_surplus&m=30"
    seen = visit(f"/present?{query}&l=mandate_open.start,mandate_open.strength")
    at_rest(seen)
    assert seen.page.locator(".present-lever").count() == 2
    assert headline(query, FULL) in seen.page.locator("#present-difference").inner_text()
    assert seen.page.locator("#present-table tbody tr").count() == 4  # each January and the last month
    seen.page.keyboard.press("1")
    for _ in range(6):
        seen.page.keyboard.press("ArrowRight")
    seen.wait("() => location.search.includes('mandate_open.start=2025-07')")
    at_rest(seen)
    moved = "s=open_by_default;mandate_open.start=2025-07&o=consumer_surplus&m=30"
    shown = seen.page.locator("#present-difference").inner_text()
    assert headline(moved, FULL) in shown
    assert seen.page.locator(".present-lever-value").first.inner_text() == "Jul 2025"
    thumb = seen.page.locator(".present-lever [role=slider]").first
    assert thumb.get_attribute("aria-valuetext") == "Jul 2025"
    assert "mandate_open.start=2025-07" in seen.page.get_by_role("link", name="Explore").get_attribute("href")
    seen.page.reload()
    seen.wait("text => document.getElementById('present-difference')?.textContent === text", shown)
    seen.page.keyboard.press("r")
    seen.wait("() => !location.search.includes('mandate_open.start=')")
    assert seen.page.locator(".present-lever-value").first.inner_text() == "Jan 2027"


def test_the_presenters_keys(visit) -> None:
    seen = visit("/present?m=24")
    at_rest(seen)
    assert lines(seen) == {"Status quo": True, "Staged release": True}
    seen.page.keyboard.press("p")
    seen.wait("() => document.getElementById('present-value').textContent === '?'")
    assert lines(seen) == {"Status quo": True, "Staged release": False}
    assert "expect" in seen.page.locator("#present-difference").inner_text()
    seen.page.keyboard.press("p")
    seen.wait("() => document.getElementById('present-value').textContent !== '?'")
    seen.page.keyboard.press("o")
    seen.wait("() => document.getElementById('present-outcome-title')?.textContent === 'Concentration of use'")
    seen.page.keyboard.press("w")
    seen.wait("() => new URLSearchParams(location.search).get('w')")
    at_rest(seen)
    seen.page.keyboard.press("c")
    assert not seen.page.locator(".site-header").is_visible() and not seen.page.locator(".present-keys").is_visible()
    assert seen.page.locator(".present-lever").first.is_visible()
    seen.page.keyboard.press("c")
    assert seen.page.locator(".site-header").is_visible()


def test_the_scenario_and_the_levers_are_set_up_on_the_page(visit) -> None:
    seen = visit("/present?m=24")
    at_rest(seen)
    seen.page.get_by_text("Set up").click()
    field = seen.page.get_by_role("combobox", name="Scenario")
    if not field.count():
        field = seen.page.locator("#present-preset")
    field.first.click()
    seen.page.get_by_role("option", name="Open by default").click()
    seen.page.locator("h1", has_text="Open by default").wait_for()
    at_rest(seen)
    assert "s=open_by_default" in seen.page.url


@pytest.mark.parametrize(("width", "mode"), [(1440, "light"), (390, "dark")])
def test_present_is_accessible_and_fits_with_its_picture(visit, width: int, mode: str) -> None:
    seen = visit("/present?m=24", width=width, mode=mode)
    at_rest(seen)
    assert not seen.violations() and not seen.overflow()
    paper = seen.page.evaluate(
        "() => document.querySelector('#present-graph .js-plotly-plot').layout.template.layout.paper_bgcolor"
    )
    assert paper == {"light": "#ffffff", "dark": "#171b21"}[mode]
    ticks = seen.page.locator("#present-graph .xtick text").first
    assert ticks.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == (20 if width > 700 else 13)


def test_levers_of_an_instrument_alone_come_first() -> None:
    paths = [lever.path for lever in present.movable(ViewState(scenarios=present.FIRST))]
    assert paths[0] == "staged_release.delay_months" and "staged_release.end" not in paths
    assert paths.index("staged_release.start") < paths.index("misuse.uplift_per_oom_cyber")


def test_bad_requests_are_answered_in_words(flask_app) -> None:
    with flask_app.app_context():
        assert "4 kB" in answered({"seq": 3}, PREVIEW)["problem"]
        assert answered({"seq": 3, "query": "s=nonsense"}, PREVIEW)["seq"] == 3
        assert answered("x", PREVIEW)["seq"] is None


@pytest.fixture
def flask_app():
    from dashboard.app import create_app

    return create_app(workers=0).server


def test_type_is_as_large_as_asked_and_the_figure_is_not_changed() -> None:
    months = figures.Horizon(24_288, 24, 24_300)
    drawing = figures.fan(
        {"a": figures.quantiles([[1.0] * 24] * 3, (0, 0.5, 1))}, figures.Measure("x", "X", "USD"), months
    )
    before = str(drawing)
    large = enlarged(drawing, 20)
    assert large["layout"]["xaxis"]["tickfont"]["size"] == 20 and "height" not in large["layout"]
    assert all(note["font"]["size"] == 16 for note in large["layout"]["annotations"])
    assert str(drawing) == before


class _Host(BaseHTTPRequestHandler):
    """Another site: a page with the view in a frame."""

    address = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        frame = f'<iframe src="{self.address}/embed?s=open_by_default&m=24" width="640" height="420"></iframe>'
        self.wfile.write(
            f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>x</title>{frame}'.encode()
        )

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(address: str) -> Iterator[str]:
    handler = type("Host", (_Host,), {"address": address})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_embedded_view_stands_in_a_frame_of_another_site(browser, elsewhere: str) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.goto(elsewhere)
    frame = page.frame_locator("iframe")
    frame.locator("#embed-caption", has_text="not a forecast").wait_for(timeout=60_000)
    frame.locator("#embed-graph .main-svg").first.wait_for()
    assert not frame.locator(".site-header").is_visible()
    assert (
        frame.get_by_role("link", name="Open in Aperture").get_attribute("href").startswith("/?v=1&s=open_by_default")
    )
    page.close()
    assert not wrong


@pytest.mark.parametrize(("width", "mode"), [(800, "light"), (390, "dark")])
def test_the_embedded_view_is_accessible_and_fits(visit, width: int, mode: str) -> None:
    seen = visit("/embed?s=closed_frontier&o=open_usage_share&w=offence_dominant&m=24", width=width, mode=mode)
    seen.wait(DRAWN)
    assert seen.page.locator("h1").inner_text() == "Open share of use"
    assert seen.page.locator("#embed-table tbody tr").count() == 3
    assert "offence has the upper hand" in seen.page.locator(".embed-titles").inner_text()
    assert not seen.violations() and not seen.overflow()
    chart, number = (
        seen.page.locator(name).bounding_box() for name in (".embed-graph .main-svg >> nth=0", "#embed-number")
    )
    assert chart["y"] + chart["height"] <= number["y"] + 1 and chart["height"] > 250
