"""Paired differences to the baseline as dots with 95 % intervals, in percent of the baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.figures.numbers import F64, digits
from sim.figures.theme import BETTER, UNCLEAR, WORSE, Figure, folded, layout, plain
from sim.figures.timeline import Measure
from sim.statistics import Difference

COLOURS = {"better": BETTER, "worse": WORSE, "unclear": UNCLEAR, "changed": UNCLEAR}
SYMBOLS = {"better": "circle", "worse": "diamond", "unclear": "circle-open", "changed": "square"}
WORDS = {
    "better": "better",
    "worse": "worse",
    "unclear": "direction not settled",
    "changed": "differs",
}
"""Legend of the verdicts on an effect."""


@dataclass(frozen=True)
class Effect:
    """An outcome's paired difference: the scenario minus the baseline with the same draws and uniforms.

    Parameters
    ----------
    measure : Measure
        The outcome, with unit and direction.
    mean, low, high : float
        Mean difference and its 95 % interval, in the outcome's unit; NaN where undefined.
    baseline : float
        Mean of the baseline.
    p_better : float or None
        Share of pairs in which the scenario is better, ties counting half; ``None`` where the outcome has no direction.
    """

    measure: Measure
    mean: float
    low: float
    high: float
    baseline: float
    p_better: float | None

    @classmethod
    def of(cls, measure: Measure, difference: Difference, baseline: float) -> Effect:
        """Return the effect that a paired difference and the baseline's mean make."""
        better = difference.p_better if math.isfinite(difference.p_better) else None
        return cls(measure, difference.mean, difference.low, difference.high, baseline, better)

    def percent(self, value: float) -> float:
        """Return a value in percent of the baseline's size; NaN where the baseline is zero or undefined.

        Orders of magnitude have no size: a difference of x OOM is one of 10^x - 1 in what they measure.
        """
        if self.measure.unit.startswith(("OOM", "log10")):
            return 100 * math.expm1(value * math.log(10))
        return 100 * value / abs(self.baseline) if self.baseline and math.isfinite(self.baseline) else math.nan

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    @property
    def verdict(self) -> str:
        """A key of ``WORDS``, by interval and direction."""
        if not self.clear:
            return "unclear"
        if self.measure.direction not in ("higher", "lower"):
            return "changed"
        return "better" if (self.mean > 0) == (self.measure.direction == "higher") else "worse"

    @property
    def drawable(self) -> bool:
        """Whether mean and interval have a size in percent of the baseline."""
        return all(math.isfinite(self.percent(v)) for v in (self.mean, self.low, self.high))


def differences(rows: Sequence[Effect], *, title: str, mode: str = "light") -> Figure:
    """Return dots with 95 % intervals in percent of the baseline, and beside them the share of pairs that are better.

    The axis is stretched near zero when a few differences dwarf the others; it then says so.

    Parameters
    ----------
    rows : sequence of Effect
        From top to bottom. Those that are not drawable are left out: name them in the caption.
    title : str
        Usually the scenario's name.
    """
    drawn = [row for row in rows if row.drawable][::-1]
    bounds = np.array([[row.percent(row.low), row.percent(row.high)] for row in drawn]).reshape(-1, 2)
    stretched = is_stretched(bounds)
    labels = [folded(row.measure.label, 22) for row in drawn]
    data = [_dots(drawn, labels, key, stretched) for key in WORDS if any(row.verdict == key for row in drawn)]
    zero = {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": {"width": 1.5}}
    height = 110 + 36 * len(drawn) + 22 * len(data)
    yaxis = {"ticksuffix": " ", "categoryarray": labels, "categoryorder": "array", "showgrid": True}
    axes = {"xaxis": _axis(bounds, stretched), "yaxis": yaxis}
    texts = _texts(drawn, labels)
    found = layout(title, mode=mode, above=16, height=height, annotations=texts, shapes=[zero], **axes)
    found["margin"] |= {"r": 66}
    return {"data": data, "layout": found}


def is_stretched(bounds: F64) -> bool:
    """Return whether the widest interval dwarfs the typical one so much that a linear axis would hide the others."""
    widest = np.sort(np.abs(bounds).max(axis=1)) if bounds.size else np.zeros(0)
    return bool(widest.size > 2 and widest[-1] > 60 and widest[-1] > 8 * max(float(np.median(widest)), 0.5))


def chance(p_better: float | None) -> str:
    """Return in words in how many of the pairs the scenario is better."""
    return "no direction is better" if p_better is None else f"better in {100 * p_better:.0f} % of pairs"


def _texts(rows: Sequence[Effect], labels: Sequence[str]) -> list[Figure]:
    """Return the column beside the plot: in how many of the pairs the scenario is better."""
    base = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "showarrow": False}
    head = base | {"text": "better in", "y": 1, "yref": "paper", "yanchor": "bottom"}
    shares = ["–" if row.p_better is None else f"{100 * row.p_better:.0f} %" for row in rows]
    cells = zip(shares, labels, strict=True)
    return [head, *(base | {"text": text, "y": label, "yref": "y", "yanchor": "middle"} for text, label in cells)]


