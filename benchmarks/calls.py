"""How many calls of NumPy a month takes: many small calls cost more than the numbers in them.

Arrays of the state are replaced by ones of a class that counts what is done with them and passes that on to every
result. Universal functions, operators and array functions count; indexing, methods such as `take` and the inside of
draws do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.batches import Batch

MEMBERS = 2
"""Members of the counted batch; the number of calls does not depend on it."""


class Counted(np.ndarray):
    """An array that notes the size of the largest argument of every call."""

    sizes: list[int] = []  # noqa: RUF012 (one list for all arrays is the point)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        note(inputs)
        return counted(getattr(ufunc, method)(*bare(inputs), **bare(options)))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        note(args)
        return counted(function(*bare(args), **bare(kwargs)))


def note(arguments: tuple[Any, ...]) -> None:
    Counted.sizes.append(max((a.size for a in arguments if isinstance(a, np.ndarray)), default=1))


def bare(x: Any) -> Any:
    """The same without counting arrays."""
    if isinstance(x, Counted):
        return x.view(np.ndarray)
    if isinstance(x, list | tuple):
        return type(x)(bare(part) for part in x)
    return {name: bare(part) for name, part in x.items()} if isinstance(x, dict) else x


def counted(x: Any) -> Any:
    """The same with counting arrays."""
    if isinstance(x, np.ndarray):
        return x.view(Counted)
    return type(x)(counted(part) for part in x) if isinstance(x, list | tuple) else x


def calls_a_month(months: int = 2, warm_up: int = 24, population: Mapping[str, int] | None = None) -> dict[str, float]:
    """Calls in a month, all of them and those on arrays smaller than the smallest population."""
    batch = Batch(MEMBERS, warm_up + months, population=population)
    batch.advance(warm_up)
    _replace(batch.state, set())
    Counted.sizes.clear()
    with (
        patch.object(np, "asarray", _keeping(np.asanyarray)),
        patch.object(np, "ascontiguousarray", _keeping(np.ascontiguousarray)),
    ):
        batch.advance(months)
    size = batch.scenario.population
    smallest = MEMBERS * min(size.misusers, size.defenders, size.builders)
    small = sum(number < smallest for number in Counted.sizes)
    return {"calls": len(Counted.sizes) / months, "calls_outside_populations": small / months}


def _keeping(function: Callable[..., Any]) -> Callable[..., Any]:
    """A conversion that leaves counting arrays what they are."""

    def keep(x: Any, *args: Any, **kwargs: Any) -> Any:
        made = function(bare(x), *args, **kwargs)
        return made.view(Counted) if isinstance(x, Counted) else made

    return keep


def _replace(x: Any, seen: set[int]) -> None:
    """Replace all arrays within a record, and within records and mappings in it."""
    if id(x) in seen or not (is_dataclass(x) or isinstance(x, dict)):
        return
    seen.add(id(x))
    names = list(x) if isinstance(x, dict) else [field.name for field in fields(x)]
    for name in names:
        value = x[name] if isinstance(x, dict) else getattr(x, name)
        if not isinstance(value, np.ndarray):
            _replace(value, seen)
        elif isinstance(x, dict):
            x[name] = value.view(Counted)
        else:
            object.__setattr__(x, name, value.view(Counted))
