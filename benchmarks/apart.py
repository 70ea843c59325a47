"""Cases in processes of their own, as in use: the memory of one is not cut up by the arrays of the others."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import Any, Self

from benchmarks.clock import Case, seconds_of
from sim.workers import end_with_parent


class Apart:
    """A case that is made and timed in a process of its own.

    Parameters
    ----------
    make : callable
        Function of a module that makes the case, in that process.
    *arguments
        Of `make`.
    """

    def __init__(self, make: Callable[..., Case], *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._process = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(make, arguments))
        self._process.submit(gc.collect).result()  # made by now, or the reason why not

    def seconds(self) -> float:
        """Let it run once and return the seconds that it took."""
        return self._process.submit(_run).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.shutdown()


_cases: list[Case] = []


def _begin(make: Callable[..., Case], arguments: tuple[Any, ...]) -> None:
    end_with_parent()
    _cases[:] = [make(*arguments)]


def _run() -> float:
    return seconds_of(_cases[0])
