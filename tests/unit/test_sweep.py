"""Sweeps: designs, chunks, the store, and that nothing is lost or done twice."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.experiments import sweep as module
from sim.experiments.design import from_document, read_design, shipped_designs
from sim.experiments.store import Chunk, missing
from sim.experiments.sweep import plan, sweep, verify
from sim.parameters import REGISTRY

BASE = {"schema_version": 1, "scenario": "status_quo", "months": 2, "seed": 3}


def design(**changes):
    return from_document({**BASE, **changes})


def stored(store):
    return {path.name: path.read_bytes() for _, path, _ in store.chunks()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sweep that nothing interrupted."""
    return sweep(design(samples=40, replicates=5), tmp_path_factory.mktemp("whole") / "s")


def test_a_sweep_holds_the_numbers_of_run(whole):
    table = whole.to_dataframe()
    results = sim.run("status_quo", replicates=5, draws=40, seed=3, months=2)
    assert table["run"].is_unique and len(table) == 200
    for name in ("cumulative_harm", "consumer_surplus", "concentration_index"):
        np.testing.assert_array_equal(table[name], results.summary()[name])


def test_growth_recomputes_nothing_and_keeps_the_runs(whole, tmp_path, monkeypatch):
    sweep(design(samples=20, replicates=2), tmp_path / "s")
    asked = []
    carry_out = module.carry_out
    monkeypatch.setattr(module, "carry_out", lambda task: asked.append(task[0]) or carry_out(task))
    grown = sweep(design(samples=40, replicates=5), tmp_path / "s")
    assert sum(map(len, asked)) == 160
    assert grown.to_dataframe().equals(whole.to_dataframe())


def test_shards_and_interruptions_give_the_same_bytes(whole, tmp_path, monkeypatch):
    full = design(samples=40, replicates=5)
    sweep(full, tmp_path / "s", shard=(2, 2))
    carry_out, left = module.carry_out, iter([None])

    def interrupted(task):
        next(left, None)
        return carry_out(task) if next(left, True) is None else (_ for _ in ()).throw(KeyboardInterrupt)

    monkeypatch.setattr(module, "carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(full, tmp_path / "s")
    monkeypatch.setattr(module, "carry_out", carry_out)
    assert stored(sweep(full, tmp_path / "s")) == stored(whole)


def test_a_killed_driver_with_workers_loses_nothing(whole, tmp_path):
    text = 'schema_version = 1\nscenario = "status_quo"\nmonths = 2\nseed = 3\nsamples = 40\nreplicates = 5\n'
    (tmp_path / "d.toml").write_text(text)
    command = [sys.executable, "-m", "sim.cli", "sweep", str(tmp_path / "d.toml"), "--out", str(tmp_path / "s")]
    process = subprocess.Popen([*command, "--workers", "2"], start_new_session=True, stdout=subprocess.DEVNULL)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = subprocess.run([*command, "--workers", "2", "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert stored(sim.open_sweep(tmp_path / "s")) == stored(whole)


def test_a_failed_chunk_is_rows_with_a_reason(tmp_path, monkeypatch):
    asked = design(samples=30, replicates=5)
    run_some = module.run_some

    def fails(runs, wanted):
        if runs.draws == 25:
            raise FloatingPointError("planted")
        return run_some(runs, wanted)

    monkeypatch.setattr(module, "run_some", fails)
    store = sweep(asked, tmp_path / "s")
    table = store.to_dataframe()
    assert (table["error"] == "FloatingPointError: planted").sum() == 125
    assert table.loc[table["error"] == "", "cumulative_harm"].notna().all()
    assert store.status()["failed"] == 125
    monkeypatch.setattr(module, "run_some", run_some)
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
    assert verify(store, asked, recompute=2) == []


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
    store = sweep(design(samples=2), tmp_path / "s")
    with store.locked((1, 1)), pytest.raises(InputError, match="another sweep"):
        sweep(design(samples=2), tmp_path / "s")


def test_chunks_cover_every_run_once_whatever_is_there():
    wanted = plan(design(samples=70, replicates=9))
    present = [Chunk(0, 0, 33, 0, 4), Chunk(0, 33, 40, 0, 9), Chunk(0, 5, 20, 6, 9)]
    cells = np.zeros((70, 9), int)
    for chunk in [*missing(wanted, present), *present]:
        cells[chunk.draw : chunk.draw_end, chunk.replicate : chunk.replicate_end] += 1
    assert (cells == 1).all()


def test_kinds_of_designs(tmp_path):
    grid = design(
        design="grid", levels={"misuse.exposure_growth": [1.2, 1.3], "market.brand_speed": [0.05, 0.06, 0.07]}
    )
    assert grid.draws == 6
    cube = design(design="latin_hypercube", samples=8, parameters=["misuse.uplift_cap_*"])
    assert len(cube.samples) == 4
    values = np.sort(next(iter(cube.samples.values())))
    assert len(np.unique(values)) == 8
    (tmp_path / "mine.csv").write_text("misuse.exposure_growth\n1.2\n1.3\n")
    (tmp_path / "d.toml").write_text('schema_version = 1\nscenario = "status_quo"\ndesign = "csv"\nfile = "mine.csv"\n')
    assert read_design(tmp_path / "d.toml").samples["misuse.exposure_growth"].tolist() == [1.2, 1.3]
    assert design(samples=3).samples.keys() == set(REGISTRY.uncertain())


def test_one_parameter_more_changes_no_other_column():
    few = design(samples=16, parameters=["misuse.exposure_growth"]).samples
    more = design(samples=16, parameters=["market.*", "misuse.exposure_growth"]).samples
    np.testing.assert_array_equal(few["misuse.exposure_growth"], more["misuse.exposure_growth"])


@pytest.mark.parametrize("name", shipped_designs())
def test_shipped_designs_run(name, tmp_path):
    asked = read_design(name)
    cases = tuple(type(case)(case.scenario.replace(months=1), case.world) for case in asked.cases[:2])
    store = sweep(type(asked)(asked.title, cases, asked.kind, asked.samples, 1, asked.seed), tmp_path / "s")
    assert store.status()["finished"] == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"samples": 0}, "samples: is 0"),
        ({"samples": True}, "samples: is True"),
        ({"samples": 10**12}, "samples"),
        ({}, "samples: is missing"),
        ({"samples": 4, "seed": -1}, "seed"),
        ({"samples": 4, "schema_version": 2}, "schema_version"),
        ({"samples": 4, "design": "magic"}, "design: is 'magic'"),
        ({"samples": 4, "sample": 3}, "not a field"),
        ({"samples": 4, "scenarios": ["status_quo"]}, "either"),
        ({"samples": 4, "scenario": "statusquo"}, "status_quo"),
        ({"samples": 4, "worlds": ["nowhere"]}, "nowhere"),
        ({"samples": 4, "parameters": ["agents.__class__"]}, "matches no"),
        ({"samples": 4, "design": "grid", "levels": {}}, "samples"),
        ({"design": "grid", "levels": {"misuse.exposure_growth": [float("inf")]}}, "finite"),
        ({"design": "grid", "levels": {"nope.x": [1]}}, "no parameter"),
        ({"samples": 1_000_000, "replicates": 100_000}, "At most"),
    ],
)
def test_bad_designs_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        design(**changes)