def _place(value: float, stretched: bool) -> float:
    return round(math.asinh(value / 5), 4) if stretched else float(f"{value:.5g}")


def _dots(rows: Sequence[Effect], labels: Sequence[str], verdict: str, stretched: bool) -> Figure:
    chosen = [(row, label) for row, label in zip(rows, labels, strict=True) if row.verdict == verdict]
    ends = [[row.percent(v) for v in (row.mean, row.low, row.high)] for row, _ in chosen]
    places = [[_place(v, stretched) for v in row] for row in ends]
    colour = COLOURS[verdict]
    outline = {"width": 2 if verdict == "unclear" else 0, "color": colour}
    error = {"type": "data", "symmetric": False, "thickness": 2, "width": 4, "color": colour}
    texts = [[digits(v, sign=True) for v in row] for row in ends]
    words = [[chance(row.p_better), plain(row.measure.label)] for row, _ in chosen]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": WORDS[verdict],
        "x": [mean for mean, _, _ in places],
        "y": [label for _, label in chosen],
        "error_x": error
        | {"array": [high - mean for mean, _, high in places], "arrayminus": [mean - low for mean, low, _ in places]},
        "marker": {"size": 10, "color": colour, "symbol": SYMBOLS[verdict], "line": outline},
        "customdata": [text + word for text, word in zip(texts, words, strict=True)],
        "hovertemplate": "<b>%{customdata[4]}</b><br>%{customdata[0]} % of the baseline<br>"
        "95 % interval %{customdata[1]} to %{customdata[2]} %<br>%{customdata[3]}<extra></extra>",
    }


def _axis(bounds: F64, stretched: bool) -> Figure:
    found: Figure = {"title": {"text": "difference, % of the baseline"}, "zeroline": False, "tickangle": 0}
    if not stretched:
        reach = max(float(np.abs(bounds).max(initial=0.0)), 1.0)
        ends = [min(float(bounds.min(initial=0.0)), -0.15 * reach), max(float(bounds.max(initial=0.0)), 0.15 * reach)]
        pad = 0.06 * (ends[1] - ends[0])
        return found | {"range": [ends[0] - pad, ends[1] + pad], "tickformat": ",~g", "nticks": 4}
    ends = [_place(float(bounds.min()), True) - 0.3, _place(float(bounds.max()), True) + 0.3]
    steps = [s * v for s in (-1, 1) for v in (10, 100, 1000, 10000, 100000)] + [0]
    ticks = {
        "tickvals": [_place(v, True) for v in steps],
        "ticktext": [f"{v:+,}".replace("-", "−") if v else "0" for v in steps],
    }
    return found | ticks | {"range": ends, "title": {"text": "% of the baseline (stretched near zero)"}}
