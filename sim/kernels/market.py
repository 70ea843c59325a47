"""Market: demand nested by family of base weights, prices, different payees, funding, entry and exit.

Options are numbered ``0 … L−1`` for each developer's own service and ``L … 2L−1`` for each developer's open weights as
hosts serve them. Prices and costs are in units of the cost of serving the frontier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import RECORDS, exp10, logistic

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)

ABSENT = np.float32(-1e4)
"""Utility of an option that is not on offer."""
MONTHS = np.float32(12)  # of a year


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/market.toml``."""

    enabled: F32
    revenue_initial_usd: F32
    revenue_largest_usd: F32
    demand_elasticity: F32
    price_response: F32
    segment_weight: F32
    capability_weight: F32
    price_sensitivity: F32
    open_intercept: F32
    customisability_weight: F32
    complement_weight: F32
    complement_cost: F32
    brand_weight: F32
    brand_speed: F32
    outside_utility: F32
    nest_dissimilarity: F32
    reconsider_share: F32
    cost_slope: F32
    cost_floor: F32
    host_markup: F32
    price_adjustment: F32
    reference_price: F32
    serving_gap: F32
    host_convenience: F32
    ecosystem_weight: F32
    host_share: F32
    host_concentration: F32
    fringe_firms: F32
    rating_per_oom: F32
    run_share_of_revenue: F32
    research_multiple: F32
    revenue_weight: F32
    appropriation_weight: F32
    prospect_steepness: F32
    budget_fall: F32
    budget_rise: F32
    runway_months: F32
    raise_months: F32
    raise_base: F32
    raise_position: F32
    entry_rate: F32
    entry_open_gain: F32
    entry_squeeze: F32
    entry_knowledge_gap: F32
    entry_budget_share: F32
    complement_return: F32


def segment_sizes(frontier: F32, reference: F32, p: Parameters) -> F32:
    """Yearly expenditure in USD at the reference price, ``(member, segment)``: ``M x / (1 + x)``, ``x ∝ 10^(ε K)``."""
    ceiling, start = p.revenue_largest_usd, p.revenue_initial_usd
    x = start / (ceiling - start) * exp10(p.demand_elasticity * (frontier - reference))
    return np.asarray(ceiling * x / (1 + x) * p.segment_weight)


def demand_response(paid: F32, served: F32, p: Parameters) -> F32:
    """Factor on use when the price paid on average differs from the reference, ``(member, segment)``; D07 and D08.

    ``(price / reference)^(−η)``: at η of one spending does not change with the price, below it falls with it. `paid`
    and `served` ``(member, segment)`` are shares times prices, and shares, over options; without offers it is 1.
    """
    relative = np.where(served > 0, np.maximum(paid / p.reference_price, LEAST_PRICE), np.float32(1))
    return np.asarray(np.exp(-p.price_response * np.log(relative)))


def surplus(demand_usd: F32, response: F32, gained: F32, p: Parameters) -> F32:
    """Consumer surplus in USD a month, ``(member, segment)``: the logit's, at the segment's price sensitivity; use that
    comes or goes with the price counts half.
    """
    use = demand_usd * (1 + response) / 2 / MONTHS
    return np.asarray(use * gained / (p.price_sensitivity * p.reference_price))


LEAST_PRICE = np.float32(1e-3)
"""Lowest average price, relative to the reference, at which use is still counted; keeps logarithms finite."""


def unit_cost(capability: F32, frontier: F32, p: Parameters) -> F32:
    """Cost of serving a model, 1 at the frontier: ``clip(10^(κ (K − K_front)), floor, 1)``."""
    return np.asarray(np.minimum(np.maximum(exp10(p.cost_slope * (capability - frontier)), p.cost_floor), 1))


def asset_at_hand(asset: F32, best: F32, shared: F32) -> F32:
    """A complementary asset of use to each developer ``(member, lab)``: its own, and a share of the best one's lead."""
    return np.asarray(asset + shared * np.maximum(best - asset, 0))


def serving_cost(capability: F32, frontier: F32, cloud: F32, p: Parameters) -> F32:
    """Cost of the own service, ``(member, lab)``; owners of clouds need not rent: ``unit cost · (1 − c · cloud)``."""
    return np.asarray(unit_cost(capability, frontier, p) * (1 - p.complement_cost * cloud))


