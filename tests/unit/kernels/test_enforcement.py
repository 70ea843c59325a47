"""Regulation and enforcement: cases worked by hand, hysteresis, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import enforcement
from tests.support import direction, f32, parameters

RULES = {
    "salience_threshold": 0.1, "salience_hysteresis": 0.5, "response_speed": 0.02, "reversal_speed": 0.01,
    "stringency_initial": 0.1, "capture": 0.4,
}  # fmt: skip


def test_salience() -> None:
    # Nine tenths of .2 are remembered, a tenth of .5 / 1 is new where perception is linear: .23. Noise of ln 2 doubles
    # what is seen, by two jurisdictions of four.
    linear = {"salience_memory": 0.1, "observation_noise": math.log(2), "salience_threshold": 0.1}
    p = parameters("enforcement", **linear, reporting_elasticity=1)
    row = f32(1, 1, 1, 1)
    stepped = enforcement.salience_step(row * 0.2, row * 0.5, row, f32(0, 1, 0, 1), p)
    assert_allclose(stepped, [[0.23, 0.28, 0.23, 0.28]], rtol=1e-6)
    # With a square root: .1 √(.4 / .1) = .2; at the threshold of .1 nothing changes.
    p = parameters("enforcement", **linear, reporting_elasticity=0.5)
    stepped = enforcement.salience_step(row * 0, f32(0.4, 0.1, 0.025, 0), row, row * 0, p)
    assert_allclose(stepped, [[0.02, 0.01, 0.005, 0]], rtol=1e-5, atol=1e-6)


def test_stringency() -> None:
    # Above the threshold: .1 + .02 · .9 = .118 for a free regulator, .1 + .02 · .6 · .9 = .1108 where one firm is all.
    p = parameters("enforcement", **RULES)
    row, free, captured = f32(0.1, 0.1, 0.1, 0.1), f32([[0]]), f32([[1]])
    high = row * 2
    assert_allclose(enforcement.stringency_step(row, high, free, p), [[0.118] * 4], rtol=1e-6)
    assert_allclose(enforcement.stringency_step(row, high, captured, p), [[0.1108] * 4], rtol=1e-6)
    # Between half of the threshold and the threshold nothing moves; below it .6 falls by .01 · .5.
    assert_array_equal(enforcement.stringency_step(row + 0.5, row * 0.7, free, p), row + 0.5)
    assert_allclose(enforcement.stringency_step(row + 0.5, row * 0.4, free, p), [[0.595] * 4], rtol=1e-6)
    # It never falls below where it began, and never leaves 0 to 1.
    assert_allclose(enforcement.stringency_step(row, row * 0, free, p), row, rtol=1e-6)
    fast = parameters("enforcement", **{**RULES, "response_speed": 9})
    assert_array_equal(enforcement.stringency_step(row, high, free, fast), row * 0 + 1)
    off = parameters("enforcement", **RULES, enabled=0)
    assert_array_equal(enforcement.stringency_step(row, high, free, off), row)


def test_audits() -> None:
    # The law of one says .2, its capacity is 1 for ten developers: .1. For four it is .25, so the law binds.
    p = parameters("enforcement", 2, audit_capacity=1)
    only_first = np.array([0.2, 0, 0, 0], np.float32) * np.ones((2, 3, 1), np.float32)
    u, bound = f32([[0.09, 0.11, 0.19], [0.11, 0.19, 0.21]]), f32([[10, 0, 0, 0], [4, 0, 0, 0]])
    assert_array_equal(enforcement.audits(only_first, bound, u, p), [[True, False, False], [True, True, False]])
    assert not enforcement.audits(only_first, bound, u, parameters("enforcement", 2, enabled=0)).any()
    # Of several regulators the one that audits most often counts: .05 for the first, .15 for the second.
    both = np.array([[[0.2, 0.2, 0, 0]]], np.float32)
    p = parameters("enforcement", audit_capacity=[0.5, 1.5, 1, 1])
    shared = f32([[10, 10, 0, 0]])
    assert (
        enforcement.audits(both, shared, f32(0.14), p).all()
        and not enforcement.audits(both, shared, f32(0.16), p).any()
    )


def test_breaches() -> None:
    # No penalty: logistic(-1) = .268941. A tenth of turnover, certain audit, detection .5 at full access: expected .05,
    # at 20 takes 1: logistic(-2) = .119203. Audits more than once a month deter no more.
    p = parameters("enforcement", breach_base=-1, breach_deterrence=20, detection=0.5)
    chance = enforcement.breach_probability(f32(0, 0.1, 0.1, 0.1), f32(1, 1, 3, 1), f32(1, 1, 1, 0), p)
    assert_allclose(chance, [[0.268941, 0.119203, 0.119203, 0.268941]], rtol=1e-5)


def test_proof() -> None:
    # Only who is in breach and audited; detection .5 · access .6 = .3.
    p = parameters("enforcement", detection=0.5)
    broke = np.array([[True, True, True, False]])
    seen = np.array([[True, True, False, True]])
    found = enforcement.detected(broke, seen, f32(0.6, 0.6, 0.6, 0.6), f32(0.29, 0.31, 0, 0), p)
    assert_array_equal(found, [[True, False, False, False]])


def test_penalties() -> None:
    # A mean lag of 1 / ln 2 months: half is paid this month; of twice that, 1 - 1/√2. Nothing is lost on the way.
    half = 1 / math.log(2)
    p = parameters("enforcement", enforcement_lag=[half, 2 * half, half, half])
    left, paid = enforcement.penalties_due(np.array([[[100, 100, 0, 0]]], np.float32), p)
    assert_allclose(left, [[[50, 100 / math.sqrt(2), 0, 0]]], rtol=1e-6)
    assert_allclose(left + paid, [[[100, 100, 0, 0]]], rtol=1e-6)


def test_coming_back() -> None:
    # Rate .1: a tenth without excess burden, half of it where its weight is one half, never from one on.
    p = parameters("enforcement", return_rate=0.1, relocation_burden=2)
    excess = np.array([[[0, 0, 0.25, 0.25, 0.5]]], np.float32)
    u = np.array([[[0.09, 0.11, 0.04, 0.06, 0]]], np.float32)
    assert_array_equal(enforcement.comes_back(excess, u, p), [[[True, False, True, False, False]]])


def test_relocation() -> None:
    # Rate .1, weight 2, excess .5: a tenth. Nobody flees from a lighter burden.
    p = parameters("enforcement", relocation_rate=0.1, relocation_burden=2)
    home, least, u = f32(0.7, 0.7, 0.1), f32([[0.2]]), f32(0.09, 0.11, 0)
    assert_array_equal(enforcement.relocates(home, least, u, p), [[True, False, False]])
    off = parameters("enforcement", relocation_rate=0.1, relocation_burden=2, enabled=0)
    assert not enforcement.relocates(home, least, u, off).any()


def test_chill() -> None:
    # At ln 2 per OOM half of the exchange is lost with one OOM of control, three quarters with two.
    p = parameters("enforcement", treaty_chill=math.log(2))
    assert_allclose(enforcement.chilled(f32(0, 1, 2), p), [[0, 0.5, 0.75]], rtol=1e-6)


FEEL = {
    "salience": f32(0.1, 0.1, 0.1, 0.1), "reported": f32(0.3, 0.5, 0.3, 0.5), "trend": f32(1, 1, 1, 1),
    "noise": f32(0.1, -0.2, 0.1, -0.2),
}  # fmt: skip
SET = {"stringency": f32(0.2, 0.3, 0.2, 0.3), "salience": f32(9, 9, 9, 9), "concentration": f32([[0.3]])}
BREACH = {"penalty_share": f32(0.05, 0.1), "rate": f32(0.1, 0.2), "access": f32(0.3, 0.8)}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("salience_step", FEEL, {"reported": f32(0.6, 0.9, 0.6, 0.9)}, "up"),
        ("salience_step", FEEL, {"trend": f32(2, 2, 2, 2)}, "down"),
        ("salience_step", FEEL, {"noise": f32(1, 1, 1, 1)}, "up"),
        ("stringency_step", SET, {"concentration": f32([[0.9]])}, "down"),
        (
            "stringency_step",
            {**SET, "p": parameters("enforcement", capture=0)},
            {"concentration": f32([[0.9]])},
            "unchanged",
        ),
        ("stringency_step", SET, {"salience": f32(0, 0, 0, 0)}, "down"),
        ("breach_probability", BREACH, {"penalty_share": f32(0.1, 0.2)}, "down"),
        ("breach_probability", BREACH, {"rate": f32(0.2, 0.4)}, "down"),
        ("breach_probability", BREACH, {"access": f32(0.6, 1)}, "down"),
        ("chilled", {"treaty": f32(0.3, 1)}, {"treaty": f32(0.6, 2)}, "up"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("enforcement"), **inputs}
    assert direction(getattr(enforcement, function), given, change) == goes
