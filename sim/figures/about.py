"""What is known of a scenario, prose and policies, from the provenance of the runs or from the scenario file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError
from sim.figures.labels import readable


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
    """Return a policy from its table; settings are what is left after kind and start."""
    kind = str(table.get("kind", ""))
    title = str(table.get("title") or _title(kind))
    settings = tuple(_setting(key, value) for key, value in table.items() if key not in ("kind", "title", "start"))
    return PolicyLine(title, kind, month_of(table.get("start")), settings)


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
    try:
        from sim.policies import POLICIES

        return str(POLICIES[kind].title or readable(kind))
    except (ImportError, KeyError):
        return readable(kind)


def _setting(key: str, value: Any) -> str:
    words = key.replace("_", " ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"{words}: {', '.join(str(v) for v in value)}"
    return f"{words}: {value:g}" if isinstance(value, float) else f"{words}: {value}"
