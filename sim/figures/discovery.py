"""Boxes of assumptions: coverage against density while they are peeled, and the limits of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.figures.numbers import digits
from sim.figures.theme import BASELINE, PALETTE, Figure, layout, plain, translucent

Point = tuple[float, float]
ROW = 34


def peeling(
    learnt: Sequence[Point], held_out: Sequence[Point], chosen: int, *, title: str = "", mode: str = "light"
) -> Figure:
    """Return coverage against density along the peeling, on the futures that it learnt from and on the others.

    Parameters
    ----------
    learnt, held_out : sequence of (coverage, density)
        Box by box, from the one without limits.
    chosen : int
        Place of the box that is proposed.
    """
    data = []
    for name, series, colour, dash in (
        ("futures that it learnt from", learnt, PALETTE[0], "solid"),
        ("other futures", held_out, PALETTE[1], "dash"),
    ):
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": [coverage for coverage, _ in series],
                "y": [density for _, density in series],
                "line": {"color": colour, "dash": dash, "width": 1.5},
                "marker": {"size": [13 if i == chosen else 6 for i in range(len(series))], "color": colour},
                "hovertemplate": "covers %{x:.0%} of the cases<br>%{y:.0%} of its futures are cases<extra></extra>",
            }
        )
    found = layout(title, mode=mode, height=400)
    found["xaxis"] = {"title": {"text": "coverage: share of all cases in the box"}, "range": [0, 1.03]}
    found["yaxis"] = {"title": {"text": "density: share of the box that are cases"}, "range": [0, 1.03]}
    for axis in ("xaxis", "yaxis"):
        found[axis] |= {"tickformat": ".0%"}
    return {"data": data, "layout": found}


def limits(box: Mapping[str, Point], ranges: Mapping[str, Point], *, title: str = "", mode: str = "light") -> Figure:
    """Return the limits of a box as bars within the whole range of each assumption.

    Parameters
    ----------
    box, ranges : mapping of str to (low, high)
        Limits, infinite where open, and whole ranges.
    """
    names = list(box)[::-1]
    places = {name: [_place(ranges[name], end) for end in box[name]] for name in names}
    texts = [[digits(max(box[n][0], ranges[n][0])), digits(min(box[n][1], ranges[n][1]))] for n in names]
    whole: Figure = {"type": "bar", "orientation": "h", "x": [1.0] * len(names), "y": [plain(n) for n in names]}
    whole |= {"name": "range", "marker": {"color": translucent(BASELINE, 0.25)}, "hoverinfo": "skip"}
    inner = {
        "type": "bar",
        "orientation": "h",
        "name": "box",
        "base": [places[name][0] for name in names],
        "x": [places[name][1] - places[name][0] for name in names],
        "y": [plain(name) for name in names],
        "marker": {"color": translucent(PALETTE[0], 0.8)},
        "text": [f"{low} to {high}" for low, high in texts],
        "textposition": "inside",
        "customdata": texts,
        "hovertemplate": "<b>%{y}</b><br>%{customdata[0]} to %{customdata[1]}<extra></extra>",
    }
    found = layout(title, mode=mode, height=110 + ROW * len(names), barmode="overlay", bargap=0.4)
    found["xaxis"] = {"range": [0, 1], "tickvals": [0, 1], "ticktext": ["lowest", "highest"], "showgrid": False}
    found["yaxis"] = {"ticksuffix": " ", "showgrid": False}
    return {"data": [whole, inner], "layout": found}


def _place(ends: Point, value: float) -> float:
    return min(max((value - ends[0]) / (ends[1] - ends[0]), 0.0), 1.0)
