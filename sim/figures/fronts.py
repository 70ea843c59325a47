"""Packages of policies that nothing dominates, and how precisely runs know a difference."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.figures.numbers import F64, Scale, digits, scale
from sim.figures.theme import BASELINE, PALETTE, Figure, layout, plain
from sim.figures.timeline import Measure


def front(
    objectives: F64,
    measures: Sequence[Measure],
    labels: Sequence[str],
    reference: F64 | None = None,
    *,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return packages by their first two outcomes, coloured by the third.

    Parameters
    ----------
    objectives : ndarray (packages, outcomes)
        Means over futures, in the units of the outcomes.
    measures : sequence of Measure
        Two or more outcomes.
    labels : sequence of str
        What each package is.
    reference : ndarray (outcomes,), optional
        Where the unchanged scenario is.
    """
    shown = [scale(m.unit, objectives[:, i]) for i, m in enumerate(measures)]
    values = [(objectives[:, i] * s.factor).tolist() for i, s in enumerate(shown)]
    marker: Figure = {"size": 11, "color": PALETTE[0], "line": {"width": 1, "color": "#ffffff"}}
    if len(measures) > 2:
        marker |= {"color": values[2], "colorscale": "Cividis", "showscale": True}
        marker["colorbar"] = {"title": {"text": plain(f"{measures[2].label}, {shown[2].unit}"), "side": "right"}}
    texts = [_words(label, measures, shown, row) for label, row in zip(labels, objectives.tolist(), strict=True)]
    data: list[Figure] = [
        {"type": "scatter", "mode": "markers", "name": "packages", "x": values[0], "y": values[1], "marker": marker,
         "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>"}
    ]  # fmt: skip
    if reference is not None:
        x, y = (float(reference[i]) * shown[i].factor for i in (0, 1))
        star = {"symbol": "star", "size": 14, "color": BASELINE}
        data.append({"type": "scatter", "mode": "markers", "name": "as it is", "x": [x], "y": [y], "marker": star})
    found = layout(title, mode=mode, height=440)
    for i, axis in enumerate(("xaxis", "yaxis")):
        arrow = {"higher": " (more is better)", "lower": " (less is better)"}.get(measures[i].direction, "")
        found[axis] = {"title": {"text": plain(f"{measures[i].label}, {shown[i].unit}{arrow}")}, "nticks": 6}
    return {"data": data, "layout": found}


def _words(label: str, measures: Sequence[Measure], shown: Sequence[Scale], row: Sequence[float]) -> str:
    parts = [f"{plain(m.label)}: {s.text(v)}" for m, s, v in zip(measures, shown, row, strict=True)]
    return "<br>".join([f"<b>{plain(label)}</b>", *parts])


def precision(
    units: int, half: float, target: float, needed: int | None, measure: Measure, *, word: str = "pairs",
    mode: str = "light",
) -> Figure:  # fmt: skip
    """Return the half-width of the interval of a difference against the number of runs, now and as asked for.

    Parameters
    ----------
    units, half : int, float
        Independent pairs now, and the half-width that they give.
    target : float
        Half-width that is wanted.
    needed : int or None
        Pairs that give it.
    word : str
        What a unit is called.
    """
    shown = scale(measure.unit, [half, target])
    last = max(units, needed or units) * 1.6
    xs = [2 * (last / 2) ** (i / 60) for i in range(61)]
    curve: Figure = {"type": "scatter", "mode": "lines", "name": "half-width", "line": {"color": PALETTE[0]}, "x": xs}
    curve |= {"y": [half * math.sqrt(units / x) * shown.factor for x in xs], "hovertemplate": "%{x:.0f}: %{y:.3g}"}
    now: Figure = {"type": "scatter", "mode": "markers", "name": "now", "x": [units], "y": [half * shown.factor]}
    now |= {"marker": {"size": 12, "color": PALETTE[0]}}
    data: list[Figure] = [curve, now]
    if needed is not None:
        there = {"size": 13, "color": PALETTE[1], "symbol": "diamond"}
        data.append({"type": "scatter", "mode": "markers", "name": f"enough: {digits(needed)} {word}"})
        data[-1] |= {"x": [needed], "y": [target * shown.factor], "marker": there}
    level = target * shown.factor
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level, "line": {"dash": "dot"}}
    found = layout("", mode=mode, height=360, shapes=[line])
    found["xaxis"] = {"title": {"text": word}, "type": "log"}
    found["yaxis"] = {"title": {"text": plain(f"half-width of the 95 % interval, {shown.unit}")}, "rangemode": "tozero"}
    return {"data": data, "layout": found}
