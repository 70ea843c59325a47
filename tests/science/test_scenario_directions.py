"""Every shipped scenario moves what it says it moves, against its baseline on the same random numbers."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.outcomes import OUTCOMES
from sim.results import Results
from sim.runner import run
from sim.scenario import load, scenario_names, world_names
from tests.support import small

HINDCASTS = ("hindcast_2020", "hindcast_2023")
NAMES = tuple(name for name in scenario_names() if name not in ("status_quo", *HINDCASTS))
MONTHS, REPLICATES = 84, 12
"""Two years that all share and five in which the packages act."""
REDUCE = {"sum": np.sum, "mean": np.mean, "max": np.max}


@cache
def everything() -> Results:
    scenarios = [small(name, MONTHS, start="2025-01") for name in ("status_quo", *NAMES)]
    return run(scenarios, replicates=REPLICATES, details=False)


def summary(name: str, outcome: str) -> NDArray[np.float64]:
    mine = np.array(everything().scenario) == name
    series, rule = everything().monthly[outcome][mine], OUTCOMES[outcome].summary
    return np.asarray(series[:, -1] if rule == "last" else REDUCE[rule](series, axis=1))


@pytest.mark.parametrize("name", NAMES)
def test_moves_what_it_says(name: str) -> None:
    scenario = load(name)
    assert scenario.expects, "says nothing"
    for text in scenario.expects:
        outcome, sign = text.split()
        difference = summary(name, outcome) - summary("status_quo", outcome)
        assert difference.mean() * (1 if sign == "+" else -1) > 0, (text, difference.mean())


@pytest.mark.parametrize("name", NAMES)
def test_shares_history_up_to_its_start(name: str) -> None:
    mine = np.array(everything().scenario)
    first = min(policy.start for policy in load(name).policies if policy not in load("status_quo").policies)
    before = first - load(name, settings=("start=2025-01",)).start
    for outcome in ("frontier_capability", "cumulative_harm", "usage_hhi"):
        series = everything().monthly[outcome][:, :before]
        np.testing.assert_array_equal(series[mine == name], series[mine == "status_quo"])


@pytest.mark.parametrize("name", world_names())
def test_every_world_runs_and_differs(name: str) -> None:
    # Regulators respond only after years, and sooner where there is more harm.
    beside, months = (("offence_dominant",), 84) if name == "constant_policy" else ((), 12)
    pair = (small("status_quo", months, worlds=(*beside, *own)) for own in ((), (name,)))
    plain, there = (run(scenario, replicates=4, details=False) for scenario in pair)
    assert all(np.isfinite(series).all() for series in there.monthly.values())
    if load("status_quo", worlds=(name,)).parameters:
        assert any(not np.array_equal(there.monthly[outcome], plain.monthly[outcome]) for outcome in OUTCOMES)


@pytest.mark.parametrize("name", HINDCASTS)
def test_hindcasts_run_over_known_years(name: str) -> None:
    scenario = load(name)
    assert scenario.end >= 2026 * 12 + 11 and scenario.start == int(name[-4:]) * 12
    results = run(small(name, 3, start=f"{name[-4:]}-01"), replicates=4, details=False)
    assert all(np.isfinite(series).all() for series in results.monthly.values())


def test_there_are_as_many_as_promised() -> None:
    assert len(scenario_names()) >= 26 and len(world_names()) >= 14
