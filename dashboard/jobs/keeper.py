"""The keeper: starts, pauses, resumes and cancels jobs; one runs, three wait, and a crash of the server ends none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import sim
from dashboard.jobs import records
from dashboard.jobs.records import Job

MOST_WAITING = 3
MOST_SECONDS = 4 * 3600.0
MOST_BYTES = 5e9
"""Largest estimates that a job may have."""
MOST_ATTEMPTS = 5
"""A job whose process ended without a word so often has failed."""
MOST_TEXT = 50_000
EVERY = 2.0
"""Seconds between two looks at the jobs."""
_one = threading.RLock()
_processes: dict[str, subprocess.Popen[bytes]] = {}


def submit(text: str, workers: int = 1) -> Job:
    """Take a design as a new job.

    Parameters
    ----------
    text : str
        The text of a design file.
    workers : int
        Processes, at most as many as the machine has cores.

    Raises
    ------
    sim.InputError
        If the design is wrong or too long, or the queue is full.
    """
    design = check(text)
    workers = processes(workers)
    estimate = sim.cost(design, workers)
    if estimate.seconds > MOST_SECONDS or estimate.bytes > MOST_BYTES:
        limits = f"{MOST_SECONDS / 3600:.0f} hours and {MOST_BYTES / 1e9:.0f} GB"
        remedy = "Ask for fewer, or use 'aperture sweep' on a command line."
        raise sim.InputError("design", f"it would take more than {limits}.", remedy)
    with _one:
        known = records.jobs()
        if sum(job.state in ("queued", "running") for job in known) > MOST_WAITING:
            raise sim.InputError("jobs", f"one runs and {MOST_WAITING} wait already.", "Wait, or cancel one.")
        name = _free_name(records.slug(design.title or "-".join(case.scenario.name for case in design.cases[:2])))
        number = 1 + max((job.number for job in known), default=0)
        job = Job(name, design.title or name, "queued", number, len(design), workers)
        records.folder(name).mkdir(parents=True)
        (records.folder(name) / "design.toml").write_text(text, "utf-8")
        records.write(job)
        look()
    watch()
    return job


def check(text: object) -> Any:
    """Return the design of a text with the models of the command line; raises sim.InputError."""
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise sim.InputError("design", f"it is longer than {MOST_TEXT:,} letters.", "A design needs some twenty lines.")
    return sim.parse_design(text)


def processes(workers: object) -> int:
    """Return a number of processes that the machine has cores for; raises sim.InputError."""
    most = os.cpu_count() or 1
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= most:
        raise sim.InputError("processes", "this machine has not so many cores.", f"Choose 1 to {most}.")
    return workers


def _free_name(name: str) -> str:
    places = (records.root(), records.root() / records.JOBS)
    taken = {path.name for place in places if place.is_dir() for path in place.iterdir()}
    names = [name, *(f"{name}-{number}" for number in range(2, 1000))]
    return next(word for word in names if word not in taken)


def pause(name: object) -> None:
    """Stop a job for a while; what it finished stays."""
    _halt(records.checked(name), "paused")


def cancel(name: object) -> None:
    """Stop a job for good; what it finished stays."""
    _halt(records.checked(name), "cancelled")


def resume(name: object) -> None:
    """Let a job that was paused, cancelled or failed wait for its turn again."""
    with _one:
        job = records.read(records.checked(name))
        if job is not None and job.state not in ("queued", "running", "finished"):
            records.write(job.but(state="queued", attempts=0, reason=""))
            look()
    watch()


def _halt(name: str, state: str) -> None:
    with _one:
        job = records.read(name)
        if job is None or job.state not in records.OPEN:
            return
        records.write(job.but(state=state))
        _kill(name)
        look()


def _kill(name: str) -> None:
    """End the process of a job with its workers: the group that it leads."""
    place = records.folder(name) / "process"
    if records.alive(name) and place.is_file():
        try:
            os.killpg(int(place.read_text("utf-8")), signal.SIGKILL)
        except (OSError, ValueError):
            return
    _reap(name)


def _reap(name: str) -> None:
    """Take note of the end of a process of ours, so that none is left behind as a zombie."""
    process = _processes.pop(name, None)
    if process is not None:
        process.wait()


def look() -> None:
    """Look after the jobs once: begin again what a crash ended, and start the next one if none runs."""
    with _one, records.lock(records.root() / records.JOBS / "keeper") as mine:
        if not mine:
            return
        for process in _processes.values():
            process.poll()
        running = [job for job in records.jobs() if job.state == "running"]
        for job in running:
            if not records.alive(job.name):
                _again(job)
        if not any(job.state == "running" for job in records.jobs()):
            waiting = [job for job in records.jobs() if job.state == "queued"]
            if waiting:
                _start(waiting[0])


def _again(job: Job) -> None:
    """Start the process of a job anew after it ended without a word, as by a crash, a kill or a limit."""
    job = records.read(job.name) or job
    if job.state != "running":
        return
    if job.attempts >= MOST_ATTEMPTS:
        records.write(job.but(state="failed", reason="its process was ended again and again, as by a limit."))
    else:
        _start(job)


def _start(job: Job) -> None:
    """Start a process that leads a group of its own, so that nothing that ends the server ends it."""
    place = records.folder(job.name)
    _reap(job.name)
    records.write(job.but(state="running", attempts=job.attempts + 1))
    (place / "rate").unlink(missing_ok=True)
    environment = {**os.environ, records.ROOT_VARIABLE: str(records.root()), "OPENBLAS_NUM_THREADS": "1"}
    words = [sys.executable, "-m", "dashboard.jobs.worker", job.name]
    with open(place / "log", "ab") as log:
        process = subprocess.Popen(
            words,
            cwd=_home(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (place / "process").write_text(str(process.pid), "utf-8")
    _processes[job.name] = process
    _wait_until_alive(job.name, process)


def _wait_until_alive(name: str, process: subprocess.Popen[bytes]) -> None:
    """Give the process time to take hold of its file, so that it is not taken for dead."""
    for _ in range(200):
        if process.poll() is not None or records.alive(name):
            return
        threading.Event().wait(0.05)


def _home() -> str:
    """Where the packages can be imported from."""
    return str(Path(__file__).parents[2])


_watching: list[threading.Thread] = []


def watch() -> None:
    """Look after the jobs from now on, if there are any that may still run, whether or not anybody watches."""
    with _one:
        if _watching and _watching[0].is_alive():
            return
        if any(job.state in ("queued", "running") for job in records.jobs()):
            _watching[:] = [threading.Thread(target=_keep_looking, name="keeper", daemon=True)]
            _watching[0].start()


def _keep_looking() -> None:
    while any(job.state in ("queued", "running") for job in records.jobs()):
        look()
        threading.Event().wait(EVERY)
