"""Innovation: the kernel against builders and artefacts one by one."""

import numpy as np

from sim.kernels import innovation, picks
from tests.reference import twins
from tests.reference.compare import MEMBERS, noise, same, uniform
from tests.support import one, sampled

TYPES, OPTIONS, ARTEFACTS = 4, 7, 40
NEED = np.array([0, 0, 1, 1], np.float32)
LARGE = np.array([0, 1, 0, 1], np.float32)


def test_choice_of_a_base_model() -> None:
    rng = noise(21)
    p = sampled("innovation", MEMBERS)
    relative, price = uniform(rng, -3, 0, MEMBERS, OPTIONS), uniform(rng, 0, 4, MEMBERS, OPTIONS)
    custom, popularity = uniform(rng, 0, 1, MEMBERS, OPTIONS), uniform(rng, 0, 0.5, MEMBERS, OPTIONS)
    permissive = np.rint(uniform(rng, 0, 1, MEMBERS, OPTIONS))
    available = rng.random((MEMBERS, TYPES, OPTIONS)) < 0.7
    available[:, :, 2] = True
    tools = uniform(rng, 0, 1, MEMBERS, OPTIONS)
    utility = innovation.base_utility(relative, price, custom, permissive, popularity, tools, available, NEED, LARGE, p)
    params = [one(p, m) for m in range(MEMBERS)]

    def utilities(m: int, t: int) -> list[float]:
        options = [
            {
                "relative": float(relative[m, o]),
                "price": float(price[m, o]),
                "customisability": float(custom[m, o]),
                "permissive": float(permissive[m, o]),
                "popularity": float(popularity[m, o]),
                "frameworks": float(tools[m, o]),
                "available": bool(available[m, t, o]),
            }
            for o in range(OPTIONS)
        ]
        return twins.base_utilities(options, float(NEED[t]), bool(LARGE[t]), params[m])

    same(utility, lambda m, t, o: utilities(m, t)[o], absolute=1e-5)
    events = 300
    member, kind = np.arange(events) % MEMBERS, rng.integers(0, TYPES, events)
    uniforms = uniform(rng, 0, 1, events)
    chosen = picks.pick(innovation.cumulative_shares(utility)[member, kind], np.arange(events), uniforms)
    same(chosen, lambda e: twins.choose_base(utilities(member[e], kind[e]), float(uniforms[e])))
    assert len(set(chosen.tolist())) == OPTIONS


def test_rate_of_innovation() -> None:
    rng = noise(22)
    p = sampled("innovation", MEMBERS)
    inputs = uniform(rng, 0, 1, 4, MEMBERS, OPTIONS)
    relative, custom = uniform(rng, -3, 1, MEMBERS, OPTIONS), uniform(rng, 0, 1, MEMBERS, OPTIONS)
    frontier, reference = uniform(rng, 25, 29, MEMBERS, 1), uniform(rng, 24, 25, MEMBERS, 1)
    stock = uniform(rng, 0, 30, MEMBERS, 1)
    params = [one(p, m) for m in range(MEMBERS)]
    access = innovation.follow_on(*inputs, p)
    same(access, lambda m, o: twins.follow_on(inputs[:, m, o].tolist(), params[m]))

    def twin(m: int, t: int, o: int) -> float:
        own = (relative[m, o], access[m, o], custom[m, o], frontier[m, 0], reference[m, 0], stock[m, 0], NEED[t])
        return twins.innovation_rate(1.0, *(float(x) for x in own), params[m])

    same(innovation.innovation_rate(relative, access, custom, frontier, reference, stock, NEED, p), twin)


def test_downloads() -> None:
    rng = noise(23)
    p = sampled("innovation", MEMBERS)
    quality, age = uniform(rng, -4, 6, MEMBERS, ARTEFACTS), uniform(rng, 0, 48, 1, ARTEFACTS)
    downloads, total = uniform(rng, 0, 1e4, MEMBERS, ARTEFACTS), uniform(rng, 1, 1e6, MEMBERS, 1)
    weight = uniform(rng, -1, 30, MEMBERS, ARTEFACTS).clip(0)
    params = [one(p, m) for m in range(MEMBERS)]

    def artefacts(m: int) -> list[dict[str, float]]:
        columns = {"log_quality": quality[m], "age_months": age[0], "downloads": downloads[m], "weight": weight[m]}
        return [{name: float(values[a]) for name, values in columns.items()} for a in range(ARTEFACTS)]

    said = [twins.download(artefacts(m), float(total[m, 0]), params[m]) for m in range(MEMBERS)]
    same(innovation.popularity_step(quality, age, downloads, weight, total, p), lambda m, a: said[m][a])
