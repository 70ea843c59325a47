"""The benchmarks measure what they say: small sizes, and no assertion about time."""

import copy
import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks import __main__ as command
from benchmarks import profiling, suite
from benchmarks.batches import Batch
from benchmarks.calls import calls_a_month
from benchmarks.clock import Timing, interleaved, seconds_of
from benchmarks.objects import ObjectModel
from benchmarks.reference import Reference
from benchmarks.suite import Plan
from benchmarks.table import END, START, insert, overhead
from sim.members import batches, expand
from sim.policies import POLICIES, absolute_month
from sim.runner import simulate
from tests.support import small

SMALL = {"misusers": 200, "defenders": 128, "builders": 200}
TINY = Plan(
    members=(1, 2),
    warm_up=1,
    months=1,
    rounds=2,
    population=SMALL,
    reference_agents=50,
    reference_months=2,
    page_months=0,
)
ROUNDING = 1e-4
"""Of the largest value: single precision against double, added up over some months."""


def test_cases_take_turns() -> None:
    order: list[str] = []
    timings = interleaved({name: partial(seconds_of, partial(order.append, name)) for name in "abc"}, 3)
    assert "".join(order) == "abcbcacab"
    assert all(len(timing.seconds) == 3 for timing in timings.values())


def test_timing() -> None:
    timing = Timing((3.0, 1.0, 2.0))
    assert timing.per(1e9) == {"best_ns": 1.0, "median_ns": 2.0}


def test_batch_is_what_the_runner_runs() -> None:
    batch = Batch(2, 3, population=SMALL)
    batch.advance(1)
    batch.advance(2)
    (members,) = batches(expand([batch.scenario], 1, 2, 0), 2)
    for name, series in simulate(members).monthly.items():
        assert_array_equal(batch.recorder.monthly[name], series, err_msg=name)


def test_reference_workload() -> None:
    batch, alone = Reference(3, 40), Reference(1, 40)
    for workload in (batch, alone):
        workload.advance(12)
    assert_array_equal(batch.level[0], alone.level[0])
    acted = sum(number for _, number in batch.record)
    assert_array_equal(batch.picked.sum(axis=1) - 40, acted)
    assert 0 < acted.sum() < 3 * 40 * 12 * 0.1


@pytest.mark.parametrize("scenario", ["status_quo", "staged_release", "defender_first"])
def test_objects_follow_the_same_rules(scenario: str) -> None:
    """Every agent, one by one: when a rule of a stage changes, `benchmarks.objects` must say it too."""
    batch = Batch(1, 40, population=SMALL, scenario=scenario)
    batch.advance(34)  # policies are in force
    follows(batch)


def test_objects_follow_every_instrument() -> None:
    """All instruments at once, but for those that contradict others.

    A ban on hosting is left out too: few new downloads are lost beside many old ones in single precision.
    """
    early = {"start": absolute_month(2000, 1)}
    covered = {"licensing": {"value": 22.0}, "risk_assessment": {"value": 22.0}, "safety_case": {"ceiling": 0.05}}
    covered["open_model_exemption"] = {"audit": 0.7, "below": 26.0}
    covered["open_model_prize"] = {"payoff": 1.0, "effort_indexed": 0.5}
    kinds = POLICIES.keys() - {"mandate_open", "structured_access", "forbid_above", "pause", "hosting_ban"}
    policies = tuple(POLICIES[kind](**early, **covered.get(kind, {})) for kind in sorted(kinds))
    batch = Batch(1, 24, scenario=small(months=24, policies=policies))
    batch.advance(18)
    follows(batch)


def test_objects_found_developers_and_lose_weights() -> None:
    """Rare events made common: entry into spare slots by founders, and thefts by states and criminals."""
    often = {"market.entry_rate": 0.04, "regimes.r2_theft_per_year": 9.0, "security.crime_theft_share": 0.5}
    eased = POLICIES["antitrust"](start=absolute_month(2000, 1), entry=10.0)
    batch = Batch(1, 24, scenario=small(months=24, policies=(eased,), parameters=often))
    batch.advance(8)
    follows(batch)
    entries, thefts = (batch.recorder.monthly[name][0, 8:12].sum() for name in ("entries", "thefts"))
    assert entries > 0 and thefts > 0


def follows(batch: Batch) -> None:
    """Four months of the batch beside the same months of objects, agent by agent."""
    model = ObjectModel(copy.deepcopy(batch.state))
    for _ in range(4):
        batch.advance(1)
        model.step()
    state = batch.state
    people = (
        (
            state.labs,
            model.developers,
            ("active", "regime", "jurisdiction", "capability", "effort", "price", "cash_usd", "flaws_known"),
        ),
        (state.misusers, model.misusers, ("active", "stopped", "banned", "column", "experience")),
        (state.defenders, model.defenders, ("tools", "invested")),
        (state.builders, model.builders, ("base", "made")),
    )
    for record, agents, names in people:
        for name in names:
            agree(name, getattr(record, name)[0], [getattr(agent, name) for agent in agents])
    agree("unpatched", state.defenders.unpatched[0], model.unpatched)
    agree("shares", state.market.share[0], model.shares)
    month = state.clock.month
    for name, value in model.outcomes[-1].items():
        agree(name, batch.recorder.monthly[name][0, month], value)


def agree(name: str, array: object, said: object) -> None:
    expected = np.asarray(array, np.float64)
    largest = float(np.abs(expected).max())
    assert_allclose(np.asarray(said, np.float64), expected, rtol=0, atol=ROUNDING * max(largest, 1e-9), err_msg=name)


def test_everything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "QUICK", TINY)
    file = tmp_path / "new" / "results.json"
    assert command.main(["--quick", "--out", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert [(row["members"], row["details"]) for row in found["batches"]] == [
        (m, d) for m in (1, 2) for d in (True, False)
    ]
    assert all(row["best_ns"] > row["best_ns_lane"] > 0 for row in found["batches"])
    assert found["ratios"]["objects_to_batch"] > 0
    assert found["ratios"]["batch_to_reference"] > 0
    printed = capsys.readouterr().out
    assert all(words in printed for words in ("2 members, with details", "Mesa objects", "at most 25"))


def test_fixed_cost_is_the_intercept() -> None:
    def batch(members: int, seconds: float) -> dict[str, float]:
        return {"members": members, "details": True, "agents": 100, "best_ns": seconds / (members * 100) * 1e9}

    fixed, each = overhead({"batches": [batch(1, 1.1), batch(32, 4.2)]})
    assert (fixed, each) == (pytest.approx(1.0), pytest.approx(0.001))


def test_table_goes_between_the_marks_of_a_page() -> None:
    page = f"# Title\n{START}\nold\n{END}\nafter\n"
    once = insert(page, "new")
    assert once == f"# Title\n{START}\n```text\nnew\n```\n{END}\nafter\n"
    assert insert(once, "new") == once
    with pytest.raises(ValueError, match="no lines"):
        insert("no marks", "new")


def test_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiling, "WARM_UP", 1)
    text = profiling.profile(members=2, months=1, top=3)
    assert all(step in text for step in ("misuse_month", "clear_market", "record", "tottime"))


def test_calls_are_counted() -> None:
    small, large = (calls_a_month(1, 1, {**SMALL, "misusers": n}) for n in (200, 400))
    assert 100 < small["calls_outside_populations"] < small["calls"]
    assert abs(small["calls"] - large["calls"]) < 0.05 * small["calls"]


def test_plans_fit_in_a_scenario() -> None:
    for plan in (Plan(), suite.QUICK):
        assert plan.warm_up + plan.rounds * plan.months <= 120
