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
LISTED = "`aperture parameters` lists the parameters."
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-\d\d)?")


def apply_settings(scenario: Scenario, settings: Sequence[str], *, absent: bool = False) -> Scenario:
    """Apply settings together; where two name the same path, the later wins.

    Parameters
    ----------
    scenario : Scenario
        Untouched.
    settings : sequence of str
        Each ``path=value``; words of a list are separated by commas.
    absent : bool
        Whether a setting of a policy that the scenario does not have is passed over.

    Raises
    ------
    InputError
        For the first one that is malformed, unknown or out of range.
    """
    values: dict[str, Any] = {}
    for setting in settings:
        path, equals, text = str(setting).partition("=")
        path, text = path.strip(), text.strip()
        if not equals or not path or not text or len(text) > 300:
            raise InputError(f"setting {shown(setting)}", "is not of the form path=value.", "For example months=60.")
        values[path] = _value(text)
    return apply_values(scenario, values, absent=absent)


def _value(text: str) -> float | int | str:
    if NUMBER.fullmatch(text) and len(text) < 40:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return text


def apply_values(scenario: Scenario, values: Mapping[str, Any], *, absent: bool = False) -> Scenario:
    """Return a scenario with some things changed, all at once.

    Parameters
    ----------
    scenario : Scenario
        Untouched.
    values : mapping of str
        Values by path: ``months``, ``start``, ``population.x``, the full name of a parameter, or ``kind.field`` of a
        policy, which holds for every policy of that kind in the scenario.
    absent : bool
        Whether a path of a policy that the scenario does not have is passed over.

    Raises
    ------
    InputError
        If a path is unknown or a value out of range.
    """
    changes: dict[str, Any] = {}
    parameters = dict(scenario.parameters)
    agents: dict[str, Any] = {}
    fields: dict[str, dict[str, Any]] = {}
    present = {policy.kind for policy in scenario.policies}
    for path, value in values.items():
        where = f"setting {shown(path).strip(chr(39))}"
        head, _, tail = path.partition(".")
        if path in ("months", "start"):
            changes[path] = _month(value) if path == "start" else value
        elif head == "population" and tail in Population.__dataclass_fields__:
            agents[tail] = value
        elif head in POLICIES and tail in POLICIES[head].__dataclass_fields__:
            if head in present:
                fields.setdefault(head, {})[tail] = _policy_value(head, tail, value)
            elif not absent:
                remedy = f"It has {', '.join(sorted(present)) or 'no policies'}."
                raise InputError(where, f"{scenario.name} has no policy {head}.", remedy)
        elif path not in REGISTRY:
            raise InputError(where, "there is nothing of that name.", near(path, known_paths()) or LISTED)
        else:
            parameters[path] = check_value(path, value, where)
    return _changed(scenario, {**changes, "parameters": parameters}, agents, fields)


def _changed(
    scenario: Scenario, changes: Mapping[str, Any], agents: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]
) -> Scenario:
    try:
        population = dataclasses.replace(scenario.population, **agents)
        policies = tuple(dataclasses.replace(policy, **fields.get(policy.kind, {})) for policy in scenario.policies)
        return scenario.replace(**changes, population=population, policies=policies)
    except InputError as error:
        where = error.where.removeprefix(f"{scenario.name}: ")
        raise InputError(f"setting {where}", error.problem, error.remedy) from None


def known_paths() -> Iterator[str]:
    """Yield every path that a setting may name."""
    yield from ("months", "start")
    yield from (f"population.{name}" for name in Population.__dataclass_fields__)
    yield from REGISTRY.names()
    yield from (f"{kind}.{name}" for kind, cls in POLICIES.items() for name in cls.__dataclass_fields__)


def _month(value: Any) -> Any:
    found = MONTH.fullmatch(value) if isinstance(value, str) else None
    return absolute_month(int(found[1]), int(found[2])) if found else value


def _policy_value(kind: str, name: str, value: Any) -> Any:
    type_ = POLICIES[kind].__dataclass_fields__[name].metadata["type"]
    if type_ == "date":
        return _month(value)
    if type_ in ("places", "rows") and isinstance(value, str):
        return tuple(word.strip() for word in value.split(","))
    return value
