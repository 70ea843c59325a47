"""Policies between jurisdictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.axes import JURISDICTIONS
from sim.policies.base import Move, Policy, ThresholdPolicy
from sim.policies.fields import OPEN_ROWS, number, places, rows


@dataclass(frozen=True, kw_only=True)
class ExportControl(Policy):
    """Makes training compute dearer in the jurisdictions named."""

    kind: ClassVar[str] = "export_control"
    title: ClassVar[str] = "Export control on chips"
    description: ClassVar[str] = (
        "Others refuse to sell advanced chips to the jurisdictions named, which makes training dearer there."
    )

    jurisdictions: tuple[str, ...] = places(("china",), "where chips are refused")
    oom: float = number(
        0.3, 0.0, 3.0, "log10 factor", "extra cost of training compute in orders of magnitude; 0.3 doubles it"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("export_control", self.oom * share)


@dataclass(frozen=True, kw_only=True)
class HostingBan(Policy):
    """Closes hosts of open models to users of a jurisdiction."""

    kind: ClassVar[str] = "hosting_ban"
    title: ClassVar[str] = "Ban on hosting open models"
    description: ClassVar[str] = (
        "Clouds may not serve open models to users of the jurisdiction; copies that people run themselves remain."
    )

    share: float = number(0.7, 0.0, 1.0, "share", "share of open-model hosting that is closed")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("hosting_ban", self.share * share)


@dataclass(frozen=True, kw_only=True)
class Treaty(ThresholdPolicy):
    """Harmonises a threshold among signatories, with inspection; caution lowers the threshold that is felt."""

    kind: ClassVar[str] = "treaty"
    title: ClassVar[str] = "International treaty"
    description: ClassVar[str] = (
        "Signatories forbid open release above one common threshold, inspect each other's developers, and "
        "developers keep a cautious distance from the line."
    )

    jurisdictions: tuple[str, ...] = places(JURISDICTIONS, "signatories")
    regimes: tuple[str, ...] = rows(("r6", *OPEN_ROWS), "kinds of release that are forbidden")
    chill_oom: float = number(0.3, 0.0, 5.0, "OOM", "distance that cautious developers keep below the line")
    inspection_rate: float = number(0.02, 0.0, 1.0, "share/month", "share of developers inspected each month")
    inspection_access: float = number(
        0.67, 0.0, 1.0, "access", "access of inspectors: 0.33 black box, 0.67 grey box, 1 white box"
    )
    penalty_share: float = number(0.0, 0.0, 1.0, "share of turnover", "penalty for a proven breach")
    compliance_cost: float = number(
        0.01, 0.0, 0.5, "share of budget", "share of development budgets that verification costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("forbidden_above", self.level(share, month) - self.chill_oom * share, self.regimes, self.threshold)
        yield Move("audit_rate", self.inspection_rate * share)
        yield Move("audit_access", self.inspection_access * share)
        yield Move("penalty_share", self.penalty_share * share)
