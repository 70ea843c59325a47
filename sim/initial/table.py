"""The parameters of the world at month 0, and the records of all kernels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import channels
from sim.kernels import (
    capability,
    catastrophe,
    defence,
    enforcement,
    innovation,
    market,
    misuse,
    oversight,
    release,
    safety,
    security,
)
from sim.kernels.choice import RECORDS, log10
from sim.members import Members
from sim.setting import Parameters as Records

F32 = NDArray[np.float32]

REFERENCE_YEAR = 2023
"""Year in which the money values of the initial table hold."""
KNOWLEDGE_YEAR = 2024
"""Year in which algorithmic knowledge is 0."""
MONTHS = 12  # of a year


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/initial.toml``."""

    leader_run_usd: F32
    run_growth: F32
    capital_sd: F32
    knowledge_gap: F32
    public_gap: F32
    knowledge_before: F32
    model_age: F32
    open_gap: F32
    unreleased_share: F32
    cloud: F32
    data: F32
    distribution: F32
    labour: F32
    frameworks: F32
    asset_sd: F32
    cash_months: F32
    cross_bloc_sales: F32
    kind_share: F32
    domain_share: F32
    misusers_real: F32
    exposure_share: F32
    builder_share: F32
    need_share: F32
    large_budget_share: F32
    builders_real: F32
    builders_open_before: F32
    derivatives_doubling_months: F32
    frontier_growth_before: F32
    open_share_before: F32
    ai_users_share: F32
    ai_users_growth: F32
    ai_users_open: F32
    governance_sd: F32
    flaws_share: F32


KERNELS: dict[str, Any] = {
    "capability": capability,
    "release": release,
    "safety": safety,
    "security": security,
    "market": market,
    "innovation": innovation,
    "oversight": oversight,
    "misuse": misuse,
    "defence": defence,
    "catastrophe": catastrophe,
    "enforcement": enforcement,
}


def parameters(members: Members) -> Records:
    """The records of all kernels for these members."""
    records = {name: members.columns(module.Parameters, name) for name, module in KERNELS.items()}
    return Records(
        **records,
        initial=members.columns(Parameters, "initial"),
        channels=members.columns(channels.Parameters, "channels"),
    )


@lru_cache(maxsize=RECORDS)
def reference_frontier(p: Records) -> F32:
    """Capability of the frontier of January 2023, where money values hold; ``(member, 1)``."""
    years = np.float32(REFERENCE_YEAR - KNOWLEDGE_YEAR)
    compute = log10(p.initial.leader_run_usd) + p.capability.flop_per_usd_log10 - ageing(p)
    return np.asarray(compute + p.initial.knowledge_before * years)


def ageing(p: Records) -> F32:
    """Compute (OOM) that frontier models at the start lack because they were trained some months before."""
    return np.asarray(
        (log10(p.initial.run_growth) + log10(p.capability.hardware_growth_initial)) * p.initial.model_age / 12
    )
