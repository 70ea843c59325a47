"""Where a difference in harm comes from: paired differences by channel, route or domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.figures.numbers import F64, Scale, listed, scale
from sim.figures.theme import Figure, folded, layout, plain, styles
from sim.figures.timeline import Measure
from sim.statistics import Difference


def by_part(
    parts: Sequence[str], differences: Mapping[str, Sequence[Difference]], measure: Measure, *, mode: str = "light"
) -> Figure:
    """Return the difference to the baseline of each part, one row a part, one mark a scenario with its 95 % interval.

    Parameters
    ----------
    parts : sequence of str
        Shown names of channels, routes or domains.
    differences : mapping of str to sequence of Difference
        Shown name of the scenario, without the baseline, to one paired difference a part.
    measure : Measure
        Title of the figure as label, and the unit of the amounts.
    """
    tables = {
        name: np.array([[d.mean, d.low, d.high] for d in rows]).reshape(-1, 3) for name, rows in differences.items()
    }
    shown = scale(measure.unit, np.concatenate([v.ravel() for v in tables.values()]) if tables else np.zeros(0))
    looks = styles(list(tables), None)
    spread = min(0.22, 0.66 / max(len(tables), 1))
    data = [
        _marks(name, parts, table, shown, looks[name], spread * (place - (len(tables) - 1) / 2))
        for place, (name, table) in enumerate(tables.items())
    ]
    xaxis = {
        "title": {"text": plain(f"difference, {shown.unit}")},
        "tickformat": ",~g",
        "nticks": 5,
        "zerolinewidth": 1.5,
    }
    height = 110 + max(46, 14 * len(tables) + 16) * len(parts) + 22 * len(tables)
    axes: Figure = {"xaxis": xaxis, "yaxis": _rows(parts), "shapes": _rules(len(parts))}
    return {"data": data, "layout": layout(measure.label, mode=mode, height=height, **axes)}


def _rows(parts: Sequence[str]) -> Figure:
    labels = [folded(part, 20) for part in parts]
    ticks = {"tickvals": list(range(len(parts))), "ticktext": labels[::-1], "ticksuffix": " "}
    return ticks | {"range": [-0.6, len(parts) - 0.4], "zeroline": False, "showgrid": False}


def _rules(parts: int) -> list[Figure]:
    """Return thin lines between the rows."""
    line = {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "line": {"width": 0.5}}
    return [line | {"y0": i + 0.5, "y1": i + 0.5} for i in range(parts - 1)]


def _marks(
    name: str, parts: Sequence[str], table: F64, shown: Scale, look: tuple[str, str, str], offset: float
) -> Figure:
    colour, _, symbol = look
    mean, low, high = table.T * shown.factor
    error = {"type": "data", "symmetric": False, "thickness": 1.5, "width": 3, "color": colour}
    texts = [[shown.text(v, sign=True) for v in row] for row in table.tolist()]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": folded(name, 30),
        "x": listed(mean),
        "y": [len(parts) - 1 - i - offset for i in range(len(parts))],
        "error_x": error | {"array": listed(high - mean), "arrayminus": listed(mean - low)},
        "marker": {"color": colour, "symbol": symbol, "size": 9},
        "customdata": [[plain(part), *row] for part, row in zip(parts, texts, strict=True)],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{fullData.name}: %{customdata[1]}<br>"
        "95 % interval %{customdata[2]} to %{customdata[3]}<extra></extra>",
    }
