"""Results and comparisons: one number a run, pairing, documents, tables, files."""

import csv
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.results import Comparison, Results, open_results, reduce_months
from sim.results.documents import dumps
from sim.statistics import STATISTICS

RULES = {
    "harm": ("sum", "lower"),
    "level": ("mean", "higher"),
    "stock": ("last", "higher"),
    "peak": ("max", "neutral"),
}


@pytest.fixture(autouse=True)
def outcomes(monkeypatch):
    """Four outcomes, one a rule, whatever the model records."""
    for name, (rule, direction) in RULES.items():
        record = SimpleNamespace(name=name, label=name.title(), unit="USD", summary=rule, direction=direction)
        monkeypatch.setitem(OUTCOMES, name, record)


def make(scenarios=("base", "other"), draws=2, replicates=3, months=4, shift=0.5, seed=0):
    """Runs whose every value is the luck of (draw, replicate), moved by `shift` per scenario."""
    luck = np.random.default_rng(seed).normal(size=(draws, replicates, len(RULES), 600))[..., :months]
    keys = [(s, d, r) for s in scenarios for d in range(draws) for r in range(replicates)]
    monthly = {
        name: np.array([luck[d, r, i] + shift * scenarios.index(s) for s, d, r in keys]) for i, name in enumerate(RULES)
    }
    scenario, draw, replicate = zip(*keys, strict=True)
    provenance = {"version": "1", "seed": 7, "start": 2024 * 12 + 10, "worlds": ["w"], "crowds": ["few", "many"]}
    details = {"harm_by": np.arange(len(keys) * months * 8.0).reshape(len(keys), months, 4, 2)}
    axes = {"harm_by": ("domain", "crowd")}
    return Results(monthly, scenario, np.array(draw), np.array(replicate), provenance, details, axes)


def test_months_reduce_by_the_rule_of_the_outcome():
    values = np.array([[1.0, 3.0, 2.0], [math.nan, 4.0, 6.0], [math.nan] * 3])
    assert reduce_months(values, "sum") == pytest.approx([6, math.nan, math.nan], nan_ok=True)
    assert reduce_months(values, "mean") == pytest.approx([2, 5, math.nan], nan_ok=True)
    assert reduce_months(values, "last") == pytest.approx([2, 6, math.nan], nan_ok=True)
    assert reduce_months(values, "max") == pytest.approx([3, 6, math.nan], nan_ok=True)
    results = make()
    assert np.array_equal(results.summary()["stock"], results.monthly["stock"][:, -1])


def test_a_scenario_is_the_same_alone_and_in_any_company():
    together = make(("a", "b", "c"))
    alone = together.select("b")
    assert alone.scenarios == ("b",)
    reordered = together.select(["c", "b", "a"])
    for other in (alone, reordered):
        assert other.document()["scenarios"]["b"] == together.document()["scenarios"]["b"]
    with pytest.raises(InputError, match="'d' is not in these results"):
        together.select("d")


@pytest.mark.parametrize("months", [1, 2, 5])
def test_monthly_means_of_fewer_months_are_the_beginning_of_more(months):
    long = make(replicates=17, months=12).monthly_means("base")
    short = make(replicates=17, months=months).monthly_means("base")
    for name in RULES:
        assert np.array_equal(short[name], long[name][:months])


def test_arrays_of_unequal_shape_are_refused():
    with pytest.raises(ValueError, match="share one shape"):
        Results({"harm": np.zeros((3, 2))}, ("a", "a"), np.zeros(2), np.zeros(2))


def test_differences_are_of_paired_runs():
    comparison = Comparison(make(), "base")
    row = comparison.differences()["other"]["stock"]
    assert row.mean == pytest.approx(0.5)
    assert row.low <= row.mean <= row.high
    assert row.high - row.low < 1e-12, "luck cancels in pairs"
    assert row.p_better == 1.0
    assert comparison.differences()["other"]["harm"].p_better == 0.0
    assert "base" not in comparison.differences()


