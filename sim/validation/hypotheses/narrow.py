"""Hypotheses that are looked for in the functions that the month calls, because the claim is about them alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import misuse, races
from sim.validation.docking import dock
from sim.validation.hypotheses.full import policy
from sim.validation.hypotheses.records import Contrast, Hypothesis, Monthly, Variant, mean_of

F64 = NDArray[np.float64]

RACE = {"b": 4.0, "c": 1.0, "B": 1e4, "W": 100.0}
"""Race of strategies in its published setting: benefit, cost of safety, prize, rounds."""
TRADEOFF = {"n": 2, "A": 2.0, "B": 2.0, "alpha": 0.25, "beta": 1.0, "d": 0.5, "sigma": "multiplicative"}
"""A trade-off whose α/β is one quarter."""
PATCH = {"weaponisation_rate": 0.1, "attack_rate": 0.1, "patch_rate": 0.03, "head_start": 60.0}
"""Race of exploit and patch: rates a day."""


def number(value: Callable[[], float]) -> Callable[[Mapping[str, Monthly]], F64]:
    """A number of the kernels where runs are not needed."""
    return lambda _: np.array([value()])


def one(value: float) -> Any:
    """A column ``(1, 1)`` in double precision."""
    return np.array([[value]], np.float64)


def forced_safety(risk: float, speed: float) -> float:
    """Gain of a pair of developers in the race of strategies when both are made to be safe, from what they would do.

    What they would do is the strategy that spreads in a population: safe where it is risk-dominant, unsafe elsewhere.
    """
    b, c, prize, rounds = (one(RACE[name]) for name in ("b", "c", "B", "W"))
    payoff = races.race_payoffs(b, c, prize, rounds, one(speed), one(risk))[0]
    safe, unsafe = payoff[races.SAFE, races.SAFE], payoff[races.UNSAFE, races.UNSAFE]
    mixed = payoff[races.SAFE, races.UNSAFE], payoff[races.UNSAFE, races.SAFE]
    dominant = safe + mixed[0] >= unsafe + mixed[1]
    return 0.0 if dominant else float(safe - unsafe)


def dearer(theta: float, what: str) -> float:
    """Change of the equilibrium of the trade-off when the price of inputs doubles: of safety, or of its share."""
    cheap, dear = (dock("spt_equilibrium", {**TRADEOFF, "theta": theta, "r": price}) for price in (0.01, 0.02))
    return float(dear[what] - cheap[what])


def head_start_in_month(runs: Mapping[str, Monthly]) -> F64:
    """How much less a head start lowers harm in cyber, in logarithms, where defenders patch slowly than where fast."""
    harm = {name: mean_of("harm_cyber", 12)(monthly) for name, monthly in runs.items()}
    slow, fast = (np.log(harm[f"{speed}, head start"] / harm[speed]) for speed in ("slow", "fast"))
    return np.asarray(slow - fast)


HEAD_START = policy("defender_first", head_start_months=6.0, share=1.0)


def head_start_value(patch_rate: float, rival_rate: float) -> float:
    """Share of hits that a head start spares defenders."""
    rates = {**PATCH, "patch_rate": patch_rate}
    with_it = dock("patch_race", {**rates, "rival_rate": rival_rate})["p_hit"]
    return float(1 - with_it / dock("patch_race", {**rates, "head_start": 0.0})["p_hit"])


def withholding(lag_years: float, own: float, rest: float, discount: float) -> float:
    """Discounted risk of releasing now less that of waiting for another's release after a lag.

    Risk is in proportion to the uplift that the month lets pass safeguards.
    """
    now, then = (float(misuse.through_safeguards(one(FAINT), one(1 - stopped))[0, 0]) for stopped in (own, rest))
    return float((now - then * np.exp(-discount * lag_years)) / FAINT)


FAINT = 1e-6
"""Uplift so small that what passes is in proportion to the share that safeguards let through."""


def threshold(own: float, rest: float, discount: float) -> float:
    """Lag from which on withholding pays, as the kernels give it."""
    return float(dock("withholding_lag", {"s_own": own, "s_rest": rest, "r": discount})["lag_years"])


def _beside_threshold(factor: float) -> float:
    own, rest, discount = 0.8, 0.5, 0.1
    return withholding(threshold(own, rest, discount) * factor, own, rest, discount)


HYPOTHESES = (
    Hypothesis(
        "race_zones",
        "Forcing safety on a race helps in one zone, changes nothing in a second, and harms in a third.",
        "Han, Pereira, Santos & Lenaerts 2020",
        "The race of strategies (`safety.form` = strategies) in its published setting; what two developers gain when "
        "both must be safe.",
        (
            Contrast("gain at a risk of .15: unsafe haste is what both want", -1,
                     number(lambda: forced_safety(0.15, 1.5))),
            Contrast("gain at a risk of .6: both would want safety and neither chooses it", 1,
                     number(lambda: forced_safety(0.6, 1.5))),
            Contrast("gain at .6 less gain at .9, where safety is chosen anyway", 1,
                     number(lambda: forced_safety(0.6, 1.5) - forced_safety(0.9, 1.5))),
        ),
    ),
    Hypothesis(
        "dear_compute",
        "Safety rises with the price of compute if and only if θ exceeds α/β.",
        "Jensen, Emery-Xu & Trager 2023",
        "Equilibrium of the trade-off (`safety.form` = tradeoff), α/β = 1/4, price .02 against .01.",
        (
            Contrast("change of safety at θ = .1", -1, number(lambda: dearer(0.1, "s"))),
            Contrast("change of safety at θ = .4", 1, number(lambda: dearer(0.4, "s"))),
        ),
        flips=(
            Contrast("change of the share of inputs that safety gets, θ = .1", -1,
                     number(lambda: dearer(0.1, "safety_share"))),
        ),
        assumption="The month turns the share of inputs spent on safety into effort. That share rises with the price "
        "on both sides of the threshold, since performance is the first to be bought less.",
    ),
    Hypothesis(
        "staged_value",
        "A head start loses its value with rivals' speed of substitution and with defenders' slowness.",
        "After Bostrom 2017; race of exponential clocks",
        "Share of hits that a head start of sixty days spares (the patching and exposure of the month).",
        (
            Contrast("rival after twenty days on average, less none", -1,
                     number(lambda: head_start_value(0.03, 0.05) - head_start_value(0.03, 0.0))),
            Contrast("rival after five days, less twenty", -1,
                     number(lambda: head_start_value(0.03, 0.2) - head_start_value(0.03, 0.05))),
            Contrast("defenders a third as fast", -1,
                     number(lambda: head_start_value(0.01, 0.0) - head_start_value(0.03, 0.0))),
        ),
        variants={
            f"{speed}{words}": Variant(given, {"defence.slice_patch_rate_cyber": rate})
            for speed, rate in (("slow", 0.15), ("fast", 0.9))
            for words, given in (("", ()), (", head start", (HEAD_START,)))
        },
        flips=(
            Contrast("log harm in cyber averted by a head start of six months for all: slow patchers less fast ones", 1,
                     head_start_in_month),
        ),
        assumption="The loss is as 1 − e^(−μτ) in slowness and as μ/(μ + ν) in rivals' speed: fast at first, not "
        "exponential throughout. In absolute terms a head start spares most at a middle speed of patching, since "
        "the fast need it less.",
    ),
    Hypothesis(
        "withholding",
        "Withholding lowers risk if and only if the next releaser comes later than ln[(1 − s_rest) / (1 − s_own)] / r.",
        "Discounted risk of releasing now against waiting",
        "Risk in proportion to what safeguards let through; own safeguards stop .8, the next releaser's .5, r = .1.",
        (
            Contrast("gain from withholding at .8 of the lag", -1, number(lambda: _beside_threshold(0.8))),
            Contrast("gain from withholding at 1.2 of the lag", 1, number(lambda: _beside_threshold(1.2))),
        ),
    ),
)  # fmt: skip
