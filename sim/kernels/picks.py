"""Gathering, summing and picking over the columns of each member."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)


def rows(table: NDArray[Scalar], index: INT) -> NDArray[Scalar]:
    """Values of `table` ``(member, rows)`` at `index` ``(member, …)``, member by member."""
    members, width = table.shape
    return table.reshape(-1).take(index + _starts(members, width, index.ndim))


@lru_cache(maxsize=1024)
def _starts(members: int, width: int, axes: int) -> INT:
    """Flat place at which each member's row of a table ``(member, width)`` starts, ``(member, 1, …)``; read-only."""
    made = (np.arange(members) * width).reshape(members, *([1] * (axes - 1)))
    made.flags.writeable = False
    return made


def places(index: INT, width: int, first: int = 0) -> INT:
    """Flat place of each `index` ``(member, columns)``, counted from column `first`, in a table ``(member, width)``."""
    return np.asarray(index + (_starts(len(index), width, 2) + first))


def where(mask: BOOL) -> INT:
    """Flat places at which a large mask holds, ``(event,)``.

    NumPy looks for what is rare by leaps that no processor can foresee. Made to look at everything, by some more places
    at the end that hold, it takes half the time where nothing is known beforehand of who is among the events.
    """
    n, more = mask.size, mask.size // OFTEN + 1
    extended = np.ones(n + more, bool)
    extended[:n] = mask.reshape(-1)
    return np.asarray(extended.nonzero()[0][:-more])


OFTEN = 8  # more often than one in ten, from which on NumPy looks at everything


def counted(place: INT, weights: F32 | None, members: int, groups: int) -> NDArray[np.float64]:
    """Sum of `weights` (or number, if None) by flat `place`, ``(member, groups)``: in float64, in the order given."""
    total = np.zeros(members * groups)
    # Twice as fast as `bincount`, but only as long as both sides have the same type.
    amounts = np.ones(place.size) if weights is None else weights.reshape(-1).astype(np.float64)
    np.add.at(total, place.reshape(-1), amounts)
    return total.reshape(members, groups)


def grouped(index: INT, weights: F32, groups: int) -> NDArray[np.float64]:
    """Sum of `weights` ``(member, columns)`` by group, ``(member, groups)``: in float64, in the order of the columns.

    An index of -1 is counted nowhere.
    """
    # A column in front of the groups takes those of index -1.
    total = counted(places(index, groups + 1, first=1), weights, len(index), groups + 1)
    return total[:, 1:]


def pick(cumulative: F32, row: INT, uniforms: F32) -> INT:
    """First column of its row whose cumulative share exceeds the uniform, ``(event,)``.

    Parameters
    ----------
    cumulative : ndarray ``(rows, options)``
        Cumulative shares, the last of them 1.
    row, uniforms : ndarray ``(events,)``
        Many events may share a row.
    """
    options = cumulative.shape[-1]
    steps = (options - 1).bit_length()
    padded = np.full((len(cumulative), 1 << steps), np.float32(np.inf))
    padded[:, : options - 1] = cumulative[:, :-1]
    flat, start = padded.reshape(-1), row << steps
    # Bisection for the number of columns, all but the last, that do not exceed the uniform.
    place = start - 1
    for bit in reversed(range(steps)):
        place = place + ((flat.take(place + (1 << bit)) <= uniforms).astype(np.int64) << bit)
    return np.asarray(place - (start - 1))
