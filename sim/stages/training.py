"""Developers train and evaluate; only then do they choose how to release, and the ledger grows."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.actors.assets import at_hand
from sim.actors.labs import LabView, of_members, release_payoffs, seen_risk
from sim.axes import BUSINESS_MODELS, DOMAINS, PERMISSIVE, PROPRIETARY, RESTRICTED, SIZES
from sim.duties import at_home, on_developers, on_some
from sim.initial import NARROWEST_INTERVAL
from sim.kernels import capability, oversight, release, safety
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.roster import Roster
from sim.stages.head_starts import as_released
from sim.stages.permitting import lawful, licensed, licensed_flagships
from sim.state import Candidates, State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

COMMUNITY = BUSINESS_MODELS.index("community")
MOST_COMPLIANCE = np.float32(0.9)
"""Share of a budget that compliance can take at most."""
NEVER = -1
"""Month in the ledger of what has not happened and is not due."""


def train(state: State) -> None:
    """Train the runs that are due and evaluate what came out."""
    labs, p = state.labs, state.parameters.capability
    slots = labs.active.shape[1]
    compute_usd = labs.budget_usd * (1 - np.minimum(on_developers(state, "compliance_cost"), MOST_COMPLIANCE))
    flop = capability.training_flop(
        _with_public_compute(state, compute_usd),
        state.clock.year,
        at_home(state, "compute_price_factor") + at_home(state, "export_control"),
        on_developers(state, "compute_cap_log10_flop"),
        (labs.business_model == COMMUNITY) * (1 - at_home(state, "collective_relief")),
        state.normal("training.compute", slots),
        p,
    )
    base = flop + labs.knowledge + p.capability_shock * state.normal("training.capability", slots)
    base = base + capability.without_data(at_hand(state, "data"), p) + safety.performance_lost(labs.effort)
    gain = capability.best_teacher(base, *_teachers(state), p)
    best = base + gain
    best, flop = as_released(state, best, flop)
    labs.next_run = labs.next_run + _held_up(state, best)
    due = labs.active & (labs.next_run <= state.clock.month)
    siblings = state.parameters.release
    small = best[:, :, None] - siblings.sibling_gap[:, None, :]
    small_flop = flop[:, :, None] - siblings.sibling_flop_gap[:, None, :]
    state.candidates = _evaluated(state, due, small, small_flop)
    state.flows.values["interval"] = capability.training_interval(
        capability.position(best, state.public.frontier), state.draw("training.interval", slots), p
    )


def _held_up(state: State, level: F32) -> BOOL:
    """Whose training stands still this month: those who take part in a pause and would come near the frontier.

    Who takes part does so for good: pauses that cover more developers cover these as well.
    """
    pause = on_developers(state, "pause")
    if not pause.any():
        return np.zeros(pause.shape, bool)
    taking_part = state.uniforms.draw("training.pause", state.clock.start, pause.shape[1]) < pause
    near = capability.at_the_frontier(level, state.public.frontier, state.parameters.capability)
    return np.asarray(taking_part & near & state.labs.active)


def _with_public_compute(state: State, spend: F32) -> F32:
    """Spending with public compute, which is offered up to a share of the leader's run to those who spend less."""
    if "public_compute" not in state.levers.moved:
        return spend
    leader = np.maximum.reduce(spend, axis=1, keepdims=True)
    return np.asarray(np.maximum(spend, at_home(state, "public_compute") * leader * state.labs.active))


def _teachers(state: State) -> tuple[F32, F32]:
    """Best model that anybody can download, and best that can only be queried, as this kernel sees regimes.

    Each ``(member, 1)``.
    """
    labs, table = state.labs, state.seen["capability"]
    served = of_regime(table, "api_access", labs.regime) >= OPEN
    weights = of_regime(table, "weights_access", labs.open_regime) >= OPEN
    best_open, best_api = labs.open_capability * weights, labs.capability * (served & labs.active)
    return np.maximum.reduce(best_open, axis=1, keepdims=True), np.maximum.reduce(best_api, axis=1, keepdims=True)


def _offsets(state: State, event: INT, p: release.Parameters) -> F32:
    """Domain offsets of the models of events ``(event, size, domain)``; a few small siblings are special tools."""
    slots, domains, sizes = state.labs.active.shape[1], len(DOMAINS), len(SIZES)
    general = p.offset_sd * state.normal("training.offset", slots * domains).reshape(-1, domains).take(event, axis=0)
    out = np.repeat(general[:, None], sizes, axis=1)
    u = state.draw("training.narrow", slots * 2).reshape(-1, 2).take(event, axis=0)
    which = np.minimum((u[:, 1:] * domains).astype(np.int64), domains - 1)
    special = (u[:, :1] < p.narrow_share) & (which == np.arange(domains))
    out[:, sizes - 1] += special * p.narrow_offset
    return np.asarray(out)


