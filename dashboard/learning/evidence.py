"""Runs behind lessons: begun when a reader opens a chapter, finished by the time that predictions are made."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import sim
from dashboard.lessons.records import DRAWS
from sim.figures import View

SEED = 0
_POOL = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lessons")
"""One at a time, so that a class that opens a chapter together waits for one run."""


@cache
def begin(baseline: str, scenarios: tuple[str, ...], world: str) -> Future[View]:
    """Begin to run scenarios against a baseline in a world, once for everybody who asks.

    Parameters
    ----------
    baseline : str
        Shipped scenario.
    scenarios : tuple of str
        Shipped scenarios other than the baseline.
    world : str
        Shipped world.
    """
    return _POOL.submit(_run, baseline, scenarios, world)


def _run(baseline: str, scenarios: tuple[str, ...], world: str) -> View:
    asked = [sim.load(name, [world]) for name in (baseline, *scenarios)]
    found = sim.compare(asked, baseline=asked[0].name, replicates=1, draws=DRAWS, seed=SEED, details=False)
    return View.of(found)


def views(baseline: str, scenarios: tuple[str, ...], worlds: tuple[str, ...]) -> dict[str, View]:
    """Return the comparisons by world, waiting for those that are not finished."""
    waiting = {world: begin(baseline, scenarios, world) for world in worlds}
    return {world: future.result() for world, future in waiting.items()}
