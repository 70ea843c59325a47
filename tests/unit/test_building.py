"""Qualities of new derivatives: normal by strata, whatever the uniforms."""

from types import SimpleNamespace

import numpy as np

from sim.stages.building import stratified_normal
from sim.streams import Uniforms


def of(uniforms: np.ndarray) -> np.ndarray:
    return stratified_normal(SimpleNamespace(draw=lambda stream, n: uniforms), uniforms.shape[1])


def test_strata_follow_each_other_and_halve_the_distribution() -> None:
    drawn = of(Uniforms(np.arange(8, dtype=np.uint64)).draw("any", 0, 24))
    assert np.all(np.diff(drawn, axis=1) > 0)
    assert np.all(drawn[:, :12] < 0) and np.all(drawn[:, 12:] > 0)


def test_the_ends_of_the_uniforms_are_finite() -> None:
    ends = np.array([2.0**-24, 1 - 2.0**-24], np.float32)[:, None]
    drawn = of(np.repeat(ends, 24, axis=1))
    assert np.isfinite(drawn).all() and 5 < drawn[1, -1] < 6
