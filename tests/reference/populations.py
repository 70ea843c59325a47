"""Twins of what misusers, defenders and builders do in a month; see `tests.reference.twins`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.reference.plain import LEAST, TINY, Values, best, clip, gumbel, logistic

# Misuse


def exposed_capability(
    unpatched: Sequence[float], persistent: float, threshold: float, capability: float, first: float, step: float
) -> float:
    """Exposed OOM of a model against one class of defenders: of each slice, what persists or is not patched yet.

    Only what lies above the domain's threshold and below the model's capability counts; `first` is where slice 0
    begins.
    """
    total = 0.0
    for number, open_share in enumerate(unpatched):
        lower = first + number * step
        above = clip((lower + step - threshold) / step, 0.0, 1.0)
        within = clip((capability - lower) / step, 0.0, 1.0)
        total += step * above * within * (persistent + (1.0 - persistent) * open_share)
    return total


def uplift(exposed: float, per_oom: float, cap: float) -> float:
    """Uplift in log-odds from exposed capability: linear at first, never above the cap."""
    return cap * (1.0 - math.exp(-per_oom * exposed / cap))


def jailbreak_share(persistence: float, years: float, attacks: float, flaws: float, p: Values) -> float:
    """Share of a misuser's requests that gets past an interface's safeguards."""
    held = clip(persistence, LEAST, 1.0 - LEAST)
    odds = math.log((1.0 - held) / held) + p["jailbreak_skill"] + p["jailbreak_flaws"] * flaws
    return logistic(odds + attacks - p["safeguard_trend"] * years)


def through_safeguards(full: float, passed: float) -> float:
    """Uplift when only a share `passed` of requests gets through."""
    return math.log(1.0 + passed * (math.exp(full) - 1.0))


def success(skill: float, experience: float, base: float, gained: float, protection: float) -> float:
    """Monthly probability of success of one misuser, from log-odds."""
    return logistic(skill + experience + base + gained - protection)


def local_friction(log10_flop: float, years: float, resources: float, p: Values) -> float:
    """Friction of running a model on one's own machines, beyond what a person can afford."""
    affordable = p["affordable_log10_flop"] + math.log10(p["affordable_growth"]) * years
    excess = max(log10_flop - affordable, 0.0)
    return p["local_compute_friction"] * p["fine_tuning_cost_factor"] * excess * (1.0 - resources)


def open_friction(own: float, interface: float, hosted: float, p: Values) -> float:
    """Friction of open weights: the easier of one's own machine and a host, where hosting is open to such users."""
    return hosted * min(own, interface + p["hosted_friction"]) + (1.0 - hosted) * own


def choose_route(routes: Sequence[Values], p: Values) -> int:
    """Route of one misuser who reconsiders, a place in `routes`.

    Each route has ``chance`` (of success), ``friction``, ``detection``, ``available`` and ``uniform``.
    """
    values = []
    for route in routes:
        noise = p["route_noise"] * gumbel(route["uniform"])
        value = math.log(route["chance"]) - route["friction"] - p["detection_aversion"] * route["detection"] + noise
        values.append(value if route["available"] else -1e4)
    return best(values)


def expected_harm(misusers: Sequence[Values], real: float, loss_usd: float) -> float:
    """Expected harm of a month, USD: Σ weight × chance over active misusers, each success costing `loss_usd`.

    Each misuser has ``active``, ``weight`` (share of `real` misusers) and ``chance``.
    """
    return sum(real * m["weight"] * m["chance"] * loss_usd for m in misusers if m["active"])


def gain_experience(experience: float, succeeded: bool, p: Values) -> float:
    """Experience after a month: it fades, and grows with a success."""
    return experience * (1.0 - p["forgetting"]) + (p["learning"] if succeeded else 0.0)


def entry_target(profit_ratio: float, p: Values) -> float:
    """Share of potential misusers who would be active, given success relative to success without AI."""
    return clip(p["entry_share"] * max(profit_ratio, LEAST) ** p["entry_elasticity"], 0.0, 1.0)


def leave_and_enter(active_share: float, target: float, p: Values) -> tuple[float, float]:
    """Monthly probabilities that an active misuser gives up and that an inactive one enters."""
    leave = p["turnover"] * max(active_share - target, 0.0) / max(active_share, LEAST)
    enter = p["turnover"] * max(target - active_share, 0.0) / max(1.0 - active_share, LEAST)
    return min(leave, 1.0), min(enter, 1.0)


def turn_over(
    active: bool, stopped: bool, uniform: float, seen: float, leave: float, enter: float, kind: int, p: Values
) -> tuple[bool, bool, bool]:
    """Whether a misuser is active, is stopped, and has just lost an account, after the month: one uniform decides.

    `seen` is the risk to be found by whoever runs the model.
    """
    leave *= 1.0 - p["kind_persistence"][kind]
    if stopped:
        return active, uniform >= 1.0 - math.exp(-1.0 / p["disruption_months"]), False
    if not active:
        return uniform < enter, False, False
    by_police = p["detection_other"] + p["ban_stops"] * seen
    either = by_police + (1.0 - p["ban_stops"]) * seen
    if uniform < by_police:
        return False, True, False
    if uniform < either:
        return True, False, True
    return uniform >= either + leave, False, False


