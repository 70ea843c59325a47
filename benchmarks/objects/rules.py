"""Rules of one agent that the slow twins of the tests do not state; plain numbers, as there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Values = dict[str, Any]
MONTHS = 12
STEEP = 30.0


def exp10(x: float) -> float:
    return 10.0**x


def prospect(capability: float, frontier: float, p: Values) -> float:
    """Weight of a developer in what is expected of the market."""
    return float(min(10.0 ** (p["prospect_steepness"] * (capability - frontier)), 1.0))


def position(capability: float, frontier: float) -> float:
    """Closeness to the frontier, 1 at it."""
    return min(exp10(capability - frontier), 1.0)


def grown(elapsed: float, initial: float, final: float, decay: float) -> float:
    """log10 growth over some years of what grows ever more slowly."""
    slow, fast = math.log10(final), math.log10(initial)
    return slow * elapsed + (fast - slow) * (1 - math.exp(-decay * elapsed)) / decay


def training_flop(
    spend_usd: float, buys: float, largest: float, levy: float, cap: float, collective: bool, shock: float, p: Values
) -> float:
    """log10 FLOP of a training run, a dollar buying `buys` and the world's chips admitting `largest` (log10)."""
    wanted = math.log10(max(spend_usd, 1.0)) + buys - levy - collective * p["collective_penalty"]
    wanted += shock * p["compute_shock"]
    return min(wanted - math.log10(exp10(min(wanted - largest, STEEP)) + 1), cap)


def distillation(base: float, teacher: float, p: Values) -> float:
    share = p["distillation_share"] / (1 + math.exp(-(teacher - p["distillation_midpoint"]) / p["distillation_width"]))
    return p["enabled"] * share * max(teacher - base, 0.0)


def knowledge(known: float, research: float, commons: float, public: float, frontier: float, p: Values) -> float:
    """Algorithmic knowledge of one developer after a month."""
    effort = max(research * (1 + p["open_commons_gain"] * commons) / p["research_reference_usd"], 1e-12)
    own = p["knowledge_growth"] * math.exp(p["research_returns"] * math.log(effort) - p["ideas_harder"] * known)
    absorbed = p["absorption_public"] * max(public - known, 0) + p["absorption_frontier"] * max(frontier - known, 0)
    return known + p["enabled"] * (own + absorbed) / MONTHS


def training_interval(closeness: float, uniform: float, p: Values) -> float:
    """Months to the next run."""
    mean = p["interval_longest"] - (p["interval_longest"] - p["interval_shortest"]) * closeness
    return max(round(mean + p["interval_jitter"] * (2 * uniform - 1)), 1)


def flaws_at_release(capability: float, survival: float, inherited: float, p: Values) -> float:
    scale = p["flaws_per_release"] * exp10(p["flaws_capability"] * (capability - p["flaws_reference"]))
    return scale * (2 - survival) / 2 + p["inheritance"] * inherited


def finds_funds(runway: float, capability: float, frontier: float, uniform: float, p: Values) -> bool:
    chance = 1 / (1 + math.exp(-(p["raise_base"] + p["raise_position"] * (capability - frontier))))
    return runway < p["runway_months"] and uniform < chance


def grown_lately(history: Sequence[float]) -> float:
    """Growth a month over the last year of a history whose last entry is of the month before."""
    return max(history[-1] - history[-13], 0.0) / MONTHS


def ventures(innovations: float, p: Values) -> float:
    """Builders who come with a model of their own, relative to January 2024."""
    if p["enabled"] <= 0:
        return 1.0
    relative = max(innovations / (p["rate_per_month"] * p["venture_reference"]), 1e-30)
    return float(relative ** p["venture_elasticity"])


def entry_hazard(open_best: float, frontier: float, open_use: float, founders: float, p: Values) -> float:
    ease = 1 + p["entry_open_gain"] * exp10(min(open_best - frontier, 0))
    margin = 1 - p["entry_squeeze"] * open_use
    return 1 - math.exp(-p["enabled"] * p["entry_rate"] * founders * ease * margin)


def demand_response(shares: list[float], prices: list[float], reference: float, p: Values) -> float:
    """Factor on use when the average price differs from the reference."""
    if sum(shares) <= 0:
        return 1.0
    paid = sum(share * price for share, price in zip(shares, prices, strict=True))
    return float(max(paid / reference, 1e-3) ** -p["price_response"])


