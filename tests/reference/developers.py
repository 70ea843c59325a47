"""Twins of what developers, users and regulators do in a month; see `tests.reference.twins`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tests.reference.plain import (
    LEAST_EFFORT,
    LEAST_RESIDUAL,
    MONTHS,
    MOST_EFFORT,
    TINY,
    Values,
    best,
    clip,
    gumbel,
    logistic,
)

# Release


def estimated_risk(capability: float, noise: float, evidence_share: float, p: Values) -> float:
    """A developer's noisy estimate of the danger of a model, as much of it as internal governance lets through."""
    return evidence_share * logistic((capability - p["risk_midpoint"]) / p["risk_width"] + p["risk_noise"] * noise)


def expected_share(model: float, rivals: Sequence[float], open_best: float, p: Values) -> float:
    """Market share that a developer expects from a model against the flagships of `rivals` and the best open model."""
    mine = 10.0 ** ((model - open_best) * p["capability_weight"])
    others = sum(10.0 ** ((rival - open_best) * p["capability_weight"]) for rival in rivals)
    return mine / (mine + others + (1.0 if open_best > 0 else 0.0))


def launch_left(relative_market: float, p: Values) -> float:
    """Cost of launching a service in a market that is so many times that of January 2023."""
    return p["launch_cost"] * relative_market ** -p["launch_fading"]


def regime_payoff(lab: Values, regime: Values, p: Values) -> float:
    """Payoff of one regime to one developer, in units of its expected closed profit.

    `lab` has ``share``, ``stake``, ``taste``, ``risk``, ``liability``, ``liability_cap``, ``relief``,
    ``prize`` and ``compliance``; `regime` its attributes.
    """
    weights, served = regime["weights_access"], regime["api_access"]
    gain = p["profit_weight"] * lab["share"] * max(served - p["host_substitution"] * weights, 0.0)
    gain += (lab["stake"] + lab["taste"] + lab["prize"]) * weights
    gain += p["ecosystem_gain"] * regime["customisability"] * regime["flywheel"]
    gain += p["reputation_gain"] * regime["research_openness"]
    gain += p["secrecy_gain"] * (1.0 - regime["knowledge_spillover"]) * (1.0 - served)
    exposed = (1.0 - regime["safeguard_persistence"]) * (1.0 - regime["revocability"])
    owed = p["liability_weight"] * lab["liability"] * lab["risk"] * (1.0 - regime["monitoring"])
    owed *= 1.0 - lab["relief"] * weights
    loss = p["risk_aversion"] * lab["risk"] * exposed + min(owed, lab["liability_cap"])
    loss += p["launch_cost"] * served * (1.0 - weights)
    return gain - loss - p["compliance_burden"] * lab["compliance"] * served


def permitted(metrics: Sequence[float], thresholds: Sequence[Sequence[float]], choosable: Sequence[bool]) -> list[bool]:
    """Which regimes a developer may choose: those with every threshold above the model; the first if none."""
    allowed = [
        may and all(m < t for m, t in zip(metrics, row, strict=True))
        for row, may in zip(thresholds, choosable, strict=True)
    ]
    if not any(allowed):
        allowed[0] = True
    return allowed


def licensed(capability: float, strictness: float, row: Mapping[str, float], p: Values) -> bool:
    """Whether a licence admits a model under a regime: what it leaves unguarded and beyond recall is bearable."""
    danger = logistic((capability - p["risk_midpoint"]) / p["risk_width"])
    return danger * (1.0 - row["safeguard_persistence"]) * (1.0 - row["revocability"]) <= 1.0 - strictness


def tolerated(risk: float, ceiling: float, exposed: Sequence[float], allowed: Sequence[bool]) -> list[bool]:
    """Which of the permitted regimes a developer can make a safety case for; the first if none."""
    passed = [may and risk * share <= ceiling for share, may in zip(exposed, allowed, strict=True)]
    if not any(passed):
        passed[0] = True
    return passed


