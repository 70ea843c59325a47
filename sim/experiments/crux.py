"""Cruxes: the assumptions on which a choice between policies turns, with the values at which it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.experiments.evppi import F64, basis, checked, fitted, information

LEAST_SHARE = 0.025
"""Share of futures below which a stretch in which another policy leads is not spoken of."""
RESAMPLES = 200
EXAMINED = 12
"""Assumptions, the most valuable first, whose thresholds are worked out with intervals."""


@dataclass(frozen=True)
class Stretch:
    """Values of an assumption over which one policy has the best conditional mean.

    Attributes
    ----------
    policy : int
        Which.
    low, high : float
        Ends; for a choice, both are NaN.
    share : float
        Share of futures in it.
    names : tuple of str
        Options of a choice.
    """

    policy: int
    low: float
    high: float
    share: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Threshold:
    """Value of an assumption at which the preferred policy changes.

    Attributes
    ----------
    below, above : int
        Policies preferred on the two sides.
    value, low, high : float
        Where, with a 95 % bootstrap interval over futures.
    support : float
        Share of bootstrap resamples in which the same change occurs.
    """

    below: int
    above: int
    value: float
    low: float
    high: float
    support: float


@dataclass(frozen=True)
class Crux:
    """What turns on one assumption.

    Attributes
    ----------
    name : str
        The assumption.
    worth, low, high : float
        Expected value of knowing it, in utility, and a 95 % bootstrap interval.
    chance : float
        How often the luckiest of all assumptions is worth as much if none matters.
    stretches : tuple of Stretch
        From low values to high ones.
    thresholds : tuple of Threshold
        Between them.
    lead : tuple of float
        Smallest and largest lead of the policy that is best on average over its best rival, given the assumption,
        over its middle 95 %; negative where a rival leads.
    """

    name: str
    worth: float
    low: float
    high: float
    chance: float
    stretches: tuple[Stretch, ...]
    thresholds: tuple[Threshold, ...]
    lead: tuple[float, float]


@dataclass(frozen=True)
class Cruxes:
    """What a choice between policies turns on.

    Attributes
    ----------
    leader : int
        Policy of the best mean.
    means, best : tuple of float
        Mean utility of each policy, and share of futures in which each is best.
    everything, floor : float
        As in `sim.experiments.evppi.Information`.
    cruxes : tuple of Crux
        The most valuable first.
    others : dict of str to float
        Value of the assumptions that were not examined.
    """

    leader: int
    means: tuple[float, ...]
    best: tuple[float, ...]
    everything: float
    floor: float
    cruxes: tuple[Crux, ...]
    others: dict[str, float]


def find_cruxes(
    gains: F64,
    assumptions: Mapping[str, NDArray[np.generic]],
    examined: int = EXAMINED,
    permutations: int = 200,
    seed: int = 1,
) -> Cruxes:
    """Rank assumptions by what knowing them is worth, and say where the preferred policy changes.

    Parameters
    ----------
    gains : ndarray (policies, futures)
        Utilities in the same futures.
    assumptions : mapping of str to ndarray (futures,)
    examined : int
        How many of them to look at closely.
    permutations, seed : int
        See `sim.experiments.evppi.information`.

    Raises
    ------
    InputError
        As `sim.experiments.evppi.information`.
    """
    checked(gains)
    known = information(gains, assumptions, permutations, seed)
    leads = {name: _lead(fitted(basis(values), gains)[0], gains) for name, values in assumptions.items()}
    order = sorted(assumptions, key=lambda name: (-known.worth[name], leads[name][0]))
    means = gains.mean(axis=1)
    winners = np.bincount(gains.argmax(axis=0), minlength=len(gains)) / gains.shape[1]
    found = tuple(
        _examine(name, gains, assumptions[name], known.worth[name], known.chance[name], seed)
        for name in order[:examined]
    )
    return Cruxes(
        int(means.argmax()), tuple(means.tolist()), tuple(winners.tolist()), known.everything, known.floor, found,
        {name: known.worth[name] for name in order[examined:]},
    )  # fmt: skip


def _lead(conditional: F64, gains: F64) -> tuple[float, float]:
    """Smallest and largest lead of the policy of the best mean over the middle 95 % of futures."""
    leader = int(gains.mean(axis=1).argmax())
    rivals = np.delete(conditional, leader, axis=0).max(axis=0)
    ends = np.quantile(conditional[leader] - rivals, [0.025, 0.975])
    return float(ends[0]), float(ends[1])


def _examine(name: str, gains: F64, values: NDArray[np.generic], worth: float, chance: float, seed: int) -> Crux:
    regressors = basis(values)
    conditional, size = fitted(regressors, gains)
    model = np.concatenate([np.ones((len(values), 1)), regressors.columns[:, :size]], axis=1)
    again = _refits(model, gains - gains[:1], seed)
    worths = [float(np.max(fit[:, rows], axis=0).mean() - fit[:, rows].mean(axis=1).max()) for rows, fit in again]
    low, high = np.quantile(np.maximum(worths, 0.0), [0.025, 0.975])
    if values.dtype.kind in "fiu":
        numbers = np.asarray(values, np.float64)
        stretches = _stretches(numbers, conditional)
        thresholds = _thresholds(numbers, conditional, stretches, [fit for _, fit in again])
    else:
        stretches, thresholds = _options(values, conditional), ()
    return Crux(name, worth, float(low), float(high), chance, stretches, thresholds, _lead(conditional, gains))


def _refits(model: F64, gaps: F64, seed: int) -> list[tuple[NDArray[np.int64], F64]]:
    """Resampled futures, and the conditional means at the original ones of a model that was fitted to them."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(model), len(model))
        weights = np.linalg.lstsq(model[rows], gaps[:, rows].T, rcond=None)[0]
        found.append((rows, (model @ weights).T))
    return found


