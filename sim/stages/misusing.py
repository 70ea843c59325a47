"""Misusers act: they choose routes, succeed or fail, learn, enter and are stopped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.actors.misusers import RouteView
from sim.axes import DOMAINS, JURISDICTIONS, KINDS, ROUTES
from sim.duties import on_developers, on_world
from sim.initial import reference_frontier
from sim.kernels import defence, misuse, picks
from sim.kernels.choice import LN10
from sim.populations import CLASSES, class_parts
from sim.roster import Roster
from sim.stages.training import OPEN
from sim.state import State, of_regime

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

COLUMNS = len(ROUTES) + 2
"""Routes as columns of tables: no AI, interface, open weights, and stolen weights in the hands of each of three tiers."""
CELLS = len(DOMAINS) * CLASSES * COLUMNS
"""Cells of a member's table: domain, class of defenders, column."""
API, OPEN_WEIGHTS, STOLEN = 1, 2, 3
BIO, CYBER = DOMAINS.index("bio"), DOMAINS.index("cyber")
SAFEGUARD_YEAR = 2024
"""Year to which the persistence of safeguards refers; they harden from then on."""
PRICES_YEAR = 2023
"""Year to which what people can afford, and exposure, refer."""
TRIED = np.float32(1e-3)
"""Share of access below which a route counts as closed."""
NO_SCORE = np.float32(-99)
"""Score of an interface that does not exist."""
NEVER = 1e-15
"""Successes of which there are practically none; keeps a ratio finite."""


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
    kept = of_regime(table, "weights_access", labs.regime) < OPEN
    served = of_regime(table, "api_access", labs.regime) * labs.active * kept
    offered = served > TRIED
    persistence = of_regime(table, "safeguard_persistence", labs.regime)
    vetted = of_regime(table, "false_accept", labs.regime) * (1 - on_developers(state, "know_your_customer"))
    passed = misuse.jailbreak_share(persistence, years, state.knowledge.attacks, p.misuse) * vetted * offered
    level = (labs.capability * offered)[:, :, None] + labs.offset
    reached = level + np.log(np.maximum(passed, TRIED))[:, :, None] / LN10
    score = np.where(offered[:, :, None], reached, NO_SCORE)
    best = np.argmax(score, axis=1)
    lab = np.arange(state.members)[:, None]
    exists = np.maximum.reduce(score, axis=1) > NO_SCORE / 2
    out_there = of_regime(table, "weights_access", labs.open_regime)[:, :, None] >= OPEN
    resist = on_developers(state, "tamper_resistance")
    guarded = of_regime(table, "safeguard_persistence", labs.open_regime)
    whole = labs.open_reach * out_there
    first = np.argmax(np.maximum.reduce(whole, axis=2), axis=1)[:, None]
    return {
        "api": level[lab, best, np.arange(len(DOMAINS))] * exists,
        "passed": passed[lab, best],
        "monitored": of_regime(table, "monitoring", labs.regime)[lab, best],
        "open": np.maximum.reduce(whole, axis=1),
        "stripped": np.maximum.reduce(labs.stripped_reach * out_there, axis=1),
        "guard": np.maximum(picks.rows(guarded, first), picks.rows(resist, first)),
        "open_flop": picks.rows(labs.open_log10_flop, first),
        "open_monitored": picks.rows(of_regime(table, "monitoring", labs.open_regime), first),
    }


def log_odds(state: State, ways: dict[str, F32]) -> F32:
    """Log-odds of success against each class of defenders by each column, ``(member, domain · class · column)``.

    Skill comes on top.
    """
    p, defenders, stolen = state.parameters, state.defenders, state.knowledge.stolen
    levels = np.stack([ways["api"], ways["open"], ways["stripped"], *np.moveaxis(stolen, 1, 0)])
    # Slices above everybody's reach are left out: they cannot matter, and sums up to a slice do not depend on later ones.
    reached = misuse.slices_reached(levels, st.FIRST_SLICE, st.SLICE, st.SLICES)
    exposed = defence.exposed(defenders.unpatched[..., :reached], p.defence)
    cumulative = defence.accumulate(exposed, _above(state)[..., :reached], st.SLICE)
    api, unaltered, stripped, *theft = misuse.uplift(cumulative, st.FIRST_SLICE, st.SLICE, levels, p.misuse)
    table = np.zeros((state.members, len(DOMAINS), CLASSES, COLUMNS), np.float32)
    table[..., API] = misuse.through_safeguards(api, ways["passed"][:, :, None])
    guarded = misuse.through_safeguards(unaltered, (1 - ways["guard"])[:, :, None])
    table[..., OPEN_WEIGHTS] = np.maximum(stripped, guarded)
    for tier, full in enumerate(theft):
        table[..., STOLEN + tier] = full
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
    return np.clip((upper - state.parameters.misuse.uplift_threshold[:, :, None]) / np.float32(st.SLICE), 0, 1)


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
    return defence.exploit_days(
        np.maximum(state.public.api_best, state.public.open_best),
        reference_frontier(state.parameters),
        state.parameters.defence,
    )


