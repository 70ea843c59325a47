"""What a person waits for: importing, the command's help, a page, a sweep; each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
SCENARIOS = ("status_quo", "closed_frontier", "open_by_default", "staged_release")
CLOCKED = "from time import perf_counter; start = perf_counter(); {code}; print(perf_counter() - start)"


def import_seconds(code: str, rounds: int) -> float:
    """Best time of an import statement in a fresh interpreter, without the interpreter's own start."""
    return min(float(_python("-c", CLOCKED.format(code=code))) for _ in range(rounds))


def help_seconds(rounds: int) -> float:
    """Best time of ``aperture --help`` from start to end."""
    return min(_elapsed("-m", "sim.cli", "--help") for _ in range(rounds))


def page_seconds(replicates: int, months: int, rounds: int, scenarios: tuple[str, ...] = SCENARIOS) -> float:
    """Best time of a page of the interface from cold: all its scenarios in one call, one process, imports included."""
    code = f"import sim; sim.run({list(scenarios)!r}, replicates={replicates}, months={months})"
    return min(_elapsed("-c", code) for _ in range(rounds))


def workers_seconds(replicates: int, months: int, workers: int) -> float:
    """Time of a sweep of one scenario on so many processes, imports of the first one not counted."""
    code = f"sim.run('status_quo', replicates={replicates}, months={months}, workers={workers}, details=False)"
    return float(_python("-c", GUARDED.format(code=code)))


GUARDED = """
import sim
from sim import run
from time import perf_counter
if __name__ == "__main__":
    start = perf_counter()
    {code}
    print(perf_counter() - start)
"""


def wide(misusers: int, months: int) -> tuple[float, float]:
    """Seconds and peak memory in MiB of one member with so many misusers."""
    code = f"import sim; sim.run(load('status_quo', settings=['population.misusers={misusers}']), 1, months={months})"
    measured = f"import resource; from sim.scenario import load; {code}; {PEAK}"
    start = perf_counter()
    peak = float(_python("-c", measured))
    return perf_counter() - start, peak


PEAK = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"


def _elapsed(*arguments: str) -> float:
    start = perf_counter()
    _python(*arguments)
    return perf_counter() - start


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ.copy(), capture_output=True, text=True, check=True
    )
    return done.stdout
