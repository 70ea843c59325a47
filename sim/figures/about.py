"""What is known of a scenario, prose and policies, from the provenance of the runs or from the scenario file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError
from sim.figures.labels import label, readable
from sim.policies import POLICIES
from sim.regimes import REGIMES


@dataclass(frozen=True)
class PolicyLine:
    """One policy: what it is called, its kind, its first month (absolute) and its settings in words."""

    title: str
    kind: str
    start: int | None
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """Prose, policies and changed parameters of a scenario; empty where nothing is known."""

    name: str
    title: str
    question: str = ""
    story: str = ""
    tension: str = ""
    sources: tuple[str, ...] = ()
    policies: tuple[PolicyLine, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


def about(name: str, provenance: Mapping[str, Any]) -> About:
    """Return what is known of a scenario.

    Parameters
    ----------
    name : str
        Name of the scenario.
    provenance : mapping
        Of the results; its entry of the scenario may hold ``title``, ``question``, ``story``, ``tension``, ``sources``,
        ``policies`` (tables as scenario files write them), ``parameters`` and ``digest``. What it lacks is taken from
        the shipped scenario of that name, if its digest is the same.
    """
    known: dict[str, Any] = dict(provenance.get("scenarios", {}).get(name, {}))
    if "policies" not in known:
        known = shipped(name, known, provenance) | {k: v for k, v in known.items() if v}
    prose = {key: str(known.get(key) or "") for key in ("question", "story", "tension")}
    policies = tuple(policy_line(table) for table in known.get("policies", ()))
    title = str(known.get("title") or readable(name))
    sources = tuple(str(source) for source in known.get("sources", ()))
    return About(name, title, **prose, sources=sources, policies=policies, parameters=known.get("parameters", {}))


def shipped(name: str, known: Mapping[str, Any], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a shipped scenario if it is the one that was run, else no more than its question."""
    try:
        from sim.scenario import load

        scenario = load(name)
        run = {key: provenance[key] for key in ("start", "months") if key in provenance}
        scenario = scenario.replace(parameters=known.get("parameters", {}), **run)
    except (ImportError, InputError, OSError):
        return {}
    from sim.scenario_record import resolved

    document = resolved(scenario)
    if scenario.digest() == known.get("digest"):
        return document
    return {key: document[key] for key in ("title", "question") if key in document}


def policy_line(table: Mapping[str, Any]) -> PolicyLine:
    """Return a policy from its table; settings are the fields that differ from the policy's defaults."""
    kind = str(table.get("kind", ""))
    declared = _declared(kind)
    settings = tuple(
        _setting(key, value, declared.get(key, {}))
        for key, value in table.items()
        if key not in ("kind", "title", "start") and declared.get(key, {}).get("default", ...) != _frozen(value)
    )
    return PolicyLine(str(table.get("title") or _title(kind)), kind, month_of(table.get("start")), settings)


def month_of(value: Any) -> int | None:
    """Return an absolute month from a number or from text that begins with ``YYYY-MM``."""
    if isinstance(value, int):
        return value
    try:
        year, month = str(value).split("-")[:2]
        return int(year) * 12 + int(month) - 1
    except ValueError:
        return None


def _title(kind: str) -> str:
    return str(POLICIES[kind].title or readable(kind)) if kind in POLICIES else readable(kind)


def _declared(kind: str) -> dict[str, Mapping[str, Any]]:
    """Return what a policy declares of each of its fields."""
    return {f.name: f.metadata for f in dataclasses.fields(POLICIES[kind])} if kind in POLICIES else {}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _setting(key: str, value: Any, declared: Mapping[str, Any]) -> str:
    words = key.replace("_", " ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"{words}: {', '.join(_named(v) for v in value)}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        unit = str(declared.get("unit", ""))
        return f"{words}: {value:g}{f' {unit}' if unit not in ('', 'share') and unit not in words else ''}"
    return f"{words}: {label(str(value))}"


def _named(value: Any) -> str:
    """Return a jurisdiction or a row of the regime table in words."""
    known = next((row.label for row in REGIMES if row.id == value), None)
    return known or label(str(value))
