"""Jobs: sweeps in processes that outlive the server, one at a time, three waiting; what a browser sends is no path."""

import os
import signal
import time

import pytest

import sim
from dashboard.jobs import keeper, records

TEXT = """
schema_version = 1
title = "{title}"
scenario = "status_quo"
months = {months}
design = "halton"
samples = {n}
"""


def design(n=8, months=1, title="A small one"):
    return TEXT.format(n=n, months=months, title=title)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(records.ROOT_VARIABLE, str(tmp_path / "sweeps"))
    yield tmp_path / "sweeps"
    for job in records.jobs():
        keeper.cancel(job.name)


def until(name, condition, look=True):
    """Look after the jobs until a job is as it should be."""
    for _ in range(1200):
        if look:
            keeper.look()
        job = records.read(name)
        if condition(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"{records.read(name)} {(records.folder(name) / 'log').read_text()}")


def runs(name):
    return len(list(records.store(name).glob("runs/*.parquet")))


def test_a_job_runs_and_leaves_what_the_command_line_leaves(root, tmp_path):
    job = keeper.submit(design())
    assert (job.name, job.runs) == ("a-small-one", 8) and until(job.name, lambda job: job.state == "finished")
    assert records.sweeps() == ["a-small-one"] and not records.alive(job.name)
    (tmp_path / "d.toml").write_text(design())
    alone = sim.sweep(sim.read_design(tmp_path / "d.toml"), tmp_path / "alone")
    assert alone.to_dataframe().equals(sim.open_sweep(root / "a-small-one").to_dataframe())
    assert keeper.submit(design()).name == "a-small-one-2"


def test_a_job_is_paused_and_goes_on_and_the_queue_is_short(root):
    long = keeper.submit(design(n=2048, months=12, title="Long"))
    others = [keeper.submit(design(title=f"Waits {i}")) for i in range(3)]
    assert {records.read(job.name).state for job in others} == {"queued"}
    with pytest.raises(sim.InputError, match="one runs and 3 wait already"):
        keeper.submit(design())
    until(long.name, lambda job: runs(long.name) > 0)
    keeper.pause(long.name)
    assert records.read(long.name).state == "paused" and not records.alive(long.name)
    kept = runs(long.name)
    assert 0 < kept < 16
    for job in others:
        until(job.name, lambda job: job.state == "finished")
    keeper.resume(long.name)
    until(long.name, lambda job: runs(long.name) > kept)
    keeper.cancel(long.name)
    assert records.read(long.name).state == "cancelled" and not records.alive(long.name)


def test_a_killed_process_is_started_again_until_it_fails_for_good(root):
    job = keeper.submit(design(n=512, months=12))
    until(job.name, lambda job: runs(job.name) > 0)
    os.killpg(int((records.folder(job.name) / "process").read_text()), signal.SIGKILL)
    again = until(job.name, lambda job: job.attempts == 2)
    assert again.state == "running"
    keeper.pause(job.name)
    records.write(records.read(job.name).but(state="running", attempts=keeper.MOST_ATTEMPTS))
    assert "again and again" in until(job.name, lambda job: job.state == "failed").reason


def test_time_is_limited(root, monkeypatch):
    monkeypatch.setenv("APERTURE_SWEEP_SECONDS", "0.7")
    job = keeper.submit(design(n=4096, months=60))
    assert "longer than" in until(job.name, lambda job: job.state == "failed").reason
    assert not records.alive(job.name)


def test_memory_is_limited(root, monkeypatch):
    monkeypatch.setenv("APERTURE_SWEEP_MEMORY", "50e6")
    job = keeper.submit(design(n=4096, months=60))
    assert until(job.name, lambda job: job.state == "failed").reason


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".jobs", "-x", "A", "x" * 60, None, 3, ["a"], "a\n"])
def test_names_never_become_paths(root, name):
    for act in (keeper.pause, keeper.resume, keeper.cancel, records.store):
        with pytest.raises(sim.InputError, match="no sweep of that name"):
            act(name)


@pytest.mark.parametrize(
    ("text", "workers", "message"),
    [
        (None, 1, "longer than"),
        ("x" * 60_000, 1, "longer than"),
        ("schema_version = 1\n", 1, "scenarios: one of scenario"),
        (design().replace("status_quo", "../../etc/passwd"), 1, "is a file"),
        (design(n=1_000_000, months=600), 1, "would take more than"),
        (design(), 10**6, "has not so many cores"),
        (design(), True, "has not so many cores"),
    ],
)
def test_what_cannot_be_is_refused(root, text, workers, message):
    with pytest.raises(sim.InputError, match=message):
        keeper.submit(text, workers)
    assert not root.exists()


@pytest.mark.parametrize(
    ("title", "name"), [("../../etc", "etc"), ("Ärger & Öl!", "rger-l"), ("", "sweep"), ("…", "sweep")]
)
def test_titles_make_harmless_names(title, name):
    assert records.slug(title) == name and records.NAME.fullmatch(records.slug(title * 100))
