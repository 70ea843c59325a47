"""Policies on how openly models are released."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.axes import THRESHOLDS
from sim.levers import INFINITE
from sim.policies.base import Move, Policy, ThresholdPolicy
from sim.policies.fields import OPEN_ROWS, choice, number, rows


@dataclass(frozen=True, kw_only=True)
class ForbidAbove(ThresholdPolicy):
    """Forbids chosen kinds of release at or above a threshold."""

    kind: ClassVar[str] = "forbid_above"
    title: ClassVar[str] = "Forbid kinds of release above a threshold"
    description: ClassVar[str] = (
        "Models at or above the threshold may not be released in the ways listed; what is already public stays public."
    )

    regimes: tuple[str, ...] = rows(("r6", *OPEN_ROWS), "kinds of release that are forbidden")
    compliance_cost: float = number(
        0.005, 0.0, 0.5, "share of budget", "share of development budgets that classification and legal review cost"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.regimes, share, month)


@dataclass(frozen=True, kw_only=True)
class MandateOpen(ThresholdPolicy):
    """Forbids every closed kind of release at or above a threshold; a low value covers all models."""

    kind: ClassVar[str] = "mandate_open"
    title: ClassVar[str] = "Require open weights"
    description: ClassVar[str] = (
        "Every model that is released at or above the threshold must come with weights that anybody can download."
    )

    value: float = number(
        0.0, -20.0, 60.0, "log10 FLOP or OOM", "models at or above this must be open; the default covers every model"
    )
    closed: tuple[str, ...] = rows(
        ("r0", "r1", "r2", "r3", "r4", "r5", "r6"), "kinds of release that no longer suffice"
    )
    compliance_cost: float = number(
        0.005, 0.0, 0.5, "share of budget", "share of development budgets that documentation and publication cost"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.closed, share, month)


@dataclass(frozen=True, kw_only=True)
class StagedRelease(ThresholdPolicy):
    """Forbids opening at once at or above a threshold and sets the least delay of a staged release."""

    kind: ClassVar[str] = "staged_release"
    title: ClassVar[str] = "Staged release"
    description: ClassVar[str] = (
        "Powerful models may be opened only in stages: a limited release first, open weights after a set time if "
        "nothing went wrong."
    )

    regimes: tuple[str, ...] = rows(("r7", "r8", "r9"), "kinds of release that may not come first")
    delay_months: float = number(6.0, 0.0, 60.0, "months", "least time between the limited release and open weights")
    compliance_cost: float = number(
        0.005, 0.0, 0.5, "share of budget", "share of development budgets that evaluation between the stages costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.regimes, share, month)
        yield Move("staged_delay_months", self.delay_months * share)


@dataclass(frozen=True, kw_only=True)
class StructuredAccess(ThresholdPolicy):
    """Forbids open weights and full closure at or above a threshold, and opens models to auditors and researchers."""

    kind: ClassVar[str] = "structured_access"
    title: ClassVar[str] = "Structured access"
    description: ClassVar[str] = (
        "Powerful models must be offered through a controlled interface: neither published nor kept back, with "
        "deep access for vetted researchers and auditors."
    )

    regimes: tuple[str, ...] = rows(("r0", "r5", "r6", *OPEN_ROWS), "kinds of release that are forbidden")
    researcher_access: float = number(
        0.67, 0.0, 1.0, "access", "access of vetted researchers: 0.33 black box, 0.67 grey box, 1 white box"
    )
    audit_access: float = number(0.85, 0.0, 1.0, "access", "access of auditors, on the same scale")
    compliance_cost: float = number(
        0.01, 0.0, 0.5, "share of budget", "share of development budgets that vetting and the interface cost"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.regimes, share, month)
        yield Move("researcher_access", self.researcher_access * share)
        yield Move("audit_access", self.audit_access * share)


@dataclass(frozen=True, kw_only=True)
class TransparencyMandate(Policy):
    """Sets the least openness of research and documentation."""

    kind: ClassVar[str] = "transparency_mandate"
    title: ClassVar[str] = "Transparency mandate"
    description: ClassVar[str] = (
        "Developers must publish how their models were built and tested, whatever they do with the weights."
    )

    floor: float = number(0.6, 0.0, 1.0, "share", "least share of methods, results and documentation that is published")
    compliance_cost: float = number(
        0.005, 0.0, 0.5, "share of budget", "share of development budgets that documentation costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("transparency_floor", self.floor * share)


@dataclass(frozen=True, kw_only=True)
class OpenModelPrize(Policy):
    """Pays developers for opening weights."""

    kind: ClassVar[str] = "open_model_prize"
    title: ClassVar[str] = "Prize for open models"
    description: ClassVar[str] = "Public money rewards developers who publish their weights."

    payoff: float = number(
        0.5,
        0.0,
        10.0,
        "closed profits",
        "payment for an open release, in units of the profit expected from a closed one",
    )
    effort_indexed: float = number(
        0.0, 0.0, 1.0, "share", "share of it that is paid by effort, as closeness to the frontier; 0 is a flat prize"
    )
    public_compute: float = number(0.0, 0.0, 1.0, "share of leader's run", "public compute that comes with the prize")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("open_prize", self.payoff * (1.0 - self.effort_indexed) * share)
        yield Move("open_prize_indexed", self.payoff * self.effort_indexed * share)
        yield Move("public_compute", self.public_compute * share)


@dataclass(frozen=True, kw_only=True)
class OpenModelExemption(Policy):
    """Relieves open weights, or those of small models, of duties."""

    kind: ClassVar[str] = "open_model_exemption"
    title: ClassVar[str] = "Exemption of open models"
    description: ClassVar[str] = (
        "Releases of open weights are relieved of licences, of liability or of audits, above a size perhaps not. A "
        "jurisdiction exempts from its own duties only."
    )

    licence: float = number(1.0, 0.0, 1.0, "share", "share of a licence's delay and of the mitigation it asks for")
    liability: float = number(0.5, 0.0, 1.0, "share", "share of the developer's liability")
    audit: float = number(0.0, 0.0, 1.0, "share", "share of audits, of developers whose flagship is open")
    below: float | None = number(
        None, 15.0, 60.0, "log10 FLOP", "training compute below which the exemption holds; without it for every model"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("licence_exemption", self.licence * share)
        yield Move("liability_exemption", self.liability * share)
        yield Move("audit_exemption", self.audit * share)
        yield Move("exemption_below_log10_flop", INFINITE if self.below is None else self.below)


@dataclass(frozen=True, kw_only=True)
class AccessByCapability(ThresholdPolicy):
    """Narrows access in two steps as evaluations find more capability (Kembery & Reed 2024)."""

    kind: ClassVar[str] = "access_by_capability"
    title: ClassVar[str] = "Access decided by capability"
    description: ClassVar[str] = (
        "Who may get a model follows from what evaluations find: above a first line its weights are not published, "
        "above a second one nobody outside gets deep access either."
    )
    source: ClassVar[str] = (
        "Kembery & Reed 2024, AI safety frameworks should include procedures for model access decisions"
    )

    threshold: str = choice("domain", THRESHOLDS, "what the threshold is measured by")
    value: float = number(
        4.0, -20.0, 60.0, "log10 FLOP or OOM", "first line: above the capability at which uplift begins in some domain"
    )
    step_oom: float = number(1.0, 0.0, 20.0, "OOM", "distance from the first line to the second")
    regimes: tuple[str, ...] = rows(OPEN_ROWS, "kinds of release that end at the first line")
    deep: tuple[str, ...] = rows(("r3", "r5", "r6"), "kinds of release that end at the second line")
    compliance_cost: float = number(
        0.005,
        0.0,
        0.5,
        "share of budget",
        "share of development budgets that evaluations cost, as for a classification",
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.regimes, share, month)
        yield Move("forbidden_above", self.level(share, month) + self.step_oom, self.deep, self.threshold)


@dataclass(frozen=True, kw_only=True)
class DeliberativeOversight(Policy):
    """Gives the public's considered preference for openness more weight (Seger et al. 2023)."""

    kind: ClassVar[str] = "deliberative_oversight"
    title: ClassVar[str] = "Deliberative oversight"
    description: ClassVar[str] = (
        "Assemblies of citizens deliberate on how openly models should be released, and developers must answer. "
        "Whether that opens or closes depends on what the public prefers, which is a parameter of uncertain sign."
    )
    source: ClassVar[str] = "Seger et al. 2023, Open-sourcing highly capable foundation models"

    weight: float = number(
        2.0, 0.0, 10.0, "factor", "weight of the public's preference added, as a multiple of what it has by itself"
    )
    compliance_cost: float = number(
        0.001, 0.0, 0.5, "share of budget", "share of development budgets: hearings and written answers"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("public_voice", self.weight * share)
