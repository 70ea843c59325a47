"""Misuse: the kernel against misusers one by one."""

import numpy as np

from sim.kernels import defence, misuse
from tests.reference import twins
from tests.reference.compare import MEMBERS, noise, same, uniform
from tests.support import one, sampled

CLASSES, SLICES, DOMAINS, FIRST, STEP = 3, 24, 4, 24.0, 0.25


def test_uplift_from_what_is_exposed() -> None:
    rng = noise(1)
    p, d = sampled("misuse", MEMBERS), sampled("defence", MEMBERS)
    unpatched = uniform(rng, 0, 1, MEMBERS, DOMAINS, CLASSES, SLICES)
    capability = uniform(rng, 23, 31, MEMBERS, DOMAINS)  # below the first slice, and beyond the last
    upper = np.float32(FIRST) + (np.arange(SLICES, dtype=np.float32) + 1) * np.float32(STEP)
    above = np.clip((upper - p.uplift_threshold[:, :, None]) / np.float32(STEP), 0, 1)
    cumulative = defence.accumulate(defence.exposed(unpatched, d), above, STEP)
    kernel = misuse.uplift(cumulative, FIRST, STEP, capability, p)
    p1, d1 = [one(p, m) for m in range(MEMBERS)], [one(d, m) for m in range(MEMBERS)]

    def twin(m: int, domain: int, group: int) -> float:
        exposed = twins.exposed_capability(
            unpatched[m, domain, group].tolist(),
            d1[m]["persistent_share"][domain],
            p1[m]["uplift_threshold"][domain],
            float(capability[m, domain]),
            FIRST,
            STEP,
        )
        return twins.uplift(exposed, p1[m]["uplift_per_oom"][domain], p1[m]["uplift_cap"][domain])

    same(kernel, twin, absolute=1e-5)  # a sum over slices cancels near the threshold


def test_passing_safeguards() -> None:
    rng = noise(2)
    p = sampled("misuse", MEMBERS)
    held, attacks = uniform(rng, 0, 1, MEMBERS, 5), uniform(rng, 0, 2, MEMBERS, 1)
    flaws = uniform(rng, -0.5, 2, MEMBERS, 5)
    full, passed = uniform(rng, 0, 3, MEMBERS, 5), uniform(rng, 0, 1, MEMBERS, 5)
    params = [one(p, m) for m in range(MEMBERS)]
    same(
        misuse.jailbreak_share(held, 3.5, attacks, flaws, p),
        lambda m, i: twins.jailbreak_share(float(held[m, i]), 3.5, float(attacks[m, 0]), float(flaws[m, i]), params[m]),
    )
    same(
        misuse.through_safeguards(full, passed),
        lambda m, i: twins.through_safeguards(float(full[m, i]), float(passed[m, i])),
        absolute=1e-6,
    )


def test_choice_of_a_route() -> None:
    rng = noise(3)
    events, routes = 300, 4
    p = sampled("misuse", MEMBERS)
    member = np.arange(events) % MEMBERS
    odds, friction = uniform(rng, -6, 2, events, routes), uniform(rng, 0, 3, events, routes)
    detection, uniforms = uniform(rng, 0, 0.2, events, routes), uniform(rng, 1e-6, 1, events, routes)
    available = rng.random((events, routes)) < 0.7
    available[:, 0] = True
    chance = misuse.success(odds)
    noises, aversion = p.route_noise[member], p.detection_aversion[member]
    chosen = misuse.route_choice(np.log(chance), friction, detection, available, uniforms, noises, aversion)
    params = [one(p, m) for m in range(MEMBERS)]

    def twin(event: int) -> int:
        offered = [
            {
                "chance": twins.success(float(odds[event, r]), 0, 0, 0, 0),
                "friction": float(friction[event, r]),
                "detection": float(detection[event, r]),
                "available": bool(available[event, r]),
                "uniform": float(uniforms[event, r]),
            }
            for r in range(routes)
        ]
        return twins.choose_route(offered, params[member[event]])

    same(chosen, twin)
    assert len(set(chosen.tolist())) == routes


def test_friction_of_large_models() -> None:
    p = sampled("misuse", MEMBERS)
    flop = uniform(noise(4), 22, 28, MEMBERS, 1)
    params = [one(p, m) for m in range(MEMBERS)]
    same(
        misuse.local_friction(flop, 4.0, p.kind_resources, p),
        lambda m, k: twins.local_friction(float(flop[m, 0]), 4.0, params[m]["kind_resources"][k], params[m]),
        absolute=1e-5,  # flop minus what is affordable: two numbers near 25
    )


def test_friction_of_open_weights() -> None:
    rng = noise(6)
    p = sampled("misuse", MEMBERS)
    own, easy, hosted = (uniform(rng, 0, top, MEMBERS, n) for top, n in ((4, 4), (2, 1), (1, 1)))
    params = [one(p, m) for m in range(MEMBERS)]
    same(
        misuse.open_friction(own, easy, hosted, p),
        lambda m, k: twins.open_friction(float(own[m, k]), float(easy[m, 0]), float(hosted[m, 0]), params[m]),
    )


def test_what_becomes_known() -> None:
    rng = noise(7)
    p = sampled("misuse", MEMBERS)
    monitored, duty = uniform(rng, 0, 1, MEMBERS, DOMAINS, 6), uniform(rng, 0, 1, MEMBERS, 4)
    params = [one(p, m) for m in range(MEMBERS)]
    same(
        misuse.reported_share(monitored, duty, p),
        lambda m, d, j, c: twins.reported(float(monitored[m, d, c]), float(duty[m, j]), params[m]),
    )


def test_who_enters_and_who_gives_up() -> None:
    rng = noise(5)
    p = sampled("misuse", MEMBERS)
    ratio, share = uniform(rng, 0, 4, MEMBERS, DOMAINS), uniform(rng, 0, 1, MEMBERS, DOMAINS)
    params = [one(p, m) for m in range(MEMBERS)]
    target = misuse.entry_target(ratio, p)
    same(target, lambda m, d: twins.entry_target(float(ratio[m, d]), params[m]))
    leave, enter = misuse.turnover_thresholds(share, target, p)

    def twin(m: int, d: int) -> tuple[float, float]:
        return twins.leave_and_enter(float(share[m, d]), float(target[m, d]), params[m])

    same(leave, lambda m, d: twin(m, d)[0])
    same(enter, lambda m, d: twin(m, d)[1])