def _stretches(values: F64, conditional: F64) -> tuple[Stretch, ...]:
    """Runs of sorted values over which one policy leads; short ones join the longer neighbour."""
    order = np.argsort(values, kind="stable")
    led, x = conditional.argmax(axis=0)[order], values[order]
    edges = [0, *(np.flatnonzero(np.diff(led)) + 1).tolist(), len(led)]
    runs = [[int(led[a]), a, b] for a, b in pairwise(edges)]
    while len(runs) > 1:
        shortest = min(range(len(runs)), key=lambda i: runs[i][2] - runs[i][1])
        if runs[shortest][2] - runs[shortest][1] >= LEAST_SHARE * len(led):
            break
        near = [i for i in (shortest - 1, shortest + 1) if 0 <= i < len(runs)]
        into = max(near, key=lambda i: runs[i][2] - runs[i][1])
        runs[into][1:] = [min(runs[into][1], runs[shortest][1]), max(runs[into][2], runs[shortest][2])]
        del runs[shortest]
        runs = _joined(runs)
    return tuple(Stretch(p, float(x[a]), float(x[b - 1]), (b - a) / len(led)) for p, a, b in runs)


def _joined(runs: list[list[int]]) -> list[list[int]]:
    """Neighbouring runs of one policy as one."""
    found: list[list[int]] = []
    for run in runs:
        if found and found[-1][0] == run[0]:
            found[-1][2] = run[2]
        else:
            found.append(run)
    return found


def _thresholds(
    values: F64, conditional: F64, stretches: Sequence[Stretch], again: Sequence[F64]
) -> tuple[Threshold, ...]:
    order = np.argsort(values, kind="stable")
    x = values[order]
    found = []
    for left, right in pairwise(stretches):
        pair = [right.policy, left.policy]
        gap = np.subtract(*conditional[pair][:, order])
        near = 0.5 * (left.high + right.low)
        place = _crossing(x, gap, near)
        copies = [_crossing(x, np.subtract(*fit[pair][:, order]), near) for fit in again]
        seen = np.array([c for c in copies if np.isfinite(c)])
        low, high = np.quantile(seen, [0.025, 0.975]) if seen.size else (np.nan, np.nan)
        found.append(
            Threshold(left.policy, right.policy, place, float(low), float(high), seen.size / max(len(copies), 1))
        )
    return tuple(found)


def _crossing(x: F64, gap: F64, near: float) -> float:
    """Place nearest to `near` where a gap turns from negative to positive along sorted `x`; NaN if nowhere."""
    up = np.flatnonzero((gap[:-1] < 0) & (gap[1:] >= 0))
    if not up.size:
        return float("nan")
    step = gap[up + 1] - gap[up]
    places = x[up] + (x[up + 1] - x[up]) * (-gap[up] / step)
    return float(places[np.abs(places - near).argmin()])


def _options(values: NDArray[np.generic], conditional: F64) -> tuple[Stretch, ...]:
    """For a choice: which options each policy leads under."""
    led: dict[int, list[str]] = {}
    for name in np.unique(values):
        led.setdefault(int(conditional[:, values == name].mean(axis=1).argmax()), []).append(str(name))
    nan = float("nan")
    return tuple(
        Stretch(policy, nan, nan, float(np.isin(values, names).mean()), tuple(names)) for policy, names in led.items()
    )
