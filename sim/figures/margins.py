"""One margin under several assumptions, as dots with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.figures.differences import COLOURS, SYMBOLS, WORDS
from sim.figures.numbers import listed, scale
from sim.figures.theme import Figure, folded, layout
from sim.statistics import Difference


def margins(found: Mapping[str, Difference], unit: str, *, title: str = "", mode: str = "light") -> Figure:
    """Return the mean of each margin with its 95 % interval; what is lower is better.

    Parameters
    ----------
    found : mapping of str to Difference
        By what is assumed, from top to bottom.
    unit : str
        Unit of the differences.
    """
    drawn = {name: margin for name, margin in [*found.items()][::-1] if math.isfinite(margin.mean)}
    bounds = np.array([[m.low, m.mean, m.high] for m in drawn.values()], np.float64).reshape(-1, 3)
    shown = scale(unit, bounds.ravel())
    labels = [folded(name, 26) for name in drawn]
    verdicts = [_verdict(margin) for margin in drawn.values()]
    data = []
    for word in dict.fromkeys(verdicts):
        rows = [i for i, verdict in enumerate(verdicts) if verdict == word]
        low, mean, high = (bounds[rows] * shown.factor).T
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": WORDS[word],
                "x": listed(mean),
                "y": [labels[i] for i in rows],
                "marker": {"color": COLOURS[word], "symbol": SYMBOLS[word], "size": 10},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": listed(high - mean),
                    "arrayminus": listed(mean - low),
                    "color": COLOURS[word],
                },
                "hovertemplate": f"%{{y}}: %{{x:.3s}} {shown.unit}<extra></extra>",
            }
        )
    zero = {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": {"width": 1.5}}
    axes: Figure = {
        "xaxis": {"title": {"text": f"difference in harm, {shown.unit}"}},
        "yaxis": {"ticksuffix": " ", "categoryarray": labels, "categoryorder": "array"},
    }
    height = 120 + 38 * len(drawn) + 22
    return {"data": data, "layout": layout(title, mode=mode, height=height, shapes=[zero], **axes)}


def _verdict(margin: Difference) -> str:
    if not (margin.low > 0 or margin.high < 0):
        return "unclear"
    return "better" if margin.mean < 0 else "worse"