def choose_regime(payoffs: Sequence[float], allowed: Sequence[bool], uniforms: Sequence[float], p: Values) -> int:
    """Regime that one developer chooses for one model: logit among the permitted ones."""
    values = []
    for payoff, may, u in zip(payoffs, allowed, uniforms, strict=True):
        value = payoff + p["choice_noise"] * gumbel(u) if p["enabled"] > 0 else 0.0
        values.append(value if may else -1e9)
    return best(values)


# Safety


def survival(effort: float, returns: float) -> float:
    """Probability that no disaster follows from a share of effort given to safety."""
    return returns * effort / (returns * effort + 1.0 - effort)


def adjust_effort(effort: float, share: float, closeness: float, liability: float, p: Values) -> float:
    """Safety effort of one developer after a month: what safety gains against the position that it costs."""
    gain = (p["stake"] + liability) / (effort * (p["safety_returns"] * effort + 1.0 - effort))
    cost = p["decisiveness"] * (1.0 + p["openness_pressure"] * closeness) * (1.0 - share) / (1.0 - effort)
    push = clip((gain - cost) * effort * (1.0 - effort), -1.0, 1.0)
    logit = math.log(effort / (1.0 - effort)) + p["enabled"] * p["adjustment"] * push
    return clip(logistic(logit), LEAST_EFFORT, MOST_EFFORT)


def copy_effort(own: Values, model: Values, spread: float, uniform: float, p: Values) -> float:
    """Effort after perhaps copying a developer that earns more; `own` and `model` have ``effort`` and ``earnings``."""
    gain = (model["earnings"] - own["earnings"]) / max(spread, 1.0)
    copies = uniform < p["enabled"] * p["imitation_rate"] * logistic(p["imitation_intensity"] * gain)
    return model["effort"] if copies else own["effort"]


# Market


def unit_cost(capability: float, frontier: float, p: Values) -> float:
    """Cost of serving a model, 1 at the frontier."""
    return clip(10.0 ** (p["cost_slope"] * (capability - frontier)), p["cost_floor"], 1.0)


def serving_cost(capability: float, frontier: float, cloud: float, p: Values) -> float:
    """Cost of serving one's own model; owners of complements need not rent."""
    return unit_cost(capability, frontier, p) * (1.0 - p["complement_cost"] * cloud)


def promise(market: float, earned: float, p: Values) -> float:
    """Yearly income that investors expect developers as a whole to have."""
    return (1.0 - p["appropriation_weight"]) * market + p["appropriation_weight"] * min(earned, market)


def bertrand_price(cost: float, share: float, sensitivity: float) -> float:
    """Best reply in logit-Bertrand competition."""
    return cost + 1.0 / (sensitivity * max(1.0 - share, LEAST_RESIDUAL))


def price(old: float, cost: float, share: float, sensitivity: float, p: Values) -> float:
    """Price after one month of damped best reply."""
    return old + p["price_adjustment"] * (bertrand_price(cost, share, sensitivity) - old)


def training_budget(budget: float, own_revenue: float, market: float, position: float, p: Values) -> float:
    """Yearly budget for final training runs after one month, USD."""
    expected = p["revenue_weight"] * own_revenue + (1.0 - p["revenue_weight"]) * market * position
    factor = clip(
        p["run_share_of_revenue"] * expected / max(budget, 1.0), 1.0 - p["budget_fall"], 1.0 + p["budget_rise"]
    )
    return budget * factor if p["enabled"] > 0 else budget


def market_utilities(options: Sequence[Values], segment: int, p: Values) -> list[float | None]:
    """Utility of every option to the users of one segment; None where it is not on offer.

    Each option has ``relative``, ``price``, ``customisability``, ``distribution``, ``hosted`` and ``available``.
    """
    out: list[float | None] = []
    for o in options:
        value = p["capability_weight"][segment] * o["relative"] - p["price_sensitivity"][segment] * o["price"]
        value += p["open_intercept"][segment] * o["hosted"]
        value += (
            p["customisability_weight"][segment] * o["customisability"] + p["complement_weight"] * o["distribution"]
        )
        out.append(value if o["available"] else None)
    return out


