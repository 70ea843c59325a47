"""Defence: the kernel against defenders one by one."""

import pytest

from sim.kernels import defence
from tests.reference import twins
from tests.reference.compare import MEMBERS, noise, same, uniform
from tests.support import one, sampled

DOMAINS, CLASSES, SLICES, DEFENDERS = 4, 3, 8, 20


def test_patching() -> None:
    rng = noise(11)
    p = sampled("defence", MEMBERS)
    unpatched = uniform(rng, 0.2, 1, MEMBERS, DOMAINS, CLASSES, SLICES)
    reachable = uniform(rng, -1, 2, MEMBERS, 1, CLASSES, SLICES).clip(0, 1)
    speed = uniform(rng, 0, 3, MEMBERS, DOMAINS, CLASSES)
    params = [one(p, m) for m in range(MEMBERS)]

    def twin(m: int, d: int, c: int, b: int) -> float:
        rate = params[m]["slice_patch_rate"][d]
        return twins.patch(
            float(unpatched[m, d, c, b]), float(reachable[m, 0, c, b]), rate, float(speed[m, d, c]), params[m]
        )

    same(defence.patched(unpatched, reachable, speed, p), twin)


@pytest.mark.parametrize("form", ["nested", "vintage", "level"])
def test_tools(form: str) -> None:
    rng = noise(12)
    p = sampled("defence", MEMBERS)
    p = type(p)(**{**vars(p), "form": form})
    tools, capability = uniform(rng, 0, 1, MEMBERS, DEFENDERS), uniform(rng, 24, 29, MEMBERS, DEFENDERS)
    threshold, commons = uniform(rng, 25, 27, MEMBERS, DEFENDERS), uniform(rng, 0, 2, MEMBERS, 1)
    strength, cap = uniform(rng, 0, 0.6, MEMBERS, DEFENDERS), uniform(rng, 0.1, 2, MEMBERS, DEFENDERS)
    params = [one(p, m) for m in range(MEMBERS)]

    def twin(m: int, i: int) -> float:
        own = (tools, capability, threshold)
        return twins.adopt_tools(
            *(float(x[m, i]) for x in own),
            float(commons[m, 0]),
            float(strength[m, i]),
            float(cap[m, i]),
            params[m],
        )

    same(defence.tool_step(tools, capability, threshold, commons, p, strength, cap), twin, absolute=1e-6)


@pytest.mark.parametrize("breach_class", ["first", "second"])
def test_investment(breach_class: str) -> None:
    rng = noise(13)
    p = sampled("defence", MEMBERS)
    p = type(p)(**{**vars(p), "breach_class": breach_class})
    invested, losses = uniform(rng, 0, 1, MEMBERS, DEFENDERS), uniform(rng, 0.2, 20, MEMBERS, DEFENDERS)
    budget, known = uniform(rng, 0.2, 3, MEMBERS, DEFENDERS), uniform(rng, 0.2, 1, MEMBERS, 1)
    params = [one(p, m) for m in range(MEMBERS)]
    same(
        defence.investment_step(invested, losses, budget, known, p),
        lambda m, i: twins.invest(
            float(invested[m, i]), float(losses[m, i]), float(budget[m, i]), float(known[m, 0]), params[m]
        ),
        absolute=1e-6,
    )
