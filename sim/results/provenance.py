"""What it takes to make the same numbers again."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import __version__

if TYPE_CHECKING:
    from sim.scenario import Scenario


def provenance(scenarios: Sequence[Scenario], *, replicates: int, draws: int, seed: int, months: int) -> dict[str, Any]:
    """Describe a set of runs; JSON types only, no host, path or time of day.

    Every scenario is there as the document that stands alone, with the parameters that differ from their defaults.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Resolved scenarios, the first of which gives the start.
    replicates, draws, seed, months : int
        As they were run; `draws` is the number of parameter draws.
    """
    from sim.scenario_record import resolved

    return {
        "version": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seed": seed,
        "replicates": replicates,
        "draws": draws,
        "months": months,
        "start": scenarios[0].start,
        "worlds": list(dict.fromkeys(world for scenario in scenarios for world in scenario.worlds)),
        "scenarios": {item.name: {**resolved(item), "digest": item.digest()} for item in scenarios},
    }
