"""Figures of sweeps: valid plotly, places that a click finds again, names that break nothing."""

import json

import numpy as np
import pytest

from sim.figures import Axis, Measure, cells, figure, parallel, trade_off, undominated
from sim.figures.designs import MOST_LINES

WILD = "<b>x</b>"
HARM, GOOD = Measure("h", "Harm", "USD", "lower"), Measure("i", "Innovation", "innovations", "higher")
SQUARE = np.array([[1e9, np.nan], [2e9, 3e9]])
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_are_valid_plotly_and_show_markup_letter_by_letter(mode):
    lines = RNG.random((20, 2))
    drawn = [
        cells(SQUARE, [WILD, "b"], ["c", WILD], HARM, names=(WILD, "y"), threshold=2e9, mode=mode),
        parallel([Axis(WILD, "0", "1"), Axis("b", WILD, "2")], lines, [WILD] * 20, title=WILD, mode=mode),
        trade_off(lines[:, 0], lines[:, 1], (HARM, GOOD), [WILD] * 20, title=WILD, mode=mode),
    ]  # fmt: skip
    for drawing in drawn:
        text = figure(drawing).to_json()
        assert "NaN" not in text and "Infinity" not in text and figure(drawing).layout.height > 100
        assert WILD not in json.dumps(drawing)
        assert all(trace["type"] in ("heatmap", "contour", "scatter") for trace in drawing["data"])  # no WebGL


def test_cells_scale_and_place_values():
    drawing = cells(np.array([[1e9, np.nan, 2e9]]), ["r"], ["a", "b", "c"], HARM)
    heat = drawing["data"][0]
    assert heat["z"] == [[1.0, None, 2.0]] and (heat["x"], heat["y"]) == ([0, 1, 2], [0])
    assert heat["reversescale"] is True and drawing["layout"]["annotations"][0]["text"] == "Harm, billion USD"
    assert "2.00 billion USD" in heat["text"][0][2] and "–" in heat["text"][0][1]
    assert "texttemplate" not in cells(np.ones((11, 11)), list("abcdefghijk"), list("abcdefghijk"), HARM)["data"][0]


def test_lines_are_one_trace_a_group_and_at_most_so_many():
    lines = RNG.random((1000, 3))
    groups = ["a"] * 500 + ["b"] * 500
    drawing = parallel([Axis(n, "0", "1") for n in "xyz"], lines, groups)
    assert [trace["name"] for trace in drawing["data"]] == ["a", "b"]
    drawn = sum(trace["x"].count(None) for trace in drawing["data"])
    assert drawn == MOST_LINES and drawing["layout"]["annotations"][-1]["text"] == "300 of 1,000 lines"
    first = drawing["data"][1]
    line = first["customdata"][0]
    low, high = lines.min(axis=0), lines.max(axis=0)
    np.testing.assert_allclose(first["x"][:3], (lines[line] - low) / (high - low), atol=1e-4)


def test_the_front_is_what_nothing_beats():
    x, y = RNG.random(60), RNG.random(60)
    found = set(undominated(x, y, ("lower", "higher")).tolist())
    beaten = {i for i in range(60) if any(x[j] <= x[i] and y[j] >= y[i] and j != i for j in range(60))}
    assert found == set(range(60)) - beaten
    drawing = trade_off(x, y, (HARM, GOOD), ["a"] * 60)
    assert len(drawing["data"]) == 2 and drawing["data"][1]["line"]["shape"] == "hv"
    assert drawing["layout"]["xaxis"]["title"]["text"] == "Harm, USD (less is better)"
    assert len(trade_off(x, y, (HARM, Measure("n", "N", "", "neutral")), ["a"] * 60)["data"]) == 1
