"""Outcomes of innovation, concentration, lags and governance, each measured from the state of a finished month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import BUSINESS_MODELS, JURISDICTIONS
from sim.kernels import release
from sim.kernels.choice import HHI_SCALE, concentration, exp10
from sim.kernels.market import firms_of_hosts, rating_gap, spread
from sim.kernels.picks import rows
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.state import State

F64 = NDArray[np.float64]

YEAR = 12
ENTERPRISE, DEVELOPER, CONSUMER = slice(0, 2), 2, 3
GIANT = BUSINESS_MODELS.index("platform_giant")


def column(x: NDArray[np.generic]) -> F64:
    """One value a member, float64."""
    return np.asarray(x, np.float64).reshape(len(x), -1)[:, 0]


def total(x: NDArray[np.generic]) -> F64:
    """Sum over everything but members, float64."""
    return np.asarray(np.add.reduce(x.reshape(len(x), -1), axis=1, dtype=np.float64))


def ratio(part: F64, whole: F64) -> F64:
    """Quotient, 0 where the whole is 0."""
    return np.asarray(part / np.where(whole > 0, whole, np.inf))


def innovation(state: State) -> dict[str, F64]:
    """Innovation, surplus and prices."""
    flows, p, offers = state.flows.values, state.parameters, state.market
    n = state.builders.base.shape[1]
    rate = column(flows["innovation_rate"]) / n
    made = rate * column(p.initial.builders_real)
    surplus = total(offers.surplus_usd)
    received = total(state.labs.revenue_usd) + total(offers.host_revenue)
    best = np.argmax(offers.capability * offers.available, axis=1)[:, None]
    start = state.public.frontier_history[:, st.HISTORY - 1][:, None]
    good = offers.available & (offers.capability >= start)
    cheapest = np.minimum.reduce(np.where(good, offers.price, np.float32(1e9)), axis=1)
    flagship = column(rows(offers.price, best))
    on_open = total(flows["innovation_by_family"])
    return {
        "innovation_rate": rate,
        "cumulative_innovation": made,
        "innovation_on_open": ratio(on_open, rate * n),
        "consumer_surplus": surplus,
        "surplus_enterprise": total(offers.surplus_usd[:, ENTERPRISE]),
        "surplus_developers": column(offers.surplus_usd[:, DEVELOPER]),
        "surplus_consumers": column(offers.surplus_usd[:, CONSUMER]),
        "external_safety_findings": column(flows["findings"]),
        "builders_open_share": column(state.public.builders_open),
        "derivatives": column(flows["derivatives"]),
        "social_private_return": ratio(surplus + made * column(p.innovation.value_usd) + received, received),
        "entries": column(flows["entries"]),
        "flagship_price": flagship,
        "fixed_capability_price": np.where(cheapest < np.float32(1e8), cheapest.astype(np.float64), flagship),
    }


def market_structure(state: State) -> dict[str, F64]:
    """Concentration by layer, and shares of payees."""
    labs, offers = state.labs, state.market
    slots = labs.active.shape[1]
    firms = firms_of_hosts(state.parameters.market)
    payees = np.concatenate([labs.revenue_usd, offers.host_revenue], axis=1)
    paid = total(payees)
    each = offers.host_revenue / firms
    again = each[:, -1:] * (np.arange(1, 3) < firms[:, -1:])  # more firms of the fringe, should they be among the three
    top = np.sort(np.concatenate([labs.revenue_usd, each, again], axis=1), axis=1)[:, -3:]
    enterprise = np.add.reduce(offers.payments[:, ENTERPRISE], axis=1)
    hosted = np.add.reduce(enterprise[:, slots:], axis=1, keepdims=True) * _host_split(state)
    giants = labs.revenue_usd * (labs.business_model == GIANT)
    alone = np.concatenate([np.ones_like(labs.revenue_usd), firms], axis=1)
    api, services = concentration(np.stack([payees, np.concatenate([enterprise[:, :slots], hosted], axis=1)]), alone)
    layers = dict(zip(LAYERS, concentration(np.stack(_by_lab(state))), strict=True))
    spread_out = layers.pop("effective_developers")
    return {
        "api_revenue_hhi": api,
        "api_revenue_cr3": ratio(total(top), paid),
        "enterprise_revenue_hhi": services,
        **layers,
        "concentration_index": (api + layers["usage_hhi"] + layers["training_compute_hhi"]) / 3,
        "host_revenue_share": ratio(total(offers.host_revenue), paid),
        "complement_owner_share": ratio(total(giants) + total(offers.host_revenue[:, :-1]), paid),
        "active_labs": total(labs.active),
        "effective_developers": ratio(np.full(len(paid), HHI_SCALE), spread_out),
    }


LAYERS: tuple[str, ...] = ("usage_hhi", "enterprise_usage_hhi", "developer_usage_hhi", "consumer_usage_hhi")
LAYERS += ("training_compute_hhi", "data_hhi", "labour_hhi", "framework_hhi", "effective_developers")
"""What is concentrated among developers, in the order of `_by_lab`."""


def _by_lab(state: State) -> tuple[NDArray[np.float32], ...]:
    """Amounts by developer, or by family of base weights, ``(member, lab)`` each."""
    labs, offers, flows = state.labs, state.market, state.flows.values
    slots = labs.active.shape[1]
    weight = state.parameters.market.segment_weight[:, ENTERPRISE, None]
    enterprises = by_family(state, np.add.reduce(offers.share[:, ENTERPRISE] * weight, axis=1))
    developers, consumers = (by_family(state, offers.share[:, segment]) for segment in (DEVELOPER, CONSUMER))
    flop = exp10(labs.log10_flop - np.float32(25)) * (labs.active & (labs.log10_flop > 0))
    effective = exp10(labs.capability - state.public.frontier) * (labs.active & (labs.capability > 0))
    use = state.public.use_share
    frameworks = flows["builders_by_option"][:, :slots] + flows["builders_by_option"][:, slots:]
    data, labour = use * labs.data, labs.budget_usd * labs.labour
    return use, enterprises, developers, consumers, flop, data, labour, frameworks, effective


def _host_split(state: State) -> NDArray[np.float32]:
    hosts = np.add.reduce(state.market.host_revenue, axis=1, keepdims=True)
    return np.asarray(
        np.divide(state.market.host_revenue, hosts, out=np.zeros_like(state.market.host_revenue), where=hosts > 0)
    )


def by_family(state: State, share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Use by option ``(member, option)`` as use by family of base weights, ``(member, lab)``."""
    return np.asarray(spread(share, state.market.family, state.labs.active.shape[1]))


