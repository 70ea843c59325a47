"""Pauses of training: at once, while evaluations show danger, or by a consortium of developers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.errors import InputError
from sim.policies.base import Memory, Move, Policy
from sim.policies.fields import integer, number

NEVER = -1
"""Month in which a pause that does not last began."""


@dataclass(frozen=True, kw_only=True)
class Pause(Policy):
    """Suspends frontier training, always or from the month in which evaluations show a dangerous capability.

    A triggered pause begins when the capability of the frontier in some domain exceeds the line in force. It lapses
    when evaluations pass, which they do once what is still exposed of that capability, after patching, is within the
    trigger, or at the latest after `most_months`. The next line then lies `step_oom` above what was reached.
    """

    kind: ClassVar[str] = "pause"
    title: ClassVar[str] = "Coordinated pause"
    description: ClassVar[str] = (
        "Training of the most capable models stops, either for as long as the rule is in force or when tests find "
        "dangerous capabilities beyond an agreed line. Such a pause lapses when tests pass, because defenders have "
        "closed enough of what was exposed, or when its time is over; the next line lies higher."
    )

    share: float = number(1.0, 0.0, 1.0, "share", "share of developers who stop, for good the same ones")
    trigger: float | None = number(
        None,
        -20.0,
        20.0,
        "OOM",
        "line of dangerous capability above which a pause begins; without it the pause is unconditional",
    )
    least_months: int = integer(6, 1, 120, "months", "how long a triggered pause lasts at least")
    most_months: int = integer(18, 1, 240, "months", "after how long a triggered pause lapses whatever tests find")
    step_oom: float = number(
        1.0, 0.1, 20.0, "OOM", "distance from the capability reached at the end of a pause to the next line"
    )
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets that evaluations of dangerous capability cost"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.most_months < self.least_months:
            raise InputError(
                f"{self.kind}.most_months",
                f"{self.most_months} months are fewer than least_months, {self.least_months}.",
                "A pause cannot end before it may.",
            )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("pause", self.share * share)

    def key(self, month: int) -> Hashable:
        """Return the intensity, if the pause is unconditional."""
        return self.intensity(month) if self.trigger is None else None

    def triggered_moves(self, share: float, observed: object, month: int, memory: Memory) -> Iterator[Move]:
        """Yield the pause where one lasts."""
        if self.trigger is None:
            yield from self.moves(share, month)
            return
        danger = getattr(observed, "dangerous_capability", None)
        if danger is None:
            return
        seen = np.asarray(danger, np.float64)
        passed = np.asarray(getattr(observed, "exposed_danger"), np.float64) <= self.trigger  # noqa: B009
        line, since = memory.get(self, (np.full(seen.shape, self.trigger), np.full(seen.shape, NEVER, np.int64)))
        lasted = np.where(since == NEVER, 0, month - since)
        ends = (lasted >= self.most_months) | (passed & (lasted >= self.least_months))
        line, since = np.where(ends, seen + self.step_oom, line), np.where(ends, NEVER, since)
        since = np.where((since == NEVER) & (seen > line), month, since)
        memory[self] = (line, since)
        yield Move("pause", np.where(since == NEVER, 0.0, self.share * share).astype(np.float32))


@dataclass(frozen=True, kw_only=True)
class ConsortiumPause(Policy):
    """Pauses training of those who agreed to it, whenever evaluations cross a rung (Alaga & Schuett 2023)."""

    kind: ClassVar[str] = "consortium_pause"
    title: ClassVar[str] = "Pause by a consortium"
    description: ClassVar[str] = (
        "Developers agree to stop training for some months whenever evaluations of dangerous capabilities cross a "
        "line; they go on once safety work is done, and the next line lies higher."
    )
    source: ClassVar[str] = (
        "Alaga & Schuett 2023, Coordinated pausing: an evaluation-based coordination scheme for frontier AI developers"
    )

    participation: float = number(0.8, 0.0, 1.0, "share", "share of developers who take part, for good the same ones")
    trigger: float = number(
        4.0, -20.0, 20.0, "OOM", "first line: margin above the lowest threshold of a domain of harm"
    )
    step_oom: float = number(1.0, 0.1, 20.0, "OOM", "distance from the capability that caused a pause to the next line")
    pause_months: int = integer(6, 1, 120, "months", "how long each pause lasts")
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets that evaluations and their exchange cost"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("pause", self.participation * share)

    def key(self, month: int) -> Hashable:
        """Return None: the public record decides."""
        return None

    def triggered_moves(self, share: float, observed: object, month: int, memory: Memory) -> Iterator[Move]:
        """Yield the pause while one lasts; a new one begins where the last record exceeds the line in force."""
        danger = getattr(observed, "dangerous_capability", None)
        if danger is None:
            return
        seen = np.asarray(danger, np.float64)
        line, until = memory.get(self, (np.full(seen.shape, self.trigger), np.full(seen.shape, -1, np.int64)))
        starts = (seen > line) & (until <= month)
        line = np.where(starts, seen + self.step_oom, line)
        until = np.where(starts, month + self.pause_months, until)
        memory[self] = (line, until)
        yield Move("pause", np.where(until > month, self.participation * share, 0.0).astype(np.float32))
