"""Sweeps: runs by `mesa.batch_run` of the object model beside those of a sweep, and the memory of long sweeps."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import mesa

from benchmarks.batches import SCENARIO, Batch
from benchmarks.clock import interleaved, machine, seconds_of
from benchmarks.objects import ObjectModel
from benchmarks.startup import ROOT
from sim.experiments.design import from_document
from sim.experiments.sweep import sweep


class ObjectRun(ObjectModel):
    """A run of the object model from its first month to its last, as `mesa.batch_run` wants it.

    Parameters
    ----------
    months : int
        Horizon.
    """

    def __init__(self, months: int) -> None:
        batch = Batch(1, months)
        batch.advance(1)  # objects start from a month that is finished
        super().__init__(batch.state)
        self.remaining = months - 1
        self.datacollector = mesa.DataCollector(
            {"frontier_capability": lambda model: model.outcomes[-1]["frontier_capability"]}
        )

    def step(self) -> None:
        """Run a month; the last one ends the run."""
        super().step()
        self.datacollector.collect(self)
        self.remaining -= 1
        self.running = self.remaining > 0


def beside_batch_run(months: int, objects: int, runs: int, rounds: int) -> dict[str, Any]:
    """Time both side by side, on one process each, with everything that a run needs from its construction to its end.

    Parameters
    ----------
    months, objects, runs, rounds : int
        Horizon, runs by `mesa.batch_run` and in the sweep each round, rounds.

    Returns
    -------
    dict
        Best and median seconds a run of both, and the ratio of the best.
    """
    document = {"schema_version": 1, "scenario": SCENARIO, "months": months, "design": "defaults", "replicates": runs}
    design = from_document(document)
    last: list[dict[str, Any]] = []

    def by_mesa() -> None:
        last[:] = mesa.batch_run(ObjectRun, {"months": months}, iterations=objects, display_progress=False)

    def by_sweep() -> None:
        with tempfile.TemporaryDirectory() as directory:
            sweep(design, Path(directory) / "s")

    timings = interleaved({"mesa": partial(seconds_of, by_mesa), "sweep": partial(seconds_of, by_sweep)}, rounds)
    a, b = timings["mesa"].per(objects), timings["sweep"].per(runs)
    with tempfile.TemporaryDirectory() as directory:
        same = sweep(from_document({**document, "replicates": 1}), Path(directory) / "s").to_dataframe()
    return {
        "machine": machine(),
        "mesa_s_a_run": {key.removesuffix("_ns"): value * 1e-9 for key, value in a.items()},
        "sweep_s_a_run": {key.removesuffix("_ns"): value * 1e-9 for key, value in b.items()},
        "ratio_best": a["best_ns"] / b["best_ns"],
        "ratio_median": a["median_ns"] / b["median_ns"],
        "frontier_capability": [last[0]["frontier_capability"], float(same["frontier_capability"].iloc[0])],
    }


LONG_SWEEP = """
import resource, sys, tempfile
from pathlib import Path
from sim.experiments.design import from_document
from sim.experiments.sweep import sweep
document = {"schema_version": 1, "scenario": sys.argv[2], "months": 1, "design": "sobol", "samples": int(sys.argv[1])}
with tempfile.TemporaryDirectory() as directory:
    sweep(from_document(document), Path(directory) / "s")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
SMALL_WORLD = """
schema_version = 1
title = "A small population"
baseline = "status_quo"
population = { labs = 4, slots = 4, misusers = 20, defenders = 20, builders = 20 }
"""


def memory(draws: tuple[int, ...]) -> list[dict[str, float]]:
    """Peak memory in MiB, and seconds, of sweeps of one month of a small population with every parameter varied."""
    found = []
    with tempfile.TemporaryDirectory() as directory:
        scenario = Path(directory) / "small.toml"
        scenario.write_text(SMALL_WORLD, encoding="utf-8")
        for number in draws:
            start = perf_counter()
            words = [sys.executable, "-c", LONG_SWEEP, str(number), str(scenario)]
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
            found.append({"draws": number, "mib": float(done.stdout), "seconds": perf_counter() - start})
    return found
