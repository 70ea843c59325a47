"""Validation: measures on records made by hand, scores with known answers, the shipped draws, and the commands."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.cli import main
from sim.draw_files import CALIBRATED, read_draws
from sim.evidence import facts
from sim.parameters import REGISTRY
from sim.runner import run
from sim.scenario import load
from sim.validation import calibration, measures
from sim.validation.documents import draws_text, informed, stored, telling
from sim.validation.hindcast import BEFORE, DATES, PREDICTED
from sim.validation.history import Record, histories
from sim.validation.patterns import PATTERNS, AllPatterns
from sim.validation.scores import covered, crps, last_value, trend

MONTHS = np.arange(48)


def record(**monthly: Any) -> Record:
    return Record({name: np.asarray(values, float).reshape(-1, 48) for name, values in monthly.items()}, {})


def test_means_growth_and_slopes() -> None:
    doubling = 2.0 ** (MONTHS / 12)
    found = record(a=doubling, b=3 * doubling)
    assert_allclose(measures.YearMean("a", 2024)(found), doubling[12:24].mean())
    assert_allclose(measures.AtMonth("a", 2023, 10)(found), doubling[9])
    assert_allclose(measures.Growth(("a", "b"), 2023, 2025)(found), 2)
    assert_allclose(measures.Slope("a", 2023, 2024)(found), np.log10(2))
    assert_allclose(measures.Factor(measures.Slope("a", 2023, 2024))(found), 2)
    assert_allclose(measures.FirstYearFall("a", 12)(found), -np.log10(2))


def test_lag_of_open_records() -> None:
    # Open models set records in months 3 and 9, when they stand 10 and 4 months behind.
    level, lag = np.where(MONTHS < 3, 1.0, np.where(MONTHS < 9, 2.0, 3.0)), np.full(48, 99.0)
    lag[3], lag[9] = 10, 4
    assert_allclose(measures.open_record_lag(record(open_capability=level, capability_lag_months=lag)), 7)


def ledger(growth: float, noise: float, knowledge: float) -> Record:
    """Flagships every two months on a trend of compute, with siblings a tenth as large, and rows not yet used."""
    months = np.repeat(np.arange(0, 24, 2), 2)
    size = np.tile([0, 1], 12)
    flop = 25 + growth * months / 12 + noise * np.tile([1, 0, -1, 0], 6) - size
    rows = {"month": months, "size": size, "log10_flop": flop, "capability": flop + knowledge * months / 12}
    padded = {name: np.concatenate([values, [-1, -1]])[None] for name, values in rows.items()}
    return Record({}, {**padded, "open_month": np.full((1, 26), -1)})


def test_trend_of_the_frontier_on_the_ledger() -> None:
    found = ledger(0.7, 0.0, 0.4)
    assert_allclose(measures.compute_growth(found), 10**0.7, rtol=1e-6)
    assert_allclose(measures.compute_scatter(found), 0, atol=1e-6)
    assert_allclose(measures.halving_months(found), 12 * np.log10(2) / 0.4, rtol=1e-6)
    assert measures.compute_scatter(ledger(0.7, 0.2, 0.4))[0] > 0.1
    assert np.isinf(measures.halving_months(ledger(0.7, 0.0, -0.1)))


def test_concentration_of_training_on_the_ledger() -> None:
    # Two developers spend 1e25 and 3e25 in 2023, a quarter and three quarters; 2024 and unused rows are left out.
    rows = {
        "lab": np.array([[0, 1, 1, 5]]), "month": np.array([[2, 11, 12, -1]]),
        "log10_flop": np.array([[25.0, 25 + np.log10(3), 27, 0]]), "open_month": np.array([[-1, 11, -1, -1]]),
    }  # fmt: skip
    found = Record({}, rows)
    assert_allclose(measures.training_concentration(found), 1e4 * (1 / 16 + 9 / 16))
    assert_allclose(measures.open_share_of_large(found), 1 / 3)
    nothing = Record({}, {name: np.full((1, 2), -1) for name in rows})
    assert np.isnan(measures.training_concentration(nothing)).all()
    assert np.isnan(measures.open_share_of_large(nothing)).all()


def test_scatter_of_few_is_not_too_small() -> None:
    # Two residual degrees of freedom: sqrt(pi) / 2; many: one. On average over samples it is right.
    assert measures.unbiased(2) == pytest.approx(np.sqrt(np.pi) / 2)
    assert measures.unbiased(400) == pytest.approx(1, abs=1e-3)
    samples = np.random.default_rng(9).standard_normal((20_000, 5))
    assert (samples.std(axis=1, ddof=1) / measures.unbiased(4)).mean() == pytest.approx(1, abs=0.01)


def test_crps() -> None:
    # A point: the absolute error. Two points, 0 and 2, and 1 observed: mean distance 1, half the mean of |X - X'| = 1.
    assert crps(np.array([3.0]), 5.0) == 2
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(1 - 0.5)
    sample = np.random.default_rng(1).normal(size=200)
    pairs = np.abs(sample[:, None] - sample).mean() / 2
    assert crps(sample, 0.3) == pytest.approx(np.abs(sample - 0.3).mean() - pairs)


def test_naive_forecasts_and_coverage() -> None:
    assert last_value([(2024.0, 3.0), (2023.0, 9.0)]) == 3
    assert trend([(2022.0, 1.0), (2023.0, 2.0)], 2025.0) == pytest.approx(8)
    assert trend([(2022.0, 1.0), (2023.0, -1.0)], 2025.0) == pytest.approx(-5)
    assert trend([(2022.0, 1.0)], 2025.0) is None
    sample = np.arange(101.0)
    assert covered(sample, 30, 0.5) and not covered(sample, 20, 0.5) and covered(sample, 20, 0.9)


def test_patterns_cite_facts_that_allow_their_use() -> None:
    names = [pattern.name for pattern in PATTERNS]
    assert len(names) == len(set(names)) and set(BEFORE) <= set(names)
    for pattern in PATTERNS:
        assert pattern.low <= pattern.target <= pattern.high and pattern.facts
        for fact in pattern.facts:
            assert fact in facts(), fact
            assert facts()[fact].verified or not pattern.required or pattern.predicted, fact


def test_nothing_after_2024_is_fitted() -> None:
    assert calibration.YEARS == 2
    fitted = [PATTERNS[i] for i in calibration.FITTED]
    assert fitted and not any(pattern.predicted for pattern in fitted)
    # Every fitted pattern can be measured on two years; one that looked further would fail or be empty.
    values = np.concatenate(histories(calibration.AllFitted(), calibration.YEARS, 2))
    assert values.shape == (2, len(fitted)) and np.isfinite(values).all()


def test_implausibility() -> None:
    middle, half = calibration.target()
    assert_allclose(calibration.implausibility(middle[None], middle * 0), 0)
    assert_allclose(calibration.implausibility((middle + half)[None], middle * 0), 2)
    assert np.isinf(calibration.implausibility(np.full((1, len(middle)), np.nan), middle * 0)).all()


def test_units_of_the_prior() -> None:
    names = REGISTRY.uncertain()
    ends = {name: np.array([REGISTRY[name].low, REGISTRY[name].high]) for name in names}
    assert_allclose(calibration.unit(ends), np.stack([-np.ones(len(names)), np.ones(len(names))]), atol=1e-6)


def test_a_line_is_found() -> None:
    # Histories that depend on one parameter alone: the emulators must send the next wave where the target is.
    names = REGISTRY.uncertain()
    samples = dict(REGISTRY.sample(512, 3, names))
    middle, half = calibration.target()
    x = calibration.unit(samples)[:, [names.index("market.cost_slope")]]
    wave = calibration.Wave(samples, middle + half * 8 * (x - 0.5), half * 0)
    candidates = dict(REGISTRY.sample(4096, 4, names))
    chosen = calibration._sift([wave], candidates, 200)
    found = calibration.unit(candidates)[chosen, names.index("market.cost_slope")]
    assert abs(found.mean() - 0.5) < 0.15 and found.std() < 0.3


def test_what_moves_a_pattern_is_named() -> None:
    names = REGISTRY.uncertain()
    samples = dict(REGISTRY.sample(512, 6, names))
    x = calibration.unit(samples)[:, names.index("market.cost_slope")]
    middle, half = calibration.target()
    wave = calibration.Wave(samples, middle + half * x[:, None], half * 0)
    for explained, steepest in calibration.drivers(wave, 2):
        assert explained > 0.9 and steepest[0][0] == "market.cost_slope"
        assert abs(steepest[1][1]) < 0.1 < steepest[0][1]


def test_few_parameters_count_as_informed_by_chance() -> None:
    # One parameter: the usual 5 % point of the Kolmogorov–Smirnov statistic. Many: more is asked for.
    assert telling(128, 1) == pytest.approx(0.1187, abs=1e-3)
    assert telling(128, 400) > 0.18 > telling(512, 400)
    rng, alarms = np.random.default_rng(8), 0
    limit, steps = telling(64, 50), np.arange(65) / 64
    for _ in range(200):
        ordered = np.sort(rng.random((64, 50)), axis=0)
        gaps = np.maximum(steps[1:, None] - ordered, ordered - steps[:-1, None])
        alarms += bool(gaps.max() >= limit)
    assert 2 <= alarms <= 22  # ten on average; outside in about one repetition of 1,000


def test_every_draw_has_luck_of_its_own() -> None:
    same = {"market.cost_slope": np.full(3, 1.2)}
    found = np.concatenate(histories(LastIncidents(), 1, 2, same, seed=4))
    assert len(set(found.tolist())) == 6
    again = np.concatenate(histories(LastIncidents(), 1, 2, same, seed=4))
    assert_allclose(found, again, rtol=0)


def test_informed_parameters_are_told_from_others() -> None:
    names = REGISTRY.uncertain()[:20]
    samples = dict(REGISTRY.sample(128, 5, names))
    entry = REGISTRY[names[0]]
    samples[names[0]] = entry.low + (samples[names[0]] - entry.low) / 4
    rows = informed(samples)
    assert rows[0]["parameter"] == names[0] and rows[0]["shift"] < -0.5 and rows[0]["spread"] < 0.4
    assert len(rows) <= 4


def test_shipped_draws() -> None:
    draws = read_draws(CALIBRATED)
    assert set(draws) == set(REGISTRY.uncertain())
    assert {len(values) for values in draws.values()} == {stored()["draws"]}
    for name, values in draws.items():
        assert REGISTRY[name].low <= values.min() and values.max() <= REGISTRY[name].high
    again = draws_text({name: values[:3] for name, values in draws.items()})
    assert again.splitlines()[1:] == CALIBRATED.read_text("utf-8").splitlines()[1:4]


def test_draws_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "status_quo", "--draws", "calibrated", "-r", "1", "--months", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["draws"] == stored()["draws"]


def test_history_is_that_of_the_runner() -> None:
    values = np.concatenate(histories(LastIncidents(), 1, 3, seed=2))
    scenario = load("status_quo", settings=("start=2023-01", "months=12"))
    assert_allclose(values, run(scenario, replicates=3, seed=2).monthly["incidents"][:, -1], rtol=0)


class LastIncidents:
    def __call__(self, record: Record) -> Any:
        return record.monthly["incidents"][:, -1]


def test_validate(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["validate", "--draws", "1", "-r", "8", "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert [row["pattern"] for row in rows] == [pattern.name for pattern in PATTERNS]
    assert code == (0 if all(row["agrees"] for row in rows if row["required"]) else 1)
    assert main(["validate", "--draws", "1", "-r", "4"]) in (0, 1)
    assert "agrees" in capsys.readouterr().out


def test_hindcast(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--hindcast", "--draws", "1", "-r", "4", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == set(PREDICTED)
    for dates in found.values():
        assert list(dates) == [f"{year}-{month:02d}" for year, month in DATES]
        for quantiles in dates.values():
            ordered = [quantiles[name] for name in ("p05", "p25", "p50", "p75", "p95")]
            assert ordered == sorted(ordered)
    assert main(["validate", "--hindcast", "--draws", "1", "-r", "4"]) == 0
    assert "CRPS" in capsys.readouterr().out


@pytest.mark.parametrize("draws", ["0", "calibratd", "nowhere.csv"])
def test_bad_draws_are_refused(draws: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--draws", draws]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_patterns_fail_when_a_required_one_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    off = [SimpleNamespace(**{**vars(p), "low": 1e9, "high": 2e9, "target": 1.5e9}) for p in PATTERNS]
    monkeypatch.setattr("sim.validation.documents.PATTERNS", off)
    assert main(["validate", "--draws", "1", "-r", "2", "--quiet"]) == 1
    assert AllPatterns()
