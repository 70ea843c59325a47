"""Packages of policies that nothing dominates: levers searched over a few futures, then weighed again over many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.experiments.factors import Factor, levers
from sim.experiments.search import F64, hypervolume, search, undominated
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.runner import run
from sim.scenario import Scenario
from sim.scenario_models import LeverFile
from sim.scenario_settings import apply_values
from sim.statistics import standard_error, t_interval

TOGETHER = 16
"""Futures that share their luck; others have other luck."""
CONFIRMED = 1000
"""Futures over which packages are weighed again."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Budget:
    """How much work a search may do.

    Attributes
    ----------
    futures : int
        Futures over which the search compares packages.
    confirmed : int
        Other futures over which those that it finds are weighed again; `CONFIRMED` or more for an answer.
    size, generations : int
        Packages in a generation, and generations.
    seeds : int
        Searches from scratch, to see whether they agree.
    packages : int
        Most packages that are weighed again, spread over the front.
    """

    futures: int = 16
    confirmed: int = CONFIRMED
    size: int = 20
    generations: int = 8
    seeds: int = 2
    packages: int = 10

    def runs(self) -> int:
        """Runs that this takes, about."""
        return self.seeds * self.size * self.generations * self.futures + (self.packages + 1) * self.confirmed


@dataclass(frozen=True)
class Packages:
    """Packages that nothing dominates.

    Attributes
    ----------
    scenario : str
    outcomes, levers : tuple of str
    settings : ndarray (packages, levers)
    means : ndarray (packages, outcomes)
        Over the futures in which they were weighed again.
    differences, half : ndarray (packages, outcomes)
        Mean paired difference to the scenario as it is, and half-width of its 95 % interval.
    reference : ndarray (outcomes,)
        Means of the scenario as it is.
    hypervolumes : tuple of float
        Of each search, as shares of the best one.
    weighed, dominated : int
        Packages that were weighed again, and those of them that others turned out to dominate.
    budget : Budget
    evaluations : int
        Packages that the searches looked at.
    """

    scenario: str
    outcomes: tuple[str, ...]
    levers: tuple[str, ...]
    settings: F64
    means: F64
    differences: F64
    half: F64
    reference: F64
    hypervolumes: tuple[float, ...]
    weighed: int
    dominated: int
    budget: Budget
    evaluations: int


def optimise(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float | str, float | str]],
    outcomes: Sequence[str],
    budget: Budget | None = None,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> Packages:
    """Search the levers of a scenario for settings that no other beats on every outcome.

    Parameters
    ----------
    scenario : Scenario
        With the policies whose fields are searched.
    ranges : mapping of str to (low, high)
        Field of a policy, ``staged_release.delay_months``, and its range; months as ``"2027-01"``.
    outcomes : sequence of str
        Two to four outcomes with a direction, judged by their means over futures.
    budget : Budget, optional
    seed : int
        1 or more; names the futures and the first search.
    workers : int
        Processes.
    progress : callable, optional
        Called with runs done and runs asked for, about.

    Raises
    ------
    InputError
        For a lever that the scenario lacks, a range that does not fit, or outcomes that cannot be better.
    """
    asked = budget or Budget()
    signs = np.array([_sign(name) for name in outcomes])
    tables = {path: LeverFile(low=low, high=high, values=None) for path, (low, high) in ranges.items()}
    factors = levers(tables, [scenario], "levers")
    low, high = (np.array([float(getattr(f, end) or 0) for f in factors]) for end in ("low", "high"))
    count = _Count(asked.runs(), progress)
    sample = REGISTRY.sample(asked.futures, seed, REGISTRY.uncertain())

    def evaluate(settings: F64) -> F64:
        packages = [_package(scenario, factors, row) for row in settings]
        means: F64 = _weigh(packages, outcomes, sample, seed, workers, count).mean(axis=1)
        return -signs * means

    fronts = [search(evaluate, low, high, len(outcomes), asked.size, asked.generations, seed + i)
              for i in range(asked.seeds)]  # fmt: skip
    found = np.concatenate([front.objectives for front in fronts])
    settings = _rounded(factors, np.concatenate([front.settings for front in fronts]))
    chosen = spread(settings, found, asked.packages)
    again = REGISTRY.sample(asked.confirmed, seed + 1_000_003, REGISTRY.uncertain())
    packages = [scenario, *(_package(scenario, factors, row) for row in settings[chosen])]
    values = _weigh(packages, outcomes, again, seed + 1_000_003, workers, count)
    keep = undominated(-signs * values[1:].mean(axis=1))
    kept = np.flatnonzero(keep)
    order = kept[np.argsort(-signs[0] * values[1:].mean(axis=1)[kept, 0])]
    gaps = values[1:][order] - values[0]
    return Packages(
        scenario.name, tuple(outcomes), tuple(f.name for f in factors), settings[chosen][order],
        values[1:].mean(axis=1)[order], gaps.mean(axis=1), np.array([[_half(gap) for gap in p.T] for p in gaps]),
        values[0].mean(axis=0), _volumes([front.objectives for front in fronts]), len(chosen), int((~keep).sum()),
        asked, sum(front.evaluations for front in fronts),
    )  # fmt: skip


