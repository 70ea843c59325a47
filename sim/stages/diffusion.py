"""Capability diffuses: knowledge spreads, weights leak, safeguards are stripped, staged releases open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actors.labs import of_members
from sim.axes import JURISDICTIONS
from sim.duties import at_home, on_developers, on_some, on_world
from sim.kernels import capability, enforcement, innovation, races, release, security
from sim.kernels.picks import rows
from sim.regimes import OPEN
from sim.stages.permitting import licensed, measures
from sim.stages.training import MOST_COMPLIANCE, reach
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

LEAST_PUBLISHED = np.float32(0.01)
"""Research openness of a regime counts as at least this, so that a floor can raise it in proportion."""
NO_KNOWLEDGE = np.float32(-99)
"""Algorithmic knowledge, OOM, of a slot without a developer: below anybody's."""
VETTED = np.float32(0.1)
"""Access to weights from which on some vetted parties hold them."""
THIEVES_YEAR = 2024
"""Year to which rates of theft refer; attackers improve from then on."""


def diffuse(state: State) -> None:
    """Spread knowledge, then weights."""
    spread_knowledge(state)
    open_staged(state)
    steal(state)
    strip(state)


def spread_knowledge(state: State) -> None:
    """Developers' own research, the public stock, absorption, and what outside work returns to owners."""
    labs, p = state.labs, state.parameters.capability
    table = state.seen["capability"]
    attributes = ("knowledge_spillover", "research_openness", "flywheel")
    spillover, published, flywheel = table.of_rows(labs.regime, attributes)
    floor = np.maximum(on_developers(state, "transparency_floor"), published)
    spillover = np.asarray(spillover * floor / np.maximum(published, LEAST_PUBLISHED), np.float32)
    active = labs.active
    known = np.where(active, labs.knowledge, NO_KNOWLEDGE)
    frontier = np.maximum.reduce(known, axis=1, keepdims=True)
    public = capability.public_step(state.knowledge.public, labs.knowledge, exchanged(state, spillover), active)
    commons = (
        state.public.builders_open * state.parameters.innovation.commons_share * state.parameters.channels.capability
    )
    research = labs.budget_usd * state.parameters.market.research_multiple
    if p.research_form != capability.BUDGET:
        research = research * _research_factor(p, spillover)
    cost = np.minimum(on_developers(state, "compliance_cost"), MOST_COMPLIANCE)
    research = capability.effective_research(research * (1 - cost), labs.labour, p)
    known_at_home = rows(state.knowledge.public, labs.jurisdiction)
    stepped = capability.knowledge_step(labs.knowledge, research, commons, known_at_home, frontier, p)
    outside = state.parameters.innovation
    gain = innovation.returned(flywheel, state.public.use_share, state.public.builders_family, outside)
    stepped += p.enabled * gain / 12
    labs.knowledge = np.where(active, stepped, labs.knowledge)
    state.knowledge.public = public


def exchanged(state: State, spillover: F32) -> F32:
    """Spillover of each developer to each jurisdiction, ``(member, jurisdiction, lab)``: export control on either side
    of a border chills what crosses it.
    """
    leaving = spillover[:, None]
    if "export_control" in state.levers.moved:
        home = state.labs.jurisdiction[:, None]
        control = np.maximum(state.levers["export_control"][:, :, None], at_home(state, "export_control")[:, None])
        lost = enforcement.chilled(control, state.parameters.enforcement)
        leaving = leaving * (1 - lost * (home != np.arange(len(JURISDICTIONS))[:, None]))
    return leaving


def _research_factor(p: capability.Parameters, spillover: F32) -> F32:
    """Research at the spillover of each developer's own releases over research without any."""
    one = np.ones_like(spillover)
    alone = races.research_at_rest(np.zeros_like(spillover), one, p.spillover_cost, False)
    joint = p.research_form == capability.COURNOT_JOINT
    return np.asarray(races.research_at_rest(np.clip(spillover, 0, 1), one, p.spillover_cost, joint) / alone)


def surge(state: State) -> F32:
    """Logarithm of last month's reported incidents over those of 2023, 0 or more; ``(member, 1)``."""
    usual = state.parameters.misuse.incident_rate_initial
    return np.asarray(np.maximum(np.log(np.maximum(state.public.incidents, 1) / usual), 0))


def open_staged(state: State) -> None:
    """Staged releases that are due open, unless known flaws stop them for another month."""
    ledger, labs = state.ledger, state.labs
    filled = int(ledger.count.max(initial=0))
    # Read without its sign the month of what never opens, -1, is later than any other.
    opens = ledger.opens_month[:, :filled].view(np.uint64)
    due = (opens <= state.clock.month) & (ledger.open_month[:, :filled] < 0)
    m, r = np.divmod(np.flatnonzero(due), filled)
    if not len(m):
        return
    lab = ledger.lab[m, r]
    u = state.uniforms.at("diffusion.staged", state.clock.absolute, m, r)
    p = of_members(state.parameters.release, m, ("staged_stop_hazard", "staged_stop_incidents"))
    passed = release.staged_opens(u[:, None], labs.flaws_known[m, lab][:, None], surge(state)[m], p)[:, 0]
    passed &= _may_open(state, m, r)
    m, r = m[passed], r[passed]
    _let_out(state, m, r, state.regimes.opens_to[ledger.regime[m, r]], leaked=False)


