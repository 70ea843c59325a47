"""The engine behind the pages: one batch, a preview that is part of the whole, memory, bounds."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pytest

import sim
from dashboard import runs
from dashboard.picture import caption, changes, chart, headlines, narrowed, signature, table, view_of
from dashboard.runs import BusyError, Engine, Ensemble
from dashboard.summary import summary

MONTHS = 12


def scenarios(*names: str) -> list:
    return [sim.load(name).replace(months=MONTHS) for name in names]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(0)


@pytest.mark.parametrize("ensemble", [Ensemble(), Ensemble(calibrated=False, seed=5)])
def test_results_are_those_of_one_call_and_the_preview_is_part_of_them(engine, ensemble):
    both = scenarios("status_quo", "open_science")
    found = engine.results(both, ensemble, 8)
    whole = sim.run(both, **ensemble.settings(8))
    preview = Engine(0).results(both, ensemble, 3, details=False)
    assert found.scenario == whole.scenario
    assert found.provenance == whole.provenance
    for name, values in whole.monthly.items():
        assert np.array_equal(found.monthly[name], values, equal_nan=True)
        first = np.concatenate([values[found.rows(s)][:3] for s in found.scenarios])
        assert np.array_equal(preview.monthly[name], first, equal_nan=True)


def test_only_what_changed_is_run_again(engine, monkeypatch):
    asked = []
    real = runs.work
    monkeypatch.setattr(runs, "work", lambda items, *rest: asked.append([s.name for s in items]) or real(items, *rest))
    fresh = Engine(0)
    fresh.results(scenarios("status_quo", "open_science"), Ensemble(), 2)
    fresh.results(scenarios("status_quo", "staged_release"), Ensemble(), 2)
    fresh.results(scenarios("status_quo", "staged_release"), Ensemble(), 1)
    assert asked[:2] == [["status_quo", "open_science"], ["staged_release"]]
    assert len(asked) <= 3


def test_a_failed_run_is_said_and_may_be_tried_again(monkeypatch):
    fresh = Engine(0)
    real = runs.work

    def fail(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(runs, "work", fail)
    with pytest.raises(MemoryError):
        fresh.results(scenarios("status_quo"), Ensemble(), 1)
    monkeypatch.setattr(runs, "work", real)
    assert len(fresh.results(scenarios("status_quo"), Ensemble(), 1).scenario) == 1


def test_too_much_work_is_refused_at_once(monkeypatch):
    fresh = Engine(1)
    monkeypatch.setattr(runs, "MOST_WAITING", 0)
    with pytest.raises(BusyError):
        fresh.results(scenarios("status_quo"), Ensemble(), 1)
    assert fresh._pool is None


def test_previews_go_before_whole_pictures(monkeypatch):
    fresh = Engine(1)
    begun: list[tuple[str, int, Future]] = []

    class Pool:
        def submit(self, _, items, ensemble, members, details):
            begun.append((items[0].name, members, Future()))
            return begun[-1][2]

    monkeypatch.setattr(fresh, "_processes", Pool)
    for name, members in (("status_quo", runs.FULL), ("open_science", runs.FULL), ("staged_release", runs.PREVIEW)):
        fresh.begin(scenarios(name), Ensemble(), members)
    for _ in range(3):
        begun[-1][2].set_result([None])
    assert [one[:2] for one in begun] == [
        ("status_quo", runs.FULL),
        ("staged_release", runs.PREVIEW),
        ("open_science", runs.FULL),
    ]
    assert not fresh._queue and fresh._running == fresh._waiting == 0


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(runs, "MOST_KEPT", 2)
    fresh = Engine(0)
    for seed in range(4):
        fresh.results(scenarios("status_quo"), Ensemble(seed=seed), 1)
    assert len(fresh._kept) <= 2
    assert all(isinstance(future, Future) for future in fresh._kept.values())


def test_a_worker_that_dies_is_replaced():
    pool = Engine(1)
    try:
        pool.results(scenarios("status_quo"), Ensemble(), 1)
        for process in list(pool._pool._processes.values()):
            process.kill()
        assert len(pool.results(scenarios("open_science"), Ensemble(), 1).scenario) == 1
    finally:
        pool.close()


def refuse(value: float) -> None:
    raise sim.InputError("here", f"{value} is too much.", "Give less.")


def test_what_a_worker_refuses_is_said_and_the_worker_goes_on():
    pool = Engine(1)
    try:
        with pytest.raises(sim.InputError, match="here: 3 is too much") as caught:
            pool.elsewhere(refuse, 3)
        assert caught.value.remedy == "Give less."
        assert pool.elsewhere(abs, -2) == 2
        pool._apart.acquire()
        with pytest.raises(BusyError, match="already"):
            pool.elsewhere(abs, -2)
    finally:
        pool.close()


def test_workers_give_the_same_bits(engine):
    pool = Engine(1)
    try:
        there = pool.results(scenarios("status_quo"), Ensemble(), 2)
    finally:
        pool.close()
    here = engine.results(scenarios("status_quo"), Ensemble(), 2)
    assert all(np.array_equal(there.monthly[name], here.monthly[name], equal_nan=True) for name in here.monthly)


OUTCOMES = ("cumulative_innovation", "usage_hhi", "ai_attributable_harm", "open_release_share")


@pytest.fixture(scope="module")
def results(engine):
    return engine.results(scenarios("status_quo", "open_by_default"), Ensemble(), 8)


def test_changes_of_a_scenario_are_those_of_its_traces(results):
    view = view_of(narrowed(results, OUTCOMES), "status_quo")
    figure = chart(view, OUTCOMES[1])
    found = changes(figure, ["Open by default"])
    assert len(found["places"]) == 5
    for place, y in zip(found["places"], found["y"], strict=True):
        assert figure["data"][place]["y"] == y
    assert signature(figure) == signature(chart(view, OUTCOMES[1], mode="dark"))
    assert signature(figure) != signature(chart(view, OUTCOMES[1], runs=True))


def test_headlines_are_those_of_the_comparison(results):
    view = view_of(narrowed(results, OUTCOMES), "status_quo")
    heads = headlines(view, "open_by_default", OUTCOMES)
    assert [head.label for head in heads] == [sim.OUTCOMES[name].label for name in OUTCOMES]
    alone = headlines(view, "status_quo", OUTCOMES)
    assert all(head.difference == "this is the baseline" for head in alone)


def test_tables_have_every_january_and_the_last_month(results):
    head, rows = table(view_of(narrowed(results, OUTCOMES), "status_quo"), OUTCOMES[3])
    assert [row[0] for row in rows] == ["Jan 2024", "Dec 2024"]
    assert "%" in head[1]


def test_captions_say_what_spreads_the_bands(results):
    assert "32" not in caption(results, 8, 8, runs=False)
    assert caption(results, 4, 32, runs=False).startswith("Preview with 4 of 32")
    assert "single runs" in caption(results, 8, 8, runs=True)


def test_the_summary_is_computed_from_the_runs(engine, results):
    before = summary(results, "status_quo", "open_by_default", OUTCOMES)
    assert len(before) == 1
    assert "None of the outcomes" in before[0], "the mandate begins in 2027"
    moved = sim.apply_values(scenarios("open_by_default")[0], {"mandate_open.start": 2024 * 12 + 1})
    both = engine.results([scenarios("status_quo")[0], moved.replace(name="moved")], Ensemble(), 8)
    told = " ".join(summary(both, "status_quo", "moved", OUTCOMES))
    assert "Open share of releases: higher" in told
    turned = " ".join(summary(both, "moved", "status_quo", OUTCOMES))
    assert "Open share of releases: lower" in turned
    assert "baseline itself" in summary(both, "moved", "moved", OUTCOMES)[0]
