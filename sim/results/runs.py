"""Monthly outcomes of runs, and what is read off them: one number a run, statistics, tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.statistics import describe

if TYPE_CHECKING:
    import pandas
    import xarray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
DEFAULT_START = 2024 * 12
"""January 2024, for results that do not say when they start."""


@dataclass(frozen=True, eq=False)
class Results:
    """Monthly outcomes of runs, ordered by scenario, draw and replicate.

    Parameters
    ----------
    monthly : mapping of str to ndarray, shape (runs, months)
        Every recorded outcome in its unit, NaN where it is undefined; float64.
    scenario : tuple of str, length runs
        Name of the scenario of each run.
    draw, replicate : ndarray of int, shape (runs,)
        Parameter draw and stream of uniforms; runs that share both are a pair.
    provenance : mapping
        What it takes to make the same numbers again, see `sim.results.provenance`; ``start`` is the first month as
        year × 12 + month - 1.
    details : mapping of str to ndarray, shape (runs, months, ...)
        Further monthly arrays, for example harm by domain and route.
    detail_axes : mapping of str to tuple of str
        Names of the axes of a detail after the month, keys of `sim.axes.AXES` where they are one.
    """

    monthly: Mapping[str, F64]
    scenario: tuple[str, ...]
    draw: I64
    replicate: I64
    provenance: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    detail_axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give every array its type and check that shapes agree."""
        set_ = object.__setattr__
        set_(self, "monthly", {name: np.ascontiguousarray(x, np.float64) for name, x in self.monthly.items()})
        set_(self, "scenario", tuple(self.scenario))
        set_(self, "draw", np.asarray(self.draw, np.int64))
        set_(self, "replicate", np.asarray(self.replicate, np.int64))
        shapes = {x.shape for x in self.monthly.values()}
        if len(shapes) > 1 or any(len(shape) != 2 or shape[0] != len(self.scenario) for shape in shapes):
            raise ValueError(f"monthly arrays must share one shape ({len(self.scenario)} runs, months), not {shapes}")
        if not len(self.scenario) == self.draw.size == self.replicate.size:
            raise ValueError("scenario, draw and replicate must have one entry a run")

    @property
    def runs(self) -> dict[str, Any]:
        """Scenario, draw and replicate of every run."""
        return {"scenario": self.scenario, "draw": self.draw, "replicate": self.replicate}

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, in order of first appearance."""
        return tuple(dict.fromkeys(self.scenario))

    @property
    def start(self) -> int:
        """Absolute first month, year × 12 + month - 1."""
        return int(self.provenance.get("start", DEFAULT_START))

    @property
    def months(self) -> int:
        """Number of months."""
        return next(iter(self.monthly.values())).shape[1] if self.monthly else 0

    @property
    def month_labels(self) -> list[str]:
        """Months as ``YYYY-MM``."""
        return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(self.start, self.start + self.months)]

    @property
    def plot(self) -> Any:
        """Figures of these runs as plotly figures, for example ``results.plot.fan("cumulative_harm")``."""
        from sim.figures import Plots

        return Plots(self)

    def rows(self, scenario: str) -> I64:
        """Return the rows of a scenario's runs, in order."""
        if scenario not in self.scenario:
            remedy = f"They hold {', '.join(self.scenarios)}."
            raise InputError("scenario", f"{scenario!r} is not in these results.", remedy)
        return np.array([i for i, name in enumerate(self.scenario) if name == scenario], np.int64)

    def select(self, scenario: str | Iterable[str]) -> Results:
        """Return the runs of one or several scenarios."""
        wanted = (scenario,) if isinstance(scenario, str) else tuple(scenario)
        rows = np.concatenate([self.rows(name) for name in wanted])
        return Results(
            {name: x[rows] for name, x in self.monthly.items()},
            tuple(self.scenario[i] for i in rows),
            self.draw[rows],
            self.replicate[rows],
            self.provenance,
            {name: x[rows] for name, x in self.details.items()},
            self.detail_axes,
        )

    def summary(self) -> dict[str, F64]:
        """Return one number a run and outcome, by the rule that the outcome declares: sum, mean, last or max.

        Mean and maximum are over the months in which the outcome is defined; a sum is undefined (NaN) if one of its
        months is, a last value if the last month is.
        """
        return dict(self._summary)

    @cached_property
    def _summary(self) -> dict[str, F64]:
        from sim.outcomes import OUTCOMES

        return {name: reduce_months(x, OUTCOMES[name].summary) for name, x in self.monthly.items()}

    def statistics(self) -> dict[str, dict[str, dict[str, float]]]:
        """Return the statistics of `sim.statistics.describe` by scenario and outcome."""
        found = {}
        for name in self.scenarios:
            rows = self.rows(name)
            labels = clusters(self.draw[rows])
            found[name] = {outcome: describe(x[rows], labels) for outcome, x in self._summary.items()}
        return found

    def monthly_means(self, scenario: str) -> dict[str, F64]:
        """Return the mean of every outcome over a scenario's runs by month: arrays (months,), NaN if undefined."""
        rows = self.rows(scenario)
        return {name: _mean_over_runs(x[rows]) for name, x in self.monthly.items()}

    def to_dataframe(self, monthly: bool = True) -> pandas.DataFrame:
        """Return a tidy table: one row a run and month (or a run), one column an outcome.

        Parameters
        ----------
        monthly : bool
            With it, columns scenario, draw, replicate, month (``YYYY-MM``) and the outcomes; without, `summary` by run.
        """
        from sim.results.frames import frame

        return frame(self, monthly)

    def to_xarray(self) -> xarray.Dataset:
        """Return outcomes (scenario, draw, replicate, month) and details with their further axes; units included."""
        from sim.results.frames import dataset

        return dataset(self)

    def document(self, monthly: bool = False) -> dict[str, Any]:
        """Return the numbers as one JSON document, with ``baseline`` null and no differences.

        Parameters
        ----------
        monthly : bool
            Add the mean of every outcome by month: by outcome if there is one scenario, else by scenario and outcome.
        """
        from sim.results.documents import results_document

        return results_document(self, monthly)

    def save(self, directory: str | Path) -> None:
        """Write Parquet, CSV and provenance into a directory for `sim.open_results`; see `sim.results.saving`."""
        from sim.results.saving import save

        save(self, directory)


