"""Same member, same bits: alone or in any batch, in both ways of running, in any order, over any horizon."""

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.actors.labs import LabDecisions, LabView
from sim.members import batches, expand
from sim.model import Lab, ReleaseModel
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.regimes import RegimeRow
from sim.runner import run, simulate
from sim.scenario import Scenario
from tests.support import differing, small

ROOT = Path(__file__).parents[2]
MONTHS, MEMBERS, SEED = 15, 3, 3
Monthly = Mapping[str, NDArray[np.float64]]


def scenario(name: str = "status_quo", months: int = MONTHS) -> Scenario:
    """Starts in mid-2026: the policies of January 2027 act within few months."""
    return small(name, months, start="2026-06-01")


@cache
def batch(name: str = "status_quo", members: int = MEMBERS, months: int = MONTHS, seed: int = SEED) -> Monthly:
    return run(scenario(name, months), replicates=members, seed=seed, details=False).monthly


def cut(monthly: Monthly, rows: slice = slice(None), months: int = MONTHS) -> dict[str, NDArray[np.float64]]:
    return {name: array[rows, :months] for name, array in monthly.items()}


def stepped(model: ReleaseModel) -> Monthly:
    for _ in range(MONTHS):
        model.step()
    return model.monthly


class Cautious(Lab):
    """Gives half as much again to safety."""

    def effort(self, view: LabView) -> NDArray[np.float32]:
        return np.minimum(super().effort(view) * np.float32(1.5), np.float32(0.9))


class Generous(LabDecisions):
    """Sells at half of its price; knows nothing of Mesa."""

    def price(self, view: LabView) -> NDArray[np.float32]:
        return super().price(view) / 2


class Hoarder(LabDecisions):
    """Releases nothing."""

    def regime(self, view: LabView) -> NDArray[np.int64]:
        return super().regime(view) * 0


def test_scenarios_of_these_tests_differ() -> None:
    assert "open_capability" in differing(batch(), batch("closed_frontier_universal"))


def test_mesa_and_batch() -> None:
    assert not differing(stepped(ReleaseModel(scenario(), rng=SEED, members=MEMBERS)), batch())


STRUCTURAL = [(name, option) for name in REGISTRY.structural() for option in REGISTRY[name].options or ()]


@pytest.mark.parametrize(("name", "option"), STRUCTURAL)
def test_mesa_and_batch_in_every_rival_form(name: str, option: str) -> None:
    chosen = scenario().replace(parameters={name: option})
    made = run(chosen, replicates=MEMBERS + 2, seed=SEED, details=False).monthly
    assert not differing(stepped(ReleaseModel(chosen, rng=SEED, members=MEMBERS)), cut(made, slice(MEMBERS)))


def test_mesa_with_one_member() -> None:
    assert not differing(stepped(ReleaseModel(scenario(), rng=SEED)), cut(batch(), slice(0, 1)))


@pytest.mark.parametrize("cls", [Cautious, Generous, Hoarder])
def test_own_decision_in_both_ways(cls: type[LabDecisions]) -> None:
    labs = {0: cls, 3: cls}
    taught = run(scenario(), replicates=MEMBERS, seed=SEED, labs=labs, details=False).monthly
    assert not differing(stepped(ReleaseModel(scenario(), rng=SEED, members=MEMBERS, labs=labs)), taught)
    assert differing(taught, batch())


@pytest.mark.parametrize("cls", [Lab, LabDecisions])
def test_unchanged_decisions_change_nothing(cls: type[LabDecisions]) -> None:
    labs = dict.fromkeys((1, 4, 11), cls)
    assert not differing(run(scenario(), replicates=MEMBERS, seed=SEED, labs=labs, details=False).monthly, batch())


@pytest.mark.parametrize("members", [1, 2])
def test_fewer_members(members: int) -> None:
    assert not differing(batch(members=members), cut(batch(), slice(0, members)))


