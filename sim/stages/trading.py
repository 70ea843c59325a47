"""The market clears: offers, shares, payments, money, exit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.actors.assets import at_hand
from sim.duties import on_developers, on_world
from sim.initial import reference_frontier
from sim.kernels import market
from sim.kernels.picks import rows
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.state import State

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]

LEAST_REACHED = np.float32(1e-3)
"""Share of users that a service keeps when it is withdrawn everywhere, so that logarithms stay finite."""
LEAST_SERVED = np.float32(0.05)
"""A service that fewer can reach is no offer."""
LEAST = np.float32(1e-6)
"""Keeps a ratio of stakes finite."""


def clear_market(state: State) -> None:
    """Offer, choose, pay, then settle accounts."""
    offer(state)
    choose(state)
    pay(state)
    settle(state)


def offer(state: State) -> None:
    """Put together what is on offer: each developer's own service, and each developer's open weights on hosts."""
    labs, p = state.labs, state.parameters
    table = state.seen["market"]
    slots = labs.active.shape[1]
    served = of_regime(table, "api_access", labs.regime)
    has_open = (labs.open_capability > 0) & (of_regime(table, "weights_access", labs.open_regime) >= OPEN)
    reachable = labs.open_capability * has_open
    best = np.maximum.reduce(reachable, axis=1, keepdims=True)
    copied = best - p.capability.copy_gap
    copies = labs.active & (copied > labs.capability) & (best > 0)
    own = np.where(copies, copied, labs.capability)
    base = reachable.argmax(axis=1)[:, None]
    frontier = np.maximum(np.maximum.reduce(labs.capability * labs.active, axis=1, keepdims=True), best)
    offered = labs.active & ((served > LEAST_SERVED) | copies)
    near = frontier - p.market.serving_gap
    level = np.concatenate([own, reachable], axis=1)
    available = np.concatenate([offered, has_open], axis=1) & (level > near)
    state.market.capability = np.where(available, level, frontier)
    state.market.family = _own_families(*own.shape).copy()
    np.copyto(state.market.family[:, :slots], base, where=copies)
    state.market.available = available
    hosted = p.market.host_markup * market.unit_cost(reachable, frontier, p.market)
    free = of_regime(table, "weights_access", labs.regime) >= OPEN
    price = np.where(free & ~copies, np.minimum(labs.price, hosted), labs.price)
    state.market.price = np.concatenate([price, hosted], axis=1).astype(np.float32)
    state.flows.values["market_frontier"] = frontier


@lru_cache(maxsize=32)
def _own_families(members: int, slots: int) -> INT:
    """Family of every option, ``(member, option)``, where nobody's service is a copy; read-only."""
    own = np.tile(np.arange(slots), (members, 2))
    own.flags.writeable = False
    return own


def runs_on_open(state: State) -> tuple[BOOL, BOOL]:
    """Which developers' own service runs on open weights, copies or their own, and which on their own that hosts serve
    as well; ``(member, lab)`` each.
    """
    labs = state.labs
    slots = labs.active.shape[1]
    free = of_regime(state.seen["market"], "weights_access", labs.regime) >= OPEN
    copied = state.market.family[:, :slots] != np.arange(slots)
    return free | copied, free & ~copied


def reached(state: State) -> F32:
    """Share of users in the jurisdictions where each developer offers its own service, ``(member, lab)``."""
    # Jurisdictions first in memory: sums over a short last axis are slow.
    sells = np.ascontiguousarray(state.labs.sells.transpose(2, 0, 1))
    reached = np.add.reduce(sells * state.parameters.initial.exposure_share.T[:, :, None], axis=0)
    return np.asarray(np.maximum(reached, LEAST_REACHED))


