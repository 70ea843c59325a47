"""The marginal-risk document: numbers that are those of the runs, six steps, clear refusals."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.axes import DOMAINS, ROUTES
from sim.cli import main
from sim.errors import InputError
from sim.experiments.marginal_risk import VARIANTS, WORLDS, Assessment, assess
from sim.report.marginal import NAMES, document
from sim.report.marginal_page import page, record
from sim.runner import run

SETTINGS = {"replicates": 3, "seed": 4, "months": 48}


@cache
def found(threat: str = "cyber") -> Assessment:
    return assess("open_by_default", "closed_frontier", threat, **SETTINGS)


def test_margin_is_the_paired_difference_of_the_scenarios() -> None:
    results = run(["open_by_default", "closed_frontier"], **SETTINGS)
    harm = results.monthly["harm_cyber"].sum(axis=1)
    open_, closed = (harm[np.array(results.scenario) == name] for name in ("open_by_default", "closed_frontier"))
    assert found().margins["as it is"].mean == pytest.approx((open_ - closed).mean())
    assert found().levels["as it is"]["closed_frontier"]["mean"] == pytest.approx(closed.mean())
    assert found().runs == 3 and found().months == 48


def test_routes_make_the_whole() -> None:
    assert set(found().routes) == set(ROUTES)
    total = sum(margin.mean for margin in found().routes.values())
    assert total == pytest.approx(found().margins["as it is"].mean, rel=1e-2)


def test_every_variant_and_world_is_there() -> None:
    assert set(found().margins) == {*VARIANTS, *WORLDS}
    assert len({margin.mean for margin in found().margins.values()}) == len(found().margins)


@pytest.mark.parametrize("threat", DOMAINS)
def test_document_has_six_steps(threat: str) -> None:
    text = document(found(threat) if threat in ("cyber", "bio") else found(), "aperture marginal-risk …")
    assert [f"## {step} " in text for step in range(1, 7)] == [True] * 6
    assert set(NAMES) == set(DOMAINS)
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "risk.md"
    words = [
        "marginal-risk",
        "open_by_default",
        "--threat",
        "bio",
        "-r",
        "2",
        "--months",
        "24",
        "--output",
        str(target),
    ]
    assert main(words) == 0
    text = target.read_text("utf-8")
    assert text.startswith("# Marginal risk: biological") and "--threat bio" in text
    capsys.readouterr()
    assert main([*words[:-1], str(tmp_path / "none" / "risk.md")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("threat", ["cyber", "bio"])
def test_data_are_those_of_the_document(threat: str) -> None:
    data = record(found(threat), "aperture marginal-risk …")
    assert data["threat"] == threat and data["runs"] == 3 and data["months"] == 48
    assert list(data["steps"]) == ["threat", "existing", "defences", "evidence", "ease", "uncertainty", "command"]
    assert set(data["margins"]) == {name.replace(" ", "_") for name in (*VARIANTS, *WORLDS)}
    assert set(data["margins_by_route"]) == set(ROUTES)
    margin = found(threat).margins["as it is"]
    assert data["margins"]["as_it_is"]["mean"] == margin.mean
    assert data["margins"]["as_it_is"]["ci95"] == [margin.low, margin.high]
    assert json.loads(json.dumps(data, allow_nan=False)) == data


@pytest.mark.parametrize("threat", ["cyber", "bio"])
def test_page_opens_offline(threat: str) -> None:
    text = page(found(threat), "aperture marginal-risk <b>")
    assert not re.findall(r"""<(?:link|script|img)[^>]+(?:src|href)=["'](?!data:)""", text)
    assert [f'<section id="{step}"' in text for step in ("threat", "existing", "defences", "evidence", "ease")] == [
        True
    ] * 5
    assert "&lt;b&gt;" in text and "marginal-risk <b>" not in text
    (drawn,) = re.findall(r'<script type="application/json" id="figure-1">(.*?)</script>', text)
    assert sum(len(trace["x"]) for trace in json.loads(drawn)["data"]) == len(found(threat).margins)


def test_a_sign_that_runs_do_not_settle_is_not_called_one() -> None:
    text = document(found(), "")
    margins = [found().margins[label] for label in ("as it is", *WORLDS)]
    settled = all(m.low * m.high > 0 for m in margins) and len({m.mean > 0 for m in margins}) == 1
    assert ("settled by the runs" in text) == settled


def test_kinds_of_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["marginal-risk", "open_by_default", "--threat", "bio", "-r", "2", "--months", "3", "--quiet"]
    assert main([*words, "--output", str(tmp_path / "a.html"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["threat"] == "bio"
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert main([*words, "--output", str(tmp_path / "a.json")]) == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["months"] == 3
    capsys.readouterr()
    assert main([*words, "--output", str(tmp_path / "a.pdf")]) == 2
    assert ".html" in capsys.readouterr().err and not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["open_by_default", "--threat", "war"],
        ["open_by_default"],
        ["open_by_default", "--threat", "bio", "--against", "open_by_default"],
        ["hindcast_2023", "--threat", "bio"],
        ["nowhere", "--threat", "bio"],
    ],
)
def test_refusals(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["marginal-risk", *words]) == 2
    captured = capsys.readouterr()
    assert not captured.out and len(captured.err.splitlines()) == 1


def test_unknown_threat() -> None:
    with pytest.raises(InputError, match="fraud, cyber"):
        assess("open_by_default", "closed_frontier", "war")