@pytest.mark.parametrize("size", [1, 2, 4, 7])
def test_any_batch_size(size: int) -> None:
    asked = [scenario(), scenario("open_by_default")]
    runs = expand(asked, 1, MEMBERS, SEED)
    expected = {name: np.concatenate([batch()[name], batch("open_by_default")[name]]) for name in OUTCOMES}
    found = {name: np.empty_like(array) for name, array in expected.items()}
    for piece in batches(runs, size):
        done = simulate(piece, details=False)
        for name, array in done.monthly.items():
            found[name][done.run] = array
    assert not differing(found, expected)


def test_order_of_scenarios() -> None:
    names = ("closed_frontier_universal", "status_quo", "open_by_default")
    for order in (names, names[::-1]):
        results = run([scenario(name) for name in order], replicates=MEMBERS, seed=SEED)
        for name in names:
            assert not differing(results.select(name).monthly, batch(name))


def test_scenario_with_more_regimes_beside_another() -> None:
    added = scenario().replace(name="added", regimes=(RegimeRow("r7_twin", "twin", like="r7"),))
    results = run([scenario(), added], replicates=MEMBERS, seed=SEED)
    assert not differing(results.select("status_quo").monthly, batch())


def test_draws_beside_each_other() -> None:
    together = run(scenario(), replicates=2, draws=3, seed=SEED)
    sample = REGISTRY.sample(3, SEED, REGISTRY.uncertain())
    for draw in range(3):
        alone = run(scenario(), replicates=2, draws={name: x[draw : draw + 1] for name, x in sample.items()}, seed=SEED)
        assert not differing(alone.monthly, cut(together.monthly, together.draw == draw))  # type: ignore[arg-type]


def test_workers() -> None:
    asked = [scenario(months=3), scenario("open_by_default", months=3)]
    settings: dict[str, Any] = {"replicates": 40, "seed": SEED}
    one, two = run(asked, **settings, workers=1), run(asked, **settings, workers=2)
    assert not differing(one.monthly, two.monthly)
    assert not differing(one.details, two.details)


def test_details_change_nothing() -> None:
    assert not differing(run(scenario(), replicates=MEMBERS, seed=SEED, details=True).monthly, batch())


def test_horizon() -> None:
    short, long = batch(months=24), batch(months=36)
    assert not differing(short, cut(long, months=24))


def test_seeds() -> None:
    zero, one = batch(seed=0), batch(seed=1)
    same = {name for name in OUTCOMES if np.array_equal(zero[name], one[name])}
    assert "frontier_capability" not in same and "cumulative_harm" not in same
    assert not differing(zero, run(scenario(), replicates=MEMBERS, seed=0, details=False).monthly)


def test_replicates_differ() -> None:
    assert (np.ptp(batch()["frontier_capability"][:, -1]) > 0).all()


@pytest.mark.parametrize("rng", ["hash", "philox"])
def test_generators(rng: str) -> None:
    (piece,) = batches(expand([scenario()], 1, 2, SEED), 2)
    again = simulate(piece, rng=rng, details=False).monthly
    assert all(np.isfinite(array).all() for array in again.values())
    if rng == "hash":
        assert not differing(again, cut(batch(), slice(0, 2)))
    else:
        assert "frontier_capability" in differing(again, cut(batch(), slice(0, 2)))
        assert not differing(again, simulate(piece, rng=rng, details=False).monthly)


def test_a_batch_never_imports_mesa() -> None:
    code = (
        "import sys; from sim.runner import run; from tests.support import small;"
        "run(small(months=2), replicates=2); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "mesa" not in done.stdout.split()


def test_running_leaves_the_scenario_alone() -> None:
    asked = scenario("open_by_default")
    before = asked.digest()
    run(asked, replicates=1, seed=SEED)
    assert asked.digest() == before


def test_steps_end_with_the_scenario() -> None:
    model = ReleaseModel(small(months=1), rng=SEED)
    model.step()
    with pytest.raises(IndexError, match="1 month"):
        model.step()
