"""Every instrument on the whole model, under common random numbers: what it must raise and lower, and through what."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.outcomes import OUTCOMES
from sim.policies import POLICIES, Policy, absolute_month
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario
from tests.support import differing, small

PAGE = Path(__file__).parents[2] / "docs/explanation/directions.md"
MONTHS, REPLICATES = 48, 12
RESOLVED = 3.0
"""Standard errors from which a difference is told from noise."""
EARLY = absolute_month(2000, 1)


class Case(NamedTuple):
    """An instrument with fields at which it shows, beside others; outcomes by where they are expected to go on average.

    Expectations stand as they were before the first run. `outcomes` went where expected, `but` the other way, and
    `unresolved` cannot be told from noise; the page says why.
    """

    outcomes: str
    fields: Mapping[str, Any] = {}
    beside: Mapping[str, Mapping[str, Any]] = {}
    but: str = ""
    unresolved: str = ""

    @property
    def expected(self) -> str:
        return f"{self.outcomes} {self.but} {self.unresolved}"


LICENCE = {"licensing": {"value": 22.0, "delay_months": 9.0, "strictness": 0.8}}
INSTRUMENTS = {
    "forbid_above": Case("open_release_share- open_capability- capability_lag_months+", {"value": 24.0}),
    "mandate_open": Case("open_release_share+ capability_lag_months-", but="open_capability+"),
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
    "host_safeguards": Case("harm_route_open_weights- ai_attributable_harm-", {"share": 1.0}),
    "bio_tool_access": Case("harm_bio- open_release_share-", {"value": -2.0}, unresolved="catastrophe_misuse-"),
    "synthesis_screening": Case("harm_bio- catastrophe_misuse-", {"share": 1.0}),
    "public_compute": Case("training_compute_hhi- effective_developers+", {"share": 0.5}),
    "antitrust": Case("entries+ complement_owner_share-", {"entry": 10.0, "complements": 0.9}, unresolved="usage_hhi-"),
    "interoperability": Case("", {"share": 0.8}, but="consumer_surplus+", unresolved="api_revenue_hhi- usage_hhi-"),
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


def differences(kind: str, outcome: str) -> np.ndarray[Any, Any]:
    """What an instrument makes of an outcome, run by run, on the same uniforms."""
    without = results().select(f"{kind}:0" if INSTRUMENTS[kind].beside else "nothing").summary()[outcome]
    return np.asarray(results().select(f"{kind}:1").summary()[outcome] - without, np.float64)


def gain(kind: str, outcome: str) -> float:
    """Their mean in standard errors."""
    found = differences(kind, outcome)
    return float(np.mean(found) / max(np.std(found, ddof=1) / np.sqrt(len(found)), 1e-30))


def signs(text: str) -> list[tuple[str, int]]:
    return [(word[:-1], 1 if word[-1] == "+" else -1) for word in text.split()]


def test_every_instrument_has_a_case() -> None:
    assert INSTRUMENTS.keys() == POLICIES.keys()
    assert {name for case in INSTRUMENTS.values() for name, _ in signs(case.expected)} <= OUTCOMES.keys()
    assert all(case.expected.strip() for case in INSTRUMENTS.values())


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_where_instruments_lead(kind: str) -> None:
    case = INSTRUMENTS[kind]
    wanted = signs(case.outcomes) + [(name, -sign) for name, sign in signs(case.but)]
    found = {name: gain(kind, name) for name, sign in wanted}
    assert not {name: found[name] for name, sign in wanted if not found[name] * sign > 0}


@pytest.mark.parametrize("kind", [kind for kind, case in INSTRUMENTS.items() if case.unresolved])
def test_what_is_called_noise_is_noise(kind: str) -> None:
    """If it comes out of the noise, it belongs with what went where expected, or with what did not."""
    assert all(abs(gain(kind, name)) < RESOLVED for name, _ in signs(INSTRUMENTS[kind].unresolved))


@cache
def priced() -> Results:
    """Every instrument with a cost, with it and for nothing."""
    scenarios = []
    for kind in COSTLY:
        free = {**INSTRUMENTS[kind].fields, "compliance_cost": 0.0}
        for name, fields in (("free", free), ("priced", INSTRUMENTS[kind].fields)):
            policies = (*beside(INSTRUMENTS[kind]), policy(kind, fields))
            scenarios.append(small(months=12, name=f"{kind}:{name}", policies=policies))
    return run(scenarios, replicates=2, details=False)


COSTLY = [kind for kind, cls in POLICIES.items() if cls().cost > 0]


@pytest.mark.parametrize("kind", COSTLY)
def test_what_costs_developers_is_counted(kind: str) -> None:
    free, cost = (priced().select(f"{kind}:{name}").summary()["compliance_cost_usd"] for name in ("free", "priced"))
    assert np.mean(cost) > np.mean(free)


def frontier(name: str, *policies: Policy) -> np.ndarray[Any, Any]:
    """Frontier by month, mean over runs."""
    found = run(small(months=MONTHS, name=name, policies=policies), replicates=3 * REPLICATES, details=False)
    return np.asarray(found.monthly["frontier_capability"].mean(axis=0))


def test_a_pause_that_all_keep_holds_the_frontier_still() -> None:
    # Nobody passes what was reached at the start, and no sooner than it ends does the frontier move again.
    start = absolute_month(2025, 1)
    found = frontier("still", POLICIES["pause"](start=start, end=start + 12))
    assert found[23] == found[11] and found[35] > found[23] + 0.3


def test_longer_pauses_of_a_consortium_hold_more() -> None:
    agreed = {"trigger": 0.0, "participation": 1.0}
    half, whole = (frontier(f"{n}", policy("consortium_pause", {**agreed, "pause_months": n})) for n in (6, 12))
    free = frontier("free")
    assert whole.mean() < half.mean() < free.mean()


def test_pauses_are_made_up_for() -> None:
    # Knowledge and chips move on: of what half a year's pause holds back, most is there again a year after its end.
    start = absolute_month(2025, 1)
    free, held = frontier("free"), frontier("held", POLICIES["pause"](start=start, end=start + 6))
    assert held[17] < free[17] - 0.3
    assert abs(held[29] - free[29]) < 0.5 * (free[17] - held[17])


@pytest.mark.parametrize(("weight", "low", "high"), [(0.0, -0.15, 0.25), (0.8, -2.0, -0.4)])
def test_budgets_out_of_revenue_decide_what_a_mandate_does_to_open_models(
    weight: float, low: float, high: float
) -> None:
    # Where budgets do not come out of revenue, a mandate leaves the best open model about where it was; else it falls.
    parameters = {"market.revenue_weight": weight}
    mandate = (policy("mandate_open", {}),)
    pair = [small(months=MONTHS, name=n, policies=p, parameters=parameters) for n, p in (("0", ()), ("1", mandate))]
    found = run(pair, replicates=REPLICATES, details=False)
    before, after = (found.select(name).summary()["open_capability"] for name in ("0", "1"))
    assert low < np.mean(after - before) < high


def test_deliberation_follows_the_public() -> None:
    assembly = policy("deliberative_oversight", {"weight": 10.0})
    parameters = {"release.public_preference": -0.3}
    pair = [small(months=MONTHS, name=n, policies=p, parameters=parameters) for n, p in (("0", ()), ("1", (assembly,)))]
    found = run(pair, replicates=REPLICATES, details=False)
    before, after = (found.select(name).summary()["open_release_share"] for name in ("0", "1"))
    assert np.mean(after) < np.mean(before)


def test_instruments_commute() -> None:
    policies = [policy(kind, case.fields) for kind, case in INSTRUMENTS.items()]
    one, other = (small(months=4, name="all", policies=tuple(given)) for given in (policies, policies[::-1]))
    first, second = (run(scenario, replicates=2, details=False).monthly for scenario in (one, other))
    assert not differing(first, second)


def test_page_says_the_same() -> None:
    """`docs/explanation/directions.md` has the rows of the table above: instrument, expectation, what was seen."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    said = {kind: (re.findall(r"`(\w+)` ([+−])", expected), seen.strip()) for kind, expected, seen in rows}
    assert said.keys() == INSTRUMENTS.keys()
    for kind, case in INSTRUMENTS.items():
        expected = [(name, "+" if sign > 0 else "−") for name, sign in signs(case.expected)]
        seen = " ".join(
            f"{word}: {', '.join(f'`{name}`' for name, _ in signs(text))}."
            for word, text in (("As expected", case.outcomes), ("The other way", case.but), ("Noise", case.unresolved))
            if text
        )
        assert said[kind] == (expected, seen), kind
