"""Known fronts are reached."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.search import hypervolume, search, undominated


def zdt1(x: np.ndarray) -> np.ndarray:
    """Zitzler, Deb and Thiele (2000); its front is f2 = 1 - sqrt(f1)."""
    g = 1 + 9 * x[:, 1:].mean(axis=1)
    return np.stack([x[:, 0], g * (1 - np.sqrt(x[:, 0] / g))], axis=1)


def dtlz2(x: np.ndarray) -> np.ndarray:
    """Deb, Thiele, Laumanns and Zitzler (2002); its front is the unit sphere."""
    g = 1 + ((x[:, 2:] - 0.5) ** 2).sum(axis=1)
    a, b = np.pi / 2 * x[:, 0], np.pi / 2 * x[:, 1]
    return g[:, None] * np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=1)


def test_two_objectives_reach_the_front_of_zdt1() -> None:
    found = search(zdt1, np.zeros(6), np.ones(6), 2, 40, 120)
    f1, f2 = found.objectives.T
    assert np.abs(f2 - (1 - np.sqrt(f1))).max() < 0.05
    worst = np.array([1.1, 1.1])
    assert hypervolume(found.objectives, worst) > 0.97 * (1.21 - 1 / 3)
    assert undominated(found.objectives).all() and found.evaluations == 40 * 120
    assert found.objectives == pytest.approx(zdt1(found.settings))


def test_three_objectives_reach_the_front_of_dtlz2() -> None:
    found = search(dtlz2, np.zeros(7), np.ones(7), 3, 28, 100)
    assert np.abs((found.objectives**2).sum(axis=1) - 1).max() < 0.05
    assert found.objectives.min(axis=0).max() < 0.1 and (found.objectives.max(axis=0) > 0.9).all()


def test_the_same_seed_gives_the_same_front() -> None:
    fronts = [search(zdt1, np.zeros(3), np.ones(3), 2, 8, 5, seed).objectives for seed in (1, 1, 2)]
    assert np.array_equal(fronts[0], fronts[1]) and not np.array_equal(fronts[0], fronts[2])


def test_hypervolume_by_hand() -> None:
    front = np.array([[0.0, 2.0], [1.0, 0.0], [9.0, 9.0]])
    assert hypervolume(front, np.array([3.0, 3.0])) == pytest.approx(1 * 1 + 2 * 3)


def test_undominated_by_hand() -> None:
    rows = np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]])
    assert undominated(rows).tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    "change",
    [{"objectives": 1}, {"objectives": 5}, {"size": 2}, {"generations": 0}, {"seed": 0}, {"high": np.zeros(3)}],
)
def test_searches_that_make_no_sense_are_refused(change: dict) -> None:
    asked = {"evaluate": zdt1, "low": np.zeros(3), "high": np.ones(3), "objectives": 2, **change}
    with pytest.raises(InputError):
        search(**asked)
