"""Factors of a design: what a draw varies. A parameter, a field of a policy, or a dummy that nothing reads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value
from sim.parameters.sampling import quantile
from sim.policies import POLICIES, absolute_month
from sim.policies.fields import near, range_text
from sim.scenario_models import LeverFile
from sim.scenario_reading import shown
from sim.scenario_record import Scenario
from sim.scenario_settings import MONTH, apply_values

DUMMY = "dummy"
"""A factor that no run reads: whatever an analysis says about it is noise."""
Values = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.str_]


@dataclass(frozen=True)
class Factor:
    """Something that differs between draws.

    Attributes
    ----------
    name : str
        Full name of a parameter, ``policy.field`` for a lever, or `DUMMY`.
    low, high : float or None
        Range of a lever, in the unit of its field; months count from the year 0, as year × 12 + month - 1.
    levels : tuple or None
        The values that a lever may take, instead of a range.
    whole : bool
        Whether a lever takes whole numbers only.
    """

    name: str
    low: float | None = None
    high: float | None = None
    levels: tuple[float | int | str, ...] | None = None
    whole: bool = False

    @property
    def lever(self) -> bool:
        """Whether this is a field of a policy."""
        return self.name not in REGISTRY and self.name != DUMMY

    def document(self) -> list[Any]:
        """What decides the values of a lever, for the record of a sweep."""
        return [self.name, self.low, self.high, None if self.levels is None else list(self.levels)]

    def values(self, u: NDArray[np.float64]) -> Values:
        """Values at quantiles `u`, any shape: of the parameter's distribution, or evenly over a lever's range."""
        if self.name == DUMMY:
            return u
        if not self.lever:
            return quantile(REGISTRY[self.name], u)
        if self.levels is not None:
            return _listed(self.levels, u)
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        if self.whole:
            return np.minimum(low + np.floor(u * (high - low + 1)), high).astype(np.int64)
        return np.asarray(np.clip(low + (high - low) * u, low, high), np.float64)


def _listed(levels: tuple[float | int | str, ...], u: NDArray[np.float64]) -> Values:
    values: Values = np.array(levels)[np.minimum((u * len(levels)).astype(int), len(levels) - 1)]
    return values


def chosen(patterns: Sequence[str], where: str) -> tuple[Factor, ...]:
    """Return the uncertain parameters that the patterns match, in order; raises InputError if one matches none."""
    names: list[str] = []
    for pattern in patterns:
        found = [name for name in REGISTRY.uncertain() if fnmatchcase(name, pattern)]
        if not found:
            remedy = "'aperture parameters' lists those with a range; * stands for any text."
            raise InputError(f"{where}: parameters", f"{shown(pattern)} matches no uncertain parameter.", remedy)
        names += found
    return tuple(map(Factor, dict.fromkeys(names)))


def levers(tables: Mapping[str, LeverFile], scenarios: Sequence[Scenario], where: str) -> tuple[Factor, ...]:
    """Read the table ``levers`` of a design for its scenarios.

    Raises
    ------
    InputError
        If a path is no field of a policy, no scenario has the policy, or the range does not fit the field.
    """
    return tuple(
        _lever(path, table, scenarios, f"{where}: levers.{shown(path)[1:-1]}") for path, table in tables.items()
    )


def _lever(path: str, table: LeverFile, scenarios: Sequence[Scenario], where: str) -> Factor:
    type_ = _type(path, where)
    if (table.values is None) == (table.low is None or table.high is None):
        raise InputError(
            where, "it needs low and high, or values.", "Write {low = 0, high = 24} or {values = [0, 6, 12]}."
        )
    if table.values is not None:
        if not table.values or table.low is not None or table.high is not None:
            raise InputError(where, "it needs either low and high or at least one of values.", "Leave one of them out.")
        factor = Factor(path, levels=tuple(_number(type_, value, where) for value in table.values))
    else:
        if type_ == "choice":
            raise InputError(where, "words have no range.", 'Write {values = ["word", "word"]}.')
        low, high = (_number(type_, value, where) for value in (table.low, table.high))
        if not all(isinstance(value, float | int) for value in (low, high)) or not float(low) < float(high):
            raise InputError(where, f"low {shown(low)} is not below high {shown(high)}.", "Exchange or change them.")
        factor = Factor(path, float(low), float(high), whole=type_ in ("integer", "date"))
    check_levers([factor], scenarios, where)
    return factor


def lever_value(path: str, value: float | str, where: str) -> float | int | str:
    """Return a value of a field of a policy as designs keep it: months as whole numbers."""
    return _number(_type(path, where), value, where)


def _type(path: str, where: str) -> str:
    """Kind of the field that a path names."""
    policy, _, field = path.partition(".")
    if policy not in POLICIES or field not in POLICIES[policy].__dataclass_fields__:
        known = [f"{kind}.{name}" for kind, cls in POLICIES.items() for name in cls.__dataclass_fields__]
        remedy = near(path, known) or "Write policy.field, such as staged_release.delay_months."
        raise InputError(where, f"{shown(path)} is no field of a policy.", remedy)
    type_ = str(POLICIES[policy].__dataclass_fields__[field].metadata["type"])
    if type_ in ("places", "rows"):
        raise InputError(where, "a list of words cannot be varied.", "Vary a number, a month or a choice.")
    return type_


def cell_value(path: str, text: str, where: str) -> float | int | str:
    """Return what a cell of a file says of a field of a policy; raises InputError."""
    try:
        number = float(text)
    except ValueError:
        return lever_value(path, text.strip(), where)
    return lever_value(path, number, where)


def _number(type_: str, value: float | str | None, where: str) -> float | int | str:
    found = MONTH.fullmatch(value) if type_ == "date" and isinstance(value, str) else None
    if found:
        return absolute_month(int(found[1]), int(found[2]))
    if type_ == "choice" or isinstance(value, str):
        if type_ != "choice":
            raise InputError(
                where, f"{shown(value)} is not a {'month' if type_ == 'date' else 'number'}.", _example(type_)
            )
        return str(value)
    if value is None or not math.isfinite(value) or (type_ != "number" and value != int(value)):
        raise InputError(
            where, f"{shown(value)} is not a {'finite' if type_ == 'number' else 'whole'} number.", _example(type_)
        )
    return float(value) if type_ == "number" else int(value)


def _example(type_: str) -> str:
    return "Write a month as 2027-01." if type_ == "date" else "Write a number."


def check_levers(factors: Sequence[Factor], scenarios: Sequence[Scenario], where: str) -> None:
    """Check that some scenario has the policy of each lever and takes its extremes; raises InputError."""
    for factor in (factor for factor in factors if factor.lever):
        policy, _, field = factor.name.partition(".")
        fitting = [scenario for scenario in scenarios if any(item.kind == policy for item in scenario.policies)]
        if not fitting:
            present = sorted({item.kind for scenario in scenarios for item in scenario.policies})
            remedy = f"They have {', '.join(present)}." if present else "They have no policies."
            raise InputError(where, f"no scenario of the design has the policy {policy}.", remedy)
        for value in factor.levels if factor.levels is not None else (factor.low, factor.high):
            for scenario in fitting:
                _try(scenario, factor, value, where, range_of(policy, field))


def _try(scenario: Scenario, factor: Factor, value: Any, where: str, allowed: str) -> None:
    try:
        apply_values(scenario, {factor.name: int(value) if factor.whole else value})
    except InputError as error:
        raise InputError(where, f"in {scenario.name}: {error.problem}", error.remedy or allowed) from None


def range_of(policy: str, field: str) -> str:
    """Say what a field of a policy may be."""
    metadata = POLICIES[policy].__dataclass_fields__[field].metadata
    return range_text(metadata) if "low" in metadata else f"One of {', '.join(metadata['options'])}."


def with_levers(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with levers set to one draw's values; those of policies that it lacks are passed over."""
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
    return apply_values(scenario, plain, absent=True)


def levels_of(name: str, values: Sequence[float | str], scenarios: Sequence[Scenario], where: str) -> Factor:
    """Return a parameter or a lever that takes the values given; raises InputError."""
    if name.partition(".")[0] in POLICIES and name not in REGISTRY:
        factor = Factor(name, levels=tuple(lever_value(name, value, where) for value in values))
        check_levers([factor], scenarios, where)
        return factor
    return Factor(name, levels=tuple(check_value(name, value, where) for value in values))