def _at(array: NDArray[Scalar], event: INT) -> NDArray[Scalar]:
    """What an array ``(member, lab, …)`` holds of developers by their flat place in it, ``(event, …)``."""
    return array.reshape(-1, *array.shape[2:]).take(event, axis=0)


def _evaluated(state: State, due: BOOL, small: F32, small_flop: F32) -> Candidates:
    """What was trained this month, with what the law permits and what each regime is worth.

    Only runs that are due are looked at, one row each (an event), with the sizes of the family where kernels have the
    developers; elsewhere offsets and payoffs are 0, and nothing is permitted.
    """
    labs = state.labs
    shape = (*small.shape, len(state.regimes.ids))
    permitted, payoff = np.zeros(shape, bool), np.zeros(shape, np.float32)
    offsets = np.zeros((*small.shape, len(DOMAINS)), np.float32)
    event = np.flatnonzero(due)
    m, lab = np.divmod(event, due.shape[1])
    p = of_members(state.parameters.release, m)
    level, flop = _at(small, event), _at(small_flop, event)
    offsets[m, lab] = offset = _offsets(state, event, p)
    slots = labs.active.shape[1]
    noise, reaches = state.normal("training.risk", slots), state.draw("training.evidence", slots)
    risk = seen_risk(state, (m, lab), level, _at(noise, event), _at(reaches, event), p)
    allowed = lawful(state, m, lab, level, flop, offset) & licensed(state, m, lab, level, flop)
    if "risk_ceiling" in state.levers.moved:
        ceiling = on_some(state, "risk_ceiling", m, lab)[:, None]
        allowed = release.tolerated(risk, ceiling, state.seen["release"].exposed[m], allowed)
    permitted[m, lab] = allowed
    rival = state.public.open_best * state.parameters.channels.release
    share = release.expected_share(small[:, :, 0], labs.capability, labs.active, rival, state.parameters.release)
    payoff[m, lab] = release_payoffs(state, (m, lab), level, flop, _at(share, event), risk, p)
    return Candidates(due, small, small_flop, offsets, permitted, payoff)


