"""Every instrument on the whole model, under common random numbers: what it must raise and lower, and through what."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.policies import POLICIES, Policy, absolute_month
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario
from tests.support import small

PAGE = Path(__file__).parents[2] / "docs/explanation/directions.md"
MONTHS, REPLICATES = 48, 12
EARLY = absolute_month(2000, 1)


class Case(NamedTuple):
    """An instrument with fields at which it shows, beside others; outcomes by where they must go on average.

    `but` are outcomes that the literature or common sense lets one expect to move the other way, and that do not; the
    page says why.
    """

    outcomes: str
    fields: Mapping[str, Any] = {}
    beside: Mapping[str, Mapping[str, Any]] = {}
    but: str = ""


LICENCE = {"licensing": {"value": 22.0, "delay_months": 9.0, "strictness": 0.8}}
INSTRUMENTS = {
    "forbid_above": Case("open_release_share- open_capability- capability_lag_months+", {"value": 24.0}),
    "mandate_open": Case("open_release_share+ open_capability+ capability_lag_months-"),
    "staged_release": Case("open_release_share- open_capability-", {"value": 22.0, "delay_months": 24.0}),
    "structured_access": Case(
        "open_release_share- unreleased_share- external_safety_findings+", {"value": 22.0, "researcher_access": 1.0}
    ),
    "access_by_capability": Case("open_release_share- open_capability- harm_route_open_weights-", {"value": 0.0}),
    "transparency_mandate": Case("external_safety_findings+ cumulative_innovation+ unresolved_flaws-", {"floor": 0.9}),
    "open_model_prize": Case("open_release_share+ open_capability+", {"payoff": 2.0, "effort_indexed": 0.5}),
    "open_model_exemption": Case(
        "models_per_year+ unresolved_flaws+ open_release_share+ safety_effort-",
        {"liability": 1.0, "audit": 1.0},
        {**LICENCE, "liability": {"developer": 1.0}, "audit": {"rate": 0.2}},
    ),
    "deliberative_oversight": Case("open_release_share+", {"weight": 10.0}),
    "risk_assessment": Case("unresolved_flaws- catastrophe_accident-", {"value": 22.0, "share": 0.8}),
    "licensing": Case("models_per_year- unresolved_flaws- catastrophe_accident-", LICENCE["licensing"]),
    "safety_case": Case("open_release_share- open_capability- harm_route_open_weights-", {"ceiling": 0.05}),
    "pause": Case("frontier_capability- training_cost_usd-", {"share": 0.8}),
    "consortium_pause": Case("frontier_capability- models_per_year-", {"trigger": 0.0, "participation": 1.0}),
    "incident_reporting": Case("incidents+ protection+", {"share": 0.9}),
    "liability": Case(
        "safety_effort+ open_release_share- cumulative_innovation-", {"developer": 1.0, "downstream": 0.5}
    ),
    "weight_security": Case("thefts-", {"level": 5.0}),
    "audit": Case("audits+ breaches- external_safety_findings+", {"rate": 0.3, "access": 1.0, "penalty_share": 0.1}),
    "researcher_access": Case("external_safety_findings+ unresolved_flaws-", {"access": 1.0}),
    "red_team_funding": Case("external_safety_findings+ unresolved_flaws-", {"factor": 3.0}),
    "bug_bounty": Case("external_safety_findings+ unresolved_flaws-", {"factor": 3.0}),
    "external_scrutiny": Case(
        "external_safety_findings+ unresolved_flaws- audits+", {"access": 1.0, "independence": 1.0, "resources": 2.0}
    ),
    "safety_governance": Case("safety_effort+ catastrophe_accident-", {"safety_floor": 0.5}),
    "three_lines_of_defence": Case("safety_effort+ catastrophe_accident- frontier_capability-", {"safety_floor": 0.5}),
    "internal_audit": Case("unresolved_flaws- external_safety_findings-", {"search": 3.0}),
    "ethics_board": Case("open_release_share- open_capability-", {"weight": 10.0}),
    "know_your_customer": Case("jailbreak_share- harm_route_api- ai_attributable_harm-", {"share": 0.8}),
    "public_interest_safeguards": Case("jailbreak_share- harm_route_api- ai_attributable_harm-", {"share": 0.8}),
    "provenance": Case("harm_influence- ai_attributable_harm-", {"share": 0.9}),
    "tamper_resistance": Case("harm_route_open_weights- ai_attributable_harm-", {"share": 0.9}),
    "fine_tuning_screening": Case(
        "harm_route_open_weights- ai_attributable_harm- cumulative_innovation-", {"share": 0.9, "builders": 0.3}
    ),
    "bio_tool_access": Case("harm_bio- catastrophe_misuse- open_release_share-", {"value": -2.0}),
    "synthesis_screening": Case("harm_bio- catastrophe_misuse-", {"share": 1.0}),
    "public_compute": Case("training_compute_hhi- effective_developers+", {"share": 0.5}),
    "antitrust": Case("entries+ complement_owner_share- usage_hhi-", {"entry": 10.0, "complements": 0.9}),
    "interoperability": Case("usage_hhi-", {"share": 0.8}),
    "complement_access": Case("complement_owner_share-", {"share": 0.9}),
    "compute_levy": Case("frontier_training_flop-", {"oom": 0.3}),
    "compute_cap": Case("frontier_training_flop- frontier_capability- consumer_surplus-", {"value": 25.0}),
    "benefit_sharing": Case("benefits_shared_usd+ training_cost_usd- frontier_training_flop-", {"share": 0.5}),
    "community_support": Case("effective_developers+ training_compute_hhi-", {"relief": 1.0, "public_compute": 0.1}),
    "commoditise_complement": Case("open_release_share+", {"payoff": 3.0}),
    "defender_subsidy": Case("protection+ cumulative_harm-", {"factor": 2.0}),
    "defender_first": Case("unpatched_share- ai_attributable_harm-", {"head_start_months": 12.0, "share": 1.0}),
    "patch_mandate": Case("median_days_to_patch- unpatched_share- harm_cyber-", {"factor": 2.0}),
    "resilience": Case("protection+ cumulative_harm-", {"log_odds": 1.0}),
    "export_control": Case("china_use_share-", {"oom": 1.0}),
    "hosting_ban": Case("builders_open_share- consumer_surplus-", {"share": 1.0}),
    "treaty": Case("open_release_share- open_capability- audits+", {"value": 24.0, "inspection_rate": 0.2}),
}


def policy(kind: str, fields: Mapping[str, Any]) -> Policy:
    return POLICIES[kind](start=EARLY, **fields)


def beside(case: Case) -> tuple[Policy, ...]:
    return tuple(policy(kind, fields) for kind, fields in case.beside.items())


@cache
def results() -> Results:
    """Every instrument, and beside it the same run without it."""
    scenarios: list[Scenario] = [small(months=MONTHS, name="nothing", policies=())]
    for kind, case in INSTRUMENTS.items():
        others = beside(case)
        if others:
            scenarios.append(small(months=MONTHS, name=f"{kind}:0", policies=others))
        scenarios.append(small(months=MONTHS, name=f"{kind}:1", policies=(*others, policy(kind, case.fields))))
    return run(scenarios, replicates=REPLICATES, details=False)


def gain(kind: str, outcome: str) -> float:
    """Mean difference that an instrument makes, relative to the mean without it."""
    without = results().select(f"{kind}:0" if INSTRUMENTS[kind].beside else "nothing").summary()[outcome]
    with_ = results().select(f"{kind}:1").summary()[outcome]
    return float(np.mean(with_ - without)) / max(float(np.mean(np.abs(without))), 1e-12)
