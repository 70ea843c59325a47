"""Concentration of use by segment, against shares added up by family one by one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.model import ReleaseModel
from sim.outcomes import measures
from sim.state import State
from tests.support import small

SEGMENTS = {"enterprise_usage_hhi": (0, 1), "developer_usage_hhi": (2,), "consumer_usage_hhi": (3,)}


@pytest.fixture(scope="module")
def state() -> State:
    model = ReleaseModel(small(months=6), rng=4, members=2)
    for _ in range(6):
        model.step()
    return model.state


@pytest.mark.parametrize("outcome", SEGMENTS)
def test_use_of_a_segment(state: State, outcome: str) -> None:
    offers, size = state.market, state.parameters.market.segment_weight
    expected = []
    for m in range(2):
        families = np.zeros(state.labs.active.shape[1])
        for segment in SEGMENTS[outcome]:
            for option, family in enumerate(offers.family[m]):
                families[family] += offers.share[m, segment, option] * size[m, segment]
        expected.append(1e4 * ((families / families.sum()) ** 2).sum())
    assert_allclose(measures.market_structure(state)[outcome], expected, rtol=1e-5)


def test_segments_differ(state: State) -> None:
    found = measures.market_structure(state)
    assert len({float(found[outcome][0]) for outcome in SEGMENTS}) == len(SEGMENTS)
