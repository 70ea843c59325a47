"""Where the time of a month goes: by step of the month, then by function."""

from __future__ import annotations

import cProfile
import io
import pstats
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from unittest.mock import patch

import sim.month
from benchmarks.batches import Batch

WARM_UP = 24
"""Months before the profile, in which the tables fill."""
TOP = 40


def profile(members: int = 32, months: int = 24, top: int = TOP) -> str:
    """Report the month's time by stage, for a batch and for a single member, and the functions that take most."""
    wide, alone = by_stage(members, months), by_stage(1, months)
    total = sum(wide.values())
    batch = _warm(members, months)
    agents = members * batch.agents
    lines = [f"{'step':<16}{members:>8} members{'share':>8}{'1 member':>12}{'of it calls':>12}{'ns/agent-month':>16}"]
    for name, seconds in sorted(wide.items(), key=lambda item: -item[1]):
        calls = min(alone[name] / seconds, 1.0)
        lines.append(
            f"{name:<16}{seconds * 1e3:13.2f} ms{seconds / total:8.1%}{alone[name] * 1e3:9.2f} ms{calls:12.0%}"
            f"{seconds / agents * 1e9:16.2f}"
        )
    alone_total = sum(alone.values())
    lines.append(
        f"{'all':<16}{total * 1e3:13.2f} ms{1:8.1%}{alone_total * 1e3:9.2f} ms{alone_total / total:12.0%}"
        f"{total / agents * 1e9:16.2f}"
    )
    return "\n".join(lines) + "\n\n" + by_function(batch, months, top)


def by_stage(members: int, months: int) -> dict[str, float]:
    """Seconds of each step of a month, the median over months."""
    batch = _warm(members, months)
    taken: dict[str, list[float]] = {}
    with _clocked(sim.month, taken):
        batch.recorder.record = _clock("record", batch.recorder.record, taken)  # type: ignore[method-assign]
        batch.advance(months)
    return {name: sorted(seconds)[len(seconds) // 2] for name, seconds in taken.items()}


def by_function(batch: Batch, months: int, top: int) -> str:
    """The functions that take most time of their own, as `cProfile` counts it."""
    profiler = cProfile.Profile()
    profiler.runcall(batch.advance, months)
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("tottime").print_stats(top)
    return text.getvalue()


def _warm(members: int, months: int) -> Batch:
    batch = Batch(members, WARM_UP + months)
    batch.advance(WARM_UP)
    return batch


@contextmanager
def _clocked(module: Any, taken: dict[str, list[float]]) -> Iterator[None]:
    """Clock every function that the module's `month` calls."""
    names = [name for name in module.month.__code__.co_names if callable(vars(module).get(name))]
    with patch.dict(vars(module), {name: _clock(name, vars(module)[name], taken) for name in names}):
        yield


def _clock(name: str, function: Callable[..., Any], taken: dict[str, list[float]]) -> Callable[..., Any]:
    def clocked(*arguments: Any) -> Any:
        start = perf_counter()
        try:
            return function(*arguments)
        finally:
            taken.setdefault(name, []).append(perf_counter() - start)

    return clocked