def choose(state: State) -> None:
    """Users choose among the offers; a share of them reconsiders."""
    labs, p, offers = state.labs, state.parameters.market, state.market
    table = state.seen["market"]
    frontier = state.flows.values["market_frontier"]
    slots = labs.active.shape[1]
    custom = of_regime(table, "customisability", np.concatenate([labs.regime, labs.open_regime], axis=1))
    state.flows.values["cloud"] = at_hand(state, "cloud")
    # Hosts reach users as the average developer does.
    distribution = np.repeat(np.add.reduce(labs.distribution, axis=1, keepdims=True) / slots, 2 * slots, axis=1)
    distribution[:, :slots] = at_hand(state, "distribution")
    on_open, own = runs_on_open(state)
    hosted = np.ones_like(distribution)
    hosted[:, :slots] = on_open
    utility = market.utilities(
        offers.capability - frontier,
        offers.price,
        custom,
        distribution,
        hosted,
        offers.available,
        p,
    )
    utility[:, :, :slots] += np.log(reached(state))[:, None, :]
    utility[:, :, :slots] += p.brand_weight[:, :, None] * labs.brand[:, None, :]
    drawn = p.ecosystem_weight * state.public.builders_family
    utility[:, :, :slots] += ((drawn - p.host_convenience) * own)[:, None, :]
    utility[:, :, slots:] += drawn[:, None, :]
    wanted, gained = market.nested_shares(utility, offers.family, p)
    freed = on_world(state, "interoperability", state.parameters.initial.exposure_share)
    known = np.maximum.reduce(offers.share.reshape(len(own), -1), axis=1, keepdims=True) > 0
    offers.share = market.share_step(offers.share, wanted, offers.available, freed, p)
    state.flows.values["use"] = used = np.add.reduce(offers.share * p.segment_weight[:, :, None], axis=1)
    labs.brand = market.brand_step(labs.brand, used[:, :slots], known, p)
    paid = np.add.reduce(offers.share * offers.price[:, None, :], axis=2)
    demand = market.demand_response(paid, np.add.reduce(offers.share, axis=2), p)
    state.flows.values["demand_usd"] = market.segment_sizes(frontier, reference_frontier(state.parameters), p)
    offers.size = state.flows.values["demand_usd"] * demand
    state.flows.values["bought"] = 1 - np.exp(-gained)
    offers.surplus_usd = market.surplus(state.flows.values["demand_usd"], demand, gained, p)


def pay(state: State) -> None:
    """Users pay developers for their own service, and hosts for open weights: different payees."""
    offers, p = state.market, state.parameters.market
    slots = state.labs.active.shape[1]
    offers.payments = market.revenue(offers.share, offers.price, offers.size, p)
    by_option = np.add.reduce(offers.payments, axis=1)
    owners, hosted = by_option[:, :slots], by_option[:, slots:]
    state.labs.revenue_usd = owners
    hosts = np.add.reduce(hosted, axis=1, keepdims=True)
    offers.host_revenue = hosts * market.host_split(p)
    offers.paid_in_usd += np.add.reduce(np.add.reduce(offers.payments.astype(np.float64), axis=2), axis=1)
    offers.paid_out_usd += np.add.reduce(state.labs.revenue_usd.astype(np.float64), axis=1)
    offers.paid_out_usd += np.add.reduce(offers.host_revenue.astype(np.float64), axis=1)


def settle(state: State) -> None:
    """Developers spend, earn, raise money, or leave."""
    labs, p, offers = state.labs, state.parameters, state.market
    slots = labs.active.shape[1]
    flows = state.flows.values
    cost = market.serving_cost(offers.capability[:, :slots], flows["market_frontier"], flows["cloud"], p.market)
    margin = np.maximum(1 - cost / np.maximum(offers.price[:, :slots], cost), 0)
    stake = rows(p.release.complement_stake, labs.business_model) * labs.cloud
    hosted = np.add.reduce(offers.host_revenue, axis=1, keepdims=True)
    complements = (
        p.market.complement_return
        * stake
        * hosted
        / np.maximum(np.add.reduce(stake * labs.active, axis=1, keepdims=True), LEAST)
    )
    labs.complement_usd = np.asarray(complements * labs.active, np.float32)
    income = labs.revenue_usd * margin + labs.complement_usd
    shared = income * np.minimum(on_developers(state, "benefit_share"), 1)
    income = income - shared
    outlay = labs.budget_usd * (1 + p.market.research_multiple) / 12
    cash = labs.cash_usd + income - outlay
    burn = np.maximum(outlay - income, np.float32(1))
    raised = market.raises_funds(
        np.asarray(cash / burn, np.float32),
        labs.capability,
        state.public.frontier,
        state.draw("market.funding", slots),
        p.market,
    )
    cash = cash + p.market.raise_months * outlay * (raised & labs.active)
    leaves = labs.active & (cash < 0) & (p.market.enabled > 0)
    state.flows.values["exits"] = np.add.reduce(leaves, axis=1, keepdims=True)
    labs.active = labs.active & ~leaves
    state.flows.values["shared_usd"] = np.where(labs.active, shared, np.float32(0))
    labs.cash_usd = np.where(labs.active, cash, np.float32(0))
    labs.budget_usd = labs.budget_usd * labs.active
    labs.revenue_usd = labs.revenue_usd * labs.active