def test_pairs_are_found_by_key_not_by_position():
    results = make()
    order = np.array([5, 3, 4, 2, 0, 1, 11, 6, 7, 9, 10, 8])
    shuffled = Results(
        {name: x[order] for name, x in results.monthly.items()},
        tuple(results.scenario[i] for i in order),
        results.draw[order],
        results.replicate[order],
    )
    assert Comparison(shuffled, "base").differences() == Comparison(results, "base").differences()


def test_document_has_the_pinned_shape():
    document = Comparison(make(), "base").document()
    assert set(document) == {
        "version", "seed", "replicates", "draws", "months", "baseline", "worlds", "scenarios", "differences"
    }  # fmt: skip
    assert (document["seed"], document["replicates"], document["draws"], document["months"]) == (7, 3, 2, 4)
    assert tuple(document["scenarios"]["base"]["harm"]) == STATISTICS
    assert set(document["differences"]) == {"other"}
    assert set(document["differences"]["other"]["harm"]) == {"mean", "ci95", "p_better"}
    assert document["differences"]["other"]["peak"]["p_better"] is None, "neutral outcomes have no better direction"
    assert json.loads(dumps(document)) == document


def test_floats_keep_their_bits_in_json():
    results = make()
    read = json.loads(dumps(results.select("base").document(monthly=True)))
    assert read["monthly"]["harm"] == results.monthly_means("base")["harm"].tolist()


def test_runs_without_comparison_and_monthly_of_several():
    results = make()
    assert results.document()["differences"] == {}
    assert set(results.document(monthly=True)["monthly"]) == {"base", "other"}
    assert set(results.select("base").document(monthly=True)["monthly"]) == set(RULES)


def test_undefined_numbers_are_null_and_counted():
    results = make()
    results.monthly["stock"][0, -1] = math.nan
    results.monthly["level"][:6] = math.nan
    document = Comparison(results, "base").document(monthly=True)
    assert set(document["scenarios"]["base"]["level"].values()) == {None}
    assert document["differences"]["other"]["level"] == {"mean": None, "ci95": None, "p_better": None}
    assert document["undefined_runs"] == {"base": {"level": 6, "stock": 1}}
    assert document["monthly"]["base"]["level"] == [None] * 4
    assert isinstance(document["scenarios"]["base"]["stock"]["mean"], float)


def test_one_run_has_no_interval():
    row = Comparison(make(draws=1, replicates=1), "base").document()["differences"]["other"]["harm"]
    assert row["ci95"] is None
    assert row["mean"] == pytest.approx(2.0)


def test_margins_against_counterfactuals():
    results = make()
    closed, no_ai = make(("closed",), shift=0.0), make()
    no_ai.monthly["harm"][:] -= 1.0
    comparison = Comparison(results, "base", {"closed": closed, "no_ai": no_ai})
    marginal = comparison.document()["marginal"]
    assert set(marginal["closed"]) == {"base", "other"}
    assert marginal["closed"]["other"]["stock"]["mean"] == pytest.approx(0.5), "one scenario serves all"
    assert marginal["no_ai"]["other"]["harm"]["mean"] == pytest.approx(4.0), "each scenario has its own counterpart"
    assert set(marginal["no_ai"]["other"]["harm"]) == {"mean", "ci95"}
    with pytest.raises(InputError, match="no counterpart of 'base'"):
        Comparison(results, "base", {"two": make(("x", "y"))}).marginal("two")


def test_holm_adjusts_over_the_outcomes_of_a_scenario():
    results = make(replicates=12, seed=3)
    results.monthly["level"][:] = np.random.default_rng(4).normal(size=results.monthly["level"].shape)
    comparison = Comparison(results, "base")
    adjusted, rows = comparison.holm("other"), comparison.differences()["other"]
    assert adjusted["level"] >= rows["level"].p_value
    assert adjusted["level"] == pytest.approx(min(1, rows["level"].p_value))  # the largest of four keeps its value


