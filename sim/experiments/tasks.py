"""Tasks: what a worker needs to carry out one chunk, and what it sends back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.experiments.chunks import Chunk
from sim.experiments.design import Design
from sim.experiments.factors import with_levers
from sim.experiments.store import encode, model_digest
from sim.members import expand
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.results import Results
from sim.runner import run_some
from sim.scenario import Scenario


@dataclass(frozen=True)
class Task:
    """A chunk with all that it takes to carry it out.

    Attributes
    ----------
    chunk : Chunk
        Which runs.
    scenario, world : Scenario, str
        Their case.
    rows : dict of str to ndarray, (draws,)
        Values of the factors in the draws of the chunk.
    levers : tuple of str
        Those of the factors that are fields of policies.
    seed : int
        Names the random numbers.
    monthly : bool
        Whether to keep outcomes month by month too.
    """

    chunk: Chunk
    scenario: Scenario
    world: str
    rows: dict[str, Any]
    levers: tuple[str, ...]
    seed: int
    monthly: bool


class Done(NamedTuple):
    """A chunk that was carried out: the bytes of its file, of the file of its months if any, and whether it failed."""

    chunk: Chunk
    data: bytes
    months: bytes | None
    failed: bool


def task_of(design: Design, chunk: Chunk) -> Task:
    """Return a chunk of a design with all that it takes to carry it out."""
    case = design.cases[chunk.case]
    rows = design.sample.rows(chunk.draw, chunk.draw_end)
    levers = tuple(factor.name for factor in design.factors if factor.lever)
    return Task(chunk, case.scenario, case.world, rows, levers, design.seed, design.monthly)


def carry_out(task: Task) -> Done:
    """Run one chunk; return it with the bytes of its files and whether it failed.

    A failure is a result too: rows with the reason and no outcomes, and the sweep goes on.
    """
    try:
        results = _results(task)
        months = encode(_months(task, results)) if task.monthly else None
        summary = results.summary()
        return Done(task.chunk, encode({**_keys(task), **{name: summary[name] for name in OUTCOMES}}), months, False)
    except Exception as error:  # whatever goes wrong in one chunk must not cost the others
        return failure(task, f"{type(error).__name__}: {error}")


def failure(task: Task, reason: str) -> Done:
    """Return the rows of a chunk that failed."""
    return Done(task.chunk, encode(_keys(task, reason[:500])), None, True)


def carry_out_alike(task: Task, model: str, numpy: str) -> Done:
    """The same on a worker elsewhere, which must run the model of the driver."""
    if (model_digest(), np.__version__) != (model, numpy):
        raise RuntimeError(f"the worker has another version of the model, or NumPy {np.__version__} for {numpy}")
    return carry_out(task)


def _results(task: Task) -> Results:
    """Run the draws and replicates of a chunk; with levers, each draw has a scenario of its own."""
    chunk, rows = task.chunk, task.rows
    draws = chunk.draw_end - chunk.draw
    samples = {name: values for name, values in rows.items() if name in REGISTRY}
    scenarios = [task.scenario]
    if task.levers:
        scenarios = [with_levers(task.scenario, {name: rows[name][i] for name in task.levers}) for i in range(draws)]
    if not samples and draws > 1:  # a draw that varies no parameter still is a draw
        name = REGISTRY.uncertain()[0]
        samples = {name: np.full(draws, REGISTRY[name].default)}
    runs = expand(scenarios, samples or 1, chunk.replicate_end, task.seed)
    own = runs.scenario_index == runs.draw if task.levers else np.ones(len(runs), bool)
    return run_some(runs, np.flatnonzero(own & (runs.replicate >= chunk.replicate)))


def _keys(task: Task, error: str = "") -> dict[str, Any]:
    chunk, scenario, world = task.chunk, task.scenario, task.world
    replicates = chunk.replicate_end - chunk.replicate
    draw = np.repeat(np.arange(chunk.draw, chunk.draw_end), replicates)
    replicate = np.tile(np.arange(chunk.replicate, chunk.replicate_end), chunk.draw_end - chunk.draw)
    return {
        "run": [f"{scenario.name}/{world}/{d}/{r}" for d, r in zip(draw, replicate, strict=True)],
        "scenario": [scenario.name] * len(draw),
        "world": [world] * len(draw),
        "draw": draw,
        "replicate": replicate,
        "error": [error] * len(draw),
        **{name: np.repeat(values, replicates) for name, values in task.rows.items()},
    }


def _months(task: Task, results: Results) -> dict[str, Any]:
    """One row a run and month, in the order of the runs."""
    keys = _keys(task)
    repeated = {name: np.repeat(np.array(keys[name], object), results.months) for name in ("run", "scenario", "world")}
    numbers = {name: np.repeat(keys[name], results.months) for name in ("draw", "replicate")}
    labels = np.tile(np.array(results.month_labels, object), len(results.scenario))
    values = {name: series.reshape(-1).astype(np.float32) for name, series in results.monthly.items()}
    return {**repeated, **numbers, "month": labels, **values}
