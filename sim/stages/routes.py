"""Routes by which misusers reach capability: what each offers, and the log-odds of success that it gives."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.axes import DOMAINS, ROUTE_COLUMNS, ROUTES
from sim.duties import on_classes, on_developers, on_world
from sim.initial import reference_frontier
from sim.kernels import defence, misuse, picks
from sim.kernels.choice import LN10, RECORDS
from sim.populations import CLASSES
from sim.regimes import OPEN
from sim.setting import Parameters
from sim.state import State

F32 = NDArray[np.float32]

API, OPEN_WEIGHTS, STOLEN = (ROUTES.index(name) for name in ("api", "open_weights", "stolen"))
BIO, CYBER, INFLUENCE = (DOMAINS.index(name) for name in ("bio", "cyber", "influence"))
SAFEGUARD_YEAR = 2024
"""Year to which the persistence of safeguards refers; they harden from then on."""
PRICES_YEAR = 2023
"""Year to which what people can afford, and exposure, refer."""
TRIED = np.float32(1e-3)
"""Share of access below which a route counts as closed."""
OF_SERVICES = ("weights_access", "api_access", "safeguard_persistence", "false_accept", "monitoring", "provenance")
OF_WEIGHTS = ("weights_access", "safeguard_persistence", "provenance", "monitoring")
"""What misusers meet: attributes of services, and of weights that are out."""
NO_SCORE = np.float32(-99)
"""Score of an interface that does not exist."""


def routes(state: State) -> dict[str, F32]:
    """What each route offers: capability by domain, share of requests that pass, monitoring; ``(member, domain)`` each.

    The interface of a model whose weights are out belongs to the route of open weights: nobody needs to get past its
    safeguards.
    """
    labs, p, table = state.labs, state.parameters, state.seen["misuse"]
    years = max(state.clock.year - SAFEGUARD_YEAR, 0.0)
    weights, api, persistence, accepted, monitoring, provenance = table.of_rows(labs.regime, OF_SERVICES)
    kept = weights < OPEN
    served = api * labs.active * kept
    offered = served > TRIED
    persistence = persistence + (1 - persistence) * on_developers(state, "safeguard_sharing")
    vetted = accepted * (1 - on_developers(state, "know_your_customer"))
    flaws = (labs.flaws_hidden + labs.flaws_known) / p.oversight.flaws_per_release - p.initial.flaws_share
    passed = misuse.jailbreak_share(persistence, years, state.knowledge.attacks, flaws, p.misuse) * vetted * offered
    level = (labs.capability * offered)[:, None] + by_domain(labs.offset)
    reached = level + (np.log(np.maximum(passed, TRIED)) / LN10)[:, None]
    score = np.where(offered[:, None], reached, NO_SCORE)
    best = np.argmax(score, axis=2)
    exists = np.maximum.reduce(score, axis=2) > NO_SCORE / 2
    open_weights, guarded, open_provenance, open_monitoring = table.of_rows(labs.open_regime, OF_WEIGHTS)
    out_there = (open_weights >= OPEN)[:, None]
    resist = on_developers(state, "tamper_resistance")
    whole = by_domain(labs.open_reach) * out_there
    first = np.argmax(np.maximum.reduce(whole, axis=1), axis=1)[:, None]
    state.flows.values["misused"], state.flows.values["misused_weights"] = best, first
    each_domain = picks.rows(level.reshape(state.members, -1), best + np.arange(len(DOMAINS)) * level.shape[2])
    return {
        "api": each_domain * exists,
        "passed": picks.rows(passed, best),
        "monitored": picks.rows(monitoring, best),
        "accepted": picks.rows(vetted, best),
        "open": np.maximum.reduce(whole, axis=2),
        "stripped": np.maximum.reduce(by_domain(labs.stripped_reach) * out_there, axis=2),
        "guard": np.maximum(picks.rows(guarded, first), picks.rows(resist, first)),
        "open_flop": picks.rows(labs.open_log10_flop, first),
        "traced": picks.rows(provenance, best[:, INFLUENCE : INFLUENCE + 1]),
        "open_traced": picks.rows(open_provenance, first),
        "open_monitored": picks.rows(open_monitoring, first),
    }


def by_domain(reach: F32) -> F32:
    """What developers hold by domain ``(member, lab, domain)``, as ``(member, domain, lab)``: sums and maxima over the
    few domains would be slow if they came last in memory.
    """
    return reach.swapaxes(1, 2).copy()


def log_odds(state: State, ways: dict[str, F32]) -> F32:
    """Log-odds of success against each class of defenders by each column, ``(member, domain · class · column)``.

    Skill comes on top.
    """
    p, defenders, stolen = state.parameters, state.defenders, state.knowledge.stolen
    levels = np.stack([ways["api"], ways["open"], ways["stripped"], *stolen.swapaxes(0, 1)])
    # Slices above everybody's reach are left out: they cannot matter, and sums up to a slice do not depend on later
    # ones.
    reached = misuse.slices_reached(levels, st.FIRST_SLICE, st.SLICE, st.SLICES)
    # So are slices below every threshold, which add nothing to those sums.
    lowest = float(np.minimum.reduce(p.misuse.uplift_threshold, axis=None))
    below = int(min(max((lowest - st.FIRST_SLICE) // st.SLICE, 0), reached - 1))
    exposed = defence.exposed(defenders.unpatched[..., below:reached], p.defence)
    cumulative = defence.accumulate(exposed, _above(p.misuse, reached)[..., below:], st.SLICE)
    first = st.FIRST_SLICE + below * st.SLICE
    api, unaltered, stripped, *theft = misuse.uplift(cumulative, first, st.SLICE, levels, p.misuse)
    table = np.zeros((state.members, len(DOMAINS), CLASSES, ROUTE_COLUMNS), np.float32)
    table[..., API] = misuse.through_safeguards(api, ways["passed"][:, :, None])
    guarded = misuse.through_safeguards(unaltered, (1 - ways["guard"])[:, :, None])
    table[..., OPEN_WEIGHTS] = np.maximum(stripped, guarded)
    for tier, full in enumerate(theft):
        table[..., STOLEN + tier] = full
    trace(state, ways, table)
    flows = state.flows.values
    exposure = defenders.class_exposure[:, None, :]
    flows["uplift_open"] = np.add.reduce(table[..., OPEN_WEIGHTS] * exposure, axis=2)
    flows["uplift_api"] = np.add.reduce(table[..., API] * exposure, axis=2)
    flows["reached"] = in_reach(state, ways)
    flows["level_open"], flows["level_api"], flows["passed"] = ways["open"], ways["api"], ways["passed"]
    base = p.misuse.base_log_odds[:, :, None] - defenders.protection
    flows["exploit_days"] = exploit_days(state, ways)
    base[:, CYBER] += np.log(_window(state, flows["exploit_days"]) / _window_at_start(state.parameters))
    table += base[..., None]
    return np.asarray(table.reshape(state.members, -1))


def trace(state: State, ways: dict[str, F32], table: F32) -> None:
    """Influence operations lose what AI gave them where the origin of outputs is detected."""
    duty = on_classes(state, "provenance")
    gain = state.parameters.misuse.provenance_gain
    for route, traced in ((API, ways["traced"]), (OPEN_WEIGHTS, ways["open_traced"])):
        left = table[:, INFLUENCE, :, route] - gain * np.maximum(traced, duty)
        table[:, INFLUENCE, :, route] = np.maximum(left, 0)


@lru_cache(maxsize=RECORDS)
def _above(p: misuse.Parameters, slices: int) -> F32:
    """Part of each slice that lies above the domain's threshold, ``(member, domain, slice)``."""
    upper = np.float32(st.FIRST_SLICE + st.SLICE) + np.arange(slices, dtype=np.float32) * np.float32(st.SLICE)
    part = (upper - p.uplift_threshold[:, :, None]) / np.float32(st.SLICE)
    return np.asarray(np.clip(part, 0, 1))


