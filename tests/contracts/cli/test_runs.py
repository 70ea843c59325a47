"""What ``run`` and ``compare`` print and save; the model is replaced by a small stand-in."""

import json
import shlex

import pytest

from sim.errors import InputError
from sim.results import open_results
from sim.statistics import STATISTICS

KEYS = {"version", "seed", "replicates", "draws", "months", "baseline", "worlds", "scenarios", "differences"}


@pytest.mark.usefixtures("calls")
def test_run_prints_one_document(document):
    found = document("run", "status_quo", "-r", 4, "--months", 6, "--seed", 3, "--json")
    assert set(found) == KEYS
    assert (found["seed"], found["replicates"], found["draws"], found["months"]) == (3, 4, 1, 6)
    assert found["differences"] == {}
    assert list(found["scenarios"]) == ["status_quo"]
    monthly = document("run", "status_quo", "-r", 4, "--months", 6, "--monthly", "--json")["monthly"]
    assert {name: len(values) for name, values in monthly.items()} == {"cumulative_harm": 6, "elo_gap": 6}


@pytest.mark.usefixtures("calls")
def test_compare_prints_the_pinned_shape(document):
    words = ("open_by_default", "staged_release", "-r", 8, "--months", 12, "--json")
    found = document("compare", *words)
    assert set(found) == KEYS
    assert set(found["scenarios"]) == {"status_quo", "open_by_default", "staged_release"}, "the baseline is added"
    assert set(found["differences"]) == {"open_by_default", "staged_release"}
    assert found["baseline"] == "status_quo"
    assert tuple(found["scenarios"]["status_quo"]["elo_gap"]) == STATISTICS
    row = found["differences"]["staged_release"]["cumulative_harm"]
    assert row["ci95"][0] <= row["mean"] <= row["ci95"][1]
    assert 0 <= row["p_better"] <= 1
    assert found["differences"]["staged_release"]["elo_gap"]["p_better"] is None
    bootstrap = document("compare", *words, "--interval", "bca")
    assert bootstrap["differences"] != found["differences"]
    assert bootstrap["scenarios"] == found["scenarios"]


@pytest.mark.usefixtures("calls")
def test_a_scenario_has_the_same_numbers_alone_and_in_any_order(document):
    tail = ("-r", 8, "--months", 12, "--seed", 5, "--json")
    one = document("compare", "status_quo", "open_by_default", *tail)["scenarios"]
    other = document("compare", "open_by_default", "status_quo", *tail)["scenarios"]
    assert one == other
    assert document("run", "open_by_default", *tail)["scenarios"]["open_by_default"] == one["open_by_default"]
    assert document("compare", "status_quo", *tail[:-3], "--seed", 0, "--json")["scenarios"] != one


def test_counterfactuals_are_run_for_people_and_on_demand(document, aperture, calls):
    found = document("compare", "staged_release", "-r", 4, "--months", 6, "--json", "--counterfactuals")
    assert set(found["marginal"]) == {"closed_frontier", "no_ai"}
    assert set(found["marginal"]["no_ai"]) == {"status_quo", "staged_release"}
    without = calls[-1].scenarios
    assert [s.name for s in without] == ["status_quo", "staged_release"]
    assert all(s.parameters["misuse.enabled"] == 0 for s in without)
    code, out, _ = aperture("compare", "staged_release", "-r", 4, "--months", 6)
    assert code == 0
    assert "Closed frontier, kept by a bloc" in out, "its coverage is named"
    assert "without any AI uplift" in out
    assert "fewer than 100" in out
    assert "Reproduce: aperture compare status_quo staged_release --baseline status_quo --replicates 4" in out
    calls.clear()
    assert aperture("compare", "staged_release", "-r", 4, "--no-counterfactuals")[0] == 0
    assert len(calls) == 1


@pytest.mark.usefixtures("calls")
def test_tables_for_people(aperture):
    code, out, err = aperture("run", "status_quo", "-r", 4, "--with", "offence_dominant", "--all")
    assert (code, err) == (0, "")
    for text in ("Harm ↓", "Elo-like gap ·", "World: offence_dominant.", "Months after 2030", "seed 0"):
        assert text in out
    assert "Elo-like gap" not in aperture("run", "status_quo", "-r", 4)[1], "headlines only"


def test_settings_of_a_policy_hold_where_the_policy_is(aperture, calls):
    words = ("compare", "staged_release", "open_by_default", "-r", 2, "--months", 3, "--json")
    assert aperture(*words, "--set", "staged_release.delay_months=9", "--set", "months=3")[0] == 0
    delays = {s.name: [p.delay_months for p in s.policies if p.kind == "staged_release"] for s in calls[0].scenarios}
    assert delays == {"status_quo": [], "staged_release": [9.0], "open_by_default": []}
    code, _, err = aperture("compare", "open_by_default", "--set", "staged_release.delay_months=9")
    assert code == 2
    assert "no policy staged_release" in err


def test_scenarios_may_stand_on_both_sides_of_an_option(aperture, calls):
    assert aperture("compare", "status_quo", "-r", 2, "open_by_default", "--months", 3, "--json")[0] == 0
    assert [s.name for s in calls[0].scenarios] == ["status_quo", "open_by_default"]


def test_saved_results_and_report(aperture, tmp_path, calls):
    out = tmp_path / "new" / "out"
    code, text, _ = aperture("compare", "staged_release", "-r", 3, "--months", 4, "--out", out)
    assert code == 0
    assert f"Saved: {out}" in text
    assert {p.name for p in out.iterdir()} >= {"report.html", "monthly.csv", "monthly.parquet", "provenance.json"}
    saved = open_results(out)
    assert set(saved.counterfactuals) == {"closed_frontier", "no_ai"}
    record = json.loads((out / "provenance.json").read_text())
    again = shlex.split(record["command"])[1:]
    assert again[:3] == ["compare", "status_quo", "staged_release"]
    assert json.loads(aperture(*again, "--json")[1])["scenarios"] == saved.document()["scenarios"]
    assert record["scenarios"]["staged_release"]["digest"] == calls[0].scenarios[1].digest()
    (out / "report.html").unlink()
    assert aperture("report", out)[0] == 0
    assert (out / "report.html").read_text() == "<html>Comparison</html>"
    assert aperture("report", out, "--output", tmp_path / "r.html")[0] == 0
    assert aperture("report", out, "--output", tmp_path)[0] == 2
    assert aperture("run", "status_quo", "-r", 3, "--months", 4, "--out", out, "--json")[0] == 0, "ours is replaced"
    assert not (out / "counterfactuals").exists()


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(
    ("error", "code"), [(InputError("x", "y", "z"), 2), (KeyboardInterrupt(), 130), (MemoryError(), 2)]
)
def test_failures_leave_nothing(error, code, aperture, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("sim.report.write", fail)
    found, out, err = aperture("run", "status_quo", "-r", 2, "--months", 2, "--out", tmp_path / "a" / "b", "--json")
    assert (found, out) == (code, "")
    assert err.startswith("aperture: ")
    assert list(tmp_path.iterdir()) == []
