"""The page of levers and policies."""

from __future__ import annotations

import dataclasses
import inspect
import re
from functools import cache
from importlib.resources import files
from typing import Any

from sim.levers import INFINITE, LEVERS, Lever
from sim.policies import POLICIES, Policy, month_name
from sim.reference_pages.markdown import code, number, page, table

INTRODUCTION = """A policy moves levers; kernels see levers and nothing else of a policy. Every month starts from
neutral levers, so a policy that has ended leaves no trace, and what is open stays open because weights cannot be
recalled, not because a lever says so.

Duties on developers bind at home and wherever the developer sells; where several jurisdictions bind, the strictest
does. What a state levies, lends or withholds where developers work (levies on compute, public compute, export
control) holds at home only. Duties on users, hosts and defenders hold in their own jurisdiction. Regulators' own
stringency adds to the levers on audits, reporting, identity checks and cost ([ODD, submodel
Enforcement](../odd.md#submodel-enforcement))."""

COMMON = "Every policy also has these fields, with the same meaning:"
FIELDS = """`compliance_cost` moves the lever of that name; its default differs between policies. Thresholds
(`threshold`, `value`, `tightening_per_year`) may be measured by training compute (log10 FLOP), effective capability
(OOM), distance to the frontier (OOM, negative below it), the largest margin above the threshold of a domain of harm
(OOM), or the margin above that of biological and chemical harm (OOM).

Default costs are judgements: the most that a study of one law found is 17 % of development cost, which its
authors warn against generalising ([G14](facts.md#g14)), and what is asked here is far less, at most 2 %. Among
each other they are ranked by the people that a duty needs: a board or a hearing least, then a report or a
bounty, an assessment, an audit, a case that must be argued, a licence and the guarding of weights most. Where
the burden falls on others than developers, or is a transfer, the default is 0."""
NOBODY = "no stage or actor"


@cache
def _sources() -> dict[str, str]:
    """Text of every stage, of every actor's decisions and of exemptions, by path."""
    return {
        "exemptions.py": (files("sim") / "exemptions.py").read_text("utf-8"),
    } | {
        f"{folder}/{entry.name}": entry.read_text("utf-8")
        for folder in ("stages", "actors")
        for entry in sorted((files("sim") / folder).iterdir(), key=lambda item: item.name)
        if entry.name.endswith(".py")
    }


def readers(name: str) -> str:
    """Return the stages and actors whose code names a lever or an attribute of a regime."""
    found = [path for path, text in _sources().items() if f'"{name}"' in text]
    return ", ".join(map(code, found)) or NOBODY


def moved(cls: type[Policy]) -> list[str]:
    """Return the levers that a policy can move, in order of appearance."""
    source = inspect.getsource(cls)
    names = (["forbidden_above"] if "self.forbid(" in source else []) + re.findall(r'Move\("(\w+)"', source)
    return list(dict.fromkeys(names))


def policies_page() -> str:
    """Return the page of all levers and policies."""
    heads = ["Lever", "Unit", "Neutral", "Several policies", "What it is", "Read by (in `sim/`)"]
    common = list(dataclasses.fields(Policy))
    parts = [
        INTRODUCTION,
        "## Levers",
        table(heads, map(_lever, LEVERS.values())),
        "## Policies",
        COMMON,
        table(["Field", "Unit", "Default", "Range", "Meaning"], map(_field, common)),
        FIELDS,
    ]
    for module, kinds in _by_module().items():
        parts += [f"### {module.capitalize()}", *(_policy(cls) for cls in kinds)]
    return page("Levers and policies", *parts)


def _lever(lever: Lever) -> list[str]:
    neutral = "none" if lever.neutral == INFINITE else number(lever.neutral)
    rule = {"max": "largest", "min": "smallest", "sum": "sum"}[lever.combine]
    return [code(lever.name), lever.unit, neutral, rule, lever.description, readers(lever.name)]


def _by_module() -> dict[str, list[type[Policy]]]:
    found: dict[str, list[type[Policy]]] = {}
    for cls in POLICIES.values():
        found.setdefault(cls.__module__.rpartition(".")[2], []).append(cls)
    return found


def _policy(cls: type[Policy]) -> str:
    shared = {field.name: field.default for field in dataclasses.fields(Policy)}
    own = [field for field in dataclasses.fields(cls) if field.default != shared.get(field.name, ...)]
    rows = table(["Field", "Unit", "Default", "Range", "Meaning"], map(_field, own))
    levers = ", ".join(map(code, moved(cls)))
    source = f" Source: {cls.source}." if cls.source else ""
    return f"#### `{cls.kind}`\n\n**{cls.title}.** {cls.description} Moves {levers}.{source}\n\n{rows}"


def _field(field: dataclasses.Field[Any]) -> list[str]:
    known = field.metadata
    date = known["type"] == "date"
    if "options" in known:
        limits = ", ".join(known["options"])
    elif date:
        limits = f"{month_name(known['low'])} to {month_name(known['high'])}"
    else:
        limits = f"{number(known['low'])} to {number(known['high'])}" if "low" in known else "rows of the table"
    return [code(field.name), known["unit"], _default(field.default, date), limits, known["description"]]


def _default(value: Any, date: bool) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(value)
    return month_name(value) if date else value if isinstance(value, str) else number(value)
