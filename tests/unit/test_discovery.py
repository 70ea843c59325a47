"""Boxes that were planted are found, on halves that were not seen too; trees as a check; nothing found in noise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.boxes import find_box, screen
from sim.experiments.cart import best_split, grow
from sim.experiments.prim import choose, inside, measured, needless, paste, peel


def planted(seed: int = 0, cases: int = 1000, noise: float = 0.05) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    known = {f"x{i}": rng.random(cases) for i in range(8)}
    truth = (known["x0"] > 0.6) & (known["x1"] < 0.5)
    return known, np.where(rng.random(cases) < noise, ~truth, truth)


def test_planted_box_is_found_and_holds_on_the_other_half() -> None:
    known, interest = planted()
    found = find_box(known, interest)
    assert set(found.chosen.limits) == {"x0", "x1"}
    assert found.chosen.limits["x0"][0] == pytest.approx(0.6, abs=0.03) and found.chosen.limits["x0"][1] == np.inf
    assert found.chosen.limits["x1"][1] == pytest.approx(0.5, abs=0.03) and found.chosen.limits["x1"][0] == -np.inf
    assert found.checked.density > 0.85 and found.checked.coverage > 0.75
    assert min(found.reproduced.values()) == pytest.approx(1.0) and found.overlap > 0.85
    assert max(found.chances.values()) < 1e-6
    assert set(found.tree[0].limits) >= {"x0", "x1"} and found.tree[0].density > 0.85


@pytest.mark.parametrize("seed", range(3))
def test_a_box_with_four_ends_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    known = {f"x{i}": rng.random(2000) for i in range(6)}
    interest = (abs(known["x2"] - 0.5) < 0.3) & (abs(known["x3"] - 0.4) < 0.25)
    box = find_box(known, interest, resamples=2).chosen.limits
    assert set(box) == {"x2", "x3"}
    assert box["x2"] == pytest.approx((0.2, 0.8), abs=0.05) and box["x3"] == pytest.approx((0.15, 0.65), abs=0.05)


def test_nothing_is_found_in_noise() -> None:
    rng = np.random.default_rng(1)
    known = {f"x{i}": rng.random(600) for i in range(8)}
    found = find_box(known, rng.random(600) < 0.4)
    assert abs(found.checked.density - 0.4) < 0.12  # four standard errors
    assert not found.reproduced or max(found.reproduced.values()) < 0.7


def test_first_peel_is_the_best_of_all_slices() -> None:
    known, interest = planted(3)
    first = peel(known, interest)[1]
    best = -1.0
    for name, side in itertools.product(known, (0, 1)):
        edge = np.quantile(known[name], (0.05, 0.95)[side], method="inverted_cdf")
        kept = known[name] > edge if side == 0 else known[name] < edge
        best = max(best, interest[kept].mean())
    assert interest[inside(first, known, len(interest))].mean() == pytest.approx(best)


def test_trajectory_shrinks_and_keeps_its_least_mass() -> None:
    known, interest = planted(4)
    boxes = [measured(limits, known, interest) for limits in peel(known, interest, least=0.1)]
    masses = [box.mass for box in boxes]
    assert masses == sorted(masses, reverse=True) and masses[0] == 1.0 and 0.1 <= masses[-1] < 0.3
    assert all(box.coverage * interest.sum() == pytest.approx(box.density * box.mass * 1000) for box in boxes)
    assert boxes[choose(boxes)].density > 0.8


def test_pasting_widens_what_was_peeled_too_far() -> None:
    known, interest = planted(5, noise=0.0)
    narrow = {"x0": (0.7, np.inf), "x1": (-np.inf, 0.4)}
    box = paste(narrow, known, interest)
    assert box["x0"][0] == pytest.approx(0.6, abs=0.02) and box["x1"][1] == pytest.approx(0.5, abs=0.02)
    assert measured(box, known, interest).density == 1.0


def test_limits_that_luck_explains_are_needless() -> None:
    known, interest = planted(6)
    chances = needless({"x0": (0.6, np.inf), "x1": (-np.inf, 0.5), "x7": (-np.inf, 0.9)}, known, interest)
    assert chances["x0"] < 1e-10 and chances["x1"] < 1e-10 and chances["x7"] > 0.05


def test_equal_values_are_peeled_together() -> None:
    rng = np.random.default_rng(2)
    known = {"level": rng.integers(0, 3, 300).astype(float), "x": rng.random(300)}
    found = find_box(known, known["level"] == 2, resamples=2)
    assert found.chosen.limits == {"level": (2.0, np.inf)} and found.checked.density == 1.0


def test_best_split_is_the_best_of_all() -> None:
    rng = np.random.default_rng(7)
    known = {"a": rng.random(60), "b": rng.random(60)}
    interest = (known["b"] > 0.4) ^ (rng.random(60) < 0.1)

    def gini(part: np.ndarray) -> float:
        return len(part) * part.mean() * (1 - part.mean()) if len(part) else 0.0

    gains = [
        (gini(interest) - gini(interest[values <= cut]) - gini(interest[values > cut]), name)
        for name, values in known.items()
        for cut in values
        if min((values <= cut).sum(), (values > cut).sum()) >= 5
    ]
    found = best_split(known, interest, 5)
    assert found is not None and (found.gain, found.name) == (pytest.approx(max(gains)[0]), max(gains)[1])
    assert best_split(known, np.ones(60, bool), 5) is None
    leaves = grow(known, interest)
    assert sum(leaf.mass for leaf in leaves) == pytest.approx(1.0)


def test_screening_keeps_what_goes_with_the_statement() -> None:
    known, interest = planted(8)
    assert set(screen(known, interest, np.ones(1000, bool), 2)) == {"x0", "x1"}


def test_statements_that_are_nearly_always_true_are_refused() -> None:
    known, _ = planted()
    with pytest.raises(InputError, match="true in 5"):
        find_box(known, np.arange(1000) < 5)
    with pytest.raises(InputError, match="false in 5"):
        find_box(known, np.arange(1000) >= 5)
