"""What an output depends on: shares of its variance with intervals, and elementary effects of a screening."""

from __future__ import annotations

from collections.abc import Sequence

from sim.figures.numbers import F64, digits
from sim.figures.theme import BASELINE, PALETTE, UNCLEAR, Figure, layout, plain, translucent

ROW = 30
NOISE = ("dummy", "seed")
"""Factors that say what luck amounts to, drawn in grey."""


def variance_shares(
    names: Sequence[str],
    total: F64,
    half: F64,
    first: F64,
    first_half: F64,
    *,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return total indices as bars with intervals, and first-order indices as marks on them.

    Parameters
    ----------
    names : sequence of str
        Factors, from top to bottom; those of `NOISE` are grey.
    total, half, first, first_half : ndarray (factors,)
        Total index, first-order index, and half-widths of their intervals; NaN where there is none.
    """
    order = range(len(names))[::-1]
    labels = [plain(names[i]) for i in order]
    colours = [translucent(UNCLEAR if names[i] in NOISE else PALETTE[0], 0.7) for i in order]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": "with all its interactions",
        "x": [_none(total[i]) for i in order],
        "y": labels,
        "marker": {"color": colours},
        "error_x": {"type": "data", "array": [_none(half[i]) for i in order], "color": BASELINE, "thickness": 1.5},
        "customdata": [[_percent(total[i]), _percent(half[i])] for i in order],
        "hovertemplate": "<b>%{y}</b><br>%{customdata[0]} ± %{customdata[1]} % with interactions<extra></extra>",
    }
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": "alone",
        "x": [_none(first[i]) for i in order],
        "y": labels,
        "marker": {"symbol": "diamond", "size": 8, "color": PALETTE[1]},
        "error_x": {"type": "data", "array": [_none(first_half[i]) for i in order], "thickness": 1, "width": 2},
        "customdata": [[_percent(first[i]), _percent(first_half[i])] for i in order],
        "hovertemplate": "<b>%{y}</b><br>%{customdata[0]} ± %{customdata[1]} % alone<extra></extra>",
    }
    found = layout(title, mode=mode, height=130 + ROW * len(labels), bargap=0.35)
    found["xaxis"] = {"title": {"text": "share of the variance"}, "tickformat": ".0%", "rangemode": "tozero"}
    found["yaxis"] = {"ticksuffix": " ", "showgrid": False, "categoryorder": "array", "categoryarray": labels}
    return {"data": [bars, marks], "layout": found}


def screening(
    names: Sequence[str],
    absolute: F64,
    spread: F64,
    unit: str,
    *,
    named: int = 8,
    title: str = "",
    mode: str = "light",
) -> Figure:
    """Return mean absolute effects against their spread, the largest with their names.

    Parameters
    ----------
    names : sequence of str
    absolute, spread : ndarray (factors,)
        Mean absolute elementary effect, and standard deviation of effects.
    unit : str
        Of the output.
    named : int
        How many bear their names.
    """
    order = sorted(range(len(names)), key=lambda i: -absolute[i])
    shown = set(order[:named]) | {i for i, name in enumerate(names) if name in NOISE}
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(v) for v in absolute],
        "y": [float(v) for v in spread],
        "text": [plain(name.partition(".")[2] or name) if i in shown else "" for i, name in enumerate(names)],
        "textposition": ["middle left" if absolute[i] > 0.6 * absolute.max() else "middle right"
                         for i in range(len(names))],
        "textfont": {"size": 10},
        "cliponaxis": False,
        "marker": {"size": 7, "color": [UNCLEAR if name in NOISE else PALETTE[0] for name in names], "opacity": 0.75},
        "customdata": [[plain(name), digits(float(a)), digits(float(s))]
                       for name, a, s in zip(names, absolute, spread, strict=True)],
        "hovertemplate": "<b>%{customdata[0]}</b><br>mean absolute effect %{customdata[1]}<br>spread %{customdata[2]}"
        "<extra></extra>",
    }  # fmt: skip
    top = float(absolute.max())
    guide = {"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top, "line": {"dash": "dot", "width": 1}}
    found = layout(title, mode=mode, height=440, showlegend=False, shapes=[guide])
    found["xaxis"] = {"title": {"text": f"mean absolute effect, {plain(unit)}"}, "rangemode": "tozero", "nticks": 6}
    found["yaxis"] = {"title": {"text": "spread of effects: interaction and curvature"}, "rangemode": "tozero"}
    return {"data": [marks], "layout": found}


def _none(value: float) -> float | None:
    return float(value) if value == value else None


def _percent(value: float) -> str:
    return digits(100 * float(value)) if value == value else "–"
