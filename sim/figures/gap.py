"""The gap between the best closed and the best open model, and the lag by which open models follow, over time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.figures.fan import LEVELS, band, median
from sim.figures.numbers import F64, quantiles, scale
from sim.figures.theme import Figure, layout, plain, styles, translucent
from sim.figures.timeline import Horizon, Measure, axis, notes, shapes

HEAD = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "bottom", "showarrow": False}
"""Where the name of a panel stands."""


def gap(
    panels: tuple[tuple[Measure, Mapping[str, F64]], tuple[Measure, Mapping[str, F64]]],
    horizon: Horizon,
    *,
    baseline: str | None = None,
    title: str = "How far open models trail",
    mode: str = "light",
) -> Figure:
    """Return two panels over one time axis, each with medians and bands from 5 to 95 percent of the runs.

    Parameters
    ----------
    panels : two pairs of Measure and mapping of str to array (runs, months)
        The gap above and the lag below, by shown name of the scenario.
    horizon : Horizon
        The months.
    baseline : str, optional
        Key of the baseline.
    """
    data: list[Figure] = []
    axes, heads = [], []
    for row, (measure, series) in enumerate(panels):
        traces, unit = _panel(row, measure, series, horizon, baseline)
        data += traces
        axes.append({"title": {"text": plain(unit)}, "tickformat": ",~g"})
        heads.append(HEAD | {"text": f"<b>{plain(measure.label)}</b>", "y": (1, 0.46)[row], "yshift": (36, 2)[row]})
    yaxes = {"yaxis": axes[0] | {"domain": [0.56, 1]}, "yaxis2": axes[1] | {"domain": [0, 0.46]}}
    scenarios = max((len(series) for _, series in panels), default=0)
    marks = {"shapes": shapes(horizon), "annotations": notes(horizon) + heads, "xaxis": axis(horizon, anchor="y2")}
    found = layout(title, mode=mode, above=48, height=520 + 22 * scenarios, hovermode="x unified", **marks, **yaxes)
    return {"data": data, "layout": found}


def _panel(
    row: int, measure: Measure, series: Mapping[str, F64], horizon: Horizon, baseline: str | None
) -> tuple[list[Figure], str]:
    """Return the traces of one panel and the unit in which it is shown."""
    looks = styles(list(series), baseline)
    bands = {name: quantiles(values, LEVELS) for name, values in series.items()}
    shown = scale(measure.unit, np.concatenate([b.ravel() for b in bands.values()]) if bands else np.zeros(0))
    place: Figure = {"xaxis": "x", "yaxis": "y2" if row else "y"}
    traces: list[Figure] = []
    for name in sorted(series, key=lambda n: n != baseline):
        outer = bands[name][0], bands[name][4]
        traces += band(name, *outer, horizon, shown, translucent(looks[name][0], 0.12), **place)
        traces.append(median(name, bands[name], horizon, shown, looks[name], showlegend=row == 0, **place))
    return traces, shown.unit
