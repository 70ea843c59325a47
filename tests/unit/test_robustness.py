"""Rules of decision on a table that can be worked out by hand, and how many runs are enough."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.enough import components, enough_runs, units_needed
from sim.experiments.robustness import Settings, rank_robustly, regret

GAINS = np.array([[5.0, 5.0, 5.0, 5.0], [0.0, 4.0, 8.0, 12.0], [6.0, 6.0, 6.0, 1.0]])
POLICIES = ("steady", "bold", "fair")


def test_every_rule_by_hand() -> None:
    found = rank_robustly(GAINS, POLICIES, Settings(optimism=0.25, spread=2.0, target=5.5), resamples=50)
    assert regret(GAINS)[0].tolist() == [1, 1, 3, 7]
    expected = {
        "expected value": [5, 6, 4.75],
        "worst case": [5, 0, 1],
        "Hurwicz": [5, 3, 2.25],
        "largest regret": [7, 6, 11],
        "satisficing": [0, 0.5, 0.75],
        "mean less spread": [5, 6 - 2 * np.sqrt(20), 4.75 - 2 * GAINS[2].std()],
    }
    for rule, numbers in expected.items():
        assert found.scores[rule] == pytest.approx(numbers), rule
    assert found.scores["regret, 90th percentile"] == pytest.approx(np.quantile(regret(GAINS), 0.9, axis=1))
    assert found.ranks["worst case"].tolist() == [1, 3, 2] and found.ranks["largest regret"].tolist() == [2, 1, 3]
    assert found.target == 5.5 and found.futures == 4


def test_rules_agree_where_one_policy_is_always_better() -> None:
    gains = np.stack([np.arange(50.0), np.arange(50.0) + 1, np.arange(50.0) + 2])
    found = rank_robustly(gains, ("a", "b", "c"), resamples=50)
    assert all(first[2] == pytest.approx(1) for rule, first in found.first.items() if rule != "satisficing")
    assert all(ranks[2] == 1 for ranks in found.ranks.values())
    assert np.nanmin(found.agreement) > 0


def test_first_places_are_shares_and_shared_by_equals() -> None:
    gains = np.stack([np.arange(9.0), np.arange(9.0)])
    found = rank_robustly(gains, ("a", "b"), resamples=20)
    assert all(first == pytest.approx([0.5, 0.5]) for first in found.first.values())
    assert all(ranks.tolist() == [1.5, 1.5] for ranks in found.ranks.values())


def test_first_place_of_a_coin_is_open() -> None:
    rng = np.random.default_rng(0)
    gains = np.stack([rng.normal(size=200), rng.normal(size=200) + 0.15])
    first = rank_robustly(gains, ("a", "b"), resamples=300).first["expected value"]
    assert 0.5 < first[1] < 1 and first.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("gains", "settings"),
    [(GAINS[:1], None), (GAINS * np.nan, None), (GAINS, Settings(optimism=2)), (GAINS, Settings(spread=-1))],
)
def test_what_cannot_be_ranked_is_refused(gains: np.ndarray, settings: Settings | None) -> None:
    with pytest.raises(InputError):
        rank_robustly(gains, POLICIES[: len(gains)], settings)


def test_units_needed_are_the_least_that_suffice() -> None:
    from sim.statistics import t_quantile

    for target in (0.05, 0.3, 2.0):
        n = units_needed(1.0, target)
        assert t_quantile(0.975, n - 1) / np.sqrt(n) <= target
        assert n == 2 or t_quantile(0.975, n - 2) / np.sqrt(n - 1) > target
    assert units_needed(1.0, 0.01) == pytest.approx((1.96 / 0.01) ** 2, rel=0.001)
    assert units_needed(0.0, 0.1) == 2


def test_the_number_that_is_asked_for_gives_the_half_width() -> None:
    """As many pairs as a pilot asks for give intervals as wide as wanted, on average, and cover as they say."""
    rng = np.random.default_rng(2)
    pilot = enough_runs(rng.normal(1.0, 2.0, (1, 400)), 0.25)
    assert pilot.verdict == "enough" and pilot.needed is not None and pilot.needed_high is not None
    assert 200 < pilot.needed < pilot.needed_high < 350  # (1.96 x 2 / 0.25)^2 = 246
    again = [enough_runs(rng.normal(1.0, 2.0, (1, pilot.needed)), 0.25) for _ in range(400)]
    assert np.mean([one.half_width for one in again]) == pytest.approx(0.25, rel=0.05)
    covered = np.mean([abs(one.mean - 1.0) <= one.half_width for one in again])
    assert 0.92 <= covered <= 0.98  # 0.95 within four standard errors
    assert enough_runs(rng.normal(1.0, 2.0, (1, 100)), 0.25).verdict == "more"


def test_no_verdict_below_thirty_events() -> None:
    differences = np.zeros((1, 200))
    differences[0, :29] = 1.0
    found = enough_runs(differences, 10.0)
    assert found.verdict == "none" and found.needed is None and "29 events" in found.warnings[0]
    differences[0, 29] = 1.0
    assert enough_runs(differences, 10.0).verdict == "enough"
    assert enough_runs(np.ones((1, 200)), 1.0, events=3).verdict == "none"


def test_skewed_differences_of_few_runs_are_warned_about_and_do_under_cover() -> None:
    rng = np.random.default_rng(0)
    samples = rng.lognormal(0, 1.2, (2000, 30))
    found = [enough_runs(sample[None], 1.0) for sample in samples]
    covered = np.mean([abs(one.mean - np.exp(0.72)) <= one.half_width for one in found])
    assert covered < 0.92  # the reason for the warning
    assert np.mean([bool(one.warnings) for one in found]) > 0.9
    assert not enough_runs(rng.normal(size=(1, 30)), 1.0).warnings
    assert not enough_runs(rng.lognormal(0, 1.2, (1, 200)), 1.0).warnings


def test_components_of_variance() -> None:
    rng = np.random.default_rng(4)
    differences = 3.0 * rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 4))
    between, within = components(differences)
    assert between == pytest.approx(9, rel=0.1) and within == pytest.approx(1, rel=0.1)
    found = enough_runs(differences, 1.0)
    assert found.units == 2000 and found.half_width == pytest.approx(1.96 * np.sqrt(9.25 / 2000), rel=0.06)
    assert np.isnan(components(differences[:1])[0]) and np.isnan(components(differences[:, :1])[1])


@pytest.mark.parametrize(("differences", "target"), [(np.ones((1, 1)), 1.0), (np.ones((1, 9)), 0.0)])
def test_questions_without_an_answer_are_refused(differences: np.ndarray, target: float) -> None:
    with pytest.raises(InputError):
        enough_runs(differences, target)
    with pytest.raises(InputError):
        enough_runs(np.full((1, 40), np.nan), 1.0)
