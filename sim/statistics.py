"""Statistics of runs: how a scenario's runs spread, and how two scenarios differ on the same luck.

Runs that share a draw (a sampled parameter set) and a replicate (a stream of uniforms) are a pair: the same world met
by the same luck under two scenarios. Everything here is a pure function of float64 arrays, and a scenario's numbers
depend on its own runs only. A value that is not finite counts as undefined and is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

F64 = NDArray[np.float64]
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
"""Quantiles that are reported, by name."""
STATISTICS = ("mean", "sd", *QUANTILES, "mcse")
"""Statistics of one outcome in one scenario, in the order in which they are written."""
RESAMPLES = 2000
BOOTSTRAP_SEED = 20_240_101
NAN = math.nan


@dataclass(frozen=True)
class Difference:
    """A paired difference between two scenarios in one outcome.

    Attributes
    ----------
    mean : float
        Mean difference, in the outcome's unit; NaN where nothing is defined.
    low, high : float
        Ends of the 95 % interval of the mean; NaN with fewer than two independent pairs.
    p_better : float
        Probability that a paired run is better, ties counting half; NaN where neither direction is better.
    p_value : float
        Two-sided p-value of the paired t test, before any adjustment; NaN where the interval is.
    pairs : int
        Pairs that are defined in both scenarios.
    """

    mean: float
    low: float
    high: float
    p_better: float
    p_value: float
    pairs: int


def mean(values: ArrayLike) -> float:
    """Arithmetic mean; exact when all values are equal, NaN when there are none."""
    x = np.asarray(values, np.float64)
    if x.size == 0:
        return NAN
    return float(x[0]) if np.all(x == x[0]) else float(np.add.reduce(x) / x.size)


def sd(values: ArrayLike) -> float:
    """Standard deviation with n - 1 in the denominator; 0 for a single value, NaN when there are none."""
    x = np.asarray(values, np.float64)
    if x.size == 0:
        return NAN
    return math.sqrt(float(np.add.reduce((x - mean(x)) ** 2)) / (x.size - 1)) if x.size > 1 else 0.0


def standard_error(values: ArrayLike, clusters: ArrayLike | None = None) -> tuple[float, int]:
    """Monte Carlo standard error of the mean, and the number of independent clusters that it rests on.

    Parameters
    ----------
    values : array_like, shape (runs,)
    clusters : array_like, shape (runs,), optional
        Runs with the same label are not independent (replicates of one parameter draw). Without it every run is its
        own cluster.

    Returns
    -------
    float, int
        ``sqrt(K/(K-1) sum_k (n_k (m_k - m))^2) / N`` over the K clusters, which is s/sqrt(n) for clusters of one run;
        NaN if K < 2.
    """
    x = np.asarray(values, np.float64)
    deviations: F64 = x - mean(x) if x.size else x
    if clusters is not None and x.size:
        _, index = np.unique(np.asarray(clusters), return_inverse=True)
        deviations = np.asarray(np.bincount(index, weights=deviations), np.float64)
    k = int(deviations.size)
    if k < 2:
        return NAN, k
    return math.sqrt(k / (k - 1) * float(np.add.reduce(deviations**2))) / x.size, k


def describe(values: ArrayLike, clusters: ArrayLike | None = None) -> dict[str, float]:
    """Statistics of one outcome over the runs of one scenario.

    Parameters
    ----------
    values, clusters
        As in `standard_error`; values that are not finite are left out.

    Returns
    -------
    dict of str to float
        The keys of `STATISTICS`: mean, standard deviation, five quantiles, Monte Carlo standard error of the mean.
        NaN if undefined.
    """
    x = np.asarray(values, np.float64)
    defined = np.isfinite(x)
    labels = None if clusters is None else np.asarray(clusters)[defined]
    x = x[defined]
    if x.size == 0:
        return dict.fromkeys(STATISTICS, NAN)
    points = np.quantile(x, list(QUANTILES.values()))
    error = standard_error(x, labels)[0]
    return {"mean": mean(x), "sd": sd(x), **dict(zip(QUANTILES, map(float, points), strict=True)), "mcse": error}


def paired_difference(
    values: ArrayLike, against: ArrayLike, direction: str, clusters: ArrayLike | None = None, interval: str = "t"
) -> Difference:
    """Compare paired runs.

    Parameters
    ----------
    values, against : array_like, shape (pairs,)
        The outcome in the scenario and in the one that it is compared with, pair by pair.
    direction : {"higher", "lower", "neutral"}
        Which way is better.
    clusters : array_like, shape (pairs,), optional
        As in `standard_error`.
    interval : {"t", "bca"}
        Paired t interval, or bias-corrected and accelerated bootstrap with a fixed seed.
    """
    x, y = np.asarray(values, np.float64), np.asarray(against, np.float64)
    defined = np.isfinite(x) & np.isfinite(y)
    labels = None if clusters is None else np.asarray(clusters)[defined]
    difference = x[defined] - y[defined]
    centre = mean(difference)
    error, k = standard_error(difference, labels)
    low, high = bca_interval(difference, labels) if interval == "bca" else t_interval(centre, error, k)
    better = superiority(difference, direction)
    return Difference(centre, low, high, better, t_test(centre, error, k), int(difference.size))


def superiority(difference: ArrayLike, direction: str) -> float:
    """Share of paired differences in the better direction, ties counting half.

    NaN where the direction is neutral or nothing is defined.
    """
    d = np.asarray(difference, np.float64)
    sign = {"higher": 1.0, "lower": -1.0, "neutral": 0.0}[direction]
    if d.size == 0 or sign == 0.0:
        return NAN
    return float((np.count_nonzero(sign * d > 0) + 0.5 * np.count_nonzero(d == 0)) / d.size)


def t_interval(centre: float, error: float, clusters: int, level: float = 0.95) -> tuple[float, float]:
    """Student's t interval of a mean; the mean twice when its standard error is 0, NaN with fewer than two clusters."""
    if clusters < 2:
        return NAN, NAN
    half = t_quantile(0.5 + level / 2, clusters - 1) * error if error > 0 else 0.0
    return centre - half, centre + half


