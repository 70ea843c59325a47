"""The process of a job: ``python -m dashboard.jobs.worker NAME``. It outlives the server and minds its own limits."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic

import sim
from dashboard.jobs import records

SECONDS = float(os.environ.get("APERTURE_SWEEP_SECONDS", 6 * 3600))
"""Longest time of one process."""
BYTES = int(float(os.environ.get("APERTURE_SWEEP_MEMORY", 4e9)))
"""Most memory for data of one process."""
GRACE = 5.0
"""Seconds between two notes of the rate."""
TRIES = 250


def main(name: str) -> int:
    """Carry out the job of that name; 0 when it is done."""
    for _ in range(TRIES):  # whoever looks whether this process lives holds the file for a moment
        with records.lock(records.folder(name) / "alive") as mine:
            if mine:
                return _carry_out(name)
        Event().wait(0.02)
    return 1


def _carry_out(name: str) -> int:
    job = records.read(name)
    if job is None or job.state != "running":
        return 1
    _limit()
    try:
        _sweep(job)
    except Late:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return _end(name, "failed", f"it took longer than {SECONDS / 3600:.3g} hours; resuming it goes on.")
    except (sim.InputError, MemoryError, OSError) as error:
        return _end(name, "failed", str(error) or type(error).__name__)
    return 0


class Late(BaseException):
    """The time is over; nothing that handles failures of runs may take this for one."""


def _limit() -> None:
    """Let the system refuse more memory, and end the sweep when its time is over: finished chunks stay."""
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def late(*_: object) -> None:
        raise Late

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, GRACE)  # again and again: what a destructor swallows is lost


def _sweep(job: records.Job) -> None:
    path = records.folder(job.name) / "design.toml"
    design = sim.parse_design(path.read_text("utf-8"), "design")
    started = monotonic()
    done = sim.sweep(design, records.store(job.name), workers=job.workers, progress=_noting(job, started))
    status = done.status()
    if status["failed"]:
        _end(job.name, "failed", f"{status['failed']} runs failed; the table says why.", monotonic() - started)
    else:
        _end(job.name, "finished", "", monotonic() - started)


def _noting(job: records.Job, started: float) -> Callable[[int, int], None]:
    """Return a function that notes now and then how many runs this process did, for the rate."""
    first: list[int] = []
    last = [started - GRACE]

    def note(done: int, total: int) -> None:
        first[:] = first or [done]
        now = monotonic()
        if now - last[0] < GRACE and done < total:
            return
        last[0] = now
        _write(records.folder(job.name) / "rate", f"{(done - first[0]) / max(now - started, 1e-9):.6g}")

    return note


def _write(path: Path, text: str) -> None:
    stage = path.with_suffix(".partial")
    stage.write_text(text, "utf-8")
    os.replace(stage, path)


def _end(name: str, state: str, reason: str, seconds: float = 0.0) -> int:
    job = records.read(name)
    if job is not None and job.state == "running":  # it may have been cancelled meanwhile
        records.write(job.but(state=state, reason=reason[:300], seconds=job.seconds + seconds))
    return 0 if state == "finished" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
