"""Developers train and evaluate; only then do they choose how to release, and the ledger grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actors.labs import LabView, release_payoffs
from sim.axes import BUSINESS_MODELS, DOMAINS, SIZES
from sim.duties import on_developers
from sim.initial import NARROWEST_INTERVAL
from sim.kernels import capability, oversight, release, safety
from sim.openness import component_mask
from sim.roster import Roster
from sim.state import Candidates, State, of_regime

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

COMMUNITY = BUSINESS_MODELS.index("community")
OPEN = np.float32(0.5)
"""Weights count as open when at least half of those who ask obtain them."""


def train(state: State) -> None:
    """Train the runs that are due and evaluate what came out."""
    labs, p = state.labs, state.parameters.capability
    slots = labs.active.shape[1]
    due = labs.active & (labs.next_run <= state.clock.month) & ~_suspended(state)
    compute_usd = labs.budget_usd * (1 - np.minimum(on_developers(state, "compliance_cost"), np.float32(0.9)))
    flop = capability.training_flop(
        _with_public_compute(state, compute_usd),
        state.clock.year,
        on_developers(state, "compute_price_factor") + on_developers(state, "export_control"),
        on_developers(state, "compute_cap_log10_flop"),
        (labs.business_model == COMMUNITY).astype(np.float32),
        state.normal("training.compute", slots),
        p,
    )
    base = flop + labs.knowledge + p.capability_shock * state.normal("training.capability", slots)
    base = base + safety.performance_lost(labs.effort)
    gain = capability.best_teacher(base, *_teachers(state), p)
    best = base + gain
    siblings = state.parameters.release
    small = best[:, :, None] - siblings.sibling_gap[:, None, :]
    small_flop = flop[:, :, None] - siblings.sibling_flop_gap[:, None, :]
    offset = _offsets(state)
    state.candidates = Candidates(due, small, small_flop, offset, *_evaluate(state, small, small_flop, offset))
    interval = capability.training_interval(capability.position(best, state.public.frontier), state.draw("training.interval", slots), p)
    delay = on_developers(state, "licence_delay_months") * (small_flop[:, :, 0] >= on_developers(state, "licence_above_log10_flop"))
    wait = np.maximum(np.rint(interval + delay), NARROWEST_INTERVAL).astype(np.int64)
    labs.next_run = np.where(due, state.clock.month + wait, np.maximum(labs.next_run, state.clock.month))


def _suspended(state: State) -> BOOL:
    """Runs near the frontier that a pause holds back this month."""
    near = capability.position(state.labs.capability, state.public.frontier)
    return np.asarray(state.draw("training.pause", near.shape[1]) < on_developers(state, "pause") * near)


def _with_public_compute(state: State, spend: F32) -> F32:
    """Spending with public compute, which is offered up to a share of the leader's run to those who spend less."""
    leader = np.maximum.reduce(spend, axis=1, keepdims=True)
    return np.asarray(np.maximum(spend, on_developers(state, "public_compute") * leader * state.labs.active))


def _teachers(state: State) -> tuple[F32, F32]:
    """Best model that anybody can download, and best that can only be queried, as this kernel sees regimes; ``(member, 1)`` each."""
    labs, table = state.labs, state.seen["capability"]
    served = of_regime(table, "api_access", labs.regime) >= OPEN
    weights = of_regime(table, "weights_access", labs.open_regime) >= OPEN
    best_open = np.where(weights & (labs.open_capability > 0), labs.open_capability, np.float32(0))
    best_api = np.where(served & labs.active, labs.capability, np.float32(0))
    return np.maximum.reduce(best_open, axis=1, keepdims=True), np.maximum.reduce(best_api, axis=1, keepdims=True)


def _offsets(state: State) -> F32:
    """Domain offsets of this month's models ``(member, lab, size, domain)``; a few small siblings are specialised tools."""
    p = state.parameters.release
    slots, domains, sizes = state.labs.active.shape[1], len(DOMAINS), len(SIZES)
    general = p.offset_sd[:, :, None] * state.normal("training.offset", slots * domains).reshape(-1, slots, domains)
    out = np.repeat(general[:, :, None, :], sizes, axis=2)
    u = state.draw("training.narrow", slots * 2).reshape(-1, slots, 2)
    which = np.minimum((u[:, :, 1] * domains).astype(np.int64), domains - 1)
    special = (u[:, :, 0] < p.narrow_share)[:, :, None] & (which[:, :, None] == np.arange(domains))
    out[:, :, sizes - 1, :] += special * p.narrow_offset[:, :, None]
    return np.asarray(out)


def _evaluate(state: State, small: F32, small_flop: F32, offset: F32) -> tuple[BOOL, F32]:
    """What the law permits and what each regime is worth, for every size; ``(member, lab, size, regime)``."""
    permitted, payoff = [], []
    p, labs = state.parameters.release, state.labs
    thresholds = on_developers(state, "forbidden_above")
    domain_floor = state.parameters.misuse.uplift_threshold[:, None, :]
    noise = state.normal("training.risk", labs.active.shape[1])
    share = release.expected_share(small[:, :, 0], labs.capability, labs.active, state.public.open_best, p)
    for size in range(len(SIZES)):
        margin = np.maximum.reduce(small[:, :, size, None] + offset[:, :, size, :] - domain_floor, axis=-1)
        metrics = np.stack([small_flop[:, :, size], small[:, :, size], small[:, :, size] - state.public.frontier, margin], axis=-1)
        permitted.append(release.permitted(metrics.astype(np.float32), thresholds, _can_be_chosen(state)))
        payoff.append(release_payoffs(state, small[:, :, size], share, p.sibling_cannibalisation[:, size : size + 1], noise))
    return np.stack(permitted, axis=2), np.stack(payoff, axis=2)


