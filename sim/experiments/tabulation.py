"""Cells of a table for a paper: levels and paired differences of a sweep with standard errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.futures import read_futures
from sim.experiments.store import Store
from sim.outcomes import OUTCOMES
from sim.statistics import holm, paired_difference, sd, standard_error

F64 = NDArray[np.float64]
NAMES = ("cumulative_innovation", "concentration_index", "cumulative_harm")
"""Outcomes unless others are named."""


@dataclass(frozen=True)
class Cell:
    """One scenario's outcome in one world, and its paired difference to the baseline.

    Attributes
    ----------
    world, scenario, outcome, unit : str
    runs, draws : int
        Runs, and independent draws (replicates, where there is one draw).
    mean, deviation, error : float
        Mean over runs, standard deviation between runs, and standard error of the mean, clustered by draw.
    difference, difference_error, low, high, p_value : float
        Mean paired difference to the baseline, its standard error clustered by draw, its 95 % interval, and the p-value
        of the paired t test after Holm's adjustment over the outcomes and scenarios of the world; NaN for the baseline.
    p_better : float
        Probability that a paired run is better.
    """

    world: str
    scenario: str
    outcome: str
    unit: str
    runs: int
    draws: int
    mean: float
    deviation: float
    error: float
    difference: float
    difference_error: float
    low: float
    high: float
    p_value: float
    p_better: float


def tabulate(
    store: Store,
    outcomes: Sequence[str] = NAMES,
    baseline: str | None = None,
    policies: Sequence[str] | None = None,
    worlds: Sequence[str] | None = None,
) -> list[Cell]:
    """Return every cell of the table, world by world and scenario by scenario, the baseline first.

    Parameters
    ----------
    store : Store
    outcomes : sequence of str
    baseline : str, optional
        The first scenario of the sweep when None.
    policies, worlds : sequence of str, optional
        All when None.

    Raises
    ------
    InputError
        If something is not in the sweep.
    """
    found = read_futures(store, outcomes, policies, worlds).believed()
    base = baseline or found.policies[0]
    if base not in found.policies:
        raise InputError(
            "--baseline", f"{base[:60]!r} is not among the scenarios.", f"It has {', '.join(found.policies)}."
        )
    order = [found.policies.index(base), *(i for i, name in enumerate(found.policies) if name != base)]
    rows: list[Cell] = []
    for world in dict.fromkeys(found.worlds.tolist()):
        here = found.worlds == world
        draws, replicates = int(here.sum()), next(iter(found.outcomes.values())).shape[2]
        labels = np.repeat(np.arange(draws), replicates) if draws > 1 else None
        part = []
        for i in order:
            for name in outcomes:
                values = found.outcomes[name][:, here].reshape(len(found.policies), -1)
                part.append(_cell(world, found.policies[i], name, values[i], values[order[0]], labels, i == order[0]))
        adjusted = holm([cell.p_value for cell in part])
        rows += [Cell(**{**asdict(cell), "p_value": float(p)}) for cell, p in zip(part, adjusted, strict=True)]
    return rows


def _cell(
    world: str, scenario: str, name: str, values: F64, base: F64, labels: NDArray[np.int64] | None, first: bool
) -> Cell:
    outcome = OUTCOMES[name]
    error, units = standard_error(values, labels)
    gap = paired_difference(values, base, outcome.direction, labels)
    nan = math.nan
    difference = (nan,) * 6 if first else (
        gap.mean, standard_error(values - base, labels)[0], gap.low, gap.high, gap.p_value, gap.p_better
    )  # fmt: skip
    return Cell(
        world, scenario, name, outcome.unit, len(values), units, float(values.mean()), sd(values), error, *difference
    )