def publish(state: State, roster: Roster) -> None:
    """Developers choose the regime of what they trained; the models enter the ledger and the market."""
    candidates = state.candidates
    assert candidates is not None
    chosen: INT = np.zeros(candidates.log10_flop.shape, np.int64)
    for decider, columns in roster.labs:
        chosen[:, columns] = decider.regime(LabView(state, columns))
    due = candidates.due
    weights = of_regime(state.regimes, "weights_access", chosen) >= OPEN
    weights &= due[:, :, None]
    _schedule(state, weights[:, :, 0])
    _flagship(state, chosen[:, :, 0], weights[:, :, 0])
    model = np.flatnonzero(weights)
    m, lab = np.divmod(model // len(SIZES), due.shape[1])
    offset = candidates.offset.reshape(-1, len(DOMAINS)).take(model, axis=0)
    reach(
        state, m, lab, candidates.capability.take(model), offset, candidates.log10_flop.take(model), chosen.take(model)
    )
    _enter_ledger(state, chosen, weights)
    state.flows.values["released"] = np.add.reduce(due, axis=1, keepdims=True) * len(SIZES)


def _schedule(state: State, weights: BOOL) -> None:
    """When the next run is due; a licence holds a covered family up unless its flagship's weights are exempt."""
    labs, candidates, now = state.labs, state.candidates, state.clock.month
    assert candidates is not None
    covered = licensed_flagships(state, "licence_delay_months", weights)
    delay = on_developers(state, "licence_delay_months") * covered
    wait = np.maximum(np.rint(state.flows.values["interval"] + delay), NARROWEST_INTERVAL).astype(np.int64)
    labs.next_run = np.where(candidates.due, now + wait, np.maximum(labs.next_run, now))


def _flagship(state: State, regime: INT, weights: BOOL) -> None:
    """A run that beats the developer's flagship takes its place; another one is released beside it."""
    labs, candidates = state.labs, state.candidates
    assert candidates is not None
    best = candidates.capability[:, :, 0]
    due = candidates.due & (best > labs.capability)
    survival = safety.survival(labs.effort, state.parameters.safety.safety_returns)
    inherited = labs.flaws_hidden + labs.flaws_known
    flaws = oversight.flaws_at_release(best, survival, inherited, state.parameters.oversight)
    mitigated = on_developers(state, "licence_strictness") * licensed_flagships(state, "licence_strictness", weights)
    assessed = candidates.log10_flop[:, :, 0] >= on_developers(state, "assessment_above_log10_flop")
    seen = on_developers(state, "assessment_share") * assessed
    left = flaws * (1 - mitigated)
    labs.flaws_hidden = np.where(due, left * (1 - seen), labs.flaws_hidden)
    labs.flaws_known = np.where(due, left * seen, labs.flaws_known)
    labs.capability = np.where(due, best, labs.capability)
    labs.log10_flop = np.where(due, candidates.log10_flop[:, :, 0], labs.log10_flop)
    m, lab = np.nonzero(due)
    labs.offset = labs.offset.copy()
    labs.offset[m, lab] = candidates.offset[m, lab, 0]
    labs.regime = np.where(due, regime, labs.regime)


def reach(state: State, member: INT, lab: INT, level: F32, offset: F32, flop: F32, regime: INT) -> None:
    """Weights that come out raise what is within everybody's reach, for good.

    Parameters
    ----------
    member, lab, level, flop, regime : ndarray ``(event,)``
        Developer, capability, training compute and row of the regime table of each model whose weights are out.
    offset : ndarray ``(event, domain)``
    """
    if not len(member):
        return
    labs = state.labs
    place = member * labs.active.shape[1] + lab
    labs.open_reach = labs.open_reach.copy()
    np.maximum.at(labs.open_reach.reshape(-1, offset.shape[1]), place, level[:, None] + offset)
    highest = labs.open_capability.copy()
    np.maximum.at(highest.reshape(-1), place, level)
    better = (level == highest.take(place)) & (level > labs.open_capability.take(place))
    best = np.flatnonzero(better)[::-1]  # from the last on, so that the first of equal models stays
    labs.open_capability = highest
    labs.open_log10_flop, labs.open_regime = labs.open_log10_flop.copy(), labs.open_regime.copy()
    labs.open_log10_flop.reshape(-1)[place[best]] = flop[best]
    labs.open_regime.reshape(-1)[place[best]] = regime[best]


def _enter_ledger(state: State, chosen: INT, weights: BOOL) -> None:
    """Append this month's releases, member by member in the order of developers and sizes."""
    candidates, ledger = state.candidates, state.ledger
    assert candidates is not None
    slots, sizes = chosen.shape[1:]
    event = np.flatnonzero(candidates.due)
    m, lab = np.divmod(event, slots)
    new = np.add.reduce(candidates.due, axis=1)
    # Rows of a member follow each other: its own rank among the events of all members, less those before it.
    turn = np.arange(len(m)) - (np.add.accumulate(new) - new)[m]
    size = np.arange(sizes)
    at = (m * ledger.lab.shape[1] + ledger.count[m] + turn * sizes)[:, None] + size
    entries: dict[str, Any] = {
        "lab": lab[:, None],
        "month": state.clock.month,
        "size": size,
        "log10_flop": _at(candidates.log10_flop, event),
        "capability": _at(candidates.capability, event),
        "offset": _at(candidates.offset, event),
        "jurisdiction": _at(state.labs.jurisdiction, event)[:, None],
        **_described(state, event, _at(chosen, event), _at(weights, event)),
    }
    for name, value in entries.items():
        column = getattr(ledger, name)
        column.reshape(-1, *column.shape[2:])[at] = value
    ledger.count = ledger.count + new * sizes


def _described(state: State, event: INT, regime: INT, is_open: BOOL) -> dict[str, F32 | INT]:
    """What the regimes of new releases ``(event, size)`` mean, for the ledger."""
    table, now = state.regimes, state.clock.month
    m = event // state.labs.active.shape[1]
    row = m[:, None] * len(table.ids) + regime
    floor = _at(on_developers(state, "transparency_floor"), event)[:, None]
    licence = np.where(table["code_openness"].take(row) >= OPEN, PERMISSIVE, RESTRICTED)
    usual = state.parameters.release.staged_delay_default.take(m)
    delay = np.maximum(usual, _at(on_developers(state, "staged_delay_months"), event))
    opens = now + np.rint(delay).astype(np.int64)[:, None]
    return {
        "regime": regime,
        "safeguard": table["safeguard_persistence"].take(row),
        "documentation": np.maximum(table["research_openness"].take(row), floor),
        "components": state.components.take(row),
        "licence": np.where(is_open, licence, PROPRIETARY),
        "open_month": np.where(is_open, now, NEVER),
        "opens_month": np.where(table.opens_to.take(regime) != regime, opens, NEVER),
    }
