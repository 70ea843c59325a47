"""How the outcomes of harm and catastrophe are measured, and the breakdowns that figures show."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import DOMAINS, JURISDICTIONS, ROUTES
from sim.kernels import defence, misuse
from sim.outcomes.measures import column, ratio, total
from sim.populations import class_parts, defender_parts
from sim.stages.misusing import API, CYBER, OPEN_WEIGHTS, STOLEN, of_classes, patch_effort
from sim.state import State

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

CHANNELS = (
    "added through interfaces",
    "added through open weights",
    "added through stolen weights",
    "averted by patching",
    "averted by defensive tools",
    "averted by investment",
)
"""Channels of the by-channel figure; what is averted is negative."""


def by_route(state: State) -> F64:
    """Expected harm by domain and route, ``(member, domain, route)``; stolen weights of all tiers together."""
    flows = state.flows.values
    if "harm_by_route" not in flows:
        harm = flows["harm_by_column"]
        stolen = np.add.reduce(harm[:, :, STOLEN:], axis=2, keepdims=True)
        flows["harm_by_route"] = np.concatenate([harm[:, :, :STOLEN], stolen], axis=2)
    return flows["harm_by_route"]


def harm(state: State) -> dict[str, F64]:
    """Harm by domain, route, victim and attribution."""
    flows, people = state.flows.values, state.misusers
    parts = by_route(state)
    everything, ai = total(parts), total(flows["harm_ai"])
    growth = misuse.exposure(state.clock.year - 2023, state.parameters.misuse)
    without = total(people.loss_usd * people.events_initial * growth)
    by_class = of_classes(flows["harm"])
    _, large, _ = class_parts()
    places = np.add.reduce(by_class.reshape(len(by_class), len(JURISDICTIONS), -1), axis=2)
    out = {
        "cumulative_harm": everything,
        "harm_index": 100 * ratio(everything, without),
        "realised_harm": total(flows["harm_realised"]),
        "ai_attributable_harm": ai,
        "ai_attributable_harm_share": ratio(ai, everything),
        "harm_large_defenders": total(by_class * large),
        "harm_small_defenders": total(by_class * (1 - large)),
        "incidents": column(state.public.incidents),
        "misusers_stopped": column(flows["caught"]) / len(people.kind),
        "misusers_shut_out": column(flows["shut_out"]) / len(people.kind),
        "active_misusers": total(people.number) / len(people.kind),
        "poisoned_downloads": column(flows["poisoned"]),
        "thefts": column(state.knowledge.thefts),
        "jailbreak_share": column(flows["passed"][:, CYBER : CYBER + 1]),
    }
    out.update({f"harm_{name}": np.add.reduce(parts[:, d], axis=1) for d, name in enumerate(DOMAINS)})
    by_ai, by_chance = flows["harm_ai_by_column"], flows["harm_realised"]
    out.update({f"realised_harm_{name}": column(by_chance[:, d : d + 1]) for d, name in enumerate(DOMAINS)})
    out.update({f"ai_attributable_harm_{name}": np.add.reduce(by_ai[:, d], axis=1) for d, name in enumerate(DOMAINS)})
    out.update({f"harm_route_{name}": np.add.reduce(parts[:, :, r], axis=1) for r, name in enumerate(ROUTES)})
    out.update({f"harm_{name}": places[:, j] for j, name in enumerate(JURISDICTIONS)})
    return out


def resilience(state: State) -> dict[str, F64]:
    """Protection, patching and the race against exploitation."""
    people, p = state.defenders, state.parameters.defence
    effort = patch_effort(state)
    return {
        "protection": total(people.protection) / people.protection[0].size,
        "unpatched_share": unpatched_share(state),
        "unpatched_share_28_days": column(defence.unpatched_after(28, effort, p)),
        "median_days_to_patch": column(defence.patch_days(effort, p)),
        "median_days_to_exploit": column(state.flows.values["exploit_days"]),
    }


def unpatched_share(state: State) -> F64:
    """Share of exposure not yet patched in cyber operations, over the slices that matter and that models reach."""
    people, frontier = state.defenders, state.public.frontier
    threshold = state.parameters.misuse.uplift_threshold[:, CYBER : CYBER + 1]
    slices = misuse.slices_reached(frontier, st.FIRST_SLICE, st.SLICE, st.SLICES)
    upper = np.float32(st.FIRST_SLICE) + (np.arange(slices, dtype=np.float32) + 1) * np.float32(st.SLICE)
    within = ((upper <= frontier) & (upper > threshold)).astype(np.float32)
    # Slices in front, as the state holds them: sums over the classes then run through memory.
    in_order = people.unpatched[:, CYBER, :, :slices].transpose(2, 0, 1)
    weighted = np.add.reduce(in_order * people.class_exposure, axis=2).T
    number = total(within)
    return np.where(number > 0, ratio(total(weighted * within), number), 1.0)


def catastrophe(state: State) -> dict[str, F64]:
    """Probabilities by now from the summed hazards, and events."""
    summed = state.catastrophe
    out = {f"catastrophe_{name}": -np.expm1(-value) for name, value in summed.items()}
    out["catastrophe_probability"] = -np.expm1(-(summed["misuse"] + summed["accident"] + summed["correlated"]))
    out["catastrophes"] = sum(
        (column(state.flows.values[f"struck_{name}"]) for name in summed), np.zeros(state.members)
    )
    return out


def channels(state: State) -> F64:
    """Harm of the month added and averted by channel, USD ``(member, channel)``.

    Added: expected harm minus that without AI, by route. Averted by patching: what the same uses of AI would add if
    nothing were patched. Averted by tools and by investment: at small probabilities success falls by their exponential.
    """
    flows, people, p = state.flows.values, state.defenders, state.parameters
    added = np.add.reduce(flows["harm_ai_by_column"], axis=1)
    routes = np.stack([added[:, API], added[:, OPEN_WEIGHTS], np.add.reduce(added[:, STOLEN:], axis=1)], axis=1)
    harmed = by_route(state)
    domain_harm = np.add.reduce(harmed, axis=2)
    unpatched = np.zeros(len(added))
    for route, level, actual in (
        (API, flows["level_api"], flows["uplift_api"]),
        (OPEN_WEIGHTS, flows["level_open"], flows["uplift_open"]),
    ):
        cap, strength = p.misuse.uplift_cap, p.misuse.uplift_per_oom
        full = cap * (1 - np.exp(-strength * np.maximum(level - p.misuse.uplift_threshold, 0) / cap)) * p.misuse.enabled
        if route == API:
            full = misuse.through_safeguards(full, flows["passed"])
        unpatched += np.add.reduce(
            harmed[:, :, route] * np.expm1(np.maximum(full - actual, 0).astype(np.float64)), axis=1
        )
    tools, bought = _means(np.stack([people.tools, people.invested]))
    by_tools = np.add.reduce(domain_harm * np.expm1(tools), axis=1)
    by_investment = np.add.reduce(domain_harm * np.expm1(bought), axis=1)
    return np.concatenate([routes, -np.stack([unpatched, by_tools, by_investment], axis=1)], axis=1)


def _means(x: F32) -> F64:
    """Means of `x` ``(what, member, defender)`` over the defenders of each domain, ``(what, member, domain)``."""
    order, start, number = _domains(x.shape[2])
    summed = np.add.reduceat(x.take(order, axis=2).astype(np.float64), start, axis=2)
    return np.asarray(summed * (number > 0) / np.maximum(number, 1))


@cache
def _domains(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """So many defenders in the order of their domains, where each domain starts in it, and how many belong to it."""
    domain, _ = defender_parts(n)
    number = np.bincount(domain, minlength=len(DOMAINS))
    # Domains follow each other once sorted; an empty one would start where the next does and is taken out at the end.
    start = np.minimum(np.add.accumulate(number) - number, len(domain) - 1)
    return np.argsort(domain, kind="stable"), start, number
