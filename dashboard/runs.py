"""Runs behind the pages: scenarios in one batch, off the threads of requests, kept for as long as they are useful."""

from __future__ import annotations

import heapq
import itertools
import multiprocessing
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from flask import current_app

import sim

FULL = 32
"""Members of a scenario in the full picture."""
PREVIEW = 4
"""Members while a lever moves: the first of the full ones."""
MOST_KEPT = 192
"""Results of single scenarios that are kept, the least used go first; about 5 MB each."""
MOST_WAITING = 24
"""Jobs that may wait; beyond it a request is refused at once instead of making everybody wait."""
LONGEST = 120.0
"""Seconds after which a waiting request gives up."""
SPLIT = 64
"""Members from which on a job is divided between the workers; fewer cost more calls than they save."""
POLITE = 5
"""How far workers stand back behind the server and other programs, on the scale of ``nice``."""
KEY = "aperture-engine"
Found = TypeVar("Found")
Asked = tuple[Any, Any, "Future[Any]"]
"""A scenario that must be run: its key, itself, and where its results will be."""


class BusyError(RuntimeError):
    """There is more to do than the server can take on now."""


@dataclass(frozen=True)
class Ensemble:
    """What makes the runs of a scenario differ.

    Parameters
    ----------
    calibrated : bool
        Whether they differ in parameters, over the calibrated draws, besides chance; else by chance alone.
    seed : int
        Names the luck.
    """

    calibrated: bool = True
    seed: int = 0

    def settings(self, members: int) -> dict[str, Any]:
        """Return the settings of `sim.run` for so many members."""
        if not self.calibrated:
            return {"replicates": members, "draws": 1, "seed": self.seed}
        draws = {name: column[:members] for name, column in _calibrated().items()}
        return {"replicates": 1, "draws": draws, "seed": self.seed}

    def first(self, results: Any, members: int) -> Any:
        """Return the first members of results that hold as many or more."""
        if len(results.scenario) == members:
            return results
        return sim.first_runs(results, members, 1) if self.calibrated else sim.first_runs(results, 1, members)

    def arguments(self, members: int) -> list[str]:
        """Return the words of the command line that ask for these runs."""
        draws, replicates = (f"calibrated:{members}", 1) if self.calibrated else ("1", members)
        return ["--replicates", str(replicates), "--draws", draws, "--seed", str(self.seed)]


@cache
def _calibrated() -> dict[str, Any]:
    return dict(sim.named_draws("calibrated"))


def work(scenarios: list[Any], ensemble: Ensemble, members: int, details: bool) -> list[Any]:
    """Run scenarios in one batch and return the results of each; this is what a worker does."""
    found = sim.run(scenarios, details=details, **ensemble.settings(members))
    if len(scenarios) == 1:
        return [found]
    parts = []
    for scenario in scenarios:
        part = found.select(scenario.name)
        kept = {scenario.name: found.provenance["scenarios"][scenario.name]}
        facts = {**found.provenance, "scenarios": kept, "worlds": list(scenario.worlds)}
        parts.append(_with_provenance(part, facts))
    return parts


def _with_provenance(results: Any, facts: dict[str, Any]) -> Any:
    from dataclasses import replace

    return replace(results, provenance=facts)


def _prepare() -> None:
    """Get a worker ready before its first job: it ends with its server, has one thread, and has read what it needs.

    It also lets others go first: on a machine with few cores, pages must answer while runs are under way.
    """
    sim.end_with_parent()
    with suppress(AttributeError, OSError):  # not on every system
        os.nice(POLITE)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with suppress(Exception):  # whoever asks for runs is told what is wrong
        work([sim.load("status_quo").replace(months=1)], Ensemble(), 1, False)


