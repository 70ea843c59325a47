"""Developers at month 0, for any start date."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import ASSETS, BUSINESS_MODELS, DOMAINS, JURISDICTIONS
from sim.initial.table import KNOWLEDGE_YEAR, MONTHS, REFERENCE_YEAR, ageing
from sim.kernels import capability
from sim.kernels.choice import LN10, exp10, log10, logistic
from sim.regime_table import RegimeTable
from sim.setting import Clock, Parameters
from sim.streams import Uniforms

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

FAR = np.float32(-99)
"""Logarithm that stands for nothing at all."""

ROUNDING = np.float32(1e-4)
"""OOM by which two capabilities that are meant to be equal may differ."""

SLOTS = tuple(
    tuple(entry.split(" of "))
    for entry in """
    api_vendor of us, platform_giant of us, platform_giant of us, api_vendor of us, open_challenger of eu,
    platform_giant of china, open_challenger of china, api_vendor of us, non_profit of us, open_challenger of us,
    open_challenger of china, community of rest, api_vendor of rest, open_challenger of rest, api_vendor of china,
    open_challenger of us, api_vendor of eu, platform_giant of rest, non_profit of eu, open_challenger of china,
    api_vendor of us, community of us, open_challenger of eu, api_vendor of rest
    """.replace("\n", " ").split(",")
    for entry in [entry.strip()]
)
"""Business model and home of each slot.

