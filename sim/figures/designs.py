"""Figures of sweeps: cells of two factors, lines over many factors, and trade-offs between two outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.figures.numbers import F64, Scale, digits, listed, scale
from sim.figures.theme import DASHES, Figure, folded, layout, plain, style
from sim.figures.timeline import Measure

MOST_LINES = 300
"""Lines that a browser draws as one path without delay, and that an eye can still follow."""
MOST_WRITTEN = 100
"""Cells up to which every value is written into its cell."""

ABOVE = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "len": 1, "nticks": 6}
"""Where the scale of colours stands: above the cells, so that they keep the width."""


@dataclass(frozen=True)
class Axis:
    """One axis of parallel lines: what it shows with its unit, and its two ends in words."""

    label: str
    low: str
    high: str


def cells(
    values: F64,
    rows: Sequence[str],
    columns: Sequence[str],
    measure: Measure,
    *,
    names: tuple[str, str] = ("", ""),
    threshold: float | None = None,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return a heatmap of an outcome over two factors.

    Parameters
    ----------
    values : ndarray (rows, columns)
        Means in the unit of the outcome; NaN where there are no runs.
    rows, columns : sequence of str
        Labels, from the bottom and from the left.
    measure : Measure
        The outcome.
    names : pair of str
        What the rows and the columns are.
    threshold : float, optional
        Value at which a contour is drawn.
    title : str
        The outcome and its unit unless it says something else.

    Returns
    -------
    dict
        Cells stand at the numbers of their column and row, from 0, which a click gives back.
    """
    shown = scale(measure.unit, values)
    scaled = np.asarray(values, np.float64) * shown.factor
    unit = f", {shown.unit}" if shown.unit else ""
    texts = [[_cell(value, i, j, rows, columns, shown) for j, value in enumerate(row)] for i, row in enumerate(values)]
    heat: Figure = {
        "type": "heatmap", "z": [listed(row) for row in scaled], "colorscale": "Cividis",
        "reversescale": measure.direction == "lower", "xgap": 1, "ygap": 1, "hoverongaps": False,
        "x": list(range(len(columns))), "y": list(range(len(rows))),
        "text": texts, "hovertemplate": "%{text}<extra></extra>",
        "colorbar": {"thickness": 10, **ABOVE},
    }  # fmt: skip
    data = [heat]
    if scaled.size <= MOST_WRITTEN:
        heat["texttemplate"] = "%{z:.3~g}"
    if threshold is not None and min(scaled.shape) > 1:
        level = threshold * shown.factor
        contours = {"type": "constraint", "operation": "=", "value": level}
        line = {"width": 3, "color": "#D55E00"}
        data.append({"type": "contour", "z": heat["z"], "contours": contours, "line": line, "showscale": False})
        data[-1] |= {"hoverinfo": "skip", "name": f"{digits(level)} {shown.unit}".strip(), "showlegend": True}
    found = layout("", mode=mode, height=204 + 38 * min(max(len(rows), 5), 16), above=58)
    head = {"text": folded(title or measure.label + unit, 26), "align": "left", "font": {"size": 13}, "yshift": 46}
    found["annotations"] = [head | {"x": 0, "xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom"}]
    found["annotations"][0]["xanchor"] = "left"
    for axis, labels, name in (("xaxis", columns, names[1]), ("yaxis", rows, names[0])):
        found[axis] = {"tickvals": list(range(len(labels))), "ticktext": [plain(text) for text in labels]}
        found[axis] |= {"title": {"text": plain(name)}, "showgrid": False, "zeroline": False}
    return {"data": data, "layout": found}


def _cell(value: float, i: int, j: int, rows: Sequence[str], columns: Sequence[str], shown: Scale) -> str:
    return f"{plain(rows[i])}<br>{plain(columns[j])}<br><b>{shown.text(float(value))}</b>"


