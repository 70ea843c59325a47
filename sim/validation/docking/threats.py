"""Published models of attack, defence and safeguards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.kernels import defence, misuse, oversight, security
from sim.validation.docking.records import Input, Published, crossing, number, one, reduced

MOMENTS = 1 << 18
"""Evenly spread quantiles of a random time."""
FAINT = 1e-6
"""Uplift so small that what passes safeguards is proportional to the share that they let through."""
CENTURIES = 1e4
"""Years within which a lag is looked for."""
REFERENCE_SIZE = 7.0
"""Billion parameters at which breaking safeguards has its base cost."""


def gordon_loeb(form: str, v: float, L: float, alpha: float, beta: float) -> dict[str, Any]:
    """Optimal spending on security of one defender, and the loss that it avoids at most."""
    if form == "S1":
        spending = defence.gordon_loeb(one(v), one(L), one(alpha), one(beta))
    else:
        spending = defence.gordon_loeb_second(one(v), one(L), one(alpha))
    return {"z": number(spending), "share_of_expected_loss": number(spending) / (v * L)}


def offence_defence_scaling(q: float, n: int) -> dict[str, Any]:
    """Chance that an attacker finds a hole that a defender of equal means has missed."""
    p = reduced(
        oversight.Parameters, enabled=1, find_rate=-math.log(q), access_exponent=1, documentation_gain=0,
        independence=1, commons_gain=0,
    )  # fmt: skip
    seen = number(oversight.found(one(1.0), one(1.0), one(1.0), one(n), one(0.0), p))
    return {"exploitable": seen * (1 - seen), "found": seen}


def patch_race(
    weaponisation_rate: float, patch_rate: float, attack_rate: float, head_start: float, rival_rate: float
) -> dict[str, Any]:
    """Chance of being hit when holes are weaponised, patched and attacked at constant rates.

    A rival who publishes the hole at a constant rate cuts the head start short.
    """
    patches = reduced(defence.Parameters, enabled=1, slice_patch_rate=patch_rate, never_patched=0)
    only_known = reduced(misuse.Parameters, zero_day_share=0)
    if rival_rate > 0:
        middle = (np.arange(MOMENTS) + 0.5) / MOMENTS
        days = np.minimum(-np.log(1 - middle) / rival_rate, head_start)
    else:
        days = np.array([head_start])
    # One slice of capability, one class of defenders for every length of the head start, which is how fast it patches.
    all_of_it: Any = np.ones((1, 1, len(days), 1))
    kept = float(np.mean(defence.patched(all_of_it, all_of_it, days[None, None, :], patches)))
    waits = one(1 / patch_rate)
    first = misuse.exposure_window(one(1 / weaponisation_rate), waits, only_known)
    then = misuse.exposure_window(one(1 / attack_rate), waits, only_known)
    return {"p_hit": kept * number(first) * number(then)}


def withholding_lag(s_own: float, s_rest: float, r: float) -> dict[str, Any]:
    """Years by which the next releaser must come later for withholding to lower discounted risk."""

    def passed(safeguards: float) -> float:
        return number(misuse.through_safeguards(one(FAINT), one(1 - safeguards)))

    own, rest = passed(s_own), passed(s_rest)
    small, large = min(own, rest), max(own, rest)
    lag = crossing(lambda years: large * math.exp(-r * years) > small, 0.0, CENTURIES / r)
    return {"lag_years": lag if rest >= own else -lag}


def safeguard_years(
    retrain_cost: float,
    params_billion: float,
    progress_per_year: float,
    deceleration: float,
    horizon: float,
    break_cost: float,
    scaling: str,
    budget: float,
) -> dict[str, Any]:
    """Years until breaking the safeguards of a model, or training it anew, is within an attacker's budget.

    The yearly factor of progress shrinks from year to year, and never below one.
    """
    p = reduced(security.Parameters, strip_size_effect=1, strip_reference=0)
    if scaling == "linear":
        size = math.log10(params_billion / REFERENCE_SIZE)
    else:
        size = (params_billion - REFERENCE_SIZE) / REFERENCE_SIZE / math.log(10)
    ease = number(security.strip_ease(one(size), p))
    cost = min(break_cost / ease, retrain_cost)
    reached, factor = math.log10(budget), progress_per_year
    for year in range(math.ceil(horizon)):
        part = reduced(
            misuse.Parameters, affordable_log10_flop=reached, affordable_growth=max(factor, 1.0),
            local_compute_friction=1, fine_tuning_cost_factor=1,
        )  # fmt: skip

        def excess(years: float, part: Any = part) -> bool:
            return number(misuse.local_friction(one(math.log10(cost)), years, one(0.0), part)) > 0

        if not excess(1.0):
            return {"years": min(year + crossing(excess, 0.0, 1.0), horizon), "cost": cost}
        reached, factor = reached + math.log10(max(factor, 1.0)), factor * deceleration
    return {"years": horizon, "cost": cost}


def _needs_beta(form: str, v: float, L: float, alpha: float, beta: float) -> dict[str, Any]:
    if v in (0.0, 1.0) and form == "S2":
        raise InputError("dock gordon_loeb: v", f"{v:g} leaves nothing to optimise in S2.", "Give v between 0 and 1.")
    return gordon_loeb(form, v, L, alpha, beta)


RATE = (1e-6, 100)
"""Admissible rates a day."""

MODELS = (
    Published(
        "gordon_loeb", "Optimal security spending", "Gordon & Loeb 2002",
        "One defender, a known loss, both classes of breach functions.",
        ("defence.gordon_loeb", "defence.gordon_loeb_second"),
        (
            Input("form", "class of breach functions", kind="choice", options=("S1", "S2")),
            Input("v", "vulnerability without spending", 0, 1, "probability"),
            Input("L", "loss in a breach", 1e-6, 1e15, "USD"),
            Input("alpha", "productivity of spending", 1e-12, 1e6, "1/USD"),
            Input("beta", "exponent of the first class", 1e-3, 1e3, default=1.0),
        ),
        _needs_beta,
    ),
    Published(
        "offence_defence_scaling", "Scaling of offence and defence", "after Garfinkel & Dafoe 2019",
        "Attacker and defender search alike, each with the finding rate of outside evaluators.",
        ("oversight.found",),
        (
            Input("q", "chance that one search misses a hole", 1e-12, 1 - 1e-12, "probability"),
            Input("n", "searches by each side", 0, 10**9, "searches", "whole"),
        ),
        offence_defence_scaling,
    ),
    Published(
        "patch_race", "Race between patch and exploit", "Race of exponential clocks",
        "A hole is weaponised, patched and attacked at constant rates; defenders may have a head start.",
        ("defence.patched", "misuse.exposure_window"),
        (
            Input("weaponisation_rate", "rate at which an exploit is made", *RATE, "1/day"),
            Input("patch_rate", "rate at which a defender patches", *RATE, "1/day"),
            Input("attack_rate", "rate at which a defender is attacked", *RATE, "1/day"),
            Input("head_start", "days before anyone else learns of the hole", 0, 1e6, "days", default=0.0),
            Input("rival_rate", "rate at which a rival publishes the hole", 0, 100, "1/day", default=0.0),
        ),
        patch_race,
    ),
    Published(
        "withholding_lag", "When withholding lowers risk", "Discounted risk of releasing now against waiting",
        "Two streams of risk in proportion to what safeguards let through, discounted at a constant rate.",
        ("misuse.through_safeguards",),
        (
            Input("s_own", "share of misuse that one's own safeguards stop", 0, 1 - 1e-9, "share"),
            Input("s_rest", "share that the next releaser's safeguards stop", 0, 1 - 1e-9, "share"),
            Input("r", "discount rate", 1e-6, 1e3, "1/year"),
        ),
        withholding_lag,
    ),
    Published(
        "safeguard_years", "Years that safeguards buy", "Cost of breaking safeguards or of training, against progress",
        "Difficulty of stripping by size, and what an attacker can afford as prices fall.",
        ("security.strip_ease", "misuse.local_friction"),
        (
            Input("retrain_cost", "cost of training the model anew now", 1e-6, 1e15, "USD"),
            Input("params_billion", "size of the model", REFERENCE_SIZE, 1e4, "billion parameters"),
            Input("progress_per_year", "factor by which costs fall in year one", 1, 1e3, "factor/year", default=3.0),
            Input("deceleration", "factor on that factor from year to year", 0.01, 1, "factor/year", default=0.85),
            Input("horizon", "years looked at", 0, 200, "years", default=5.0),
            Input("break_cost", "cost of breaking safeguards at 7 billion parameters", 1e-6, 1e15, "USD"),
            Input("scaling", "how that cost grows with size", kind="choice", options=("linear", "exp"), default="exp"),
            Input("budget", "what the attacker can spend", 1e-6, 1e15, "USD"),
        ),
        safeguard_years,
    ),
)  # fmt: skip
