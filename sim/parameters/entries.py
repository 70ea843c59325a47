"""One entry of the registry, and the checks that all tables share."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DISTRIBUTIONS = ("uniform", "loguniform", "triangular", "fixed", "choice")


class TableError(ValueError):
    """A table of parameters that its author must mend; lists every problem found."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model, with its range and where it comes from.

    Attributes
    ----------
    name : str
        Full name, ``table.field`` or ``table.field_label`` when the field runs along an axis.
    table, field : str
        The submodel, and the field of its record of parameters.
    label, axis : str or None
        Place along the axis of `sim.axes.AXES`, and that axis; None for a single number.
    default : float or str
        Value unless a scenario, a world or a draw says otherwise; text for a choice.
    low, high : float or None
        Range of plausible values in `unit`; None for a choice.
    distribution : str
        One of `DISTRIBUTIONS`, over the range. A fixed parameter is never sampled.
    options : tuple of str
        What a choice may be.
    bounds : tuple of float or None
        Values that a user may set: the range unless the table says more.
    source, reasoning : str
        Identifiers of facts separated by commas, or ``"judgement"``; and why.
    kernel : str
        Module that reads the parameter.
    """

    name: str
    table: str
    field: str
    label: str | None
    axis: str | None
    description: str
    unit: str
    default: float | str
    low: float | None
    high: float | None
    distribution: str
    options: tuple[str, ...]
    bounds: tuple[float, float] | None
    source: str
    reasoning: str
    kernel: str

    @property
    def structural(self) -> bool:
        """Whether the parameter chooses between equations, so that all members of a batch must agree on it."""
        return self.distribution == "choice"

    @property
    def uncertain(self) -> bool:
        """Whether a draw varies the parameter over a range."""
        return self.low is not None and self.high is not None and self.low < self.high and self.distribution != "fixed"


@cache
def facts() -> dict[str, str] | None:
    """Verification status of each fact by its identifier; None when the table of facts is not shipped."""
    table = files("sim") / "evidence" / "facts.csv"
    if not table.is_file():
        return None
    return {row["id"]: row["verification"] for row in csv.DictReader(table.read_text("utf-8").splitlines())}


@cache
def kernel_of(table: str) -> str:
    """The module that reads a table."""
    return f"sim.kernels.{table}" if (files("sim") / "kernels" / f"{table}.py").is_file() else f"sim.{table}"


def source_problems(source: str, reasoning: Any, known: Mapping[str, str] | None) -> list[str]:
    """What is wrong with a source: a fact that is unknown, or one that is unverified (or none) without reasoning."""
    reasoned = is_text(reasoning)
    if source == "judgement":
        return [] if reasoned else ["a judgement needs reasoning"]
    if known is None:
        return []
    cited = [part.strip() for part in source.split(",")]
    found = [f"source {fact!r} is not in the table of facts" for fact in cited if fact not in known]
    if any(known.get(fact) == "unverified" for fact in cited) and not reasoned:
        found.append("a source that is unverified needs reasoning")
    return found


def value_problems(parameter: Parameter) -> list[str]:
    """What is wrong with a default, a range or its bounds."""
    p = parameter
    if p.low is None or p.high is None or p.bounds is None or isinstance(p.default, str):
        return (
            [] if p.default in p.options else [f"default {p.default!r} is none of the options {', '.join(p.options)}"]
        )
    found = []
    if not p.low <= p.default <= p.high:
        found.append(f"{p.name}: needs low <= default <= high, not {p.low:g}, {p.default:g}, {p.high:g}")
    if not p.bounds[0] <= p.low <= p.high <= p.bounds[1]:
        found.append(f"{p.name}: bounds {p.bounds[0]:g} to {p.bounds[1]:g} must hold the range {p.low:g} to {p.high:g}")
    if p.distribution == "loguniform" and p.low <= 0:
        found.append(f"{p.name}: a loguniform range must be positive, not from {p.low:g}")
    return found


def number(value: object) -> bool:
    """Whether a value is a finite number; truth values are not numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def is_text(value: object) -> bool:
    """Whether a value is text that is not empty."""
    return isinstance(value, str) and bool(value.strip())
