"""Scores of predictive distributions: CRPS, coverage, and the naive forecasts that they have to beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Point = tuple[float, float]
"""Date in years and value."""


def crps(sample: F64, observed: float) -> float:
    """Continuous ranked probability score of a sample, in the unit of what is predicted; 0 is perfect.

    ``E|X − y| − E|X − X'| / 2`` (Gneiting & Raftery 2007), with all pairs of the sample; a point forecast scores its
    absolute error.
    """
    ordered = np.sort(np.asarray(sample, np.float64))
    n = len(ordered)
    # Mean distance of all ordered pairs, from the ranks.
    between = 2 * float(np.sum((2 * np.arange(1, n + 1) - n - 1) * ordered)) / (n * n)
    return float(np.mean(np.abs(ordered - observed)) - between / 2)


def covered(sample: F64, observed: float, level: float) -> bool:
    """Whether the observed value lies in the central interval of a sample."""
    low, high = np.quantile(sample, [(1 - level) / 2, (1 + level) / 2])
    return bool(low <= observed <= high)


def last_value(history: Sequence[Point]) -> float:
    """Naive forecast: what was seen last goes on."""
    return max(history)[1]


def trend(history: Sequence[Point], date: float) -> float | None:
    """Naive forecast: the log-linear trend goes on, the linear one where values are not all positive.

    None with fewer than two values.
    """
    if len(history) < 2:
        return None
    when, value = np.array(sorted(history), np.float64).T
    if (value > 0).all():
        return float(np.exp(np.polyval(np.polyfit(when, np.log(value), 1), date)))
    return float(np.polyval(np.polyfit(when, value, 1), date))
