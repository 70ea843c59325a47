"""Policies on the structure of the industry: compute, complements, switching."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.policies.base import ComputeLine, Move, Policy
from sim.policies.fields import number


@dataclass(frozen=True, kw_only=True)
class PublicCompute(Policy):
    """Offers public compute to developers who are not in the lead."""

    kind: ClassVar[str] = "public_compute"
    title: ClassVar[str] = "Public compute"
    description: ClassVar[str] = (
        "The state offers computing to developers that are not in the lead, such as universities and start-ups."
    )

    share: float = number(
        0.1, 0.0, 1.0, "share of leader's run", "compute offered, as a share of the leader's training run"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("public_compute", self.share * share)


@dataclass(frozen=True, kw_only=True)
class Interoperability(Policy):
    """Lowers the cost of switching."""

    kind: ClassVar[str] = "interoperability"
    title: ClassVar[str] = "Interoperability"
    description: ClassVar[str] = "Providers must make it easy to move to a rival, so that users are not locked in."

    share: float = number(0.4, 0.0, 1.0, "share", "share of users' switching inertia that is removed")
    compliance_cost: float = number(0.003, 0.0, 0.5, "share of budget", "share of development budgets that it costs")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("interoperability", self.share * share)


@dataclass(frozen=True, kw_only=True)
class ComplementAccess(Policy):
    """Opens complementary assets to rivals."""

    kind: ClassVar[str] = "complement_access"
    title: ClassVar[str] = "Access to complementary assets"
    description: ClassVar[str] = "Owners of clouds, data and distribution must give rivals access on fair terms."

    share: float = number(0.4, 0.0, 1.0, "share", "share of the gap in complementary assets that is closed")
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets: as for interoperability"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("complement_access", self.share * share)


@dataclass(frozen=True, kw_only=True)
class ComputeLevy(Policy):
    """Makes training compute dearer."""

    kind: ClassVar[str] = "compute_levy"
    title: ClassVar[str] = "Levy on training compute"
    description: ClassVar[str] = "A tax makes computing for training dearer."

    oom: float = number(0.1, 0.0, 2.0, "log10 factor", "levy in orders of magnitude of the price; 0.3 doubles it")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("compute_price_factor", self.oom * share)


@dataclass(frozen=True, kw_only=True)
class ComputeCap(ComputeLine):
    """Forbids training runs above a size."""

    kind: ClassVar[str] = "compute_cap"
    title: ClassVar[str] = "Cap on training runs"
    description: ClassVar[str] = "Nobody may train a model with more than a set amount of computing."

    value: float = number(28.0, 15.0, 60.0, "log10 FLOP", "largest training run that is allowed")
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets: metering and reports, as for incidents"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("compute_cap_log10_flop", self.level(share, month))


@dataclass(frozen=True, kw_only=True)
class CommoditiseComplement(Policy):
    """Raises what platform giants gain from making models a commodity."""

    kind: ClassVar[str] = "commoditise_complement"
    title: ClassVar[str] = "Giants commoditise their complement"
    description: ClassVar[str] = (
        "Platform giants gain more from free models, since these raise demand for what they sell; a change of "
        "strategy, not a law."
    )

    payoff: float = number(
        1.5,
        0.0,
        10.0,
        "closed profits",
        "extra gain from an open release, in units of the profit expected from a closed one",
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("complement_bonus", self.payoff * share)


@dataclass(frozen=True, kw_only=True)
class Antitrust(Policy):
    """Keeps entry open against incumbents."""

    kind: ClassVar[str] = "antitrust"
    title: ClassVar[str] = "Antitrust"
    description: ClassVar[str] = (
        "Competition law keeps incumbents from buying or foreclosing rivals and from favouring their own models on "
        "their own clouds and devices: more developers enter, and the gap in complementary assets shrinks."
    )

    entry: float = number(0.5, 0.0, 10.0, "factor", "rate of entry added, as a multiple of what it is")
    complements: float = number(0.2, 0.0, 1.0, "share", "share of the gap in complementary assets that is closed")
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets: as for interoperability"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("entry_support", self.entry * share)
        yield Move("complement_access", self.complements * share)


@dataclass(frozen=True, kw_only=True)
class BenefitSharing(Policy):
    """Shares developers' income with the public (O'Keefe et al. 2020)."""

    kind: ClassVar[str] = "benefit_sharing"
    title: ClassVar[str] = "Benefit sharing"
    description: ClassVar[str] = (
        "Developers share part of what they earn with the public. What is shared does not finance research or "
        "training; the transfer itself is the cost."
    )
    source: ClassVar[str] = "O'Keefe et al. 2020, The windfall clause: distributing the benefits of AI"

    share: float = number(0.05, 0.0, 1.0, "share of income", "share of developers' income that is shared")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("benefit_share", self.share * share)


@dataclass(frozen=True, kw_only=True)
class CommunitySupport(Policy):
    """Helps collectives that train over many small sites."""

    kind: ClassVar[str] = "community_support"
    title: ClassVar[str] = "Support of community training"
    description: ClassVar[str] = (
        "Public networks, software and coordination make training spread over many volunteers' machines less wasteful; "
        "some computing comes with it."
    )

    relief: float = number(0.3, 0.0, 1.0, "share", "share of the cost of distributed training that is removed")
    public_compute: float = number(
        0.01, 0.0, 1.0, "share of leader's run", "compute offered, as a share of the leader's training run"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("collective_relief", self.relief * share)
        yield Move("public_compute", self.public_compute * share)
