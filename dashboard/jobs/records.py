"""What is known of a job, in files: its design, its state, and whether its process lives."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import sim

ROOT_VARIABLE = "APERTURE_SWEEPS"
"""Names the directory with all sweeps; without it they go into ``sweeps`` below the current directory."""
JOBS = ".jobs"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
STATES = ("queued", "running", "paused", "cancelled", "finished", "failed")
OPEN = ("queued", "running", "paused")
"""States in which a job may still run."""


@dataclass(frozen=True)
class Job:
    """A sweep that was asked for in the dashboard.

    Attributes
    ----------
    name : str
        Also the name of the directory with its runs.
    title : str
        In plain words.
    state : str
        One of `STATES`.
    number : int
        Jobs are carried out in the order of their numbers.
    runs : int
        How many it asks for.
    workers : int
        Processes.
    attempts : int
        How often a process was started for it since it was asked for or resumed.
    reason : str
        Why it failed.
    seconds : float
        Time that its processes took so far.
    """

    name: str
    title: str
    state: str
    number: int
    runs: int
    workers: int = 1
    attempts: int = 0
    reason: str = ""
    seconds: float = 0.0

    def but(self, **changes: Any) -> Job:
        """Return the job with some things changed."""
        return replace(self, **changes)


def root() -> Path:
    """Return the directory with all sweeps."""
    return Path(os.environ.get(ROOT_VARIABLE) or "sweeps").absolute()


def slug(title: str) -> str:
    """Return a name for a directory made of the letters and digits of a title; never a path."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:40].strip("-") or "sweep"


def checked(name: object) -> str:
    """Return the name of a sweep as it is, or refuse it: what a browser sends never becomes a path unseen."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise sim.InputError("sweep", "there is no sweep of that name.", "Choose one of the list.")
    return name


def folder(name: str) -> Path:
    """Return where the design and the state of a job stand."""
    return root() / JOBS / checked(name)


def store(name: str) -> Path:
    """Return where the runs of a sweep are."""
    return root() / checked(name)


def write(job: Job) -> None:
    """Write the state of a job, whole or not at all."""
    place = folder(job.name) / "job.json"
    stage = place.with_suffix(f".{os.getpid()}.partial")
    stage.write_text(json.dumps(asdict(job)) + "\n", "utf-8")
    os.replace(stage, place)


def read(name: str) -> Job | None:
    """Return a job, or None where there is none."""
    try:
        document = json.loads((folder(name) / "job.json").read_text("utf-8"))
        return Job(**document)
    except (OSError, ValueError, TypeError):
        return None


def jobs() -> list[Job]:
    """Return all jobs in the order of their numbers."""
    place = root() / JOBS
    names = [path.name for path in place.iterdir() if NAME.fullmatch(path.name)] if place.is_dir() else []
    return sorted((job for job in map(read, names) if job is not None), key=lambda job: job.number)


def sweeps() -> list[str]:
    """Return the names of all sweeps below the root that can be opened, whoever made them."""
    place = root()
    found = place.iterdir() if place.is_dir() else ()
    return sorted(path.name for path in found if NAME.fullmatch(path.name) and (path / "manifest.json").is_file())


@contextmanager
def lock(path: Path) -> Iterator[bool]:
    """Hold a file if nobody else does; gives whether it could."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def alive(name: str) -> bool:
    """Whether the process of a job lives: it holds a file as long as it does."""
    with lock(folder(name) / "alive") as free:
        return not free
