"""Policies that help those who defend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.policies.base import Move, Policy
from sim.policies.fields import number


@dataclass(frozen=True, kw_only=True)
class DefenderSubsidy(Policy):
    """Pays for protection."""

    kind: ClassVar[str] = "defender_subsidy"
    title: ClassVar[str] = "Subsidy for defenders"
    description: ClassVar[str] = "Public money adds to what organisations and people spend on protection."

    factor: float = number(0.5, 0.0, 10.0, "factor", "money added, as a multiple of what defenders spend")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("defender_subsidy", self.factor * share)


@dataclass(frozen=True, kw_only=True)
class DefenderFirst(Policy):
    """Lets vetted defenders use a model before anyone else."""

    kind: ClassVar[str] = "defender_first"
    title: ClassVar[str] = "Defenders first"
    description: ClassVar[str] = (
        "Vetted defenders may use each new model some months before anybody else, to find and close holes first."
    )

    head_start_months: float = number(3.0, 0.0, 36.0, "months", "head start of vetted defenders")
    share: float = number(0.3, 0.0, 1.0, "share", "share of defenders, by exposure, that is vetted")
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets that the programme costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("defender_head_start_months", self.head_start_months * share)
        yield Move("head_start_share", self.share * share)


@dataclass(frozen=True, kw_only=True)
class PatchMandate(Policy):
    """Requires faster patching."""

    kind: ClassVar[str] = "patch_mandate"
    title: ClassVar[str] = "Duty to patch"
    description: ClassVar[str] = "Organisations must close known holes within a deadline."

    factor: float = number(0.5, 0.0, 10.0, "factor", "increase of the speed of patching, as a multiple")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("patch_mandate", self.factor * share)


@dataclass(frozen=True, kw_only=True)
class Resilience(Policy):
    """Adds public protection."""

    kind: ClassVar[str] = "resilience"
    title: ClassVar[str] = "Public resilience"
    description: ClassVar[str] = (
        "Public measures, from stockpiles to authentication of payments, make attacks less likely to succeed "
        "whatever tool is used."
    )

    log_odds: float = number(0.3, 0.0, 5.0, "log-odds", "protection added against every attack")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("resilience", self.log_odds * share)
