"""Known answers for the statistics of runs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.statistics import (
    STATISTICS,
    bca_interval,
    describe,
    holm,
    mean,
    paired_difference,
    sd,
    standard_error,
    superiority,
)

FINITE = st.floats(-1e6, 1e6)


def test_describe_known_answer():
    got = describe([1.0, 2.0, 3.0, 4.0, 5.0])
    assert got["mean"] == 3.0
    assert got["sd"] == pytest.approx(math.sqrt(2.5))
    assert got["mcse"] == pytest.approx(math.sqrt(2.5 / 5))
    assert (got["p05"], got["p25"], got["p50"], got["p75"], got["p95"]) == pytest.approx((1.2, 2, 3, 4, 4.8))
    assert tuple(got) == STATISTICS


def test_one_run_has_no_spread_and_no_standard_error():
    got = describe([7.0])
    assert (got["mean"], got["sd"], got["p95"]) == (7.0, 0.0, 7.0)
    assert math.isnan(got["mcse"])


def test_undefined_values_are_left_out():
    assert describe([1.0, math.nan, 3.0, math.inf]) == describe([1.0, 3.0])
    assert all(math.isnan(value) for value in describe([math.nan]).values())
    assert all(math.isnan(value) for value in describe([]).values())


def test_equal_values_have_exactly_no_spread():
    assert mean([0.1] * 7) == 0.1
    assert sd([0.1] * 7) == 0.0


def test_replicates_of_a_draw_are_one_cluster():
    values = np.array([1.0, 3.0, 2.0, 4.0, 7.0, 9.0])  # means 2, 3, 8
    error, clusters = standard_error(values, [0, 0, 1, 1, 2, 2])
    assert clusters == 3
    assert error == pytest.approx(np.std([2, 3, 8], ddof=1) / math.sqrt(3))
    assert standard_error(values)[0] == pytest.approx(stats.sem(values))


def test_paired_t_agrees_with_scipy():
    rng = np.random.default_rng(5)
    base = rng.normal(size=12)
    values = base + rng.normal(0.4, 0.3, size=12)
    got = paired_difference(values, base, "higher")
    reference = stats.ttest_rel(values, base)
    interval = reference.confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))
    assert got.p_value == pytest.approx(reference.pvalue)
    assert got.pairs == 12


def test_clustered_difference_is_the_t_test_of_draw_means():
    rng = np.random.default_rng(6)
    draws = np.repeat(np.arange(5), 4)
    difference = rng.normal(size=5)[draws] + 0.1 * rng.normal(size=20)
    got = paired_difference(difference, np.zeros(20), "lower", draws)
    per_draw = difference.reshape(5, 4).mean(axis=1)
    interval = stats.ttest_1samp(per_draw, 0).confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))


def test_constant_difference_has_a_point_interval():
    got = paired_difference([1.5, 2.5, 3.5], [1.0, 2.0, 3.0], "higher")
    assert (got.mean, got.low, got.high, got.p_better) == (0.5, 0.5, 0.5, 1.0)
    assert paired_difference([1.0, 2.0], [1.0, 2.0], "higher").p_value == 1.0


def test_one_pair_has_no_interval():
    got = paired_difference([2.0], [1.0], "lower")
    assert (got.mean, got.p_better, got.pairs) == (1.0, 0.0, 1)
    assert math.isnan(got.low) and math.isnan(got.high) and math.isnan(got.p_value)


def test_pairs_undefined_on_either_side_are_left_out():
    got = paired_difference([1.0, math.nan, 5.0], [0.0, 1.0, math.nan], "higher")
    assert (got.mean, got.pairs) == (1.0, 1)
    assert math.isnan(paired_difference([math.nan], [1.0], "higher").mean)


@pytest.mark.parametrize(("direction", "expected"), [("higher", 0.625), ("lower", 0.375), ("neutral", math.nan)])
def test_superiority_counts_ties_half(direction, expected):
    assert superiority([1.0, 2.0, 0.0, -1.0], direction) == pytest.approx(expected, nan_ok=True)


def test_bca_agrees_with_scipy():
    skewed = np.random.default_rng(8).lognormal(size=60)
    low, high = bca_interval(skewed, resamples=20_000)
    reference = stats.bootstrap((skewed,), np.mean, n_resamples=20_000, method="BCa", rng=3).confidence_interval
    assert (low, high) == pytest.approx((reference.low, reference.high), rel=0.02)
    assert (low, high) == bca_interval(skewed, resamples=20_000), "the interval is a function of the values"


def test_bca_edges():
    assert bca_interval([2.0, 2.0, 2.0]) == (2.0, 2.0)
    assert all(math.isnan(end) for end in bca_interval([2.0]))
    clustered = bca_interval([1.0, 1.0, 2.0, 2.0, 5.0, 5.0], [0, 0, 1, 1, 2, 2])
    assert clustered == bca_interval([1.0, 2.0, 5.0])


def test_coverage_of_the_t_interval_is_nominal():
    """Of 2,000 intervals of 20 normal differences, 95 % hold the true mean, within four standard errors."""
    draws = np.random.default_rng(9).normal(1.0, 2.0, (2000, 20))
    inside = [d.low <= 1.0 <= d.high for d in (paired_difference(row, np.zeros(20), "higher") for row in draws)]
    assert np.mean(inside) == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_holm_known_answer():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, math.nan, 0.02]) == pytest.approx([0.9, math.nan, 0.04], nan_ok=True)
    assert holm([]).size == 0


@given(st.lists(st.tuples(FINITE, FINITE), min_size=2, max_size=20), st.sampled_from(["t", "bca"]))
def test_the_interval_contains_the_mean(pairs, interval):
    got = paired_difference([a for a, _ in pairs], [b for _, b in pairs], "higher", interval=interval)
    assert got.low <= got.mean <= got.high
    assert 0 <= got.p_better <= 1
