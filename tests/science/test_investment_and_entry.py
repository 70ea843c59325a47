"""What developers invest, what a head start costs them, and who founds: on the whole model, on the same luck."""

import numpy as np
import pytest

from sim.model import ReleaseModel
from sim.parameters import REGISTRY
from sim.policies import POLICIES
from sim.runner import run
from tests.support import small


def ends(shipped: str, name: str, months: int, outcome: str) -> tuple[float, float]:
    """Mean of an outcome at the end with a parameter at the low and at the high end of its range."""
    pair = [
        small(shipped, months, start="2026-01", name=f"at {x}", parameters={name: x})
        for x in (REGISTRY[name].low, REGISTRY[name].high)
    ]
    results = run(pair, replicates=8, details=False)
    low, high = (float(np.mean(results.select(scenario.name).monthly[outcome][:, -1])) for scenario in pair)
    return low, high


def test_a_head_start_costs_developers_their_lead() -> None:
    # Everybody who is bound waits, so that the frontier in use is older; defenders have what they had.
    free, full = ends("defender_first", "release.head_start_delay", 48, "frontier_capability")
    assert full < free - 0.05


def test_models_that_cannot_be_appropriated_are_paid_for_less() -> None:
    position, earnings = ends("open_by_default", "market.appropriation_weight", 72, "frontier_capability")
    assert earnings < position - 0.1
    position, earnings = ends("closed_frontier", "market.appropriation_weight", 72, "frontier_capability")
    assert abs(earnings - position) < 0.1


def test_a_ban_on_hosting_costs_those_who_live_under_it() -> None:
    ban = POLICIES["hosting_ban"](start=24000, share=1.0, jurisdictions=("eu",))
    pair = [small(months=24, name="free"), small(months=24, name="banned", policies=(ban,))]
    results = run(pair, replicates=4, details=False)
    free, banned = (results.select(scenario.name).summary() for scenario in pair)
    lost = {place: 1 - banned[f"surplus_{place}"].mean() / free[f"surplus_{place}"].mean() for place in ("us", "eu")}
    assert lost["eu"] > lost["us"] + 0.05


def test_founders_live_where_builders_do() -> None:
    scenario = small(months=60, policies=(POLICIES["antitrust"](start=24000, entry=10.0),))
    model = ReleaseModel(scenario, rng=3, members=6)
    first = model.state.labs.active.copy()
    while model.state.clock.month < 59:
        model.step()
    labs = model.state.labs
    came = labs.active & ~first
    share = REGISTRY["initial.builder_share_us"].default
    assert came.sum() > 30
    assert np.mean(labs.jurisdiction[came] == 0) == pytest.approx(share, abs=4 * np.sqrt(0.25 / came.sum()))
