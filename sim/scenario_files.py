"""Read a file that may be wrong: every problem at once, in the words of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value
from sim.policies import POLICIES, Policy
from sim.policies.fields import near, range_text
from sim.regimes import RegimeRow
from sim.scenario_models import (
    NUMBERS,
    DesignFile,
    PopulationFile,
    RegimeFile,
    ScenarioFile,
    WorldFile,
    json_schema,
    policy_model,
)
from sim.scenario_reading import MAX_SHOWN, Problem, failure, key_shown, shown
from sim.scenario_record import MONTHS, SCHEMA_VERSION, START, Frozen
from sim.scenario_shipped import Form, scenario_names, world_names

__all__ = ["json_schema", "read_form", "read_policy", "validated"]

TYPES = {
    "int": "a whole number", "float": "a number", "string": "text", "list": "a list", "dict": "a table",
    "model": "a table", "bool": "true or false",
}  # fmt: skip


def read_form(document: Mapping[str, Any], where: str, what: str) -> Form:
    """Read the document of a scenario or a world.

    Parameters
    ----------
    document : mapping
        Parsed file.
    where : str
        File, for messages.
    what : str
        ``"scenario"`` or ``"world"``.

    Raises
    ------
    InputError
        With all problems at once.
    """
    problems: list[Problem] = []
    read: Any = validated(ScenarioFile if what == "scenario" else WorldFile, document, "", problems)
    policies = []
    if what == "scenario":
        tables = document.get("policies")
        for i, table in enumerate(tables[:200] if isinstance(tables, list) else ()):
            policies.append(read_policy(table, f"policies[{i}]", problems) if isinstance(table, dict) else None)
        problems += _name_problems(document)
    problems += _parameter_problems(document.get("parameters"))
    if problems:
        raise failure(where, problems)
    parts = {"policies", "regimes", "population"}
    given: dict[str, Any] = {key: getattr(read, key) for key in read.model_fields_set - parts}
    if what == "scenario":
        given["population"] = read.population.model_dump(exclude_none=True) if read.population else {}
        given["regimes"] = tuple(map(_regime, read.regimes))
        given["policies"] = tuple(policy for policy in policies if policy is not None)
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return Form(**given)


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


def _name_problems(document: Mapping[str, Any]) -> list[Problem]:
    problems = []
    baseline = document.get("baseline")
    if isinstance(baseline, str) and baseline not in scenario_names():
        problems.append(
            Problem("baseline", f"{shown(baseline)} is not a shipped scenario.", near(baseline, scenario_names()))
        )
    for key, known in (("worlds", world_names()), ("remove_policies", tuple(POLICIES))):
        words = document.get(key)
        for word in words[:100] if isinstance(words, list) else ():
            if isinstance(word, str) and word not in known:
                problems.append(Problem(key, f"{shown(word)} is unknown.", near(word, known)))
    return problems


def read_policy(table: Mapping[str, Any], path: str, problems: list[Problem]) -> Policy | None:
    """Read one policy table; on failure add to `problems` and return None."""
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in POLICIES:
        missing = "kind" not in table
        problem = "is missing." if missing else f"there is no policy {shown(kind)}."
        problems.append(Problem(f"{path}.kind", problem, near(str(kind)[:80], POLICIES)))
        return None
    read = validated(policy_model(kind), table, path, problems)
    if read is None:
        return None
    given: dict[str, Any] = {key: getattr(read, key) for key in read.model_fields_set - {"kind"}}
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    try:
        return POLICIES[kind](**given)
    except InputError as error:
        problems.append(Problem(f"{path}.{error.where.removeprefix(kind + '.')}", error.problem, error.remedy))
        return None


def _regime(row: RegimeFile) -> RegimeRow:
    """Turn a validated row into the record that the regime table takes."""
    return RegimeRow(row.id, row.label, row.like, Frozen(row.attributes), row.opens_to)


def validated(model: type[BaseModel], table: object, path: str, problems: list[Problem]) -> Any:
    """Validate a table; on failure add every problem to `problems` and return None."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        problems.extend(_translated(model, path, error))
        return None


