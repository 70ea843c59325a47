"""Columns of parameters for kernels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from sim.parameters.entries import Parameter, TableError
from sim.parameters.registry import REGISTRY, Registry

Record = TypeVar("Record")


def columns(
    cls: type[Record], table: str, values: Mapping[str, Any], members: int, registry: Registry = REGISTRY
) -> Record:
    """Build the record of parameters of a kernel.

    Parameters
    ----------
    cls : type
        A frozen dataclass with exactly the fields of the table.
    table : str
        Name of the table.
    values : mapping of str to float, str or ndarray (members,)
        Values by full name; a parameter that is absent has its default.
    members : int
        Number of members.
    registry : Registry, optional
        Where the table is.

    Returns
    -------
    Record
        Each field is float32 ``(members, 1)``, or ``(members, places)`` along its axis, C-contiguous; a choice is
        plain text.

    Raises
    ------
    TableError
        When the fields of `cls` and of the table differ, or members disagree on a choice.
    """
    entries = registry.fields(table)
    declared = {field.name for field in fields(cls)}  # type: ignore[arg-type]
    if declared != entries.keys():
        lacking, extra = sorted(entries.keys() - declared), sorted(declared - entries.keys())
        name = f"{cls.__module__}.{cls.__name__}"
        raise TableError(f"{name} and table {table!r} differ: only in the table {lacking}, only in the record {extra}")
    return cls(**{field: _column(parameters, values, members) for field, parameters in entries.items()})


def _column(parameters: tuple[Parameter, ...], values: Mapping[str, Any], members: int) -> Any:
    first = parameters[0]
    if first.structural:
        found = np.unique(np.asarray(values.get(first.name, first.default)))
        if found.size != 1:
            raise TableError(f"{first.name}: all members of a batch must agree, not {', '.join(map(str, found))}")
        return str(found[0])
    column = np.empty((members, len(parameters)), np.float32)
    for place, parameter in enumerate(parameters):
        column[:, place] = values.get(parameter.name, parameter.default)
    return column
