"""Read the tables of parameters: one TOML file per submodel, and the table of regimes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from sim.axes import AXES
from sim.parameters.entries import (
    DISTRIBUTIONS,
    Parameter,
    TableError,
    facts,
    is_text,
    kernel_of,
    number,
    source_problems,
    value_problems,
)
from sim.parameters.regime_table import parse_regimes, regime_document

KEYS = {
    "description",
    "unit",
    "index",
    "default",
    "low",
    "high",
    "distribution",
    "options",
    "bounds",
    "source",
    "reasoning",
}


def read_all() -> tuple[Parameter, ...]:
    """Every parameter of the model: the tables in order of file name, then the regimes.

    Raises
    ------
    TableError
        When a table is malformed.
    """
    known = facts()
    found: list[Parameter] = []
    for file in sorted(_tables(), key=lambda entry: entry.name):
        found.extend(parse(file.name.removesuffix(".toml"), file.read_text("utf-8"), known))
    found.extend(parse_regimes(regime_document(), known))
    return tuple(found)


def _tables() -> Iterable[Traversable]:
    return (entry for entry in files("sim.parameters").iterdir() if entry.name.endswith(".toml"))


def parse(table: str, text: str, known: Mapping[str, str] | None = None) -> list[Parameter]:
    """Read one table of parameters.

    Parameters
    ----------
    table : str
        Name of the submodel.
    text : str
        The TOML text.
    known : mapping of str to str, optional
        Facts that may be cited; without it citations are not looked up.

    Raises
    ------
    TableError
        With every problem of the table.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{table}.toml: not valid TOML: {error}") from error
    problems: list[str] = []
    found: list[Parameter] = []
    for field, entry in entries.items():
        where = f"{table}.toml [{field}]"
        wrong = _entry_problems(entry, known)
        if not wrong:
            made = _expand(table, field, entry)
            wrong = [problem for parameter in made for problem in value_problems(parameter)]
            found.extend(made)
        problems.extend(f"{where}: {problem}" for problem in wrong)
    names = [parameter.name for parameter in found]
    problems.extend(
        f"{table}.toml: {name} is declared twice" for name in sorted({n for n in names if names.count(n) > 1})
    )
    if problems:
        raise TableError("\n".join(problems))
    return found


def _entry_problems(entry: Any, known: Mapping[str, str] | None) -> list[str]:
    if not isinstance(entry, dict):
        return ["must be a table"]
    found = [f"unknown key {key!r}; known: {', '.join(sorted(KEYS))}" for key in entry if key not in KEYS]
    distribution = entry.get("distribution")
    needed = {"description", "unit", "default", "distribution", "source"}
    if distribution != "fixed":
        needed |= {"options"} if distribution == "choice" else {"low", "high"}
    found += [f"{key} is missing" for key in sorted(needed - entry.keys())]
    found += [
        f"{key} must be text that is not empty"
        for key in ("description", "unit", "source")
        if key in entry and not is_text(entry[key])
    ]
    if "distribution" in entry and distribution not in DISTRIBUTIONS:
        found.append(f"distribution {distribution!r} is none of {', '.join(DISTRIBUTIONS)}")
    if distribution == "choice":
        found += [f"{key} has no meaning for a choice" for key in ("low", "high", "index", "bounds") if key in entry]
        if not isinstance(entry.get("options"), list) or not all(map(is_text, entry.get("options", []))):
            found.append("options must be a list of text")
    else:
        found += _shape_problems(entry)
    if is_text(entry.get("source")):
        found += source_problems(entry["source"], entry.get("reasoning", ""), known)
    return found


def _shape_problems(entry: Mapping[str, Any]) -> list[str]:
    found = ["options belong to a choice only"] if "options" in entry else []
    axis = entry.get("index")
    if axis is not None and axis not in AXES:
        return [*found, f"index {axis!r} is none of {', '.join(AXES)}"]
    for key in ("default", "low", "high"):
        value = entry.get(key, 0)
        if isinstance(value, list):
            if axis is None:
                found.append(f"{key} is a list, but the entry has no index")
            elif len(value) != len(AXES[axis]):
                found.append(f"{key} has {len(value)} values for the {len(AXES[axis])} places: {', '.join(AXES[axis])}")
        found += [
            f"{key} holds {item!r}, which is no finite number"
            for item in (value if isinstance(value, list) else [value])
            if not number(item)
        ]
    bounds = entry.get("bounds", [0, 0])
    if not isinstance(bounds, list) or len(bounds) != 2 or not all(map(number, bounds)):
        found.append("bounds must be two numbers, [least, most]")
    return found


def _expand(table: str, field: str, entry: Mapping[str, Any]) -> list[Parameter]:
    axis = entry.get("index")
    labels: tuple[str | None, ...] = AXES[axis] if axis else (None,)
    bounds = entry.get("bounds")
    return [
        Parameter(
            name=f"{table}.{field}" + (f"_{label}" if label else ""),
            table=table,
            field=field,
            label=label,
            axis=axis,
            description=entry["description"] + (f" ({label.replace('_', ' ')})" if label else ""),
            unit=entry["unit"],
            distribution=entry["distribution"],
            options=tuple(entry.get("options", ())),
            source=entry["source"],
            reasoning=entry.get("reasoning", ""),
            kernel=kernel_of(table),
            **_range(entry, place, bounds),
        )
        for place, label in enumerate(labels)
    ]


def _range(entry: Mapping[str, Any], place: int, bounds: list[float] | None) -> dict[str, Any]:
    if entry["distribution"] == "choice":
        return {"default": entry["default"], "low": None, "high": None, "bounds": None}

    def at(key: str) -> float:
        value = entry.get(key, entry["default"])
        return float(value[place] if isinstance(value, list) else value)

    low, high = at("low"), at("high")
    return {
        "default": at("default"),
        "low": low,
        "high": high,
        "bounds": (float(bounds[0]), float(bounds[1])) if bounds else (low, high),
    }
