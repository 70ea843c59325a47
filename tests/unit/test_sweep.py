"""Sweeps: designs, chunks, the store, and that nothing is lost or done twice."""

import dataclasses
import errno
import gc
import os
import signal
import subprocess
import sys
import time

import distributed
import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.experiments import sweep as module
from sim.experiments import tasks
from sim.experiments.checking import verify
from sim.experiments.chunks import Chunk, missing, plan
from sim.experiments.design import from_document, read_design, shipped_designs
from sim.experiments.holding import filled
from sim.experiments.store import encode, model_digest
from sim.experiments.sweep import sweep

BASE = {"schema_version": 1, "scenario": "status_quo", "months": 2, "seed": 3, "design": "halton"}


def design(**changes):
    return from_document({**BASE, **changes})


def stored(store):
    return {path.name: path.read_bytes() for _, path, _ in store.chunks()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sweep that nothing interrupted."""
    return sweep(design(design="sobol", samples=64, replicates=5), tmp_path_factory.mktemp("whole") / "s")


def test_a_sweep_holds_the_numbers_of_run(whole):
    table = whole.to_dataframe()
    results = sim.run("status_quo", replicates=5, draws=64, seed=3, months=2)
    assert table["run"].is_unique and len(table) == 320
    for name in ("cumulative_harm", "consumer_surplus", "concentration_index"):
        np.testing.assert_array_equal(table[name], results.summary()[name])


def test_growth_recomputes_nothing_and_keeps_the_runs(whole, tmp_path, monkeypatch):
    sweep(design(design="sobol", samples=32, replicates=2), tmp_path / "s")
    asked = []
    carry_out = module.carry_out
    monkeypatch.setattr(module, "carry_out", lambda task: asked.append(task.chunk) or carry_out(task))
    grown = sweep(design(design="sobol", samples=64, replicates=5), tmp_path / "s")
    assert sum(map(len, asked)) == 320 - 64
    assert grown.to_dataframe().equals(whole.to_dataframe())


def fine(**changes):
    """A design of eleven chunks."""
    return design(**{"samples": 21, "replicates": 64, "months": 1, **changes})


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    """Chunks by name of the design of eleven, in one go."""
    found = stored(sweep(fine(), tmp_path_factory.mktemp("pieces") / "s"))
    assert len(found) == 11
    return found


def after(number, error):
    """Carry out so many chunks, then raise."""
    carry_out, left = module.carry_out, [number]

    def limited(task):
        if not left[0]:
            raise error
        left[0] -= 1
        return carry_out(task)

    return limited


def test_an_interrupted_sweep_goes_on_where_it_stopped(pieces, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(module, "carry_out", after(4, KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweep(fine(), tmp_path / "s")
    assert sim.open_sweep(tmp_path / "s").status()["finished"] == 4 * 128
    monkeypatch.setattr(module, "carry_out", after(7, AssertionError("a finished chunk was run again")))
    assert stored(sweep(fine(), tmp_path / "s")) == pieces


def test_shards_together_are_the_sweep(pieces, tmp_path):
    for shard in ((3, 3), (1, 3), (2, 3)):
        sweep(fine(), tmp_path / "s", shard=shard)
    assert stored(sim.open_sweep(tmp_path / "s")) == pieces


def test_a_full_disk_loses_no_finished_chunk(pieces, tmp_path, monkeypatch):
    fsync, left = os.fsync, [4]  # the manifest and three chunks

    def full(handle):
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match=r"No space left.*make room"):
            sweep(fine(), tmp_path / "s")
    assert len(stored(sim.open_sweep(tmp_path / "s"))) == 3
    assert stored(sweep(fine(), tmp_path / "s")) == pieces
    assert not [path for path in (tmp_path / "s").rglob("*") if path.suffix == ".partial"]


LIMITED = """
import resource, sys
from sim.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
sys.exit(main(sys.argv[2:]))
"""


def test_a_file_that_cannot_grow_is_no_chunk(tmp_path):
    """A write that the system cuts short, as a quota or a full disk does, leaves nothing behind."""
    (tmp_path / "d.toml").write_text('schema_version = 1\nscenario = "status_quo"\nmonths = 1\nsamples = 8\n')
    words = ["sweep", str(tmp_path / "d.toml"), "--out", str(tmp_path / "s")]
    done = subprocess.run([sys.executable, "-c", LIMITED, "40000", *words], capture_output=True, text=True)
    assert done.returncode == 2 and "cannot be written" in done.stderr and "Traceback" not in done.stderr
    assert not list((tmp_path / "s" / "runs").iterdir())
    assert sweep(read_design(tmp_path / "d.toml"), tmp_path / "s").status()["finished"] == 8


def test_what_a_kill_left_unfinished_is_cleared_away(pieces, tmp_path):
    (tmp_path / "s" / "runs").mkdir(parents=True)
    (tmp_path / "s" / "runs" / ".half.0123abcd.partial").write_bytes(b"half")
    assert stored(sweep(fine(), tmp_path / "s")) == pieces
    assert sorted(path.name for path in (tmp_path / "s" / "runs").iterdir()) == sorted(pieces)


def test_a_killed_driver_with_workers_loses_nothing(tmp_path):
    text = 'schema_version = 1\nscenario = "status_quo"\nmonths = 4\ndesign = "halton"\nsamples = 1024\nseed = 3\n'
    (tmp_path / "d.toml").write_text(text)
    command = [sys.executable, "-m", "sim.cli", "sweep", str(tmp_path / "d.toml"), "--workers", "2", "--quiet", "--out"]
    process = subprocess.Popen([*command, str(tmp_path / "s")], start_new_session=True, stdout=subprocess.DEVNULL)
    while process.poll() is None and not list(tmp_path.glob("s/runs/*.parquet")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 0 < len(list(tmp_path.glob("s/runs/*.parquet"))) < 8
    done = subprocess.run([*command, str(tmp_path / "s")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert stored(sim.open_sweep(tmp_path / "s")) == stored(sweep(read_design(tmp_path / "d.toml"), tmp_path / "whole"))


def test_a_scheduler_elsewhere_and_a_worker_that_is_killed(pieces, tmp_path):
    """Any scheduler will do, and work whose worker dies is done by another one."""
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            victims = list(client.run(os.getpid).values())

        def progress(done, total):
            if victims and done < total:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        store = sweep(fine(), tmp_path / "s", dask=cluster.scheduler_address, progress=progress)
    assert not victims
    assert stored(store) == pieces


def test_workers_leave_nothing_behind_in_the_driver(tmp_path):
    """Or a long sweep would fill the memory with samples of chunks that are finished."""
    alive = []

    def progress(done, total):
        alive.append(sum(isinstance(one, tasks.Task) for one in gc.get_objects()))

    sweep(fine(samples=96), tmp_path / "s", workers=2, progress=progress)
    assert len(alive) >= 48
    assert max(alive[len(alive) // 2 :]) <= max(alive[: len(alive) // 2]) + 4


def test_a_worker_with_another_model_is_no_worker():
    design = fine(samples=2)
    task = module.task_of(design, plan(design)[0])
    with pytest.raises(RuntimeError, match="another version of the model"):
        module.carry_out_alike(task, "0" * 64, np.__version__)
    assert module.carry_out_alike(task, model_digest(), np.__version__) == module.carry_out(task)


def test_no_scheduler_at_the_address(tmp_path):
    with pytest.raises(InputError, match="no scheduler answers"):
        sweep(fine(), tmp_path / "s", dask="nowhere://at-all")


def test_a_failed_chunk_is_rows_with_a_reason(tmp_path, monkeypatch):
    asked = design(samples=30, replicates=5)
    run_some = tasks.run_some

    def fails(runs, wanted):
        if runs.draws == 25:
            raise FloatingPointError("planted")
        return run_some(runs, wanted)

    monkeypatch.setattr(tasks, "run_some", fails)
    store = sweep(asked, tmp_path / "s")
    table = store.to_dataframe()
    assert (table["error"] == "FloatingPointError: planted").sum() == 125
    assert table.loc[table["error"] == "", "cumulative_harm"].notna().all()
    assert store.status()["failed"] == 125
    monkeypatch.setattr(tasks, "run_some", run_some)
    assert sweep(asked, tmp_path / "s").status()["failed"] == 125
    assert sweep(asked, tmp_path / "s", retry_failed=True).status()["failed"] == 0


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign"])
def test_damage_is_named_and_repaired(tmp_path, damage):
    asked = design(samples=30, replicates=5)
    store = sweep(asked, tmp_path / "s")
    good = stored(store)
    (_, path, _), (_, other, _) = list(store.chunks())
    data = bytearray(path.read_bytes())
    data[2000] ^= 255
    path.write_bytes({"cut": bytes(data[:-9]), "flipped": bytes(data), "foreign": other.read_bytes()}[damage])
    with pytest.raises(InputError, match="--repair"):
        store.to_dataframe()
    assert [fault.split(":")[0] for fault in verify(store, repair=True)] == [path.name]
    assert stored(sweep(asked, tmp_path / "s")) == good
    assert verify(store, asked) == []


def test_a_check_runs_chunks_again(tmp_path):
    store = sweep(fine(), tmp_path / "s")
    chunk, path, _ = next(store.chunks())
    table = store.read(path, chunk).to_pydict()
    table["cumulative_harm"][0] += 1.0
    path.write_bytes(encode(table))
    assert verify(store) == []
    assert [fault.split(":")[0] for fault in verify(store, fine())] == [path.name]
    with pytest.raises(InputError, match="not of this design"):
        verify(store, fine(seed=4))


def test_what_does_not_belong_together_is_refused(tmp_path):
    sweep(design(samples=4), tmp_path / "s")
    for other in (design(samples=4, seed=4), design(samples=4, months=3), design(samples=2)):
        with pytest.raises(InputError, match=r"--out|more than"):
            sweep(other, tmp_path / "s")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="not a sweep"):
        sweep(design(samples=4), tmp_path / "mine")
    with pytest.raises(InputError, match="no sweep"):
        sim.open_sweep(tmp_path / "mine")


def test_two_drivers_at_once_are_refused(tmp_path):
    small, out = design(samples=2), tmp_path / "s"
    with filled(out, small):
        for shard in ((1, 1), (1, 2)):
            with pytest.raises(InputError, match="another sweep"):
                sweep(small, out, shard=shard)
    with filled(out, small, (1, 2)):
        for shard in ((1, 1), (1, 2)):
            with pytest.raises(InputError, match="another sweep"):
                sweep(small, out, shard=shard)
        sweep(small, out, shard=(2, 2))
        with pytest.raises(InputError, match="another sweep"):  # a longer design, while a shard is at work
            sweep(design(samples=4), out, shard=(2, 2))


def test_chunks_cover_every_run_once_whatever_is_there():
    wanted = plan(design(samples=70, replicates=9))
    present = [Chunk(0, 0, 33, 0, 4), Chunk(0, 33, 40, 0, 9), Chunk(0, 5, 20, 6, 9)]
    cells = np.zeros((70, 9), int)
    for chunk in [*missing(wanted, present), *present]:
        cells[chunk.draw : chunk.draw_end, chunk.replicate : chunk.replicate_end] += 1
    assert (cells == 1).all()


@pytest.mark.parametrize("name", shipped_designs())
def test_shipped_designs_run(name, tmp_path):
    asked = read_design(name)
    cases = tuple(type(case)(case.scenario.replace(months=1), case.world) for case in asked.cases[:2])
    store = sweep(dataclasses.replace(asked, cases=cases, replicates=1), tmp_path / "s")
    assert store.status()["finished"] == 2
