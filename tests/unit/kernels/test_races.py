"""Races: cases worked by hand, the claims of the publications, and what a scenario that selects a form does."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.kernels import races
from tests.support import F32, f32, small


def column(value: float) -> Any:
    return np.array([[value]])


def tradeoff(winner_only: bool = False, **changes: float) -> list[float]:
    values = {"n": 2, "A": 1, "B": 1, "alpha": 1, "beta": 1, "theta": 0.5, "d": 0, "r": 0.05, **changes}
    values["n"] -= 1
    found = races.tradeoff_equilibrium(*(column(value) for value in values.values()), winner_only)
    return [float(x[0, 0]) for x in found]


def test_tradeoff_by_hand() -> None:
    # n = 2, θ = 1, r = .05, all else 1 and d = 0, so k = 1/2. Try s = 2: S = (2/3)² = 4/9, X_s = 4/9 · 1/2 / (.05 · 3)
    # = 40/27, X_p = 4/9 · (1/4 - 1/6) / .05 = 20/27 = p, and s = X_s / p = 2.
    s, p, share = tradeoff(theta=1.0)
    assert s == pytest.approx(2) and p == pytest.approx(20 / 27) and share == pytest.approx(2 / 3)


@pytest.mark.parametrize("winner_only", [False, True])
@pytest.mark.parametrize(("n", "theta", "d"), [(2, 0.3, 0.0), (3, 0.2, 1.0), (6, 0.05, 0.4)])
def test_nobody_gains_by_other_inputs(n: int, theta: float, d: float, winner_only: bool) -> None:
    # Utility of one firm as it varies its own inputs around the equilibrium, the others staying: from the set-up of the
    # publication, not from its first-order conditions.
    A, B, alpha, beta, r = 10.0, 10.0, 0.5, 0.5, 0.01
    s, p, share = tradeoff(winner_only, n=n, A=A, B=B, alpha=alpha, beta=beta, theta=theta, d=d, r=r)
    performing = (p / B) ** (1 / beta)
    securing = performing * share / (1 - share)

    def utility(x_s: float, x_p: float) -> float:
        own_p = B * x_p**beta
        own_s = A * x_s**alpha * own_p**-theta
        wins = own_p / (own_p + (n - 1) * p)
        if winner_only:
            safe, others = own_s / (1 + own_s), s / (1 + s)
            disaster = 1 - wins * safe - (1 - wins) * others
            return wins * safe - d * disaster - r * (x_s + x_p)
        safe = own_s / (1 + own_s) * (s / (1 + s)) ** (n - 1)
        return safe * wins - d * (1 - safe) - r * (x_s + x_p)

    best = utility(securing, performing)
    for more_s in (0.9, 1.0, 1.1):
        for more_p in (0.9, 1.0, 1.1):
            if (more_s, more_p) != (1.0, 1.0):
                assert utility(securing * more_s, performing * more_p) < best + 1e-9


def test_safety_rises_with_the_price_of_inputs_if_performance_makes_it_hard_enough() -> None:
    # The claim of the publication: dearer inputs raise safety if and only if θ is above α / β.
    for theta, rises in ((0.5, False), (0.9, False), (1.1, True), (1.5, True)):
        cheap, dear = (tradeoff(theta=theta, r=r)[0] for r in (0.02, 0.05))
        assert (dear > cheap) == rises, theta


def test_without_an_equilibrium_nothing_is_spent_on_safety() -> None:
    assert tradeoff(theta=0.0, r=10.0) == [0, 0, 0]


def race(**changes: float) -> F32:
    values = {"benefit": 4, "cost": 1, "prize": 1e4, "rounds": 100, "speed": 1.5, "risk": 0.5, **changes}
    return races.race_payoffs(**{name: column(value) for name, value in values.items()})[0]


def test_race_payoffs_by_hand() -> None:
    # b/2 - c + B/2W = 1 + 50; b/(s + 1) - c = .6; half of s B/W + s b/(s + 1) = 150 + 2.4; half of 75 + 2. A
    # conditional player against an unsafe one: s/W of the rounds at .6, the others at b/2: .015 · (.6 + 65.667 · 2).
    payoff = race()
    assert_allclose(payoff[0], [51, 0.6, 51])
    assert_allclose(payoff[1, :2], [76.2, 38.5])
    assert payoff[2, 1] == pytest.approx(0.015 * (0.6 + (100 / 1.5 - 1) * 2))
    assert payoff[1, 2] == pytest.approx(0.5 * (150 + 0.015 * (2.4 + (100 / 1.5 - 1) * 2)))
    assert payoff[2, 2] == payoff[0, 0] and payoff[2, 0] == payoff[0, 2]


def test_takeover_of_a_neutral_mutant() -> None:
    # Where all earn the same, one of Z takes over with 1/Z; and with strong selection the better mutant almost surely.
    same: F32 = np.ones((1, 3, 3), np.float32)
    assert math.exp(races.takeover(same, 0, 1, f32([[10]]), f32([[0.5]]), 24)[0, 0]) == pytest.approx(0.1, rel=1e-5)
    better = same.copy()
    better[0, 1] = 9
    assert math.exp(races.takeover(better, 0, 1, f32([[10]]), f32([[2.0]]), 24)[0, 0]) > 0.99


def test_takeover_by_hand() -> None:
    # Z = 2: one step, in which the mutant meets the resident only: 1 / (1 + e^-(β (π_mr - π_rm))).
    payoff = np.zeros((1, 3, 3), np.float32)
    payoff[0, 1, 0], payoff[0, 0, 1] = 3, 1
    found = math.exp(races.takeover(payoff, 0, 1, f32([[2]]), f32([[0.5]]), 24)[0, 0])
    assert found == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-5)


def test_stationary_shares() -> None:
    same = np.ones((1, 3, 3), np.float32)
    assert_allclose(races.stationary_shares(same, f32([[7]]), f32([[1]]), 24), [[1 / 3] * 3], rtol=1e-5)
    # The shares solve the balance of a chain whose steps are the takeovers, written as a matrix.
    payoff = np.random.default_rng(3).uniform(0, 5, (1, 3, 3))
    population, intensity = column(9), column(0.3)
    chain = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            if i != j:
                chain[i, j] = math.exp(races.takeover(payoff, i, j, population, intensity, 9)[0, 0]) / 2
        chain[i, i] = 1 - chain[i].sum()
    shares = races.stationary_shares(payoff, population, intensity, 9)[0]
    assert_allclose(shares @ chain, shares, atol=1e-12)
    # A larger table for larger populations changes nothing.
    assert_allclose(races.stationary_shares(payoff, population, intensity, 40)[0], shares, rtol=1e-12)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("spillover", [0.0, 0.3, 1.0])
def test_research_maximises_profit(spillover: float, joint: bool) -> None:
    # The second stage written out: outputs of a Cournot duopoly, price less cost, research at γ x² / 2.
    size, slope, gamma = 6.0, 1.0, 2.0

    def profits(x: float, y: float) -> tuple[float, float]:
        costs = -x - spillover * y, -y - spillover * x
        outputs = [(size - 2 * own + other) / (3 * slope) for own, other in (costs, costs[::-1])]
        price = size - slope * sum(outputs)
        first, second = ((price - c) * q - gamma * r * r / 2 for c, q, r in zip(costs, outputs, (x, y), strict=True))
        return first, second

    rest = float(races.research_at_rest(column(spillover), column(size), column(slope * gamma), joint)[0, 0])
    tried = np.linspace(0, 3 * rest, 3001)
    gains = [sum(profits(x, rest)) if joint else profits(x, rest)[0] for x in tried]
    assert tried[int(np.argmax(gains))] == pytest.approx(rest, abs=2e-3 * rest)
    reply = races.research_reply(column(rest), column(spillover), column(size), column(slope * gamma), joint)
    assert float(reply[0, 0]) == pytest.approx(rest)


def test_spillovers_discourage_each_and_encourage_all() -> None:
    spillover = np.array([[0.0, 0.5, 1.0]])
    alone, joint = (races.research_at_rest(spillover, column(6), column(2), together) for together in (False, True))
    assert (np.diff(alone) < 0).all() and (np.diff(joint) > 0).all() and alone[0, 1] == pytest.approx(joint[0, 1])


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [
        ("safety.form=tradeoff", "safety_effort"),
        ("safety.form=tradeoff_winner", "safety_effort"),
        ("safety.form=strategies", "safety_effort"),
        ("capability.research_form=cournot", "frontier_capability"),
        ("capability.research_form=cournot_joint", "frontier_capability"),
    ],
)
def test_forms_move_the_model(setting: str, outcome: str) -> None:
    default, chosen = (small("status_quo", 18, settings) for settings in ((), (setting,)))
    results = [run_mean(scenario, outcome) for scenario in (default, chosen)]
    assert np.isfinite(results).all() and results[0] != results[1]


def run_mean(scenario: Any, outcome: str) -> float:
    from sim.runner import run

    return float(run(scenario, replicates=3, details=False).monthly[outcome][:, -1].mean())
