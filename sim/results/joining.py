"""Runs of several scenarios put together, and the first runs of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.errors import InputError
from sim.results.runs import Results

SHARED = ("version", "python", "numpy", "seed", "replicates", "draws", "months", "start")
"""What the provenance of runs must share to be one set."""


def join(parts: Sequence[Results]) -> Results:
    """Put the runs of different scenarios together, as if they had been run in one call.

    Parameters
    ----------
    parts : sequence of Results
        With the same draws, replicates, seed and months, and no scenario twice; run by the same version.

    Raises
    ------
    InputError
        If they do not belong together.
    """
    first = parts[0]
    for part in parts[1:]:
        odd = [key for key in SHARED if part.provenance.get(key) != first.provenance.get(key)]
        if odd:
            raise InputError("results", f"they differ in {', '.join(odd)}.", "Join runs of the same settings.")
    names = [name for part in parts for name in part.scenarios]
    if len(set(names)) < len(names):
        raise InputError("results", "a scenario is in them twice.", "Name each scenario once.")
    outcomes = [name for name in first.monthly if all(name in part.monthly for part in parts)]
    details = [name for name in first.details if all(name in part.details for part in parts)]
    scenarios = {key: value for part in parts for key, value in part.provenance.get("scenarios", {}).items()}
    worlds = list(dict.fromkeys(world for part in parts for world in part.provenance.get("worlds", ())))
    return Results(
        monthly={name: np.concatenate([part.monthly[name] for part in parts]) for name in outcomes},
        scenario=tuple(name for part in parts for name in part.scenario),
        draw=np.concatenate([part.draw for part in parts]),
        replicate=np.concatenate([part.replicate for part in parts]),
        provenance={**first.provenance, "scenarios": scenarios, "worlds": worlds},
        details={name: np.concatenate([part.details[name] for part in parts]) for name in details},
        detail_axes={name: first.detail_axes[name] for name in details},
    )


def first_runs(results: Results, draws: int, replicates: int) -> Results:
    """Return the runs of the first draws and the first replicates: what a smaller call would have given.

    Parameters
    ----------
    results : Results
        With at least so many of each.
    draws, replicates : int
        How many to keep.
    """
    rows = np.flatnonzero((results.draw < draws) & (results.replicate < replicates))
    return replace(
        results,
        monthly={name: values[rows] for name, values in results.monthly.items()},
        scenario=tuple(results.scenario[row] for row in rows),
        draw=results.draw[rows],
        replicate=results.replicate[rows],
        provenance={**results.provenance, "draws": draws, "replicates": replicates},
        details={name: values[rows] for name, values in results.details.items()},
    )
