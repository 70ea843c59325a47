"""Is the answer built in? The chance, over the declared prior, that one policy does better than another.

It is computed for every headline outcome, per form of the contested kernel of defence. An outcome on which the chance
is outside 0.05 to 0.95 is one on which the model has an opinion whatever is assumed; such an outcome needs an
explanation, not a smaller prior.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.outcomes import HEADLINES, OUTCOMES
from sim.parameters import REGISTRY
from sim.runner import run
from sim.scenario import load
from sim.statistics import superiority

FORM = "defence.form"
"""The contested kernel: how the race between offence and defence is written."""
FEWER = ("population.misusers=600", "population.builders=400", "population.defenders=256")
"""Populations for this question; how many agents stand for the real ones changes only how smooth results are."""
CLOSED, OPEN = "closed_frontier", "open_by_default"

REPLICATES = 4
"""Runs of every draw. All draws share the luck of a replicate, so one alone would stand for all of chance."""

Signs = dict[str, dict[str, float]]


def forms() -> tuple[str, ...]:
    """The forms of the contested kernel."""
    return tuple(REGISTRY[FORM].options or ())


def chance_open_improves(
    draws: int = 64,
    seed: int = 0,
    workers: int = 1,
    months: int | None = None,
    pair: Sequence[str] = (CLOSED, OPEN),
    progress: Callable[[int, int], None] | None = None,
) -> Signs:
    """Probability over the prior that the second scenario does better than the first.

    Parameters
    ----------
    draws : int
        Samples of every uncertain parameter, two or more.
    seed : int
        Names the samples and the random numbers.
    workers : int
        Processes.
    months : int, optional
        Horizon; that of the scenarios when None.
    pair : two names
        What is compared.
    progress : callable, optional
        Called with finished and all runs of each form.

    Returns
    -------
    dict of str to dict of str to float
        Form of the contested kernel, then outcome.
    """
    found: Signs = {}
    for form in forms():
        scenarios = [load(name, settings=(f"{FORM}={form}", *FEWER)) for name in pair]
        results = run(
            scenarios,
            replicates=REPLICATES,
            draws=draws,
            seed=seed,
            months=months,
            workers=workers,
            details=False,
            progress=progress,
        )
        first, second = (results.select(name).summary() for name in pair)
        gain = {name: (second[name] - first[name]).reshape(draws, REPLICATES).mean(axis=1) for name in HEADLINES}
        found[form] = {name: superiority(gain[name], OUTCOMES[name].direction) for name in HEADLINES}
    return found
