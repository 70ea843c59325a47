"""One month of misuse and of defence in the running model against agents one by one, with the same uniforms."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim import month as process
from sim.axes import DOMAINS, ROUTE_COLUMNS, ROUTES
from sim.model import ReleaseModel
from sim.populations import CLASSES, class_parts
from sim.stages import defending, misusing
from sim.stages.routes import API, BIO, OPEN_WEIGHTS, PRICES_YEAR, STOLEN, log_odds, routes
from sim.state import State
from tests.reference import twins
from tests.reference.compare import same
from tests.support import MoveLever, one, small

MONTH, MEMBERS, MISUSERS = 30, 2, 600
LIVELY = {
    "misuse.reconsider_share": 0.15,
    "misuse.detection_api": 0.15,
    "misuse.turnover": 0.2,
    "misuse.ban_months": 2.0,
}
LEVERS = {"synthesis_screening": 0.5, "defender_subsidy": 1.0, "patch_mandate": 0.5}


@pytest.fixture(scope="module")
def seen() -> SimpleNamespace:
    """The state at the gates of the stages in one month of a run with policies."""
    policies = tuple(MoveLever(lever=name, value=value) for name, value in LEVERS.items())
    size = (f"population.misusers={MISUSERS}",)
    scenario = small(months=MONTH + 1, settings=size, policies=policies, parameters=LIVELY)
    model = ReleaseModel(scenario, rng=8, members=MEMBERS)
    for _ in range(MONTH):
        model.step()
    states: dict[str, State] = {}
    kept = {name: getattr(process, name) for name in ("misuse_month", "defend")}

    def watch(name: str) -> Any:
        def stage(state: State, roster: Any) -> None:
            states[f"before_{name}"] = deepcopy(state)
            kept[name](state, roster)
            states[f"after_{name}"] = deepcopy(state)

        return stage

    with pytest.MonkeyPatch.context() as patch:
        for name in kept:
            patch.setattr(process, name, watch(name))
        model.step()
    middle = deepcopy(states["before_misuse_month"])
    ways = routes(middle)
    table = log_odds(middle, ways).reshape(MEMBERS, len(DOMAINS), CLASSES, ROUTE_COLUMNS)
    terms = misusing.route_terms(middle, ways)
    misusing.reconsider(middle, model.roster, ways, table.reshape(MEMBERS, -1))
    return SimpleNamespace(**states, middle=middle, ways=ways, table=table, terms=terms)


def chance(seen: SimpleNamespace, m: int, i: int, column: int) -> float:
    people = seen.middle.misusers
    gained = float(seen.table[m, people.domain[i], people.target[i], column])
    return twins.success(float(people.skill[m, i]), float(people.experience[m, i]), gained, 0.0, 0.0)


def test_routes(seen: SimpleNamespace) -> None:
    before, p = seen.before_misuse_month, seen.middle.parameters.misuse
    people = before.misusers
    u = before.draw("misuser.route", MISUSERS * len(ROUTES)).reshape(MEMBERS, MISUSERS, len(ROUTES))
    moves = before.draw("misuser.reconsider", MISUSERS)
    friction, detection, available = seen.terms
    params = [one(p, m) for m in range(MEMBERS)]
    changed = []

    def twin(m: int, i: int) -> int:
        old = int(people.column[m, i])
        if not people.active[m, i] or not moves[m, i] < params[m]["reconsider_share"]:
            return old
        domain, kind, tier = int(people.domain[i]), int(people.kind[i]), int(people.tier[i])
        columns = [0, API, OPEN_WEIGHTS, STOLEN + tier]
        offered = [
            {
                "chance": chance(seen, m, i, column),
                "friction": float(friction[r, m, kind]),
                "detection": float(detection[r, m, domain]),
                "available": bool(available[r, m, domain, tier]) and not (column == API and people.banned[m, i]),
                "uniform": float(u[m, i, r]),
            }
            for r, column in enumerate(columns)
        ]
        chosen = columns[twins.choose_route(offered, params[m])]
        changed.append(chosen != old)
        return chosen

    same(seen.middle.misusers.column, twin)
    assert any(changed)


def test_expected_harm(seen: SimpleNamespace) -> None:
    state = seen.middle
    people, p = state.misusers, state.parameters
    years = state.clock.year - PRICES_YEAR
    poisoned = seen.after_misuse_month.flows.values["poisoned"]

    def twin(m: int, domain: int) -> float:
        kept = 1.0
        if domain == BIO:
            kept -= LEVERS["synthesis_screening"] * float(p.catastrophe.misuse_screening[m, 0])
        loss = float(people.loss_usd[m, domain]) * float(p.misuse.exposure_growth[m, 0]) ** years * kept
        agents = []
        for i in np.flatnonzero(people.domain == domain):
            column = int(people.column[m, i])
            worse = 1.0 + float(poisoned[m, 0]) if column == OPEN_WEIGHTS else 1.0
            weight = float(people.weight[m, i]) * worse
            agents.append({"active": people.active[m, i], "weight": weight, "chance": chance(seen, m, i, column)})
        return twins.expected_harm(agents, float(p.initial.misusers_real[m, 0]), loss)

    same(seen.after_misuse_month.flows.values["harm"].sum(axis=(2, 3)), twin)


def test_experience(seen: SimpleNamespace) -> None:
    state, people = seen.middle, seen.middle.misusers
    params = [one(state.parameters.misuse, m) for m in range(MEMBERS)]
    u = state.draw("misuser.act", MISUSERS)

    def twin(m: int, i: int) -> float:
        won = bool(people.active[m, i]) and float(u[m, i]) < chance(seen, m, i, int(people.column[m, i]))
        return twins.gain_experience(float(people.experience[m, i]), won, params[m])

    same(seen.after_misuse_month.misusers.experience, twin)


def test_turnover(seen: SimpleNamespace) -> None:
    state, people, ways = seen.middle, seen.middle.misusers, seen.ways
    params = [one(state.parameters.misuse, m) for m in range(MEMBERS)]
    u = state.draw("misuser.turnover", MISUSERS)
    rates = {}
    for m in range(MEMBERS):
        for domain in range(len(DOMAINS)):
            mine = [i for i in range(MISUSERS) if people.domain[i] == domain]
            there = [i for i in mine if people.active[m, i]]
            won = sum(people.weight[m, i] * chance(seen, m, i, int(people.column[m, i])) for i in there)
            alone = sum(people.weight[m, i] * chance(seen, m, i, 0) for i in there)
            target = twins.entry_target(float(won / max(alone, 1e-15)), params[m])
            rates[m, domain] = twins.leave_and_enter(len(there) / max(len(mine), 1), target, params[m])

    def twin(m: int, i: int) -> tuple[bool, bool, bool]:
        domain, column = int(people.domain[i]), int(people.column[m, i])
        found = {API: ways["monitored"][m, domain], OPEN_WEIGHTS: ways["open_monitored"][m, 0]}
        risk = params[m]["detection_api"] * float(found.get(column, 0.0))
        states = bool(people.active[m, i]), bool(people.stopped[m, i])
        return twins.turn_over(*states, float(u[m, i]), risk, *rates[m, domain], int(people.kind[i]), params[m])

    def banned(m: int, i: int) -> bool:
        accepted = float(ways["accepted"][m, int(people.domain[i])])
        still = twins.stays_banned(bool(people.banned[m, i]), float(u[m, i]), accepted, params[m])
        return still or (twin(m, i)[2] and int(people.column[m, i]) == API)

    after = seen.after_misuse_month.misusers
    same(after.active, lambda m, i: twin(m, i)[0])
    same(after.stopped, lambda m, i: twin(m, i)[1])
    same(after.banned, banned)
    lost = after.stopped & ~people.stopped | np.vectorize(lambda m, i: twin(m, i)[2])(*np.indices(people.active.shape))
    assert (after.column[lost] == 0).all() and (after.column == people.column)[~lost].all()
    assert (after.active != people.active).any() and (after.banned & ~people.banned).any()
    assert (people.banned & ~after.banned).any()


def test_tools_and_investment(seen: SimpleNamespace) -> None:
    before, after = seen.before_defend, seen.after_defend
    people, p = before.defenders, before.parameters
    capability, gain = after.defenders.capability, defending.own_gain(before)
    made = np.maximum(before.builders.made.sum(axis=1), 1)
    shared = p.innovation.safety_tools_share[:, 0] * before.flows.values["innovation_by_family"].sum(axis=1)
    params = [one(p.defence, m) for m in range(MEMBERS)]

    def tools(m: int, i: int) -> float:
        domain, group = int(people.domain[i]), int(people.group[i])
        return twins.adopt_tools(
            float(people.tools[m, i]),
            float(capability[m, domain, group]),
            float(p.misuse.uplift_threshold[m, domain]),
            float(shared[m] / made[m] * 12),
            params[m]["tool_per_oom"][domain] * float(gain[m, group]),
            params[m]["tool_cap"][domain],
            params[m],
        )

    def invested(m: int, i: int) -> float:
        lost = max(float(before.public.loss_ratio[m, people.domain[i]]), 1.0)
        budget = float(people.budget[m, i]) * (1.0 + LEVERS["defender_subsidy"])
        domain, group = int(people.domain[i]), int(people.group[i])
        known = float(before.public.information[m, domain, class_parts()[0][group]])
        met, reached = (float(x[m, domain]) for x in (people.met, before.flows.values["reached"]))
        gained = max(reached - met, 0.0) if met > 0 else 0.0
        return twins.invest(float(people.invested[m, i]), lost, budget, known, gained, params[m])

    same(after.defenders.tools, tools, absolute=1e-6)
    same(after.defenders.invested, invested, absolute=1e-6)
