"""Patterns as their sources measure them, each from the record of a batch to one number a member.

Functions that return a measure are named after what it measures; all are plain so that worker processes can take them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from sim.kernels.choice import HHI_SCALE
from sim.validation.history import FIRST_YEAR, Record

F64 = NDArray[np.float64]

RUNNING = 4
"""A release counts for the trend of the frontier if its run is among so many of the largest so far. The source takes
ten of some hundred notable models a year; the model has some fifteen flagships."""
SETTLING = 6
"""Months in which the first releases fill the table of the largest."""
FEWEST = 4
"""Fewest releases through which a trend is drawn."""


@dataclass(frozen=True)
class YearMean:
    """Mean of an outcome over the months of a year."""

    outcome: str
    year: int

    def __call__(self, record: Record) -> F64:
        """Return one number a member."""
        return np.asarray(record.year(self.outcome, self.year).mean(axis=1))


@dataclass(frozen=True)
class AtMonth:
    """An outcome in one month."""

    outcome: str
    year: int
    month: int

    def __call__(self, record: Record) -> F64:
        """Return one number a member."""
        return record.year(self.outcome, self.year)[:, self.month - 1]


@dataclass(frozen=True)
class Growth:
    """Growth factor a year of the sums of an outcome, or of several together, between two years."""

    outcomes: tuple[str, ...]
    first: int
    last: int

    def __call__(self, record: Record) -> F64:
        """Return one number a member."""
        before, after = (
            np.add.reduce([record.year(name, year).sum(axis=1) for name in self.outcomes], axis=0)
            for year in (self.first, self.last)
        )
        return np.asarray((after / before) ** (1 / (self.last - self.first)))


@dataclass(frozen=True)
class Slope:
    """Slope in OOM a year of an outcome over the months from one year's January to another's December."""

    outcome: str
    first: int
    last: int

    def __call__(self, record: Record) -> F64:
        """Return one number a member."""
        months = slice((self.first - FIRST_YEAR) * 12, (self.last - FIRST_YEAR + 1) * 12)
        series = np.log10(np.maximum(record.monthly[self.outcome][:, months], 1e-12))
        return np.asarray(np.polyfit(np.arange(series.shape[1]) / 12, series.T, 1)[0])


@dataclass(frozen=True)
class Factor:
    """Ten to the power of a slope: growth factor a year."""

    of: Slope

    def __call__(self, record: Record) -> F64:
        """Return one number a member."""
        return np.asarray(10 ** self.of(record))


@dataclass(frozen=True)
class FirstYearFall:
    """Fall in OOM over the first year, against a later month a year on: while the floor of cost does not bind yet."""

    outcome: str
    months: int

    def __call__(self, record: Record) -> F64:
        """Return one number a member, in OOM a year."""
        series = np.log10(np.maximum(record.monthly[self.outcome][:, : self.months + 1], 1e-12))
        return np.asarray((series[:, 0] - series[:, self.months]) * 12 / self.months)


def frontier_trend(record: Record) -> tuple[F64, F64]:
    """Growth factor a year of training compute at the frontier, and scatter about the trend in OOM, on the ledger.

    Flagships whose run is among the `RUNNING` largest so far at their release; to the end of 2024.
    """
    growth, scatter = [], []
    for months, sizes, flop in zip(
        record.ledger["month"], record.ledger["size"], record.ledger["log10_flop"], strict=True
    ):
        mine = (months >= 0) & (months < 24) & (sizes == 0)
        level, when = flop[mine].astype(np.float64), months[mine]
        among = np.array([np.sum(level[:i] > level[i]) < RUNNING for i in range(len(level))], bool)
        among &= when >= SETTLING
        if among.sum() < FEWEST:
            growth.append(np.nan)
            scatter.append(np.nan)
            continue
        line = np.polyfit(when[among] / 12, level[among], 1)
        growth.append(10 ** line[0])
        left = level[among] - np.polyval(line, when[among] / 12)
        scatter.append(np.std(left, ddof=2) / unbiased(int(among.sum()) - 2))
    return np.array(growth), np.array(scatter)


def unbiased(freedom: int) -> float:
    """What the standard deviation of a normal sample is on average, relative to that of the distribution.

    A history of two years has some six runs at the frontier, where the source has 77: among so few the standard
    deviation is too small by several per cent, though the variance is right.
    """
    return float(np.sqrt(2 / freedom) * np.exp(gammaln((freedom + 1) / 2) - gammaln(freedom / 2)))


def compute_growth(record: Record) -> F64:
    """Growth factor a year of training compute at the frontier."""
    return frontier_trend(record)[0]


def compute_scatter(record: Record) -> F64:
    """Residual standard deviation of frontier training compute about its trend, OOM."""
    return frontier_trend(record)[1]


def halving_months(record: Record) -> F64:
    """Months in which the compute for a fixed capability halves: growth of capability less that of compute, on the
    ledger's flagships to the end of 2024.
    """
    found = []
    for months, sizes, flop, level in zip(
        *(record.ledger[name] for name in ("month", "size", "log10_flop", "capability")), strict=True
    ):
        mine = (months >= 0) & (months < 24) & (sizes == 0)
        if mine.sum() < FEWEST:
            found.append(np.nan)
            continue
        slope = np.polyfit(months[mine] / 12, (level - flop)[mine].astype(np.float64), 1)[0]
        found.append(12 * np.log10(2) / slope if slope > 0 else np.inf)
    return np.array(found)


def open_record_lag(record: Record) -> F64:
    """Mean months that open models stood behind when they set a record among open ones, to November 2024."""
    months = 23
    best, lag = record.monthly["open_capability"][:, :months], record.monthly["capability_lag_months"][:, :months]
    sets = np.diff(best, axis=1, prepend=best[:, :1]) > 0
    return np.asarray(np.where(sets, lag, 0).sum(axis=1) / np.maximum(sets.sum(axis=1), 1))


def training_concentration(record: Record) -> F64:
    """Herfindahl–Hirschman index of the training compute of the releases of 2023 by developer, on the ledger."""
    found = []
    for labs, months, flop in zip(*(record.ledger[name] for name in ("lab", "month", "log10_flop")), strict=True):
        mine = (months >= 0) & (months < 12)
        spent = np.bincount(labs[mine], 10 ** (flop[mine].astype(np.float64) - REFERENCE_FLOP), minlength=1)
        total = spent.sum()
        found.append(HHI_SCALE * np.sum((spent / total) ** 2) if total > 0 else np.nan)
    return np.array(found)


REFERENCE_FLOP = 24.0
"""log10 FLOP at which sums of computing are counted, so that they stay finite."""


def open_share_of_large(record: Record) -> F64:
    """Open share of the releases from 1e25 FLOP of three years, on the ledger; none counts as not measured."""
    found = []
    for months, flop, opened in zip(
        *(record.ledger[name] for name in ("month", "log10_flop", "open_month")), strict=True
    ):
        large = (months >= 0) & (months < 36) & (flop >= 25)
        found.append(np.mean(opened[large] >= 0) if large.any() else np.nan)
    return np.array(found)
