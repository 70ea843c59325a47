"""Say what a scenario does in words: what changes when, for whom, against which baseline, and what is odd about it."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator

import numpy as np

from sim.axes import JURISDICTIONS, THRESHOLDS
from sim.levers import INFINITE, LEVERS, Levers
from sim.outcomes.records import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import Policy, ThresholdPolicy, absolute_month, fold, month_name
from sim.regimes import resolve
from sim.scenario_record import Population, Scenario

PLACES = {"us": "the United States", "eu": "the European Union", "china": "China", "rest": "the rest of the world"}
SATURATION = absolute_month(2031, 1)
"""From here on results rest on how growth saturates, which no data identify."""
UNITS = {"training_flop": "log10 FLOP", "capability": "OOM", "distance_to_frontier": "OOM", "domain": "OOM"}
COMMON = ("start", "end", "jurisdictions", "phase_in_months", "strength", "compliance_cost")


def warnings(scenario: Scenario) -> tuple[str, ...]:
    """Return what is legal but odd about a scenario, notes of its reading included."""
    found = list(scenario.notes)
    for policy in scenario.policies:
        found += _policy_warnings(policy, scenario)
    found += _forbidden_warnings(scenario)
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


def lever_changes(scenario: Scenario) -> list[tuple[int, str, str, float, float]]:
    """List the moves of levers by date.

    Returns
    -------
    list of (month, lever, jurisdiction, before, after)
        The thresholds of forbidden releases are named ``forbidden_above regime threshold``. Policies that wait for a
        trigger are taken as waiting.
    """
    regimes = tuple(row.id for row in resolve(scenario.regimes))
    before = _flat(fold((), 1, regimes, None, scenario.start, {}), regimes)
    found = []
    for month in change_dates(scenario):
        after = _flat(fold(scenario.policies, 1, regimes, None, month, {}), regimes)
        for name, values in after.items():
            for place, old, new in zip(JURISDICTIONS, before[name], values, strict=True):
                if old != new:
                    found.append((month, name, place, float(old), float(new)))
        before = after
    return found


def _flat(levers: Levers, regimes: tuple[str, ...]) -> dict[str, list[float]]:
    flat = {name: [*map(float, levers[name][0])] for name in LEVERS if name != "forbidden_above"}
    limits = levers["forbidden_above"][0]
    for r, regime in enumerate(regimes):
        for k, kind in enumerate(THRESHOLDS):
            flat[f"forbidden_above {regime} {kind}"] = [*map(float, limits[:, r, k])]
    return flat


def explain(scenario: Scenario, baseline: Scenario | None = None) -> str:
    """Describe a scenario for ``aperture show``.

    Parameters
    ----------
    scenario : Scenario
        The one to describe.
    baseline : Scenario, optional
        Its baseline, so that inherited policies can be told from its own.
    """
    inherited = [policy for policy in scenario.policies if baseline and policy in baseline.policies]
    own = [policy for policy in scenario.policies if policy not in inherited]
    parts = [f"{scenario.title or scenario.name} ({scenario.name})"]
    parts += [_fill(text) for text in (scenario.question, scenario.story) if text]
    years = f"{month_name(scenario.start)} to {month_name(scenario.end - 1)} ({scenario.months} months)"
    compared = f", compared with {scenario.baseline}" if scenario.baseline else ""
    parts.append(f"It runs from {years}{compared}.")
    parts += _section("What it changes" if inherited else "What it does", [_policy_text(p) for p in own])
    if baseline:
        kept = [f"{p.title}: {_dates(p)}, {_where(p)}" for p in inherited]
        parts += _section(f"What it keeps of {baseline.name}", [_fill(text, "  ") for text in kept])
        gone = [f"{p.title} ({p.kind})" for p in baseline.policies if p not in scenario.policies]
        parts += _section(f"What it drops of {baseline.name}", [_fill(text, "  ") for text in gone])
    parts += _section("Assumptions that differ from the defaults", _parameter_texts(scenario))
    parts += _section("Added kinds of release", [f"  {row.id}: {row.label}" for row in scenario.regimes])
    if scenario.population != Population():
        counts = ", ".join(f"{v} {k}" for k, v in dataclasses.asdict(scenario.population).items())
        parts += _section("Simulated agents", [f"  {counts}"])
    parts += _section("What it should do", [f"  {expected(text)}" for text in scenario.expects])
    parts += _section("Tension", [_fill(scenario.tension, "  ")] if scenario.tension else [])
    parts += _section("Sources", [_fill(source, "  ") for source in scenario.sources])
    parts += _section("Warnings", [_fill(text, "  ") for text in warnings(scenario)])
    return "\n\n".join(parts) + "\n"


def expected(text: str) -> str:
    """Return an expectation in words."""
    name, _, sign = text.partition(" ")
    return f"{OUTCOMES[name].label} {'rises' if sign == '+' else 'falls'} ({name})"


def _section(title: str, items: list[str]) -> list[str]:
    return [title + "\n" + "\n".join(items)] if items else []


def _fill(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), 100, initial_indent=indent, subsequent_indent=indent + indent)


def _policy_text(policy: Policy) -> str:
    head = _fill(f"{policy.title}: {_dates(policy)}, {_where(policy)}. {policy.description}", "  ")
    lines = [f"      {f}" for f in _field_texts(policy)]
    return "\n".join([head, *lines])


def _field_texts(policy: Policy) -> Iterator[str]:
    for item in dataclasses.fields(policy):
        value = getattr(policy, item.name)
        if item.name in COMMON or value is None or value == item.default == 0.0:
            continue
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        if isinstance(value, float | int):
            unit = UNITS[policy.threshold] if isinstance(policy, ThresholdPolicy) and item.name == "value" else ""
            text = f"{value:g} {unit or item.metadata['unit']}"
        yield f"{item.name} = {text}: {item.metadata['description']}"
    if policy.strength < 1.0:
        yield f"strength = {policy.strength:g}: {_about(policy, 'strength')}"
    if policy.compliance_cost > 0.0:
        yield f"compliance_cost = {policy.compliance_cost:g} share of budget: {_about(policy, 'compliance_cost')}"


def _about(policy: Policy, name: str) -> str:
    return str(policy.__dataclass_fields__[name].metadata["description"])


def _dates(policy: Policy) -> str:
    text = f"from {month_name(policy.start)}"
    text += f" until {month_name(policy.end)}" if policy.end is not None else ""
    return text + (f", phased in over {policy.phase_in_months} months" if policy.phase_in_months else "")


def _where(policy: Policy) -> str:
    if policy.jurisdictions == JURISDICTIONS:
        return "everywhere"
    return "in " + " and ".join(PLACES[place] for place in policy.jurisdictions)


def _parameter_texts(scenario: Scenario) -> list[str]:
    texts = []
    for name, value in scenario.parameters.items():
        parameter = REGISTRY[name]
        amount = value if isinstance(value, str) else f"{value:g}"
        default = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:g}"
        texts.append(f"  {name} = {amount} instead of {default} ({parameter.unit})")
    return texts
