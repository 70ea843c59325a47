"""Scenarios: load a shipped or own file, inherit from its baseline, merge worlds, apply settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.parameters import check_value
from sim.policies import Policy
from sim.policies.fields import near
from sim.regimes import REGIMES, RegimeRow, resolve
from sim.scenario_reading import Problem, check_document, failure, name_of, read_toml, shown
from sim.scenario_record import SCHEMA_VERSION, Population, Scenario, named_rows, resolved
from sim.scenario_settings import apply_settings
from sim.scenario_shipped import Form, scenario_names, shipped_document, shipped_form, world_names

__all__ = [
    "SCHEMA_VERSION",
    "Population",
    "Scenario",
    "from_document",
    "load",
    "load_world",
    "resolved",
    "scenario_names",
    "world_names",
]


def load(name_or_path: str | Path, worlds: Sequence[str] = (), settings: Sequence[str] = ()) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A file if it contains ``/`` or ends in ``.toml``, otherwise the name of a shipped scenario.
    worlds : sequence of str
        Worlds to assume, in order: shipped names or files; where two set one parameter, the later wins.
    settings : sequence of str
        ``path=value``: a parameter by its full name, ``months``, ``start``, ``population.misusers``, or a field of a
        policy such as ``staged_release.delay_months``. Applied last.

    Returns
    -------
    Scenario
        Complete and checked.

    Raises
    ------
    InputError
        With everything that is wrong with a file.
    """
    document, name, where = _document(name_or_path, scenario_names(), "scenario")
    scenario = _with_worlds(_build(document, name, where), worlds)
    return apply_settings(scenario, settings) if settings else scenario


def _document(name_or_path: str | Path, known: Sequence[str], what: str) -> tuple[dict[str, Any], str, str]:
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or "\\" in text or text.endswith(".toml"):
        name = name_of(text)
        return read_toml(text), name, shown(text, 200).strip("'\"")
    if text not in known:
        raise InputError(what, f"there is no {what} {shown(text)}.", near(text, known))
    return shipped_document(text, what), text, ""


def _form(document: Mapping[str, Any], where: str, what: str) -> Form:
    form = None if where else shipped_form(document)
    if form is None:
        from sim.scenario_files import read_form  # pydantic: only for files that may be wrong

        form = read_form(document, where, what)
    return form


def from_document(document: Mapping[str, Any], name: str, where: str = "") -> Scenario:
    """Make a scenario from a plain document, such as a parsed file or the one that `resolved` returns.

    Parameters
    ----------
    document : mapping
        In the form of a scenario file.
    name : str
        Name, unless the document states one.
    where : str
        File, for messages.

    Raises
    ------
    InputError
        With all problems at once.
    """
    where = where or name or "scenario"
    check_document(document, where)
    return _build(document, name, where)


def _build(document: Mapping[str, Any], name: str, where: str) -> Scenario:
    """Build a scenario; an empty `where` marks a shipped file."""
    read = _form(document, where, "scenario")
    parent = None
    if read.baseline and not read.resolved:
        parent = _build(shipped_document(read.baseline, "scenario"), read.baseline, "")
    notes: list[str] = []
    kept = parent.policies if parent else ()
    for kind in read.remove_policies:
        if not any(policy.kind == kind for policy in kept):
            notes.append(f"remove_policies names {kind}, which the baseline does not have")
        kept = tuple(policy for policy in kept if policy.kind != kind)
    fields: dict[str, Any] = {
        "name": read.name or name,
        "policies": (*kept, *read.policies),
        "regimes": (*(parent.regimes if parent else ()), *read.regimes),
        "parameters": {**(parent.parameters if parent else {}), **read.parameters},
        "sources": read.sources,
        "expects": read.expects,
        "notes": tuple(notes),
        **{key: getattr(read, key) for key in ("title", "question", "story", "tension", "baseline")},
    }
    problems = _row_problems(read.policies, fields["regimes"])
    if problems:
        raise failure(where or name, problems)
    try:
        scenario = Scenario(**fields, **_timing(read, parent))
    except InputError as error:
        inside = error.where.removeprefix(f"{fields['name']}: ")
        raise failure(where or name, [Problem(inside, error.problem, error.remedy)]) from None
    return scenario.replace(worlds=read.worlds) if read.resolved else _with_worlds(scenario, read.worlds)


def _row_problems(policies: Sequence[Policy], added: Sequence[RegimeRow]) -> list[Problem]:
    problems = []
    try:
        resolve(added)
    except InputError as error:
        problems.append(Problem(error.where, error.problem, error.remedy))
    known = (*REGIMES.ids, *(row.id for row in added))
    for i, policy in enumerate(policies):
        for field, row in named_rows(policy):
            if row not in known:
                place = f"policies[{i}].{field.partition('.')[2]}"
                problems.append(Problem(place, f"there is no regime {shown(row)}.", near(row, known)))
    return problems


def _timing(read: Form, parent: Scenario | None) -> dict[str, Any]:
    base = {name: getattr(parent.population, name) for name in Population.__dataclass_fields__} if parent else {}
    found: dict[str, Any] = {"population": Population(**{**base, **read.population})}
    for key in ("start", "months"):
        value = getattr(read, key)
        if value is not None:
            found[key] = value
        elif parent:
            found[key] = getattr(parent, key)
    return found


def load_world(name_or_path: str | Path) -> tuple[str, Form]:
    """Load a world: its name and what stands in its file; raises InputError."""
    document, name, where = _document(name_or_path, world_names(), "world")
    read = _form(document, where, "world")
    return read.name or name, read


def _with_worlds(scenario: Scenario, worlds: Sequence[str]) -> Scenario:
    """Merge worlds in order; a world wins over the scenario and over worlds before it, and that is noted."""
    parameters, notes = dict(scenario.parameters), list(scenario.notes)
    setter = dict.fromkeys(parameters, "the scenario")
    names = list(scenario.worlds)
    for world in worlds:
        name, read = load_world(world)
        for key, given in read.parameters.items():
            value = check_value(key, given, name)
            if key in parameters and parameters[key] != value:
                notes.append(f"{key} = {value} from world {name} replaces {parameters[key]} from {setter[key]}")
            parameters[key], setter[key] = value, f"world {name}"
        names += [name] if name not in names else []
    return scenario.replace(parameters=parameters, notes=tuple(notes), worlds=tuple(names))
