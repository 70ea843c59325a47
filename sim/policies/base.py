"""What every policy has: dates, phase-in, strength, coverage and a cost; and what it does: move levers."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS, THRESHOLDS
from sim.errors import InputError
from sim.levers import Levers
from sim.policies import fields as declared
from sim.policies.fields import absolute_month, checked, choice, date, integer, number, places

SLACK_OOM = 6.0
"""How far above its value (orders of magnitude) a threshold starts when its strength is just above zero."""

Memory = MutableMapping[Any, Any]


class Move(NamedTuple):
    """One move of one lever; `regimes` and `threshold` only for ``forbidden_above``."""

    lever: str
    value: float | NDArray[np.float32]
    regimes: tuple[str, ...] = ()
    threshold: str = ""


@dataclass(frozen=True, kw_only=True)
class Policy(ABC):
    """A dated instrument that moves levers in some jurisdictions and nothing else."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    description: ClassVar[str] = ""
    source: ClassVar[str] = ""

    start: int = date(absolute_month(2027, 1), "first month in which the policy acts")
    end: int | None = date(None, "first month in which it no longer acts; without it the policy stays")
    phase_in_months: int = integer(
        0, 0, 240, "months", "time over which the strength rises evenly from nothing to full"
    )
    strength: float = number(
        1.0, 0.0, 1.0, "share", "how much of the policy is carried out; 0 is the same as leaving it out"
    )
    jurisdictions: tuple[str, ...] = places(JURISDICTIONS, "where it is law")
    compliance_cost: float = number(
        0.0, 0.0, 0.5, "share of budget", "share of development budgets that it costs those it binds"
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = checked(f"{self.kind}.{field.name}", getattr(self, field.name), field.metadata)
            object.__setattr__(self, field.name, value)
        if self.end is not None and self.end <= self.start:
            raise InputError(
                f"{self.kind}.end",
                f"{declared.month_name(self.end)} is not after the start {declared.month_name(self.start)}.",
                "",
            )

    def intensity(self, month: int) -> float:
        """Strength in a month: 0 outside ``[start, end)``, rising evenly over the phase-in to `strength`."""
        if month < self.start or (self.end is not None and month >= self.end):
            return 0.0
        ramp = 1.0 if self.phase_in_months == 0 else min(1.0, (month - self.start + 1) / self.phase_in_months)
        return self.strength * ramp

    def key(self, month: int) -> Hashable:
        """Return what the moves of this month depend on: equal keys mean equal moves; None means the public record."""
        return self.intensity(month)

    @property
    def cost(self) -> float:
        """Share of development budgets that the policy costs at full intensity."""
        return self.compliance_cost

    @abstractmethod
    def moves(self, share: float, month: int) -> Iterator[Move]:
        """Yield the moves at an intensity `share` in (0, 1]; scaled so that they vanish as the intensity does."""

    def triggered_moves(self, share: float, observed: object, month: int, memory: Memory) -> Iterator[Move]:
        """Yield the moves of a policy that looks at the public record."""
        return self.moves(share, month)

    def apply(self, levers: Levers, observed: object, month: int, memory: Memory, regimes: Sequence[str]) -> Levers:
        """Combine the levers with the moves of this policy.

        Parameters
        ----------
        levers : Levers
            Untouched; a new record is returned, or the same one if the policy does not act.
        observed : object
            Last month's public record: attributes ``(member,)`` or ``(member, jurisdiction)``; None at first.
        month : int
            Absolute calendar month.
        memory : mutable mapping
            Belongs to the fold of one scenario; triggered policies remember in it.
        regimes : sequence of str
            Identifiers of the rows of the regime table, in order.
        """
        share = self.intensity(month)
        if share <= 0.0:
            return levers
        if self.cost > 0.0:
            levers = levers.move("compliance_cost", self.cost * share, self.jurisdictions)
        for move in self.triggered_moves(share, observed, month, memory):
            if move.lever == "forbidden_above":
                numbers = positions(move.regimes, regimes)
                levers = levers.move(move.lever, move.value, self.jurisdictions, regimes=numbers, kind=move.threshold)
            else:
                levers = levers.move(move.lever, move.value, self.jurisdictions)
        return levers

    def changed_fields(self) -> dict[str, object]:
        """Fields that differ from their defaults, in order of declaration."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {f.name: values[f.name] for f in dataclasses.fields(self) if values[f.name] != f.default}


def positions(names: Iterable[str], regimes: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of rows in the regime table; raises InputError for an unknown row."""
    missing = [name for name in names if name not in regimes]
    if missing:
        raise InputError(
            "regimes", f"{missing[0]!a:.60} is not a row of the regime table.", declared.near(missing[0], regimes)
        )
    return tuple(regimes.index(name) for name in names)


def binding_level(value: float, share: float) -> float:
    """Threshold that binds at an intensity: falls evenly from ``value + SLACK_OOM`` to ``value``."""
    return value + SLACK_OOM * (1.0 - share)


@dataclass(frozen=True, kw_only=True)
class ComputeLine(Policy):
    """A policy that binds from an amount of training compute on, which may fall from year to year."""

    value: float = number(26.0, 15.0, 60.0, "log10 FLOP", "training compute from which the policy binds")
    tightening_per_year: float = number(
        0.0, -2.0, 2.0, "OOM/year", "how fast the line falls after the start; negative lets it rise"
    )

    def level(self, share: float, month: int) -> float:
        """Line in force in a month at an intensity."""
        return binding_level(self.value, share) - self.tightening_per_year * (month - self.start) / 12.0

    def key(self, month: int) -> Hashable:
        """Return intensity and line."""
        share = self.intensity(month)
        return (share, self.level(share, month))


@dataclass(frozen=True, kw_only=True)
class ThresholdPolicy(Policy):
    """A policy that binds releases at or above a threshold.

    With an intensity ``s`` below one, the threshold stands ``SLACK_OOM * (1 - s)`` orders of magnitude above its value;
    at zero it is not moved at all. `tightening_per_year` lowers it steadily from the start.
    """

    RANGES: ClassVar[dict[str, tuple[float, float]]] = {
        "training_flop": (0.0, 60.0),
        "capability": (0.0, 60.0),
        "distance_to_frontier": (-20.0, 5.0),
        "domain": (-20.0, 20.0),
        "bio": (-20.0, 20.0),
    }

    threshold: str = choice("training_flop", THRESHOLDS, "what the threshold is measured by")
    value: float = number(
        26.0, -20.0, 60.0, "log10 FLOP or OOM", "where the threshold stands; below the frontier is negative"
    )
    tightening_per_year: float = number(
        0.0, -2.0, 2.0, "OOM/year", "how fast the threshold falls after the start; negative lets it rise"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        low, high = self.RANGES[self.threshold]
        checked(
            f"{self.kind}.value",
            self.value,
            {"type": "number", "default": 0.0, "low": low, "high": high, "unit": f"{self.threshold}, log10"},
        )

    def level(self, share: float, month: int) -> float:
        """Threshold in force in a month at an intensity."""
        return binding_level(self.value, share) - self.tightening_per_year * (month - self.start) / 12.0

    def key(self, month: int) -> Hashable:
        """Return intensity and threshold."""
        share = self.intensity(month)
        return (share, self.level(share, month))

    def forbid(self, names: tuple[str, ...], share: float, month: int) -> Move:
        """Return the move that forbids rows at or above the threshold in force."""
        return Move("forbidden_above", self.level(share, month), names, self.threshold)
