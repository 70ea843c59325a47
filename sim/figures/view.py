"""What figures and the report read from results: names, units, months, values by scenario, paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.axes import AXES
from sim.figures.about import About, about
from sim.figures.differences import Effect
from sim.figures.labels import labels, readable
from sim.figures.numbers import F64
from sim.figures.timeline import Horizon, Measure
from sim.results.comparison import Comparison, compare_runs
from sim.results.runs import Results
from sim.statistics import Difference, paired_difference

BESIDE = ("incidents", "open_usage_share_enterprise", "capability_lag_months")
"""Outcomes that readers ask for beside the headlines."""


@dataclass(frozen=True)
class View:
    """Results with everything that a reader needs to read them.

    Parameters
    ----------
    results : Results
        Runs of all scenarios.
    baseline : str or None
        Name of the baseline, if there is one.
    counterfactuals : mapping of str to Results
        Runs of worlds to measure margins against.
    """

    results: Results
    baseline: str | None
    counterfactuals: Mapping[str, Results]

    @classmethod
    def of(cls, source: Results | Comparison) -> View:
        """Return the view of results or of a comparison."""
        if isinstance(source, Comparison):
            return cls(source.results, source.baseline, source.counterfactuals)
        return cls(source, None, {})

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What it takes to make the same numbers again."""
        return self.results.provenance

    @cached_property
    def abouts(self) -> dict[str, About]:
        """What is known of each scenario, by name."""
        return {name: about(name, self.provenance) for name in self.results.scenarios}

    @cached_property
    def shown(self) -> dict[str, str]:
        """Shown name of each scenario by name: the first part of its title, made unique."""
        titles = {name: self.abouts[name].title.split(": ")[0] for name in self.results.scenarios}
        twice = [title for title in titles.values() if list(titles.values()).count(title) > 1]
        return {name: f"{title} ({name})" if title in twice else title for name, title in titles.items()}

    @property
    def shown_baseline(self) -> str | None:
        """Shown name of the baseline."""
        return self.shown[self.baseline] if self.baseline else None

    @property
    def others(self) -> list[str]:
        """Names of the scenarios that are not the baseline."""
        return [name for name in self.results.scenarios if name != self.baseline]

    @cached_property
    def rows(self) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
        """Rows of each scenario's runs."""
        names = np.array(self.results.scenario)
        return {name: np.flatnonzero(names == name) for name in self.results.scenarios}

    @cached_property
    def horizon(self) -> Horizon:
        """The months, and the first in which the scenarios' policies differ from the baseline's."""
        same = self.abouts[self.baseline].policies if self.baseline else ()
        own = [policy for name in self.others for policy in self.abouts[name].policies if policy not in same]
        first = min((p.start for p in own if p.start is not None), default=None)
        return Horizon(self.results.start, self.results.months, first)

    def measure(self, outcome: str) -> Measure:
        """Return label, unit and direction of an outcome as one number a run."""
        from sim.outcomes import OUTCOMES

        record = OUTCOMES[outcome]
        return Measure(outcome, record.label, record.unit, record.direction, record.description)

    def monthly_measure(self, outcome: str) -> Measure:
        """Return the same for the values of single months: what is summed over months is an amount a month."""
        from sim.outcomes import OUTCOMES

        measure = self.measure(outcome)
        summed = OUTCOMES[outcome].summary == "sum"
        return replace(measure, unit=f"{measure.unit}/month") if summed else measure

    @cached_property
    def headlines(self) -> list[str]:
        """Outcomes that come first, those that were recorded."""
        from sim.outcomes import HEADLINES

        return [name for name in dict.fromkeys((*HEADLINES, *BESIDE)) if name in self.results.monthly]

    def monthly(self, outcome: str) -> dict[str, F64]:
        """Return an outcome by shown name of the scenario, arrays (runs, months)."""
        values = self.results.monthly[outcome]
        return {self.shown[name]: values[rows] for name, rows in self.rows.items()}

    @cached_property
    def _summary(self) -> dict[str, F64]:
        return self.results.summary()

    def summary(self, outcome: str) -> dict[str, F64]:
        """Return one number a run by shown name of the scenario, arrays (runs,)."""
        return {self.shown[name]: self._summary[outcome][rows] for name, rows in self.rows.items()}

    @cached_property
    def statistics(self) -> dict[str, dict[str, dict[str, float]]]:
        """Statistics by name of scenario and outcome."""
        return self.results.statistics()

    @cached_property
    def _differences(self) -> dict[str, dict[str, Difference]]:
        return Comparison(self.results, self.baseline).differences() if self.baseline else {}

    def effects(self, scenario: str, outcomes: Sequence[str]) -> list[Effect]:
        """Return a scenario's paired differences to the baseline in these outcomes."""
        base = self.statistics[str(self.baseline)]
        found = self._differences[scenario]
        return [Effect.of(self.measure(name), found[name], base[name]["mean"]) for name in outcomes]

    def marginal(self, counterfactual: str, scenario: str, outcomes: Sequence[str]) -> list[Effect]:
        """Return a scenario's paired differences to its counterpart in a counterfactual."""
        other = self.counterfactuals[counterfactual]
        against = other.select(scenario if scenario in other.scenarios else other.scenarios[0])
        found = compare_runs(self.results.select(scenario), against)
        kept = [name for name in outcomes if name in found]
        means = next(iter(against.statistics().values()))
        return [Effect.of(self.measure(name), found[name], means[name]["mean"]) for name in kept]

    def detail(self, name: str) -> dict[str, F64]:
        """Return a detail by name of scenario, arrays (runs, months, ...); empty if it was not recorded."""
        array = self.results.details.get(name)
        return {} if array is None else {key: np.asarray(array[rows], np.float64) for key, rows in self.rows.items()}

    def axis(self, detail: str, place: int) -> tuple[str, ...]:
        """Return the shown names along an axis of a detail, counted after the month."""
        axis = (*self.results.detail_axes.get(detail, ()), *[""] * (place + 1))[place]
        size = self.results.details[detail].shape[2 + place]
        names = AXES.get(axis) or tuple(self.provenance.get(f"{axis}s", ()))
        return (
            labels(names) if len(names) == size else tuple(f"{readable(axis or 'part')} {i + 1}" for i in range(size))
        )

    def paired(self, amounts: Mapping[str, F64], direction: str = "lower") -> dict[str, list[Difference]]:
        """Return paired differences to the baseline of each part, by shown name of the scenario.

        Parameters
        ----------
        amounts : mapping of str to array (runs, parts)
            By name of the scenario, the baseline among them; runs in the order of the results.
        direction : str
            Which way is better.
        """
        base = amounts[str(self.baseline)]
        found = {}
        for name in self.others:
            draws = self.results.draw[self.rows[name]]
            clusters = draws if np.unique(draws).size > 1 else None
            columns = zip(amounts[name].T, base.T, strict=True)
            found[self.shown[name]] = [paired_difference(x, y, direction, clusters) for x, y in columns]
        return found
