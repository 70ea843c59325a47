"""Release, safety, market and regulation: the kernels against developers, users and regulators one by one."""

import numpy as np
import pytest

from sim.kernels import enforcement, market, release, safety
from tests.reference import twins
from tests.reference.compare import MEMBERS, noise, same, uniform
from tests.support import F32, one, sampled

LABS, REGIMES, KINDS, SEGMENTS, JURISDICTIONS = 5, 6, 3, 4, 4
OPTIONS = 2 * LABS
ATTRIBUTES = (
    "weights_access", "api_access", "customisability", "flywheel", "research_openness", "knowledge_spillover",
    "safeguard_persistence", "revocability", "monitoring",
)  # fmt: skip
LAB = ("share", "stake", "taste", "risk", "liability", "liability_cap", "relief", "prize", "compliance")


def plain(columns: dict[str, F32], *place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in columns.items()}


def test_what_regimes_are_worth() -> None:
    rng = noise(31)
    p = sampled("release", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    row = {name: uniform(rng, 0, 1, MEMBERS, REGIMES) for name in ATTRIBUTES}
    lab = {name: uniform(rng, 0, 1, MEMBERS, LABS) for name in LAB}
    same(
        release.payoffs(*(lab[name] for name in LAB), row, p),
        lambda m, i, r: twins.regime_payoff(plain(lab, m, i), plain(row, m, r), params[m]),
        absolute=2e-6,
    )


def test_what_a_launch_costs() -> None:
    rng = noise(47)
    p = sampled("release", MEMBERS)
    usd, reference = uniform(rng, 1e9, 1e12, MEMBERS, 1), uniform(rng, 1e9, 5e9, MEMBERS, 1)
    same(
        release.launch_left(usd, reference, p),
        lambda m, _: twins.launch_left(float(usd[m, 0]) / float(reference[m, 0]), one(p, m)),
    )


def test_expectations() -> None:
    rng = noise(32)
    p = sampled("release", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    model, current = uniform(rng, 25, 27, MEMBERS, LABS), uniform(rng, 25, 27, MEMBERS, LABS)
    shock, voice = uniform(rng, -2, 2, MEMBERS, LABS), uniform(rng, 0, 1, MEMBERS, LABS)
    active, open_best = rng.random((MEMBERS, LABS)) < 0.7, uniform(rng, 24, 26, MEMBERS, 1)

    def share(m: int, i: int) -> float:
        rivals = [float(current[m, j]) for j in range(LABS) if j != i and active[m, j]]
        return twins.expected_share(float(model[m, i]), rivals, float(open_best[m, 0]), params[m])

    same(release.expected_share(model, current, active, open_best, p), share)
    same(
        release.estimated_risk(model, shock, voice, p),
        lambda m, i: twins.estimated_risk(float(model[m, i]), float(shock[m, i]), float(voice[m, i]), params[m]),
    )


def test_licences() -> None:
    rng = noise(44)
    p = sampled("release", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    level, strict = uniform(rng, 25, 32, MEMBERS, 3), uniform(rng, 0, 1, MEMBERS, 3, 5)
    row = {name: uniform(rng, 0, 1, MEMBERS, 5) for name in ("safeguard_persistence", "revocability")}
    said = release.licensed(level, strict, row, p)
    for m in range(MEMBERS):
        for size in range(3):
            for r in range(5):
                attributes = {name: float(values[m, r]) for name, values in row.items()}
                twin = twins.licensed(float(level[m, size]), float(strict[m, size, r]), attributes, params[m])
                assert said[m, size, r] == twin
    assert said.any() and not said.all()


@pytest.mark.parametrize("enabled", [1, 0])
def test_what_is_permitted_and_chosen(enabled: int) -> None:
    rng = noise(33)
    p = sampled("release", MEMBERS)
    p = type(p)(**{**vars(p), "enabled": np.full_like(p.enabled, enabled)})
    params = [one(p, m) for m in range(MEMBERS)]
    metrics = uniform(rng, 0, 1, MEMBERS, LABS, KINDS)
    thresholds = uniform(rng, 0, 4, MEMBERS, LABS, REGIMES, KINDS)
    thresholds[0] = 0  # nothing at all is permitted in one member
    choosable = np.arange(REGIMES) != REGIMES - 1
    allowed = release.permitted(metrics, thresholds, choosable)
    same(
        allowed,
        lambda m, i, r: twins.permitted(metrics[m, i].tolist(), thresholds[m, i].tolist(), choosable.tolist())[r],
    )
    risk, ceiling, exposed = (uniform(rng, 0, 1, MEMBERS, n) for n in (LABS, LABS, REGIMES))
    same(
        release.tolerated(risk, ceiling, exposed, allowed),
        lambda m, i, r: twins.tolerated(
            float(risk[m, i]), float(ceiling[m, i]), exposed[m].tolist(), allowed[m, i].tolist()
        )[r],
    )
    payoff, u = uniform(rng, -3, 3, MEMBERS, LABS, REGIMES), uniform(rng, 1e-6, 1, MEMBERS, LABS, REGIMES)
    same(
        release.choose(payoff, allowed, u, p),
        lambda m, i: twins.choose_regime(payoff[m, i].tolist(), allowed[m, i].tolist(), u[m, i].tolist(), params[m]),
    )


def test_effort() -> None:
    rng = noise(34)
    p = sampled("safety", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    effort, share = uniform(rng, 0.02, 0.98, MEMBERS, LABS), uniform(rng, 0, 1, MEMBERS, LABS)
    close, liable = uniform(rng, 0, 1, MEMBERS, 1), uniform(rng, 0, 2, MEMBERS, LABS)
    same(
        safety.effort_step(effort, share, close, liable, p),
        lambda m, i: twins.adjust_effort(
            float(effort[m, i]), float(share[m, i]), float(close[m, 0]), float(liable[m, i]), params[m]
        ),
    )
    same(
        safety.survival(effort, p.safety_returns),
        lambda m, i: twins.survival(float(effort[m, i]), params[m]["safety_returns"]),
    )


def test_imitation() -> None:
    rng = noise(35)
    members = 200
    p = sampled("safety", members)
    own, other = (
        {"effort": uniform(rng, 0, 1, members, LABS), "earnings": uniform(rng, 0, 9, members, LABS)} for _ in "ab"
    )
    spread, u = uniform(rng, 0.5, 4, members, 1), uniform(rng, 0, 0.1, members, LABS)
    kernel = safety.imitate(own["effort"], other["effort"], own["earnings"], other["earnings"], spread, u, p)
    same(
        kernel,
        lambda m, i: twins.copy_effort(
            plain(own, m, i), plain(other, m, i), float(spread[m, 0]), float(u[m, i]), one(p, m)
        ),
    )
    assert 0.05 < np.mean(kernel == other["effort"]) < 0.95


def test_shares_and_surplus() -> None:
    rng = noise(36)
    p = sampled("market", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    columns = {name: uniform(rng, 0, 1, MEMBERS, OPTIONS) for name in ("customisability", "distribution", "hosted")}
    columns["relative"], columns["price"] = (
        uniform(rng, -1.5, 0, MEMBERS, OPTIONS),
        uniform(rng, 0, 5, MEMBERS, OPTIONS),
    )
    available = rng.random((MEMBERS, OPTIONS)) < 0.7
    available[:, 0] = True
    family = rng.integers(0, LABS, (MEMBERS, OPTIONS))
    order = ("relative", "price", "customisability", "distribution", "hosted")
    utility = market.utilities(*(columns[name] for name in order), available, p)

    def utilities(m: int, g: int) -> list[float | None]:
        options = [{**plain(columns, m, o), "available": bool(available[m, o])} for o in range(OPTIONS)]
        return twins.market_utilities(options, g, params[m])

    said = [[utilities(m, g) for g in range(SEGMENTS)] for m in range(MEMBERS)]
    same(utility, lambda m, g, o: market.ABSENT if said[m][g][o] is None else said[m][g][o], absolute=1e-5)
    share, surplus = market.nested_shares(utility, family, p)
    cleared = [
        [
            twins.segment_shares(
                said[m][g], family[m].tolist(), params[m]["outside_utility"], params[m]["nest_dissimilarity"]
            )
            for g in range(SEGMENTS)
        ]
        for m in range(MEMBERS)
    ]
    same(share, lambda m, g, o: cleared[m][g][0][o], absolute=1e-6)
    same(surplus, lambda m, g: cleared[m][g][1], absolute=1e-6)


def test_inertia_and_payments() -> None:
    rng = noise(37)
    p = sampled("market", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    held, wanted = uniform(rng, 0, 1, MEMBERS, SEGMENTS, OPTIONS), uniform(rng, 0, 1, MEMBERS, SEGMENTS, OPTIONS)
    held, wanted = held / held.sum(2, keepdims=True), wanted / wanted.sum(2, keepdims=True)
    available, freed = rng.random((MEMBERS, OPTIONS)) < 0.7, uniform(rng, 0, 1, MEMBERS, 1)
    share = market.share_step(held, wanted, available, freed, p)
    said = [
        [
            twins.clear_segment(
                held[m, g].tolist(), wanted[m, g].tolist(), available[m].tolist(), float(freed[m, 0]), params[m]
            )
            for g in range(SEGMENTS)
        ]
        for m in range(MEMBERS)
    ]
    same(share, lambda m, g, o: said[m][g][o])
    price, size = uniform(rng, 0, 5, MEMBERS, OPTIONS), uniform(rng, 1e8, 1e10, MEMBERS, SEGMENTS)

    def paid(m: int, g: int, o: int) -> float:
        own = params[m]["reference_price"]
        return twins.payments(share[m, g].tolist(), price[m].tolist(), float(size[m, g]), own)[o]

    same(market.revenue(share, price, size, p), paid)


def test_prices_and_budgets() -> None:
    rng = noise(38)
    p = sampled("market", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    capability, frontier = uniform(rng, 23, 27, MEMBERS, LABS), uniform(rng, 26, 27, MEMBERS, 1)
    old, share, slope = (
        uniform(rng, 0, 9, MEMBERS, LABS),
        uniform(rng, 0, 1, MEMBERS, LABS),
        uniform(rng, 0.1, 1, MEMBERS, 1),
    )
    cost = market.unit_cost(capability, frontier, p)
    same(cost, lambda m, i: twins.unit_cost(float(capability[m, i]), float(frontier[m, 0]), params[m]))
    same(
        market.price_step(old, cost, share, slope, p),
        lambda m, i: twins.price(
            float(old[m, i]), float(cost[m, i]), float(share[m, i]), float(slope[m, 0]), params[m]
        ),
    )
    budget, revenue = uniform(rng, 1e6, 1e9, MEMBERS, LABS), uniform(rng, 0, 1e10, MEMBERS, LABS)
    size, place = uniform(rng, 1e9, 1e11, MEMBERS, 1), uniform(rng, 0, 1, MEMBERS, LABS)
    same(
        market.budget_step(budget, revenue, size, place, p),
        lambda m, i: twins.training_budget(
            float(budget[m, i]), float(revenue[m, i]), float(size[m, 0]), float(place[m, i]), params[m]
        ),
    )


def test_names() -> None:
    rng = noise(45)
    p = sampled("market", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    brand, used = uniform(rng, 0, 1, MEMBERS, LABS), uniform(rng, 0, 1, MEMBERS, LABS)
    known = rng.random((MEMBERS, 1)) < 0.5
    same(
        market.brand_step(brand, used, known, p),
        lambda m, i: twins.become_known(float(brand[m, i]), float(used[m, i]), bool(known[m, 0]), params[m]),
    )


def test_stringency() -> None:
    rng = noise(39)
    p = sampled("enforcement", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    shape = (MEMBERS, JURISDICTIONS)
    old, felt, reported = uniform(rng, 0, 1, *shape), uniform(rng, 0, 1, *shape), uniform(rng, 0, 2, *shape)
    shock, concentrated = uniform(rng, -2, 2, *shape), uniform(rng, 0, 1, MEMBERS, 1)
    same(
        enforcement.salience_step(felt, reported, np.ones_like(shock), shock, p),
        lambda m, j: twins.salience(float(felt[m, j]), float(reported[m, j]), 1.0, float(shock[m, j]), j, params[m]),
    )
    same(
        enforcement.stringency_step(old, felt, concentrated, p),
        lambda m, j: twins.stringency(float(old[m, j]), float(felt[m, j]), float(concentrated[m, 0]), j, params[m]),
    )


def test_audits() -> None:
    rng = noise(40)
    p = sampled("enforcement", MEMBERS)
    params = [one(p, m) for m in range(MEMBERS)]
    labs = 60
    rate, access, u = (uniform(rng, 0, 1, MEMBERS, labs) for _ in range(3))
    law, u_audit = uniform(rng, 0, 1, MEMBERS, labs, JURISDICTIONS), uniform(rng, 0, 0.3, MEMBERS, labs)
    bound, penalty = rng.integers(0, 40, (MEMBERS, JURISDICTIONS)), uniform(rng, 0, 0.2, MEMBERS, labs)
    checked = enforcement.audits(law, bound, u_audit, p)
    same(checked, lambda m, i: twins.audited(law[m, i].tolist(), bound[m].tolist(), float(u_audit[m, i]), params[m]))
    chance = enforcement.breach_probability(penalty, rate, access, p)
    same(
        chance,
        lambda m, i: twins.breach_probability(float(penalty[m, i]), float(rate[m, i]), float(access[m, i]), params[m]),
    )
    broken = uniform(rng, 0, 1, MEMBERS, labs) < chance
    found = enforcement.detected(broken, checked, access, u, p)
    same(
        found,
        lambda m, i: twins.proven(
            bool(broken[m, i]), bool(checked[m, i]), float(access[m, i]), float(u[m, i]), params[m]
        ),
    )
    assert checked.any() and broken.any() and not checked.all()
