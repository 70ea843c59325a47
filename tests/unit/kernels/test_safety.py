"""Safety effort: cases worked by hand, the quadratic race, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import safety
from tests.support import F32, direction, f32, parameters

RACE = {
    "safety_returns": 1, "decisiveness": 1, "openness_pressure": 0.4, "stake": 1, "adjustment": 0.4,
    "imitation_rate": 0.1, "imitation_intensity": 1,
}  # fmt: skip
ACCIDENTS = {
    "safety_returns": 3, "accident_rate": 0.01, "accident_capability": 0.5, "accident_reference": 26,
    "accident_flaws": 0.1, "white_box_gain": 0.25,
}  # fmt: skip


def test_survival() -> None:
    # k = 3 and half of the effort: 1.5 / (1.5 + .5) = 3/4. No effort, no survival; all effort, certainty.
    assert_allclose(safety.survival(f32(0.5, 0, 1), f32([[3]])), [[0.75, 0, 1]])


def test_effort_step() -> None:
    # s = 1/2, k = 1, share 1/2: gain 1 / (.5 · 1) = 2, cost 1 · .5 / .5 = 1, push (2 - 1) · .25 = .25; the log-odds
    # rise from 0 by .4 · .25 = .1: e^.1 / (1 + e^.1) = .524979.
    p = parameters("safety", **RACE)
    half, none = f32([[0.5]]), f32([[0.0]])
    assert_allclose(safety.effort_step(half, half, none, none, p), [[0.524979]], rtol=1e-6)
    # Pursuers level with the leader sharpen the race by 1.4: push (2 - 1.4) · .25 = .15, log-odds .06 → .514996.
    assert_allclose(safety.effort_step(half, half, none + 1, none, p), [[0.514996]], rtol=1e-6)
    # Liability of 1 doubles the stake: push (4 - 1) · .25 = .75, log-odds .3 → .574443.
    assert_allclose(safety.effort_step(half, half, none, none + 1, p), [[0.574443]], rtol=1e-6)
    # A monopolist has nothing to lose by safety: push 2 · .25 = .5, log-odds .2 → .549834.
    assert_allclose(safety.effort_step(half, half * 2, none, none, p), [[0.549834]], rtol=1e-6)


def test_effort_pull() -> None:
    # The pushes of the cases above: 2 - 1 and 2 - 1.4, each times .25; and none at the rest point 2/3 of a duopoly.
    p = parameters("safety", **RACE)
    half, none = f32([[0.5]]), f32([[0.0]])
    assert_allclose(safety.effort_pull(half, half, none, none, p), [[0.25]], rtol=1e-6)
    assert_allclose(safety.effort_pull(half, half, none + 1, none, p), [[0.15]], rtol=1e-6)
    assert_allclose(safety.effort_pull(f32([[2 / 3]]), half, none, none, p), [[0]], atol=1e-6)


def test_effort_stays_inside() -> None:
    # One developer who would stop at nothing and one who cares for nothing, each of whom moves at once.
    p = parameters("safety", 2, **{**RACE, "adjustment": 50, "stake": [[9], [0]]})
    half, none = f32([[0.5], [0.5]]), f32([[0], [0]])
    assert_allclose(safety.effort_step(half, half, none, none, p), [[safety.MOST], [safety.LEAST]], rtol=1e-6)
    off = parameters("safety", **RACE, enabled=0)
    assert_allclose(safety.effort_step(f32(0.3, 0.7), f32(0, 1), f32([[1]]), f32(9, 0), off), [[0.3, 0.7]], rtol=1e-6)


def rest(n: int, k: float, w: float) -> float:
    """Probability of no disaster at rest: n equal developers who start apart and adjust month by month."""
    p = parameters("safety", **{**RACE, "safety_returns": k, "decisiveness": w})
    effort: F32 = np.linspace(0.1, 0.6, n, dtype=np.float32)[None]
    share, none = np.full((1, n), 1 / n, np.float32), f32([[0.0]])
    for _ in range(1500):
        effort = safety.effort_step(effort, share, none, share * 0, p)
    assert np.ptp(effort) < 1e-3
    return float(safety.survival(effort, f32([[k]]))[0, 0])


@pytest.mark.parametrize(
    ("n", "k", "w"), [(2, 1, 1), (2, 5, 1), (5, 20, 1), (12, 20, 2.5), (3, 50, 0.4), (12, 2, 1), (5, 20, 0.4)]
)
def test_quadratic_race(n: int, k: float, w: float) -> None:
    # In the symmetric race the probability p that no disaster follows solves
    # n (k - 1) p² - [n (2 k - 1) + w (n - 1)] p + n k = 0; of its roots the lower one is a probability. For k = 1 it is
    # linear: p = n / (n + w (n - 1)), so two developers at w = 1 reach 2/3.
    a, b, c = n * (k - 1), -(n * (2 * k - 1) + w * (n - 1)), n * k
    root = -c / b if a == 0 else (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a)
    assert rest(n, k, w) == pytest.approx(root, abs=5e-4)
    if (n, k, w) == (2, 1, 1):
        assert root == pytest.approx(2 / 3)


def test_more_rivals_race_harder() -> None:
    assert rest(2, 20, 1) > rest(3, 20, 1) > rest(12, 20, 1)


def test_effort_at_rest_from_the_root() -> None:
    # s = p / (k (1 - p) + p): for n = 2, k = 5, w = 1: 8 p² - 19 p + 10 = 0, p = (19 - √41) / 16 = .787305,
    # s = .787305 / (5 · .212695 + .787305) = .425400.
    assert rest(2, 5, 1) == pytest.approx(0.787305, abs=2e-4)
    p = parameters("safety", **{**RACE, "safety_returns": 5})
    effort, zero = f32([[0.4254]]), f32([[0.0]])
    assert_allclose(safety.effort_step(effort, zero + 0.5, zero, zero, p), effort, atol=1e-5)


def test_imitation() -> None:
    # At equal earnings a rival is copied with .1 · 1/2 = .05; a spread better: .0731059; a spread worse: .0268941.
    p = parameters("safety", **RACE)
    own, other, spread = f32([[0.2] * 6]), f32([[0.6] * 6]), f32([[2.0]])
    earned, theirs = f32(5, 5, 5, 5, 5, 5), f32(5, 5, 7, 7, 3, 3)
    u = f32(0.049, 0.051, 0.073, 0.0732, 0.0268, 0.027)
    assert_array_equal(safety.imitate(own, other, earned, theirs, spread, u, p), f32(0.6, 0.2, 0.6, 0.2, 0.6, 0.2))
    off = parameters("safety", **RACE, enabled=0)
    assert_array_equal(safety.imitate(own, other, earned, theirs, spread, u, off), own)


def test_accidents() -> None:
    # Half of the effort at k = 3 leaves 1/4 unsafe: .01 / 4 = .0025. Two OOM above the reference: 10 times.
    # Five flaws: 1.5 times. Everything studied from outside: .75 times. Nobody there: nothing.
    p = parameters("safety", **ACCIDENTS)
    level, effort = f32(26, 28, 26, 26, 26), f32(0.5, 0.5, 0.5, 0.5, 0.5)
    flaws, outside, active = f32(0, 0, 5, 0, 0), f32([[0.0]]), np.array([[True, True, True, True, False]])
    hazard = safety.accident_hazard(level, effort, flaws, outside, active, p)
    assert_allclose(hazard, [[0.0025, 0.025, 0.00375, 0.0025, 0]], rtol=1e-5)
    studied = safety.accident_hazard(level, effort, flaws, outside + 1, active, p)
    assert_allclose(studied, 0.75 * hazard, rtol=1e-5)
    off = parameters("safety", **ACCIDENTS, enabled=0)
    assert (safety.accident_hazard(level, effort, flaws, outside, active, off) == 0).all()


def test_performance_lost() -> None:
    # Half of the resources: log10 .5 = -.30103. At most 98 % can go to safety: log10 .02 = -1.69897.
    assert_allclose(safety.performance_lost(f32(0, 0.5, 1)), [[0, -0.30103, -1.69897]], rtol=1e-4)


EFFORT = {"effort": f32(0.2, 0.3), "share": f32(0.4, 0.1), "closeness": f32([[0.5]]), "liability": f32(0.1, 0.1)}
HAZARD = {
    "capability": f32(26, 27), "effort": f32(0.2, 0.4), "flaws": f32(1, 2), "outside": f32([[0.2]]),
    "active": np.array([[True, True]]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("effort_step", EFFORT, {"closeness": f32([[1]])}, "down"),
        ("effort_step", EFFORT, {"liability": f32(1, 1)}, "up"),
        ("effort_step", EFFORT, {"share": f32(0.8, 0.5)}, "up"),
        ("effort_step", EFFORT, {"p.decisiveness": 2.5}, "down"),
        ("effort_step", EFFORT, {"p.stake": 2}, "up"),
        ("effort_step", {**EFFORT, "closeness": f32([[0]])}, {"p.openness_pressure": 3}, "unchanged"),
        ("accident_hazard", HAZARD, {"effort": f32(0.4, 0.6)}, "down"),
        ("accident_hazard", HAZARD, {"capability": f32(27, 28)}, "up"),
        ("accident_hazard", HAZARD, {"flaws": f32(3, 4)}, "up"),
        ("accident_hazard", HAZARD, {"outside": f32([[0.8]])}, "down"),
        ("performance_lost", {"effort": f32(0.1, 0.5)}, {"effort": f32(0.2, 0.6)}, "down"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = inputs if function == "performance_lost" else {"p": parameters("safety"), **inputs}
    assert direction(getattr(safety, function), given, change) == goes


def test_race_of_armstrong_bostrom_and_shulman() -> None:
    # Five teams, enmity 1/2, capability up to 2. Blind: 2 / (5 · 1/2) = .8. Private: c / (1/2 · 4 + 1) = c / 3. Public:
    # the leader's lead of .3 over 1/2, those behind nothing. Never above one: a lead of 1.
    given = f32(2, 1.5, 0.6), f32(0.3, -0.3, -1.2), f32([[4]])
    for form, wanted in (
        ("race_blind", [0.8, 0.8, 0.8]),
        ("race_private", [2 / 3, 0.5, 0.2]),
        ("race_public", [0.6, 0, 0]),
    ):
        p = parameters("safety", form=form, enmity=0.5, race_scale=2)
        assert_allclose(safety.race_effort(*given, p), [wanted], rtol=1e-6)
    public = parameters("safety", form="race_public", enmity=0.5)
    assert_allclose(safety.race_effort(f32(2), f32(1), f32([[4]]), public), [[1]])


def test_approach() -> None:
    # A tenth of the way from .2 to .8: .26. Never below the least effort; with the submodel off nothing moves.
    p = parameters("safety", adjustment=0.1)
    assert_allclose(safety.approach(f32(0.2, 0.02), f32(0.8, 0), p), [[0.26, 0.02]], rtol=1e-6)
    assert_allclose(safety.approach(f32(0.2), f32(0.8), parameters("safety", enabled=0)), [[0.2]], rtol=1e-6)
