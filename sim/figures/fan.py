"""Fan charts: how an outcome runs over time in every scenario, with bands over the runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.figures.numbers import F64, Scale, listed, quantiles, scale, spans_orders
from sim.figures.theme import Figure, folded, layout, plain, styles, translucent
from sim.figures.timeline import Horizon, Measure, axis, notes, shapes

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
PAIRS = ((0, 4, 0.09), (1, 3, 0.16))
"""Lower and upper level of each band, and its opacity."""


def fan(
    series: Mapping[str, F64],
    measure: Measure,
    horizon: Horizon,
    *,
    baseline: str | None = None,
    log: bool | None = None,
    single_runs: int = 0,
    mode: str = "light",
) -> Figure:
    """Return a fan chart: per scenario the median and the bands that hold 50 and 90 percent of the runs.

    Parameters
    ----------
    series : mapping of str to array (runs, months)
        Shown name of the scenario to values in the measure's unit; undefined values are NaN.
    measure : Measure
        What is shown.
    horizon : Horizon
        The months of the columns.
    baseline : str, optional
        The key of the baseline, drawn in grey and first.
    log : bool, optional
        Whether the axis is logarithmic; by default it is when the values span orders of magnitude.
    single_runs : int
        Draw so many single runs per scenario instead of the bands.
    """
    bands = {name: quantiles(values, LEVELS) for name, values in series.items()}
    drawn = np.concatenate(list(bands.values())) if bands else np.zeros((0, horizon.months))
    logarithmic = log if log is not None else spans_orders(drawn, measure.unit)
    shown = Scale(1.0, measure.unit) if logarithmic else scale(measure.unit, drawn)
    looks = styles(list(series), baseline)
    data: list[Figure] = []
    order = sorted(series, key=lambda n: n != baseline)
    for name in order:
        if single_runs:
            data += _runs(name, series[name][:single_runs], horizon, shown, looks[name])
        else:
            data += _bands(name, bands[name], horizon, shown, looks[name])
    text = hover(shown, logarithmic)
    data += [median(name, bands[name], horizon, shown, looks[name], hovertemplate=text) for name in order]
    return {"data": data, "layout": fan_layout(measure, horizon, shown, logarithmic, len(series), mode)}


def band(name: str, lower: F64, upper: F64, horizon: Horizon, shown: Scale, fill: str, **more: Any) -> list[Figure]:
    """Return the pair of traces that fills between two levels; without lines, hover or legend of their own."""
    common = {
        "type": "scatter",
        "mode": "lines",
        "x": horizon.dates(),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": plain(name),
        "name": plain(name),
    } | more
    return [
        common | {"y": listed(lower * shown.factor)},
        common | {"y": listed(upper * shown.factor), "fill": "tonexty", "fillcolor": fill},
    ]


def median(name: str, bands: F64, horizon: Horizon, shown: Scale, look: tuple[str, str, str], **more: Any) -> Figure:
    """Return the line of the median, which carries the legend and a hover with the bands.

    Parameters
    ----------
    bands : array (5, months)
        Quantiles at ``LEVELS``.
    """
    colour, dash, _ = look
    outer = zip(listed(bands[0] * shown.factor), listed(bands[4] * shown.factor), strict=True)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": horizon.dates(),
        "y": listed(bands[2] * shown.factor),
        "customdata": [list(pair) for pair in outer],
        "name": folded(name, 30),
        "legendgroup": plain(name),
        "line": {"color": colour, "dash": dash, "width": 2.5},
        "hovertemplate": hover(shown),
    } | more


def hover(shown: Scale, logarithmic: bool = False) -> str:
    """Return the hover text of a median: value, unit, and the range that holds 90 percent of the runs."""
    form = ":.3~g" if logarithmic else ":,.3~r"
    bounds = f"%{{customdata[0]{form}}} to %{{customdata[1]{form}}}"
    return f"%{{fullData.name}}<br><b>%{{y{form}}}</b> {plain(shown.unit)} ({bounds})<extra></extra>"


def _bands(name: str, bands: F64, horizon: Horizon, shown: Scale, look: tuple[str, str, str]) -> list[Figure]:
    return [
        trace
        for low, high, alpha in PAIRS
        for trace in band(name, bands[low], bands[high], horizon, shown, translucent(look[0], alpha))
    ]


def _runs(name: str, values: F64, horizon: Horizon, shown: Scale, look: tuple[str, str, str]) -> list[Figure]:
    line = {"color": translucent(look[0], 0.35), "width": 1}
    common = {
        "type": "scatter",
        "mode": "lines",
        "x": horizon.dates(),
        "line": line,
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": plain(name),
        "name": plain(name),
    }
    return [common | {"y": listed(run * shown.factor)} for run in values]


def fan_layout(
    measure: Measure, horizon: Horizon, shown: Scale, logarithmic: bool, scenarios: int, mode: str = "light"
) -> Figure:
    """Return the layout of a fan chart of so many scenarios, in the unit and on the kind of axis that are given."""
    yaxis: Figure = {"title": {"text": plain(shown.unit)}}
    if logarithmic:
        yaxis |= {"type": "log", "dtick": 1, "exponentformat": "power"}
    else:
        yaxis |= {"rangemode": "tozero" if shown.unit.startswith("%") else "normal", "tickformat": ",~g"}
    return layout(
        measure.label,
        mode=mode,
        above=34,
        height=330 + 22 * scenarios,
        hovermode="x unified",
        shapes=shapes(horizon),
        annotations=notes(horizon),
        xaxis=axis(horizon),
        yaxis=yaxis,
    )
