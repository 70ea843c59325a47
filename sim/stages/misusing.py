"""Misusers act: they choose routes, succeed or fail, learn, enter and are stopped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.actors.misusers import RouteView
from sim.axes import DOMAINS, JURISDICTIONS, ROUTES
from sim.duties import on_developers, on_world
from sim.kernels import defence, misuse, picks
from sim.populations import CLASSES, class_parts
from sim.roster import Roster
from sim.state import State, of_regime

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

COLUMNS = len(ROUTES) + 2
"""Routes as columns of tables: no AI, interface, open weights, and stolen weights in the hands of each of three tiers."""
API, OPEN_WEIGHTS, STOLEN = 1, 2, 3
BIO, CYBER = DOMAINS.index("bio"), DOMAINS.index("cyber")
SAFEGUARD_YEAR = 2024
TRIED = np.float32(1e-3)


def misuse_month(state: State, roster: Roster) -> None:
    """One month of misuse."""
    ways = routes(state)
    table = log_odds(state, ways)
    reconsider(state, roster, ways, table)
    act(state, ways, table)


def routes(state: State) -> dict[str, F32]:
    """What each route offers: capability by domain, share of requests that pass, monitoring; ``(member, domain)`` each.

    The interface of a model whose weights are out belongs to the route of open weights: nobody needs to get past its safeguards.
    """
    labs, p, table = state.labs, state.parameters, state.seen["misuse"]
    years = max(state.clock.year - SAFEGUARD_YEAR, 0.0)
    kept = of_regime(table, "weights_access", labs.regime) < np.float32(0.5)
    served = of_regime(table, "api_access", labs.regime) * labs.active * kept
    persistence = of_regime(table, "safeguard_persistence", labs.regime)
    vetted = of_regime(table, "false_accept", labs.regime) * (1 - on_developers(state, "know_your_customer"))
    passed = misuse.jailbreak_share(persistence, years, state.knowledge.attacks, p.misuse) * vetted * (served > TRIED)
    level = np.where(served > TRIED, labs.capability, np.float32(0))[:, :, None] + labs.offset
    score = np.where(served[:, :, None] > TRIED, level + np.log(np.maximum(passed, TRIED))[:, :, None] / np.float32(2.3025851), np.float32(-99))
    best = np.argmax(score, axis=1)
    lab = np.arange(state.members)[:, None]
    out_there = of_regime(table, "weights_access", labs.open_regime)[:, :, None] >= np.float32(0.5)
    resist = on_developers(state, "tamper_resistance")
    guarded = of_regime(table, "safeguard_persistence", labs.open_regime)
    whole = np.where(out_there, labs.open_reach, np.float32(0))
    first = np.argmax(np.maximum.reduce(whole, axis=2), axis=1)[:, None]
    return {
        "api": np.where(np.take_along_axis(score, best[:, None], axis=1)[:, 0] > -9, level[lab, best, np.arange(len(DOMAINS))], np.float32(0)),
        "passed": passed[lab, best],
        "monitored": of_regime(table, "monitoring", labs.regime)[lab, best],
        "open": np.maximum.reduce(whole, axis=1),
        "stripped": np.maximum.reduce(np.where(out_there, labs.stripped_reach, np.float32(0)), axis=1),
        "guard": np.maximum(np.take_along_axis(guarded, first, axis=1), np.take_along_axis(resist, first, axis=1)),
        "open_flop": np.take_along_axis(labs.open_log10_flop, first, axis=1),
        "open_monitored": np.take_along_axis(of_regime(table, "monitoring", labs.open_regime), first, axis=1),
    }


def log_odds(state: State, ways: dict[str, F32]) -> F32:
    """Log-odds of success against each class of defenders by each column, ``(member, domain · class · column)``; skill comes on top."""
    p, defenders = state.parameters, state.defenders
    cumulative = defence.accumulate(defence.exposed(defenders.unpatched, p.defence), _above(state), st.SLICE)

    def uplift(level: F32) -> F32:
        return misuse.uplift(cumulative, st.FIRST_SLICE, st.SLICE, level, p.misuse)

    table = np.zeros((state.members, len(DOMAINS), CLASSES, COLUMNS), np.float32)
    table[..., API] = misuse.through_safeguards(uplift(ways["api"]), ways["passed"][:, :, None])
    unstripped = misuse.through_safeguards(uplift(ways["open"]), (1 - ways["guard"])[:, :, None])
    table[..., OPEN_WEIGHTS] = np.maximum(uplift(ways["stripped"]), unstripped)
    for tier in range(3):
        table[..., STOLEN + tier] = uplift(state.knowledge.stolen[:, tier])
    flows = state.flows.values
    exposure = defenders.class_exposure[:, None, :]
    flows["uplift_open"] = np.add.reduce(table[..., OPEN_WEIGHTS] * exposure, axis=2)
    flows["uplift_api"] = np.add.reduce(table[..., API] * exposure, axis=2)
    flows["level_open"], flows["level_api"], flows["passed"] = ways["open"], ways["api"], ways["passed"]
    base = p.misuse.base_log_odds[:, :, None] - defenders.protection
    base[:, CYBER] += np.log(_window(state) / _window_at_start(state))
    table += base[..., None]
    return table.reshape(state.members, -1)


def _above(state: State) -> F32:
    """Part of each slice that lies above the domain's threshold, ``(member, domain, slice)``."""
    upper = np.float32(st.FIRST_SLICE + st.SLICE) + np.arange(st.SLICES, dtype=np.float32) * np.float32(st.SLICE)
    return np.asarray(np.clip((upper - state.parameters.misuse.uplift_threshold[:, :, None]) / np.float32(st.SLICE), 0, 1))


