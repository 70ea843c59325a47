"""Policies: one frozen record per instrument, and the fold that turns those in force into levers.

A policy moves levers and nothing else. Every month starts from neutral levers, so a policy that has ended leaves no
trace. Policies are folded in a canonical order, so that the order in a file changes nothing, to the last bit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache

from sim.levers import Levers
from sim.policies.base import SLACK_OOM, Memory, Move, Policy, ThresholdPolicy
from sim.policies.defence import DefenderFirst, DefenderSubsidy, PatchMandate, Resilience
from sim.policies.fields import absolute_month, month_name
from sim.policies.governance import (
    Audit,
    BugBounty,
    EthicsBoard,
    ExternalScrutiny,
    InternalAudit,
    RedTeamFunding,
    ResearcherAccess,
    SafetyGovernance,
    ThreeLinesOfDefence,
)
from sim.policies.international import ExportControl, HostingBan, Treaty
from sim.policies.openness import (
    AccessByCapability,
    DeliberativeOversight,
    ForbidAbove,
    MandateOpen,
    OpenModelExemption,
    OpenModelPrize,
    StagedRelease,
    StructuredAccess,
    TransparencyMandate,
)
from sim.policies.pauses import ConsortiumPause, Pause
from sim.policies.safeguards import (
    BioToolAccess,
    FineTuningScreening,
    HostSafeguards,
    KnowYourCustomer,
    Provenance,
    PublicInterestSafeguards,
    SynthesisScreening,
    TamperResistance,
)
from sim.policies.safety import (
    IncidentReporting,
    Liability,
    Licensing,
    RiskAssessment,
    SafetyCase,
    WeightSecurity,
)
from sim.policies.structure import (
    Antitrust,
    BenefitSharing,
    CommoditiseComplement,
    CommunitySupport,
    ComplementAccess,
    ComputeCap,
    ComputeLevy,
    Interoperability,
    PublicCompute,
)

__all__ = [
    "POLICIES",
    "SLACK_OOM",
    "Memory",
    "Move",
    "Policy",
    "ThresholdPolicy",
    "absolute_month",
    "fold",
    "month_name",
    "neutral",
    "ordered",
]

POLICIES: dict[str, type[Policy]] = {
    cls.kind: cls
    for cls in (
        ForbidAbove, MandateOpen, StagedRelease, StructuredAccess, AccessByCapability, TransparencyMandate,
        OpenModelPrize, OpenModelExemption, DeliberativeOversight,
        RiskAssessment, Licensing, SafetyCase, Pause, ConsortiumPause, IncidentReporting, Liability, WeightSecurity,
        Audit, ResearcherAccess, RedTeamFunding, BugBounty, ExternalScrutiny, SafetyGovernance, ThreeLinesOfDefence,
        InternalAudit, EthicsBoard,
        KnowYourCustomer, PublicInterestSafeguards, Provenance, TamperResistance, FineTuningScreening, HostSafeguards,
        BioToolAccess,
        SynthesisScreening,
        PublicCompute, Antitrust, Interoperability, ComplementAccess, ComputeLevy, ComputeCap, BenefitSharing,
        CommunitySupport, CommoditiseComplement,
        DefenderSubsidy, DefenderFirst, PatchMandate, Resilience,
        ExportControl, HostingBan, Treaty,
    )
}  # fmt: skip
"""Every instrument by the name that scenario files use."""


@lru_cache(maxsize=64)
def neutral(members: int, regimes: int) -> Levers:
    """Return levers that change nothing; cached, and read-only so that nobody can spoil them."""
    return _sealed(Levers.neutral(members, regimes))


def ordered(policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Sort policies canonically: by kind, then by field."""
    return tuple(sorted(policies, key=lambda policy: (policy.kind, repr(dataclasses.astuple(policy)))))


def fold(
    policies: Sequence[Policy], members: int, regimes: Sequence[str], observed: object, month: int, memory: Memory
) -> Levers:
    """Return the levers in force in a month.

    Parameters
    ----------
    policies : sequence of Policy
        In any order.
    members : int
        Number of members, all of one scenario.
    regimes : sequence of str
        Identifiers of the rows of the regime table, in order.
    observed : object
        Last month's public record (see `Policy.apply`); None before the first month.
    month : int
        Absolute calendar month.
    memory : dict
        Kept by the caller, one per scenario, empty at first; it must not be shared between groups of members.

    Returns
    -------
    Levers
        Read-only arrays. While nothing changes, the same record is returned again.

    Raises
    ------
    InputError
        When a policy names a row that the regime table lacks.
    """
    given = tuple(policies)
    if memory.get("given") != given:
        memory.update(given=given, ordered=ordered(given), key=None)
    acting = [policy for policy in memory["ordered"] if policy.intensity(month) > 0.0]
    keys = [policy.key(month) for policy in acting]
    if not acting:
        return neutral(members, len(regimes))
    key = None if None in keys else (members, tuple(regimes), tuple(acting), tuple(keys))
    if key is not None and memory["key"] == key:
        levers: Levers = memory["levers"]
        return levers
    levers = neutral(members, len(regimes))
    for policy in acting:
        levers = policy.apply(levers, observed, month, memory, regimes)
    memory["key"], memory["levers"] = key, _sealed(levers)
    return levers


def _sealed(levers: Levers) -> Levers:
    for array in levers.values.values():
        array.flags.writeable = False
    return levers
