"""The public record of the month, which everybody reads in the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import DOMAINS, ROUTE_COLUMNS
from sim.initial.record import best_assets
from sim.kernels import defence, misuse, picks
from sim.kernels.choice import HHI_SCALE, LN10, concentration
from sim.kernels.market import spread
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.stages.misusing import API, OPEN_WEIGHTS, by_place
from sim.stages.routes import PRICES_YEAR
from sim.state import State

F32 = NDArray[np.float32]

LEAST_USE = np.float32(1e-9)
"""Keeps shares finite where nothing is used."""
LEAST_EVENTS = 1e-9
"""Keeps a ratio of expected events finite."""


def publish_record(state: State) -> None:
    """Publish what became known this month."""
    capabilities(state)
    shares(state)
    reports(state)


def capabilities(state: State) -> None:
    """Frontiers, their histories, and how close the pursuers are."""
    labs, public = state.labs, state.public
    here = st.HISTORY + state.clock.month
    current = labs.capability * labs.active
    best_open = np.maximum.reduce(labs.open_capability, axis=1, keepdims=True)
    best = np.maximum.reduce(current, axis=1, keepdims=True)
    frontier = np.maximum(public.frontier_history[:, here - 1 : here], best)
    served = of_regime(state.regimes, "api_access", labs.regime) >= OPEN
    public.capability = current
    public.frontier, public.open_best = frontier, best_open
    public.api_best = np.maximum.reduce(current * served, axis=1, keepdims=True)
    flop = np.maximum.reduce(labs.log10_flop * labs.active, axis=1, keepdims=True)
    open_flop = np.maximum.reduce(labs.open_log10_flop, axis=1, keepdims=True)
    for history, value in (
        (public.frontier_history, frontier),
        (public.open_history, best_open),
        (public.flop_history, flop),
        (public.open_flop_history, open_flop),
    ):
        history[:, here] = np.maximum(history[:, here - 1], value[:, 0])
    ranked = np.sort(current, axis=1)
    second = np.maximum(ranked[:, -2:-1], best_open)
    public.closeness = np.exp(np.minimum(second - frontier, 0) * LN10)
    margin = frontier - state.parameters.misuse.uplift_threshold
    public.dangerous_capability = np.maximum.reduce(margin, axis=1, keepdims=True)
    for name, best in best_assets(labs).items():
        setattr(public, name, best)
    public.effort = labs.effort.copy()


def shares(state: State) -> None:
    """Use by family of base weights, revenue, and builders on open weights."""
    labs, public, offers = state.labs, state.public, state.market
    slots = labs.active.shape[1]
    weight = state.parameters.market.segment_weight[:, :, None]
    use: F32 = state.flows.values["use"]
    total = np.maximum(np.add.reduce(use, axis=1, keepdims=True), LEAST_USE)
    use = np.asarray(use / total, np.float32)
    own, family = use[:, :slots], offers.family[:, :slots]
    copied = family != np.arange(slots)
    shared = use[:, slots:] + spread(own, family, slots)
    public.use_share = shared
    bought = offers.share[:, :, :slots] * state.flows.values["bought"][:, :, None] * weight
    public.sold_share = np.add.reduce(bought, axis=1) / np.add.reduce(weight, axis=1)
    public.earnings_usd = labs.revenue_usd + labs.complement_usd - state.flows.values["shared_usd"]
    public.market_usd = np.add.reduce(state.flows.values["demand_usd"], axis=1, keepdims=True)
    weights = of_regime(state.regimes, "weights_access", labs.regime) >= OPEN
    public.open_use = np.add.reduce(use[:, slots:], axis=1, keepdims=True) + np.add.reduce(
        own * (weights | copied), axis=1, keepdims=True
    )
    public.builders_family = state.flows.values["builders_by_family"]
    public.builders_open = np.add.reduce(public.builders_family, axis=1, keepdims=True)
    public.concentration = (concentration(shared) / HHI_SCALE).astype(np.float32)[:, None]


def reports(state: State) -> None:
    """Harm that is reported as AI-attributed, by jurisdiction; incidents; what defenders know."""
    p, flows, public = state.parameters.misuse, state.flows.values, state.public
    duty = state.levers["incident_reporting"]
    share = misuse.reported_share(monitoring(state), duty, p)
    harm, by_ai, events = (by_place(flows[name]) for name in ("harm", "harm_ai", "events"))
    growth = misuse.exposure(state.clock.year - PRICES_YEAR, p)
    without = np.add.reduce(state.misusers.loss_usd * state.misusers.events_initial * growth, axis=1, keepdims=True)
    trend = state.parameters.initial.exposure_share * np.maximum(without, 1)
    known = np.add.reduce(np.add.reduce(np.maximum(by_ai, 0) * share, axis=3), axis=1)
    public.reported = (known / trend).astype(np.float32)
    ai = np.add.reduce((events * share)[..., 1:].reshape(state.members, -1), axis=1, keepdims=True)
    base = np.add.reduce(state.misusers.events_initial, axis=1, keepdims=True)
    public.incidents = misuse.incidents((ai / np.maximum(base, LEAST_EVENTS)).astype(np.float32), p)
    total = np.maximum(np.add.reduce(harm, axis=3), LEAST_EVENTS)
    reported = np.add.reduce(harm * share, axis=3) / total
    public.information = defence.informed(reported.astype(np.float32), state.parameters.defence)


def monitoring(state: State) -> F32:
    """Share of use that is seen by whoever runs the models that misusers use, ``(member, domain, column)``."""
    labs, flows, table = state.labs, state.flows.values, state.seen["enforcement"]
    seen = np.zeros((state.members, len(DOMAINS), ROUTE_COLUMNS), np.float32)
    seen[..., API] = picks.rows(of_regime(table, "monitoring", labs.regime), flows["misused"])
    seen[..., OPEN_WEIGHTS] = picks.rows(of_regime(table, "monitoring", labs.open_regime), flows["misused_weights"])
    return seen