def stays_banned(banned: bool, uniform: float, accepted: float, p: Values) -> bool:
    """Whether a misuser without an account is still without one after the month."""
    return banned and uniform < math.exp(-accepted / p["ban_months"])


# Defence


def patch(unpatched: float, reachable: float, patch_rate: float, speed: float, p: Values) -> float:
    """Unpatched share of one slice for one class of defenders after a month; `reachable` is the share that patches."""
    floor = p["never_patched"]
    closed = (unpatched - floor) * (1.0 - math.exp(-p["enabled"] * patch_rate * speed))
    return unpatched - reachable * closed


def adopt_tools(
    tools: float, capability: float, threshold: float, commons: float, strength: float, cap: float, p: Values
) -> float:
    """Defensive tools of one defender after a month: a share of the gap to what its best model allows."""
    if p["form"] == "vintage":
        return tools
    target = min(strength * max(capability - threshold, 0.0) * (1.0 + p["tool_commons_gain"] * commons), cap)
    return tools + p["enabled"] * p["tool_adoption"] * (target - tools)


def informed(reported: float, p: Values) -> float:
    """Share of losses that defenders know of: their own, and what is reported."""
    return p["information_gain"] + (1.0 - p["information_gain"]) * reported


def reported(monitored: float, duty: float, p: Values) -> float:
    """Share of harmful events that becomes known."""
    seen = monitored + (1.0 - monitored) * p["reporting_unseen"]
    return seen + (1.0 - seen) * duty


def invest(invested: float, loss_ratio: float, budget: float, information: float, gained: float, p: Values) -> float:
    """Protection bought by one defender after a month, in log-odds (Gordon & Loeb 2002).

    `gained` is what the best model in attackers' reach has gained, in OOM.
    """
    known = 1.0 + information * (max(loss_ratio, 1.0) - 1.0)
    if p["breach_class"] == "second":
        wanted = math.log(known) * budget
    else:
        beta, alpha = p["investment_weight"] / (1.0 - p["investment_weight"]), p["breach_productivity"]
        spending = (max(known, 1.0) ** (1.0 / (beta + 1.0)) - 1.0) / alpha * budget
        wanted = beta * math.log(alpha * spending + 1.0)
    lost = 1.0 - math.exp(-p["innovation_decay"] * gained)
    return invested + p["enabled"] * (p["investment_speed"] * (wanted - invested) - lost * invested)


# Innovation


def base_utilities(options: Sequence[Values], need: float, large_budget: bool, p: Values) -> list[float]:
    """Utility of every base model to one builder.

    Each option has ``relative`` (OOM behind the frontier, negative), ``price``, ``customisability``, ``permissive``,
    ``popularity``, ``frameworks`` and ``available``.
    """
    sensitivity = p["price_weight"] * (1.0 if large_budget else p["small_budget_factor"])
    out = []
    for o in options:
        value = p["capability_weight"] * o["relative"] - sensitivity * o["price"]
        value += p["customisability_weight"] * need * o["customisability"] + p["licence_weight"] * o["permissive"]
        value += p["popularity_weight"] * math.log(o["popularity"] + p["newcomer_popularity"])
        value += p["framework_weight"] * o["frameworks"]
        out.append(value if o["available"] else -1e4)
    return out


def choose_base(utilities: Sequence[float], uniform: float) -> int:
    """Base model of one builder who reconsiders: the first whose cumulative logit share exceeds the uniform."""
    top = max(utilities)
    weights = [math.exp(u - top) for u in utilities]
    total, reached = sum(weights), 0.0
    for place, weight in enumerate(weights):
        reached += weight / total
        if uniform < reached:
            return place
    return len(weights) - 1


def follow_on(open_inputs: Sequence[float], p: Values) -> float:
    """Factor on follow-on innovation from weights, code, data and research, each open (1) or closed (0)."""
    factor = 1.0
    for x in open_inputs:
        factor *= 1.0 - p["closure_penalty"] * (1.0 - x)
    return factor


def innovation_rate(
    skill: float,
    relative: float,
    access: float,
    customisability: float,
    frontier: float,
    reference: float,
    stock: float,
    need: float,
    p: Values,
) -> float:
    """Probability that one builder innovates this month; `stock` is what builders have made so far, per builder."""
    opened = 10.0 ** (p["frontier_gain"] * (frontier - reference)) * (1.0 + stock) ** -p["ideas_harder"]
    base = 10.0 ** (p["capability_gain"] * min(relative, 0.0)) * access
    fit = 1.0 + p["customisability_gain"] * customisability * need
    return p["enabled"] * skill * p["rate_per_month"] * opened * base * fit


def download(artefacts: Sequence[Values], total: float, p: Values) -> list[float]:
    """Downloads of every artefact after a month in which `total` fall on all of them.

    Each artefact has ``log_quality``, ``age_months``, ``downloads`` and ``weight`` (real artefacts that it stands for).
    """
    appeals = []
    for a in artefacts:
        appeal = math.exp(a["log_quality"]) * (1.0 + a["downloads"]) ** p["popularity_exponent"]
        appeals.append(appeal * math.exp(-p["discovery_decay"] * a["age_months"]) if a["weight"] > 0 else 0.0)
    pool = sum(appeal * a["weight"] for appeal, a in zip(appeals, artefacts, strict=True))
    return [a["downloads"] + total * x / max(pool, TINY) for x, a in zip(appeals, artefacts, strict=True)]