def _window(state: State, days_to_exploit: F32) -> F32:
    """Chance that an exploited flaw meets an unpatched defender, ``(member, 1)``."""
    p = state.parameters
    days = defence.patch_days(patch_effort(state), p.defence)
    return misuse.exposure_window(np.maximum(days_to_exploit, 0), days, p.misuse)


@lru_cache(maxsize=RECORDS)
def _window_at_start(p: Parameters) -> F32:
    one = np.ones_like(p.defence.patch_hazard_per_day)
    return misuse.exposure_window(p.defence.exploit_days_initial, defence.patch_days(one, p.defence), p.misuse)


def in_reach(state: State, ways: dict[str, F32]) -> F32:
    """Best model that attackers in general can use without its safeguards, ``(member, domain)``: by an interface as far
    as they get past them, as a stripped copy of open weights, or stolen and public.
    """
    api = np.where(ways["api"] > 0, ways["api"] + np.log(np.maximum(ways["passed"], TRIED)) / LN10, np.float32(0))
    best = np.maximum(np.maximum(api, ways["stripped"]), state.knowledge.stolen[:, -1])
    return np.asarray(best * state.parameters.misuse.enabled, np.float32)


def exploit_days(state: State, ways: dict[str, F32]) -> F32:
    """Typical days from disclosure to exploitation with the best capability in attackers' reach, ``(member, 1)``."""
    reached = np.maximum(ways["api"], ways["open"])[:, CYBER : CYBER + 1]
    # Without any uplift attackers exploit no faster either.
    reached = reached * state.parameters.misuse.enabled
    return defence.exploit_days(reached, reference_frontier(state.parameters), state.parameters.defence)


def patch_effort(state: State) -> F32:
    """Patching effort of the median defender, with mandates; ``(member, 1)``."""
    invested = np.add.reduce(state.defenders.invested, axis=1, keepdims=True) / state.defenders.invested.shape[1]
    mandate = on_world(state, "patch_mandate", state.parameters.initial.exposure_share)
    return np.asarray((1 + state.parameters.defence.patch_effort_gain * invested) * (1 + mandate))