def test_tables():
    results = make()
    table = results.to_dataframe()
    assert list(table.columns) == ["scenario", "draw", "replicate", "month", *RULES]
    assert len(table) == 12 * 4
    row = table[(table.scenario == "other") & (table.draw == 1) & (table.replicate == 2) & (table.month == "2025-01")]
    assert row["harm"].item() == results.monthly["harm"][11, 2]
    assert len(results.to_dataframe(monthly=False)) == 12
    differences = Comparison(results, "base").to_dataframe("bca")
    assert set(differences.outcome) == set(RULES)
    assert (differences.low <= differences["mean"]).all()


def test_xarray_has_named_axes():
    data = make().to_xarray()
    assert data["harm"].dims == ("scenario", "draw", "replicate", "month")
    assert data["harm"].attrs == {"units": "USD", "long_name": "Harm"}
    assert data["harm_by"].dims[-2:] == ("domain", "crowd")
    cell = data["harm_by"].sel(scenario="other", draw=1, replicate=2, month="2025-01", domain="cyber", crowd="many")
    assert cell.item() == make().details["harm_by"][11, 2, 1, 1]


def test_saved_comparisons_read_back_with_the_same_bits(tmp_path):
    results = make()
    results.monthly["level"][2, 1] = math.nan
    comparison = Comparison(results, "base", {"closed": make(("closed",))})
    comparison.save(tmp_path / "new" / "out")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["out"], "no stage is left"
    read = open_results(tmp_path / "new" / "out")
    assert isinstance(read, Comparison)
    assert read.document(monthly=True) == comparison.document(monthly=True)
    assert np.array_equal(read.results.details["harm_by"], results.details["harm_by"])
    assert read.results.detail_axes == results.detail_axes
    rows = list(csv.DictReader((tmp_path / "new" / "out" / "monthly.csv").read_text().splitlines()))
    assert list(rows[0]) == ["scenario", "draw", "replicate", "month", *RULES]
    assert [float(row["harm"]) for row in rows] == results.monthly["harm"].ravel().tolist()
    assert rows[9]["level"] == ""


def test_saving_again_replaces_and_keeps_what_is_not_ours(tmp_path):
    out = tmp_path / "out"
    Comparison(make(), "base", {"closed": make(("closed",))}).save(out)
    (out / "notes.txt").write_text("mine")
    make(months=2).save(out)
    assert (out / "notes.txt").exists()
    assert not (out / "counterfactuals").exists()
    assert isinstance(open_results(out), Results)


def test_foreign_directories_are_refused_and_left_alone(tmp_path):
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("foreign", "file", "loop", "file/below"):
        with pytest.raises(InputError, match="output directory"):
            make().save(tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "foreign", "loop"]
    assert [p.name for p in (tmp_path / "foreign").iterdir()] == ["thesis.tex"]


def test_a_failed_save_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.results.saving.dumps", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make().save(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_damaged_results_are_refused(tmp_path):
    make().save(tmp_path / "out")
    (tmp_path / "out" / "monthly.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(InputError, match="missing or damaged"):
        open_results(tmp_path / "out")
    with pytest.raises(InputError, match="no saved results"):
        open_results(tmp_path)
    mark = json.loads((tmp_path / "out" / "provenance.json").read_text())
    (tmp_path / "out" / "provenance.json").write_text(json.dumps({**mark, "format_version": 99}))
    with pytest.raises(InputError, match="format 99"):
        open_results(tmp_path / "out")


def test_names_that_spreadsheets_take_for_formulas_are_defused(tmp_path):
    make(("=1+1", "base")).save(tmp_path / "out")
    assert next(csv.DictReader((tmp_path / "out" / "summary.csv").read_text().splitlines()))["scenario"] == "'=1+1"
    assert open_results(tmp_path / "out").scenarios == ("=1+1", "base")
