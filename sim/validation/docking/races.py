"""Published models of races between developers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import expit

from sim.errors import InputError
from sim.kernels import races, safety
from sim.validation.docking.records import Input, Published, number, one, reduced, spread_points

ROUNDS = 100_000
"""Steps of adjustment, at most."""
STILL = 1e-14
"""Change of effort at which it counts as at rest."""


def abs_race(n: int, e: float, mu: float) -> dict[str, Any]:
    """Risk of disaster in a race whose winner's safety decides, under three kinds of information.

    Without information all choose alike; with private or public information the most capable wins in equilibrium, and
    its safety is what counts. So only the largest and the second largest of n even draws are needed.
    """
    u = spread_points(2)
    first = mu * np.exp(np.log(u[:, :1]) / n)
    second = first * np.exp(np.log(u[:, 1:]) / (n - 1))
    risks = {}
    for name, form in (
        ("risk_none", safety.RACE_BLIND),
        ("risk_private", safety.RACE_PRIVATE),
        ("risk_public", safety.RACE_PUBLIC),
    ):
        p = reduced(safety.Parameters, form=form, enmity=e, race_scale=mu)
        effort = np.asarray(safety.race_effort(first, first - second, one(n - 1), p), np.float64)
        risks[name] = float(1 - effort.mean())
    return risks


def quadratic_race(n: int, k: float, w: float) -> dict[str, Any]:
    """Survival where no developer gains by more or less safety: the rest point of the month's adjustment."""
    p = reduced(
        safety.Parameters, enabled=1, adjustment=1, safety_returns=k, decisiveness=w, openness_pressure=0, stake=1
    )
    share, nothing = one(1 / n), one(0.0)

    def pull(log_odds: float) -> float:
        return number(safety.effort_pull(one(1 / (1 + math.exp(-log_odds))), share, nothing, nothing, p))

    low, high = -60.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if pull(middle) > 0 else (low, middle)
    survival = number(safety.survival(one(1 / (1 + math.exp(-(low + high) / 2))), p.safety_returns))
    return {"p": survival, "joint_survival": survival**n, "s": 1 / (1 + math.exp(-(low + high) / 2))}


def spt_equilibrium(
    n: int, A: float, B: float, alpha: float, beta: float, theta: float, d: float, r: float, sigma: str
) -> dict[str, Any]:
    """Safety, performance and the probability that all is safe in the symmetric equilibrium with much safety."""
    values: Any = [*(one(value) for value in (n - 1, A, B, alpha, beta, theta, d, r)), sigma == "winner_only"]
    s, p, share = (number(x) for x in races.tradeoff_equilibrium(*values))
    if s == 0:
        raise InputError("dock spt_equilibrium", "there is no equilibrium with these inputs.", "Lower theta, d or r.")
    chance = s / (1 + s)
    return {"s": s, "p": p, "p_safe": chance if sigma == "winner_only" else chance**n, "safety_share": share}


def dsair_thresholds(b: float, c: float, B: float, W: float, s: float) -> dict[str, Any]:
    """Risks of disaster above which society prefers safety, and above which safety is risk dominant.

    Payoffs fall evenly with the risk, so that two of them give the place where they cross.
    """

    def crossing_of(safe: Any, unsafe: Any) -> float:
        gaps = []
        for risk in (0.0, 1.0):
            payoff = races.race_payoffs(*(one(value) for value in (b, c, B, W, s, risk)))[0]
            gaps.append(sum(payoff[i, j] for i, j in safe) - sum(payoff[i, j] for i, j in unsafe))
        return float(gaps[0] / (gaps[0] - gaps[1]))

    safe, unsafe = races.SAFE, races.UNSAFE
    return {
        "p_r_social": crossing_of([(safe, safe)], [(unsafe, unsafe)]),
        "p_r_riskdom": crossing_of([(safe, safe), (safe, unsafe)], [(unsafe, safe), (unsafe, unsafe)]),
    }


def dsair_stationary(
    b: float, c: float, B: float, Z: int, W: float, s: float, p_r: float, beta: float, conditional: str
) -> dict[str, Any]:
    """Time that a population spends safe, unsafe and, where there are such players, conditionally safe.

    The publication sets always safe against always unsafe where the prize outweighs the rounds (an early race, in which
    answering the other comes too late), and adds players who answer where it does not. So does ``auto``.
    """
    payoff = races.race_payoffs(*(one(value) for value in (b, c, B, W, s, p_r)))
    setting: Any = (one(Z), one(beta), Z)
    if conditional == "yes" or (conditional == "auto" and W * b > B):
        shares = races.stationary_shares(payoff, *setting)[0]
        names = {"safe": races.SAFE, "unsafe": races.UNSAFE, "conditional": races.CONDITIONAL}
        return {name: float(shares[place]) for name, place in names.items()}
    falls = number(races.takeover(payoff, races.SAFE, races.UNSAFE, *setting))
    rises = number(races.takeover(payoff, races.UNSAFE, races.SAFE, *setting))
    unsafe = float(expit(falls - rises))
    return {"safe": 1 - unsafe, "unsafe": unsafe}


