"""The registry: every parameter by name, read on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.parameters import sampling
from sim.parameters.entries import Parameter, number
from sim.parameters.tables import read_all

Column = NDArray[np.float64] | NDArray[np.str_]


class Registry:
    """Every parameter by its full name, in the order of the tables.

    Parameters
    ----------
    read : callable
        Gives the parameters; called once, on first use.
    """

    def __init__(self, read: Callable[[], Sequence[Parameter]] = read_all) -> None:
        self._read = read

    @cached_property
    def _entries(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self._read()}

    @cached_property
    def _fields(self) -> dict[str, dict[str, tuple[Parameter, ...]]]:
        found: dict[str, dict[str, tuple[Parameter, ...]]] = {}
        for parameter in self:
            fields = found.setdefault(parameter.table, {})
            fields[parameter.field] = (*fields.get(parameter.field, ()), parameter)
        return found

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> Parameter:
        """The parameter of that name; `KeyError` when there is none."""
        return self._entries[name]

    def names(self) -> tuple[str, ...]:
        """Every full name, in file order."""
        return tuple(self._entries)

    def tables(self) -> tuple[str, ...]:
        """Every table, in file order."""
        return tuple(self._fields)

    def table(self, table: str) -> list[Parameter]:
        """The parameters of one table, in file order."""
        return [parameter for entries in self._fields.get(table, {}).values() for parameter in entries]

    def fields(self, table: str) -> dict[str, tuple[Parameter, ...]]:
        """The fields of one table, each with its parameters along the axis (one when it has none)."""
        return dict(self._fields.get(table, {}))

    def structural(self) -> tuple[str, ...]:
        """Names of the choices between equations."""
        return tuple(parameter.name for parameter in self if parameter.structural)

    def numeric(self) -> tuple[str, ...]:
        """Names of all others."""
        return tuple(parameter.name for parameter in self if not parameter.structural)

    def uncertain(self) -> tuple[str, ...]:
        """Names of the parameters with a range to sample from."""
        return tuple(parameter.name for parameter in self if parameter.uncertain)

    def defaults(self) -> dict[str, float | str]:
        """Every default value by name."""
        return {parameter.name: parameter.default for parameter in self}

    def sample(self, n: int, seed: int, names: Sequence[str] | None = None) -> dict[str, Column]:
        """Draw from the ranges.

        Parameters
        ----------
        n : int
            Number of draws. More draws begin with the same draws.
        seed : int
            Names another sample.
        names : sequence of str, optional
            Which parameters; all, choices included, when not given. The draws of one do not depend on the others.

        Returns
        -------
        dict of str to ndarray (n,)
            Floats, or text for choices.
        """
        wanted = self.names() if names is None else tuple(names)
        entries = [self._entries[name] for name in wanted]
        varied = [parameter.name for parameter in entries if parameter.uncertain or parameter.structural]
        streams = dict(zip(varied, sampling.uniforms(varied, n, seed), strict=True))
        constant = np.full(n, 0.5)
        return {
            parameter.name: sampling.quantile(parameter, streams.get(parameter.name, constant)) for parameter in entries
        }

    def check_value(self, name: str, value: object, where: str) -> float | str:
        """Check one value that a user sets.

        Parameters
        ----------
        name : str
            Full name of the parameter.
        value : object
            What the user gave.
        where : str
            File and field or command-line argument, for the message.

        Returns
        -------
        float or str
            The value; text for a choice.

        Raises
        ------
        InputError
            When the name is unknown, the value of the wrong type, or outside the admissible interval.
        """
        if name not in self._entries:
            near = get_close_matches(name, self._entries, n=3, cutoff=0.6)
            remedy = f"Did you mean {' or '.join(near)}?" if near else "`aperture parameters` lists them all."
            raise InputError(where, f"there is no parameter {name!r}.", remedy)
        parameter = self._entries[name]
        if parameter.bounds is None:
            if value in parameter.options:
                return str(value)
            raise InputError(where, f"{name} cannot be {value!r}.", f"Write one of {', '.join(parameter.options)}.")
        low, high = parameter.bounds
        remedy = f"Write a number from {low:g} to {high:g} ({parameter.unit})."
        if low == high:
            remedy = f"It is fixed at {low:g} ({parameter.unit})."
        if not isinstance(value, int | float) or not number(value):
            raise InputError(where, f"{name} must be a finite number, not {value!r}.", remedy)
        if not low <= value <= high:
            raise InputError(where, f"{name} = {value:g} is outside its admissible interval.", remedy)
        return float(value)


REGISTRY = Registry()
"""Every parameter of the model."""


def check_value(name: str, value: object, where: str) -> float | str:
    """Check one value of a parameter of the model; see `Registry.check_value`."""
    return REGISTRY.check_value(name, value, where)