def segment_sizes(frontier: float, reference: float, p: Values) -> list[float]:
    """Yearly expenditure by segment at the reference price, USD."""
    ceiling, start = p["revenue_largest_usd"], p["revenue_initial_usd"]
    x = start / (ceiling - start) * exp10(p["demand_elasticity"] * (frontier - reference))
    return [ceiling * x / (1 + x) * weight for weight in p["segment_weight"]]


def strip_hazard(log10_flop: float, tamper: float, p: Values) -> float:
    size = exp10(-p["strip_size_effect"] * max(log10_flop - p["strip_reference"], 0))
    rate = p["strip_rate_per_month"] * size * math.exp(-p["strip_tamper_effect"] * tamper)
    return 1 - math.exp(-p["enabled"] * rate)


def exploit_window(effort: float, capability: float, reference: float, defence: Values, misuse: Values) -> float:
    """Chance that an exploited flaw meets an unpatched defender."""
    remaining = exp10(-defence["exploit_capability"] * max(capability * misuse["enabled"] - reference, 0))
    days = defence["exploit_days_initial"] * remaining - defence["zero_day_lead"] * (1 - remaining)
    return race(days, effort, defence, misuse)


def race(days: float, effort: float, defence: Values, misuse: Values) -> float:
    """The same for given days from disclosure to exploitation."""
    patch_days = math.log(2) / (defence["patch_hazard_per_day"] * effort)
    share = patch_days / (patch_days + max(days, 0.01))
    return misuse["zero_day_share"] + (1 - misuse["zero_day_share"]) * share


def interpolated(cumulative: Sequence[float], first: float, step: float, level: float) -> float:
    """Exposed capability up to `level`, from its values at the upper ends of the slices."""
    place = min(max((level - first) / step, 0.0), len(cumulative))
    whole = min(int(place), len(cumulative) - 1)
    lower = cumulative[whole - 1] if whole else 0.0
    return lower + (place - whole) * (cumulative[whole] - lower)


def security_level(level: float, capability: float, floor: float, p: Values) -> float:
    wanted = p["level_reference"] + p["level_capability"] * max(capability - p["strip_reference"], 0)
    return level + p["level_adjustment"] * (min(max(wanted, floor, 1.0), 5.0) - level)


def theft_hazard(rate: float, level: float, years: float, p: Values) -> float:
    rate *= math.exp(-p["theft_level_effect"] * (level - p["level_reference"]) + p["attacker_growth"] * years)
    return 1 - math.exp(-p["enabled"] * rate / MONTHS)


def flaws_found(hidden: float, access: float, documents: float, evaluators: float, builders: float, p: Values) -> float:
    """Flaws of one developer's models that outsiders find in a month."""
    reach = max(access, 0.01) ** p["access_exponent"]
    eyes = evaluators * p["independence"] + p["commons_gain"] * builders
    rate = p["find_rate"] * reach * eyes * (1 - p["documentation_gain"] * (1 - documents))
    return p["enabled"] * hidden * (1 - math.exp(-rate))


def accident_hazard(lab: Any, outside: float, p: Values) -> float:
    """Monthly hazard of a serious accident at one developer."""
    if lab.capability <= 0:
        return 0.0
    scale = p["accident_rate"] * exp10(p["accident_capability"] * (lab.capability - p["accident_reference"]))
    kept = p["safety_returns"] * lab.effort
    unsafe = 1 - kept / (kept + 1 - lab.effort)
    flaws = 1 + p["accident_flaws"] * (lab.flaws_hidden + lab.flaws_known)
    return p["enabled"] * scale * unsafe * flaws * (1 - p["white_box_gain"] * outside)


def correlated_hazard(shares: Sequence[float], capability: float, flaws: float, p: Values) -> float:
    """Monthly hazard that a concentrated stack fails at once."""
    total = max(sum(shares), 1e-12)
    monoculture = max(sum((share / total) ** 2 for share in shares), 1e-12)
    scale = exp10(p["correlated_capability"] * (capability - p["correlated_reference"]))
    spread = monoculture ** p["diversity_exponent"]
    return p["enabled"] * p["correlated_rate"] * spread * scale * (1 + p["correlated_flaws"] * flaws)