def openness(state: State) -> dict[str, F64]:
    """Open shares of use, and of use by home of developers."""
    labs, offers = state.labs, state.market
    slots = labs.active.shape[1]
    weights = of_regime(state.regimes, "weights_access", labs.regime) >= OPEN
    copied = offers.family[:, :slots] != np.arange(slots)
    is_open = np.concatenate([weights | copied, np.ones_like(weights)], axis=1)
    by_segment = np.add.reduce(offers.share * is_open[:, None, :], axis=2)
    size = state.parameters.market.segment_weight
    leader = np.argmax(labs.capability * labs.active, axis=1)[:, None]
    home = labs.jurisdiction
    out = {
        "open_usage_share": column(state.public.open_use),
        "open_usage_share_enterprise": ratio(
            total(by_segment[:, ENTERPRISE] * size[:, ENTERPRISE]), total(size[:, ENTERPRISE])
        ),
        "open_usage_share_developer": column(by_segment[:, DEVELOPER : DEVELOPER + 1]),
        "leader_open": column(rows(weights, leader)),
        "us_use_share": total(state.public.use_share * (home == JURISDICTIONS.index("us"))),
        "china_use_share": total(state.public.use_share * (home == JURISDICTIONS.index("china"))),
    }
    return out


def lags(state: State) -> dict[str, F64]:
    """Frontiers and how far open models stand behind."""
    public, labs = state.public, state.labs
    here = st.HISTORY + state.clock.month
    return {
        "frontier_capability": public.frontier_history[:, here].astype(np.float64),
        "open_capability": public.open_history[:, here].astype(np.float64),
        "frontier_training_flop": exp10(public.flop_history[:, here]).astype(np.float64),
        "training_cost_usd": np.maximum.reduce(labs.budget_usd, axis=1).astype(np.float64),
        "capability_lag_months": _behind(public.frontier_history, public.open_history, here),
        "compute_lag_months": _behind(public.flop_history, public.open_flop_history, here),
        "elo_gap": rating_gap(
            public.frontier_history[:, here], public.open_history[:, here], state.parameters.market
        ).astype(np.float64),
    }


def _behind(leading: NDArray[np.float32], following: NDArray[np.float32], here: int) -> F64:
    """Months since the leading series passed what the following one has reached now."""
    passed = leading[:, : here + 1] > following[:, here : here + 1]
    return np.asarray(np.add.reduce(passed, axis=1), np.float64)


def governance(state: State) -> dict[str, F64]:
    """Cost and reach of rules, effort and flaws."""
    flows, labs = state.flows.values, state.labs
    duties = flows["duties"]["compliance_cost"]
    out_there = np.maximum(state.public.open_best[:, 0], np.maximum.reduce(state.knowledge.stolen[:, 2], axis=1))
    flaws = (labs.flaws_hidden + labs.flaws_known) * state.public.use_share
    spending = labs.budget_usd * (1 + state.parameters.market.research_multiple) / YEAR
    return {
        "compliance_cost_usd": total(duties * spending),
        "audits": column(flows["audits"]),
        "breaches": column(flows["breaches"]),
        "breaches_found": column(flows["breaches_found"]),
        "penalties_usd": column(flows["penalties"]),
        "benefits_shared_usd": total(flows["shared_usd"]),
        "relocations": column(flows["relocations"]),
        "withdrawals": column(flows["withdrawals"]),
        "returns": column(flows["returns"]),
        "stringency": total(state.regulators.stringency) / len(JURISDICTIONS),
        "safety_effort": ratio(total(labs.effort * labs.active), total(labs.active)),
        "unresolved_flaws": total(flaws),
        "frontier_danger": column(release.true_risk(state.public.frontier, state.parameters.release)),
        "capability_beyond_recall": out_there.astype(np.float64),
    }
