"""Sweeps: carry a design out chunk by chunk, on one core, on several, or on a Dask cluster, and resume."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.experiments.chunks import Chunk, missing, plan
from sim.experiments.design import Design
from sim.experiments.store import Store, encode, filled, model_digest, record
from sim.members import expand
from sim.outcomes import OUTCOMES
from sim.runner import run_some
from sim.scenario import Scenario

WINDOW = 3
"""Chunks in flight for each worker."""
RECOMPUTED = 3
"""Chunks that a check runs again, spread evenly."""
Progress = Callable[[int, int], None]
Task = tuple[Chunk, Scenario, str, dict[str, Any], int]
"""A chunk with its scenario, the name of its world, the samples of its draws and the seed."""


def sweep(
    design: Design,
    directory: str | Path,
    workers: int = 1,
    dask: str | None = None,
    shard: tuple[int, int] = (1, 1),
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Store:
    """Run what a design asks for and the directory does not yet hold.

    Parameters
    ----------
    design : Design
        From `sim.experiments.design.read_design`.
    directory : str or Path
        New, empty, or of an earlier sweep of the same or of a shorter design.
    workers : int
        Processes; more than one are those of a Dask cluster on this machine.
    dask : str, optional
        Address of a Dask scheduler to use instead.
    shard : pair of int
        (i, N) takes every N-th chunk from the i-th on, so that N jobs may share a directory.
    retry_failed : bool
        Whether to run failed chunks again.
    progress : callable, optional
        Called with the number of finished runs and of all runs.

    Returns
    -------
    Store
        The finished sweep. The bytes of its chunks depend on neither workers, nor shards, nor interruptions.

    Raises
    ------
    InputError
        If the directory holds something else or cannot be written, or the cluster cannot be reached.
    """
    mine = plan(design)[shard[0] - 1 :: shard[1]]
    with filled(directory, design, shard) as store:
        if retry_failed:
            for chunk, path, failed in store.chunks():
                if failed and any(chunk.overlaps(own) for own in mine):
                    path.unlink()
        present = [chunk for chunk, _, _ in store.chunks()]
        left = missing(mine, present)
        done, total = sum(map(len, present)), len(design)
        tasks = (_task(design, chunk) for chunk in left)
        with _simulator(min(workers, len(left)), dask) as simulator:
            for chunk, data, failed in simulator(tasks):
                store.write(chunk, data, failed)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
    return store


def _task(design: Design, chunk: Chunk) -> Task:
    case = design.cases[chunk.case]
    samples = {name: values[chunk.draw : chunk.draw_end] for name, values in design.samples.items()}
    return chunk, case.scenario, case.world, samples, design.seed


def carry_out(task: Task) -> tuple[Chunk, bytes, bool]:
    """Run one chunk; return it with the bytes of its file and whether it failed.

    A failure is a result too: rows with the reason and no outcomes, and the sweep goes on.
    """
    chunk = task[0]
    try:
        return chunk, encode(_columns(task)), False
    except Exception as error:  # whatever goes wrong in one chunk must not cost the others
        reason = f"{type(error).__name__}: {error}"[:500]
        return chunk, encode(_keys(task, reason)), True


def _carry_out_alike(task: Task, model: str, numpy: str) -> tuple[Chunk, bytes, bool]:
    """The same on a worker elsewhere, which must run the model of the driver."""
    if (model_digest(), np.__version__) != (model, numpy):
        raise RuntimeError(f"the worker has another version of the model, or NumPy {np.__version__} for {numpy}")
    return carry_out(task)


def _columns(task: Task) -> dict[str, Any]:
    chunk, scenario, _, samples, seed = task
    runs = expand([scenario], samples or 1, chunk.replicate_end, seed)
    summary = run_some(runs, np.flatnonzero(runs.replicate >= chunk.replicate)).summary()
    return {**_keys(task), **{name: summary[name] for name in OUTCOMES}}


def _keys(task: Task, error: str = "") -> dict[str, Any]:
    chunk, scenario, world, samples, _ = task
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
        **{name: np.repeat(values, replicates) for name, values in samples.items()},
    }


@contextmanager
def _simulator(workers: int, address: str | None) -> Iterator[Callable[[Iterable[Task]], Iterable[Any]]]:
    """Give a function that carries tasks out and yields what is finished, in any order."""
    if workers <= 1 and address is None:
        yield lambda tasks: map(carry_out, tasks)
        return
    distributed: Any = import_module("distributed")

    if address is not None:
        try:
            client = distributed.Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            problem = f"no scheduler answers ({str(error)[:120]})."
            remedy = "Give the address that 'dask scheduler' shows."
            raise InputError(f"--dask {address[:100]}", problem, remedy) from None
        with client:
            yield lambda tasks: _on(client, tasks)
        return
    with (
        distributed.LocalCluster(workers, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield lambda tasks: _on(client, tasks)


def _on(client: Any, tasks: Iterable[Task]) -> Iterator[tuple[Chunk, bytes, bool]]:
    """Keep a bounded window of tasks on a cluster; a task whose workers keep dying becomes a failure."""
    distributed: Any = import_module("distributed")
    asked: dict[Any, Task] = {}
    waiting = iter(tasks)

    def submit(number: int) -> list[Any]:
        futures = []
        for task in itertools.islice(waiting, number):
            future = client.submit(_carry_out_alike, task, model_digest(), np.__version__, pure=False)
            asked[future.key] = task
            futures.append(future)
        return futures

    finished = distributed.as_completed(submit(WINDOW * max(len(client.nthreads()), 1)), loop=client.loop)
    for future in finished:
        task = asked.pop(future.key)
        if future.status == "finished":
            yield future.result()
        else:
            reason = f"no worker could do it: {future.exception()}"[:500]
            yield task[0], encode(_keys(task, reason)), True
        for new in submit(1):
            finished.add(new)


def verify(store: Store, design: Design | None = None, repair: bool = False) -> list[str]:
    """Read every chunk again, and with a design carry a few out again and compare their bytes.

    Parameters
    ----------
    store : Store
        What to check.
    design : Design, optional
        The design of the store; `RECOMPUTED` chunks of it are run again.
    repair : bool
        Whether to remove damaged chunks, so that the next sweep runs them again.

    Returns
    -------
    list of str
        One sentence for every damaged chunk.

    Raises
    ------
    InputError
        If the design, or the model as it is now, is not that of the store.
    """
    if design is not None and record(design)["key"] != store.key:
        remedy = "Name the design of the sweep, with the version that ran it."
        raise InputError(f"sweep {store.directory}", "its runs are not of this design and this model.", remedy)
    faults: dict[Path, str] = {}
    sound: list[tuple[Chunk, Path]] = []
    for chunk, path, failed in store.chunks():
        try:
            store.read(path, chunk)
        except InputError as error:
            faults[path] = error.problem
        else:
            sound += [] if failed else [(chunk, path)]
    if design is not None:
        for chunk, path in sound[:: max(1, -(-len(sound) // RECOMPUTED))]:
            if carry_out(_task(design, chunk))[1] != path.read_bytes():
                faults[path] = "running it again gives other bytes."
    if repair:
        for path in faults:
            path.unlink()
    return [f"{path.name}: {problem}" for path, problem in faults.items()]
