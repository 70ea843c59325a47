"""What the bands of a figure mean, in one sentence."""

from __future__ import annotations

import numpy as np

from sim.results.runs import Results


def counts(results: Results) -> tuple[int, int, int]:
    """Return how many runs a scenario has, over how many parameter draws and replicates."""
    runs = len(results.scenario) // max(len(results.scenarios), 1)
    return runs, int(np.unique(results.draw).size), int(np.unique(results.replicate).size)


def bands(results: Results) -> str:
    """Return what spreads the bands, over how many runs, and the seed."""
    runs, draws, replicates = counts(results)
    seed = results.provenance.get("seed")
    tail = f"; seed {seed}" if seed is not None else ""
    if runs == 1:
        return f"A single run{tail}: it shows no uncertainty."
    if draws == 1:
        return f"Bands show chance only: {replicates} replicates of one set of parameters{tail}."
    several = f" with {replicates} replicates each" if replicates > 1 else ""
    return f"Bands show parameters and chance: {draws} parameter draws{several}, {runs} runs a scenario{tail}."
