"""Figures of studies: valid plotly in both modes, places and intervals where they belong, names that break nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.figures import Measure, figure
from sim.figures.cruxes import Strip, Worth, crux_map, worth_of_knowing
from sim.figures.discovery import limits, peeling
from sim.figures.fronts import front, precision
from sim.figures.rules import ranking
from sim.figures.sensitivity import screening, variance_shares
from sim.figures.theme import PALETTE, UNCLEAR

WILD = "<b>x</b>"
HARM, GOOD = Measure("h", "Harm", "USD", "lower"), Measure("i", "Innovation", "innovations", "higher")
STRIP = Strip("rate", "1/year", [(1, 0.01, 0.1), (0, 0.1, 1.0)], [(0.1, 0.05, 0.2)], 0.01, True)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_are_valid_plotly_and_show_markup_letter_by_letter(mode: str) -> None:
    drawings = [
        worth_of_knowing([Worth(WILD, 1.0, 0.5, 2.0, True)], 0.3, title=WILD, mode=mode),
        crux_map([Strip(WILD, WILD, [(0, 1.0, 2.0)], [])], [WILD], title=WILD, mode=mode),
        ranking([WILD, "b"], {WILD: np.array([1.0, 2.0])}, {WILD: np.array([0.7, 0.3])}, title=WILD, mode=mode),
        peeling([(1, 0.2), (0.5, 0.8)], [(1, 0.2), (0.4, 0.6)], 1, title=WILD, mode=mode),
        limits({WILD: (0.5, np.inf)}, {WILD: (0.0, 1.0)}, title=WILD, mode=mode),
        variance_shares([WILD], np.ones(1), np.array([np.nan]), np.ones(1), np.ones(1), title=WILD, mode=mode),
        screening([WILD, "dummy"], np.array([1.0, 0.0]), np.array([0.5, 0.0]), WILD, title=WILD, mode=mode),
        front(np.array([[1.0, 2.0, 3.0]]), [HARM, GOOD, HARM], [WILD], np.ones(3), title=WILD, mode=mode),
        precision(30, 1e9, 5e8, 120, HARM, mode=mode),
    ]  # fmt: skip
    for drawing in drawings:
        text = figure(drawing).to_json()
        assert "NaN" not in text and "Infinity" not in text and figure(drawing).layout.height > 100
        assert "<b>x</b>" not in json.dumps(drawing["data"]) + json.dumps(drawing["layout"].get("title"))
        assert all(trace["type"] in ("bar", "scatter") for trace in drawing["data"])  # nothing that needs WebGL


def test_worth_is_grey_where_luck_explains_it() -> None:
    rows = [Worth("a", 2.0, 1.5, 2.5, True), Worth("b", 1.0, 0.0, 3.0, False)]
    drawing = worth_of_knowing(rows, 1.2)
    bars = drawing["data"][0]
    assert bars["y"] == ["b", "a"] and bars["error_x"]["array"] == [2.0, 0.5]
    assert bars["error_x"]["arrayminus"] == [1.0, 0.5] and drawing["layout"]["shapes"][0]["x0"] == 1.2
    assert bars["marker"]["color"][0] != bars["marker"]["color"][1]
    assert [int(c, 16) for c in (UNCLEAR[1:3], PALETTE[0][1:3])] == [
        int(colour.split("(")[1].split(",")[0]) for colour in bars["marker"]["color"]
    ]


def test_strips_stand_on_the_scale_of_their_assumption() -> None:
    drawing = crux_map([STRIP], ["closed", "open"])
    bars = {trace["name"]: trace for trace in drawing["data"] if trace["type"] == "bar"}
    assert bars["open"]["base"] == [0.0] and bars["closed"]["x"][0] == pytest.approx(0.5)
    mark = next(trace for trace in drawing["data"] if trace["name"].startswith("threshold"))
    assert mark["x"] == [pytest.approx(0.5)]  # a tenth is half of the way from a hundredth to one
    assert mark["error_x"]["array"][0] == pytest.approx(np.log10(2) / 2)
    assert next(trace for trace in drawing["data"] if trace["name"] == "default")["x"] == [0.0]


def test_ranks_are_written_and_grow_with_how_firm_they_are() -> None:
    drawing = ranking(["a", "b"], {"r": np.array([2.0, 1.0])}, {"r": np.array([0.2, 0.8])})
    dots = drawing["data"][0]
    assert dots["text"] == ["2", "1"] and dots["marker"]["size"][1] > dots["marker"]["size"][0]


def test_the_chosen_box_is_the_large_mark_and_limits_are_within_the_range() -> None:
    drawing = peeling([(1, 0.1), (0.8, 0.5), (0.2, 0.9)], [(1, 0.1), (0.7, 0.4), (0.2, 0.5)], 1)
    assert [trace["marker"]["size"].index(13) for trace in drawing["data"]] == [1, 1]
    inner = limits({"a": (-np.inf, 15.0)}, {"a": (10.0, 20.0)})["data"][1]
    assert inner["base"] == [0.0] and inner["x"] == [0.5] and inner["text"] == ["10.0 to 15.0"]


def test_dummy_and_seed_are_grey_and_undefined_intervals_are_left_out() -> None:
    nan = np.nan
    drawing = variance_shares(["a", "dummy", "seed"], np.array([0.8, 0.0, 0.2]), np.array([0.1, 0.0, nan]),
                              np.array([0.7, 0.0, nan]), np.array([0.2, 0.0, nan]))  # fmt: skip
    bars, marks = drawing["data"]
    assert bars["y"] == ["seed", "dummy", "a"] and bars["error_x"]["array"] == [None, 0.0, 0.1]
    assert bars["marker"]["color"][0] == bars["marker"]["color"][1] != bars["marker"]["color"][2]
    assert marks["x"] == [None, 0.0, 0.7] and marks["error_x"]["array"] == [None, 0.0, 0.2]


def test_fronts_and_precision_are_in_readable_units() -> None:
    drawing = front(np.array([[2e12, 3e6], [1e12, 1e6]]), [HARM, GOOD], ["p", "q"], np.array([1.5e12, 2e6]))
    assert drawing["data"][0]["x"] == [2.0, 1.0] and drawing["data"][1]["y"] == [2.0]
    assert "trillion USD (less is better)" in drawing["layout"]["xaxis"]["title"]["text"]
    curve, now, there = precision(30, 1e9, 5e8, 120, HARM, word="draws")["data"]
    assert now["x"] == [30] and now["y"] == [1.0] and there["x"] == [120] and there["y"] == [0.5]
    assert min(abs(y - 1.0) for x, y in zip(curve["x"], curve["y"], strict=True) if 28 < x < 32) < 0.05
    assert len(precision(30, 1e9, 5e8, None, HARM)["data"]) == 2
