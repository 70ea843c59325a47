"""Traits of agents are in proportion one by one, and unrelated to each other."""

from itertools import combinations

import numpy as np
import pytest

from sim import populations
from sim.members import batches, expand
from sim.month import begin
from sim.scenario import load
from sim.state import State


def begun(n: int) -> State:
    settings = [f"population.{name}={n}" for name in ("misusers", "defenders", "builders")]
    (batch,) = batches(expand([load("status_quo", settings=[*settings, "months=1"])], 1, 1, 0), 1)
    return begin(batch)


def unlike_independence(a: np.ndarray, b: np.ndarray) -> float:
    """Largest gap between a cross-table and the product of its margins, in standard deviations of drawn traits."""
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    expected = table.sum(axis=1)[:, None] * table.sum(axis=0) / len(a)
    return float((np.abs(table - expected) / np.sqrt(np.maximum(expected, 1))).max())


def halves(x: np.ndarray) -> np.ndarray:
    return (x > np.median(x)).astype(np.int64)


@pytest.mark.parametrize("n", [400, 2000, 20_000])
def test_traits_of_misusers_are_unrelated(n: int) -> None:
    people = begun(n).misusers
    traits = {
        "kind": people.kind,
        "domain": people.domain,
        "target": people.target,
        "active": people.active[0].astype(int),
    }
    traits["uses AI"] = (people.column[0] > 0).astype(int)
    for (one, a), (other, b) in combinations(traits.items(), 2):
        assert unlike_independence(a, b) < 2.5, f"{one} × {other}"
    # Every kind is in every domain; skill within a stratum does not follow the class of the victims.
    assert len({*zip(people.kind.tolist(), people.domain.tolist(), strict=True)}) == 16 or n == 400
    skill = people.skill[0] - np.array([people.skill[0][people.kind == k].mean() for k in range(4)])[people.kind]
    assert abs(np.corrcoef(skill, people.target)[0, 1]) < 0.1


@pytest.mark.parametrize("n", [400, 2000])
def test_traits_of_builders_and_defenders_are_unrelated(n: int) -> None:
    state = begun(n)
    need, budget, place = (part[state.builders.type].astype(int) for part in populations.type_parts())
    for a, b in combinations((need, budget, place, halves(state.builders.skill[0])), 2):
        assert unlike_independence(a, b) < 2.5
    people = state.defenders
    within = (
        people.exposure[0] / np.array([people.exposure[0][people.group == g].mean() for g in range(16)])[people.group]
    )
    assert unlike_independence(halves(within), halves(people.budget[0])) < 2.5


@pytest.mark.parametrize("n", [400, 2000, 20_000])
def test_categories_are_in_proportion(n: int) -> None:
    share = np.array([0.72, 0.2, 0.05, 0.03])
    for dimension in range(7):
        number = np.bincount(populations.by_share(share, n, dimension), minlength=4)
        assert np.abs(number - n * share).max() <= 0.02 * n


def test_more_agents_leave_the_first_as_they_are() -> None:
    for dimension in range(7):
        np.testing.assert_array_equal(populations.even(50, dimension), populations.even(90, dimension)[:50])


def test_root() -> None:
    assert pytest.approx(populations.ROOT + 1, rel=1e-14) == populations.ROOT**9
