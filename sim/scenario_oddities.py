"""What is legal but odd about a scenario: combinations of policies that an analyst would ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sim.axes import JURISDICTIONS
from sim.levers import INFINITE
from sim.parameters import REGISTRY
from sim.policies import Policy, ThresholdPolicy, absolute_month, fold, month_name
from sim.policies.defence import DefenderFirst
from sim.policies.fields import OPEN_ROWS
from sim.policies.openness import MandateOpen, OpenModelExemption, StagedRelease
from sim.policies.pauses import Pause
from sim.regimes import resolve
from sim.scenario_record import Scenario
from sim.scenario_words import PLACES, places

SATURATION = absolute_month(2031, 1)
"""From here on results rest on how growth saturates, which no data identify."""
HEAVY = 0.25
"""Share of development budgets from which the cost of rules is worth a word."""
AT_HOSTS = ("know_your_customer", "public_interest_safeguards")
"""Instruments that reach interfaces only."""
ON_WEIGHTS = ("tamper_resistance", "fine_tuning_screening")
"""Instruments that act on open weights only."""


def warnings(scenario: Scenario) -> tuple[str, ...]:
    """Return what is legal but odd about a scenario, notes of its reading included."""
    found = list(scenario.notes)
    for policy in scenario.policies:
        found += _policy_warnings(policy, scenario)
    found += _forbidden_warnings(scenario)
    for check in CHECKS:
        found += check(scenario)
    for name, value in scenario.parameters.items():
        parameter = REGISTRY[name]
        low, high = parameter.low, parameter.high
        if value == parameter.default and not scenario.worlds:
            found.append(f"{name} is set to its default, {value}")
        elif not isinstance(value, str) and low is not None and high is not None and not low <= value <= high:
            found.append(f"{name} = {value:g} is admissible but beyond the plausible range, {low:g} to {high:g}")
    if scenario.end > SATURATION:
        last = month_name(scenario.end - 1)
        found.append(f"the horizon reaches {last}; months beyond 2030 rest on assumptions about how growth saturates")
    return tuple(dict.fromkeys(found))


def _policy_warnings(policy: Policy, scenario: Scenario) -> Iterator[str]:
    name = f"{policy.kind} from {month_name(policy.start)}"
    if policy.strength == 0.0:
        yield f"{name} has strength 0, so it does nothing"
    if policy.start >= scenario.end or (policy.end is not None and policy.end <= scenario.start):
        ends = month_name(scenario.end - 1)
        yield f"{name} never acts within the horizon, {month_name(scenario.start)} to {ends}"
    elif policy.start + policy.phase_in_months > scenario.end:
        yield f"{name} reaches its full strength only after the horizon"
    elif policy.end is not None and policy.phase_in_months > policy.end - policy.start:
        yield f"{name} ends before it is phased in"


def _forbidden_warnings(scenario: Scenario) -> Iterator[str]:
    """Find jurisdictions where a set of rules leaves no kind of release to models above some line."""
    regimes = tuple(row.id for row in resolve(scenario.regimes))
    direct = [place for place, row in enumerate(regimes) if row != "r5_opened"]
    seen = set()
    for month in change_dates(scenario):
        limits = fold(scenario.policies, 1, regimes, None, month, {})["forbidden_above"][0]
        closed = np.all(np.any(limits[:, direct] < INFINITE / 2, axis=2), axis=1)
        for place in np.flatnonzero(closed):
            if place not in seen:
                seen.add(place)
                where = PLACES[JURISDICTIONS[place]]
                yield f"from {month_name(month)} no kind of release is left to some models in {where}"


def change_dates(scenario: Scenario) -> tuple[int, ...]:
    """Months within the horizon at which a policy starts, is fully phased in, or ends."""
    dates = {scenario.start}
    for policy in scenario.policies:
        dates |= {policy.start, policy.start + max(policy.phase_in_months - 1, 0)}
        dates |= {policy.end} if policy.end is not None else set()
    return tuple(sorted(month for month in dates if scenario.start <= month < scenario.end))


def _acting(scenario: Scenario) -> list[Policy]:
    """Policies that do something at some time within the horizon."""
    return [p for p in scenario.policies if p.strength > 0 and p.start < scenario.end]


def _together(one: Policy, other: Policy) -> tuple[str, ...]:
    """Where two policies are law at the same time; empty if never."""
    apart = (one.end or other.start + 1) <= other.start or (other.end or one.start + 1) <= one.start
    return () if apart else tuple(place for place in one.jurisdictions if place in other.jurisdictions)


def _penalties_without_audits(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    rates = ("rate", "searching_attitude", "inspection_rate")
    auditors = [p for p in policies if any(getattr(p, name, 0.0) > 0 for name in rates)]
    for policy in policies:
        if getattr(policy, "penalty_share", 0.0) > 0.001 and not any(_together(policy, other) for other in auditors):
            yield (
                f"{policy.kind} threatens penalties {places(policy.jurisdictions)}, where nobody audits: breaches are "
                "found by audits only"
            )


def _exemptions_from_nothing(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    duties = {
        "licence": ("licensing",),
        "liability": ("liability",),
        "audit": ("audit", "external_scrutiny", "treaty"),
    }
    for policy in policies:
        if not isinstance(policy, OpenModelExemption):
            continue
        for name, sources in duties.items():
            has = any(other.kind in sources and _together(policy, other) for other in policies)
            if getattr(policy, name) > 0 and policy.changed_fields().get(name) is not None and not has:
                yield f"open_model_exemption relieves of {name}, of which there is no duty where it holds"
        if not any(o.kind in sum(duties.values(), ()) and _together(policy, o) for o in policies):
            yield "open_model_exemption exempts from duties that do not exist where it holds"


def _stages_without_an_end(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    for stage in policies:
        if not isinstance(stage, StagedRelease):
            continue
        for rule in policies:
            shut = getattr(rule, "regimes", ()) if isinstance(rule, ThresholdPolicy) else ()
            same = isinstance(rule, ThresholdPolicy) and rule.threshold == stage.threshold and rule.value <= stage.value
            if rule is not stage and same and "r5_opened" in shut and _together(stage, rule):
                yield (
                    f"staged_release delays what {rule.kind} forbids for good {places(_together(stage, rule))}: models "
                    "above the line never reach the second stage"
                )


def _mandates_against_bans(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    for mandate in (p for p in policies if isinstance(p, MandateOpen)):
        for other in policies:
            where = _together(mandate, other)
            if not where:
                continue
            if other.kind == "hosting_ban":
                yield f"open weights are required and hosts may not serve them {places(where)}"
            if other.kind in AT_HOSTS:
                yield f"{other.kind} reaches interfaces, while weights must be open {places(where)}"


def _nothing_to_act_on(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    for policy in policies:
        if policy.kind not in ON_WEIGHTS:
            continue
        for rule in policies:
            everything = isinstance(rule, ThresholdPolicy) and rule.threshold == "training_flop" and rule.value <= 22
            if everything and set(OPEN_ROWS) <= set(getattr(rule, "regimes", ())) and _together(policy, rule):
                yield f"{policy.kind} acts on open weights, of which {rule.kind} allows no new ones"


def _lines_that_stand_still(scenario: Scenario) -> Iterator[str]:
    for rule in _acting(scenario):
        still = isinstance(rule, ThresholdPolicy) and rule.threshold in ("training_flop", "capability")
        shut = set(getattr(rule, "regimes", ())) if still else set()
        if {"r7", "r8", "r9"} <= shut and rule.jurisdictions == JURISDICTIONS and rule.value > 0:  # type: ignore[attr-defined]
            yield (
                f"{rule.kind} draws an absolute line everywhere: progress carries the frontier past it, and open "
                "models stay below it for good"
            )


def _pauses_without_an_end(scenario: Scenario) -> Iterator[str]:
    for pause in _acting(scenario):
        if isinstance(pause, Pause) and pause.trigger is None and pause.end is None:
            yield f"pause from {month_name(pause.start)} has neither trigger nor end: training does not go on"


def _head_starts_of_nobody(scenario: Scenario) -> Iterator[str]:
    for policy in _acting(scenario):
        if isinstance(policy, DefenderFirst) and (policy.share == 0 or policy.head_start_months == 0):
            yield "defender_first gives nobody a head start, or one of no time, and still costs developers"


def _treaties_with_oneself(scenario: Scenario) -> Iterator[str]:
    policies = _acting(scenario)
    for treaty in (p for p in policies if p.kind == "treaty"):
        if len(treaty.jurisdictions) == 1:
            yield f"treaty has one signatory, {PLACES[treaty.jurisdictions[0]]}: it is a law of that jurisdiction"
        for other in policies:
            if other.kind == "export_control" and _together(treaty, other):
                yield f"export_control hits signatories of the treaty {places(_together(treaty, other))}"


def _heavy_costs(scenario: Scenario) -> Iterator[str]:
    regimes = tuple(row.id for row in resolve(scenario.regimes))
    worst = dict.fromkeys(JURISDICTIONS, 0.0)
    for month in change_dates(scenario):
        cost = fold(scenario.policies, 1, regimes, None, month, {})["compliance_cost"][0]
        for place, share in zip(JURISDICTIONS, cost.tolist(), strict=True):
            worst[place] = max(worst[place], share)
    heavy = [place for place, share in worst.items() if share > HEAVY]
    if heavy:
        share = max(worst[place] for place in heavy)
        yield f"rules together cost up to {share:.0%} of development budgets {places(heavy)}"


CHECKS: tuple[Callable[[Scenario], Iterator[str]], ...] = (
    _penalties_without_audits,
    _exemptions_from_nothing,
    _stages_without_an_end,
    _mandates_against_bans,
    _nothing_to_act_on,
    _lines_that_stand_still,
    _pauses_without_an_end,
    _head_starts_of_nobody,
    _treaties_with_oneself,
    _heavy_costs,
)
"""Every check of a whole scenario."""
