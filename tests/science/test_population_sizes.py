"""How many agents stand for the real ones hardly matters, and what comes about is right on average."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim.runner import run
from tests.support import small

SIZES = {"misusers": 400, "defenders": 256, "builders": 400}


@pytest.mark.parametrize("outcome", ["cumulative_harm", "ai_attributable_harm", "cumulative_innovation", "protection"])
def test_number_of_agents_hardly_matters(outcome: str) -> None:
    few, many = (crowd(factor)[outcome] for factor in (1, 4))
    noise = np.hypot(*(np.std(x) / np.sqrt(len(x)) for x in (few, many))) / np.mean(many)
    assert np.mean(few) == pytest.approx(np.mean(many), rel=0.03 + 3 * noise)


@cache
def crowd(factor: int) -> Mapping[str, np.ndarray]:
    settings = [f"population.{name}={n * factor}" for name, n in SIZES.items()]
    return run(small(months=24, settings=settings), replicates=16 // factor, details=False).summary()


def test_realised_harm_is_right_on_average() -> None:
    results = run(small(months=24), replicates=32, details=False).monthly
    ratio = results["realised_harm"].sum(axis=1) / results["cumulative_harm"].sum(axis=1)
    assert np.mean(ratio) == pytest.approx(1, abs=4 * np.std(ratio) / np.sqrt(32) + 1e-3)


@pytest.mark.parametrize("outcome", ["cumulative_harm", "realised_harm", "cumulative_innovation", "consumer_surplus"])
def test_bands_do_not_narrow_with_the_number_of_agents(outcome: str) -> None:
    """Four times as many agents would halve a band that came from drawing them; these come from what happens."""
    few, many = (band(factor, outcome) for factor in (1, 4))
    assert few == pytest.approx(many, rel=0.1, abs=0.02)


def band(factor: int, outcome: str) -> float:
    """Width of the 80 % band over replicates, relative to the mean."""
    values = repeated(factor)[outcome]
    return float(np.subtract(*np.quantile(values, (0.9, 0.1))) / np.mean(values))


@cache
def repeated(factor: int) -> Mapping[str, np.ndarray]:
    settings = [f"population.{name}={n * factor}" for name, n in SIZES.items()]
    return run(small(months=12, settings=settings), replicates=48, details=False).summary()