def _can_be_chosen(state: State) -> BOOL:
    """Rows that a developer can choose: not those that only a staged release turns into, ``(regime,)``."""
    rows = np.arange(len(state.regimes.ids))
    return ~np.isin(rows, state.regimes.opens_to[state.regimes.opens_to != rows])


def publish(state: State, roster: Roster) -> None:
    """Developers choose the regime of what they trained; the models enter the ledger and the market."""
    labs, candidates = state.labs, state.candidates
    assert candidates is not None
    chosen = np.zeros(candidates.log10_flop.shape, np.int64)
    for lab, columns in roster.labs:
        chosen[:, columns] = lab.regime(LabView(state, columns))
    due = candidates.due
    rows = state.regimes
    weights = np.stack([of_regime(rows, "weights_access", chosen[:, :, s]) >= OPEN for s in range(len(SIZES))], axis=2)
    _flagship(state, chosen[:, :, 0])
    _open_models(state, chosen, weights & due[:, :, None])
    _enter_ledger(state, chosen, weights)
    state.flows.values["released"] = np.add.reduce(due, axis=1, keepdims=True) * len(SIZES)


def _flagship(state: State, regime: INT) -> None:
    labs, candidates = state.labs, state.candidates
    assert candidates is not None
    due, best = candidates.due, candidates.capability[:, :, 0]
    survival = safety.survival(labs.effort, state.parameters.safety.safety_returns)
    inherited = labs.flaws_hidden + labs.flaws_known
    flaws = oversight.flaws_at_release(best, survival, inherited, state.parameters.oversight)
    mitigated = on_developers(state, "licence_strictness") * (candidates.log10_flop[:, :, 0] >= on_developers(state, "licence_above_log10_flop"))
    labs.flaws_hidden = np.where(due, flaws * (1 - mitigated), labs.flaws_hidden)
    labs.flaws_known = np.where(due, np.float32(0), labs.flaws_known)
    labs.capability = np.where(due, best, labs.capability)
    labs.log10_flop = np.where(due, candidates.log10_flop[:, :, 0], labs.log10_flop)
    labs.offset = np.where(due[:, :, None], candidates.offset[:, :, 0], labs.offset)
    labs.regime = np.where(due, regime, labs.regime)


def _open_models(state: State, chosen: INT, opened: BOOL) -> None:
    """Weights that come out this month raise what is within everybody's reach, for good."""
    candidates = state.candidates
    assert candidates is not None
    for size in range(len(SIZES)):
        reach(state, opened[:, :, size], candidates.capability[:, :, size], candidates.offset[:, :, size], candidates.log10_flop[:, :, size], chosen[:, :, size])


def reach(state: State, opened: BOOL, level: F32, offset: F32, flop: F32, regime: INT) -> None:
    """Raise the open frontier of each developer by models ``(member, lab)`` whose weights are out."""
    labs = state.labs
    better = opened & (level > labs.open_capability)
    labs.open_capability = np.where(better, level, labs.open_capability)
    labs.open_log10_flop = np.where(better, flop, labs.open_log10_flop)
    labs.open_regime = np.where(better, regime, labs.open_regime)
    domains = np.where(opened[:, :, None], level[:, :, None] + offset, np.float32(0))
    labs.open_reach = np.maximum(labs.open_reach, domains)


def _enter_ledger(state: State, chosen: INT, weights: BOOL) -> None:
    """Append this month's releases, member by member in the order of developers and sizes."""
    candidates, ledger = state.candidates, state.ledger
    assert candidates is not None
    members, slots, sizes = chosen.shape
    new = np.repeat(candidates.due[:, :, None], sizes, axis=2).reshape(members, -1)
    place = ledger.count[:, None] + np.cumsum(new, axis=1) - 1
    m, k = np.nonzero(new)
    r, lab, size = place[m, k], k // sizes, k % sizes
    regime = chosen[m, lab, size]
    ledger.lab[m, r], ledger.month[m, r], ledger.size[m, r], ledger.regime[m, r] = lab, state.clock.month, size, regime
    ledger.log10_flop[m, r] = candidates.log10_flop[m, lab, size]
    ledger.capability[m, r] = candidates.capability[m, lab, size]
    ledger.offset[m, r] = candidates.offset[m, lab, size]
    ledger.jurisdiction[m, r] = state.labs.jurisdiction[m, lab]
    table = state.regimes
    ledger.safeguard[m, r] = table["safeguard_persistence"][m, regime]
    floor = on_developers(state, "transparency_floor")[m, lab]
    ledger.documentation[m, r] = np.maximum(table["research_openness"][m, regime], floor)
    ledger.components[m, r] = component_mask(table, m, regime)
    permissive = table["code_openness"][m, regime] >= OPEN
    is_open = weights[m, lab, size]
    ledger.licence[m, r] = np.where(is_open, np.where(permissive, 2, 1), 0)
    ledger.open_month[m, r] = np.where(is_open, state.clock.month, -1)
    staged = state.regimes.opens_to[regime] != regime
    delay = np.maximum(state.parameters.release.staged_delay_default[:, 0][m], on_developers(state, "staged_delay_months")[m, lab])
    ledger.opens_month[m, r] = np.where(staged, state.clock.month + np.rint(delay).astype(np.int64), -1)
    ledger.count = ledger.count + np.add.reduce(new, axis=1)
    state.flows.values["new_releases"] = (m, r)