def patch_effort(state: State) -> F32:
    """Patching effort of the median defender, with mandates; ``(member, 1)``."""
    invested = np.add.reduce(state.defenders.invested, axis=1, keepdims=True) / state.defenders.invested.shape[1]
    mandate = on_world(state, "patch_mandate", state.parameters.initial.exposure_share)
    return np.asarray((1 + state.parameters.defence.patch_effort_gain * invested) * (1 + mandate))


def _starts(state: State) -> INT:
    """Place of the no-AI column of each misuser's domain and target in a member's table, ``(misuser,)``."""
    people = state.misusers
    return (people.domain * CLASSES + people.target) * COLUMNS


def _whose(at: INT, n: int) -> tuple[INT, INT]:
    """Member and misuser of flat places in ``(member, misuser)``."""
    member = at // n
    return member, at - member * n


def reconsider(state: State, roster: Roster, ways: dict[str, F32], table: F32) -> None:
    """Some active misusers reconsider their route."""
    people, p = state.misusers, state.parameters
    n = len(people.kind)
    at = np.flatnonzero(people.active & (state.draw("misuser.reconsider", n) < p.misuse.reconsider_share))
    m, i = _whose(at, n)
    kind, domain, tier = people.kind[i], people.domain[i], people.tier[i]
    place = np.repeat((_starts(state)[i] + m * CELLS)[:, None], len(ROUTES), axis=1) + np.arange(len(ROUTES))
    place[:, STOLEN] += tier
    own = (people.skill.take(at) + people.experience.take(at))[:, None]
    friction, detection, available = route_terms(state, ways)
    address = (i * len(ROUTES))[:, None] + np.arange(len(ROUTES))
    view = RouteView(
        table.reshape(-1).take(place) + own,
        friction[m, kind],
        detection[m, domain],
        available[m, domain, tier],
        m,
        state.uniforms.at("misuser.route", state.clock.absolute, m[:, None], address),
        p,
    )
    chosen = roster.misusers.route(view)
    np.put(people.column, at, np.where(chosen == STOLEN, STOLEN + tier, chosen))


def route_terms(state: State, ways: dict[str, F32]) -> tuple[F32, F32, BOOL]:
    """What a choice of route depends on besides success.

    Friction ``(member, kind, route)``, monthly risk of detection ``(member, domain, route)``, and whether the route
    exists ``(member, domain, tier, route)``.
    """
    p, labs, stolen = state.parameters.misuse, state.labs, state.knowledge.stolen
    years = max(state.clock.year - PRICES_YEAR, 0.0)
    friction = np.repeat(p.route_friction[:, None], len(KINDS), axis=1)
    local = misuse.local_friction(ways["open_flop"], years, p.kind_resources, p)
    hosted = 1 - on_world(state, "hosting_ban", state.parameters.initial.exposure_share)
    friction[..., OPEN_WEIGHTS] += misuse.open_friction(local, hosted, p)
    largest = np.maximum.reduce(labs.log10_flop * labs.active, axis=1, keepdims=True)
    friction[..., STOLEN] += misuse.local_friction(largest, years, p.kind_resources, p)
    detection = p.detection_other[:, :, None] + np.zeros((len(DOMAINS), len(ROUTES)), np.float32)
    detection[..., API] += p.detection_api * ways["monitored"]
    detection[..., OPEN_WEIGHTS] += p.detection_api * ways["open_monitored"]
    available = np.ones((state.members, len(DOMAINS), stolen.shape[1], len(ROUTES)), bool)
    available[..., API] = ways["api"][:, :, None] > 0
    available[..., OPEN_WEIGHTS] = ways["open"][:, :, None] > 0
    available[..., STOLEN] = np.moveaxis(stolen, 1, 2) > 0
    return friction, detection, available


