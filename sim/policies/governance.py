"""Policies on who looks at developers, from inside and from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.policies.base import Move, Policy
from sim.policies.fields import number


@dataclass(frozen=True, kw_only=True)
class SafetyGovernance(Policy):
    """Requires sound governance inside developers, and a least effort on safety, without naming a form."""

    kind: ClassVar[str] = "safety_governance"
    title: ClassVar[str] = "Safety governance inside developers"
    description: ClassVar[str] = (
        "A general duty to govern risk, in whatever form: bad news must reach those who decide on a release, and "
        "perhaps a least effort goes to safety. Single forms are instruments of their own."
    )

    governance: float = number(0.4, 0.0, 1.0, "share", "share of failures of internal governance that this repairs")
    safety_floor: float = number(0.0, 0.0, 0.9, "share", "least share of effort given to safety")
    compliance_cost: float = number(0.01, 0.0, 0.5, "share of budget", "share of development budgets that it costs")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("governance", self.governance * share)
        yield Move("safety_floor", self.safety_floor * share)


@dataclass(frozen=True, kw_only=True)
class ThreeLinesOfDefence(Policy):
    """Assigns risk to those who build, those who control and those who check (Schuett 2022)."""

    kind: ClassVar[str] = "three_lines_of_defence"
    title: ClassVar[str] = "Three lines of defence"
    description: ClassVar[str] = (
        "Developers must divide responsibility for risk between those who build, a control function, and a check that "
        "answers to the board: a least effort on safety, and bad news that reaches those who decide."
    )
    source: ClassVar[str] = "Schuett 2022, Three lines of defense against risks from AI"

    governance: float = number(0.3, 0.0, 1.0, "share", "share of failures of internal governance that it repairs")
    safety_floor: float = number(0.1, 0.0, 0.9, "share", "least share of effort that the first line gives to safety")
    compliance_cost: float = number(
        0.008, 0.0, 0.5, "share of budget", "share of development budgets: two functions that build nothing"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("governance", self.governance * share)
        yield Move("safety_floor", self.safety_floor * share)


@dataclass(frozen=True, kw_only=True)
class InternalAudit(Policy):
    """Requires auditors inside developers who see everything but are not independent (Schuett 2023)."""

    kind: ClassVar[str] = "internal_audit"
    title: ClassVar[str] = "Internal audit"
    description: ClassVar[str] = (
        "Developers must keep auditors of their own who answer to the board. They see the models from inside, find "
        "flaws before outsiders do, and report past those who would rather not know."
    )
    source: ClassVar[str] = "Schuett 2023, Frontier AI developers need an internal audit function"

    search: float = number(
        0.2,
        0.0,
        5.0,
        "factor",
        "search for flaws from inside, as a multiple of that by all outside evaluators with full access",
    )
    governance: float = number(0.2, 0.0, 1.0, "share", "share of failures of internal governance that it repairs")
    compliance_cost: float = number(
        0.004,
        0.0,
        0.5,
        "share of budget",
        "share of development budgets: a small function, about as much as access for researchers",
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("internal_audit", self.search * share)
        yield Move("governance", self.governance * share)


@dataclass(frozen=True, kw_only=True)
class EthicsBoard(Policy):
    """Gives a board a voice in releases (Schuett, Reuel & Carlier 2023)."""

    kind: ClassVar[str] = "ethics_board"
    title: ClassVar[str] = "Ethics board"
    description: ClassVar[str] = (
        "A board of outsiders has a say in each release, so that the harm which the developer expects counts for more. "
        "It hears only what internal governance lets through."
    )
    source: ClassVar[str] = "Schuett, Reuel & Carlier 2023, How to design an AI ethics board"

    weight: float = number(
        0.5,
        0.0,
        10.0,
        "factor",
        "weight added to estimated harm, as a multiple of what developers give it by themselves",
    )
    compliance_cost: float = number(
        0.001,
        0.0,
        0.5,
        "share of budget",
        "share of development budgets: a few people, whatever the size of the developer",
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("harm_weight", self.weight * share)


@dataclass(frozen=True, kw_only=True)
class Audit(Policy):
    """Sends auditors to developers."""

    kind: ClassVar[str] = "audit"
    title: ClassVar[str] = "Outside audits"
    description: ClassVar[str] = (
        "Independent auditors examine developers and their models; what they find depends on how deep they may look."
    )

    rate: float = number(0.04, 0.0, 1.0, "share/month", "share of developers audited each month")
    access: float = number(
        0.67, 0.0, 1.0, "access", "how deep auditors may look: 0.33 black box, 0.67 grey box, 1 white box"
    )
    penalty_share: float = number(0.0, 0.0, 1.0, "share of turnover", "penalty for a proven breach")
    compliance_cost: float = number(0.01, 0.0, 0.5, "share of budget", "share of development budgets that audits cost")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("audit_rate", self.rate * share)
        yield Move("audit_access", self.access * share)
        yield Move("penalty_share", self.penalty_share * share)


@dataclass(frozen=True, kw_only=True)
class ResearcherAccess(Policy):
    """Gives outside researchers access to models."""

    kind: ClassVar[str] = "researcher_access"
    title: ClassVar[str] = "Access for researchers"
    description: ClassVar[str] = (
        "Developers must let vetted outside researchers study their models more deeply than customers can."
    )

    access: float = number(
        0.67, 0.0, 1.0, "access", "access of researchers: 0.33 black box, 0.67 grey box, 1 white box"
    )
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets that the programme costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("researcher_access", self.access * share)


@dataclass(frozen=True, kw_only=True)
class RedTeamFunding(Policy):
    """Pays for outside search for flaws."""

    kind: ClassVar[str] = "red_team_funding"
    title: ClassVar[str] = "Funding of red teams"
    description: ClassVar[str] = "Public money pays outsiders who look for flaws in models, wherever these were made."

    factor: float = number(1.0, 0.0, 20.0, "factor", "outside evaluators added, as a multiple of those there are")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("red_team_funding", self.factor * share)


@dataclass(frozen=True, kw_only=True)
class BugBounty(Policy):
    """Makes developers pay those who report flaws (Kenway et al. 2022)."""

    kind: ClassVar[str] = "bug_bounty"
    title: ClassVar[str] = "Bug bounties"
    description: ClassVar[str] = (
        "Developers must pay anybody who reports a serious flaw. Finders work with the access that the form of release "
        "gives them anyway."
    )
    source: ClassVar[str] = (
        "Kenway, François, Costanza-Chock, Raji & Buolamwini 2022, Bug bounties for algorithmic harms?"
    )

    factor: float = number(0.5, 0.0, 20.0, "factor", "finders added, as a multiple of outside evaluators there are")
    compliance_cost: float = number(
        0.001, 0.0, 0.5, "share of budget", "share of development budgets: rewards are small beside training"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("bug_bounty", self.factor * share)


@dataclass(frozen=True, kw_only=True)
class ExternalScrutiny(Policy):
    """Builds outside scrutiny by the six criteria of ASPIRE (Anderljung et al. 2023)."""

    kind: ClassVar[str] = "external_scrutiny"
    title: ClassVar[str] = "External scrutiny"
    description: ClassVar[str] = (
        "Outsiders scrutinise developers with access, a searching attitude, in proportion to the risk, independent of "
        "those they examine, with resources and with expertise."
    )
    source: ClassVar[str] = (
        "Anderljung et al. 2023, Towards publicly accountable frontier LLMs: building an external scrutiny ecosystem "
        "under the ASPIRE framework"
    )

    access: float = number(
        0.67,
        0.0,
        1.0,
        "access",
        "how deep auditors and researchers may look: 0.33 black box, 0.67 grey box, 1 white box",
    )
    searching_attitude: float = number(
        0.04, 0.0, 1.0, "share/month", "share of developers examined each month without being asked for it"
    )
    proportionality: float = number(
        0.3, 0.0, 1.0, "share", "share of the cost that developers are spared because scrutiny follows the risk"
    )
    independence: float = number(
        0.5, 0.0, 1.0, "share", "share of evaluators' dependence on developers that is removed"
    )
    resources: float = number(0.5, 0.0, 20.0, "factor", "evaluators added, as a multiple of those there are")
    expertise: float = number(0.2, 0.0, 5.0, "factor", "what each evaluator finds in addition, as a multiple")
    compliance_cost: float = number(
        0.012,
        0.0,
        0.5,
        "share of budget",
        "share of development budgets before proportionality: an audit, and access for researchers",
    )

    @property
    def cost(self) -> float:
        """Share of development budgets that is left after proportionality."""
        return self.compliance_cost * (1.0 - self.proportionality)

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("audit_rate", self.searching_attitude * share)
        yield Move("audit_access", self.access * share)
        yield Move("researcher_access", self.access * share)
        yield Move("evaluator_independence", self.independence * share)
        yield Move("red_team_funding", ((1.0 + self.resources) * (1.0 + self.expertise) - 1.0) * share)
