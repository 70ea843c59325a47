"""What a choice of policy turns on: value of knowing each assumption, and which policy its values speak for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.figures.numbers import digits
from sim.figures.theme import BASELINE, PALETTE, UNCLEAR, Figure, layout, plain, style, translucent

ROW = 30
"""Pixels of a row."""
LONGEST_NAME = 18
"""Letters of a name that stand in one line."""
INK = "#14181e"
"""Of marks on coloured strips, in both modes."""


@dataclass(frozen=True)
class Worth:
    """Value of knowing an assumption, with its interval; ``clear`` where luck does not explain it."""

    name: str
    worth: float
    low: float
    high: float
    clear: bool


@dataclass(frozen=True)
class Strip:
    """Which policy each stretch of an assumption speaks for.

    Attributes
    ----------
    name, unit : str
    parts : sequence of (policy, low, high)
        Stretches from low to high values; a policy is its place in the list of policies.
    thresholds : sequence of (value, low, high)
        With their intervals.
    default : float or None
        Value unless something else is assumed.
    logarithmic : bool
        Whether the strip is drawn on a logarithmic scale.
    """

    name: str
    unit: str
    parts: Sequence[tuple[int, float, float]]
    thresholds: Sequence[tuple[float, float, float]]
    default: float | None = None
    logarithmic: bool = False


def label(name: str) -> str:
    """Return an assumption's name for an axis; a long one in two lines, so that narrow screens have room for more."""
    table, dot, field = name.partition(".")
    return f"{plain(table)}.<br>{plain(field)}" if dot and len(name) > LONGEST_NAME else plain(name)


