"""The scenarios and worlds that come with the package, and what any file holds once it is read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from sim.errors import InputError
from sim.policies import POLICIES, Policy, absolute_month
from sim.regimes import RegimeRow
from sim.scenario_reading import parse_toml

MONTH_FORM = r"^[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?$"


@dataclass(frozen=True, kw_only=True)
class Form:
    """What stands in one scenario or world file, each value in its final type; None where the file is silent."""

    schema_version: int = 1
    name: str | None = None
    title: str
    question: str = ""
    story: str = ""
    sources: tuple[str, ...] = ()
    tension: str = ""
    parameters: Mapping[str, float | str] = field(default_factory=dict)
    resolved: bool = False
    baseline: str | None = None
    remove_policies: tuple[str, ...] = ()
    worlds: tuple[str, ...] = ()
    start: int | None = None
    months: int | None = None
    population: Mapping[str, int] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    regimes: tuple[RegimeRow, ...] = ()
    expects: tuple[str, ...] = ()


@cache
def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios, in alphabetical order."""
    return _names("scenario")


@cache
def world_names() -> tuple[str, ...]:
    """Names of the shipped worlds, in alphabetical order."""
    return _names("world")


def _folder(what: str) -> Any:
    return files("scenarios") if what == "scenario" else files("scenarios") / "worlds"


def _names(what: str) -> tuple[str, ...]:
    return tuple(sorted(entry.name[:-5] for entry in _folder(what).iterdir() if entry.name.endswith(".toml")))


def shipped_document(name: str, what: str) -> dict[str, Any]:
    """Return the parsed file of a shipped ``"scenario"`` or ``"world"``."""
    return parse_toml((_folder(what) / f"{name}.toml").read_bytes(), name)


def read_month(value: object) -> int:
    """Turn ``"2027-01"`` or a TOML date into an absolute month; raises ValueError for anything else."""
    if type(value) is datetime.date:
        return absolute_month(value.year, value.month)
    if isinstance(value, str) and re.fullmatch(MONTH_FORM, value):
        return absolute_month(int(value[:4]), int(value[5:7]))
    raise ValueError('is not a month; write "2027-01" or 2027-01-01')


def shipped_form(document: Mapping[str, Any]) -> Form | None:
    """Read a shipped file without the form's machinery, which takes longer to import than the rest of the package.

    Shipped files are known to be right (a test compares both ways); None if this one is not, so that the strict reader
    can say why.
    """
    known = {item.name for item in fields(Form)}
    try:
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
        if not given.keys() <= known or given["schema_version"] != 1 or "regimes" in given:
            return None
        given["policies"] = tuple(map(_policy, given.get("policies", ())))
        if "start" in given:
            given["start"] = read_month(given["start"])
        return Form(**given)
    except (KeyError, TypeError, ValueError, InputError):
        return None


def _policy(table: Mapping[str, Any]) -> Policy:
    values: dict[str, Any] = {key: value for key, value in table.items() if key != "kind"}
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    values |= {key: read_month(values[key]) for key in ("start", "end") if key in values}
    return POLICIES[table["kind"]](**values)
