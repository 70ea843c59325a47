"""Results as tables: columns, pandas, xarray."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.axes import AXES
from sim.results.runs import Results

if TYPE_CHECKING:
    import pandas
    import xarray

    from sim.results.comparison import Comparison

KEYS = ("scenario", "draw", "replicate")


def columns(results: Results, monthly: bool) -> dict[str, NDArray[Any]]:
    """Columns of the tidy table: keys of the run, the month if `monthly`, then one column an outcome."""
    repeat = results.months if monthly else 1
    keys: dict[str, NDArray[Any]] = {
        "scenario": np.repeat(np.array(results.scenario, object), repeat),
        "draw": np.repeat(results.draw, repeat),
        "replicate": np.repeat(results.replicate, repeat),
    }
    if monthly:
        keys["month"] = np.tile(np.array(results.month_labels, object), len(results.scenario))
    values = results.monthly if monthly else results.summary()
    return {**keys, **{name: x.reshape(-1) for name, x in values.items()}}


def frame(results: Results, monthly: bool) -> pandas.DataFrame:
    """Return `columns` as a pandas table."""
    import pandas as pd

    return pd.DataFrame(columns(results, monthly))


def detail_columns(results: Results, name: str) -> dict[str, NDArray[Any]]:
    """Columns of one detail, one row a run, month and cell of its further axes; the value in column ``value``."""
    array = results.details[name]
    axes = axis_names(results, name)
    cells = np.indices(array.shape[2:]).reshape(len(axes), -1)
    rows, per_month = array.shape[0], cells.shape[1]
    repeat = array.shape[1] * per_month
    found: dict[str, NDArray[Any]] = {
        "scenario": np.repeat(np.array(results.scenario, object), repeat),
        "draw": np.repeat(results.draw, repeat),
        "replicate": np.repeat(results.replicate, repeat),
        "month": np.tile(np.repeat(np.array(results.month_labels, object), per_month), rows),
    }
    for axis, index in zip(axes, cells, strict=True):
        labels = np.array(_labels(results, axis, int(index.max(initial=0)) + 1), object)
        found[axis] = np.tile(labels[index], rows * array.shape[1])
    return {**found, "value": array.reshape(-1)}


def axis_names(results: Results, name: str) -> tuple[str, ...]:
    """Names of a detail's axes after the month; numbered where none are given."""
    extra = results.details[name].ndim - 2
    return tuple(results.detail_axes.get(name, tuple(f"{name}_axis_{i + 1}" for i in range(extra))))


def _labels(results: Results, axis: str, length: int) -> list[Any]:
    """Labels along an axis: those of `sim.axes`, or of the provenance under the plural, else numbers."""
    known = AXES.get(axis) or results.provenance.get(f"{axis}s", ())
    return list(known) if len(known) == length else list(range(length))


def dataset(results: Results) -> xarray.Dataset:
    """Return outcomes (scenario, draw, replicate, month) and details; a run that is missing is NaN."""
    import xarray as xr

    from sim.outcomes import OUTCOMES

    scenarios, draws, replicates = results.scenarios, np.unique(results.draw), np.unique(results.replicate)
    position = {name: i for i, name in enumerate(scenarios)}
    where = (
        np.array([position[name] for name in results.scenario], np.int64),
        np.searchsorted(draws, results.draw),
        np.searchsorted(replicates, results.replicate),
    )

    def cube(values: NDArray[Any]) -> NDArray[np.float64]:
        shape = (len(scenarios), draws.size, replicates.size, *values.shape[1:])
        out = np.full(shape, np.nan)
        out[where] = values
        return out

    dims = (*KEYS, "month")
    variables: dict[str, Any] = {}
    for name, values in results.monthly.items():
        record = OUTCOMES[name]
        attributes = {"units": record.unit, "long_name": record.label}
        variables[name] = (dims, cube(values), attributes)
    coordinates: dict[str, Any] = {"scenario": list(scenarios), "draw": draws, "replicate": replicates}
    coordinates["month"] = np.array(results.month_labels, "datetime64[M]").astype("datetime64[ns]")
    for name, values in results.details.items():
        axes = axis_names(results, name)
        variables[name] = ((*dims, *axes), cube(values))
        coordinates |= {axis: _labels(results, axis, values.shape[2 + i]) for i, axis in enumerate(axes)}
    return xr.Dataset(variables, coordinates)


def difference_frame(comparison: Comparison, interval: str) -> pandas.DataFrame:
    """Differences to the baseline: scenario, outcome, mean, low, high, p_better, p_value, p_holm, pairs."""
    import pandas as pd

    from sim.results.comparison import adjusted

    rows = [
        {"scenario": scenario, "outcome": outcome, **vars(row), "p_holm": p_holm[outcome]}
        for scenario, outcomes in comparison.differences(interval).items()
        for p_holm in (adjusted(outcomes),)
        for outcome, row in outcomes.items()
    ]
    names = ["scenario", "outcome", "mean", "low", "high", "p_better", "p_value", "p_holm", "pairs"]
    return pd.DataFrame(rows, columns=names)
