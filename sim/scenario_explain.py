"""Say what a scenario does in words: what changes when, for whom, against which baseline, and what is odd about it."""

from __future__ import annotations

import dataclasses
import textwrap
from itertools import groupby

from sim.axes import JURISDICTIONS, THRESHOLDS
from sim.levers import INFINITE, LEVERS, Levers
from sim.outcomes.records import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import Policy, fold, month_name
from sim.regimes import resolve
from sim.scenario_oddities import change_dates, warnings
from sim.scenario_record import Population, Scenario
from sim.scenario_words import PLACES, amount, dates, field_texts, kinds, line, places

__all__ = ["PLACES", "change_dates", "expected", "explain", "lever_changes", "levers_by_date", "warnings"]

BINDING = (
    "Duties on developers bind those whose home is there and those who sell there, the strictest first; a developer "
    "may move, or sell there no more. Duties on users, hosts and defenders bind where these live. Weights that are "
    "out stay out."
)


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


def levers_by_date(scenario: Scenario) -> str:
    """Return what moves when, lever by lever, with jurisdictions that move alike together."""
    parts = []
    for month, moves in groupby(lever_changes(scenario), key=lambda move: move[0]):
        alike: dict[tuple[str, float, float], list[str]] = {}
        for _, name, place, old, new in moves:
            alike.setdefault((name, old, new), []).append(place)
        rows = [f"  {_move(name, old, new, scenario)} {places(where)}" for (name, old, new), where in alike.items()]
        parts += _section(month_name(month), [*dict.fromkeys(rows)])
    return "\n\n".join(parts) + "\n"


def _move(name: str, old: float, new: float, scenario: Scenario) -> str:
    lever, _, rest = name.partition(" ")
    if lever == "forbidden_above":
        row, kind = rest.split()
        free = "no longer forbidden" if new >= INFINITE / 2 else f"forbidden for {line(kind, round(new, 3))}"
        return f"forbidden_above: {kinds([row], scenario.regimes)}: {free}"

    def shown(value: float) -> str:
        return "none" if value >= INFINITE / 2 else amount(float(f"{value:.4g}"), LEVERS[name].unit)

    return f"{name}: {shown(old)} to {shown(new)}"


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
    parts.append(_fill(_horizon(scenario, own)))
    parts += _section("What it changes" if inherited else "What it does", [_policy_text(p, scenario) for p in own])
    if baseline:
        kept = [f"{p.title}: {dates(p)}, {places(p.jurisdictions)}" for p in inherited]
        told = f"What it keeps of {baseline.name} (explained by 'aperture show {baseline.name}')"
        parts += _section(told, [_fill(text, "  ") for text in kept])
        gone = [f"{p.title} ({p.kind})" for p in baseline.policies if p not in scenario.policies]
        parts += _section(f"What it drops of {baseline.name}", [_fill(text, "  ") for text in gone])
    if scenario.policies:
        parts += _section("Whom it binds", [_fill(BINDING, "  ")])
    parts += _section("Assumptions that differ from the defaults", _parameter_texts(scenario))
    parts += _section("Added kinds of release", [f"  {row.id}: {row.label}" for row in scenario.regimes])
    if scenario.population != Population():
        counts = ", ".join(f"{v} {k}" for k, v in dataclasses.asdict(scenario.population).items())
        parts += _section("Simulated agents", [f"  {counts}"])
    moved = f"What it should move against {scenario.baseline or 'its baseline'}, on average over runs"
    parts += _section(moved, [f"  {expected(text)}" for text in scenario.expects])
    parts += _section("Tension", [_fill(scenario.tension, "  ")] if scenario.tension else [])
    parts += _section("Sources", [_fill(source, "  ") for source in scenario.sources])
    parts += _section("Warnings", [_fill(text, "  ") for text in warnings(scenario)])
    return "\n\n".join(parts) + "\n"


def _horizon(scenario: Scenario, own: list[Policy]) -> str:
    years = f"{month_name(scenario.start)} to {month_name(scenario.end - 1)} ({scenario.months} months)"
    text = f"It runs from {years}"
    if not scenario.baseline:
        return f"{text}."
    text += f", compared with {scenario.baseline}"
    first = min((policy.start for policy in own), default=scenario.start)
    if scenario.start < first < scenario.end:
        text += f", with which it shares everything until {month_name(first)}, chance included"
    return f"{text}."


def expected(text: str) -> str:
    """Return an expectation in words."""
    name, _, sign = text.partition(" ")
    return f"{'higher' if sign == '+' else 'lower'}: {OUTCOMES[name].label} ({name})"


def _section(title: str, items: list[str]) -> list[str]:
    return [title + "\n" + "\n".join(items)] if items else []


def _fill(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), 100, initial_indent=indent, subsequent_indent=indent + indent)


def _policy_text(policy: Policy, scenario: Scenario) -> str:
    head = f"{policy.title} ({policy.kind}): {dates(policy)}, {places(policy.jurisdictions)}. {policy.description}"
    wrap = {"initial_indent": "      - ", "subsequent_indent": "        "}
    lines = [textwrap.fill(text, 100, break_on_hyphens=False, **wrap) for text in field_texts(policy, scenario)]  # type: ignore[arg-type]
    return "\n".join([_fill(head, "  "), *lines])


def _parameter_texts(scenario: Scenario) -> list[str]:
    texts = []
    for name, value in scenario.parameters.items():
        parameter = REGISTRY[name]
        shown = value if isinstance(value, str) else f"{value:g}"
        default = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:g}"
        texts.append(_fill(f"{name} = {shown} instead of {default} ({parameter.unit}): {parameter.description}", "  "))
    return texts
