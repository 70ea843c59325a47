"""Defenders take the model that is best in their domain, as those who attack them do."""

import numpy as np
from numpy.testing import assert_array_equal

from sim.model import ReleaseModel
from sim.populations import class_parts
from sim.stages import defending, routes
from sim.state import State
from tests.support import small


def begun() -> State:
    return ReleaseModel(small(months=1), rng=3).state


def test_an_offset_of_one_domain_helps_defenders_of_that_domain_only() -> None:
    state = begun()
    before = defending.access(state).copy()
    state.labs.offset[:, :, 2] += np.float32(0.7)
    after = defending.access(state)
    _, _, own = class_parts()
    gained = after - before
    assert_array_equal(gained[:, [0, 1, 3]], 0)
    assert (gained[:, 2, own == 0] > 0).any()
    assert_array_equal(gained[:, :, own == 1], 0)  # those who host themselves run weights that are out, not interfaces


def test_whoever_hosts_itself_reaches_in_each_domain_what_attackers_with_open_weights_reach() -> None:
    state = begun()
    _, _, own = class_parts()
    reach = defending.access(state)[:, :, own == 1]
    assert (reach > 0).any()
    assert_array_equal(reach, np.broadcast_to(routes.routes(state)["open"][:, :, None], reach.shape))