def t_test(centre: float, error: float, clusters: int) -> float:
    """Two-sided p-value that the mean is 0; NaN with fewer than two clusters."""
    if clusters < 2:
        return NAN
    if error == 0:
        return 1.0 if centre == 0 else 0.0
    from scipy.special import stdtr  # here and below: scipy costs half a second that --help need not pay

    return min(1.0, 2 * float(stdtr(clusters - 1, -abs(centre / error))))


@lru_cache(maxsize=256)
def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def bca_interval(
    values: ArrayLike,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = BOOTSTRAP_SEED,
) -> tuple[float, float]:
    """Bias-corrected and accelerated bootstrap interval of a mean (Efron 1987).

    Parameters
    ----------
    values, clusters
        As in `standard_error`; clusters are averaged first and resampled whole.
    level : float
        Coverage aimed at.
    resamples, seed : int
        Bootstrap resamples and the seed of their generator: the interval is a function of the values.

    Returns
    -------
    float, float
        Low and high end, widened to contain the mean if need be; NaN with fewer than two clusters.
    """
    x = np.asarray(values, np.float64)
    overall = mean(x)
    if clusters is not None and x.size:
        _, index = np.unique(np.asarray(clusters), return_inverse=True)
        x = np.bincount(index, weights=x) / np.bincount(index)
    if x.size < 2:
        return NAN, NAN
    centre = mean(x)
    deviations = x - centre
    square = float(np.add.reduce(deviations**2))
    if square == 0:
        return overall, overall
    means = centre + _bootstrap_means(deviations, resamples, seed)
    acceleration = float(np.add.reduce(deviations**3)) / (6 * square**1.5)
    below = (np.count_nonzero(means < centre) + 0.5 * np.count_nonzero(means == centre)) / resamples
    tails = (0.5 - level / 2, 0.5 + level / 2)
    ends = np.quantile(means, [_bca_level(below, acceleration, p, resamples) for p in tails])
    return min(float(ends[0]), overall), max(float(ends[1]), overall)


def _bca_level(below: float, acceleration: float, probability: float, resamples: int) -> float:
    """Percentile of the bootstrap distribution that stands for a nominal one."""
    normal = NormalDist()
    bias = normal.inv_cdf(min(max(below, 0.5 / resamples), 1 - 0.5 / resamples))
    z = bias + normal.inv_cdf(probability)
    return normal.cdf(bias + z / (1 - acceleration * z))


def _bootstrap_means(values: F64, resamples: int, seed: int) -> F64:
    """Means of resamples with replacement, in pieces of bounded memory."""
    generator = np.random.default_rng(seed)
    rows = max(1, 2_000_000 // values.size)
    parts = [
        values[generator.integers(0, values.size, (min(rows, resamples - start), values.size))].mean(axis=1)
        for start in range(0, resamples, rows)
    ]
    return np.concatenate(parts)


def holm(p_values: ArrayLike) -> F64:
    """Holm's step-down adjustment of a family of p-values.

    Parameters
    ----------
    p_values : array_like, shape (tests,)
        NaN where a test is undefined: it stays NaN and does not count in the family.

    Returns
    -------
    ndarray, shape (tests,)
        Adjusted p-values: rejecting those below alpha keeps the chance of any false rejection below alpha.
    """
    p = np.asarray(p_values, np.float64)
    adjusted = np.full(p.shape, NAN)
    defined = np.flatnonzero(~np.isnan(p))
    order = defined[np.argsort(p[defined], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * p[order])) if order.size else NAN
    return adjusted
