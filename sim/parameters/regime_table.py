"""Read the table of release regimes as parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sim.parameters.entries import (
    DISTRIBUTIONS,
    Parameter,
    TableError,
    is_text,
    number,
    source_problems,
    value_problems,
)

ATTRIBUTE_KEYS = {"description", "unit", "distribution", "bounds", "source", "reasoning"}
CELL_KEYS = {"value", "low", "high", "distribution"}
RATE_BOUNDS = (0.0, 12.0)
"""Admissible interval of an attribute that is a rate per year: at most once a month."""


@cache
def regime_document() -> dict[str, Any]:
    """The table of regimes as it is written: ``attributes`` and ``regimes``."""
    return tomllib.loads((files("sim") / "regimes.toml").read_text("utf-8"))


def parse_regimes(document: Mapping[str, Any], known: Mapping[str, str] | None = None) -> list[Parameter]:
    """Read the attributes of the release regimes as parameters, named ``regimes.<row>_<attribute>``.

    Raises
    ------
    TableError
        With every problem of the table.
    """
    attributes, rows = document["attributes"], document["regimes"]
    problems = [
        f"regimes.toml [attributes.{name}]: {problem}"
        for name, spec in attributes.items()
        for problem in _attribute_problems(spec, known)
    ]
    problems += [
        f"regimes.toml [regimes.{row}]: {problem}"
        for row, cells in rows.items()
        for problem in _row_problems(cells, attributes, rows)
    ]
    if problems:
        raise TableError("\n".join(problems))
    found = [_cell(row, cells, name, attributes[name]) for row, cells in rows.items() for name in attributes]
    wrong = [f"regimes.toml: {problem}" for parameter in found for problem in value_problems(parameter)]
    if wrong:
        raise TableError("\n".join(wrong))
    return found


def _attribute_problems(spec: Mapping[str, Any], known: Mapping[str, str] | None) -> list[str]:
    found = [f"unknown key {key!r}" for key in spec if key not in ATTRIBUTE_KEYS]
    found += [f"{key} is missing" for key in ("description", "unit", "source") if not is_text(spec.get(key))]
    if spec.get("distribution", "uniform") not in DISTRIBUTIONS[:3]:
        found.append(f"distribution {spec['distribution']!r} is none of {', '.join(DISTRIBUTIONS[:3])}")
    return found + source_problems(spec.get("source", "judgement"), spec.get("reasoning", ""), known)


def _row_problems(cells: Mapping[str, Any], attributes: Mapping[str, Any], rows: Mapping[str, Any]) -> list[str]:
    found = [
        f"unknown attribute {key!r}" for key in cells if key not in attributes and key not in ("label", "opens_to")
    ]
    found += [f"{name} is missing" for name in ("label", *attributes) if name not in cells]
    if cells.get("opens_to", next(iter(rows))) not in rows:
        found.append(f"opens_to {cells['opens_to']!r} is no row")
    for name in attributes.keys() & cells.keys():
        cell = cells[name]
        found += [f"{name}: unknown key {key!r}" for key in cell if key not in CELL_KEYS]
        found += [f"{name}: needs a finite number as value"] * (not number(cell.get("value")))
        found += [f"{name}: {key} is no finite number" for key in ("low", "high") if not number(cell.get(key, 0))]
    return found


def _cell(row: str, cells: Mapping[str, Any], attribute: str, spec: Mapping[str, Any]) -> Parameter:
    cell = cells[attribute]
    value = float(cell["value"])
    low, high = float(cell.get("low", value)), float(cell.get("high", value))
    field = f"{row}_{attribute}"
    return Parameter(
        name=f"regimes.{field}",
        table="regimes",
        field=field,
        label=None,
        axis=None,
        description=f"{cells['label']}: {spec['description']}",
        unit=spec["unit"],
        default=value,
        low=low,
        high=high,
        distribution=cell.get("distribution", spec.get("distribution", "uniform")) if low < high else "fixed",
        options=(),
        bounds=attribute_bounds(spec),
        source=spec["source"],
        reasoning=spec.get("reasoning", ""),
        kernel="sim.regimes",
    )


def attribute_bounds(spec: Mapping[str, Any]) -> tuple[float, float]:
    """The values that an attribute of a regime may have: the unit interval, more for rates per year."""
    if "bounds" in spec:
        return float(spec["bounds"][0]), float(spec["bounds"][1])
    return RATE_BOUNDS if "year" in spec["unit"] else (0.0, 1.0)
