"""How many runs are enough: runs that a difference between two policies needs to be known to a stated half-width.

The unit of replication is the draw of parameters where there are several, else the replicate. Student's t and the
usual sample-size formula; with too few events there is no verdict, and skewed differences are warned about, since
intervals of means cover too little there when n is small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.statistics import t_quantile

F64 = NDArray[np.float64]
EVENTS = 30
"""Fewest events from which a verdict is given."""
SMALL, SKEW = 100, 1.0
"""Units below which, and skewness beyond which, intervals of the mean are warned about."""
MOST = 10**9


@dataclass(frozen=True)
class Enough:
    """Whether runs suffice, and how many would.

    Attributes
    ----------
    mean, half_width : float
        Mean paired difference, and half-width of its interval as it is now.
    target : float
        Half-width that is asked for.
    units : int
        Independent units now: draws, or replicates of one draw.
    needed : int or None
        Units needed; None without a verdict.
    needed_high : int or None
        Units needed if the standard deviation is at the upper end of its 95 % interval.
    between, within : float
        Variance of the differences between draws, and between replicates of a draw; NaN where not defined.
    events : int
        Pairs that differ at all, or happenings where given.
    skewness : float
    warnings : tuple of str
    verdict : {"enough", "more", "none"}
    """

    mean: float
    half_width: float
    target: float
    units: int
    needed: int | None
    needed_high: int | None
    between: float
    within: float
    events: int
    skewness: float
    warnings: tuple[str, ...]
    verdict: str


def enough_runs(differences: F64, target: float, events: int | None = None, level: float = 0.95) -> Enough:
    """Judge whether runs suffice to know a mean difference to a half-width.

    Parameters
    ----------
    differences : ndarray (draws, replicates)
        Paired differences between two policies.
    target : float
        Half-width of the interval that is wanted, in the outcome's unit.
    events : int, optional
        Happenings that the difference rests on; pairs that differ at all when None.
    level : float
        Confidence.

    Raises
    ------
    InputError
        If the target is not positive, there are fewer than two units, or differences are not finite.
    """
    if not (target > 0 and math.isfinite(target)):
        raise InputError("--half-width", f"{target:g} is no half-width.", "Write a positive number.")
    if not np.isfinite(differences).all():
        raise InputError("differences", "some are not finite.", "Choose an outcome that every run defines.")
    units = differences.mean(axis=1) if len(differences) > 1 else differences[0]
    n = len(units)
    if n < 2:
        raise InputError("runs", "there is only one pair.", "Sweep more draws or replicates.")
    deviation = float(units.std(ddof=1))
    half = t_quantile(0.5 + level / 2, n - 1) * deviation / math.sqrt(n)
    seen = int(np.count_nonzero(differences)) if events is None else events
    between, within = components(differences)
    skewness = _skewness(units)
    found = needed = None
    if seen >= EVENTS:
        found = units_needed(deviation, target, level)
        needed = units_needed(_upper(deviation, n), target, level)
    verdict = "none" if found is None else "enough" if half <= target else "more"
    warnings = _warnings(n, seen, skewness)
    return Enough(
        float(units.mean()), half, target, n, found, needed, between, within, seen, skewness, warnings, verdict
    )


def units_needed(deviation: float, target: float, level: float = 0.95) -> int:
    """Smallest number of units whose Student interval is no wider than the target on either side.

    Parameters
    ----------
    deviation : float
        Standard deviation between units.
    target : float
        Half-width.
    """

    def suffices(n: int) -> bool:
        return t_quantile(0.5 + level / 2, n - 1) * deviation <= target * math.sqrt(n)

    high = 2
    while not suffices(high) and high < MOST:
        high *= 2
    low = max(high // 2, 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle + 1, high)
    return high


def components(differences: F64) -> tuple[float, float]:
    """Variances between draws and between replicates of a draw, by the analysis of variance; NaN if not defined."""
    draws, replicates = differences.shape
    within = float(differences.var(axis=1, ddof=1).mean()) if replicates > 1 else math.nan
    if draws < 2:
        return math.nan, within
    total = float(differences.mean(axis=1).var(ddof=1))
    return (max(total - within / replicates, 0.0) if replicates > 1 else math.nan), within


def _upper(deviation: float, n: int) -> float:
    """Upper end of the 95 % interval of a standard deviation, for normal units."""
    from scipy.special import chdtri

    return deviation * math.sqrt((n - 1) / float(chdtri(n - 1, 0.975)))


def _skewness(units: F64) -> float:
    centred = units - units.mean()
    spread = float(np.mean(centred**2))
    return float(np.mean(centred**3)) / spread**1.5 if spread > 0 else 0.0


def _warnings(n: int, events: int, skewness: float) -> tuple[str, ...]:
    found = []
    if events < EVENTS:
        found.append(f"The difference rests on {events} events; below {EVENTS} there is no verdict.")
    if n < SMALL and abs(skewness) > SKEW:
        found.append(
            f"{n} units with a skewness of {skewness:.1f}: intervals of the mean cover less than they say "
            f"(at 30 units about 0.87 to 0.89 for 0.95 in outcomes of this model). Take {SMALL} or more."
        )
    return tuple(found)