def bertrand_price(cost: F32, share: F32, sensitivity: F32) -> F32:
    """Best reply of a single-product firm in logit-Bertrand competition: ``c + 1 / (α (1 − s))``."""
    return np.asarray(cost + 1 / (sensitivity * np.maximum(1 - share, LEAST_RESIDUAL)))


LEAST_RESIDUAL = np.float32(0.05)
"""A monopolist's residual demand stays above this, so that its price stays finite."""


def price_step(price: F32, cost: F32, share: F32, sensitivity: F32, p: Parameters) -> F32:
    """Price after one month of damped best reply; ``(member, lab)``."""
    return np.asarray(price + p.price_adjustment * (bertrand_price(cost, share, sensitivity) - price))


def utilities(
    relative: F32, price: F32, customisability: F32, distribution: F32, hosted: F32, available: BOOL, p: Parameters
) -> F32:
    """Mean utility of every option in every segment, ``(member, segment, option)``.

    Parameters
    ----------
    relative, price, customisability, distribution, hosted : ndarray ``(member, option)``
        Capability minus that of the frontier (OOM), price, customisability, ways to users, and 1 for open weights on
        hosts.
    available : ndarray of bool ``(member, option)``
    """

    def option(x: NDArray[Scalar]) -> NDArray[Scalar]:
        return x[:, None, :]

    def segment(x: F32) -> F32:
        return x[:, :, None]

    value = segment(p.capability_weight) * option(relative) - segment(p.price_sensitivity) * option(price)
    value = (
        value + segment(p.open_intercept) * option(hosted) + segment(p.customisability_weight) * option(customisability)
    )
    value = value + p.complement_weight[:, :, None] * option(distribution)
    return np.asarray(np.where(option(available), value, ABSENT))


def nested_shares(utility: F32, family: INT, p: Parameters) -> tuple[F32, F32]:
    """Shares of a logit nested by `family`, with an outside option, and the inclusive value.

    Parameters
    ----------
    utility : ndarray ``(member, segment, option)``
    family : ndarray ``(member, option)``
        Developer whose base weights the option runs on.

    Returns
    -------
    share : ndarray ``(member, segment, option)``
        Shares of those who buy; they sum to one where anything is on offer.
    surplus : ndarray ``(member, segment)``
        Logarithm of the sum over nests and the outside option, relative to the outside option: expected utility gained.
    """
    members, segments, options = utility.shape
    nest = p.nest_dissimilarity[:, :, None]
    top = np.maximum.reduce(utility, axis=-1, keepdims=True)
    weight = np.exp((utility - top) / nest) * (utility > ABSENT / 2)
    families = options // 2
    index = (np.arange(members * segments) * families).reshape(members, segments, 1) + family[:, None, :]
    total = np.bincount(index.ravel(), weight.ravel(), minlength=members * segments * families).astype(np.float32)
    total = total.reshape(members, segments, families)
    some = np.maximum(total, TINY)
    inclusive = np.exp(nest * np.log(some)) * (total > 0)
    bought = np.add.reduce(inclusive, axis=-1, keepdims=True)
    within = weight / some.take(index)
    share = within * inclusive.take(index) / np.maximum(bought, TINY)
    gained = np.log(bought[:, :, 0] * np.exp(top[:, :, 0] - p.outside_utility) + 1)
    return np.asarray(share), np.asarray(gained)


TINY = np.float32(1e-30)
"""Keeps a division by nothing finite."""


def spread(use: F32, family: INT, families: int) -> F32:
    """Use by family of base weights, ``(member, family)``: sum of `use` ``(member, option)`` over its options."""
    out = np.zeros((len(use), families), np.float32)
    np.add.at(out.reshape(-1), (family + np.arange(len(use))[:, None] * families).ravel(), use.ravel())
    return out


def share_step(held: F32, wanted: F32, available: BOOL, interoperability: F32, p: Parameters) -> F32:
    """Shares in use after one month, ``(member, segment, option)``: a share of users reconsiders, more with
    `interoperability` ``(member, 1)``, and all whose option has gone.
    """
    still = held * available.astype(np.float32)[:, None, :]
    moving = p.reconsider_share + (1 - p.reconsider_share) * interoperability
    kept = still * (1 - moving[:, :, None])
    free = 1 - np.add.reduce(kept, axis=-1, keepdims=True)
    share = kept + free * wanted
    total = np.add.reduce(share, axis=-1, keepdims=True)
    return np.asarray(share / np.where(total > 0, total, np.float32(1)))


