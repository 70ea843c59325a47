"""Previews between known values: exact where a value is known, on the line elsewhere, nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from dashboard import previews
from dashboard.previews import between
from dashboard.runs import PREVIEW, Engine
from dashboard.variants import Variant
from dashboard.views import ViewState

EARLY = {"mandate_open.start": 2024 * 12 + 2}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(0)


def at(strength: float, **more: object) -> ViewState:
    values = {**EARLY, "mandate_open.strength": strength}
    return ViewState((Variant("open_by_default", values=values),), months=24, **more)


def exact(engine: Engine, state: ViewState):
    return engine.results(state.resolve()[0], state.ensemble, PREVIEW, details=False)


def same(one, other) -> bool:
    assert one.scenario == other.scenario
    return all(np.array_equal(one.monthly[name], other.monthly[name], equal_nan=True) for name in one.monthly)


@pytest.mark.parametrize("strength", [0.0, 0.25, 0.5, 1.0])
def test_known_values_are_exact(engine, strength):
    state = at(strength)
    assert same(between(engine, state, "mandate_open.strength"), exact(engine, state))


def test_values_between_lie_on_the_line(engine):
    found = between(engine, at(0.3), "mandate_open.strength")
    low, high = exact(engine, at(0.25)), exact(engine, at(0.5))
    rows = found.rows("open_by_default_edited")
    for name in ("open_release_share", "consumer_surplus"):
        line = 0.8 * low.monthly[name][rows] + 0.2 * high.monthly[name][rows]
        assert np.allclose(found.monthly[name][rows], line, rtol=1e-9)
    assert not same(found, exact(engine, at(0.3)))
    base = found.rows("status_quo")
    assert np.array_equal(found.monthly["usage_hhi"][base], low.monthly["usage_hhi"][base])
    assert found.provenance["scenarios"]["open_by_default_edited"]["title"] == "Open by default, edited"


def test_assumptions_move_every_scenario(engine):
    state = at(1.0, assumptions={"misuse.uplift_per_oom_cyber": 1.0})
    found = between(engine, state, "misuse.uplift_per_oom_cyber")
    assert found.scenario == exact(engine, state).scenario


@pytest.mark.parametrize(
    "moving", ["", "nonsense", "mandate_open.closed", "mandate_open.end", "__class__.x", "mandate_open.kind"]
)
def test_what_has_no_line_is_run(engine, moving):
    assert same(between(engine, at(0.4), moving), exact(engine, at(0.4)))


def test_the_value_itself_is_run_until_its_neighbours_are_there(engine, monkeypatch):
    monkeypatch.setattr(Engine, "begin", lambda *_: False)
    assert same(between(engine, at(0.3), "mandate_open.strength"), exact(engine, at(0.3)))


def test_the_grid_of_a_lever_covers_its_slider():
    state = ViewState(assumptions={"market.entry_rate": 0.02})
    lever = previews._lever(state, "market.entry_rate")
    values = previews._values(lever)
    assert values[0] == sim.REGISTRY["market.entry_rate"].low
    assert values[-1] == sim.REGISTRY["market.entry_rate"].high
    dates = previews._values(previews._lever(at(1.0), "mandate_open.start"))
    assert all(isinstance(value, int) for value in dates)
