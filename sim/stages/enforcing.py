"""Enforcement: audits, breaches, penalties, relocation and withdrawal; and the hazards that strike."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.axes import DOMAINS, JURISDICTIONS, ROUTE_COLUMNS
from sim.duties import on_classes, on_developers, where_bound
from sim.exemptions import relief_of_flagships
from sim.initial import usual_places
from sim.kernels import catastrophe, enforcement, safety
from sim.kernels.choice import RECORDS
from sim.kernels.picks import rows
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.stages.misusing import OPEN_WEIGHTS
from sim.state import State

BOOL = NDArray[np.bool_]

BIO = DOMAINS.index("bio")
LEAST_EVENTS = 1e-9
"""Keeps ratios of expected events finite."""
LEAST_ATTEMPTS = 1e-12
"""Like `LEAST_EVENTS`, keeps ratios of expected attempts finite."""


def enforce(state: State) -> None:
    """Audit, penalise, and let developers move."""
    audit(state)
    move(state)


def audit(state: State) -> None:
    """Audits limited by capacity; detection depends on access; the heaviest penalty comes after its regulator's lag."""
    labs, p, table = state.labs, state.parameters.enforcement, state.seen["enforcement"]
    slots = labs.active.shape[1]
    rate = on_developers(state, "audit_rate") * labs.active
    binds = where_bound(state) & labs.active[:, :, None]  # jurisdictions first in memory, and so in what follows
    law = binds * state.levers["audit_rate"][:, None, :]
    if "audit_exemption" in state.levers.moved:
        weights = of_regime(state.regimes, "weights_access", labs.regime) >= OPEN
        left = 1 - relief_of_flagships(state, "audit_rate", "audit_exemption") * weights
        rate, law = rate * left, law * left[:, :, None]
    given = of_regime(table, "audit_access", labs.regime)
    access = np.maximum(given, on_developers(state, "audit_access"))
    bound = np.add.reduce(law > 0, axis=1)
    audited = enforcement.audits(law, bound, state.draw("enforcement.audit", slots), p)
    share = on_developers(state, "penalty_share")
    chance = enforcement.breach_probability(share, rate, access, p)
    labs.in_breach = labs.active & (state.draw("enforcement.breach", slots) < chance)
    proven = enforcement.detected(labs.in_breach, audited, access, state.draw("enforcement.detect", slots), p)
    m, lab = np.nonzero(proven)
    if len(m):
        case = np.argmax(state.levers["penalty_share"][m] * binds[m, lab], axis=1)
        labs.pending_usd = np.ascontiguousarray(labs.pending_usd.transpose(2, 0, 1)).transpose(1, 2, 0)
        labs.pending_usd[m, lab, case] += (share * labs.revenue_usd * 12)[m, lab]
    labs.pending_usd, closed = enforcement.penalties_due(labs.pending_usd, p)
    paid = np.add.reduce(closed, axis=2)
    labs.cash_usd = labs.cash_usd - paid
    flows = state.flows.values
    flows["audits"] = np.add.reduce(audited, axis=1, keepdims=True)
    flows["breaches"] = np.add.reduce(labs.in_breach, axis=1, keepdims=True)
    flows["breaches_found"] = np.add.reduce(proven, axis=1, keepdims=True)
    flows["penalties"] = np.add.reduce(paid, axis=1, keepdims=True)


def move(state: State) -> None:
    """Developers leave demanding homes, and withdraw from jurisdictions that cost more than they bring, or return."""
    labs, p = state.labs, state.parameters.enforcement
    slots, places = labs.active.shape[1], len(JURISDICTIONS)
    stringency = state.regulators.stringency
    # The cost in force contains that of stringency, which is counted here by itself.
    burden = stringency * (1 - p.stringency_compliance) + state.levers["compliance_cost"]
    home = rows(burden, labs.jurisdiction)
    least = np.minimum.reduce(burden, axis=1, keepdims=True)
    moves = enforcement.relocates(home, least, state.draw("enforcement.relocate", slots), p) & labs.active
    labs.jurisdiction = np.where(moves, burden.argmin(axis=1)[:, None], labs.jurisdiction)
    u = state.draw("enforcement.withdraw", slots * places).reshape(-1, slots, places)
    abroad = ABROAD.take(labs.jurisdiction, axis=0)
    excess = (burden - least)[:, None, :]
    leaves = enforcement.relocates(excess, np.zeros_like(excess), u, _wide(p)) & abroad
    left = labs.sells & leaves
    away = ~labs.sells & USUAL.take(labs.jurisdiction, axis=0) & labs.active[:, :, None]
    v = state.draw("enforcement.return", slots * places).reshape(-1, slots, places)
    back = away & enforcement.comes_back(excess * abroad, v, p)
    labs.sells = (labs.sells & ~left) | back
    state.flows.values["relocations"] = np.add.reduce(moves, axis=1, keepdims=True)
    left &= labs.active[:, :, None]
    state.flows.values["withdrawals"] = np.add.reduce(left.reshape(len(left), -1), axis=1)
    state.flows.values["returns"] = np.add.reduce(back.reshape(len(back), -1), axis=1)


