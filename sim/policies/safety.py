"""Policies on how safely models are built, checked and guarded."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.policies.base import Memory, Move, Policy, binding_level
from sim.policies.fields import integer, number


@dataclass(frozen=True, kw_only=True)
class Licensing(Policy):
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
        yield Move("licence_above_log10_flop", binding_level(self.value, share))
        yield Move("licence_strictness", self.strictness * share)
        yield Move("licence_delay_months", self.delay_months * share)
        yield Move("penalty_share", self.penalty_share * share)


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
class SafetyGovernance(Policy):
    """Requires safety cases, internal audit and boards, and a least effort on safety."""

    kind: ClassVar[str] = "safety_governance"
    title: ClassVar[str] = "Safety governance inside developers"
    description: ClassVar[str] = (
        "Developers must keep safety cases, internal audit and ethics boards, so that bad news reaches those who "
        "decide on a release."
    )

    governance: float = number(0.4, 0.0, 1.0, "share", "share of failures of internal governance that this repairs")
    safety_floor: float = number(0.0, 0.0, 0.9, "share", "least share of effort given to safety")
    compliance_cost: float = number(0.01, 0.0, 0.5, "share of budget", "share of development budgets that it costs")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("governance", self.governance * share)
        yield Move("safety_floor", self.safety_floor * share)


@dataclass(frozen=True, kw_only=True)
class Pause(Policy):
    """Suspends frontier training, always or while evaluations show a dangerous capability."""

    kind: ClassVar[str] = "pause"
    title: ClassVar[str] = "Coordinated pause"
    description: ClassVar[str] = (
        "Training of the most capable models stops, either at once or while tests find dangerous capabilities "
        "beyond an agreed line."
    )

    share: float = number(1.0, 0.0, 1.0, "share", "share of frontier training that stops")
    trigger: float | None = number(
        None,
        -20.0,
        20.0,
        "OOM",
        "line of dangerous capability above which the pause holds; without it the pause is unconditional",
    )
    least_months: int = integer(6, 1, 120, "months", "how long a triggered pause lasts at least")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("pause", self.share * share)

    def key(self, month: int) -> Hashable:
        """Return the intensity, if the pause is unconditional."""
        return self.intensity(month) if self.trigger is None else None

    def triggered_moves(self, share: float, observed: object, month: int, memory: Memory) -> Iterator[Move]:
        """Yield the pause where the last record exceeds the trigger, and for `least_months` after it did."""
        if self.trigger is None:
            yield from self.moves(share, month)
            return
        danger = getattr(observed, "dangerous_capability", None)
        if danger is None:
            return
        exceeds = np.asarray(danger, np.float64) > self.trigger
        until: NDArray[np.int64] = memory.get(self, np.full(exceeds.shape, -1, np.int64))
        until = np.where(exceeds, np.maximum(until, month + self.least_months), until)
        memory[self] = until
        yield Move("pause", np.where(until > month, self.share * share, 0.0).astype(np.float32))


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

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("liability_developer", self.developer * share)
        yield Move("liability_downstream", self.downstream * share)
        if self.cap is not None:
            yield Move("liability_cap", self.cap / share)


@dataclass(frozen=True, kw_only=True)
class KnowYourCustomer(Policy):
    """Requires identity checks at interfaces."""

    kind: ClassVar[str] = "know_your_customer"
    title: ClassVar[str] = "Know your customer"
    description: ClassVar[str] = (
        "Providers must check who uses their interface, which keeps some misusers out; it reaches hosted models only."
    )

    share: float = number(0.4, 0.0, 1.0, "share", "share of misusers kept from an interface")
    compliance_cost: float = number(0.005, 0.0, 0.5, "share of budget", "share of development budgets that checks cost")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("know_your_customer", self.share * share)


@dataclass(frozen=True, kw_only=True)
class Provenance(Policy):
    """Requires that the origin of outputs can be detected."""

    kind: ClassVar[str] = "provenance"
    title: ClassVar[str] = "Provenance of content"
    description: ClassVar[str] = (
        "Generated text, images and sound must carry marks that allow their origin to be detected."
    )

    share: float = number(0.3, 0.0, 1.0, "share", "share of outputs whose origin becomes detectable")
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets that marking costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("provenance", self.share * share)


@dataclass(frozen=True, kw_only=True)
class TamperResistance(Policy):
    """Requires safeguards that survive fine-tuning of open weights."""

    kind: ClassVar[str] = "tamper_resistance"
    title: ClassVar[str] = "Tamper-resistant safeguards"
    description: ClassVar[str] = "Published weights must carry safeguards that are hard to train away."

    share: float = number(0.3, 0.0, 1.0, "share", "share of safeguard strength that survives fine-tuning")
    compliance_cost: float = number(0.01, 0.0, 0.5, "share of budget", "share of development budgets that it costs")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("tamper_resistance", self.share * share)


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


@dataclass(frozen=True, kw_only=True)
class RedTeamFunding(Policy):
    """Pays for outside search for flaws."""

    kind: ClassVar[str] = "red_team_funding"
    title: ClassVar[str] = "Red teams and bounties"
    description: ClassVar[str] = "Public money and bounties pay outsiders who look for flaws in models."

    factor: float = number(1.0, 0.0, 20.0, "factor", "outside evaluators added, as a multiple of those there are")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("red_team_funding", self.factor * share)


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
class SynthesisScreening(Policy):
    """Screens orders of biological and chemical synthesis."""

    kind: ClassVar[str] = "synthesis_screening"
    title: ClassVar[str] = "Screening of synthesis orders"
    description: ClassVar[str] = (
        "Suppliers of biological and chemical synthesis must screen their orders and customers, whatever model "
        "was used."
    )

    share: float = number(0.5, 0.0, 1.0, "share", "share of attempts that screening stops")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("synthesis_screening", self.share * share)
