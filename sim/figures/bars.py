"""Headline outcomes: one small chart per outcome, one bar per scenario, whiskers over 90 percent of the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.figures.numbers import F64, SHARES, Scale, scale
from sim.figures.theme import BASELINE, Figure, folded, layout, lines, plain, styles, translucent
from sim.figures.timeline import Measure
from sim.statistics import describe

WIDTH = 18
"""Letters in a line of a scenario's name beside its bar."""


@dataclass(frozen=True)
class _Panel:
    """What one small chart shows: names from the bottom up, mean, 5 and 95 percent quantile, and scale."""

    measure: Measure
    baseline: str | None
    names: list[str]
    table: F64
    shown: Scale
    logarithmic: bool
    looks: dict[str, tuple[str, str, str]]

    @property
    def dots(self) -> bool:
        """Whether nothing of a length from zero means anything, as on logarithmic scales."""
        return self.logarithmic or self.measure.unit.startswith(("OOM", "log10"))

    @property
    def labels(self) -> list[str]:
        return [folded(name, WIDTH) for name in self.names]


def headline(
    values: Mapping[str, F64], measure: Measure, *, baseline: str | None = None, mode: str = "light"
) -> Figure:
    """Return the mean of an outcome in each scenario with the range of 90 percent of the runs.

    Parameters
    ----------
    values : mapping of str to array (runs,)
        Shown name of the scenario to one number a run.
    measure : Measure
        What is shown.
    baseline : str, optional
        Key of the baseline, drawn first and in grey, with a line through its mean.
    """
    panel = _panel(values, measure, baseline)
    found = layout(measure.label, mode=mode, height=76 + tall(panel.names), showlegend=False, bargap=0.4)
    found |= {"xaxis": _xaxis(panel), "yaxis": _yaxis(panel)}
    found["shapes"] = _line(panel, {"xref": "x", "yref": "paper"})
    found["annotations"] = _values(panel, {"xref": "paper", "yref": "y"})
    found["margin"] |= {"r": 20 + widest(found["annotations"])}
    return {"data": [_marks(panel)], "layout": found}


