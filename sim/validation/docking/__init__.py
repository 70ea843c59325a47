"""Docking: the kernels of the month, reduced to the setting of published models, against the published results.

A closed form is only ever the expected value. What is obtained comes from the functions that the monthly step calls,
with everything else switched off.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sim.errors import InputError
from sim.validation.docking import firms, growth, races, threats
from sim.validation.docking.records import Published, parsed

__all__ = ["MODELS", "Check", "Published", "cases", "checks", "close", "dock", "parsed"]

MODELS: dict[str, Published] = {
    model.name: model for group in (races, firms, threats, growth) for model in group.MODELS
}
"""Every published model by name."""
SMALL = 0.05
"""Size below which a tolerance no longer shrinks with what is expected."""


@dataclass(frozen=True)
class Check:
    """One expected number beside what was obtained."""

    model: str
    inputs: Mapping[str, Any]
    output: str
    expected: Any
    obtained: Any
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the obtained number lies within the tolerance."""
        return close(self.obtained, self.expected, self.tolerance)


def dock(model: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the kernels give in the setting of a published model.

    Parameters
    ----------
    model : str
        A key of `MODELS`.
    inputs : mapping of str to number, list or str

    Raises
    ------
    InputError
        When there is no such model, or an input is missing, unknown or inadmissible.
    """
    if model not in MODELS:
        raise InputError(f"dock {model[:40]!r}", "there is no such model.", f"Known: {', '.join(MODELS)}.")
    return MODELS[model](inputs)


def cases() -> dict[str, Any]:
    """Cases that come with Aperture: by model, its relative tolerance and a list of inputs with expected outputs."""
    return tomllib.loads(files(__package__).joinpath("cases.toml").read_text("utf-8"))


def checks() -> Iterator[Check]:
    """Run every case."""
    for model, listed in cases().items():
        for case in listed["cases"]:
            obtained = dock(model, case["inputs"])
            for output, expected in case["expected"].items():
                yield Check(model, case["inputs"], output, expected, obtained.get(output), listed["rtol"])


def close(obtained: Any, expected: Any, tolerance: float) -> bool:
    """Whether a number, or every number of a list, lies within a relative tolerance of what is expected."""
    if isinstance(expected, list):
        same = isinstance(obtained, list) and len(obtained) == len(expected)
        return same and all(close(o, e, tolerance) for o, e in zip(obtained, expected, strict=True))
    usable = isinstance(obtained, int | float) and math.isfinite(obtained)
    return usable and abs(obtained - expected) <= tolerance * max(abs(expected), SMALL)
