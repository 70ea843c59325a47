"""Policies on what developers owe before, at and after a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.levers import INFINITE
from sim.policies.base import ComputeLine, Move, Policy
from sim.policies.fields import number


@dataclass(frozen=True, kw_only=True)
class RiskAssessment(ComputeLine):
    """Requires an assessment before release that binds nobody to act on it (Koessler & Schuett 2023)."""

    kind: ClassVar[str] = "risk_assessment"
    title: ClassVar[str] = "Risk assessment before release"
    description: ClassVar[str] = (
        "Models trained with more than a set amount of computing must be searched for flaws before release. What is "
        "found becomes known and is fixed as far as fixes reach; nobody needs permission, and nothing waits."
    )
    source: ClassVar[str] = "Koessler & Schuett 2023, Risk assessment at AGI companies"

    value: float = number(25.0, 15.0, 60.0, "log10 FLOP", "training compute from which a model is assessed")
    share: float = number(0.3, 0.0, 1.0, "share", "share of latent flaws that the assessment finds")
    compliance_cost: float = number(
        0.005, 0.0, 0.5, "share of budget", "share of development budgets: a quarter of a licence, as no case is argued"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("assessment_above_log10_flop", self.level(share, month))
        yield Move("assessment_share", self.share * share)


@dataclass(frozen=True, kw_only=True)
class Licensing(ComputeLine):
    """Requires a licence, and so an assessment and mitigation, for releases of large training runs."""

    kind: ClassVar[str] = "licensing"
    title: ClassVar[str] = "Licence before release"
    description: ClassVar[str] = (
        "Models trained with more than a set amount of computing must be assessed and licensed before release, "
        "and their risks reduced first."
    )

    value: float = number(26.0, 15.0, 60.0, "log10 FLOP", "training compute from which a licence is needed")
    strictness: float = number(0.5, 0.0, 1.0, "share", "share of assessed risk to be mitigated, by fixes and by form")
    delay_months: float = number(3.0, 0.0, 36.0, "months", "time that the assessment adds")
    penalty_share: float = number(0.0, 0.0, 1.0, "share of turnover", "penalty for a proven breach")
    compliance_cost: float = number(
        0.02, 0.0, 0.5, "share of budget", "share of development budgets that assessment costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("licence_above_log10_flop", self.level(share, month))
        yield Move("licence_strictness", self.strictness * share)
        yield Move("licence_delay_months", self.delay_months * share)
        yield Move("penalty_share", self.penalty_share * share)


@dataclass(frozen=True, kw_only=True)
class SafetyCase(Policy):
    """Lets only those release beyond recall who can argue that the risk is acceptable (Buhl et al. 2024)."""

    kind: ClassVar[str] = "safety_case"
    title: ClassVar[str] = "Safety case"
    description: ClassVar[str] = (
        "Developers must argue, from their own evidence, that the risk of a release is acceptable. Where their "
        "estimate exceeds the line, forms of release that expose others to it without recall are closed to them. "
        "Estimates err, and a developer that hides bad news from itself passes more easily."
    )
    source: ClassVar[str] = "Buhl, Sett, Koessler, Schuett & Anderljung 2024, Safety cases for frontier AI"

    ceiling: float = number(
        0.5,
        0.0,
        1.0,
        "share",
        "largest acceptable risk: 1 is certain danger, times the share to which others are exposed",
    )
    governance: float = number(
        0.2, 0.0, 1.0, "share", "share of failures of internal governance that writing and reviewing the case repairs"
    )
    compliance_cost: float = number(
        0.015,
        0.0,
        0.5,
        "share of budget",
        "share of development budgets: more than an assessment, as a case must be argued",
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("risk_ceiling", 1.0 - (1.0 - self.ceiling) * share)
        yield Move("governance", self.governance * share)


@dataclass(frozen=True, kw_only=True)
class IncidentReporting(Policy):
    """Requires developers to report incidents."""

    kind: ClassVar[str] = "incident_reporting"
    title: ClassVar[str] = "Incident reporting"
    description: ClassVar[str] = (
        "Developers must report serious incidents, so that defenders and regulators learn of harm that would stay"
        " hidden."
    )

    share: float = number(0.5, 0.0, 1.0, "share", "share of unseen incidents that come to light")
    penalty_share: float = number(0.0, 0.0, 1.0, "share of turnover", "penalty for a proven breach")
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets that reporting costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("incident_reporting", self.share * share)
        yield Move("penalty_share", self.penalty_share * share)


@dataclass(frozen=True, kw_only=True)
class Liability(Policy):
    """Makes developers or those who build on their models pay for part of the harm."""

    kind: ClassVar[str] = "liability"
    title: ClassVar[str] = "Liability for harm"
    description: ClassVar[str] = (
        "Developers, builders and hosts must pay for part of the harm done with their models, up to a cap if "
        "there is one."
    )

    developer: float = number(0.2, 0.0, 1.0, "share", "share of expected harm that developers bear")
    downstream: float = number(0.0, 0.0, 1.0, "share", "share of expected harm that builders and hosts bear")
    cap: float | None = number(
        None,
        0.01,
        1e6,
        "closed profits",
        "largest liability of a developer, in units of the profit expected from a closed release",
    )
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets: legal advice and records, not the damages"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("liability_developer", self.developer * share)
        yield Move("liability_downstream", self.downstream * share)
        if self.cap is not None:
            yield Move("liability_cap", min(self.cap / share, INFINITE))


@dataclass(frozen=True, kw_only=True)
class WeightSecurity(Policy):
    """Sets the least security of stored weights."""

    kind: ClassVar[str] = "weight_security"
    title: ClassVar[str] = "Security of weights"
    description: ClassVar[str] = (
        "Developers must guard weights that are not published against theft, to one of five levels."
    )

    level: float = number(3.0, 1.0, 5.0, "security level", "least weight-security level, 1 to 5")
    compliance_cost: float = number(
        0.02, 0.0, 0.5, "share of budget", "share of development budgets that security costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("security_floor", 1.0 + (self.level - 1.0) * share)
