"""What a design costs before any of it runs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sim.experiments.design import Design
from sim.outcomes import OUTCOMES

NANOSECONDS_PER_AGENT_MONTH = 150
"""Order of magnitude on one core, see docs/explanation/performance.md."""
BYTES_PER_NUMBER, BYTES_PER_MONTH = 9, 200
"""Order of magnitude of a column of one run in the store, and of all outcomes of a month."""


@dataclass(frozen=True)
class Cost:
    """Orders of magnitude: months of agents, seconds, bytes of results."""

    agent_months: float
    seconds: float
    bytes: float


def cost(design: Design, workers: int = 1) -> Cost:
    """Estimate what a design takes on so many cores.

    Parameters
    ----------
    design : Design
        Nothing of it is run.
    workers : int
        Processes that run side by side.
    """
    runs = design.draws * design.replicates
    agents = 0.0
    months = 0
    for case in design.cases:
        population = dataclasses.asdict(case.scenario.population)
        size = sum(population[name] for name in ("misusers", "defenders", "builders"))
        agents += float(size) * case.scenario.months * runs
        months = max(months, case.scenario.months)
    kept = BYTES_PER_NUMBER * (len(design.factors) + len(OUTCOMES)) + BYTES_PER_MONTH * months * design.monthly
    return Cost(agents, agents * NANOSECONDS_PER_AGENT_MONTH * 1e-9 / max(workers, 1), float(len(design) * kept))