def rnd_spillovers(a_minus_A: float, b: float, gamma: float, beta: float) -> dict[str, Any]:
    """Research of Cournot duopolists, each for itself and jointly, at rest."""
    if LEAST_COST >= b * gamma:
        raise InputError("dock rnd_spillovers: gamma", f"b times gamma is {b * gamma:g}.", "Give b · gamma above 8/9.")

    def rest(joint: bool) -> float:
        return number(races.research_at_rest(one(beta), one(a_minus_A), one(b * gamma), joint))

    return {"x_noncooperative": rest(False), "x_cooperative": rest(True)}


LEAST_COST = 8 / 9
"""Slope times cost of research up to which firms would not stop anywhere."""
RACE = (
    Input("b", "benefit shared each round", 1e-6, 1e6, "payoff"),
    Input("c", "cost of safety each round", 0, 1e6, "payoff"),
    Input("B", "prize", 0, 1e9, "payoff"),
    Input("W", "rounds of a safe race", 1, 1e12, "rounds"),
    Input("s", "speed of unsafe development", 1, 100),
)
"""Inputs of the race of strategies."""

MODELS = (
    Published(
        "abs_race", "Racing to the precipice", "Armstrong, Bostrom & Shulman 2016",
        "Capabilities drawn evenly; the winner's safety decides whether all is well.",
        ("safety.race_effort",),
        (
            Input("n", "number of teams", 2, 500, "teams", "whole"),
            Input("e", "enmity between teams", 1e-6, 1, "share"),
            Input("mu", "scale of capability against safety", 1e-6, 1e6),
        ),
        abs_race,
    ),
    Published(
        "quadratic_race", "Race with a quadratic equilibrium", "Survival times market share, symmetric equilibrium",
        "Developers of equal share, without pressure from pursuers, at the rest point of their adjustment.",
        ("safety.effort_pull", "safety.survival"),
        (
            Input("n", "number of developers", 2, 10**6, "developers", "whole"),
            Input("k", "returns to safety effort", 1e-3, 1e9, "factor"),
            Input("w", "decisiveness of performance", 1e-3, 1e3, "exponent"),
        ),
        quadratic_race,
    ),
    Published(
        "spt_equilibrium", "Safety–performance trade-off", "Jensen, Emery-Xu & Trager 2023",
        "Firms buy inputs for safety and for performance; all safety or the winner's counts.",
        ("races.tradeoff_equilibrium",),
        (
            Input("n", "number of firms", 2, 1000, "firms", "whole"),
            Input("A", "scale of safety", 1e-3, 1e6),
            Input("B", "scale of performance", 1e-3, 1e6),
            Input("alpha", "returns of safety to inputs", 0.01, 10, "exponent"),
            Input("beta", "returns of performance to inputs", 0.01, 10, "exponent"),
            Input("theta", "how much harder performance makes safety", 0, 10, "exponent"),
            Input("d", "cost of a disaster", 0, 1e3, "prizes"),
            Input("r", "price of inputs", 1e-9, 1e3, "prizes"),
            Input("sigma", "whose safety counts", kind="choice", options=("multiplicative", "winner_only")),
        ),
        spt_equilibrium,
    ),
    Published(
        "dsair_thresholds", "Where safety is preferred, and where it is chosen", "Han, Pereira, Santos & Lenaerts 2020",
        "Payoffs of the race of strategies at no risk and at full risk.",
        ("races.race_payoffs",),
        RACE,
        dsair_thresholds,
    ),
    Published(
        "dsair_stationary", "Strategies in a population of developers", "Han, Pereira, Santos & Lenaerts 2020",
        "Pairwise comparison with rare mutations among always safe, always unsafe and conditionally safe.",
        ("races.race_payoffs", "races.stationary_shares", "races.takeover"),
        (
            *RACE,
            Input("Z", "number of developers", 2, 10_000, "developers", "whole"),
            Input("p_r", "risk of a disaster", 0, 1, "probability"),
            Input("beta", "intensity of selection", 1e-9, 1e3, "1/payoff"),
            Input(
                "conditional", "whether some answer what the other did", kind="choice", options=("auto", "yes", "no"),
                default="auto",
            ),
        ),
        dsair_stationary,
    ),
    Published(
        "rnd_spillovers", "Research with spillovers", "d'Aspremont & Jacquemin 1988",
        "Two Cournot firms at rest of damped best replies; spillovers are the image of openness.",
        ("races.research_at_rest",),
        (
            Input("a_minus_A", "size of the market over unit cost", 1e-6, 1e9, "price"),
            Input("b", "slope of demand", 1e-6, 1e6),
            Input("gamma", "cost of research", 1e-6, 1e9),
            Input("beta", "share of research that spills over", 0, 1, "share"),
        ),
        rnd_spillovers,
    ),
)  # fmt: skip