def _window(state: State) -> F32:
    """Chance that an exploited flaw meets an unpatched defender, ``(member, 1)``."""
    p = state.parameters
    days = defence.patch_days(patch_effort(state), p.defence)
    return misuse.exposure_window(np.maximum(exploit_days(state), 0), days, p.misuse)


def _window_at_start(state: State) -> F32:
    p = state.parameters
    one = np.ones_like(p.defence.patch_hazard_per_day)
    return misuse.exposure_window(p.defence.exploit_days_initial, defence.patch_days(one, p.defence), p.misuse)


def exploit_days(state: State) -> F32:
    """Typical days from disclosure to exploitation with the best capability in attackers' reach, ``(member, 1)``."""
    from sim.initial import reference_frontier

    return defence.exploit_days(np.maximum(state.public.api_best, state.public.open_best), reference_frontier(state.parameters), state.parameters.defence)


def patch_effort(state: State) -> F32:
    """Patching effort of the median defender, with mandates; ``(member, 1)``."""
    invested = np.add.reduce(state.defenders.invested, axis=1, keepdims=True) / state.defenders.invested.shape[1]
    mandate = on_world(state, "patch_mandate", state.parameters.initial.exposure_share)
    return np.asarray((1 + state.parameters.defence.patch_effort_gain * invested) * (1 + mandate))


def _traits(state: State) -> INT:
    """Place of the no-AI column of each misuser's domain and target in the table, ``(misuser,)``."""
    people = state.misusers
    return np.asarray((people.domain * CLASSES + people.target) * COLUMNS)


def reconsider(state: State, roster: Roster, ways: dict[str, F32], table: F32) -> None:
    """Some active misusers reconsider their route."""
    people, p = state.misusers, state.parameters
    n = len(people.kind)
    moves = people.active & (state.draw("misuser.reconsider", n) < p.misuse.reconsider_share)
    m, i = np.nonzero(moves)
    kind, domain = people.kind[i], people.domain[i]
    columns = np.stack([np.zeros_like(i), np.full_like(i, API), np.full_like(i, OPEN_WEIGHTS), STOLEN + people.tier[i]], axis=1)
    odds = table[m[:, None], _traits(state)[i][:, None] + columns] + (people.skill[m, i] + people.experience[m, i])[:, None]
    friction = p.misuse.route_friction[m].copy()
    years = max(state.clock.year - 2023, 0.0)
    local = misuse.local_friction(ways["open_flop"], years, p.misuse.kind_resources, p.misuse)
    hosted = 1 - on_world(state, "hosting_ban", p.initial.exposure_share)
    friction[:, OPEN_WEIGHTS] += misuse.open_friction(local, hosted, p.misuse)[m, kind]
    largest = np.maximum.reduce(np.where(state.labs.active, state.labs.log10_flop, np.float32(0)), axis=1, keepdims=True)
    friction[:, STOLEN] += misuse.local_friction(largest, years, p.misuse.kind_resources, p.misuse)[m, kind]
    detection = np.repeat(p.misuse.detection_other[m], len(ROUTES), axis=1)
    detection[:, API] += (p.misuse.detection_api * ways["monitored"])[m, domain]
    detection[:, OPEN_WEIGHTS] += (p.misuse.detection_api * ways["open_monitored"])[m, 0]
    stolen = state.knowledge.stolen[m, people.tier[i], domain]
    available = np.stack([np.ones(len(m), bool), ways["api"][m, domain] > 0, ways["open"][m, domain] > 0, stolen > 0], axis=1)
    uniforms = state.draw("misuser.route", n * len(ROUTES)).reshape(-1, n, len(ROUTES))[m, i]
    chosen = roster.misusers.route(RouteView(odds, friction, detection, available, m, uniforms, p))
    people.column[m, i] = columns[np.arange(len(m)), chosen]


