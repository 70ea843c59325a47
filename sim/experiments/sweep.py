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
from sim.experiments.chunks import missing, plan
from sim.experiments.design import Design
from sim.experiments.holding import filled
from sim.experiments.store import Store, model_digest
from sim.experiments.tasks import Done, Task, carry_out, carry_out_alike, failure, task_of

WINDOW = 3
"""Chunks in flight for each worker."""
Progress = Callable[[int, int], None]


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
        If the directory holds something else or cannot be written, as when the disk is full, or the cluster cannot be
        reached.
    """
    mine = plan(design)[shard[0] - 1 :: shard[1]]
    with filled(directory, design, shard) as store:
        if retry_failed:
            for chunk, path, failed in store.chunks():
                if failed and any(chunk.overlaps(own) for own in mine):
                    store.remove(path)
        present = [chunk for chunk, _, _ in store.chunks()]
        left = missing(mine, present)
        done, total = sum(map(len, present)), len(design)
        tasks = (task_of(design, chunk) for chunk in left)
        with _simulator(min(workers, len(left)), dask) as simulator:
            for part in simulator(tasks):
                _keep(store, part)
                done += len(part.chunk)
                if progress is not None:
                    progress(done, total)
    return store


def _keep(store: Store, part: Done) -> None:
    try:
        store.write(part.chunk, part.data, part.failed, part.months)
    except OSError as error:
        remedy = "Finished runs stay; make room, then give the same command."
        raise InputError(f"sweep {store.directory}", f"it cannot be written ({error.strerror}).", remedy) from error


FORGETFUL = {"distributed.admin.low-level-log-length": 1}
"""Dask keeps its last thousand messages for those who look for faults; ours hold samples, half a megabyte each."""


@contextmanager
def _simulator(workers: int, address: str | None) -> Iterator[Callable[[Iterable[Task]], Iterable[Any]]]:
    """Give a function that carries tasks out and yields what is finished, in any order."""
    if workers <= 1 and address is None:
        yield lambda tasks: map(carry_out, tasks)
        return
    distributed: Any = import_module("distributed")
    dask: Any = import_module("dask")
    dask.config.set(FORGETFUL)

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


def _on(client: Any, tasks: Iterable[Task]) -> Iterator[Done]:
    """Keep a bounded window of tasks on a cluster; a task whose workers keep dying becomes a failure."""
    distributed: Any = import_module("distributed")
    asked: dict[Any, Task] = {}
    waiting = iter(tasks)

    def submit(number: int) -> list[Any]:
        futures = []
        for task in itertools.islice(waiting, number):
            future = client.submit(carry_out_alike, task, model_digest(), np.__version__, pure=False)
            asked[future.key] = task
            futures.append(future)
        return futures

    finished = distributed.as_completed(submit(WINDOW * max(len(client.nthreads()), 1)), loop=client.loop)
    for future in finished:
        task = asked.pop(future.key)
        if future.status == "finished":
            yield future.result()
        else:
            yield failure(task, f"no worker could do it: {future.exception()}")
        for new in submit(1):
            finished.add(new)
