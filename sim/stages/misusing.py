"""Misusers act: they choose routes, succeed or fail, learn, enter and are stopped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actors.misusers import RouteView
from sim.axes import DOMAINS, JURISDICTIONS, KINDS, ROUTE_COLUMNS, ROUTES
from sim.duties import on_classes, on_world
from sim.kernels import misuse, picks
from sim.populations import CELLS, CLASSES
from sim.roster import Roster
from sim.stages.routes import (
    API,
    BIO,
    CYBER,
    OPEN_WEIGHTS,
    PRICES_YEAR,
    STOLEN,
    log_odds,
    patch_effort,
    routes,
)
from sim.state import Misusers, State

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

__all__ = ["API", "CYBER", "OPEN_WEIGHTS", "STOLEN", "by_place", "misuse_month"]
__all__ += ["patch_effort"]

EACH_ROUTE = np.arange(len(ROUTES))[:, None]
NEVER = 1e-15
"""Successes of which there are practically none; keeps a ratio finite."""


def misuse_month(state: State, roster: Roster) -> None:
    """One month of misuse."""
    ways = routes(state)
    table = log_odds(state, ways)
    reconsider(state, roster, ways, table)
    act(state, ways, table)


def _whose(at: INT, n: int) -> tuple[INT, INT]:
    """Member and misuser of flat places in ``(member, misuser)``."""
    member = at // n
    return member, at - member * n


def reconsider(state: State, roster: Roster, ways: dict[str, F32], table: F32) -> None:
    """Some active misusers reconsider their route."""
    people, p = state.misusers, state.parameters
    n = len(people.kind)
    at = picks.where(people.active & (state.draw("misuser.reconsider", n) < p.misuse.reconsider_share))
    m, i = _whose(at, n)
    kind, domain, tier = people.kind[i], people.domain[i], people.tier[i]
    bare = people.cell.take(at) - people.column.take(at)
    # The few routes in front of the many events, here and in the tables: the other way round all of this is slow.
    place = bare + EACH_ROUTE
    place[STOLEN] += tier
    own = people.skill.take(at) + people.experience.take(at)
    friction, detection, available = route_terms(state, ways)
    routes, target = len(ROUTES), m * len(DOMAINS) + domain
    view = RouteView(
        (table.reshape(-1).take(place) + own).T,
        friction.reshape(routes, -1).take(m * len(KINDS) + kind, axis=1).T,
        detection.reshape(routes, -1).take(target, axis=1).T,
        open_to(available, people.banned.take(at), target, tier).T,
        m,
        state.uniforms.at("misuser.route", state.clock.absolute, m, i * routes + EACH_ROUTE).T,
        p,
    )
    chosen = roster.misusers.route(view)
    column = chosen + tier * (chosen == STOLEN)
    people.column.reshape(-1)[at], people.cell.reshape(-1)[at] = column, bare + column


def open_to(available: BOOL, banned: BOOL, target: INT, tier: INT) -> BOOL:
    """Routes that exist for some misusers, ``(route, event)``: none by an interface for those who are shut out.

    `target` is the flat place of the member and the domain.
    """
    ways = available.reshape(len(ROUTES), -1).take(target * available.shape[-1] + tier, axis=1)
    ways[API] &= ~banned
    return np.asarray(ways)


def route_terms(state: State, ways: dict[str, F32]) -> tuple[F32, F32, BOOL]:
    """What a choice of route depends on besides success.

    Friction ``(route, member, kind)``, monthly risk of detection ``(route, member, domain)``, and whether the route
    exists ``(route, member, domain, tier)``.
    """
    p, labs, stolen = state.parameters.misuse, state.labs, state.knowledge.stolen
    years = max(state.clock.year - PRICES_YEAR, 0.0)
    friction = np.repeat(p.route_friction.T[:, :, None], len(KINDS), axis=2)
    local = misuse.local_friction(ways["open_flop"], years, p.kind_resources, p)
    people = state.parameters.initial.exposure_share
    hosted = (1 - on_world(state, "hosting_ban", people)) * (1 - on_world(state, "host_safeguards", people))
    own, interface = friction[OPEN_WEIGHTS] + local, friction[API, :, :1]
    friction[OPEN_WEIGHTS] = misuse.open_friction(own, interface, hosted, p)
    largest = np.maximum.reduce(labs.log10_flop * labs.active, axis=1, keepdims=True)
    friction[STOLEN] += misuse.local_friction(largest, years, p.kind_resources, p)
    seen = watched(ways, p)[..., : len(ROUTES)].transpose(2, 0, 1)
    detection = p.detection_other + seen
    available = np.ones((len(ROUTES), state.members, len(DOMAINS), stolen.shape[1]), bool)
    available[API] = (ways["api"] > 0)[:, :, None]
    available[OPEN_WEIGHTS] = (ways["open"] > 0)[:, :, None]
    available[STOLEN] = (stolen > 0).swapaxes(1, 2)
    return friction, detection, available


def act(state: State, ways: dict[str, F32], table: F32) -> None:
    """Attempts of the month: expected successes by domain, class and route, with and without AI; learning and turnover.

    Only the active count, so everything runs on their flat places ``(attempt,)``, in the order of members and misusers.
    """
    people, members = state.misusers, state.members
    at = np.flatnonzero(people.active)
    cell, column = people.cell.take(at), people.column.take(at)
    own = (people.skill + people.experience).take(at)
    flat, weight = table.reshape(-1), people.weight.take(at)
    chance = misuse.success(own + flat.take(cell))
    events = picks.counted(cell, weight * chance, members, CELLS)
    # Those without AI, and they are many, succeed as they would anyway; cells of a route hold nobody else.
    helped = np.flatnonzero(column > 0)
    there = cell.take(helped)
    alone = weight.take(helped) * misuse.success(own.take(helped) + flat.take(there - column.take(helped)))
    without = picks.counted(there, alone, members, CELLS)
    without[:, ::ROUTE_COLUMNS] = events[:, ::ROUTE_COLUMNS]
    shape = (members, len(DOMAINS), CLASSES, ROUTE_COLUMNS)
    events, without = events.reshape(shape), without.reshape(shape)
    activity, gain = people.number, _by_domain(events) / np.maximum(_by_domain(without), NEVER)
    real = state.parameters.initial.misusers_real[:, :, None, None].astype(np.float64)
    events, without = events * real, without * real
    if "synthesis_screening" in state.levers.moved:
        screened = on_classes(state, "synthesis_screening") * state.parameters.catastrophe.misuse_screening
        for counts in (events, without):
            counts[:, BIO] *= (1 - screened)[:, :, None]
    record(state, events, without)
    learn(state, at, chance)
    turn_over(state, ways, activity.astype(np.float32), gain.astype(np.float32))


def _by_domain(counts: F64) -> F64:
    """Sum over classes and columns, ``(member, domain)``."""
    return np.asarray(np.add.reduce(counts.reshape(*counts.shape[:2], -1), axis=2))


def record(state: State, events: F64, without: F64) -> None:
    """Expected and realised harm of the month, and what becomes known of it."""
    people, p, flows = state.misusers, state.parameters.misuse, state.flows.values
    growth = misuse.exposure(state.clock.year - PRICES_YEAR, p)
    loss = (people.loss_usd * growth)[:, :, None, None].astype(np.float64)
    harm, baseline = events * loss, without * loss
    harm[..., OPEN_WEIGHTS] *= 1 + (flows["poisoned"] * p.enabled)[:, :, None]
    flows["harm"] = harm
    flows["harm_ai"] = harm - baseline
    flows["events"] = events
    for name in ("harm", "harm_ai", "events"):
        flows[f"{name}_by_column"] = of_columns(flows[name])
    expected, count = (_by_domain(flows[name]).astype(np.float32) for name in ("harm_by_column", "events_by_column"))
    flows["harm_realised"] = misuse.realised(
        expected, count, p.severity_sd, state.normal("harm.realised", len(DOMAINS))
    )
    state.public.loss_ratio = expected / np.maximum(people.loss_usd * people.events_initial * growth, 1)


def learn(state: State, at: INT, chance: F32) -> None:
    """Those who succeed gain experience; experience fades. `chance` is that of the active ones, whose places are
    `at`.
    """
    people, p = state.misusers, state.parameters.misuse
    n = len(people.kind)
    # By places found once: to select by a random mask is several times slower.
    wins = at.take(picks.where(state.draw("misuser.act", n).take(at) < chance))
    people.experience *= 1 - p.forgetting
    people.experience.reshape(-1)[wins] += p.learning.take(wins // n)


def turn_over(state: State, ways: dict[str, F32], activity: F32, gain: F32) -> None:
    """Some are stopped or shut out of interfaces, some give up, some enter where success has become more likely.

    Parameters
    ----------
    activity, gain : ndarray ``(member, domain)``
        Number of simulated misusers who are active, and their successes over those that they would have without AI.
    """
    people, p = state.misusers, state.parameters.misuse
    n = len(people.kind)
    size = np.bincount(people.domain, minlength=len(DOMAINS)).astype(np.float32)
    share = np.asarray(activity / np.maximum(size, 1), np.float32)
    leave, enter = misuse.turnover_thresholds(share, misuse.entry_target(gain, p), p)
    stop, shut = misuse.found(watched(ways, p), p)
    back, again = 1 - np.exp(-1 / p.disruption_months), misuse.accepted_again(ways["accepted"], p)
    uniforms = state.draw("misuser.turnover", n)
    at = picks.where(touched(people, uniforms, (stop + shut, leave, enter), back, again))
    m, i = _whose(at, n)
    u, active, stopped = uniforms.take(at), people.active.take(at), people.stopped.take(at)
    domain, column = m * len(DOMAINS) + people.domain[i], people.column.take(at)
    met = domain * ROUTE_COLUMNS + column
    risk = stop.take(met) + shut.take(met)
    caught, found = active & (u < stop.take(met)), active & (u < risk)
    comes = ~active & ~stopped & (u < enter.take(domain))
    going = misuse.gives_up(leave.take(domain), p.kind_persistence[m, people.kind[i]])
    active_after = (active & ~caught & (found | (u >= risk + going))) | comes
    people.active.reshape(-1)[at] = active_after
    people.stopped.reshape(-1)[at] = (stopped & (u >= back.take(m))) | caught
    # Weights on one's own machine cannot be taken away: only an interface can be closed to somebody.
    shut_out = found & ~caught & (column == API)
    people.banned.reshape(-1)[at] = (people.banned.take(at) & (u < 1 - again.take(domain))) | shut_out
    lose_route(state, at.take(np.flatnonzero(found)))
    for name, which in (("caught", caught), ("shut_out", shut_out)):
        state.flows.values[name] = np.bincount(m.take(np.flatnonzero(which)), minlength=state.members)[:, None]
    recount(state, domain, active, active_after)


def recount(state: State, domain: INT, before: BOOL, after: BOOL) -> None:
    """How many are active, after these changed; `domain` is their flat place ``(member, domain)``."""
    people, changed = state.misusers, np.flatnonzero(after != before)
    people.number = people.number.copy()
    np.add.at(people.number.reshape(-1), domain.take(changed), np.where(after.take(changed), 1, -1))


def watched(ways: dict[str, F32], p: misuse.Parameters) -> F32:
    """Monthly risk to be found by whoever runs the model, ``(member, domain, column of a route)``."""
    seen = np.zeros((*ways["monitored"].shape, ROUTE_COLUMNS), np.float32)
    seen[..., API] = p.detection_api * ways["monitored"]
    seen[..., OPEN_WEIGHTS] = p.detection_api * ways["open_monitored"]
    return seen


def touched(people: Misusers, uniforms: F32, below: tuple[F32, F32, F32], back: F32, again: F32) -> BOOL:
    """To whom anything can happen: nothing can to those whose uniform is above every threshold of their member, and
    they are most.
    """
    risk, leave, enter = below
    stopped_or_gone = np.maximum.reduce(risk, axis=(1, 2)) + np.maximum.reduce(leave, axis=1)
    highest = np.maximum(stopped_or_gone, np.maximum.reduce(enter, axis=1))[:, None]
    lowest = 1 - np.maximum.reduce(again, axis=1, keepdims=True)
    returns = (people.stopped & (uniforms < back)) | (people.banned & (uniforms >= lowest))
    return np.asarray((uniforms < highest) | returns)


def lose_route(state: State, at: INT) -> None:
    """Those at these flat places ``(member, misuser)`` are back where they do without AI."""
    people = state.misusers
    people.cell.reshape(-1)[at] -= people.column.take(at)
    people.column.reshape(-1)[at] = 0


def of_classes(harm: F64) -> F64:
    """Harm summed over domains, then over columns, ``(member, class)``: a short last axis is slow."""
    return np.asarray(np.add.reduce(np.add.reduce(harm, axis=1), axis=2))


def of_columns(harm: F64) -> F64:
    """Harm summed over classes, ``(member, domain, column)``."""
    return np.asarray(np.einsum("mdcr->mdr", harm))


def by_place(harm: F64) -> F64:
    """Summed to jurisdictions of the defenders hit, ``(member, domain, jurisdiction, column)``."""
    members, domains, _, columns = harm.shape
    parts = harm.reshape(members, domains, len(JURISDICTIONS), -1, columns)  # jurisdiction × size and self-hosting
    return np.asarray(np.einsum("mdjpr->mdjr", parts))
