"""Catastrophe: cases worked by hand, limits and directions; openness may lower each hazard and raise each."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import catastrophe
from tests.support import direction, f32, parameters

MISUSE = {"misuse_rate": 0.001, "misuse_screening": 0.5, "misuse_irrevocable": 0.3, "misuse_defence": 1}
STACK = {
    "correlated_rate": 0.001, "correlated_capability": 0.5, "correlated_reference": 26, "correlated_flaws": 0.1,
    "diversity_exponent": 1,
}  # fmt: skip


def test_misuse() -> None:
    # Twice the attempts of the start: .002; all of them beyond recall: 1.3 times; screening stops half; tools of ln 2
    # stop half of the rest.
    p = parameters("catastrophe", **MISUSE)
    zero, full = f32([[0.0]]), f32([[1.0]])
    two = zero + 2
    tools = zero + math.log(2)
    assert_allclose(catastrophe.misuse_hazard(two, zero, zero, zero, p), [[0.002]], rtol=1e-6)
    assert_allclose(catastrophe.misuse_hazard(two, full, zero, zero, p), [[0.0026]], rtol=1e-6)
    assert_allclose(catastrophe.misuse_hazard(two, full, full, zero, p), [[0.0013]], rtol=1e-6)
    assert_allclose(catastrophe.misuse_hazard(two, full, full, tools, p), [[0.00065]], rtol=1e-5)


def test_accident() -> None:
    # A fiftieth of .05 is .001; in a close race 1.3 times.
    p = parameters("catastrophe", accident_share=0.02, accident_race=0.3)
    hazard = catastrophe.accident_hazard(f32([[0.05]]), f32([[0.0]]), p)
    assert_allclose(
        [hazard, catastrophe.accident_hazard(f32([[0.05]]), f32([[1.0]]), p)], [[[0.001]], [[0.0013]]], rtol=1e-6
    )


def test_correlated_failure() -> None:
    # One base model for all: .001; four equal ones: a quarter; two OOM above the reference: ten times; five flaws: 1.5.
    p = parameters("catastrophe", **STACK)
    level, none = f32([[26]]), f32([[0.0]])
    assert_allclose(catastrophe.correlated_hazard(f32(7, 0, 0, 0), level, none, p), [[0.001]], rtol=1e-5)
    assert_allclose(catastrophe.correlated_hazard(f32(1, 1, 1, 1), level, none, p), [[0.00025]], rtol=1e-5)
    assert_allclose(catastrophe.correlated_hazard(f32(1, 1, 1, 1), level + 2, none, p), [[0.0025]], rtol=1e-5)
    assert_allclose(catastrophe.correlated_hazard(f32(1, 0, 0, 0), level, none + 5, p), [[0.0015]], rtol=1e-5)
    # Without use there is nothing to fail.
    assert float(catastrophe.correlated_hazard(f32(0, 0), level, none, p)[0, 0]) < 1e-9


def test_off() -> None:
    off, one = parameters("catastrophe", enabled=0), f32([[1.0]])
    assert catastrophe.misuse_hazard(one, one, one, one, off) == 0
    assert catastrophe.accident_hazard(one, one, off) == 0
    assert catastrophe.correlated_hazard(one, one * 26, one, off) == 0


def test_strikes() -> None:
    # A hazard of ln 2 strikes half the time; none never; a huge one always.
    hazard, u = f32(math.log(2), math.log(2), 0, 99), f32(0.49, 0.51, 1e-7, 0.9999)
    assert_array_equal(catastrophe.happens(hazard, u), [[True, False, False, True]])


def without(**values: float) -> object:
    return parameters("catastrophe", **values)


TRY = {"attempts": f32([[2]]), "beyond_recall": f32([[0.5]]), "screening": f32([[0.2]]), "tools": f32([[0.3]])}
FAIL = {"shares": f32(5, 3, 2), "capability": f32([[27]]), "flaws": f32([[2]])}
CRASH = {"laboratory": f32([[0.01]]), "closeness": f32([[0.4]])}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("misuse_hazard", TRY, {"attempts": f32([[3]])}, "up"),
        ("misuse_hazard", TRY, {"beyond_recall": f32([[0.9]])}, "up"),
        ("misuse_hazard", TRY, {"screening": f32([[0.9]])}, "down"),
        ("misuse_hazard", TRY, {"tools": f32([[0.9]])}, "down"),
        ("misuse_hazard", {**TRY, "p": without(misuse_irrevocable=0)}, {"beyond_recall": f32([[1]])}, "unchanged"),
        ("misuse_hazard", {**TRY, "p": without(misuse_defence=0)}, {"tools": f32([[9]])}, "unchanged"),
        ("accident_hazard", CRASH, {"laboratory": f32([[0.02]])}, "up"),
        ("accident_hazard", CRASH, {"closeness": f32([[0.9]])}, "up"),
        ("accident_hazard", {**CRASH, "p": without(accident_race=0)}, {"closeness": f32([[1]])}, "unchanged"),
        ("correlated_hazard", FAIL, {"shares": f32(8, 1, 1)}, "up"),
        ("correlated_hazard", FAIL, {"shares": f32(50, 30, 20)}, "unchanged"),
        ("correlated_hazard", FAIL, {"capability": f32([[28]])}, "up"),
        ("correlated_hazard", FAIL, {"flaws": f32([[5]])}, "up"),
        ("correlated_hazard", {**FAIL, "p": without(diversity_exponent=0)}, {"shares": f32(1, 0, 0)}, "unchanged"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("catastrophe"), **inputs}
    assert direction(getattr(catastrophe, function), given, change) == goes


def test_hazards_are_not_negative() -> None:
    p = parameters("catastrophe", misuse_screening=1)
    grid = np.linspace(0, 1, 5, dtype=np.float32)[:, None]
    assert (catastrophe.misuse_hazard(grid, grid, grid, grid, p) >= 0).all()
