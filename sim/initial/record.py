"""The ledger, the market, what is public and the artefact table at month 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import DOMAINS, HOSTS, JURISDICTIONS, SEGMENTS, SHAREABLE, SIZES
from sim.initial.table import reference_frontier
from sim.kernels.market import segment_sizes
from sim.setting import Clock, Parameters

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

NARROWEST_INTERVAL = 3
"""Fewest months between two runs of one developer, for the size of the ledger."""
WINDOW = 48
"""Months for which an artefact stays in the table; after that it is retired into totals."""
BLOCK = 24
"""Rows of artefacts that are added each month; a row stands for a weight of real ones."""


def ledger(members: int, slots: int, months: int) -> st.Ledger:
    """An empty ledger, large enough for every release that can come."""
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


def market(labs: st.Labs, p: Parameters) -> st.Market:
    """A market on which nothing is used yet; the first month clears it."""
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


def knowledge(labs: st.Labs, p: Parameters) -> st.Knowledge:
    """Public knowledge, and nothing stolen."""
    members = labs.active.shape[0]
    best = np.maximum.reduce(np.where(labs.active, labs.knowledge, np.float32(-99)), axis=1, keepdims=True)
    one = np.zeros((members, 1), np.float32)
    public = np.repeat(best - p.initial.public_gap, len(JURISDICTIONS), axis=1)
    return st.Knowledge(public, np.zeros((members, 3, len(DOMAINS)), np.float32), one, one.copy())


def artefacts(members: int, slots: int) -> st.Artefacts:
    """An empty table; `sim.stages.remembering` fills its window."""
    rows = WINDOW * BLOCK
    real = np.zeros((members, rows), np.float32)
    return st.Artefacts(
        block=BLOCK,
        log_quality=real,
        born=np.full(rows, -WINDOW, np.int64),
        weight=real.copy(),
        downloads=real.copy(),
        family=np.zeros((members, rows), np.int64),
        place=np.repeat(np.arange(0, members * slots, slots)[:, None], rows, axis=1),
        poisoned=real.copy(),
        permissive=real * 0,
        retired=np.zeros((members, 2), np.float32),
    )


def public(labs: st.Labs, clock: Clock, p: Parameters) -> st.Public:
    """The public record before the first month, with a past that rises at the trend."""
    members = len(labs.active)
    frontier = np.maximum.reduce(labs.capability, axis=1, keepdims=True)
    open_best = np.maximum.reduce(labs.open_capability, axis=1, keepdims=True)
    flop = np.maximum.reduce(labs.log10_flop, axis=1, keepdims=True)
    open_flop = np.maximum.reduce(labs.open_log10_flop, axis=1, keepdims=True)
    growth = p.initial.frontier_growth_before
    compute_growth = growth - p.initial.knowledge_before
    one = np.zeros((members, 1), np.float32)
    out = (labs.open_capability > 0).astype(np.float32)
    out = np.asarray(out / np.maximum(np.add.reduce(out, axis=1, keepdims=True), 1), np.float32)
    even = (labs.active / np.add.reduce(labs.active, axis=1, keepdims=True)).astype(np.float32)
    market_usd = np.add.reduce(segment_sizes(frontier, reference_frontier(p), p.market), axis=1, keepdims=True)
    return st.Public(
        frontier=frontier,
        open_best=open_best,
        api_best=frontier.copy(),
        capability=labs.capability.copy(),
        use_share=even,
        sold_share=even.copy(),
        earnings_usd=(even * market_usd / 12).astype(np.float32),
        **best_assets(labs),
        effort=labs.effort.copy(),
        market_usd=market_usd,
        builders_open=p.initial.builders_open_before.copy(),
        builders_family=np.asarray(p.initial.builders_open_before * out, np.float32),
        open_use=one.copy(),
        closeness=one + np.float32(0.5),
        concentration=one.copy(),
        reported=np.zeros((members, len(JURISDICTIONS)), np.float32),
        loss_ratio=np.ones((members, len(DOMAINS)), np.float32),
        information=np.ones((members, len(DOMAINS), len(JURISDICTIONS)), np.float32),
        dangerous_capability=one - np.float32(9),
        incidents=one.copy(),
        frontier_history=_past(frontier, growth, clock),
        open_history=_past(open_best, growth, clock),
        flop_history=_past(flop, compute_growth, clock),
        open_flop_history=_past(open_flop, compute_growth, clock),
    )


def best_assets(labs: st.Labs) -> dict[str, F32]:
    """The assets that rules can open, of the developer in business that has most; ``(member, 1)`` each."""
    owned = {f"best_{name}": getattr(labs, name) * labs.active for name in SHAREABLE}
    return {name: np.maximum.reduce(values, axis=1, keepdims=True) for name, values in owned.items()}


def _past(level: F32, growth: F32, clock: Clock) -> F32:
    """A history ``(member, HISTORY + months)`` that reached `level` at the start by `growth` a year.

    The months to come are 0.
    """
    back = (np.arange(st.HISTORY, dtype=np.float32) - st.HISTORY)[None, :] / 12
    out = np.zeros((len(level), st.HISTORY + clock.months), np.float32)
    out[:, : st.HISTORY] = level + growth * back
    return out