def _volumes(fronts: Sequence[F64]) -> tuple[float, ...]:
    """Hypervolumes of fronts as shares of the largest, below a point just beyond the worst of all."""
    found = np.concatenate(fronts)
    worst = found.max(axis=0) + np.maximum(0.01 * np.ptp(found, axis=0), 1e-9 * np.abs(found).max(axis=0) + 1e-12)
    volumes = np.array([hypervolume(front, worst) for front in fronts])
    return tuple((volumes / volumes.max()).tolist())


class _Count:
    """Runs that are done, for the progress bar."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def add(self, runs: int) -> None:
        self.done += runs
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)


def _sign(outcome: str) -> float:
    if outcome not in OUTCOMES:
        raise InputError("outcomes", f"there is no outcome {outcome[:60]!r}.", "'aperture outcomes' lists them.")
    if OUTCOMES[outcome].direction == "neutral":
        raise InputError("outcomes", f"neither more nor less of {outcome} is better.", "Choose another.")
    return -1.0 if OUTCOMES[outcome].direction == "lower" else 1.0


def _rounded(factors: Sequence[Factor], settings: F64) -> F64:
    whole = np.array([factor.whole for factor in factors])
    return np.where(whole, np.round(settings), settings)


def _package(scenario: Scenario, factors: Sequence[Factor], row: F64) -> Scenario:
    """The scenario with its levers set."""
    values: dict[str, Any] = {
        factor.name: round(float(value)) if factor.whole else float(value)
        for factor, value in zip(factors, row, strict=True)
    }
    return apply_values(scenario, values)


def _weigh(
    packages: Sequence[Scenario], outcomes: Sequence[str], sample: Mapping[str, Any], seed: int, workers: int,
    count: _Count,
) -> F64:  # fmt: skip
    """Outcomes of packages in the same futures, ``(packages, futures, outcomes)``."""
    named = [package.replace(name=f"package {i}") for i, package in enumerate(packages)]
    futures = len(next(iter(sample.values())))
    parts = []
    for part, start in enumerate(range(0, futures, TOGETHER)):
        rows = {name: column[start : start + TOGETHER] for name, column in sample.items()}
        summary = run(named, 1, rows, seed + part, workers=workers, details=False).summary()
        columns = [summary[name].reshape(len(named), -1) for name in outcomes]
        parts.append(np.stack(columns, axis=2))
        count.add(parts[-1].shape[0] * parts[-1].shape[1])
    values: F64 = np.concatenate(parts, axis=1)
    if not np.isfinite(values).all():
        raise InputError("outcomes", "one is undefined in some run.", "Choose outcomes that every run defines.")
    return values


def spread(settings: F64, objectives: F64, most: int) -> list[int]:
    """Choose undominated packages that differ, as far from each other as can be, the extremes first.

    Parameters
    ----------
    settings : ndarray (packages, levers)
    objectives : ndarray (packages, objectives)
        Less is better.
    most : int
        How many.
    """
    distinct = np.sort(np.unique(settings, axis=0, return_index=True)[1])
    rows = distinct[undominated(objectives[distinct])].tolist()
    scaled = (objectives[rows] - objectives[rows].min(axis=0)) / np.maximum(np.ptp(objectives[rows], axis=0), 1e-300)
    chosen = [int(scaled[:, 0].argmin())]
    while len(chosen) < min(most, len(rows)):
        distance = np.linalg.norm(scaled[:, None] - scaled[chosen], axis=2).min(axis=1)
        distance[chosen] = -1
        chosen.append(int(distance.argmax()))
    return [int(rows[i]) for i in chosen]


def _half(gap: F64) -> float:
    error, units = standard_error(gap)
    low, high = t_interval(float(gap.mean()), error, units)
    return 0.5 * (high - low)
