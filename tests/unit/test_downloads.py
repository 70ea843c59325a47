"""Inequality of downloads: against every single artefact, and where there is nothing to compare."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim.outcomes import hub
from sim.state import State
from tests.support import f32


def measured(downloads: Any, weight: Any, licence: Any = 0) -> dict[str, float]:
    permissive = f32(weight) * (np.zeros(np.shape(downloads)) + licence == 2)
    artefacts = SimpleNamespace(downloads=f32(downloads), weight=f32(weight), permissive=permissive.astype(np.float32))
    found = hub.downloads(cast(State, SimpleNamespace(artefacts=artefacts)))
    return {name: float(values[0]) for name, values in found.items()}


def gini(amounts: np.ndarray) -> float:
    """Mean difference of all pairs over twice the mean."""
    return float(np.abs(amounts[:, None] - amounts).mean() / amounts.mean() / 2)


def test_rows_stand_for_artefacts() -> None:
    rng = np.random.default_rng(8)
    weight, downloads = rng.integers(1, 20, 60), np.exp(rng.normal(0, 2, 60)).astype(np.float32)
    each = np.sort(np.repeat(downloads, weight).astype(np.float64))[::-1]
    found = measured([downloads], [weight])
    assert found["download_gini"] == pytest.approx(gini(each), rel=1e-5)
    assert found["download_zero_share"] == pytest.approx(np.exp(-each).mean(), rel=1e-5)
    # The first percentile lies within a row, which is counted whole.
    rank = np.cumsum(weight[np.argsort(-downloads)])
    whole = rank[np.argmax(rank >= 0.01 * rank[-1])]
    assert found["download_top1pct_share"] == pytest.approx(each[:whole].sum() / each.sum(), rel=1e-5)


def test_licences() -> None:
    # Downloads 2 · 3 and 1 · 4 under permissive licences, 5 · 2 under others: half.
    assert measured([[2, 1, 5]], [[3, 4, 2]], [[2, 2, 1]])["download_permissive_share"] == pytest.approx(0.5)


def test_limits() -> None:
    assert measured([[3, 3, 3]], [[1, 2, 5]])["download_gini"] == pytest.approx(0, abs=1e-12)
    assert measured([[0, 0, 8]], [[500, 499, 1]])["download_gini"] == pytest.approx(0.999, abs=1e-6)
    nothing = measured([[0, 0]], [[0, 0]])
    assert nothing["download_gini"] == nothing["download_top1pct_share"] == 0


def test_largest_come_first_with_their_weights() -> None:
    amounts, weights = hub.largest_first(f32([[2, 0, 5], [1, 7, 1]]), f32([[10, 20, 30], [1, 2, 1]]))
    np.testing.assert_array_equal(amounts, [[5, 2, 0], [7, 1, 1]])
    np.testing.assert_array_equal(weights, [[30, 10, 20], [2, 1, 1]])
