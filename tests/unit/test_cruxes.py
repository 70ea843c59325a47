"""Value of information against closed forms, and the values at which a preferred policy changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sim.errors import InputError
from sim.experiments.crux import find_cruxes
from sim.experiments.evppi import basis, fitted, information, value
from sim.experiments.preference import EQUAL, Preference, read_preference, turns

FUTURES = 4096


def linear(offset: float, slopes: list[float], seed: int = 0, noise: float = 0.5) -> tuple[np.ndarray, dict]:
    """Two policies whose difference is linear in normal assumptions: the case with a closed form."""
    rng = np.random.default_rng(seed)
    known = {f"x{i}": rng.normal(size=FUTURES) for i in range(len(slopes))}
    gap = offset + sum(slope * known[f"x{i}"] for i, slope in enumerate(slopes)) + noise * rng.normal(size=FUTURES)
    common = 10 * rng.normal(size=FUTURES)
    return np.stack([common, common + gap]), known


def closed_form(offset: float, slope: float) -> float:
    """Expected gain of choosing after a normal with this mean and deviation is known: E max(0, .) - max(0, mean)."""
    s = abs(slope)
    return s * norm.pdf(offset / s) + offset * norm.cdf(offset / s) - max(offset, 0.0)


@pytest.mark.parametrize("offset", [0.0, 0.4, -0.7])
def test_value_of_information_matches_the_closed_form(offset: float) -> None:
    gains, known = linear(offset, [1.0, -0.5, 0.0])
    found = information(gains, known, permutations=50)
    for name, slope in (("x0", 1.0), ("x1", -0.5)):
        assert found.worth[name] == pytest.approx(closed_form(offset, slope), abs=0.025)  # 3 standard errors
    assert found.worth["x2"] < 0.02
    total = np.sqrt(1.0 + 0.25 + 0.25)
    assert found.everything == pytest.approx(closed_form(offset, total), abs=0.04)


def test_value_of_a_choice_matches_its_closed_form() -> None:
    rng = np.random.default_rng(3)
    option = np.array(["a", "b", "c"])[rng.integers(0, 3, FUTURES)]
    means = {"a": 1.0, "b": -1.0, "c": 0.5}
    gap = np.array([means[o] for o in option]) + rng.normal(size=FUTURES)
    found = information(np.stack([np.zeros(FUTURES), gap]), {"option": option}, permutations=20)
    assert found.worth["option"] == pytest.approx(1.5 / 3 - 0.5 / 3, abs=0.03)
    cruxes = find_cruxes(np.stack([np.zeros(FUTURES), gap]), {"option": option}, permutations=20)
    assert {s.policy: s.names for s in cruxes.cruxes[0].stretches} == {1: ("a", "c"), 0: ("b",)}


def test_curved_means_are_followed() -> None:
    x = np.random.default_rng(1).random(FUTURES)
    gap = (x - 0.5) ** 2 - 1 / 24
    found, size = fitted(basis(x), np.stack([np.zeros(FUTURES), gap]))
    assert size > 1
    assert found[1] == pytest.approx(gap, abs=0.01)


def test_luck_is_not_taken_for_value() -> None:
    """Over 40 problems in which nothing matters, about two may look significant at 5 %; more than six have p < 0.01."""
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        gains = rng.normal(size=(2, 200))
        known = {f"x{i}": rng.random(200) for i in range(30)}
        alarms += min(information(gains, known, permutations=99, seed=seed + 1).chance.values()) <= 0.05
    assert alarms <= 6


def test_threshold_is_where_the_lines_cross() -> None:
    rng = np.random.default_rng(5)
    known = {"rate": 10 ** rng.uniform(-3, 0, 1024), "other": rng.random(1024)}
    gap = np.log10(known["rate"]) + 2 + 0.3 * rng.normal(size=1024)  # the second policy is better above 0.01
    found = find_cruxes(np.stack([np.zeros(1024), gap]), known, permutations=50)
    crux = found.cruxes[0]
    assert crux.name == "rate" and crux.chance < 0.05 and crux.low < crux.worth < crux.high
    (threshold,) = crux.thresholds
    assert (threshold.below, threshold.above, threshold.support) == (0, 1, 1.0)
    assert threshold.value == pytest.approx(0.01, rel=0.15) and threshold.low < 0.01 < threshold.high
    assert [s.policy for s in crux.stretches] == [0, 1]
    assert crux.stretches[0].share == pytest.approx(1 / 3, abs=0.06)
    other = next(c for c in found.cruxes if c.name == "other")
    assert not other.thresholds and other.lead[0] > 0


def test_leader_and_best_shares() -> None:
    gains = np.stack([np.zeros(100), np.where(np.arange(100) < 30, 4.0, -1.0)])
    found = find_cruxes(gains, {"x": np.arange(100.0)}, permutations=20)
    assert found.leader == 1 and found.best == (0.7, 0.3)
    assert found.everything == pytest.approx(0.3 * 4 - 0.5)


def test_value_is_never_negative_and_constant_assumptions_are_worth_nothing() -> None:
    assert value(np.array([[1.0, 2.0], [3.0, 4.0]])) == 0
    gains = np.random.default_rng(0).normal(size=(3, 50))
    assert information(gains, {"x": np.full(50, 2.0)}, permutations=5).worth["x"] == 0


@pytest.mark.parametrize(
    ("gains", "message"),
    [
        (np.zeros((1, 50)), "only one"),
        (np.zeros((2, 5)), "too few"),
        (np.full((2, 50), np.nan), "not finite"),
    ],
)
def test_what_teaches_nothing_is_refused(gains: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_cruxes(gains, {"x": np.arange(gains.shape[1] * 1.0)})


OUTCOMES = {
    "cumulative_innovation": np.array([[10.0, 10.0], [14.0, 18.0]]),
    "concentration_index": np.array([[2000.0, 2000.0], [1000.0, 1000.0]]),
    "cumulative_harm": np.array([[1.0, 1.0], [2.0, 4.0]]),
}


def test_preference_scales() -> None:
    assert EQUAL.parts(OUTCOMES)["cumulative_innovation"][1] - EQUAL.parts(OUTCOMES)["cumulative_innovation"][
        0
    ] == pytest.approx([4 / 6, 8 / 6])
    percent = Preference(EQUAL.weights, "percent").parts(OUTCOMES)["cumulative_harm"]
    assert (percent[1] - percent[0]) == pytest.approx([-100, -300])
    unit = Preference({"cumulative_harm": 3.0}, "unit").utility(OUTCOMES)
    assert unit == pytest.approx(-OUTCOMES["cumulative_harm"])


def test_ranking_turns_at_the_weight_that_makes_means_equal() -> None:
    preference = read_preference("innovation=1,concentration=1,harm=1")
    found = {(turn.outcome, turn.weight > turn.stated): turn for turn in turns(preference, OUTCOMES)}
    turn = found["cumulative_harm", True]
    assert turn.policy == 0 and turn.weight == pytest.approx(2.0)  # one typical stake each: 1 + 1 against the weight
    at = Preference({**preference.weights, "cumulative_harm": turn.weight}).utility(OUTCOMES).mean(axis=1)
    assert at[0] == pytest.approx(at[1])


@pytest.mark.parametrize("text", ["harm", "harm=-1", "harm=x", "harm=1,harm=2", "nothing=1", "harm=0", "audits=1"])
def test_preferences_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_preference(text)
    with pytest.raises(InputError):
        read_preference("harm=1", "feet")
