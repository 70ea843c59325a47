"""Numbers as people read them: scaled units, rounded lists for plotly, text with a unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

SHARES = ("share", "probability", "fraction")
"""Units that are shown in percent."""
WHOLE = ("log10", "OOM", "Elo", "HHI", "index", "month", "day", "year")
"""Beginnings of units that are never written in millions."""
STEPS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """How values of a unit are shown: multiply by ``factor``, then write ``unit``."""

    factor: float
    unit: str

    def text(self, value: float | None, *, sign: bool = False) -> str:
        """Return the value with its unit, three significant digits; a dash where it is undefined."""
        shown = self.bare(value, sign=sign)
        return shown if shown == "–" or not self.unit else f"{shown} {self.unit}"

    def bare(self, value: float | None, *, sign: bool = False) -> str:
        """Return the value without its unit."""
        if value is None or not math.isfinite(value):
            return "–"
        return digits(value * self.factor, sign=sign)


def scale(unit: str, values: F64 | Sequence[float]) -> Scale:
    """Return how to show these values: shares in percent, large amounts in millions, billions or trillions.

    Parameters
    ----------
    unit : str
        Unit of an outcome, for example ``"USD"`` or ``"share"``.
    values : array
        The values that will be shown together; the largest decides. Undefined ones are ignored.
    """
    if unit in SHARES or unit.startswith("share of"):
        return Scale(100.0, "%" + unit.removeprefix(unit.split()[0]))
    finite = np.abs(np.asarray(values, dtype=np.float64))
    finite = finite[np.isfinite(finite)]
    largest = float(finite.max()) if finite.size else 0.0
    if unit.startswith(WHOLE):
        return Scale(1.0, unit)
    if largest >= 1e16:
        power = math.floor(math.log10(largest))
        return Scale(10.0**-power, f"×10{str(power).translate(SUPERSCRIPT)} {unit}".strip())
    for size, word in STEPS:
        if largest >= size:
            return Scale(1 / size, f"{word} {unit}".strip())
    return Scale(1.0, unit)


def digits(value: float, *, sign: bool = False, significant: int = 3) -> str:
    """Return a number with so many significant digits (integers whole), powers of ten written out, a proper minus."""
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{significant - 1}e}"))))
    if exponent >= 7 or exponent < -4:
        mantissa = value / 10.0**exponent
        text = f"{mantissa:.{significant - 1}f}×10{str(exponent).translate(SUPERSCRIPT)}"
    else:
        text = f"{value:,.{max(significant - 1 - exponent, 0)}f}"
    return (("+" if sign and value > 0 else "") + text).replace("-", "−")


def listed(values: F64) -> list[float | None]:
    """Return a short list for JSON: six significant digits of the largest value, undefined values as ``None``.

    Values that span orders of magnitude keep six digits each.
    """
    flat = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(flat)
    size = np.abs(flat[finite & (flat != 0)])
    if size.size and size.max() < 1e4 * size.min() and size.max() < 1e15:
        flat = np.round(flat, int(min(5 - math.floor(math.log10(size.max())), 15)))
        found: list[float | None] = flat.tolist()
    else:
        found = [float(f"{v:.6g}") for v in flat.tolist()]
    return found if bool(finite.all()) else [v if ok else None for v, ok in zip(found, finite.tolist(), strict=True)]


def spans_orders(bands: F64, unit: str) -> bool:
    """Return whether a logarithmic axis serves: all positive, and a factor of 300 after the first quarter.

    Parameters
    ----------
    bands : array (quantiles, months)
        What the figure draws.
    unit : str
        Shares and values that are logarithms already never get a logarithmic axis.
    """
    if unit in SHARES or unit.startswith(WHOLE) or bands.size == 0:
        return False
    late = bands[..., bands.shape[-1] // 4 :]
    late = late[np.isfinite(late)]
    return (
        bool(late.size) and bool((bands[np.isfinite(bands)] > 0).all()) and float(late.max()) > 300 * float(late.min())
    )


def quantiles(values: F64, levels: Sequence[float]) -> F64:
    """Return quantiles over runs, ignoring runs in which the value is undefined.

    Parameters
    ----------
    values : array (runs, months)
    levels : sequence of float
        In [0, 1].

    Returns
    -------
    array (levels, months)
        NaN where no run has a value.
    """
    array = np.asarray(values, dtype=np.float64)
    if np.isfinite(array).all():
        return np.quantile(array, levels, axis=0)
    found = np.full((len(levels), *array.shape[1:]), np.nan)
    some = np.isfinite(array).any(axis=0)
    found[:, some] = np.nanquantile(np.where(np.isfinite(array), array, np.nan)[:, some], levels, axis=0)
    return found
