"""Timing side by side: every case once in each round, so that whatever disturbs the machine disturbs all of them."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

Case = Callable[[], object]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Timing:
    """Seconds that each round of a case took."""

    seconds: tuple[float, ...]

    @property
    def best(self) -> float:
        """Least disturbed round, seconds."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """Median round, seconds."""
        return statistics.median(self.seconds)

    def per(self, units: float) -> dict[str, float]:
        """Best and median in nanoseconds for each of `units` that a round does."""
        return {"best_ns": self.best / units * 1e9, "median_ns": self.median / units * 1e9}


def seconds_of(case: Case) -> float:
    """Time a case once. The collector of cyclic garbage rests meanwhile, as in `timeit`."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        case()
        return perf_counter() - start
    finally:
        gc.enable()


def interleaved(cases: Mapping[Key, Callable[[], float]], rounds: int) -> dict[Key, Timing]:
    """Time every case once a round; each round begins with another case.

    Parameters
    ----------
    cases : mapping of key to callable
        Each runs a case once and returns the seconds that it took, for example ``partial(seconds_of, case)``.
    rounds : int
    """
    names = list(cases)
    seconds: dict[Key, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            seconds[name].append(cases[name]())
    return {name: Timing(tuple(taken)) for name, taken in seconds.items()}


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (float("nan"),) * 3
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": f"{sys.platform} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_1_min": round(load[0], 2),
        "load_5_min": round(load[1], 2),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            found = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        found = []
    return found[0] if found else platform.processor()
