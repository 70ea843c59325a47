"""What a published model is here: its inputs with their bounds, and a function that calls kernels of the month."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

import numpy as np

from sim.errors import InputError

REQUIRED = object()
"""Stands for the default of an input that must be given."""
MOST_ITEMS = 200
"""Longest list that an input may be."""
POINTS = 2**23
"""Numbers in a set of quasi-random points, at most."""


@dataclass(frozen=True)
class Input:
    """One input of a published model.

    Attributes
    ----------
    name, unit, description : str
    low, high : float
        Bounds, inclusive.
    kind : {"number", "whole", "numbers", "choice"}
        ``numbers`` is a list of numbers within the bounds.
    options : tuple of str
        Of a choice.
    default : object
        Value when it is left out; `REQUIRED` if it must be given.
    """

    name: str
    description: str
    low: float = -math.inf
    high: float = math.inf
    unit: str = "ratio"
    kind: str = "number"
    options: tuple[str, ...] = ()
    default: Any = REQUIRED

    def read(self, model: str, value: Any) -> Any:
        """Return the value, checked.

        Raises
        ------
        InputError
            When the type is wrong or the value lies outside the bounds.
        """
        where = f"dock {model}: {self.name}"
        if self.kind == "choice":
            if value not in self.options:
                raise InputError(where, f"{str(value)[:40]!r} is none of its values.", f"Give {self._admissible()}.")
            return value
        if self.kind == "numbers":
            if not isinstance(value, list) or not 1 <= len(value) <= MOST_ITEMS:
                raise InputError(where, f"{str(value)[:40]!r} is no list of numbers.", f"Give {self._admissible()}.")
            return [self._number(where, item) for item in value]
        return self._number(where, value)

    def _number(self, where: str, value: Any) -> float | int:
        whole = self.kind == "whole"
        usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not usable or (whole and value != int(value)) or not self.low <= value <= self.high:
            raise InputError(where, f"{str(value)[:40]} is not admissible.", f"Give {self._admissible()}.")
        return int(value) if whole else float(value)

    def _admissible(self) -> str:
        if self.kind == "choice":
            return " or ".join(self.options)
        what = {"number": "a number", "whole": "a whole number", "numbers": "a list such as [1, 2] of numbers"}[
            self.kind
        ]
        return f"{what} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Published:
    """A published model, and how the kernels are reduced to it.

    Attributes
    ----------
    name, title, source, setting : str
        Identifier, a title, the publication, and what is reduced to what, for the page.
    kernels : tuple of str
        Functions of the month that are called, as ``module.function``.
    inputs : tuple of Input
    function : callable
        Takes the inputs by name, returns outputs by name.
    """

    name: str
    title: str
    source: str
    setting: str
    kernels: tuple[str, ...]
    inputs: tuple[Input, ...]
    function: Callable[..., dict[str, Any]]

    def __call__(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the outputs at given inputs.

        Raises
        ------
        InputError
            When an input is missing, unknown or inadmissible.
        """
        known = {item.name: item for item in self.inputs}
        for name in given:
            if name not in known:
                close = get_close_matches(name, known, 1)
                hint = f"Did you mean {close[0]}?" if close else f"It has {', '.join(known)}."
                raise InputError(f"dock {self.name}: {name[:40]}", "there is no such input.", hint)
        values = {}
        for item in self.inputs:
            if item.name in given:
                values[item.name] = item.read(self.name, given[item.name])
            elif item.default is REQUIRED:
                raise InputError(f"dock {self.name}: {item.name}", "is missing.", f"Give {item.name}=VALUE.")
            else:
                values[item.name] = item.default
        return self.function(**values)


def parsed(text: str) -> Any:
    """Value of an argument: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def reduced(record: type, **values: Any) -> Any:
    """Return the parameters of a kernel with only some of them set, in double precision.

    All others are not a number: a kernel that reads one which the reduction forgot spoils the result for all to see.
    Numbers become columns ``(1, 1)``, as for one member.
    """
    unset: dict[str, Any] = {field.name: np.nan for field in fields(record)}
    for name, value in {**unset, **values}.items():
        unset[name] = value if isinstance(value, str) else np.asarray(value, np.float64).reshape(1, -1)
    return record(**unset)


def one(value: Any) -> Any:
    """A number as ``(member, column)``."""
    return np.asarray(value, np.float64).reshape(1, -1)


def number(array: Any) -> float:
    """The only number in an array."""
    return float(np.asarray(array, np.float64).reshape(-1)[0])


def spread_points(dimensions: int, most: int = 1 << 17) -> Any:
    """Quasi-random points ``(point, dimension)`` in the open unit cube (Sobol, scrambled by a fixed seed)."""
    from scipy.stats import qmc  # takes a second to import, and most models do without

    count = min(most, 1 << int(math.log2(max(POINTS // dimensions, 2))))
    drawn = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(1)).random(count)
    return np.clip(drawn, 1e-12, 1 - 1e-12)


def crossing(below: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds at `low` ceases to hold, by bisection; `high` if it always holds."""
    if below(high):
        return high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2
