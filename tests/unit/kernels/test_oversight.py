"""Oversight: cases worked by hand, limits and directions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.kernels import oversight
from tests.support import direction, f32, parameters

FLAWS = {"flaws_per_release": 10, "flaws_capability": 0.1, "flaws_reference": 26, "inheritance": 0.3}
FIND = {"find_rate": 0.1, "access_exponent": 1, "documentation_gain": 0.4, "commons_gain": 1.5, "independence": 1}
FIX = {"fix_rate_closed": 0.9, "uptake_rate_open": 0.1}
ATTACK = {"attack_transfer": 0.05, "fix_transfer": 0.02, "attack_decay": 0.1}


def test_flaws_of_a_new_model() -> None:
    # Ten without any survival, five with full; ten OOM above the reference ten times as many; .3 of four old ones.
    p = parameters("oversight", **FLAWS)
    flaws = oversight.flaws_at_release(f32(26, 26, 36, 26), f32(0, 1, 1, 1), f32(0, 0, 0, 4), p)
    assert_allclose(flaws, [[10, 5, 50, 6.2]], rtol=1e-5)


def test_finding() -> None:
    # White box, all documented, evaluators of 2024: 10 · (1 - e^-.1) = .951626. Access .5 halves the rate: .487706.
    # No documentation leaves .6 of it: .582355. All builders on the model add 1.5: rate .25: 2.211992.
    p = parameters("oversight", **FIND)
    hidden, one = f32(10, 10, 10, 10), f32([[1]])
    access, documents, eyes = f32(1, 0.5, 1, 1), f32(1, 1, 0, 1), f32(0, 0, 0, 1)
    new = oversight.found(hidden, access, documents, one, eyes, p)
    assert_allclose(new, [[0.951626, 0.487706, 0.582355, 2.211992]], rtol=1e-5)
    off = parameters("oversight", **FIND, enabled=0)
    assert (oversight.found(hidden, access, documents, one, eyes, off) == 0).all()


def test_never_more_found_than_hidden() -> None:
    p = parameters("oversight", find_rate=50, commons_gain=50)
    hidden = f32(0, 1, 8)
    new = oversight.found(hidden, f32(1, 1, 1), f32(1, 1, 1), f32([[99]]), f32(1, 1, 1), p)
    assert (new <= hidden).all()


def test_fixing() -> None:
    # Two known flaws: behind an interface 1.8 are fixed, in open weights .2; half open: rate .5, one.
    p = parameters("oversight", **FIX)
    left, fixed = oversight.resolve(f32(1, 1, 1), f32(1, 1, 1), f32(0, 1, 0.5), p)
    assert_allclose(fixed, [[1.8, 0.2, 1]], rtol=1e-6)
    assert_allclose(left + fixed, [[2, 2, 2]], rtol=1e-6)


def test_knowledge_of_attacks() -> None:
    # .9 of 1 stays, ten found add .5, five fixed take .1: 1.3. Fixes alone make safeguards better than they were: -.1.
    p = parameters("oversight", **ATTACK)
    assert_allclose(oversight.attack_knowledge_step(f32([[1]]), f32([[10]]), f32([[5]]), p), [[1.3]], rtol=1e-6)
    assert_allclose(oversight.attack_knowledge_step(f32([[0]]), f32([[0]]), f32([[5]]), p), [[-0.1]], rtol=1e-6)
    off = parameters("oversight", **ATTACK, enabled=0)
    assert_allclose(oversight.attack_knowledge_step(f32([[1]]), f32([[10]]), f32([[5]]), off), [[0.9]], rtol=1e-6)


NEW = {"capability": f32(26, 27), "effort_survival": f32(0.5, 0.8), "inherited": f32(1, 2)}
SEEK = {
    "hidden": f32(5, 8), "access": f32(0.3, 0.6), "documentation": f32(0.3, 0.5), "evaluators": f32([[1]]),
    "open_builders": f32(0.1, 0.3),
}  # fmt: skip
KNOW = {"knowledge": f32([[0.5]]), "found_open": f32([[4]]), "fixed_open": f32([[2]])}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("flaws_at_release", NEW, {"capability": f32(27, 28)}, "up"),
        ("flaws_at_release", NEW, {"effort_survival": f32(0.9, 0.9)}, "down"),
        ("flaws_at_release", NEW, {"inherited": f32(2, 3)}, "up"),
        ("found", SEEK, {"access": f32(0.6, 1)}, "up"),
        ("found", SEEK, {"documentation": f32(0.6, 1)}, "up"),
        ("found", SEEK, {"evaluators": f32([[2]])}, "up"),
        ("found", SEEK, {"open_builders": f32(0.5, 0.9)}, "up"),
        ("found", SEEK, {"p.independence": 0.1}, "down"),
        ("found", {**SEEK, "open_builders": f32(0, 0)}, {"p.commons_gain": 9}, "unchanged"),
        ("attack_knowledge_step", KNOW, {"found_open": f32([[9]])}, "up"),
        ("attack_knowledge_step", KNOW, {"fixed_open": f32([[9]])}, "down"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("oversight"), **inputs}
    assert direction(getattr(oversight, function), given, change) == goes


def test_open_weights_leave_more_known_flaws() -> None:
    p = parameters("oversight")
    left, _ = oversight.resolve(f32(1, 1), f32(0, 0), f32(0, 1), p)
    assert np.diff(left)[0, 0] > 0
