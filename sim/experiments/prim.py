"""Scenario discovery: boxes of assumptions that hold most of the futures of interest, by the patient rule.

PRIM (Friedman and Fisher 1999, Statistics and Computing 9) peels a thin slice off a box again and again, always the
one whose removal leaves the highest share of cases of interest, and pastes back what helps. Bryant and Lempert (2010,
Technological Forecasting and Social Change 77) use it to find in which futures a policy fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
PEEL, PASTE, LEAST = 0.05, 0.01, 0.05
"""Share of a box that is peeled or pasted at once, and least share of all cases in a box."""


@dataclass(frozen=True)
class Box:
    """A box and how it does.

    Attributes
    ----------
    limits : dict of str to (float, float)
        Ends of the restricted assumptions; infinite where open.
    coverage, density, mass : float
        Share of the cases of interest that are in it, share of its cases that are of interest, share of cases in it.
    """

    limits: dict[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float


def inside(limits: Mapping[str, tuple[float, float]], cases: Mapping[str, F64], size: int) -> Bools:
    """Which cases are in a box, ``(cases,)``."""
    found = np.ones(size, np.bool_)
    for name, (low, high) in limits.items():
        found &= (cases[name] >= low) & (cases[name] <= high)
    return found


def measured(limits: Mapping[str, tuple[float, float]], cases: Mapping[str, F64], interest: Bools) -> Box:
    """The box with its coverage, density and mass among the cases; zeros where nothing is in it."""
    within = inside(limits, cases, len(interest))
    hits, count = int((within & interest).sum()), int(within.sum())
    total = int(interest.sum())
    return Box(dict(limits), hits / total if total else 0.0, hits / count if count else 0.0, count / len(interest))


def peel(
    cases: Mapping[str, F64], interest: Bools, share: float = PEEL, least: float = LEAST
) -> list[dict[str, tuple[float, float]]]:
    """Return the peeling trajectory: boxes from the widest to the smallest.

    Parameters
    ----------
    cases : mapping of str to ndarray (cases,)
        Assumptions.
    interest : ndarray of bool (cases,)
    share : float
        Of the box that is peeled at once.
    least : float
        Share of all cases below which no box is.
    """
    names = list(cases)
    table = np.stack([cases[name] for name in names], axis=1) if names else np.empty((len(interest), 0))
    low, high = np.full(len(names), -np.inf), np.full(len(names), np.inf)
    trajectory: list[dict[str, tuple[float, float]]] = [{}]
    rows = np.arange(len(interest))
    while 0 < interest[rows].mean() < 1:
        step = _best_peel(table[rows], interest[rows], share, least * len(interest))
        if step is None:
            break
        place, side, bound, kept = step
        (low if side == 0 else high)[place] = bound
        rows = rows[kept]
        trajectory.append(_limits(names, low, high))
    return trajectory


def _best_peel(table: F64, interest: Bools, share: float, least: float) -> tuple[int, int, float, Bools] | None:
    """The slice whose removal leaves the highest density: assumption, side, new end, cases that stay."""
    best: tuple[float, float] = (-1.0, 0.0)
    found = None
    edges = np.quantile(table, [share, 1 - share], axis=0, method="inverted_cdf") if table.size else np.empty((2, 0))
    for side in (0, 1):
        # Beyond a quantile that is the end of the box itself (many equal values) the whole run of equals is peeled.
        keep = table > edges[0] if side == 0 else table < edges[1]
        counts = keep.sum(axis=0)
        density = (keep & interest[:, None]).sum(axis=0) / np.maximum(counts, 1)
        for place in np.flatnonzero((counts >= least) & (counts < len(table))):
            score = (float(density[place]), float(counts[place]))
            if score > best:
                kept = keep[:, place]
                left = table[kept, place]
                best, found = score, (int(place), side, float(left.min() if side == 0 else left.max()), kept)
    return found


def paste(
    limits: Mapping[str, tuple[float, float]], cases: Mapping[str, F64], interest: Bools, share: float = PASTE
) -> dict[str, tuple[float, float]]:
    """Widen a box slice by slice for as long as its density does not fall."""
    box = dict(limits)
    density = measured(box, cases, interest).density
    while True:
        wider = _wider(box, cases, len(interest), share)
        scored = [(measured(trial, cases, interest).density, i) for i, trial in enumerate(wider)]
        if not scored or max(scored)[0] < density:
            return box
        density, place = max(scored)
        box = wider[place]


def _wider(
    box: Mapping[str, tuple[float, float]], cases: Mapping[str, F64], size: int, share: float
) -> list[dict[str, tuple[float, float]]]:
    """The box with one end moved out so that a share of its cases more falls in, for every end that is not open."""
    found = []
    for name, ends in box.items():
        others = inside({k: v for k, v in box.items() if k != name}, cases, size)
        values = np.sort(cases[name][others])
        more = max(1, int(share * inside(box, cases, size).sum()))
        for side, end in enumerate(ends):
            beyond = values[values < end] if side == 0 else values[values > end]
            if not np.isfinite(end):
                continue
            if len(beyond) <= more:
                moved = -np.inf if side == 0 else np.inf
            else:
                moved = float(beyond[-more] if side == 0 else beyond[more - 1])
            new = (moved, ends[1]) if side == 0 else (ends[0], moved)
            trial = {**box, name: new}
            if not np.isfinite(new).any():
                del trial[name]
            found.append(trial)
    return found


def _limits(names: Sequence[str], low: F64, high: F64) -> dict[str, tuple[float, float]]:
    ends = zip(names, low.tolist(), high.tolist(), strict=True)
    return {name: (a, b) for name, a, b in ends if np.isfinite(a) or np.isfinite(b)}


def choose(boxes: Sequence[Box]) -> int:
    """Place of the box with the most weighted relative accuracy: its mass times its density beyond that of the first.

    Lavrač, Flach and Zupan (1999); the first box is the one without limits.
    """
    return int(np.argmax([box.mass * (box.density - boxes[0].density) for box in boxes]))


def needless(limits: Mapping[str, tuple[float, float]], cases: Mapping[str, F64], interest: Bools) -> dict[str, float]:
    """Chance that each limit does as well as it does by luck alone.

    The quasi-p-value of Bryant and Lempert (2010): without the limit a larger box has some density; how likely is it
    that as many of that box's cases as are in the smaller one are of interest as often, each with that chance.
    """
    from scipy.stats import binom

    found = {}
    for name in limits:
        larger = inside({k: v for k, v in limits.items() if k != name}, cases, len(interest))
        smaller = larger & inside(limits, cases, len(interest))
        chance = float(interest[larger].mean()) if larger.any() else 0.0
        found[name] = float(binom.sf(int((smaller & interest).sum()) - 1, int(smaller.sum()), chance))
    return found