def segment_shares(
    utilities: Sequence[float | None], family: Sequence[int], outside: float, dissimilarity: float
) -> tuple[list[float], float]:
    """Shares of buyers by option in a logit nested by family, and the expected utility gained over buying nothing."""
    sums: dict[int, float] = {}
    for u, f in zip(utilities, family, strict=True):
        if u is not None:
            sums[f] = sums.get(f, 0.0) + math.exp(u / dissimilarity)
    nests = {f: total**dissimilarity for f, total in sums.items()}
    bought = sum(nests.values())
    shares = []
    for u, f in zip(utilities, family, strict=True):
        shares.append(0.0 if u is None else math.exp(u / dissimilarity) / sums[f] * nests[f] / bought)
    return shares, math.log(1.0 + bought * math.exp(-outside))


def clear_segment(
    held: Sequence[float], wanted: Sequence[float], available: Sequence[bool], interoperability: float, p: Values
) -> list[float]:
    """Shares in use in one segment after a month: some reconsider, and all whose option has gone."""
    moving = p["reconsider_share"] + (1.0 - p["reconsider_share"]) * interoperability
    kept = [h * (1.0 - moving) if there else 0.0 for h, there in zip(held, available, strict=True)]
    free = 1.0 - sum(kept)
    shares = [k + free * w for k, w in zip(kept, wanted, strict=True)]
    total = sum(shares)
    return [s / total if total > TINY else 0.0 for s in shares]


def payments(shares: Sequence[float], prices: Sequence[float], size_usd: float, reference_price: float) -> list[float]:
    """What users of one segment pay for each option in a month, USD; `size_usd`: a year at the reference price."""
    return [size_usd * s * c / reference_price / MONTHS for s, c in zip(shares, prices, strict=True)]


# Regulation


def become_known(brand: float, used: float, known: bool, p: Mapping[str, Any]) -> float:
    """How well known one developer's service is after a month, from its share of all use."""
    return brand + (p["brand_speed"] if known else 1.0) * (used - brand)


def salience(old: float, reported: float, trend: float, noise: float, place: int, p: Mapping[str, Any]) -> float:
    """Decaying memory of reported harm relative to what would have come without AI, perceived concavely."""
    seen = max(reported / max(trend, TINY) * math.exp(p["observation_noise"][place] * noise), TINY)
    threshold = max(p["salience_threshold"][place], TINY)
    felt = threshold * (seen / threshold) ** p["reporting_elasticity"]
    return old * (1.0 - p["salience_memory"]) + p["salience_memory"] * felt


def stringency(old: float, felt: float, concentration: float, place: int, p: Mapping[str, list[float]]) -> float:
    """Stringency of one regulator after a month; `felt` is its salience, `place` its jurisdiction."""
    threshold = p["salience_threshold"][place]
    change = 0.0
    if felt > threshold:
        change += p["response_speed"][place] * (1.0 - p["capture"][place] * concentration) * (1.0 - old)
    if felt < threshold * (1.0 - p["salience_hysteresis"]):
        change -= p["reversal_speed"][place] * (old - p["stringency_initial"][place])
    return clip(old + p["enabled"] * change, 0.0, 1.0)


def audited(rates: Sequence[float], bound: Sequence[int], uniform: float, p: Mapping[str, Any]) -> bool:
    """Whether one developer is audited this month.

    `rates` are those in the law of each jurisdiction that binds it, and `bound` developers share each one's capacity.
    """
    chances = [min(rate, p["audit_capacity"][j] / max(bound[j], 1)) for j, rate in enumerate(rates)]
    return uniform < p["enabled"] * max(chances)


def breach_probability(penalty_share: float, rate: float, access: float, p: Values) -> float:
    """Probability that one developer is in breach, deterred by the penalty that it must expect."""
    return logistic(
        p["breach_base"] - p["breach_deterrence"] * penalty_share * min(rate, 1.0) * p["detection"] * access
    )


def proven(in_breach: bool, was_audited: bool, access: float, uniform: float, p: Values) -> bool:
    """Whether an audit proves a breach."""
    return in_breach and was_audited and uniform < p["detection"] * access