ABROAD = ~np.eye(len(JURISDICTIONS), dtype=bool)
USUAL = usual_places(np.arange(len(JURISDICTIONS)))
"""Where is abroad, and where developers sell as usual, ``(home, jurisdiction)``: no return to anywhere else."""


@lru_cache(maxsize=RECORDS)
def _wide(p: enforcement.Parameters) -> enforcement.Parameters:
    """The record with an axis more, for choices by developer and jurisdiction."""
    wide = {name: getattr(p, name)[:, :, None] for name in ("enabled", "relocation_rate", "relocation_burden")}
    return enforcement.Parameters(**{**vars(p), **wide})


def hazards(state: State) -> None:
    """The three hazards of the month, expected and realised."""
    labs, p, flows = state.labs, state.parameters, state.flows.values
    events = flows["events"][:, BIO]
    start = np.maximum(state.misusers.events_initial[:, BIO : BIO + 1], LEAST_EVENTS)
    attempts = np.add.reduce(np.add.reduce(events, axis=2), axis=1)[:, None] / start
    gone = np.add.reduce(events[:, :, OPEN_WEIGHTS], axis=1)[:, None] / np.maximum(attempts * start, LEAST_ATTEMPTS)
    beyond = gone * p.channels.catastrophe
    weights = state.defenders.class_exposure
    screening = np.add.reduce(on_classes(state, "synthesis_screening") * weights, axis=1, keepdims=True)
    tools = _tools(state)
    misuse = catastrophe.misuse_hazard(
        attempts.astype(np.float32), beyond.astype(np.float32), screening, tools, p.catastrophe
    )
    open_builders = np.add.reduce(flows["builders_by_family"], axis=1, keepdims=True)
    outside = p.channels.safety * open_builders * of_open_access(state)
    flaws = labs.flaws_hidden + labs.flaws_known
    each = safety.accident_hazard(
        labs.capability, labs.effort, flaws, outside, labs.active & (labs.capability > 0), p.safety
    )
    laboratory = np.add.reduce(each, axis=1, keepdims=True)
    accident = catastrophe.accident_hazard(laboratory, state.public.closeness * p.channels.safety, p.catastrophe)
    shares = state.public.use_share
    known = np.add.reduce(shares * flaws, axis=1, keepdims=True)
    correlated = catastrophe.correlated_hazard(shares, state.public.frontier, known, p.catastrophe)
    hazards = {"misuse": misuse, "accident": accident, "correlated": correlated}
    strikes = state.draw("catastrophe.strikes", len(hazards))
    for k, (name, hazard) in enumerate(hazards.items()):
        flows[f"hazard_{name}"] = hazard
        flows[f"struck_{name}"] = catastrophe.happens(hazard, strikes[:, k : k + 1])
        state.catastrophe[name] = state.catastrophe[name] + hazard[:, 0].astype(np.float64)
    flows["accidents"] = laboratory
    assert flows["events"].shape[-1] == ROUTE_COLUMNS


def of_open_access(state: State) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Depth of access to the best open model, 0 to 1, as the safety kernel sees regimes; ``(member, 1)``."""
    labs = state.labs
    best = labs.open_capability.argmax(axis=1)[:, None]
    access = of_regime(state.seen["safety"], "audit_access", rows(labs.open_regime, best))
    return np.where(rows(labs.open_capability, best) > 0, access, np.float32(0))


def _tools(state: State) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Mean defensive tools in the gravest domain, log-odds ``(member, 1)``."""
    mine = (state.defenders.domain == BIO).astype(np.float32)
    count = np.maximum(np.add.reduce(mine), 1)
    return np.asarray(np.add.reduce(state.defenders.tools * mine, axis=1, keepdims=True) / count)


def bound_jurisdictions(state: State) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Where each developer is bound, for the record; ``(member, lab, jurisdiction)``."""
    return where_bound(state) & state.labs.active[:, :, None]
