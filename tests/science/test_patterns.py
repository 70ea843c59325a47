"""The status quo of 2023 to 2025 is of the right order on what is known; bands are those of the facts, widened.

Calibration proper is another matter: here nonsense is caught, not fit measured.
"""

from functools import cache

import numpy as np
import pytest

from sim.results import Results
from sim.runner import run
from sim.scenario import load


@cache
def history() -> Results:
    return run(load("status_quo", settings=("start=2023-01", "months=36")), replicates=24, seed=5, details=False)


def year(name: str, place: int) -> float:
    """Mean of an outcome over the runs and over one year: 0 is 2023."""
    return float(history().monthly[name][:, 12 * place : 12 * place + 12].mean())


def growth(name: str) -> float:
    """Growth factor a year from 2023 to 2025."""
    return float(np.sqrt(year(name, 2) / year(name, 0)))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("frontier_training_flop", 3.0, 6.5),  # A02: 4.76 a year
        ("training_cost_usd", 1.8, 4.0),  # A07 to A09: 2.4 to 2.9
        ("cumulative_harm", 1.15, 1.45),  # E29: 1.25 to 1.40, most of it without AI
        ("incidents", 1.02, 1.9),  # E32: 1.3 to 1.8
    ],
)
def test_growth_a_year(name: str, low: float, high: float) -> None:
    assert low < growth(name) < high


@pytest.mark.parametrize(
    ("name", "place", "low", "high"),
    [
        ("capability_lag_months", 0, 5, 22),  # B03
        ("elo_gap", 0, 60, 170),  # B08: 126 in 2023
        # D02, unverified: 2,700 to 3,650 in 2023. The model stands above the band: a miss that the pages publish.
        pytest.param("enterprise_revenue_hhi", 0, 2200, 4200, marks=pytest.mark.xfail(reason="published miss")),
        ("open_usage_share_enterprise", 1, 0.08, 0.35),  # D04: .19 in 2024
        ("open_release_share", 1, 0.25, 0.65),  # B13: .50 in 2024
        ("incidents", 1, 8, 35),  # E32: 233 in 2024, 19 a month
        ("median_days_to_patch", 1, 24, 43),  # E17: 32 days
        ("median_days_to_exploit", 0, -5, 30),  # E19: 5 days in 2023
        ("download_zero_share", 0, 0.5, 0.9),  # C01: over 70 %
        ("ai_attributable_harm_share", 2, 0.0, 0.10),  # E30: 4 % of losses labelled in 2025
    ],
)
def test_level_in_a_year(name: str, place: int, low: float, high: float) -> None:
    assert low < year(name, place) < high


def test_flagship_price_is_flat_while_fixed_capability_gets_cheap() -> None:
    # A18 and A14: within .2 OOM a year, and one to two OOM a year.
    assert abs(np.log10(year("flagship_price", 1) / year("flagship_price", 0))) < 0.2
    assert np.log10(year("fixed_capability_price", 1) / year("fixed_capability_price", 0)) < -0.5


def test_laggards_open_and_leaders_close_unasked() -> None:
    # Nothing asks for a rank or a size: openness falls with scale because the profit forgone grows with it.
    assert year("leader_open", 2) < year("open_release_share", 2) / 3
    assert year("open_release_share_1e25", 2) < year("open_release_share", 2)


def test_capability_lag_is_shorter_than_that_of_compute() -> None:
    # B01 and B03 against B04: distillation and absorption make up for part of the compute.
    assert all(year("capability_lag_months", place) < year("compute_lag_months", place) for place in range(3))
