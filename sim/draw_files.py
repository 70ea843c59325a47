"""Files of parameter draws: CSV with one column a parameter, by its full name, and one row a draw."""

from __future__ import annotations

import csv
import math
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value

CALIBRATED = Path(__file__).parent / "validation" / "calibrated.csv"
"""Draws that the patterns to the end of 2024 do not rule out, by `sim.validation.publish`."""
NAMED = {"calibrated": CALIBRATED}
"""Files of draws that come with Aperture, by name."""
MAX_BYTES = 200_000_000
MAX_DRAWS = 100_000


def read_draws(
    path: str | Path,
    is_other: Callable[[str], bool] = lambda name: False,
    other: Callable[[str, str, str], float | str] | None = None,
) -> dict[str, NDArray[Any]]:
    """Read a file of draws.

    Parameters
    ----------
    path : str or Path
        UTF-8 CSV. A column ``draw`` numbers the rows and is ignored; the others bear full names of parameters.
    is_other, other : callable
        Which columns are something else, and what checks their values: given the name, the value and where it stands.

    Returns
    -------
    dict of str to ndarray, shape (draws,)
        Floats, or text for choices between equations; what `sim.members.expand` takes for ``draws``.

    Raises
    ------
    InputError
        If the file cannot be read, a column is no parameter, or a value is missing, not a number or out of bounds.
    """
    where = f"draws {str(path)[:200]!r}"
    header, rows = _cells(Path(path), where)
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(where, f"column {twice[:80]!r} appears twice.", "Give every parameter one column.")
    names = [name for name in header if name != "draw"]
    if not names or not rows:
        raise InputError(where, "there are no draws.", "Give a header of parameter names and at least one row.")
    found: dict[str, NDArray[Any]] = {}
    for i, name in enumerate(header):
        if name != "draw":
            read = other if other is not None and is_other(name) else _value
            found[name] = np.array([read(name, row[i], f"{where}, row {number}") for number, row in enumerate(rows, 1)])
    return found


def named_draws(text: str) -> dict[str, NDArray[Any]]:
    """Read draws by name or file, all of them or the first ones.

    Parameters
    ----------
    text : str
        A name of `NAMED` or a CSV file; a colon and a number behind it keep the first so many, as in ``calibrated:32``.

    Raises
    ------
    InputError
        If there are fewer, or the file cannot be read.
    """
    place, colon, first = text.rpartition(":")
    if not colon or not first.isdecimal():
        return read_draws(NAMED.get(text, text))
    found = read_draws(NAMED.get(place, place))
    there, wanted = len(next(iter(found.values()))), int(first[:9])
    if not 1 <= wanted <= there:
        raise InputError(f"draws {text[:200]!r}", f"there are {there}, not {wanted}.", f"Keep 1 to {there}.")
    return {name: column[:wanted] for name, column in found.items()}


def _cells(path: Path, where: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows, all of one length."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, newline="", encoding="utf-8-sig") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                raise InputError(where, "it is not an ordinary file of at most 200 MB.", "Name a CSV file.")
            lines = [row for row in csv.reader(stream, strict=True) if row]
    except InputError:
        raise
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(where, f"it cannot be read ({reason[:120]}).", "Name a CSV file in UTF-8.") from error
    header = [name.strip() for name in lines[0]] if lines else []
    if len(lines) - 1 > MAX_DRAWS:
        raise InputError(where, f"{len(lines) - 1} rows are too many.", f"Use at most {MAX_DRAWS}.")
    for number, row in enumerate(lines[1:], 1):
        if len(row) != len(header):
            problem = f"row {number} has {len(row)} cells, the header {len(header)}."
            raise InputError(where, problem, "Give every row a cell for every column.")
    return header, lines[1:]


def _value(name: str, text: str, where: str) -> float | str:
    text = text.strip()
    if name not in REGISTRY or REGISTRY[name].structural:
        return check_value(name, text, where)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(where, f"{name} is {text[:40]!r}.", "Write a finite number.")
    return check_value(name, value, where)