def worth_of_knowing(rows: Sequence[Worth], floor: float, *, title: str = "", mode: str = "light") -> Figure:
    """Return the value of knowing each assumption as bars with intervals, and what luck alone gives as a line.

    Parameters
    ----------
    rows : sequence of Worth
        The most valuable first.
    floor : float
        What the luckiest assumption is worth in 95 of 100 cases in which none matters.
    """
    shown = list(rows)[::-1]
    colours = [PALETTE[0] if row.clear else UNCLEAR for row in shown]
    error = {"type": "data", "symmetric": False, "thickness": 1.5, "width": 4, "color": BASELINE}
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [row.worth for row in shown],
        "y": [label(row.name) for row in shown],
        "marker": {"color": [translucent(colour, 0.75) for colour in colours]},
        "error_x": error
        | {
            "array": [max(row.high - row.worth, 0) for row in shown],
            "arrayminus": [max(row.worth - row.low, 0) for row in shown],
        },
        "customdata": [[digits(v) for v in (row.worth, row.low, row.high)] for row in shown],
        "hovertemplate": "<b>%{y}</b><br>worth %{customdata[0]}<br>95 % interval %{customdata[1]} to "
        "%{customdata[2]}<extra></extra>",
    }
    found = layout(title, mode=mode, above=18, height=96 + ROW * len(shown), showlegend=False, bargap=0.35)
    found["xaxis"] = {"title": {"text": "value of knowing it, in units of utility"}, "rangemode": "tozero", "nticks": 5}
    found["xaxis"] |= {"tickangle": 0}
    found["yaxis"] = {"ticksuffix": " ", "showgrid": False}
    found["shapes"] = [
        {"type": "line", "x0": floor, "x1": floor, "yref": "paper", "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    ]
    found["annotations"] = [
        {"x": floor, "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "left", "text": "luck reaches this far"}
    ]
    return {"data": [bars], "layout": found}


def crux_map(rows: Sequence[Strip], policies: Sequence[str], *, title: str = "", mode: str = "light") -> Figure:
    """Return one strip an assumption, from its lowest to its highest value, coloured by the policy that is preferred.

    Parameters
    ----------
    rows : sequence of Strip
        From top to bottom.
    policies : sequence of str
        Shown names.
    """
    shown = list(rows)[::-1]
    used = sorted({policy for row in shown for policy, _, _ in row.parts})
    data = [_stretches(shown, policy, policies[policy]) for policy in used]
    data += [_thresholds(shown), _defaults(shown)]
    found = layout(title, mode=mode, height=110 + (ROW + 6) * len(shown), barmode="stack", bargap=0.45)
    # Without a title: Plotly places one at minus infinity where an axis of two labels is very short.
    found["xaxis"] = {"range": [-0.02, 1.02]}
    found["xaxis"] |= {"tickvals": [0, 1], "ticktext": ["lowest value", "highest"], "showgrid": False, "tickangle": 0}
    found["yaxis"] = {"ticksuffix": " ", "showgrid": False}
    found["yaxis"] |= {"categoryorder": "array", "categoryarray": [label(row.name) for row in shown]}
    found["annotations"] = [_ends(row) for row in shown]
    return {"data": data, "layout": found}


def _place(row: Strip, value: float) -> float:
    """Where a value stands on its strip, 0 to 1."""
    low, high = row.parts[0][1], row.parts[-1][2]
    if row.logarithmic:
        low, high, value = math.log(low), math.log(high), math.log(value)
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _edges(row: Strip) -> list[float]:
    """Places where stretches meet: thresholds, between the two ends."""
    inner = [_place(row, 0.5 * (left[2] + right[1])) for left, right in zip(row.parts, row.parts[1:], strict=False)]
    return [0.0, *inner, 1.0]


def _stretches(rows: Sequence[Strip], policy: int, name: str) -> Figure:
    colour = style(policy)[0]
    bases, widths, labels, texts = [], [], [], []
    for row in rows:
        edges = _edges(row)
        for i, (who, low, high) in enumerate(row.parts):
            if who == policy:
                bases.append(edges[i])
                widths.append(edges[i + 1] - edges[i])
                labels.append(label(row.name))
                texts.append(f"{digits(low)} to {digits(high)} {plain(row.unit)}")
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(name),
        "base": bases,
        "x": widths,
        "y": labels,
        "marker": {"color": translucent(colour, 0.8)},
        "customdata": texts,
        "hovertemplate": f"<b>%{{y}}</b><br>%{{customdata}}: {plain(name)}<extra></extra>",
    }


def _thresholds(rows: Sequence[Strip]) -> Figure:
    marks = [(row, t) for row in rows for t in row.thresholds if all(map(math.isfinite, t))]
    at = [[_place(row, value) for value in t] for row, t in marks]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "threshold, 95 % interval",
        "x": [x for x, _, _ in at],
        "y": [label(row.name) for row, _ in marks],
        "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": INK}},
        "error_x": {
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 6, "color": INK,
            "array": [max(high - x, 0) for x, _, high in at], "arrayminus": [max(x - low, 0) for x, low, _ in at],
        },
        "customdata": [[digits(v) for v in t] for _, t in marks],
        "hovertemplate": "<b>%{y}</b><br>turns at %{customdata[0]} (%{customdata[1]} to %{customdata[2]})"
        "<extra></extra>",
    }  # fmt: skip


def _defaults(rows: Sequence[Strip]) -> Figure:
    marks = [(row, row.default) for row in rows if row.default is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "default",
        "x": [_place(row, value) for row, value in marks],
        "y": [label(row.name) for row, _ in marks],
        "marker": {"symbol": "diamond", "size": 9, "color": "#ffffff", "line": {"width": 1.5, "color": INK}},
        "customdata": [digits(value) for _, value in marks],
        "hovertemplate": "<b>%{y}</b><br>default %{customdata}<extra></extra>",
    }


def _ends(row: Strip) -> Figure:
    """The lowest and the highest value, beside the strip."""
    text = f"{digits(row.parts[0][1])} to {digits(row.parts[-1][2])}"
    return {"xref": "paper", "x": 1, "xanchor": "right", "y": label(row.name), "yanchor": "bottom", "yshift": 9} | {
        "text": f"{text} {plain(row.unit)}", "font": {"size": 10}
    }  # fmt: skip
