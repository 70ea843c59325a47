"""The counterfactuals that outcomes are measured against: closed-only, and no AI uplift to misuse at all."""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario import Scenario, load

CLOSED = "closed_frontier"
"""The scenario that stands for closed-only; its title names what it covers."""
NO_AI = "no_ai"
WITHOUT_AI = {"misuse.enabled": 0.0}
"""Parameters without AI uplift: the same policies, population and background harm."""


def counterfactuals(scenarios: Sequence[Scenario], baseline: str) -> dict[str, tuple[Scenario, ...]]:
    """Return the scenarios of each counterfactual, to be run on the same draws and replicates.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What is measured.
    baseline : str
        Name of the one among them whose start, horizon, population, worlds and changed parameters the closed scenario
        takes over.

    Returns
    -------
    dict of str to tuple of Scenario
        ``closed_frontier``: that scenario alone, the one among `scenarios` if it is there. ``no_ai``: every scenario
        again, under its own name, without uplift.
    """
    base = next(scenario for scenario in scenarios if scenario.name == baseline)
    closed = next((scenario for scenario in scenarios if scenario.name == CLOSED), None)
    if closed is None:
        shipped = load(CLOSED)
        closed = shipped.replace(
            start=base.start,
            months=base.months,
            population=base.population,
            parameters={**shipped.parameters, **base.parameters},
            worlds=base.worlds,
        )
    without = (s.replace(parameters={**s.parameters, **WITHOUT_AI}) for s in scenarios)
    return {CLOSED: (closed,), NO_AI: tuple(without)}
