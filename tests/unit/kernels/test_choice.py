"""Logit, Fermi and powers of ten: cases worked by hand."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.kernels import choice
from tests.support import f32


def test_powers_of_ten() -> None:
    # 10^2 = 100, 10^0 = 1, 10^-1 = 0.1; and back.
    assert_allclose(choice.exp10(f32(2, 0, -1)), [[100, 1, 0.1]], rtol=1e-6)
    assert_allclose(choice.log10(f32(100, 1, 0.1)), [[2, 0, -1]], rtol=1e-6)


def test_logistic() -> None:
    # Odds of 3 to 1 are a probability of 3/4; even odds are 1/2.
    assert_allclose(choice.logistic(f32(math.log(3), 0, -math.log(3))), [[0.75, 0.5, 0.25]], rtol=1e-6)


def test_gumbel() -> None:
    # -ln(-ln(1/e)) = -ln 1 = 0; -ln(-ln(e^-e)) = -ln e = -1.
    assert_allclose(choice.gumbel(f32(math.exp(-1), math.exp(-math.e))), [[0, -1]], atol=1e-6)


def test_largest_utility_plus_noise_is_a_logit_choice() -> None:
    # Utilities ln 3 and 0: the first is chosen with probability 3/4.
    u = np.random.default_rng(0).uniform(1e-6, 1, (40_000, 2)).astype(np.float32)
    chosen = np.argmax(f32(math.log(3), 0) + choice.gumbel(u), axis=1)
    assert np.mean(chosen == 0) == pytest.approx(0.75, abs=4 * math.sqrt(0.75 * 0.25 / 40_000))


def test_fermi() -> None:
    # No gain: a coin. Gain 2 at intensity 0.5: e/(1 + e). Nobody selects at intensity 0.
    assert_allclose(choice.fermi(f32(0, 2, -2), f32(0.5)), [[0.5, math.e / (1 + math.e), 1 / (1 + math.e)]], rtol=1e-6)
    assert_allclose(choice.fermi(f32(9), f32(0)), 0.5)


def test_soft_minimum() -> None:
    # Two equal powers halve: log10(1/2) = -0.30103 below both. Far below the ceiling, nothing; far above, the ceiling.
    assert_allclose(choice.soft_minimum(f32(26, 20, 34), f32(26)), [[26 - 0.30103, 20, 26]], atol=1e-4)
    x = np.linspace(20, 40, 81, dtype=np.float32)
    low = choice.soft_minimum(x, f32(28))
    assert (np.diff(low) >= 0).all()
    assert (low <= np.minimum(x, 28)).all()


@pytest.mark.parametrize("n", [1, 2, 5, 24])
def test_concentration_of_equals(n: int) -> None:
    # n shares of 1/n: 10,000 · n / n² = 10,000 / n, whatever the unit of the amounts.
    assert_allclose(choice.concentration(np.full((2, n), 7e9, np.float32)), 10_000 / n, rtol=1e-6)


def test_concentration() -> None:
    # Shares 0.5, 0.3, 0.2: 0.25 + 0.09 + 0.04 = 0.38.
    assert_allclose(choice.concentration(f32(5, 3, 2)), [3800], rtol=1e-6)
    assert choice.concentration(f32(0, 0, 0)) == 0
    assert choice.concentration(f32(0, 8, 0)) == 10_000
