"""A classification tree, as a check of boxes (Breiman, Friedman, Olshen and Stone 1984): Gini index, few levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.prim import Box, measured

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
DEPTH, LEAF = 3, 0.05
"""Levels of splits, and least share of all cases in a leaf."""


@dataclass(frozen=True)
class Split:
    """The best cut of a set of cases: assumption, value, and by how much it lowers the Gini index."""

    name: str
    value: float
    gain: float


def grow(cases: Mapping[str, F64], interest: Bools, depth: int = DEPTH, leaf: float = LEAF) -> list[Box]:
    """Return the leaves of a tree as boxes, those with most cases of interest first.

    Parameters
    ----------
    cases : mapping of str to ndarray (cases,)
    interest : ndarray of bool (cases,)
    depth : int
        Most splits above a leaf.
    leaf : float
        Least share of all cases in a leaf.
    """
    least = max(1, int(leaf * len(interest)))
    everywhere = np.arange(len(interest))
    boxes = [measured(limits, cases, interest) for limits in _grow(cases, interest, everywhere, {}, depth, least)]
    return sorted(boxes, key=lambda box: -box.coverage * box.density)


def _grow(
    cases: Mapping[str, F64], interest: Bools, rows: NDArray[np.int64], limits: dict[str, tuple[float, float]],
    depth: int, least: int,
) -> Iterator[dict[str, tuple[float, float]]]:  # fmt: skip
    split = best_split({name: values[rows] for name, values in cases.items()}, interest[rows], least) if depth else None
    if split is None:
        yield limits
        return
    low, high = limits.get(split.name, (-np.inf, np.inf))
    values = cases[split.name][rows]
    left, right = values[values <= split.value], values[values > split.value]
    sides = ((values <= split.value, (low, float(left.max()))), (values > split.value, (float(right.min()), high)))
    for kept, ends in sides:
        yield from _grow(cases, interest, rows[kept], {**limits, split.name: ends}, depth - 1, least)


def best_split(cases: Mapping[str, F64], interest: Bools, least: int) -> Split | None:
    """The cut that lowers the Gini index most, with `least` cases on both sides; None if none lowers it."""
    n, total = len(interest), int(interest.sum())
    if n < 2 * least or total in (0, n):
        return None
    names = list(cases)
    table = np.stack([cases[name] for name in names])
    order = np.argsort(table, axis=1, kind="stable")
    sorted_values = np.take_along_axis(table, order, axis=1)
    hits = np.cumsum(interest[order], axis=1)[:, :-1]
    count = np.arange(1, n)
    impurity = hits * (1 - hits / count) + (total - hits) * (1 - (total - hits) / (n - count))
    allowed = (np.diff(sorted_values, axis=1) > 0) & (count >= least) & (n - count >= least)
    gain = np.where(allowed, total * (1 - total / n) - impurity, 0.0)
    place, cut = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[place, cut] <= 1e-12:
        return None
    middle = 0.5 * (sorted_values[place, cut] + sorted_values[place, cut + 1])
    return Split(names[int(place)], float(middle), float(gain[place, cut]))