class Engine:
    """Runs scenarios and keeps what it found.

    Parameters
    ----------
    workers : int
        Processes; 0 runs in the calling thread, for tests and scripts.
    """

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers
        self._lock = threading.RLock()
        self._kept: OrderedDict[Any, Future[Any]] = OrderedDict()
        self._waiting = 0
        self._running = 0
        self._queue: list[tuple[int, int, list[Asked], tuple[Ensemble, int, bool]]] = []
        self._order = itertools.count()
        self._apart = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def results(self, scenarios: Sequence[Any], ensemble: Ensemble, members: int = FULL, details: bool = True) -> Any:
        """Return the runs of scenarios, those that are known from memory and all others in one batch.

        Parameters
        ----------
        scenarios : sequence of Scenario
            With distinct names, one start and one horizon.
        ensemble : Ensemble
        members : int
            Runs of each scenario.
        details : bool
            Whether breakdowns are needed.

        Raises
        ------
        BusyError
            If there is too much to do.
        """
        parts = self._futures(scenarios, ensemble, members, details)
        return sim.join([ensemble.first(part.result(LONGEST), members) for part in parts])

    def begin(self, scenarios: Sequence[Any], ensemble: Ensemble, members: int) -> bool:
        """Start on runs without waiting for them, and return whether all of them are there already."""
        try:
            parts = self._futures(scenarios, ensemble, members, details=False)
        except BusyError:
            return False
        return all(part.done() and part.exception() is None for part in parts)

    def elsewhere(self, function: Callable[..., Found], *arguments: Any) -> Found:
        """Return what a function gives, worked out by a worker; it must be picklable.

        One at a time, so that the other worker is there for levers.

        Raises
        ------
        BusyError
            If one is under way.
        """
        if not self.workers:
            return function(*arguments)
        if not self._apart.acquire(blocking=False):
            raise BusyError("A study is being worked out already. Try again in a moment.")
        try:
            job = self._processes().submit(function, *arguments)
        except BaseException:
            self._apart.release()
            raise
        job.add_done_callback(lambda _: self._apart.release())
        return job.result(LONGEST)

    def _futures(self, scenarios: Sequence[Any], ensemble: Ensemble, members: int, details: bool) -> list[Future[Any]]:
        parts: list[Future[Any]] = []
        missing: list[Asked] = []
        with self._lock:
            for scenario in scenarios:
                key = (scenario.name, scenario.title, scenario.digest(), ensemble, members, details)
                future = self._known(key, members)
                if future is None:
                    future = self._kept[key] = Future()
                    missing.append((key, scenario, future))
                parts.append(future)
            self._forget()
            if missing:
                self._start(missing, ensemble, members, details)
        return parts

    def _known(self, key: Any, members: int) -> Future[Any] | None:
        """Return the results of a scenario if they are there or on their way, larger ones too."""
        for size, details in ((members, key[5]), (FULL, key[5]), (members, True), (FULL, True)):
            one = (*key[:4], size, details)
            if size >= members and one in self._kept:
                self._kept.move_to_end(one)
                return self._kept[one]
        return None

    def _forget(self) -> None:
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _start(self, missing: list[Asked], ensemble: Ensemble, members: int, details: bool) -> None:
        if self._waiting >= MOST_WAITING:
            for key, _, _ in missing:
                del self._kept[key]
            raise BusyError("The server is busy with other requests. Try again in a moment.")
        pieces = max(1, min(self.workers, len(missing), len(missing) * members // SPLIT + 1))
        rank = 0 if members < FULL else 1  # somebody is moving a lever: that goes before every whole picture
        for piece in (missing[i::pieces] for i in range(pieces)):
            self._waiting += 1
            heapq.heappush(self._queue, (rank, next(self._order), piece, (ensemble, members, details)))
        self._next()

    def _next(self) -> None:
        """Give idle workers the jobs that come first."""
        with self._lock:
            while self._queue and self._running < max(self.workers, 1):
                _, _, piece, rest = heapq.heappop(self._queue)
                self._running += 1
                self._submit(piece, rest)

    def _submit(self, piece: list[Asked], rest: tuple[Ensemble, int, bool], again: bool = False) -> None:
        scenarios = [scenario for _, scenario, _ in piece]
        job: Future[Any] = Future()
        try:
            if self.workers:
                job = self._processes().submit(work, scenarios, *rest)
            else:
                job.set_result(work(scenarios, *rest))
        except Exception as error:  # handed to whoever asked
            job.set_exception(error)
        job.add_done_callback(lambda done: self._finish(piece, rest, done, again))

    def _finish(self, piece: list[Asked], rest: tuple[Ensemble, int, bool], job: Future[Any], again: bool) -> None:
        """Hand what a job found to whoever waits; what failed is forgotten, so that it may be tried again.

        A worker that died takes the pool with it: a new one does the work once more.
        """
        error = job.exception()
        if isinstance(error, BrokenProcessPool) and not again:
            with self._lock:
                self._pool = None
            self._submit(piece, rest, again=True)
            return
        with self._lock:
            self._waiting -= 1
            self._running -= 1
            if error is not None:
                for key, _, _ in piece:
                    self._kept.pop(key, None)
        for place, (_, _, future) in enumerate(piece):
            if error is None:
                future.set_result(job.result()[place])
            else:
                future.set_exception(error)
        self._next()

    def _processes(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_prepare)
            return self._pool

    def warm(self, scenarios: Sequence[Any], ensemble: Ensemble) -> None:
        """Start on what the first visitor will ask for, without waiting for it."""
        threading.Thread(target=self.results, args=(scenarios, ensemble), daemon=True).start()

    def close(self) -> None:
        """End the workers; what still waits is not begun."""
        self._queue.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def engine() -> Engine:
    """Return the engine of the app that is answering a request."""
    found: Engine = current_app.config[KEY]
    return found
