"""Scenarios compared with a baseline, and with counterfactuals, on paired runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.results.runs import I64, Results, clusters
from sim.statistics import Difference, holm, paired_difference

if TYPE_CHECKING:
    import pandas
    import xarray


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios compared with a baseline on paired runs.

    Parameters
    ----------
    results : Results
        Runs of all scenarios, the baseline among them.
    baseline : str
        Name of the scenario that the others are compared with.
    counterfactuals : mapping of str to Results
        Runs on the same draws and replicates to measure margins against, for example ``closed_frontier`` and ``no_ai``.
        Each holds either the same scenario names (every scenario then has a counterpart of its own) or a single one.
    """

    results: Results
    baseline: str
    counterfactuals: Mapping[str, Results] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the baseline was run."""
        object.__setattr__(self, "counterfactuals", dict(self.counterfactuals or {}))
        self.results.rows(self.baseline)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, the baseline among them."""
        return self.results.scenarios

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Provenance of the runs."""
        return self.results.provenance

    @property
    def plot(self) -> Any:
        """Figures of this comparison as plotly figures, for example ``comparison.plot.fan("cumulative_harm")``."""
        from sim.figures import Plots

        return Plots(self)

    def differences(self, interval: str = "t") -> dict[str, dict[str, Difference]]:
        """Return scenario minus baseline by scenario (the baseline left out) and outcome.

        Parameters
        ----------
        interval : {"t", "bca"}
            Paired t interval or bootstrap, see `sim.statistics.paired_difference`.
        """
        others = (name for name in self.scenarios if name != self.baseline)
        return {name: self._against(name, self.results, self.baseline, interval) for name in others}

    def marginal(self, counterfactual: str, interval: str = "t") -> dict[str, dict[str, Difference]]:
        """Return scenario minus its counterpart in a counterfactual, by scenario (the baseline too) and outcome."""
        other = self.counterfactuals[counterfactual]
        return {name: self._against(name, other, _counterpart(other, name), interval) for name in self.scenarios}

    def holm(self, scenario: str) -> dict[str, float]:
        """Return p-values of a scenario's differences, adjusted over its outcomes by Holm's method."""
        return adjusted(self._against(scenario, self.results, self.baseline, "t"))

    def _against(self, scenario: str, other: Results, name: str, interval: str) -> dict[str, Difference]:
        return _compare(self.results, self.results.rows(scenario), other, other.rows(name), interval)

    def to_dataframe(self, interval: str = "t") -> pandas.DataFrame:
        """Return the differences as a tidy table, one row a scenario and outcome."""
        from sim.results.frames import difference_frame

        return difference_frame(self, interval)

    def to_xarray(self) -> xarray.Dataset:
        """Return the runs of all scenarios, see `Results.to_xarray`."""
        return self.results.to_xarray()

    def document(self, monthly: bool = False, interval: str = "t") -> dict[str, Any]:
        """Return statistics, differences and, with counterfactuals, margins as one JSON document."""
        from sim.results.documents import comparison_document

        return comparison_document(self, monthly, interval)

    def save(self, directory: str | Path) -> None:
        """Write the runs, those of the counterfactuals and the document into a directory; see `sim.results.saving`."""
        from sim.results.saving import save

        save(self, directory)


def compare_runs(results: Results, against: Results, interval: str = "t") -> dict[str, Difference]:
    """Compare the runs of one scenario with those of another on the pairs that they share."""
    every, others = np.arange(len(results.scenario)), np.arange(len(against.scenario))
    return _compare(results, every, against, others, interval)


def _compare(results: Results, rows: I64, against: Results, others: I64, interval: str) -> dict[str, Difference]:
    """Compare some runs of one set with some of another, outcome by outcome."""
    from sim.outcomes import OUTCOMES

    own, other = _pairs(results, rows, against, others)
    labels = clusters(results.draw[own])
    x, y = results.summary(), against.summary()
    return {
        name: paired_difference(x[name][own], y[name][other], OUTCOMES[name].direction, labels, interval)
        for name in x
        if name in y
    }


def adjusted(rows: Mapping[str, Difference]) -> dict[str, float]:
    """Adjust the p-values of one scenario's differences over its outcomes (Holm)."""
    values = holm([row.p_value for row in rows.values()])
    return {name: float(p) for name, p in zip(rows, values, strict=True)}


def _pairs(results: Results, rows: I64, against: Results, others: I64) -> tuple[I64, I64]:
    """Rows of the runs that share draw and replicate, in order of draw and replicate."""
    own, other = _by_key(results, rows), _by_key(against, others)
    shared = sorted(own.keys() & other.keys())
    if not shared:
        remedy = "Run them with the same draws and replicates."
        raise InputError("comparison", "the two scenarios share no draw and replicate.", remedy)
    return np.array([own[key] for key in shared]), np.array([other[key] for key in shared])


def _by_key(results: Results, rows: I64) -> dict[tuple[int, int], int]:
    keys = zip(results.draw[rows].tolist(), results.replicate[rows].tolist(), strict=True)
    return dict(zip(keys, rows.tolist(), strict=True))


def _counterpart(counterfactual: Results, scenario: str) -> str:
    """Name of the scenario that stands opposite in a counterfactual: its own, or the only one there is."""
    names = counterfactual.scenarios
    if scenario in names:
        return scenario
    if len(names) == 1:
        return names[0]
    raise InputError("counterfactual", f"it has no counterpart of {scenario!r}.", f"It holds {', '.join(names)}.")
