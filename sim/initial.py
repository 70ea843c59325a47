"""The world at month 0, for any start date: developers, their models, the public record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import channels, populations
from sim import state as st
from sim.axes import BUSINESS_MODELS, DOMAINS, HOSTS, JURISDICTIONS, SEGMENTS, SIZES
from sim.kernels import capability, catastrophe, defence, enforcement, innovation, market, misuse, oversight, release, safety, security
from sim.kernels.choice import exp10, log10, logistic
from sim.levers import Levers
from sim.members import Members
from sim.regimes import RegimeTable
from sim.streams import Uniforms

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

REFERENCE_YEAR = 2023
"""Year in which the money values of the initial table hold."""
KNOWLEDGE_YEAR = 2024
"""Year in which algorithmic knowledge is 0."""
NARROWEST_INTERVAL = 3
"""Fewest months between two runs of one developer, for the size of the ledger."""
WINDOW = 48
"""Months for which an artefact stays in the table; after that it is retired into totals."""
BLOCK = 24
"""Rows of artefacts that are added each month; a row stands for a weight of real ones."""

SLOTS = (
    ("api_vendor", "us"), ("platform_giant", "us"), ("platform_giant", "us"), ("api_vendor", "us"), ("open_challenger", "eu"), ("platform_giant", "china"),
    ("open_challenger", "china"), ("api_vendor", "us"), ("non_profit", "us"), ("open_challenger", "us"), ("open_challenger", "china"), ("community", "rest"),
    ("api_vendor", "rest"), ("open_challenger", "rest"), ("api_vendor", "china"), ("open_challenger", "us"), ("api_vendor", "eu"), ("platform_giant", "rest"),
    ("non_profit", "eu"), ("open_challenger", "china"), ("api_vendor", "us"), ("community", "us"), ("open_challenger", "eu"), ("api_vendor", "rest"),
)  # fmt: skip
"""Business model and home of each slot: the first twelve stand at the start, by the share of countries in notable models (fact B21);
the rest wait for entrants. More than 24 slots repeat the list."""


@dataclass(frozen=True)
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
    asset: F32
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
    frontier_growth_before: F32
    open_share_before: F32
    ai_users_share: F32
    ai_users_growth: F32
    ai_users_open: F32


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


def parameters(members: Members) -> st.Parameters:
    """The records of all kernels for these members."""
    records = {name: members.columns(module.Parameters, name) for name, module in KERNELS.items()}
    return st.Parameters(
        **records, initial=members.columns(Parameters, "initial"), channels=members.columns(channels.Parameters, "channels")
    )


def reference_frontier(p: st.Parameters) -> F32:
    """Capability of the frontier of January 2023, where money values hold; ``(member, 1)``."""
    years = np.float32(REFERENCE_YEAR - KNOWLEDGE_YEAR)
    compute = log10(p.initial.leader_run_usd) + p.capability.flop_per_usd_log10 - _ageing(p)
    return np.asarray(compute + p.initial.knowledge_before * years)


def _ageing(p: st.Parameters) -> F32:
    """Compute (OOM) that frontier models at the start lack because they were trained some months before."""
    return np.asarray((log10(p.initial.run_growth) + log10(p.capability.hardware_growth_initial)) * p.initial.model_age / 12)


def world(members: Members, rng: str = "hash") -> st.State:
    """Build the state of a batch at month 0."""
    p = parameters(members)
    scenario = members.scenario[0]
    size = scenario.population
    regimes = members.regimes()
    clock = st.Clock(scenario.start, scenario.months)
    uniforms = Uniforms(members.keys, rng=rng)
    labs = _labs(size.labs, size.slots, clock, uniforms, regimes, p)
    groups = members.groups()
    state = st.State(
        clock=clock,
        parameters=p,
        regimes=regimes,
        seen=channels.seen(regimes, p.channels),
        uniforms=uniforms,
        levers=Levers.neutral(len(members), len(regimes.ids)),
        groups=groups,
        memory=[{} for _ in groups],
        labs=labs,
        ledger=_ledger(len(members), size.slots, clock.months),
        market=_market(labs, p),
        knowledge=_knowledge(labs, p),
        misusers=populations.misusers(size.misusers, clock.start / 12 - KNOWLEDGE_YEAR, p),
        defenders=populations.defenders(size.defenders, frontiers(labs), p),
        builders=populations.builders(size.builders, 2 * size.slots, p),
        artefacts=_artefacts(len(members), p),
        regulators=st.Regulators(p.enforcement.stringency_initial.copy(), np.zeros_like(p.enforcement.stringency_initial)),
        public=_public(labs, clock, p),
        catastrophe={name: np.zeros(len(members)) for name in ("misuse", "accident", "correlated")},
    )
    return state


def frontiers(labs: st.Labs) -> tuple[F32, F32]:
    """Capability of the best model of all and of the best open model, ``(member, 1)`` each."""
    best = np.maximum.reduce(labs.capability, axis=1, keepdims=True)
    return best, np.maximum.reduce(labs.open_capability, axis=1, keepdims=True)


def _labs(labs: int, slots: int, clock: st.Clock, uniforms: Uniforms, regimes: RegimeTable, p: st.Parameters) -> st.Labs:
    members = p.initial.asset.shape[0]
    model = np.array([BUSINESS_MODELS.index(SLOTS[i % len(SLOTS)][0]) for i in range(slots)])
    home = np.array([JURISDICTIONS.index(SLOTS[i % len(SLOTS)][1]) for i in range(slots)])

    def normal(stream: str) -> F32:
        return uniforms.normal(f"initial.{stream}", clock.start, slots)

    active = np.broadcast_to(np.arange(slots) < labs, (members, slots)).copy()
    since = np.float32(clock.start / 12 - REFERENCE_YEAR)
    leader = p.initial.leader_run_usd * exp10(log10(p.initial.run_growth) * since)
    log_capital = np.where(active, p.initial.capital_sd * normal("capital"), np.float32(-99))
    budget = leader * np.exp(log_capital - np.maximum.reduce(log_capital, axis=1, keepdims=True))
    frontier_knowledge = p.initial.knowledge_before * np.float32(clock.start / 12 - KNOWLEDGE_YEAR)
    knowledge = frontier_knowledge - p.initial.knowledge_gap * np.abs(normal("knowledge"))
    flop = log10(np.maximum(budget, 1)) + capability.compute_price(clock.year, p.capability) - _ageing(p)
    strength = np.where(active, flop + knowledge, np.float32(0))
    flop = np.where(active, flop, np.float32(0))
    regime, open_capability = _first_regimes(strength, model, uniforms, clock, regimes, p)
    zeros = np.zeros((members, slots), np.float32)
    domains = np.zeros((members, slots, len(DOMAINS)), np.float32)
    asset = np.clip(p.initial.asset[:, model] + p.initial.asset_sd * normal("asset"), 0, 1)
    effort_odds = np.log(p.safety.initial_effort / (1 - p.safety.initial_effort)) + p.safety.initial_effort_sd * normal("effort")
    spend = budget * (1 + p.market.research_multiple) / 12
    reach = np.where(open_capability[:, :, None] > 0, open_capability[:, :, None] + domains, np.float32(0))
    return st.Labs(
        active=active,
        jurisdiction=np.broadcast_to(home, (members, slots)).copy(),
        business_model=np.broadcast_to(model, (members, slots)).copy(),
        asset=asset.astype(np.float32),
        disposition=(p.release.disposition_sd * normal("disposition")).astype(np.float32),
        governance=np.clip(p.safety.governance_initial + 0.1 * normal("governance"), 0, 1).astype(np.float32),
        security_level=np.clip(p.security.level_initial + p.security.level_sd * normal("security"), 1, 5).astype(np.float32),
        knowledge=knowledge.astype(np.float32),
        capability=strength.astype(np.float32),
        log10_flop=flop.astype(np.float32),
        offset=domains,
        regime=regime,
        budget_usd=np.where(active, budget, np.float32(0)).astype(np.float32),
        cash_usd=np.where(active, spend * p.initial.cash_months, np.float32(0)).astype(np.float32),
        revenue_usd=zeros.copy(),
        price=np.broadcast_to(p.market.reference_price, (members, slots)).astype(np.float32),
        effort=logistic(effort_odds).astype(np.float32),
        next_run=_first_runs(strength, uniforms, clock, p),
        flaws_hidden=(active * p.oversight.flaws_per_release / 2).astype(np.float32),
        flaws_known=zeros.copy(),
        open_capability=open_capability,
        open_log10_flop=np.where(open_capability > 0, flop - (strength - open_capability), np.float32(0)).astype(np.float32),
        open_reach=reach.astype(np.float32),
        open_regime=np.where(open_capability > 0, regimes.ids.index("r7"), 0),
        stripped_reach=reach.astype(np.float32),
        sells=_sells(home, members, slots, uniforms, clock, p),
        pending_usd=zeros.copy(),
        in_breach=np.zeros((members, slots), bool),
    )


def _first_regimes(strength: F32, model: INT, uniforms: Uniforms, clock: st.Clock, regimes: RegimeTable, p: st.Parameters) -> tuple[INT, F32]:
    """Regimes at the start: those who live from openness stand behind the frontier by the observed gap; of the others some release nothing."""
    slots = strength.shape[1]
    frontier = np.maximum.reduce(strength, axis=1, keepdims=True)
    ceiling = frontier - p.initial.open_gap
    leans_open = np.isin(model, [BUSINESS_MODELS.index(name) for name in ("open_challenger", "non_profit", "community")])
    giant = model == BUSINESS_MODELS.index("platform_giant")
    opens = (strength > 0) & (leans_open[None, :] | (giant[None, :] & (uniforms.draw("initial.opens", clock.start, slots) < p.initial.open_share_before)))
    best = np.maximum.reduce(np.where(opens, strength, np.float32(0)), axis=1, keepdims=True)
    shifted = np.where(strength == best, ceiling, np.minimum(strength, ceiling))
    open_capability = np.where(opens, shifted, np.float32(0)).astype(np.float32)
    hidden = ~opens & (strength < frontier) & (uniforms.draw("initial.hidden", clock.start, slots) < p.initial.unreleased_share)
    current_open = opens & (strength <= ceiling)
    regime = np.where(current_open, regimes.ids.index("r7"), np.where(hidden, regimes.ids.index("r0"), regimes.ids.index("r2")))
    return regime.astype(np.int64), open_capability


def _first_runs(strength: F32, uniforms: Uniforms, clock: st.Clock, p: st.Parameters) -> INT:
    """Month of each developer's next run: somewhere in the interval that its position gives."""
    frontier = np.maximum.reduce(strength, axis=1, keepdims=True)
    u = uniforms.draw("initial.next_run", clock.start, strength.shape[1])
    interval = capability.training_interval(capability.position(strength, frontier), np.full_like(u, 0.5), p.capability)
    return np.asarray(np.floor(u * interval), np.int64)