The first twelve stand at the start, by the share of countries in notable models
(fact B21); the rest wait for entrants. More than 24 slots repeat the list."""


def frontiers(labs: st.Labs) -> tuple[F32, F32]:
    """Capability of the best model of all and of the best open model, ``(member, 1)`` each."""
    best = np.maximum.reduce(labs.capability, axis=1, keepdims=True)
    return best, np.maximum.reduce(labs.open_capability, axis=1, keepdims=True)


def labs(count: int, slots: int, clock: Clock, uniforms: Uniforms, regimes: RegimeTable, p: Parameters) -> st.Labs:
    """The first `count` of `slots` developers in business, the other slots spare."""
    members = p.initial.cloud.shape[0]
    model = np.array([BUSINESS_MODELS.index(SLOTS[i % len(SLOTS)][0]) for i in range(slots)])
    home = homes(slots)
    active = np.broadcast_to(np.arange(slots) < count, (members, slots)).copy()
    budget, knowledge, flop, strength = _means(active, lives_from_openness(model), clock, uniforms, p)
    regime, open_capability = _first_regimes(strength, model, uniforms, clock, regimes, p)
    zeros = np.zeros((members, slots), np.float32)
    reach = np.repeat(open_capability[:, :, None], len(DOMAINS), axis=2)
    spend = budget * (1 + p.market.research_multiple) / MONTHS
    open_flop = np.where(open_capability > 0, flop - (strength - open_capability), np.float32(0))
    return st.Labs(
        active=active,
        jurisdiction=np.broadcast_to(home, (members, slots)).copy(),
        business_model=np.broadcast_to(model, (members, slots)).copy(),
        **_traits(model, uniforms, clock, p),
        knowledge=knowledge,
        capability=strength,
        log10_flop=flop,
        offset=np.zeros_like(reach),
        regime=regime,
        budget_usd=budget,
        cash_usd=np.asarray(spend * p.initial.cash_months, np.float32),
        revenue_usd=zeros.copy(),
        complement_usd=zeros.copy(),
        price=np.broadcast_to(p.market.reference_price, (members, slots)).astype(np.float32),
        brand=zeros.copy(),
        next_run=_first_runs(strength, uniforms, clock, p),
        flaws_hidden=np.asarray(active * p.oversight.flaws_per_release * p.initial.flaws_share, np.float32),
        flaws_known=zeros.copy(),
        open_capability=open_capability,
        open_log10_flop=np.asarray(open_flop, np.float32),
        open_reach=reach,
        open_regime=np.where(open_capability > 0, regimes.ids.index("r7"), 0),
        stripped_reach=reach.copy(),
        sells=_sells(home, members, slots, uniforms, clock, p),
        pending_usd=np.zeros((members, slots, len(JURISDICTIONS)), np.float32),
        in_breach=np.zeros((members, slots), bool),
    )


def lives_from_openness(model: INT) -> BOOL:
    """Whose business is openness, ``(lab,)``."""
    return np.isin(model, [BUSINESS_MODELS.index(name) for name in ("open_challenger", "non_profit", "community")])


def _means(active: BOOL, lean: BOOL, clock: Clock, uniforms: Uniforms, p: Parameters) -> tuple[F32, F32, F32, F32]:
    """Training budget (USD a year), knowledge (OOM), log10 FLOP and capability of the current models.

    Shape ``(member, lab)``. The leader of computing is one of those who do not live from openness (`lean`); the means
    of those who do reach no closer to its capability than the observed gap.
    """
    slots = active.shape[1]
    since = np.float32(clock.start / MONTHS - REFERENCE_YEAR)
    leader = p.initial.leader_run_usd * exp10(log10(p.initial.run_growth) * since)
    spread = p.initial.capital_sd * uniforms.normal("initial.capital", clock.start, slots)
    log_capital = np.where(active, spread, FAR)
    others = np.where(lean, FAR, log_capital) if (active & ~lean).any() else log_capital
    log_usd = log10(leader) + (log_capital - np.maximum.reduce(others, axis=1, keepdims=True)) / np.float32(LN10)
    best = p.initial.knowledge_before * np.float32(clock.start / MONTHS - KNOWLEDGE_YEAR)
    gap = p.initial.knowledge_gap * np.abs(uniforms.normal("initial.knowledge", clock.start, slots))
    distance = log_usd - gap
    first = np.maximum.reduce(np.where(active & ~lean, distance, FAR), axis=1, keepdims=True)
    excess = np.maximum(distance - (first - p.initial.open_gap), 0) * (first > FAR / 2)
    log_usd = np.where(lean, log_usd - excess, log_usd)
    budget = exp10(np.asarray(log_usd, np.float32))
    flop = log10(np.maximum(budget, 1)) + capability.compute_price(clock.year, p.capability) - ageing(p)
    strength = np.where(active, flop + best - gap, np.float32(0))
    spent = np.where(active, budget, np.float32(0))
    return (
        np.asarray(spent, np.float32),
        np.asarray(best - gap, np.float32),
        np.asarray(np.where(active, flop, np.float32(0)), np.float32),
        np.asarray(strength, np.float32),
    )


def _traits(model: INT, uniforms: Uniforms, clock: Clock, p: Parameters) -> dict[str, F32]:
    """What differs between developers besides means: assets, disposition, governance, security and safety effort."""

    def normal(stream: str) -> F32:
        return uniforms.normal(f"initial.{stream}", clock.start, len(model))

    odds = np.log(p.safety.initial_effort / (1 - p.safety.initial_effort)) + p.safety.initial_effort_sd * normal(
        "effort"
    )
    governance = p.safety.governance_initial + p.initial.governance_sd * normal("governance")
    level = p.security.level_initial + p.security.level_sd * normal("security")
    traits = {
        "disposition": p.release.disposition_sd * normal("disposition"),
        "governance": np.clip(governance, 0, 1),
        "security_level": np.clip(level, 1, 5),
        "effort": logistic(odds),
    }
    for name in ASSETS:
        owned = getattr(p.initial, name)[:, model] + p.initial.asset_sd * normal(name)
        traits[name] = np.clip(owned, 0, 1)
    return {name: np.asarray(value, np.float32) for name, value in traits.items()}


def _first_regimes(
    strength: F32, model: INT, uniforms: Uniforms, clock: Clock, regimes: RegimeTable, p: Parameters
) -> tuple[INT, F32]:
    """Regimes at the start, and the open models.

    No open model stands closer to the frontier than by the observed gap; of those without open weights some release
    nothing.
    """
    slots = strength.shape[1]
    frontier = np.maximum.reduce(strength, axis=1, keepdims=True)
    ceiling = frontier - p.initial.open_gap
    giant = model == BUSINESS_MODELS.index("platform_giant")
    opens = (strength > 0) & (
        lives_from_openness(model)[None, :]
        | (giant[None, :] & (uniforms.draw("initial.opens", clock.start, slots) < p.initial.open_share_before))
    )
    open_capability = np.where(opens, np.minimum(strength, ceiling), np.float32(0)).astype(np.float32)
    hidden = (
        ~opens
        & (strength < frontier)
        & (uniforms.draw("initial.hidden", clock.start, slots) < p.initial.unreleased_share)
    )
    current_open = opens & (strength <= ceiling + ROUNDING)
    regime = np.where(
        current_open, regimes.ids.index("r7"), np.where(hidden, regimes.ids.index("r0"), regimes.ids.index("r2"))
    )
    return regime.astype(np.int64), open_capability


def _first_runs(strength: F32, uniforms: Uniforms, clock: Clock, p: Parameters) -> INT:
    """Month of each developer's next run: somewhere in the interval that its position gives."""
    frontier = np.maximum.reduce(strength, axis=1, keepdims=True)
    u = uniforms.draw("initial.next_run", clock.start, strength.shape[1])
    interval = capability.training_interval(capability.position(strength, frontier), np.full_like(u, 0.5), p.capability)
    return np.asarray(np.floor(u * interval), np.int64)


def homes(slots: int) -> INT:
    """Home jurisdiction of each slot, ``(lab,)``."""
    return np.array([JURISDICTIONS.index(SLOTS[i % len(SLOTS)][1]) for i in range(slots)])


def usual_places(home: INT) -> BOOL:
    """Where a developer sells by its home: everywhere but in the other bloc, ``(lab, jurisdiction)``."""
    china, rest = JURISDICTIONS.index("china"), JURISDICTIONS.index("rest")
    place = np.arange(len(JURISDICTIONS))
    other_bloc = (home[:, None] == china) != (place[None, :] == china)
    return np.asarray(~(other_bloc & (home[:, None] != rest) & (place[None, :] != rest)))


def _sells(home: INT, members: int, slots: int, uniforms: Uniforms, clock: Clock, p: Parameters) -> NDArray[np.bool_]:
    """Where developers sell at the start: as usual, and seldom in the other bloc."""
    crosses = uniforms.draw("initial.sells", clock.start, slots) < p.initial.cross_bloc_sales
    return np.asarray(usual_places(home)[None, :, :] | crosses[:, :, None]) & np.ones((members, 1, 1), bool)