def act(state: State, ways: dict[str, F32], table: F32) -> None:
    """Attempts of the month: expected successes by domain, class and route, with and without AI; then learning and turnover."""
    people, p = state.misusers, state.parameters.misuse
    n = len(people.kind)
    start = _traits(state)
    own = people.skill + people.experience
    chance = misuse.success(own + picks.rows(table, start[None, :] + people.column))
    alone = misuse.success(own + picks.rows(table, np.broadcast_to(start, (state.members, n))))
    weight = np.where(people.active, people.weight[None, :], np.float32(0))
    cells = len(DOMAINS) * CLASSES * COLUMNS
    index = start[None, :] + people.column
    real = state.parameters.initial.misusers_real[:, :, None, None]
    shape = (state.members, len(DOMAINS), CLASSES, COLUMNS)
    events = picks.grouped(index, weight * chance, cells).reshape(shape) * real
    without = picks.grouped(index, weight * alone, cells).reshape(shape) * real
    screened = state.levers["synthesis_screening"][:, class_parts()[0]] * state.parameters.catastrophe.misuse_screening
    for counts in (events, without):
        counts[:, BIO] *= (1 - screened)[:, :, None]
    record(state, events, without)
    learn(state, chance)
    turn_over(state, ways, chance, alone)


def record(state: State, events: NDArray[np.float64], without: NDArray[np.float64]) -> None:
    """Expected and realised harm of the month, and what becomes known of it."""
    people, p, flows = state.misusers, state.parameters.misuse, state.flows.values
    growth = misuse.exposure(state.clock.year - 2023, p)
    loss = (people.loss_usd * growth)[:, :, None, None].astype(np.float64)
    harm, baseline = events * loss, without * loss
    poisoned = 1 + flows["poisoned"][:, :, None, None]
    harm[..., OPEN_WEIGHTS] *= poisoned[..., 0]
    flows["harm"] = harm
    flows["harm_ai"] = harm - baseline
    flows["events"] = events
    expected = np.add.reduce(np.add.reduce(harm, axis=3), axis=2).astype(np.float32)
    count = np.add.reduce(np.add.reduce(events, axis=3), axis=2).astype(np.float32)
    flows["harm_realised"] = misuse.realised(expected, count, p.severity_sd, state.normal("harm.realised", len(DOMAINS)))
    flows["events_by_ai"] = events * (np.arange(COLUMNS) > 0)
    state.public.loss_ratio = expected / np.maximum(people.loss_usd * people.events_initial * growth, 1)


def learn(state: State, chance: F32) -> None:
    """Those who succeed gain experience; experience fades."""
    people, p = state.misusers, state.parameters.misuse
    wins = people.active & (state.draw("misuser.act", chance.shape[1]) < chance)
    people.experience = people.experience * (1 - p.forgetting) + p.learning * wins


def turn_over(state: State, ways: dict[str, F32], chance: F32, alone: F32) -> None:
    """Some are stopped, some give up, some enter where success has become more likely."""
    people, p = state.misusers, state.parameters.misuse
    members, n = chance.shape
    domain = np.broadcast_to(people.domain, (members, n))
    here = people.active.astype(np.float32)
    size = np.bincount(people.domain, minlength=len(DOMAINS)).astype(np.float32)
    share = picks.grouped(domain, here, len(DOMAINS)).astype(np.float32) / np.maximum(size, 1)
    won = picks.grouped(domain, here * chance, len(DOMAINS)) / np.maximum(picks.grouped(domain, here * alone, len(DOMAINS)), 1e-12)
    seen = p.detection_other + p.detection_api * ways["monitored"]
    target = misuse.entry_target(won.astype(np.float32), p)
    _, leave, enter = misuse.turnover_thresholds(share, target, seen, p)
    watched = np.concatenate([p.detection_other + 0 * seen[:, :1], seen, p.detection_other + p.detection_api * ways["open_monitored"]], axis=1)
    route = np.where(people.column == API, 1 + domain, np.where(people.column == OPEN_WEIGHTS, len(DOMAINS) + 1, 0))
    caught_at = picks.rows(watched, route)
    u = state.draw("misuser.turnover", n)
    back = 1 - np.exp(-1 / p.disruption_months)
    caught = people.active & (u < caught_at)
    quits = people.active & ~caught & (u < caught_at + leave[:, people.domain])
    comes = ~people.active & ~people.stopped & (u < enter[:, people.domain])
    returns = people.stopped & (u < back)
    people.active = (people.active & ~caught & ~quits) | comes
    people.stopped = (people.stopped & ~returns) | caught
    people.column = np.where(caught, 0, people.column)
    state.flows.values["caught"] = np.add.reduce(caught, axis=1, keepdims=True)
    state.flows.values["active_share"] = share


def harm_by_jurisdiction(harm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Harm summed to jurisdictions of the defenders hit, ``(member, jurisdiction)``."""
    jurisdiction, _, _ = class_parts()
    by_class = np.add.reduce(np.add.reduce(harm, axis=3), axis=1)
    return np.stack([np.add.reduce(by_class * (jurisdiction == j), axis=1) for j in range(len(JURISDICTIONS))], axis=1)
