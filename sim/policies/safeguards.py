"""Policies on what keeps a model, or those who use it, from doing harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sim.axes import THRESHOLDS
from sim.policies.base import Move, Policy, ThresholdPolicy
from sim.policies.fields import OPEN_ROWS, choice, number, rows


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
class PublicInterestSafeguards(Policy):
    """Spreads the best safeguards to every interface (Guest, Aird & Ó hÉigeartaigh 2023)."""

    kind: ClassVar[str] = "public_interest_safeguards"
    title: ClassVar[str] = "Safeguards in the public interest"
    description: ClassVar[str] = (
        "Techniques that keep models from doing harm are developed and shared in the public interest, and developers "
        "must use them at their interfaces."
    )
    source: ClassVar[str] = (
        "Guest, Aird & Ó hÉigeartaigh 2023, Safeguarding the safeguards: how best to promote AI alignment in the "
        "public interest"
    )

    share: float = number(
        0.2, 0.0, 1.0, "share", "share of the gap between the safeguards of an interface and full ones that is closed"
    )
    compliance_cost: float = number(
        0.003, 0.0, 0.5, "share of budget", "share of development budgets: adopting what others have developed"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("safeguard_sharing", self.share * share)


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
class FineTuningScreening(Policy):
    """Has providers of computing refuse fine-tuning that strips safeguards (Chan et al. 2023)."""

    kind: ClassVar[str] = "fine_tuning_screening"
    title: ClassVar[str] = "Screening of fine-tuning"
    description: ClassVar[str] = (
        "Fine-tuning of downloadable models has become cheap and easy; providers of computing and of services for it "
        "must screen who trains what. Stripped copies appear later, and honest builders are held up too."
    )
    source: ClassVar[str] = (
        "Chan et al. 2023, Hazards from increasingly accessible fine-tuning of downloadable foundation models"
    )

    share: float = number(0.3, 0.0, 1.0, "share", "share of attempts to strip safeguards that are refused")
    builders: float = number(
        0.05, 0.0, 1.0, "share", "burden on builders, as a share of expected harm that they would have to bear"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("fine_tuning_screening", self.share * share)
        yield Move("liability_downstream", self.builders * share)


@dataclass(frozen=True, kw_only=True)
class BioToolAccess(ThresholdPolicy):
    """Keeps tools of biological design behind an interface, however small they are (Moulange et al. 2023)."""

    kind: ClassVar[str] = "bio_tool_access"
    title: ClassVar[str] = "Access to tools of biological design"
    description: ClassVar[str] = (
        "Models at or above a margin of danger in biology and chemistry may not be published, whatever their size; "
        "narrow tools are covered that no threshold of computing reaches."
    )
    source: ClassVar[str] = "Moulange et al. 2023, Towards responsible governance of biological design tools"

    threshold: str = choice("bio", THRESHOLDS, "what the threshold is measured by")
    value: float = number(
        2.0, -20.0, 60.0, "log10 FLOP or OOM", "where the threshold stands: above the capability at which uplift begins"
    )
    regimes: tuple[str, ...] = rows(OPEN_ROWS, "kinds of release that are forbidden")
    compliance_cost: float = number(
        0.002, 0.0, 0.5, "share of budget", "share of development budgets that evaluation in one domain costs"
    )

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield self.forbid(self.regimes, share, month)


@dataclass(frozen=True, kw_only=True)
class HostSafeguards(Policy):
    """Asks hosts of open models for safeguards that stand beside the model (Neumann & Jones 2024)."""

    kind: ClassVar[str] = "host_safeguards"
    title: ClassVar[str] = "Safeguards at hosts"
    description: ClassVar[str] = (
        "Whoever serves open models must run safeguards that stand beside the model instead of in its weights, and "
        "refuse what these find. Who misuses open models is driven to machines of their own; nobody else notices."
    )
    source: ClassVar[str] = "Neumann & Jones 2024, PRISM: a design framework for open-source foundation model safety"

    share: float = number(0.5, 0.0, 1.0, "share", "share of misuse of hosted open models that is stopped")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        yield Move("host_safeguards", self.share * share)


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
