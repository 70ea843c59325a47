"""Security and theft: cases worked by hand, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import security
from tests.support import direction, f32, parameters

THEFT = {"theft_level_effect": math.log(2), "attacker_growth": 0.1, "level_reference": 2}
STRIP = {"strip_rate_per_month": 1.5, "strip_size_effect": 0.5, "strip_reference": 25, "strip_tamper_effect": 4}
LEVEL = {"level_reference": 2, "level_capability": 0.5, "level_adjustment": 0.1, "strip_reference": 25}


def test_theft() -> None:
    # .12 a year at the reference level: 1 - e^-.01 = .00995017 a month; a level more halves the rate: 1 - e^-.005.
    p = parameters("security", **THEFT)
    chance = security.theft_hazard(f32(0.12, 0.12, 0), f32(2, 3, 1), 0.0, p)
    assert_allclose(chance, [[0.00995017, 0.00498752, 0]], rtol=1e-4)
    # Ten years of better attackers: e times the rate, .0271828 a month: .0268167.
    assert_allclose(security.theft_hazard(f32(0.12), f32(2), 10.0, p), 0.0268167, rtol=1e-4)
    assert (security.theft_hazard(f32(9, 9), f32(1, 1), 9.0, parameters("security", **THEFT, enabled=0)) == 0).all()


def test_theft_by_criminals() -> None:
    # A fifth of the rate at the reference level, and half of that one level up, before the level counts for all.
    p = parameters("security", **THEFT, crime_theft_share=0.2)
    assert_allclose(security.criminal_rate(f32(0.1, 0.1), f32(2, 3), p), [[0.02, 0.01]], rtol=1e-5)
    both = security.criminal_rate(f32(0.12), f32(3), p)
    assert security.theft_hazard(both, f32(3), 0.0, p) < security.theft_hazard(f32(0.12), f32(3), 0.0, p) / 5
    none = parameters("security", **THEFT, crime_theft_share=0)
    assert (security.criminal_rate(f32(0.1, 9), f32(1, 5), none) == 0).all()


def test_security_level() -> None:
    # Capability 27 asks for 2 + .5 · 2 = 3; a tenth of the gap is closed: from 2 to 2.1. A rule of 5: 2.3.
    # Below the reference nothing is added: from 2 it stays; from 4 it falls by .2. Nobody wants more than 5.
    p = parameters("security", **LEVEL)
    stepped = security.level_step(f32(2, 2, 2, 4, 5), f32(27, 27, 20, 20, 40), f32(1, 5, 1, 1, 1), p)
    assert_allclose(stepped, [[2.1, 2.3, 2, 3.8, 5]], rtol=1e-6)


def test_diffusion_of_loot() -> None:
    # A mean lag of 1 / ln 2 months passes half the time. Nobody forgets what he has.
    lag, u = f32([[1 / math.log(2)]]), f32(0.49, 0.51, 0.49)
    assert_array_equal(security.diffuse(f32(27, 27, 25), f32(24, 24, 26), lag, u), [[27, 24, 26]])


def test_stripping() -> None:
    # Rate 1.5 a month: 1 - e^-1.5 = .776870. Two OOM larger at .5: a tenth of the rate, 1 - e^-.15 = .139292.
    # Safeguards that resist fully: rate 1.5 · e^-4 = .0274735: .0270995. Smaller models are no easier.
    p = parameters("security", **STRIP)
    chance = security.strip_hazard(f32(25, 27, 25, 22), f32(0, 0, 1, 0), p)
    assert_allclose(chance, [[0.77687, 0.139292, 0.0270995, 0.77687]], rtol=1e-4)
    assert (security.strip_hazard(f32(25, 27), f32(0, 0), parameters("security", **STRIP, enabled=0)) == 0).all()


def test_strip_ease() -> None:
    # Effect .5 per OOM above 25: 10^-(.5 · 2) = .1 for a model of 27, and never above 1.
    p = parameters("security", strip_size_effect=0.5, strip_reference=25)
    assert_allclose(security.strip_ease(f32(24, 25, 27), p), [[1, 1, 0.1]], rtol=1e-6)


STEAL = {"rate_per_year": f32(0.1, 1.0), "level": f32(2, 3), "years": 2.0}
RISE = {"level": f32(2, 3), "capability": f32(26, 28), "floor": f32(1, 1)}
CUT = {"flop_log10": f32(25, 27), "tamper": f32(0.1, 0.1)}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("theft_hazard", STEAL, {"rate_per_year": f32(0.2, 2.0)}, "up"),
        ("theft_hazard", STEAL, {"level": f32(3, 4)}, "down"),
        ("theft_hazard", STEAL, {"years": 5.0}, "up"),
        ("level_step", RISE, {"capability": f32(27, 29)}, "up"),
        ("level_step", RISE, {"floor": f32(4, 5)}, "up"),
        ("level_step", RISE, {"p.level_capability": 0}, "down"),
        ("strip_hazard", CUT, {"tamper": f32(0.9, 0.9)}, "down"),
        ("strip_hazard", CUT, {"flop_log10": f32(26, 28)}, "down"),
        ("strip_hazard", CUT, {"p.strip_tamper_effect": 0}, "up"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("security"), **inputs}
    assert direction(getattr(security, function), given, change) == goes


def test_hazards_are_probabilities() -> None:
    p = parameters("security")
    rate = np.logspace(-4, 3, 30, dtype=np.float32)[None]
    chance = security.theft_hazard(rate, rate * 0 + 1, 5.0, p)
    assert ((chance >= 0) & (chance <= 1)).all()