def _may_open(state: State, m: NDArray[np.int64], r: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the law permits the row that a staged release turns into, for rows of the ledger."""
    ledger = state.ledger
    if state.levers.moved.isdisjoint(("forbidden_above", "licence_strictness")):
        return np.ones(len(m), bool)
    target = state.regimes.opens_to[ledger.regime[m, r]]
    limits = on_some(state, "forbidden_above", m, ledger.lab[m, r])[np.arange(len(m)), target]
    level = ledger.capability[m, r]
    margins = level[:, None] + ledger.offset[m, r] - state.parameters.misuse.uplift_threshold[m]
    metrics = measures(ledger.log10_flop[m, r], level, level - state.public.frontier[m, 0], margins)
    admitted = licensed(state, m, ledger.lab[m, r], level[:, None], ledger.log10_flop[m, r][:, None])
    return np.asarray(np.logical_and.reduce(metrics < limits, axis=-1) & admitted[np.arange(len(m)), 0, target])


def _let_out(state: State, m: INT, r: INT, regime: INT, *, leaked: bool) -> None:
    """Weights of ledger rows come out; whoever reads the ledger later finds the month."""
    ledger, labs = state.ledger, state.labs
    ledger.open_month[m, r] = state.clock.month
    ledger.leaked[m, r] = leaked
    lab, level = ledger.lab[m, r], ledger.capability[m, r]
    reach(state, m, lab, level, ledger.offset[m, r], ledger.log10_flop[m, r], regime)
    if not leaked:
        current = labs.capability[m, lab] == level
        labs.regime = labs.regime.copy()
        labs.regime[m[current], lab[current]] = regime[current]


def steal(state: State) -> None:
    """Thieves take weights from developers; what is shared with vetted parties leaks to everybody."""
    labs, p = state.labs, state.parameters.security
    slots = labs.active.shape[1]
    table = state.seen["security"]
    labs.security_level = security.level_step(
        labs.security_level, labs.capability, on_developers(state, "security_floor"), p
    )
    shared, rate = table.of_rows(labs.regime, ("weights_access", "theft_per_year"))
    level, years = labs.security_level, state.clock.year - THIEVES_YEAR
    chance = state.draw("diffusion.theft", slots)
    within_reach = labs.active & (shared < OPEN)
    taken = within_reach & (chance < security.theft_hazard(rate, level, years, p))
    by_crime = within_reach & (chance < security.theft_hazard(security.criminal_rate(rate, level, p), level, years, p))
    taken = taken | by_crime
    vetted = shared > VETTED
    stolen = state.knowledge.stolen.copy()
    for tier, thieves in enumerate((taken, by_crime)):
        m, lab = np.nonzero(thieves)
        np.maximum.at(stolen[:, tier], m, labs.capability[m, lab][:, None] + labs.offset[m, lab])
    u = state.draw("diffusion.tiers", 2)
    stolen[:, 1] = security.diffuse(stolen[:, 0], stolen[:, 1], p.diffusion_crime_months, u[:, :1])
    stolen[:, 2] = security.diffuse(stolen[:, 1], stolen[:, 2], p.diffusion_public_months, u[:, 1:])
    state.knowledge.stolen = stolen
    state.knowledge.thefts = np.add.reduce(taken, axis=1, keepdims=True).astype(np.float32)
    _leak(state, taken & vetted)


def _leak(state: State, leaked: NDArray[np.bool_]) -> None:
    """Gated weights that leak are open to everybody from now on."""
    m, lab = np.nonzero(leaked)
    if not len(m):
        return
    ledger = state.ledger
    filled = slice(int(ledger.count.max(initial=0)))
    own = ledger.lab[m, filled] == lab[:, None]
    own &= (ledger.size[m, filled] == 0) & (ledger.open_month[m, filled] < 0)
    own &= np.arange(own.shape[1]) < ledger.count[m][:, None]
    found = np.logical_or.reduce(own, axis=1)
    m, last = m[found], own.shape[1] - 1 - np.argmax(own[found, ::-1], axis=1)
    _let_out(state, m, last, ledger.regime[m, last], leaked=True)


def strip(state: State) -> None:
    """Somebody publishes copies of open weights without safeguards."""
    labs, p = state.labs, state.parameters.security
    # The flags of a developer's four domains read as one number: a reduction over a short last axis is slow.
    behind = (labs.stripped_reach < labs.open_reach).view(np.uint32)[:, :, 0] > 0
    hazard = security.strip_hazard(labs.open_log10_flop, on_developers(state, "tamper_resistance"), p)
    refused = on_world(state, "fine_tuning_screening", state.parameters.initial.exposure_share)
    stripped = behind & (state.draw("diffusion.strip", labs.active.shape[1]) < hazard * (1 - refused))
    labs.stripped_reach = np.where(stripped[:, :, None], labs.open_reach, labs.stripped_reach)
