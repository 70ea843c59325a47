"""Scenarios: load a shipped or own file, inherit from its baseline, merge worlds, apply settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value
from sim.policies import POLICIES, Policy
from sim.policies.fields import near
from sim.regimes import REGIMES, RegimeRow, resolve
from sim.scenario_files import ScenarioFile, WorldFile, json_schema, read_policy, read_regime, validated
from sim.scenario_reading import MAX_SHOWN, Problem, failure, name_of, parse_toml, read_toml, shown
from sim.scenario_record import SCHEMA_VERSION, Population, Scenario, named_rows, resolved
from sim.scenario_settings import apply_settings

__all__ = [
    "SCHEMA_VERSION",
    "Population",
    "Scenario",
    "from_document",
    "json_schema",
    "load",
    "load_world",
    "resolved",
    "scenario_names",
    "world_names",
]


@cache
def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios, in alphabetical order."""
    return _names("scenarios")


@cache
def world_names() -> tuple[str, ...]:
    """Names of the shipped worlds, in alphabetical order."""
    return _names("scenarios/worlds")


def _names(folder: str) -> tuple[str, ...]:
    package, _, inner = folder.partition("/")
    place = files(package) / inner if inner else files(package)
    return tuple(sorted(entry.name[:-5] for entry in place.iterdir() if entry.name.endswith(".toml")))


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
    scenario = from_document(document, name, where)
    scenario = _with_worlds(scenario, worlds)
    return apply_settings(scenario, settings)


def _document(name_or_path: str | Path, known: Sequence[str], what: str) -> tuple[dict[str, Any], str, str]:
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or "\\" in text or text.endswith(".toml"):
        name = name_of(text)
        return read_toml(text), name, shown(text, 200).strip("'\"")
    if text not in known:
        raise InputError(what, f"there is no {what} {shown(text)}.", near(text, known))
    folder = files("scenarios") if what == "scenario" else files("scenarios") / "worlds"
    return parse_toml((folder / f"{text}.toml").read_bytes(), text), text, text


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
    return _build(document, name, where or name, ())


def _build(document: Mapping[str, Any], name: str, where: str, ancestors: tuple[str, ...]) -> Scenario:
    problems: list[Problem] = []
    read: ScenarioFile | None = validated(ScenarioFile, document, "", problems)
    tables = document.get("policies", ())
    tables = tables if isinstance(tables, list) else []
    policies = [read_policy(t, f"policies[{i}]", problems) for i, t in enumerate(tables[:200]) if isinstance(t, dict)]
    problems += _parameter_problems(document.get("parameters"))
    problems += _name_problems(document, ancestors)
    if problems or read is None:
        raise failure(where, problems)
    parent = None
    if read.baseline and not read.resolved:
        inherited, _, _ = _document(read.baseline, scenario_names(), "scenario")
        parent = _build(inherited, read.baseline, read.baseline, (*ancestors, read.baseline))
    notes: list[str] = []
    kept = parent.policies if parent else ()
    for kind in read.remove_policies:
        if not any(policy.kind == kind for policy in kept):
            notes.append(f"remove_policies names {kind}, which the baseline does not have")
        kept = tuple(policy for policy in kept if policy.kind != kind)
    fields: dict[str, Any] = {
        "name": read.name or name,
        "policies": (*kept, *(policy for policy in policies if policy is not None)),
        "regimes": (*(parent.regimes if parent else ()), *map(read_regime, read.regimes)),
        "parameters": {**(parent.parameters if parent else {}), **read.parameters},
        "sources": tuple(read.sources),
        "notes": tuple(notes),
        **{key: getattr(read, key) for key in ("title", "question", "story", "tension", "baseline")},
        **_timing(read, parent),
    }
    problems = _row_problems(policies, fields["regimes"])
    if problems:
        raise failure(where, problems)
    try:
        scenario = Scenario(**fields)
    except InputError as error:
        inside = error.where.removeprefix(f"{fields['name']}: ")
        raise failure(where, [Problem(inside, error.problem, error.remedy)]) from None
    return scenario.replace(worlds=tuple(read.worlds)) if read.resolved else _with_worlds(scenario, read.worlds)


def _row_problems(policies: Sequence[Policy | None], added: Sequence[RegimeRow]) -> list[Problem]:
    problems = []
    try:
        resolve(added)
    except InputError as error:
        problems.append(Problem(error.where, error.problem, error.remedy))
    known = (*REGIMES.ids, *(row.id for row in added))
    for i, policy in enumerate(policies):
        for field, row in named_rows(policy) if policy else ():
            if row not in known:
                place = f"policies[{i}].{field.partition('.')[2]}"
                problems.append(Problem(place, f"there is no regime {shown(row)}.", near(row, known)))
    return problems


def _timing(read: ScenarioFile, parent: Scenario | None) -> dict[str, Any]:
    numbers: dict[str, int] = read.population.model_dump(exclude_none=True) if read.population else {}
    base = {name: getattr(parent.population, name) for name in Population.__dataclass_fields__} if parent else {}
    found: dict[str, Any] = {"population": Population(**{**base, **numbers})}
    for key in ("start", "months"):
        value = getattr(read, key)
        if value is not None:
            found[key] = value
        elif parent:
            found[key] = getattr(parent, key)
    return found


def _parameter_problems(table: object) -> list[Problem]:
    problems: list[Problem] = []
    for key, value in table.items() if isinstance(table, dict) else ():
        if len(problems) > MAX_SHOWN:  # looking for near misses takes milliseconds each
            if key not in REGISTRY:
                problems.append(Problem(f"parameters.{shown(key)}", "is unknown."))
        elif isinstance(value, dict):
            remedy = f'Write the whole name in quotes: "{shown(key)[1:-1]}.name" = 1.0.'
            problems.append(Problem("parameters", f"{shown(key)} is a table.", remedy))
        else:
            try:
                check_value(key, value, "")
            except InputError as error:
                problems.append(Problem(f"parameters.{shown(key)}", error.problem, error.remedy))
    return problems


def _name_problems(document: Mapping[str, Any], ancestors: tuple[str, ...]) -> list[Problem]:
    problems = []
    baseline = document.get("baseline")
    if isinstance(baseline, str) and baseline not in scenario_names():
        problems.append(
            Problem("baseline", f"{shown(baseline)} is not a shipped scenario.", near(baseline, scenario_names()))
        )
    elif baseline in ancestors:
        problems.append(Problem("baseline", f"{shown(baseline)} leads back to itself."))
    for key, known in (("worlds", world_names()), ("remove_policies", tuple(POLICIES))):
        words = document.get(key)
        for word in words[:100] if isinstance(words, list) else ():
            if isinstance(word, str) and word not in known:
                problems.append(Problem(key, f"{shown(word)} is unknown.", near(word, known)))
    return problems


def load_world(name_or_path: str | Path) -> tuple[str, WorldFile]:
    """Load a world: its name and its validated file; raises InputError."""
    document, name, where = _document(name_or_path, world_names(), "world")
    problems: list[Problem] = []
    read: WorldFile | None = validated(WorldFile, document, "", problems)
    problems += _parameter_problems(document.get("parameters"))
    if problems or read is None:
        raise failure(where, problems)
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