def small_multiples(
    values: Mapping[str, Mapping[str, F64]],
    measures: Sequence[Measure],
    *,
    baseline: str | None = None,
    columns: int = 2,
    mode: str = "light",
) -> Figure:
    """Return the headline charts of several outcomes as panels of one figure, for notebooks and slides.

    Parameters
    ----------
    values : mapping of str to mapping of str to array (runs,)
        Outcome's stable name to shown name of the scenario to one number a run.
    measures : sequence of Measure
        The panels, in reading order.
    columns : int
        Panels in a row; one on narrow screens.
    """
    rows = -(-len(measures) // columns)
    panels = [_panel(values[measure.name], measure, baseline) for measure in measures]
    height = rows * (90 + max((tall(panel.names) for panel in panels), default=0)) + 38
    found = layout("", mode=mode, height=height, showlegend=False, bargap=0.4, annotations=[], shapes=[])
    data: list[Figure] = []
    for place, panel in enumerate(panels):
        n = str(place + 1) if place else ""
        x, y = _domains(place, rows, columns)
        data.append(_marks(panel) | {"xaxis": f"x{n}", "yaxis": f"y{n}"})
        found[f"xaxis{n}"] = _xaxis(panel) | {"domain": x, "anchor": f"y{n}"}
        found[f"yaxis{n}"] = _yaxis(panel) | {"domain": y, "anchor": f"x{n}", "showticklabels": place % columns == 0}
        found["annotations"] += [_heading(panel, n), *_values(panel, {"xref": f"x{n} domain", "yref": f"y{n}"})]
        found["shapes"] += _line(panel, {"xref": f"x{n}", "yref": f"y{n} domain"})
    found["margin"] |= {"r": 58}
    return {"data": data, "layout": found}


def tall(names: Sequence[str]) -> int:
    """Return the height in pixels of rows that hold the longest of these names, folded."""
    return len(names) * max((14 + 14 * lines(folded(name, WIDTH)) for name in names), default=28)


def widest(texts: Sequence[Figure]) -> int:
    """Return about how many pixels the longest of these annotations takes."""
    return max((7 * len(note["text"]) for note in texts), default=0)


def _panel(values: Mapping[str, F64], measure: Measure, baseline: str | None) -> _Panel:
    names = sorted(values, key=lambda n: n != baseline)[::-1]
    stats = [describe(values[name]) for name in names]
    table = np.array([[s["mean"], s["p05"], s["p95"]] for s in stats]).reshape(-1, 3)
    sizes = table[np.isfinite(table)]
    orders = bool(sizes.size) and float(sizes.min()) > 0 and float(sizes.max()) > 300 * float(sizes.min())
    logarithmic = orders and measure.unit not in SHARES
    shown = Scale(1.0, measure.unit) if logarithmic else scale(measure.unit, sizes)
    return _Panel(measure, baseline, names, table, shown, logarithmic, styles(list(values), baseline))


def _marks(panel: _Panel) -> Figure:
    shown = panel.shown
    keep = np.asarray(np.isfinite(panel.table).all(axis=1), dtype=np.bool_)
    mean, low, high = (panel.table[keep] * shown.factor).T
    looks = [panel.looks[name] for name, kept in zip(panel.names, keep, strict=True) if kept]
    colours = [look[0] for look in looks]
    error = {"type": "data", "symmetric": False, "array": (high - mean).clip(0).tolist(), "thickness": 1.5, "width": 4}
    common: Figure = {
        "name": plain(panel.measure.label),
        "x": mean.tolist(),
        "y": [label for label, kept in zip(panel.labels, keep, strict=True) if kept],
        "error_x": error | {"arrayminus": (mean - low).clip(0).tolist(), "color": BASELINE},
        "customdata": [[shown.text(m), shown.bare(lo), shown.text(hi)] for m, lo, hi in panel.table[keep].tolist()],
        "hovertemplate": "<b>%{y}</b><br>mean %{customdata[0]}<br>"
        "90 % of runs %{customdata[1]} to %{customdata[2]}<extra></extra>",
    }
    if panel.dots:
        marker: Figure = {"color": colours, "size": 10, "symbol": [look[2] for look in looks]}
        return common | {"type": "scatter", "mode": "markers", "marker": marker}
    marker = {"color": [translucent(c, 0.75) for c in colours], "line": {"color": colours, "width": 1}}
    return common | {"type": "bar", "orientation": "h", "marker": marker}


def _xaxis(panel: _Panel) -> Figure:
    axis: Figure = {"title": {"text": plain(panel.shown.unit)}, "nticks": 5, "tickangle": 0}
    return axis | ({"type": "log", "exponentformat": "power"} if panel.logarithmic else {"tickformat": ",~g"})


def _yaxis(panel: _Panel) -> Figure:
    return {"ticksuffix": " ", "showgrid": False, "categoryorder": "array", "categoryarray": panel.labels}


def _heading(panel: _Panel, n: str) -> Figure:
    at = {"xref": f"x{n} domain", "yref": f"y{n} domain", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
    return at | {"text": f"<b>{plain(panel.measure.label)}</b>", "showarrow": False}


def _line(panel: _Panel, at: Figure) -> list[Figure]:
    """Return a line through the baseline's mean, if it is defined."""
    if panel.baseline not in panel.names:
        return []
    x = float(panel.table[panel.names.index(panel.baseline), 0]) * panel.shown.factor
    if not np.isfinite(x):
        return []
    return [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": {"width": 1, "dash": "dot"}} | at]


def _values(panel: _Panel, at: Figure) -> list[Figure]:
    """Return the means as numbers to the right of the plot."""
    base = {"x": 1, "xanchor": "left", "xshift": 4, "yanchor": "middle", "showarrow": False} | at
    means = panel.table[:, 0].tolist()
    return [base | {"text": panel.shown.bare(m), "y": label} for m, label in zip(means, panel.labels, strict=True)]


def _domains(place: int, rows: int, columns: int) -> tuple[list[float], list[float]]:
    """Return the horizontal and the vertical part of the figure that a panel takes."""
    row, column = divmod(place, columns)
    width, high = 1 / columns, 1 / rows
    left, top = column * width, 1 - row * high
    return [left + 0.02 * (column > 0), left + width - 0.11 / columns], [max(top - 0.66 * high, 0), top - 0.08 * high]
