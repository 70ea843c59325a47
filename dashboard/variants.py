"""Scenarios as differences from a preset: the form in which a page and a link hold them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sim

NEVER = "never"
"""How a date that is left open is written."""
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
START = "status_quo"
"""The scenario whose first month and horizon all presets must share to stand in one picture."""


@dataclass(frozen=True)
class Variant:
    """A preset with instruments added or dropped and fields of instruments changed.

    Parameters
    ----------
    preset : str
        A shipped scenario.
    add, drop : tuple of str
        Kinds of instruments; added ones have their default settings unless `values` says more.
    values : mapping of str
        By ``kind.field``.
    """

    preset: str
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def edited(self) -> bool:
        """Whether it differs from its preset."""
        return bool(self.add or self.drop or self.values)

    def encoded(self) -> str:
        """Return the text that a link holds: the preset, then what differs: ``*`` adds, ``-`` drops."""
        parts = [self.preset, *(f"*{kind}" for kind in self.add), *(f"-{kind}" for kind in self.drop)]
        return ";".join([*parts, *(f"{path}={written(value, path)}" for path, value in self.values.items())])

    def scenario(self, worlds: tuple[str, ...] = (), months: int | None = None) -> Any:
        """Return the scenario; raises InputError if a value is not admissible."""
        base = shipped(self.preset, worlds)
        kept = tuple(policy for policy in base.policies if policy.kind not in self.drop)
        there = {policy.kind for policy in kept}
        new = tuple(sim.POLICIES[kind]() for kind in self.add if kind not in there)
        changed = base.replace(policies=(*kept, *new)) if self.edited else base
        changed = changed if months is None else changed.replace(months=months)
        changed = sim.apply_values(changed, self.values) if self.values else changed
        if not self.edited:
            return changed
        title = f"{base.title.split(': ')[0]}, edited"
        return changed.replace(name=f"{self.preset}_edited", title=title, expects=())


@cache
def shipped(name: str, worlds: tuple[str, ...] = ()) -> Any:
    """Return a shipped scenario in worlds; read once."""
    return sim.load(name, worlds)


@cache
def presets() -> tuple[str, ...]:
    """Return the shipped scenarios that share first month and horizon with `START`, in order of their titles."""
    base = shipped(START)
    same = (name for name in sim.scenario_names() if shipped(name).start == base.start)
    return tuple(sorted((n for n in same if shipped(n).months == base.months), key=lambda n: str(shipped(n).title)))


def declaration(path: str) -> Mapping[str, Any]:
    """Return what a policy declares of a field, by ``kind.field``; empty where there is none."""
    kind, _, name = path.partition(".")
    fields = sim.POLICIES[kind].__dataclass_fields__ if kind in sim.POLICIES else {}
    return fields[name].metadata if name in fields else {}


def written(value: Any, path: str = "") -> str:
    """Return a value of a field as a link writes it."""
    if value is None:
        return NEVER
    if declaration(path).get("type") == "date":
        return f"{value // 12:04d}-{value % 12 + 1:02d}"
    if isinstance(value, tuple | list):
        return ",".join(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read_value(path: str, text: str) -> Any:
    """Return the value of a policy's field from its text.

    Raises
    ------
    InputError
        If there is no such field, or the text is none of its values; ranges are checked with the scenario.
    """
    declared = declaration(path)
    if not declared:
        raise sim.InputError(f"link: {path[:60]!a}", "there is no such setting.", "")
    match declared["type"]:
        case "date":
            if text == NEVER and declared["default"] is None:
                return None
            found = MONTH.fullmatch(text)
            if found:
                return int(found[1]) * 12 + int(found[2]) - 1
        case "number" | "integer":
            if text == NEVER and declared["default"] is None:
                return None
            number = _number(text)
            if number is not None:
                return int(number) if declared["type"] == "integer" and number.is_integer() else number
        case "places" | "rows":
            return tuple(word for word in text.split(",") if word)
        case _:
            return text
    raise sim.InputError(f"link: {path}", f"{text[:40]!a} is not a value of it.", "")


def _number(text: str) -> float | None:
    try:
        value = float(text[:40])
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_variant(text: str) -> tuple[Variant, list[str]]:
    """Return a variant from its text, and what had to be left out of it, in words.

    Raises
    ------
    InputError
        If there is no such preset.
    """
    preset, *parts = text.split(";")
    if preset not in presets():
        raise sim.InputError("link", f"there is no preset {preset[:60]!a}.", "")
    add: list[str] = []
    drop: list[str] = []
    values: dict[str, Any] = {}
    problems: list[str] = []
    for part in parts[:200]:
        try:
            _read_part(part, add, drop, values)
        except sim.InputError as error:
            problems.append(str(error))
    own = {policy.kind for policy in shipped(preset).policies}
    drop = [kind for kind in drop if kind in own]
    add = [kind for kind in add if kind not in own or kind in drop]
    known = (own - set(drop)) | set(add)
    problems += [f"{path} belongs to no instrument of {preset}." for path in values if _kind(path) not in known]
    values = {path: value for path, value in values.items() if _kind(path) in known}
    variant = Variant(preset, tuple(dict.fromkeys(add)), tuple(dict.fromkeys(drop)), values)
    return _admissible(variant, problems), problems


def _kind(path: str) -> str:
    return path.partition(".")[0]


def _read_part(part: str, add: list[str], drop: list[str], values: dict[str, Any]) -> None:
    if part[:1] in ("*", "-"):
        if part[1:] not in sim.POLICIES:
            raise sim.InputError("link", f"there is no instrument {part[1:61]!a}.", "")
        (add if part[0] == "*" else drop).append(part[1:])
    elif part:
        path, _, value = part.partition("=")
        values[path] = read_value(path, value)


def _admissible(variant: Variant, problems: list[str]) -> Variant:
    """Return the variant without the values that its scenario refuses, one by one."""
    try:
        variant.scenario()
        return variant
    except sim.InputError:
        kept: dict[str, Any] = {}
        for path, value in variant.values.items():
            tried = Variant(variant.preset, variant.add, variant.drop, {**kept, path: value})
            try:
                tried.scenario()
                kept[path] = value
            except sim.InputError as error:
                problems.append(str(error))
        return Variant(variant.preset, variant.add, variant.drop, kept)


def named(variants: list[Any]) -> Iterator[Any]:
    """Yield scenarios with distinct names: a number is put behind those that come again."""
    seen: dict[str, int] = {}
    for scenario in variants:
        count = seen[scenario.name] = seen.get(scenario.name, 0) + 1
        if count == 1:
            yield scenario
        else:
            yield scenario.replace(name=f"{scenario.name}_{count}", title=f"{scenario.title} {count}")