def clusters(draw: I64) -> I64 | None:
    """Label by which runs are not independent: the draw if there are several, else none."""
    return draw if np.unique(draw).size > 1 else None


def reduce_months(values: F64, rule: str) -> F64:
    """Reduce (runs, months) to (runs,) by ``sum``, ``mean``, ``last`` or ``max``."""
    if rule == "last":
        return np.ascontiguousarray(values[:, -1])
    if rule == "sum":
        return np.asarray(np.add.reduce(values, axis=1))
    defined = np.isfinite(values)
    count = np.count_nonzero(defined, axis=1)
    if rule == "max":
        return np.where(count > 0, np.max(values, axis=1, initial=-np.inf, where=defined), np.nan)
    return _ratio(np.add.reduce(np.where(defined, values, 0.0), axis=1), count)


def _mean_over_runs(values: F64) -> F64:
    """Mean over axis 0 of (runs, months); a month's bits depend on that month alone, however many months there are."""
    by_month = np.ascontiguousarray(values.T)
    defined = np.isfinite(by_month)
    count = np.count_nonzero(defined, axis=1)
    return _ratio(np.add.reduce(np.where(defined, by_month, 0.0), axis=1), count)


def _ratio(total: F64, count: I64) -> F64:
    """Divide, NaN where the count is 0."""
    out = np.full(total.shape, np.nan)
    np.divide(total, count, out=out, where=count > 0)
    return out
