"""Defence: the kernel against defenders one by one."""

import numpy as np
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
    tools, capability = uniform(rng, 0, 1, MEMBERS, DEFENDERS), uniform(rng, 24, 29, MEMBERS, DOMAINS, CLASSES)
    threshold, commons = uniform(rng, 25, 27, MEMBERS, DOMAINS), uniform(rng, 0, 2, MEMBERS, 1)
    gain = uniform(rng, 1, 2, MEMBERS, CLASSES)
    domain, group = np.arange(DEFENDERS) // CLASSES % DOMAINS, np.arange(DEFENDERS) % CLASSES
    params = [one(p, m) for m in range(MEMBERS)]

    def twin(m: int, i: int) -> float:
        return twins.adopt_tools(
            float(tools[m, i]),
            float(capability[m, domain[i], group[i]]),
            float(threshold[m, domain[i]]),
            float(commons[m, 0]),
            params[m]["tool_per_oom"][domain[i]] * float(gain[m, group[i]]),
            params[m]["tool_cap"][domain[i]],
            params[m],
        )

    target = defence.tool_target(capability, gain, threshold, commons, p)[:, domain, group]
    same(defence.tool_step(tools, target, p), twin, absolute=1e-6)


@pytest.mark.parametrize("breach_class", ["first", "second"])
def test_investment(breach_class: str) -> None:
    rng = noise(13)
    p = sampled("defence", MEMBERS)
    p = type(p)(**{**vars(p), "breach_class": breach_class})
    invested, losses = uniform(rng, 0, 1, MEMBERS, DEFENDERS), uniform(rng, 0.2, 20, MEMBERS, DOMAINS)
    domain, group = np.arange(DEFENDERS) % DOMAINS, np.arange(DEFENDERS) % CLASSES
    budget, reported = uniform(rng, 0.2, 3, MEMBERS, DEFENDERS), uniform(rng, 0, 1, MEMBERS, DOMAINS, CLASSES)
    gained, known = uniform(rng, 0, 0.5, MEMBERS, DOMAINS), defence.informed(reported, p)
    params = [one(p, m) for m in range(MEMBERS)]
    spent = defence.spending(losses, known, p)[:, domain, group] * budget
    same(
        defence.investment_step(invested, spent, defence.aged(gained, p)[:, domain], p),
        lambda m, i: twins.invest(
            float(invested[m, i]),
            float(losses[m, domain[i]]),
            float(budget[m, i]),
            twins.informed(float(reported[m, domain[i], group[i]]), params[m]),
            float(gained[m, domain[i]]),
            params[m],
        ),
        absolute=1e-6,
    )