def act(state: State, ways: dict[str, F32], table: F32) -> None:
    """Attempts of the month: expected successes by domain, class and route, with and without AI; learning and turnover.

    Only the active count, so everything runs on their flat places ``(attempt,)``, in the order of members and misusers.
    """
    people, members = state.misusers, state.members
    n = len(people.kind)
    at = np.flatnonzero(people.active)
    member = np.repeat(np.arange(members), np.add.reduce(people.active, axis=1))
    i = at - member * n
    bare = _starts(state).take(i) + member * CELLS
    cell = bare + people.column.take(at)
    own = people.skill.take(at) + people.experience.take(at)
    flat, weight = table.reshape(-1), people.weight.take(i)
    chance = misuse.success(own + flat.take(cell))
    alone = misuse.success(own + flat.take(bare))
    shape = (members, len(DOMAINS), CLASSES, COLUMNS)
    events = picks.counted(cell, weight * chance, members, CELLS).reshape(shape)
    without = picks.counted(cell, weight * alone, members, CELLS).reshape(shape)
    number = picks.counted(cell, None, members, CELLS).reshape(shape)
    activity, gain = _by_domain(number), _by_domain(events) / np.maximum(_by_domain(without), NEVER)
    real = state.parameters.initial.misusers_real[:, :, None, None]
    events, without = events * real, without * real
    screened = state.levers["synthesis_screening"][:, class_parts()[0]] * state.parameters.catastrophe.misuse_screening
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
    poisoned = 1 + flows["poisoned"][:, :, None, None]
    harm[..., OPEN_WEIGHTS] *= poisoned[..., 0]
    flows["harm"] = harm
    flows["harm_ai"] = harm - baseline
    flows["events"] = events
    expected = _by_domain(harm).astype(np.float32)
    count = _by_domain(events).astype(np.float32)
    flows["harm_realised"] = misuse.realised(
        expected, count, p.severity_sd, state.normal("harm.realised", len(DOMAINS))
    )
    flows["events_by_ai"] = events * (np.arange(COLUMNS) > 0)
    state.public.loss_ratio = expected / np.maximum(people.loss_usd * people.events_initial * growth, 1)


def learn(state: State, at: INT, chance: F32) -> None:
    """Those who succeed gain experience; experience fades. `chance` is that of the active ones, whose places are `at`."""
    people, p = state.misusers, state.parameters.misuse
    n = len(people.kind)
    wins = at[state.draw("misuser.act", n).take(at) < chance]
    people.experience = people.experience * (1 - p.forgetting)
    np.put(people.experience, wins, people.experience.take(wins) + p.learning[wins // n, 0])


def turn_over(state: State, ways: dict[str, F32], activity: F32, gain: F32) -> None:
    """Some are stopped, some give up, some enter where success has become more likely.

    Parameters
    ----------
    activity, gain : ndarray ``(member, domain)``
        Number of simulated misusers who are active, and their successes over those that they would have without AI.
    """
    people, p = state.misusers, state.parameters.misuse
    n = len(people.kind)
    size = np.bincount(people.domain, minlength=len(DOMAINS)).astype(np.float32)
    share = activity / np.maximum(size, 1)
    seen = p.detection_other + p.detection_api * ways["monitored"]
    _, leave, enter = misuse.turnover_thresholds(share, misuse.entry_target(gain, p), seen, p)
    watched = np.zeros((state.members, len(DOMAINS), COLUMNS), np.float32) + p.detection_other[:, :, None]
    watched[..., API] = seen
    watched[..., OPEN_WEIGHTS] = p.detection_other + p.detection_api * ways["open_monitored"]
    back = 1 - np.exp(-1 / p.disruption_months)
    # Nothing can happen to those whose uniform is above every threshold of their member, and they are most.
    stopped_or_gone = np.maximum.reduce(watched, axis=(1, 2)) + np.maximum.reduce(leave, axis=1)
    highest = np.maximum(np.maximum(stopped_or_gone, np.maximum.reduce(enter, axis=1))[:, None], back)
    uniforms = state.draw("misuser.turnover", n)
    at = np.flatnonzero(uniforms < highest)
    m, i = _whose(at, n)
    u, active, stopped, column = (x.take(at) for x in (uniforms, people.active, people.stopped, people.column))
    domain = m * len(DOMAINS) + people.domain[i]
    risk = watched.take(domain * COLUMNS + column)
    caught = active & (u < risk)
    comes = ~active & ~stopped & (u < enter.take(domain))
    np.put(people.active, at, (active & (u >= risk + leave.take(domain))) | comes)
    np.put(people.stopped, at, (stopped & (u >= back[m, 0])) | caught)
    np.put(people.column, at[caught], 0)
    state.flows.values["caught"] = np.bincount(m[caught], minlength=state.members)[:, None]
    state.flows.values["active_share"] = share


def harm_by_jurisdiction(harm: F64) -> F64:
    """Harm summed to jurisdictions of the defenders hit, ``(member, jurisdiction)``."""
    jurisdiction, _, _ = class_parts()
    by_class = np.add.reduce(np.add.reduce(harm, axis=3), axis=1)
    return np.stack([np.add.reduce(by_class * (jurisdiction == j), axis=1) for j in range(len(JURISDICTIONS))], axis=1)