def brand_step(brand: F32, used: F32, known: BOOL, p: Parameters) -> F32:
    """How well known each developer's service is after one month, 0 to 1, ``(member, lab)``.

    It follows the share of all use that the service has (`used`), at once where nothing was used before (`known`
    ``(member, 1)`` false). Bounded, so that no service takes all by being used.
    """
    speed = np.where(known, p.brand_speed, np.float32(1))
    return np.asarray(brand + speed * (used - brand))


def revenue(share: F32, price: F32, size: F32, p: Parameters) -> F32:
    """Monthly payments in USD by segment and option, ``(member, segment, option)``."""
    return np.asarray(size[:, :, None] * share * price[:, None, :] / p.reference_price[:, :, None] / MONTHS)


@lru_cache(maxsize=RECORDS)
def firms_of_hosts(p: Parameters) -> F32:
    """Firms that each host stands for, ``(member, host)``: one each, but the last, which is a fringe of small ones."""
    firms = np.ones_like(p.host_share)
    firms[:, -1:] = p.fringe_firms
    return firms


@lru_cache(maxsize=RECORDS)
def host_split(p: Parameters) -> F32:
    """Shares of hosts in what is paid for open models, ``(member, host)``; sharper with `host_concentration`, for each
    firm of the fringe by itself. Source D13.
    """
    firms = firms_of_hosts(p)
    power = firms * np.exp(p.host_concentration * np.log(p.host_share / firms))
    return np.asarray(power / np.add.reduce(power, axis=-1, keepdims=True))


def rating_gap(leading: F32, following: F32, p: Parameters) -> F32:
    """Points by which users rate the following models below the leading ones, ``(member,)``. Source B08."""
    return np.asarray(p.rating_per_oom[:, 0] * (leading - following))


def prospect(capability: F32, frontier: F32, p: Parameters) -> F32:
    """Weight of a developer in what is expected of the market: ``10^(ζ (K − K_front))``, 1 at the frontier."""
    return np.asarray(np.minimum(exp10(p.prospect_steepness * (capability - frontier)), 1))


def promise(market: F32, earned: F32, p: Parameters) -> F32:
    """Income that investors expect developers as a whole to have, USD a year ``(member, 1)``.

    ``(1 − a) M + a min(E, M)``: what users would spend at the reference price (`market`), and what developers now earn
    of it (`earned`), since less is expected of models whose worth their owners do not get.
    """
    kept = np.minimum(earned, market)
    return np.asarray(market + p.appropriation_weight * (kept - market))


def budget_step(budget: F32, own_revenue: F32, market: F32, position: F32, p: Parameters) -> F32:
    """Yearly budget of final training runs after one month, USD ``(member, lab)``.

    Developers aim at a share of expected revenue, their own and what their position in the market promises, in steps.
    """
    expected = p.revenue_weight * own_revenue + (1 - p.revenue_weight) * market * position
    wanted = p.run_share_of_revenue * expected
    factor = np.minimum(np.maximum(wanted / np.maximum(budget, 1), 1 - p.budget_fall), 1 + p.budget_rise)
    return np.asarray(budget * np.where(p.enabled > 0, factor, np.float32(1)))


def raises_funds(runway: F32, capability: F32, frontier: F32, uniforms: F32, p: Parameters) -> BOOL:
    """Whether a developer short of cash finds new money this month; likelier the closer it is to the frontier."""
    chance = logistic(p.raise_base + p.raise_position * (capability - frontier))
    return np.asarray((runway < p.runway_months) & (uniforms < chance))


def entry_hazard(open_best: F32, frontier: F32, open_use: F32, ventures: F32, p: Parameters) -> F32:
    """Monthly probability that builders with a model of their own fill a spare slot; ``(member, 1)``.

    Good open weights make entry cheap; use of open models (`open_use`), which giants can afford to give away, leaves
    entrants less margin. One hazard for all founders (`ventures`, see `sim.kernels.innovation.ventures`).
    """
    ease = 1 + p.entry_open_gain * exp10(np.minimum(open_best - frontier, 0))
    margin = 1 - p.entry_squeeze * open_use
    return np.asarray(1 - np.exp(-p.enabled * p.entry_rate * ventures * ease * margin))
