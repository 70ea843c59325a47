"""The hindcast: what calibrated draws predict for 2025 and 2026, scored where facts are at hand, misses and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.validation.history import FIRST_YEAR, Record, histories
from sim.validation.patterns import PATTERNS, AllPatterns, Pattern
from sim.validation.scores import Point, covered, crps, last_value, trend

F64 = NDArray[np.float64]

YEARS = 4
"""2023 to 2026."""
DATES = ((2025, 6), (2025, 12), (2026, 6), (2026, 12))
"""Months for which every outcome below is predicted."""
PREDICTED = (
    "frontier_training_flop", "training_cost_usd", "capability_lag_months", "compute_lag_months", "elo_gap",
    "api_revenue_hhi", "enterprise_revenue_hhi", "usage_hhi", "developer_usage_hhi", "training_compute_hhi",
    "open_usage_share_enterprise", "open_usage_share_developer", "open_release_share", "open_release_share_1e25",
    "unreleased_share", "incidents", "cumulative_harm", "ai_attributable_harm_share", "median_days_to_patch",
    "median_days_to_exploit", "download_zero_share", "download_top1pct_share", "flagship_price",
)  # fmt: skip
"""Outcomes that are predicted, month by month."""
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

BEFORE: dict[str, tuple[Point, ...]] = {
    "open_lag_2025": ((2024.8, 12.0),),
    "elo_gap_2025": ((2023.5, 126.0), (2024.5, 78.0)),
    "open_releases_2025": ((2020.5, 0.56), (2021.5, 0.53), (2022.5, 0.45), (2023.5, 0.50), (2024.5, 0.39)),
    "unreleased_2025": ((2020.5, 0.42), (2021.5, 0.36), (2022.5, 0.40), (2023.5, 0.31), (2024.5, 0.16)),
    "open_enterprise_2025": ((2023.5, 0.20), (2024.5, 0.19)),
    "loss_growth_2025": ((2022.5, 10.3 / 6.9), (2023.5, 12.5 / 10.3), (2024.5, 16.6 / 12.5)),
    "patch_days_2025": ((2024.5, 32.0),),
    "exploit_days_2025": ((2020.6, 44.0), (2021.9, 32.0), (2023.5, 5.0), (2024.5, -1.0)),
    "enterprise_hhi_2025": ((2023.5, 3175.0),),
}
"""What was known by the end of 2024, for the naive forecasts: facts B03, B08, B13, B15, D04, E29, E17, E19, D02."""
WHEN = {"open_lag_2025": 2025.8, "elo_gap_2025": 2025.6, "enterprise_hhi_2025": 2025.95}
"""Dates of predicted patterns that are not of the middle of 2025."""


@dataclass(frozen=True)
class Score:
    """One predicted pattern beside what was observed.

    Attributes
    ----------
    pattern : Pattern
    sample : ndarray (run,)
    crps, last, trend : float or None
        Score of the model and of the two naive forecasts; None where nothing was known before.
    in50, in90 : bool
        Whether the central intervals hold the observed value.
    """

    pattern: Pattern
    sample: F64
    crps: float
    last: float | None
    trend: float | None
    in50: bool
    in90: bool


@dataclass(frozen=True)
class Hindcast:
    """Predictions and scores.

    Attributes
    ----------
    predicted : dict
        Outcome, then month as ``YYYY-MM``, then quantile by name.
    scores : tuple of Score
    """

    predicted: dict[str, dict[str, dict[str, float]]]
    scores: tuple[Score, ...]


class Predictions:
    """Patterns and predicted outcomes of a batch, each ``(member, …)``."""

    def __call__(self, record: Record) -> tuple[F64, F64]:
        """Return patterns ``(member, pattern)`` and outcomes ``(member, outcome, date)``."""
        outcomes = np.stack(
            [
                np.stack([record.monthly[name][:, (y - FIRST_YEAR) * 12 + m - 1] for y, m in DATES], axis=1)
                for name in PREDICTED
            ],
            axis=1,
        )
        return AllPatterns()(record), outcomes


def hindcast(
    draws: int | Mapping[str, Any], replicates: int, seed: int, workers: int = 1, progress: Any = None
) -> Hindcast:
    """Predict 2025 and 2026 from January 2023 on, and score what is known.

    Parameters
    ----------
    draws : int or mapping of str to ndarray
        Calibrated draws, usually.
    replicates, seed, workers : int
    progress : callable, optional
    """
    found = histories(Predictions(), YEARS, replicates, draws, seed, workers, progress)
    patterns, outcomes = (np.concatenate(part) for part in zip(*found, strict=True))
    predicted = {
        name: {
            f"{year}-{month:02d}": _quantiles(outcomes[:, i, j]) for j, (year, month) in enumerate(DATES)
        }
        for i, name in enumerate(PREDICTED)
    }  # fmt: skip
    scores = tuple(_score(pattern, patterns[:, i]) for i, pattern in enumerate(PATTERNS) if pattern.predicted)
    return Hindcast(predicted, scores)


def _quantiles(values: F64) -> dict[str, float]:
    return {name: float(np.quantile(values, q)) for name, q in QUANTILES.items()}


def _score(pattern: Pattern, sample: F64) -> Score:
    usable = sample[np.isfinite(sample)]
    known, when = BEFORE.get(pattern.name, ()), WHEN.get(pattern.name, 2025.5)
    going_on = trend(known, when)
    return Score(
        pattern,
        usable,
        crps(usable, pattern.target),
        abs(last_value(known) - pattern.target) if known else None,
        None if going_on is None else abs(going_on - pattern.target),
        covered(usable, pattern.target, 0.5),
        covered(usable, pattern.target, 0.9),
    )