def parallel(
    axes: Sequence[Axis],
    lines: F64,
    groups: Sequence[str],
    *,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return parallel coordinates: a line a run across axes that each go from their lowest value to their highest.

    Axes lie across, one below the other, so that their names can be read at any width.

    Parameters
    ----------
    axes : sequence of Axis
        From the top.
    lines : ndarray (lines, axes)
        Values in any unit, finite. Of more than `MOST_LINES` as many are drawn, spread evenly, and a note says so.
    groups : sequence of str, length lines
        What each line belongs to, a colour and a trace each.

    Returns
    -------
    dict
        Every point carries the number of its line as custom data.
    """
    kept = np.unique(np.linspace(0, len(lines) - 1, min(len(lines), MOST_LINES)).round().astype(int))
    low, high = lines.min(axis=0), lines.max(axis=0)
    along = (lines - low) / np.where(high > low, high - low, 1.0) + np.where(high > low, 0.0, 0.5)
    data = []
    for number, group in enumerate(dict.fromkeys(groups)):
        own = [int(i) for i in kept if groups[i] == group]
        colour, dash, _ = style(number)
        points = [(j, round(float(along[i, j]), 4), i) for i in own for j in (*range(len(axes)), -1)]
        data.append(
            {"type": "scatter", "mode": "lines", "name": plain(group), "opacity": 0.5, "hoverinfo": "none",
             "x": [None if j < 0 else x for j, x, _ in points], "y": [None if j < 0 else j for j, _, _ in points],
             "customdata": [i for _, _, i in points], "line": {"color": colour, "dash": dash, "width": 1.2}}
        )  # fmt: skip
    found = layout(title, mode=mode, height=120 + 62 * len(axes), above=20)
    found["xaxis"] = {"showticklabels": False, "showgrid": False, "zeroline": False, "range": [-0.02, 1.02]}
    ticks = [f"{folded(axis.label, 22)}<br>{plain(axis.low)} to {plain(axis.high)}" for axis in axes]
    found["yaxis"] = {"tickvals": list(range(len(axes))), "ticktext": ticks, "range": [len(axes) - 0.6, -0.4]}
    found["yaxis"] |= {"zeroline": False, "tickfont": {"size": 11}}
    if len(kept) < len(lines):
        text = f"{len(kept)} of {len(lines):,} lines"
        place = {"x": 0, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
        found["annotations"] = [{"text": text, **place}]
    return {"data": data, "layout": found}


def undominated(x: F64, y: F64, directions: tuple[str, str]) -> NDArray[np.intp]:
    """Return the points that no other beats in both, in the order of x.

    Parameters
    ----------
    x, y : ndarray (points,)
        Finite values.
    directions : pair of str
        ``"higher"`` or ``"lower"`` is better, for each.
    """
    signed = [v if d == "lower" else -v for v, d in zip((x, y), directions, strict=True)]
    order = np.lexsort((signed[1], signed[0]))
    best = np.minimum.accumulate(np.concatenate(([np.inf], signed[1][order])))[:-1]
    front = order[signed[1][order] < best]
    return front[np.argsort(x[front], kind="stable")]


def trade_off(
    x: F64,
    y: F64,
    measures: tuple[Measure, Measure],
    groups: Sequence[str],
    *,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return two outcomes against each other, and the points that no other beats in both joined by steps.

    Parameters
    ----------
    x, y : ndarray (points,)
        Finite values in the units of the outcomes.
    measures : pair of Measure
        The outcomes. There are no steps if neither higher nor lower is better in one of them.
    groups : sequence of str, length points
        What each point belongs to, with a colour and a symbol of its own.

    Returns
    -------
    dict
        Every point carries its number as custom data.
    """
    shown = [scale(m.unit, v) for m, v in zip(measures, (x, y), strict=True)]
    across, up = listed(x * shown[0].factor), listed(y * shown[1].factor)
    data: list[Figure] = []
    hover = "".join(
        f"<br>{plain(m.label)}: %{{{a}:.4~g}} {s.unit}" for m, s, a in zip(measures, shown, "xy", strict=True)
    )
    for number, group in enumerate(dict.fromkeys(groups)):
        own = [i for i, name in enumerate(groups) if name == group]
        colour, _, symbol = style(number)
        marker = {"color": colour, "symbol": symbol, "size": 7, "opacity": 0.7}
        data.append(
            {"type": "scatter", "mode": "markers", "name": plain(group), "x": [across[i] for i in own],
             "y": [up[i] for i in own], "customdata": own, "marker": marker,
             "hovertemplate": f"<b>{plain(group)}</b>{hover}<extra></extra>"}
        )  # fmt: skip
    if all(measure.direction in ("higher", "lower") for measure in measures):
        front = undominated(x, y, (measures[0].direction, measures[1].direction)).tolist()
        step = "vh" if measures[0].direction == "higher" else "hv"
        line = {"shape": step, "color": "#747b85", "dash": DASHES[4], "width": 2}
        joined = {"type": "scatter", "mode": "lines", "name": "not beaten in both", "line": line, "hoverinfo": "skip"}
        data.append({**joined, "x": [across[i] for i in front], "y": [up[i] for i in front]})
    found = layout(title, mode=mode, height=460)
    for axis, measure, scale_ in zip(("xaxis", "yaxis"), measures, shown, strict=True):
        better = {"higher": " (more is better)", "lower": " (less is better)"}.get(measure.direction, "")
        found[axis] = {"title": {"text": folded(f"{measure.label}, {scale_.unit}{better}", 38)}, "nticks": 6}
    return {"data": data, "layout": found}
