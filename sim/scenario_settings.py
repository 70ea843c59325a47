"""Settings of the form ``path=value``, as the command line, sweeps and forms give them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value
from sim.policies import POLICIES, absolute_month
from sim.policies.fields import near
from sim.scenario_reading import shown
from sim.scenario_record import Population, Scenario

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-\d\d)?")


def apply_settings(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """Apply settings in order; a later one wins.

    Raises
    ------
    InputError
        For the first one that is malformed, unknown or out of range.
    """
    for setting in settings:
        path, equals, text = str(setting).partition("=")
        path, text = path.strip(), text.strip()
        if not equals or not path or not text or len(text) > 300:
            raise InputError(f"setting {shown(setting)}", "is not of the form path=value.", "For example months=60.")
        scenario = apply_setting(scenario, path, _value(text))
    return scenario


def _value(text: str) -> float | int | str:
    if NUMBER.fullmatch(text) and len(text) < 40:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return text


def apply_setting(scenario: Scenario, path: str, value: Any) -> Scenario:
    """Return a scenario with one thing changed.

    Parameters
    ----------
    scenario : Scenario
        Untouched.
    path : str
        ``months``, ``start``, ``population.x``, the full name of a parameter, or ``kind.field`` of a policy.
    value : float, int or str
        Words of a list are separated by commas.

    Raises
    ------
    InputError
        If the path is unknown or the value out of range.
    """
    where = f"setting {shown(path).strip(chr(39))}"
    head, _, tail = path.partition(".")
    try:
        if path in ("months", "start"):
            return scenario.replace(**{path: _month(value) if path == "start" else value})
        if head == "population" and tail in Population.__dataclass_fields__:
            return scenario.replace(population=dataclasses.replace(scenario.population, **{tail: value}))
        if head in POLICIES and tail in POLICIES[head].__dataclass_fields__:
            return _with_policy_field(scenario, head, tail, value)
        if path not in REGISTRY:
            raise InputError(where, "there is nothing of that name.", near(path, known_paths()) or _where_to_look())
        checked = check_value(path, value, where)
    except InputError as error:
        raise InputError(where, error.problem[:300], error.remedy[:300]) from None
    return scenario.replace(parameters={**scenario.parameters, path: checked})


def _where_to_look() -> str:
    return "`aperture parameters` lists the parameters."


def known_paths() -> Iterator[str]:
    """Yield every path that a setting may name."""
    yield from ("months", "start")
    yield from (f"population.{name}" for name in Population.__dataclass_fields__)
    yield from REGISTRY.names()
    yield from (f"{kind}.{name}" for kind, cls in POLICIES.items() for name in cls.__dataclass_fields__)


def _month(value: Any) -> Any:
    found = MONTH.fullmatch(value) if isinstance(value, str) else None
    return absolute_month(int(found[1]), int(found[2])) if found else str(value)


def _with_policy_field(scenario: Scenario, kind: str, name: str, value: Any) -> Scenario:
    if not any(policy.kind == kind for policy in scenario.policies):
        kinds = sorted({policy.kind for policy in scenario.policies})
        problem = f"{scenario.name} has no policy {kind}."
        raise InputError(kind, problem, f"It has {', '.join(kinds) or 'no policies'}.")
    metadata: Mapping[str, Any] = POLICIES[kind].__dataclass_fields__[name].metadata
    if metadata["type"] == "date":
        value = _month(value)
    elif metadata["type"] in ("places", "rows"):
        value = tuple(word.strip() for word in str(value).split(","))
    changed = (
        dataclasses.replace(policy, **{name: value}) if policy.kind == kind else policy for policy in scenario.policies
    )
    return scenario.replace(policies=tuple(changed))
