"""The patterns that the model is held against: targets from facts, measured on histories from January 2023.

Patterns of 2023 and 2024 may be calibrated to; those of 2025 and later are predicted. A required pattern rests on facts
that are verified; others are shown for what they are worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.validation import measures
from sim.validation.history import Record
from sim.validation.measures import AtMonth, Factor, FirstYearFall, Growth, Slope, YearMean

LOSSES = ("harm_fraud", "harm_cyber")
"""Domains that the count of reported cybercrime covers."""


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    Attributes
    ----------
    name, label, unit : str
    target, low, high : float
        What the source says, and the tolerance around it.
    facts : tuple of str
        Rows of the table of facts.
    measure : callable
        From a `Record` to one number a member.
    required : bool
        Whether a miss makes ``aperture validate`` fail.
    predicted : bool
        Whether it lies after 2024, so that nothing was or may be fitted to it.
    """

    name: str
    label: str
    unit: str
    target: float
    low: float
    high: float
    facts: tuple[str, ...]
    measure: Callable[[Record], NDArray[np.float64]]
    required: bool = True
    predicted: bool = False


# fmt: off
PATTERNS: tuple[Pattern, ...] = (
    Pattern("compute_growth", "Growth of frontier training compute", "factor/year", 4.76, 4.0, 5.5, ("A02",), measures.compute_growth),
    Pattern("compute_scatter", "Scatter of frontier runs about the trend", "OOM", 0.36, 0.26, 0.46, ("A06",), measures.compute_scatter),
    Pattern("cost_growth", "Growth of the cost of the largest run", "factor/year", 2.73, 2.0, 3.4, ("A07", "A08", "A09"), Factor(Slope("training_cost_usd", 2023, 2024))),
    Pattern("halving_months", "Compute for a fixed capability halves", "months", 8, 5, 14, ("A12",), measures.halving_months),
    Pattern("fixed_price_fall", "Fall of the price of a fixed capability", "OOM/year", 1.6, 1.0, 2.0, ("A14",), FirstYearFall("fixed_capability_price", 12)),
    Pattern("flagship_price_slope", "Slope of the price of the best model", "OOM/year", 0.0, -0.2, 0.2, ("A18",), Slope("flagship_price", 2023, 2024)),
    Pattern("open_lag_2024", "Lag of open models when they set a record, to November 2024", "months", 12, 5, 22, ("B03",), measures.open_record_lag),
    Pattern("elo_gap_2023", "Elo-like gap between best closed and best open, 2023", "points", 126, 96, 156, ("B08",), YearMean("elo_gap", 2023)),
    Pattern("elo_gap_2024", "The same, 2024", "points", 78, 48, 108, ("B08",), YearMean("elo_gap", 2024)),
    Pattern("open_releases_2023", "Open share of releases, 2023", "share", 0.50, 0.40, 0.60, ("B13",), AtMonth("open_release_share", 2023, 12)),
    Pattern("open_releases_2024", "Open share of releases, 2024", "share", 0.39, 0.29, 0.49, ("B13",), AtMonth("open_release_share", 2024, 12)),
    Pattern("unreleased_2023", "Unreleased share of flagships, 2023", "share", 0.31, 0.21, 0.41, ("B15",), AtMonth("unreleased_share", 2023, 12)),
    Pattern("unreleased_2024", "Unreleased share of flagships, 2024", "share", 0.16, 0.06, 0.26, ("B15",), AtMonth("unreleased_share", 2024, 12)),
    Pattern("zero_downloads", "Artefacts that nobody downloads, October 2023", "share", 0.72, 0.65, 0.85, ("C01",), AtMonth("download_zero_share", 2023, 10)),
    Pattern("top_downloads", "Downloads of the top 1 %, October 2023", "share", 0.99, 0.95, 1.0, ("C01",), AtMonth("download_top1pct_share", 2023, 10)),
    Pattern("enterprise_hhi_2023", "Concentration of enterprise spending, 2023", "HHI", 3175, 2700, 3650, ("D02",), YearMean("enterprise_revenue_hhi", 2023), required=False),
    Pattern("training_hhi_2023", "Concentration of the training compute of the year, 2023", "HHI", 2976, 2500, 5000, ("D17",), measures.training_concentration),
    Pattern("open_enterprise_2023", "Open share of enterprise use, 2023", "share", 0.20, 0.15, 0.25, ("D04",), YearMean("open_usage_share_enterprise", 2023)),
    Pattern("open_enterprise_2024", "Open share of enterprise use, 2024", "share", 0.19, 0.14, 0.24, ("D04",), YearMean("open_usage_share_enterprise", 2024)),
    Pattern("incident_growth", "Growth of incidents, 2023 to 2024", "factor/year", 1.5, 1.3, 1.8, ("E32",), Growth(("incidents",), 2023, 2024)),
    Pattern("loss_growth", "Growth of losses to fraud and intrusion, 2023 to 2024", "factor/year", 1.33, 1.25, 1.40, ("E29",), Growth(LOSSES, 2023, 2024)),
    Pattern("patch_days_2024", "Median time to patch, 2024", "days", 32, 24, 40, ("E17",), YearMean("median_days_to_patch", 2024)),
    Pattern("exploit_days_2023", "Time to exploit, 2023", "days", 5, 0, 20, ("E19",), YearMean("median_days_to_exploit", 2023)),
    Pattern("social_return", "Social to private return, 2024", "ratio", 4, 3, 4, ("F09",), YearMean("social_private_return", 2024)),
    Pattern("open_lag_2025", "Lag of open models, October 2025", "months", 3.5, 1.1, 5.3, ("B01",), AtMonth("capability_lag_months", 2025, 10), predicted=True),
    Pattern("elo_gap_2025", "Elo-like gap, August 2025", "points", 36, 6, 66, ("B08",), AtMonth("elo_gap", 2025, 8), predicted=True),
    Pattern("open_releases_2025", "Open share of releases, 2025", "share", 0.42, 0.32, 0.52, ("B13",), AtMonth("open_release_share", 2025, 12), predicted=True),
    Pattern("unreleased_2025", "Unreleased share of flagships, 2025", "share", 0.05, 0.0, 0.15, ("B15",), AtMonth("unreleased_share", 2025, 12), predicted=True),
    Pattern("open_large_2025", "Open share of releases from 1e25 FLOP, 2023 to 2025", "share", 0.20, 0.10, 0.35, ("B17",), measures.open_share_of_large, predicted=True),
    Pattern("open_enterprise_2025", "Open share of enterprise use, mid-2025", "share", 0.13, 0.08, 0.18, ("D04",), AtMonth("open_usage_share_enterprise", 2025, 7), predicted=True),
    Pattern("open_developer_2025", "Open share of developers' use, 2025", "share", 0.20, 0.15, 0.35, ("D05",), YearMean("open_usage_share_developer", 2025), predicted=True),
    Pattern("enterprise_hhi_2025", "Concentration of enterprise spending, late 2025", "HHI", 2840, 2000, 3800, ("D01", "D03"), AtMonth("enterprise_revenue_hhi", 2025, 12), predicted=True),
    Pattern("loss_growth_2025", "Growth of losses to fraud and intrusion, 2024 to 2025", "factor/year", 1.258, 1.15, 1.40, ("E29",), Growth(LOSSES, 2024, 2025), predicted=True),
    Pattern("patch_days_2025", "Median time to patch, 2025", "days", 43, 35, 51, ("E17",), YearMean("median_days_to_patch", 2025), predicted=True),
    Pattern("exploit_days_2025", "Time to exploit, 2025", "days", -7, -20, 0, ("E19",), YearMean("median_days_to_exploit", 2025), predicted=True),
    Pattern("ai_share_2025", "AI-attributable share of harm, 2025", "share", 0.043, 0.02, 0.10, ("E30",), YearMean("ai_attributable_harm_share", 2025), predicted=True),
)
# fmt: on


@dataclass(frozen=True)
class AllPatterns:
    """Every pattern of a batch, ``(member, pattern)``."""

    def __call__(self, record: Record) -> NDArray[np.float64]:
        """Return the table."""
        return np.stack([np.asarray(pattern.measure(record), np.float64) for pattern in PATTERNS], axis=1)
