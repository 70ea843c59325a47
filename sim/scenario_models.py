"""The form of scenario, world and design files as strict models, and the schema for editors: pydantic stays here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from sim.axes import JURISDICTIONS
from sim.policies import POLICIES, month_name
from sim.policies.fields import EARLIEST, LATEST
from sim.scenario_record import MONTHS, SCHEMA_VERSION, START, Population
from sim.scenario_shipped import MONTH_FORM, read_month


def _month(low: int, high: int) -> Any:
    text = f"month, {month_name(low)} to {month_name(high)}"
    schema = WithJsonSchema({"type": "string", "pattern": MONTH_FORM, "description": text})
    return Annotated[int, Field(ge=low, le=high), BeforeValidator(read_month), schema]


class Strict(BaseModel):
    """A table in which every key is known and every type is meant."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


Line = Annotated[str, Field(max_length=300)]
Prose = Annotated[str, Field(max_length=10_000)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,41}$")]
Word = Annotated[str, Field(max_length=200)]
Expectation = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60} [+-]$")]


class RegimeFile(Strict):
    """A row added to the regime table."""

    id: Word = Field(description="identifier")
    label: Line = Field(description="the words for it")
    like: Word | None = Field(None, description="row whose attributes it has unless stated")
    opens_to: Word | None = Field(None, description="row that it turns into after the staged delay")
    attributes: dict[Word, float] = Field(default_factory=dict, description="attributes by name")


class HeadFile(Strict):
    """What scenario and world files share."""

    schema_version: int = Field(ge=1, le=SCHEMA_VERSION, description="version of this format")
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
    expects: list[Expectation] = Field(
        default_factory=list, max_length=50, description="outcomes that rise (+) or fall (-) against the baseline"
    )


class LeverFile(Strict):
    """What a lever of a design varies over: a range or values, in the unit of the field of the policy."""

    low: float | Word | None = Field(None, description="lowest value")
    high: float | Word | None = Field(None, description="highest value")
    values: list[float | Word] | None = Field(None, max_length=10_000, description="the values, instead of a range")


class DesignFile(Strict):
    """A design of experiments: which scenarios, in which worlds, at which draws of the factors, how often."""

    schema_version: int = Field(ge=1, le=SCHEMA_VERSION, description="version of this format")
    title: Line = Field("", description="title in plain words")
    scenario: Word | None = Field(None, description="the one scenario, a shipped name or a file")
    scenarios: list[Word] = Field(default_factory=list, max_length=1000, description="several scenarios")
    worlds: list[Word] = Field(
        ["default"], min_length=1, max_length=1000, description="worlds, joined by + if together"
    )
    design: Literal["sobol", "halton", "latin_hypercube", "saltelli", "morris", "grid", "csv", "defaults"] | None = (
        Field(None, description="kind of sample; sobol unless draws are given")
    )
    samples: int | None = Field(None, ge=1, le=1_048_576, description="draws, blocks or trajectories")
    replicates: int = Field(1, ge=1, le=100_000, description="runs of each draw that differ by chance alone")
    seed: int = Field(0, ge=0, le=2**63 - 1, description="names the random numbers")
    months: int | None = Field(None, ge=MONTHS["low"], le=MONTHS["high"], description="horizon in months")
    parameters: list[Word] | None = Field(None, description="names or patterns of what is sampled")
    levers: dict[Word, LeverFile] | None = Field(None, description="fields of policies that are varied too")
    levels: dict[Word, list[float | str]] | None = Field(
        None, min_length=1, description="values of a grid by parameter or field of a policy"
    )
    file: Word | None = Field(None, description="CSV file of draws, relative to the design, or a shipped name")
    draws: Word | None = Field(None, description="the same, and makes the design one of kind csv")
    second_order: bool | None = Field(None, description="whether blocks of Saltelli allow for pairs of factors")
    outcomes: Literal["summary", "monthly"] = Field("summary", description="what is kept of each run")


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


def _literal(words: tuple[str, ...]) -> Any:
    one_of: Any = Literal
    return one_of[words]


def _field_type(metadata: Mapping[str, Any]) -> Any:
    match metadata["type"]:
        case "number":
            return Annotated[float, Field(ge=metadata["low"], le=metadata["high"])]
        case "integer":
            return Annotated[int, Field(ge=metadata["low"], le=metadata["high"])]
        case "date":
            return _month(EARLIEST, LATEST)
        case "choice":
            return _literal(metadata["options"])
        case "places":
            place = _literal(JURISDICTIONS)
            return Annotated[list[place], Field(min_length=1, max_length=50)]  # type: ignore[valid-type]
        case _:
            return Annotated[list[Identifier], Field(min_length=1, max_length=100)]


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
