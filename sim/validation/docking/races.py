"""Published models of races between developers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.kernels import safety
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
)  # fmt: skip