def _sells(home: INT, members: int, slots: int, uniforms: Uniforms, clock: st.Clock, p: st.Parameters) -> NDArray[np.bool_]:
    """Where developers sell: at home, in the rest of the world, in their own bloc, and seldom in the other one."""
    china, rest = JURISDICTIONS.index("china"), JURISDICTIONS.index("rest")
    place = np.arange(len(JURISDICTIONS))
    other_bloc = (home[:, None] == china) != (place[None, :] == china)
    other_bloc &= (home[:, None] != rest) & (place[None, :] != rest)
    crosses = uniforms.draw("initial.sells", clock.start, slots) < p.initial.cross_bloc_sales
    return np.asarray(~other_bloc[None, :, :] | crosses[:, :, None]) & np.ones((members, 1, 1), bool)


def _ledger(members: int, slots: int, months: int) -> st.Ledger:
    rows = slots * len(SIZES) * (1 + -(-months // NARROWEST_INTERVAL))

    def whole(value: int) -> INT:
        return np.full((members, rows), value, np.int64)

    def real() -> F32:
        return np.zeros((members, rows), np.float32)

    return st.Ledger(
        count=np.zeros(members, np.int64),
        lab=whole(-1),
        month=whole(-1),
        size=whole(0),
        regime=whole(0),
        log10_flop=real(),
        capability=real(),
        safeguard=real(),
        components=whole(0),
        licence=whole(0),
        documentation=real(),
        jurisdiction=whole(0),
        offset=np.zeros((members, rows, len(DOMAINS)), np.float32),
        opens_month=whole(-1),
        open_month=whole(-1),
        leaked=np.zeros((members, rows), bool),
    )


def _market(labs: st.Labs, p: st.Parameters) -> st.Market:
    members, slots = labs.active.shape
    options, segments = 2 * slots, len(SEGMENTS)
    family = np.broadcast_to(np.tile(np.arange(slots), 2), (members, options)).copy()
    zero = np.zeros((members, segments, options), np.float32)
    return st.Market(
        share=zero,
        capability=np.zeros((members, options), np.float32),
        price=np.ones((members, options), np.float32),
        family=family,
        available=np.zeros((members, options), bool),
        payments=zero.copy(),
        host_revenue=np.zeros((members, len(HOSTS)), np.float32),
        size=np.zeros((members, segments), np.float32),
        surplus_usd=np.zeros((members, segments), np.float32),
        paid_in_usd=np.zeros(members),
        paid_out_usd=np.zeros(members),
    )


def _knowledge(labs: st.Labs, p: st.Parameters) -> st.Knowledge:
    members = labs.active.shape[0]
    best = np.maximum.reduce(np.where(labs.active, labs.knowledge, np.float32(-99)), axis=1, keepdims=True)
    one = np.zeros((members, 1), np.float32)
    return st.Knowledge(best - p.initial.public_gap, np.zeros((members, 3, len(DOMAINS)), np.float32), one, one.copy())


def _artefacts(members: int, p: st.Parameters) -> st.Artefacts:
    """An empty table: the window fills during the months before the start, played by the building stage."""
    rows = WINDOW * BLOCK
    real = np.zeros((members, rows), np.float32)
    return st.Artefacts(
        block=BLOCK,
        log_quality=real,
        born=np.full(rows, -WINDOW, np.int64),
        weight=real.copy(),
        downloads=real.copy(),
        family=np.zeros((members, rows), np.int64),
        poisoned=real.copy(),
        licence=np.zeros((members, rows), np.int64),
        retired=np.zeros((members, 2), np.float32),
    )


def _public(labs: st.Labs, clock: st.Clock, p: st.Parameters) -> st.Public:
    members, slots = labs.active.shape
    frontier = np.maximum.reduce(labs.capability, axis=1, keepdims=True)
    open_best = np.maximum.reduce(labs.open_capability, axis=1, keepdims=True)
    flop = np.maximum.reduce(labs.log10_flop, axis=1, keepdims=True)
    open_flop = np.maximum.reduce(labs.open_log10_flop, axis=1, keepdims=True)
    back = (np.arange(st.HISTORY, dtype=np.float32) - st.HISTORY)[None, :] / 12

    def history(level: F32, growth: F32) -> F32:
        out = np.zeros((members, st.HISTORY + clock.months), np.float32)
        out[:, : st.HISTORY] = level + growth * back
        return out

    growth = p.initial.frontier_growth_before
    compute_growth = growth - p.initial.knowledge_before
    one = np.zeros((members, 1), np.float32)
    even = (labs.active / np.add.reduce(labs.active, axis=1, keepdims=True)).astype(np.float32)
    market_usd = np.add.reduce(market.segment_sizes(frontier, reference_frontier(p), p.market), axis=1, keepdims=True)
    return st.Public(
        frontier=frontier,
        open_best=open_best,
        api_best=frontier.copy(),
        capability=labs.capability.copy(),
        use_share=even,
        sold_share=even.copy(),
        revenue_usd=(even * market_usd / 12).astype(np.float32),
        effort=labs.effort.copy(),
        market_usd=market_usd,
        builders_open=p.initial.builders_open_before.copy(),
        open_use=one.copy(),
        closeness=one + np.float32(0.5),
        concentration=one.copy(),
        reported=np.zeros((members, len(JURISDICTIONS)), np.float32),
        loss_ratio=np.ones((members, len(DOMAINS)), np.float32),
        information=one + np.float32(1),
        dangerous_capability=one - np.float32(9),
        incidents=one.copy(),
        frontier_history=history(frontier, growth),
        open_history=history(open_best, growth),
        flop_history=history(flop, compute_growth),
        open_flop_history=history(open_flop, compute_growth),
    )


def tables() -> list[str]:
    """Names of the parameter tables that the model reads."""
    return [*KERNELS, "initial", "channels"]


def fields_of(table: str) -> set[str]:
    """Fields of the record that reads a parameter table."""
    cls = {"initial": Parameters, "channels": channels.Parameters}.get(table) or KERNELS[table].Parameters
    return {item.name for item in fields(cls)}
