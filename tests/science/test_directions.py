"""Directions on the whole model, under common random numbers: levers, parameters, and what must not matter."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.axes import JURISDICTIONS
from sim.levers import LEVERS
from sim.model import ReleaseModel
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import POLICIES, absolute_month
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario
from tests.support import MoveLever, differing, small

ROOT = Path(__file__).parents[2]
MONTHS, REPLICATES = 36, 8


class Case(NamedTuple):
    """A lever at a value, beside others without which it does nothing; outcomes by where they must go on average."""

    value: float
    outcomes: str
    beside: Mapping[str, float] = {}


LICENCE = {"licence_above_log10_flop": 22.0}
DELAY = {**LICENCE, "licence_delay_months": 9}
ANY_SIZE = {"exemption_below_log10_flop": 1e9}
AUDIT = {"audit_rate": 0.3, "penalty_share": 0.1}
CASES = {
    "forbidden_above": Case(24, "open_release_share- open_capability- capability_lag_months+"),
    "staged_delay_months": Case(24, "open_release_share-"),
    "licence_above_log10_flop": Case(22, "models_per_year-", {"licence_delay_months": 6}),
    "licence_strictness": Case(0.95, "unresolved_flaws- catastrophe_accident- open_release_share-", LICENCE),
    "licence_delay_months": Case(9, "models_per_year-", LICENCE),
    "licence_exemption": Case(
        1, "models_per_year+ unresolved_flaws+", {**DELAY, "licence_strictness": 0.8, **ANY_SIZE}
    ),
    "liability_exemption": Case(1, "open_release_share+ safety_effort-", {"liability_developer": 1, **ANY_SIZE}),
    "audit_exemption": Case(1, "breaches+", {**AUDIT, **ANY_SIZE}),  # scarce auditors turn to others
    "exemption_below_log10_flop": Case(1e9, "breaches+", {**AUDIT, "audit_exemption": 1}),
    "risk_ceiling": Case(0.05, "open_release_share- open_capability-"),
    "assessment_above_log10_flop": Case(22, "unresolved_flaws-", {"assessment_share": 0.8}),
    "assessment_share": Case(0.8, "unresolved_flaws-", {"assessment_above_log10_flop": 22}),
    "pause": Case(0.8, "frontier_capability- training_cost_usd-"),
    "compute_cap_log10_flop": Case(25, "frontier_training_flop- frontier_capability- consumer_surplus-"),
    "compute_price_factor": Case(0.3, "frontier_training_flop-"),
    "public_compute": Case(0.5, "training_compute_hhi- effective_developers+"),
    "complement_access": Case(0.9, "complement_owner_share-"),
    "entry_support": Case(5, "entries+ effective_developers+"),
    "benefit_share": Case(0.5, "benefits_shared_usd+ training_cost_usd- frontier_training_flop-"),
    "collective_relief": Case(1, "training_compute_hhi- effective_developers+"),
    "interoperability": Case(0.8, ""),  # faster switching may spread use or gather it
    "open_prize": Case(1, "open_release_share+ open_usage_share+"),
    "open_prize_indexed": Case(2, "open_release_share+ capability_lag_months-"),
    "public_voice": Case(10, "open_release_share+"),  # the other way where the public prefers closure
    "complement_bonus": Case(2, "open_release_share+"),
    "transparency_floor": Case(0.9, "external_safety_findings+ cumulative_innovation+ unresolved_flaws-"),
    "safety_floor": Case(0.5, "safety_effort+ catastrophe_accident- frontier_capability-"),
    "governance": Case(1, "", {"harm_weight": 10}),  # lets developers' own fears through, whichever way they err
    "harm_weight": Case(10, "open_release_share-"),
    "internal_audit": Case(3, "unresolved_flaws- external_safety_findings-"),
    "security_floor": Case(5, "thefts-"),
    "audit_access": Case(1, "breaches- external_safety_findings+", AUDIT),
    "audit_rate": Case(0.3, "audits+"),
    "researcher_access": Case(1, "external_safety_findings+ unresolved_flaws-"),
    "red_team_funding": Case(3, "external_safety_findings+ unresolved_flaws- jailbreak_share-"),
    "bug_bounty": Case(3, "external_safety_findings+ unresolved_flaws-"),
    "evaluator_independence": Case(1, "external_safety_findings+ unresolved_flaws-"),
    "liability_developer": Case(1, "safety_effort+ open_release_share-"),
    "liability_downstream": Case(0.5, "cumulative_innovation-"),
    "liability_cap": Case(0.1, "open_release_share+", {"liability_developer": 2}),
    "penalty_share": Case(0.1, "breaches-", {"audit_rate": 0.3}),
    "compliance_cost": Case(0.2, "compliance_cost_usd+ frontier_training_flop-"),
    "incident_reporting": Case(0.9, "incidents+ protection+"),
    "know_your_customer": Case(0.8, "jailbreak_share- harm_route_api- ai_attributable_harm-"),
    "provenance": Case(0.9, "harm_influence- ai_attributable_harm-"),
    "tamper_resistance": Case(0.9, "harm_route_open_weights- ai_attributable_harm-"),
    "safeguard_sharing": Case(0.8, "jailbreak_share- harm_route_api- ai_attributable_harm-"),
    "fine_tuning_screening": Case(1, "harm_route_open_weights- ai_attributable_harm-"),
    "host_safeguards": Case(1, "harm_route_open_weights- ai_attributable_harm-"),
    "synthesis_screening": Case(1, "harm_bio- catastrophe_misuse-"),
    "hosting_ban": Case(1, "builders_open_share- consumer_surplus-"),
    "export_control": Case(0.5, "frontier_training_flop-"),
    "defender_subsidy": Case(2, "protection+ cumulative_harm-"),
    "defender_head_start_months": Case(12, "unpatched_share- ai_attributable_harm-", {"head_start_share": 1}),
    "head_start_share": Case(1, "unpatched_share- ai_attributable_harm-", {"defender_head_start_months": 12}),
    "patch_mandate": Case(2, "median_days_to_patch- unpatched_share- harm_cyber-"),
    "resilience": Case(1, "protection+ cumulative_harm-"),
}


def moved(name: str, levers: Mapping[str, float], months: int = MONTHS) -> Scenario:
    policies = tuple(MoveLever(lever=lever, value=value) for lever, value in levers.items())
    return small(months=months, name=name, policies=policies)


@cache
def levers() -> Results:
    """Every lever, and beside it the same run without it."""
    scenarios = []
    for name, case in CASES.items():
        scenarios += [moved(f"{name}:0", case.beside), moved(f"{name}:1", {**case.beside, name: case.value})]
    return run(scenarios, replicates=REPLICATES, details=False)


def read_in(*places: str) -> set[str]:
    """Every string literal in some folders or modules of the package."""
    found = set()
    for place in places:
        whole = ROOT / "sim" / place
        for path in [whole] if whole.is_file() else whole.rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            found |= {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found


def test_every_lever_has_a_case() -> None:
    assert CASES.keys() == LEVERS.keys()


def test_every_lever_is_read_by_a_stage_or_an_actor() -> None:
    assert not LEVERS.keys() - read_in("stages", "actors", "exemptions.py")


@pytest.mark.parametrize("name", CASES)
def test_every_lever_matters(name: str) -> None:
    without, with_ = levers().select(f"{name}:0"), levers().select(f"{name}:1")
    assert differing(without.monthly, with_.monthly)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outcomes])
def test_where_levers_lead(name: str) -> None:
    without, with_ = (levers().select(f"{name}:{i}").summary() for i in (0, 1))
    wrong = {}
    for expected in CASES[name].outcomes.split():
        outcome, sign = expected[:-1], 1 if expected[-1] == "+" else -1
        gain = float(np.mean(with_[outcome] - without[outcome]))
        if not gain * sign > 0:
            wrong[outcome] = gain / max(float(np.mean(np.abs(without[outcome]))), 1e-12)
    assert not wrong


def test_neutral_levers_are_inert() -> None:
    neutral = {name: lever.neutral for name, lever in LEVERS.items() if lever.combine != "min"}
    pair = [moved("none", {}, 6), moved("neutral", neutral, 6)]
    results = run(pair, replicates=2, details=False)
    assert not differing(results.select("none").monthly, results.select("neutral").monthly)


def test_liability_downstream_deters_by_its_parameter() -> None:
    liable = moved("liable", {"liability_downstream": 1.0}, 12)
    name = "innovation.liability_deterrence"
    ends = [liable.replace(name=f"at {end}", parameters={name: end}) for end in (0.0, 0.4, 0.8)]
    results = run([moved("free", {}, 12), *ends], replicates=2, details=False)
    free, none, some, most = (
        results.select(one).monthly["cumulative_innovation"] for one in ("free", "at 0.0", "at 0.4", "at 0.8")
    )
    assert_array_equal(none, free)
    assert np.all(some[:, 0] < none[:, 0]) and np.all(most[:, 0] < some[:, 0])


PARAMETERS = {
    "misuse.learning": "cumulative_harm+",
    "misuse.jailbreak_skill": "jailbreak_share+ harm_route_api+",
    "misuse.jailbreak_flaws": "jailbreak_share+ harm_route_api+",
    "initial.flaws_share": "unresolved_flaws+",
    "misuse.uplift_per_oom_cyber": "harm_cyber+ ai_attributable_harm+",
    "misuse.uplift_cap_fraud": "harm_fraud+",
    "misuse.exposure_growth": "cumulative_harm+",
    "misuse.zero_day_share": "harm_cyber-",  # the fewer patchable flaws, the less their race speeds up
    "defence.slice_patch_rate_cyber": "unpatched_share- harm_cyber-",
    "defence.persistent_share_fraud": "harm_fraud+",
    "defence.tool_per_oom_cyber": "protection+ harm_cyber-",
    "security.strip_rate_per_month": "harm_route_open_weights+",
    "security.crime_theft_share": "harm_route_stolen+",
    "capability.knowledge_growth": "frontier_capability+",
    "capability.open_commons_gain": "frontier_capability+",
    "capability.ideas_harder": "frontier_capability-",
    "market.revenue_initial_usd": "consumer_surplus+ frontier_training_flop+",
    "market.run_share_of_revenue": "frontier_training_flop+",
    "market.appropriation_weight": "frontier_training_flop-",
    "market.complement_cost": "flagship_price-",
    "release.profit_weight": "open_release_share-",
    "release.public_preference": "open_release_share+",
    "safety.stake": "safety_effort+ catastrophe_accident-",
    "safety.decisiveness": "safety_effort-",
    "safety.accident_rate": "catastrophe_accident+ catastrophe_probability+",
    "oversight.find_rate": "external_safety_findings+ unresolved_flaws-",
    "oversight.flaws_per_release": "unresolved_flaws+ external_safety_findings+",
    "innovation.rate_per_month": "cumulative_innovation+",
    "innovation.closure_penalty": "cumulative_innovation-",
    "innovation.venture_elasticity": "entries+",
    "innovation.flywheel_builders": "open_capability+",
    "innovation.quality_sd": "download_gini+",
    "catastrophe.misuse_rate": "catastrophe_misuse+",
    "catastrophe.diversity_exponent": "catastrophe_correlated-",
}
"""What follows on average when a parameter goes from the low to the high end of its range."""


@cache
def parameters() -> Results:
    """Every parameter at both ends of its range."""
    scenarios = []
    for name in PARAMETERS:
        for i, value in enumerate((REGISTRY[name].low, REGISTRY[name].high)):
            scenarios.append(small(months=MONTHS, name=f"{name}:{i}", parameters={name: value}))
    return run(scenarios, replicates=REPLICATES, details=False)


@pytest.mark.parametrize("name", PARAMETERS)
def test_where_parameters_lead(name: str) -> None:
    before, after = (parameters().select(f"{name}:{i}").summary() for i in (0, 1))
    for expected in PARAMETERS[name].split():
        outcome, sign = expected[:-1], 1 if expected[-1] == "+" else -1
        assert float(np.mean(after[outcome] - before[outcome])) * sign > 0, outcome


def test_regulators_tighten_above_their_threshold() -> None:
    """Not before some years: little of what misusers do with AI is reported."""
    name = "enforcement.salience_threshold_eu"
    ends = (REGISTRY[name].low, REGISTRY[name].high)
    results = run(
        [small(months=84, name=f"{end}", parameters={name: end}) for end in ends], replicates=4, details=False
    )
    low, high = (results.select(f"{end}").summary()["stringency"] for end in ends)
    assert np.mean(low) > np.mean(high)


def test_free_models_squeeze_entrants() -> None:
    mandate = (POLICIES["mandate_open"](start=absolute_month(2000, 1), jurisdictions=JURISDICTIONS, value=0.0),)
    values = [{"market.entry_rate": 0.04, "market.entry_squeeze": x} for x in (0.3, 1.0)]
    pair = [small(months=MONTHS, name=f"{i}", policies=mandate, parameters=p) for i, p in enumerate(values)]
    found = run(pair, replicates=16, details=False)
    little, much = (found.select(f"{i}").summary()["entries"] for i in (0, 1))
    assert np.mean(much) < np.mean(little)


@pytest.mark.parametrize("doubling", [10.0, 12.0, 16.0])
def test_the_hub_before_the_start_grew_at_its_rate(doubling: float) -> None:
    scenario = small(months=1, parameters={"initial.derivatives_doubling_months": doubling})
    hub = ReleaseModel(scenario, rng=1).state.artefacts
    last, year_before = (np.sum(hub.weight[:, hub.born == month]) for month in (-1, -13))
    assert_allclose(last / year_before, 2 ** (12 / doubling), rtol=1e-4)


def together(settings: Mapping[str, Mapping[str, float]], months: int = 24) -> Results:
    scenarios = [small(months=months, name=name, parameters=values) for name, values in settings.items()]
    return run(scenarios, replicates=3, details=False)


def test_without_uplift_there_is_no_harm_by_ai() -> None:
    results = together({"on": {}, "off": {"misuse.enabled": 0.0}})
    on, off = results.select("on").monthly, results.select("off").monthly
    assert_array_equal(off["ai_attributable_harm"], 0)
    # Nor does anybody exploit faster than at the start, as attackers with uplift do.
    initial = np.float32(REGISTRY["defence.exploit_days_initial"].default)
    assert_array_equal(off["median_days_to_exploit"], initial)
    assert (on["median_days_to_exploit"][:, -1] < initial).all()


def test_twice_the_misusers_do_the_same_expected_harm() -> None:
    # Harm without AI is calibrated to published losses, so the number of real misusers only says how many events share
    # them: expected harm stays, and what comes about scatters less around it.
    results = together({"once": {"initial.misusers_real": 1e6}, "twice": {"initial.misusers_real": 2e6}})
    once, twice = results.select("once").monthly, results.select("twice").monthly
    assert_allclose(twice["cumulative_harm"], once["cumulative_harm"], rtol=1e-5)
    assert_allclose(twice["ai_attributable_harm"], once["ai_attributable_harm"], rtol=1e-3)
    scatter = [np.std(np.log(run_["realised_harm"] / run_["cumulative_harm"])) for run_ in (once, twice)]
    assert scatter[1] < scatter[0]


def test_skill_moves_the_start_not_its_cost() -> None:
    # The same holds for skill: losses of the first month without AI are data, however able misusers are.
    kinds = ("opportunist", "organised", "state", "lone")
    able = {f"misuse.kind_skill_{kind}": x for kind, x in zip(kinds, (-0.1, 0.7, 1.3, 0.4), strict=True)}
    results = together({"default": {"misuse.enabled": 0.0}, "able": {**able, "misuse.enabled": 0.0}}, months=1)
    default, skilled = results.select("default").monthly, results.select("able").monthly
    assert_allclose(skilled["cumulative_harm"], default["cumulative_harm"], rtol=0.05)


def test_every_outcome_of_these_tests_exists() -> None:
    named = " ".join([case.outcomes for case in CASES.values()] + [*PARAMETERS.values()])
    assert {word[:-1] for word in named.split()} <= OUTCOMES.keys()