def _translated(model: type[BaseModel], path: str, error: ValidationError) -> Iterator[Problem]:
    for count, item in enumerate(error.errors(include_url=False)):
        location = [part for part in item["loc"] if not _is_branch(part)]
        where = path
        for part in location:
            where += f"[{part}]" if isinstance(part, int) else f"{'.' if where else ''}{key_shown(str(part))}"
        if location and location[0] == "schema_version":
            yield _version_problem(item)
        elif location[:1] == ["parameters"] and len(location) > 1 and model is not DesignFile:
            continue
        elif item["type"] == "extra_forbidden":
            known = model.model_fields if len(location) == 1 else _nested_fields(model, location)
            yield Problem(where, "is not a known key.", near(str(location[-1]), known) if count < MAX_SHOWN else "")
        else:
            yield _problem(where, item, _declaration(model, location))


def _is_branch(part: object) -> bool:
    return isinstance(part, str) and (part in ("float", "str", "int", "[key]") or "[" in part)


def _nested_fields(model: type[BaseModel], location: list[Any]) -> Mapping[str, Any]:
    nested: dict[str, type[BaseModel]] = {"population": PopulationFile, "regimes": RegimeFile}
    inner = nested.get(str(location[0]), model)
    return inner.model_fields


def _version_problem(item: Any) -> Problem:
    if item["type"] == "missing":
        return Problem("schema_version", "is missing.", f"Write schema_version = {SCHEMA_VERSION} in the first line.")
    value = item["input"]
    if isinstance(value, int) and not isinstance(value, bool) and value > SCHEMA_VERSION:
        return Problem(
            "schema_version", f"{shown(value)} belongs to a later version.", f"This one reads {SCHEMA_VERSION}."
        )
    return Problem("schema_version", f"{shown(value)} is not a version.", f"Write schema_version = {SCHEMA_VERSION}.")


def _declaration(model: type[BaseModel], location: list[Any]) -> Mapping[str, Any] | None:
    last = str(location[-1]) if location else ""
    if location[:1] == ["population"]:
        return NUMBERS.get(last)
    if model is DesignFile and (bounds := _bounds(model.model_fields.get(last))):
        return bounds
    if model is ScenarioFile:
        return {"months": MONTHS, "start": START}.get(last)
    for cls in POLICIES.values():
        if cls.__name__ == model.__name__ and last in cls.__dataclass_fields__:
            metadata: Mapping[str, Any] = cls.__dataclass_fields__[last].metadata
            return metadata
    return None


def _bounds(field: Any) -> Mapping[str, Any] | None:
    """Lowest and highest value that a field of a model declares, if it does."""
    found = {key: getattr(item, key) for item in getattr(field, "metadata", ()) for key in ("ge", "le")
             if hasattr(item, key)}  # fmt: skip
    if len(found) < 2:
        return None
    return {"type": "integer", "low": found["ge"], "high": found["le"], "unit": field.description}


def _problem(where: str, item: Any, declared: Mapping[str, Any] | None) -> Problem:
    type_, context, value = item["type"], item.get("ctx", {}), shown(item["input"])
    match type_:
        case "missing":
            return Problem(where, "is missing.", "Add it.")
        case "greater_than_equal" | "less_than_equal" if declared:
            return Problem(where, f"{value} is outside the range.", range_text(declared, item["input"]))
        case "literal_error":
            options = re.findall(r"'([^']*)'", context["expected"])
            return Problem(where, f"{value} is not possible.", near(str(item["input"])[:80], options))
        case "value_error":
            return Problem(where, f"{value} {context['error']}.")
        case "string_too_long" | "too_long":
            return Problem(where, "is too long.", f"Use at most {context['max_length']}.")
        case "string_too_short" | "too_short":
            return Problem(where, "is empty.", "Write something, or leave it out.")
        case "finite_number":
            return Problem(where, f"{value} is not a finite number.")
    name = type_.removesuffix("_type")
    if declared and name in ("int", "float"):
        remedy = range_text(declared)
    else:
        remedy = item["msg"].replace("Input should be", "Write") + "."
    return Problem(
        where, f"{value} is not {TYPES.get(name, 'right')}.", remedy if name not in TYPES or declared else ""
    )
