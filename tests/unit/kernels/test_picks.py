"""Gathering, summing and picking: cases worked by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import picks
from tests.support import f32

ZERO = np.zeros(1, np.int64)


def test_rows_come_from_the_own_member() -> None:
    table = f32([[10, 11, 12], [20, 21, 22]])
    assert_array_equal(picks.rows(table, np.array([[2, 0], [1, 1]])), [[12, 10], [21, 21]])
    deep = np.array([[[0], [2]], [[1], [0]]])
    assert_array_equal(picks.rows(table, deep), [[[10], [12]], [[21], [20]]])


def test_sums_by_group() -> None:
    # Member 0: group 0 gets 1 + 4, group 2 gets 2; the negative index counts nowhere. Member 1: all in group 1.
    index = np.array([[0, 2, -1, 0], [1, 1, 1, 1]])
    total = picks.grouped(index, f32([[1, 2, 3, 4], [1, 1, 1, 1]]), 3)
    assert_array_equal(total, [[5, 0, 2], [0, 4, 0]])
    assert total.dtype == np.float64


def test_sums_do_not_lose_small_weights() -> None:
    # 2^24 + 1 is not a float32: a sum in float32 would stay at 2^24.
    index = np.zeros((1, 1025), np.int64)
    weights = np.ones((1, 1025), np.float32)
    weights[0, 0] = 2.0**24
    assert picks.grouped(index, weights, 1)[0, 0] == 2**24 + 1024


@pytest.mark.parametrize(("uniform", "place"), [(0.0, 0), (0.1999, 0), (0.2, 1), (0.69, 1), (0.7, 3), (0.999999, 3)])
def test_pick(uniform: float, place: int) -> None:
    # Shares 0.2, 0.5, 0 and 0.3: the empty third is never picked.
    cumulative = f32(0.2, 0.7, 0.7, 1.0)
    assert picks.pick(cumulative, ZERO, f32([uniform])) == place


def test_pick_survives_rounding_below_one() -> None:
    assert picks.pick(f32(0.5, 0.99), ZERO, f32([0.995])) == 1


def test_flat_places_and_counts() -> None:
    # Member 1 begins at place 3. Two of weight 2 and 3 in the same place are 5; without weights they are counted.
    place = picks.places(np.array([[0, 2], [1, 1]]), 3)
    assert_array_equal(place, [[0, 2], [4, 4]])
    assert_array_equal(picks.counted(place, f32([[1, 1], [2, 3]]), 2, 3), [[1, 0, 1], [0, 5, 0]])
    assert_array_equal(picks.counted(place, None, 2, 3), [[1, 0, 1], [0, 2, 0]])
    # A column in front of the others moves everything by one.
    assert_array_equal(picks.places(np.array([[0], [1]]), 3, first=1), [[1], [5]])


@pytest.mark.parametrize("options", [1, 2, 3, 5, 8, 9, 48])
def test_many_events_on_the_same_rows(options: int) -> None:
    rng = np.random.default_rng(options)
    weight = rng.random((3, options)) * (rng.random((3, options)) < 0.6)
    weight[:, -1] += 0.1
    cumulative = np.cumsum(weight, axis=1)
    cumulative = (cumulative / cumulative[:, -1:]).astype(np.float32)
    row, u = rng.integers(0, 3, 500), rng.random(500).astype(np.float32)
    counted = [int(np.sum(cumulative[r, :-1] <= x)) for r, x in zip(row, u, strict=True)]
    assert_array_equal(picks.pick(cumulative, row, u), counted)


def test_pick_in_proportion() -> None:
    u = (np.arange(1000, dtype=np.float32) + 0.5) / 1000
    chosen = picks.pick(f32(0.25, 1.0), np.zeros(1000, np.int64), u)
    assert_allclose(np.mean(chosen == 0), 0.25)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_where_a_mask_holds(share: float) -> None:
    mask = np.random.default_rng(5).random((7, 40)) < share
    assert_array_equal(picks.where(mask), np.flatnonzero(mask))
    assert picks.where(mask[:0]).size == 0
