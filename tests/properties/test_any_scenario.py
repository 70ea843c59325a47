"""Whatever is admissible runs: no traceback, no warning, no infinite number; every month conserves what it must."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.outcomes import OUTCOMES
from sim.policies import Policy
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario
from tests.properties.strategies import START, corner, policies, scenarios
from tests.support import differing

patient = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
few = settings(patient, max_examples=12)


def sound(results: Results) -> None:
    bad = {name for name, series in results.monthly.items() if not np.isfinite(series).all()}
    assert not bad
    for name, series in results.monthly.items():
        if OUTCOMES[name].unit == "HHI":
            assert ((series >= 0) & (series <= 10_000 + 1e-3)).all(), name
        if OUTCOMES[name].unit == "probability":
            assert ((series >= 0) & (series <= 1)).all(), name
    for name in ("cumulative_harm", "consumer_surplus", "cumulative_innovation", "realised_harm"):
        assert (results.monthly[name] >= 0).all(), name


@patient
@given(scenarios(), st.integers(0, 2**20), st.sampled_from([1.0, 0.4]))
def test_anything_admissible_runs(scenario: Scenario, seed: int, at_an_end: float) -> None:
    sound(run(scenario, replicates=2, draws=corner(seed, at_an_end), seed=seed))


@few
@given(scenarios(), st.integers(0, 2**20))
def test_a_scenario_alone_is_the_scenario_beside_another(scenario: Scenario, seed: int) -> None:
    bare = scenario.replace(name="bare", policies=())
    both = run([bare, scenario], replicates=2, seed=seed)
    assert not differing(both.select("any").monthly, run(scenario, replicates=2, seed=seed).monthly)


@few
@given(scenarios(), st.randoms(use_true_random=False))
def test_order_of_policies(scenario: Scenario, rng: Any) -> None:
    order = list(scenario.policies)
    rng.shuffle(order)
    shuffled = scenario.replace(policies=tuple(order))
    assert not differing(run(scenario, replicates=1).monthly, run(shuffled, replicates=1).monthly)


@few
@given(scenarios(), policies())
def test_a_policy_without_strength_is_no_policy(scenario: Scenario, policy: Policy) -> None:
    weak = scenario.replace(policies=(*scenario.policies, replace(policy, strength=0.0)))
    assert not differing(run(scenario, replicates=1).monthly, run(weak, replicates=1).monthly)


@few
@given(scenarios(), policies())
def test_nothing_happens_before_a_policy_begins(scenario: Scenario, policy: Policy) -> None:
    bare = scenario.replace(policies=())
    late = bare.replace(policies=(replace(policy, start=START + 2, end=None),))
    first, second = run(bare, replicates=1).monthly, run(late, replicates=1).monthly
    assert not differing({k: v[:, :2] for k, v in first.items()}, {k: v[:, :2] for k, v in second.items()})
