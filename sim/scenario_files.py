"""The form of scenario and world files: strict models, the schema for editors, and errors in the words of the file.

Only this module knows pydantic; what it returns are the plain records of `sim.scenario_record` and `sim.policies`.
"""

from __future__ import annotations

import dataclasses
import datetime
import operator
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model

from sim.axes import JURISDICTIONS
from sim.errors import InputError
from sim.policies import POLICIES, Policy, absolute_month, month_name
from sim.policies.fields import EARLIEST, LATEST, near, range_text
from sim.regimes import RegimeRow
from sim.scenario_reading import MAX_SHOWN, Problem, key_shown, shown
from sim.scenario_record import MONTHS, SCHEMA_VERSION, START, Frozen, Population

MONTH_FORM = r"^[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?$"


def read_month(value: object) -> object:
    """Turn ``"2027-01"`` or a TOML date into an absolute month; leave anything else to be refused."""
    if type(value) is datetime.date:
        return absolute_month(value.year, value.month)
    if isinstance(value, str) and re.fullmatch(MONTH_FORM, value):
        return absolute_month(int(value[:4]), int(value[5:7]))
    raise ValueError('is not a month; write "2027-01" or 2027-01-01')


def _month(low: int, high: int) -> Any:
    text = f"month, {month_name(low)} to {month_name(high)}"
    schema = WithJsonSchema({"type": "string", "pattern": MONTH_FORM, "description": text})
    return Annotated[int, Field(ge=low, le=high), BeforeValidator(read_month), schema]


TYPES = {
    "int": "a whole number", "float": "a number", "string": "text", "list": "a list", "dict": "a table",
    "model": "a table", "bool": "true or false",
}  # fmt: skip


class Strict(BaseModel):
    """A table in which every key is known and every type is meant."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


Line = Annotated[str, Field(max_length=300)]
Prose = Annotated[str, Field(max_length=10_000)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,41}$")]
Word = Annotated[str, Field(max_length=200)]


class RegimeFile(Strict):
    """A row added to the regime table."""

    id: Word = Field(description="identifier")
    label: Line = Field(description="the words for it")
    like: Word | None = Field(None, description="row whose attributes it has unless stated")
    opens_to: Word | None = Field(None, description="row that it turns into after the staged delay")
    attributes: dict[Word, float] = Field(default_factory=dict, description="attributes by name")


class HeadFile(Strict):
    """What scenario and world files share."""

    schema_version: Literal[1] = Field(description="version of this format")
    name: Annotated[str, Field(pattern=r"^\w[\w .+()-]{0,79}$")] | None = Field(
        None, description="name, if not the file's"
    )
    title: Annotated[str, Field(min_length=1, max_length=300)] = Field(description="title in plain words")
    question: Prose = Field("", description="the question that it answers")
    story: Prose = Field("", description="one paragraph for lay readers")
    sources: list[Prose] = Field(
        default_factory=list, max_length=100, description="where the idea and the numbers come from"
    )
    tension: Prose = Field("", description="what pulls in opposite directions")
    parameters: dict[Word, float | str] = Field(
        default_factory=dict, description="parameters that differ from their defaults, by name"
    )


class WorldFile(HeadFile):
    """A named set of assumptions: parameters and nothing else."""


NUMBERS = {item.name: item.metadata for item in dataclasses.fields(Population)}
_FORM: dict[str, Any] = {
    name: (int | None, Field(None, ge=declared["low"], le=declared["high"], description=declared["description"]))
    for name, declared in NUMBERS.items()
}
PopulationFile = create_model("PopulationFile", __base__=Strict, **_FORM)


if TYPE_CHECKING:
    FirstMonth: TypeAlias = int
    Agents: TypeAlias = BaseModel
else:
    FirstMonth = _month(START["low"], START["high"])
    Agents = PopulationFile


class ScenarioFile(HeadFile):
    """A dated package of policies, as a difference from its baseline."""

    resolved: bool = Field(False, description="true if everything inherited is written out already")
    baseline: Word | None = Field(None, description="shipped scenario that this one starts from")
    remove_policies: list[Word] = Field(default_factory=list, max_length=100, description="inherited kinds to drop")
    worlds: list[Word] = Field(default_factory=list, max_length=20, description="shipped worlds to assume")
    start: FirstMonth | None = Field(None, description="first month")
    months: int | None = Field(None, ge=MONTHS["low"], le=MONTHS["high"], description="horizon in months")
    population: Agents | None = Field(None, description="numbers of simulated agents")
    policies: list[dict[str, Any]] = Field(default_factory=list, max_length=200, description="instruments")
    regimes: list[RegimeFile] = Field(default_factory=list, max_length=50, description="rows added to the regime table")


@cache
def policy_model(kind: str) -> type[BaseModel]:
    """Return the model of the table of one kind of policy."""
    cls = POLICIES[kind]
    form: dict[str, Any] = {"kind": (Literal[kind], Field(description=cls.title))}
    for item in dataclasses.fields(cls):
        default: Any = item.default
        type_ = _field_type(item.metadata)
        described = f"{item.metadata['description']} ({item.metadata['unit']})"
        if default is None:
            type_ = type_ | None
        elif item.metadata["type"] == "date":
            default = month_name(default)
        elif isinstance(default, tuple):
            default = list(default)
        form[item.name] = (type_, Field(default, description=described))
    return create_model(cls.__name__, __base__=Strict, __doc__=cls.description, **form)


def _field_type(metadata: Mapping[str, Any]) -> Any:
    match metadata["type"]:
        case "number":
            return Annotated[float, Field(ge=metadata["low"], le=metadata["high"])]
        case "integer":
            return Annotated[int, Field(ge=metadata["low"], le=metadata["high"])]
        case "date":
            return _month(EARLIEST, LATEST)
        case "choice":
            return operator.getitem(Literal, metadata["options"])
        case "places":
            return Annotated[list[Literal[JURISDICTIONS]], Field(min_length=1, max_length=50)]
        case _:
            return Annotated[list[Identifier], Field(min_length=1, max_length=100)]


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


def read_regime(row: RegimeFile) -> RegimeRow:
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
        elif location[:1] == ["parameters"] and len(location) > 1:
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
    if model is ScenarioFile:
        return {"months": MONTHS, "start": START}.get(last)
    for cls in POLICIES.values():
        if cls.__name__ == model.__name__ and last in cls.__dataclass_fields__:
            metadata: Mapping[str, Any] = cls.__dataclass_fields__[last].metadata
            return metadata
    return None


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


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files, for editors."""
    schema = ScenarioFile.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    for kind in POLICIES:
        one = policy_model(kind).model_json_schema()
        definitions.update(one.pop("$defs", {}))
        definitions[f"policy_{kind}"] = one
    items = {"oneOf": [{"$ref": f"#/$defs/policy_{kind}"} for kind in POLICIES]}
    schema["properties"]["policies"]["items"] = items
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Aperture scenario"}
