"""Published models of developers and markets: access, release, prices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.errors import InputError
from sim.kernels import capability, market, release
from sim.validation.docking.records import Input, Published, crossing, number, one, reduced, spread_points

STEPS = 20_000
"""Rounds of price adjustment, at most."""
STILL = 1e-12
"""Change of a price at which it counts as at rest."""
FEW, POINTS_OF_FEW = 200, 1 << 20
"""Developers up to whose number every one meets so many values of noise, and beyond it an eighth of them."""
ALONG_AXES = 16
"""Developers up to whose number quasi-random points have an axis for each."""
CENTURIES = 1e4
"""Years within which a laggard is looked for."""


def unilateralist(v_over_sigma: float, n: int) -> dict[str, Any]:
    """Chance that one of n developers releases what should not be, each with its own noisy estimate of risk.

    A release is worth one half before risk; risk is the logistic function of minus the value, so that a developer who
    knew the value would release exactly what has a positive one. Every developer meets the same evenly spread noise.
    """
    count = POINTS_OF_FEW if n <= FEW else POINTS_OF_FEW // 8
    noise = ndtri((np.arange(count) + 0.5) / count)[:, None]
    p = reduced(
        release.Parameters, risk_midpoint=0, risk_width=1, risk_noise=1, risk_aversion=1, enabled=1, choice_noise=0,
        profit_weight=0, host_substitution=0, ecosystem_gain=0, reputation_gain=0, secrecy_gain=0, liability_weight=0,
        compliance_burden=0, launch_cost=0,
    )  # fmt: skip
    risk = release.estimated_risk(np.full_like(noise, -v_over_sigma), noise, np.ones_like(noise), p)
    nothing = np.zeros_like(noise)
    shut_and_open = {name: one([0.0, 0.0]) for name in release_attributes()}
    shut_and_open["weights_access"] = one([0.0, 1.0])
    shut_and_open["safeguard_persistence"] = shut_and_open["revocability"] = one([1.0, 0.0])
    worth = release.payoffs(
        nothing, nothing, nothing + 0.5, risk, nothing, nothing, nothing, nothing, nothing, shut_and_open, p
    )  # fmt: skip
    releases = release.choose(worth, np.ones(worth.shape, bool), np.full(worth.shape, 0.5), p)[:, 0] == 1
    return {"p_release": float(_anybody(releases, n).mean())}


def _anybody(releases: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Whether one of n developers releases: a few along the axes of a Sobol set, more in random orders of the noise."""
    if n <= ALONG_AXES:
        places = (spread_points(n, 1 << 19) * len(releases)).astype(np.int64)
        return np.asarray(releases[places].any(axis=1))
    orders, anybody = np.random.default_rng(1), np.zeros(len(releases), bool)
    for _ in range(n):
        anybody |= orders.permutation(releases)
    return anybody


def release_attributes() -> tuple[str, ...]:
    """Attributes of a regime that payoffs read."""
    from sim.actors.labs import RELEASE_ATTRIBUTES

    return RELEASE_ATTRIBUTES


def access_lag(budget_ratio: float, growth_per_year: float) -> dict[str, Any]:
    """Years until the smaller of two budgets buys the training run that the larger one buys now."""
    p = reduced(
        capability.Parameters, enabled=1, flop_per_usd_log10=17, hardware_growth_initial=growth_per_year,
        hardware_growth_final=growth_per_year, hardware_growth_decay=1, chip_stock_log10_flop=1e6,
        chip_stock_growth_initial=1, chip_stock_growth_final=1, chip_stock_growth_decay=1, largest_run_share=1,
        compute_shock=0, collective_penalty=0,
    )  # fmt: skip

    def run(budget: float, years: float) -> float:
        nothing, year = one(0.0), capability.EPOCH_YEAR + years
        return number(capability.training_flop(one(budget), year, nothing, one(1e6), nothing, nothing, p))

    large = 1e9
    leader = run(large, 0.0)
    return {"lag_years": crossing(lambda years: run(large / budget_ratio, years) < leader, 0.0, CENTURIES)}


def logit_bertrand(mc: float, alpha: float, qualities: list[float], open_utility: float | None) -> dict[str, Any]:
    """Prices at rest when developers of given quality compete, with or without a free open model."""
    count = len(qualities)
    free = 0.0 if open_utility is None else open_utility
    p = reduced(
        market.Parameters, capability_weight=1, price_sensitivity=alpha, open_intercept=0, customisability_weight=0,
        complement_weight=0, outside_utility=0, nest_dissimilarity=1, price_adjustment=0.5,
    )  # fmt: skip
    relative = one([*qualities, *[free] * count])
    there = np.concatenate([np.ones((1, count), bool), np.zeros((1, count), bool)], axis=1)
    there[0, count] = open_utility is not None
    nothing, family = np.zeros_like(relative), np.tile(np.arange(count), 2)[None, :]
    price, cost, sensitivity = one([mc + 1 / alpha] * count), one([mc] * count), one(alpha)
    for _ in range(STEPS):
        asked = np.concatenate([price, np.zeros_like(price)], axis=1)
        utility = market.utilities(relative, asked, nothing, nothing, nothing, there, p)
        share, gained = market.nested_shares(utility, family, p)
        share = share[:, 0] * (1 - np.exp(-gained))
        if (1 - share[:, :count] < market.LEAST_RESIDUAL).any():
            raise InputError(
                "dock logit_bertrand: qualities",
                f"{max(qualities):g} gives a developer nearly the whole market, where its price is bounded.",
                "Give smaller qualities or a higher cost.",
            )
        moved = market.price_step(price, cost, share[:, :count], sensitivity, p)
        still = bool(np.all(np.abs(moved - price) < STILL * (1 + np.abs(price))))
        price = moved
        if still:
            break
    found = {
        "prices": price[0].tolist(), "shares": share[0, :count].tolist(), "consumer_surplus": number(gained) / alpha,
        "outside_share": float(1 - share.sum()),
    }  # fmt: skip
    if open_utility is not None:
        found["open_share"] = float(share[0, count])
    return found


MODELS = (
    Published(
        "unilateralist", "The unilateralist's curse", "Bostrom, Douglas & Sandberg 2016",
        "Release by the first of n developers whose noisy estimate says so; of the payoff only noisy risk is left.",
        ("release.estimated_risk", "release.payoffs", "release.choose"),
        (
            Input("v_over_sigma", "true value of a release over the noise of estimates", -30, 30),
            Input("n", "number of developers", 1, 1000, "developers", "whole"),
        ),
        unilateralist,
    ),
    Published(
        "access_lag", "Access effect of growing efficiency", "Pilz, Heim & Brown 2023",
        "Two budgets without any release; computing gets cheaper at a constant rate.",
        ("capability.training_flop",),
        (
            Input("budget_ratio", "larger budget over the smaller", 1, 1e12),
            Input("growth_per_year", "growth of what a dollar buys", 1.0001, 1e4, "factor/year"),
        ),
        access_lag,
    ),
    Published(
        "logit_bertrand", "Price competition with logit demand", "Anderson, de Palma & Thisse 1992",
        "One segment without inertia, assets or nests; prices are adjusted until they rest.",
        ("market.utilities", "market.nested_shares", "market.price_step"),
        (
            Input("mc", "unit cost of every developer", 0, 100, "price"),
            Input("alpha", "price sensitivity", 1e-3, 1e3, "utility/price"),
            Input("qualities", "quality of each developer's model", -50, 50, "utility", "numbers"),
            Input("open_utility", "utility of a free open model; leave out for none", -50, 50, "utility", default=None),
        ),
        logit_bertrand,
    ),
)  # fmt: skip
