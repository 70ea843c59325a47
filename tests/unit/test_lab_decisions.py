"""What reaches a release decision, and whom developers look at."""

import numpy as np

from sim.actors.labs import LabDecisions, LabView, of_members, seen_risk
from sim.model import ReleaseModel
from tests.support import small

MEMBERS, MONTHS = 200, 3


def started() -> ReleaseModel:
    model = ReleaseModel(small(months=12), rng=5, members=MEMBERS)
    for _ in range(MONTHS):
        model.step()
    return model


def test_evidence_reaches_the_decision_whole_or_not_at_all() -> None:
    state = started().state
    member, lab = np.arange(MEMBERS), np.zeros(MEMBERS, np.int64)
    p = of_members(state.parameters.release, member)
    level = np.full((MEMBERS, 1), 28, np.float32)
    uniforms = state.draw("test.evidence", MEMBERS)[0]
    seen = seen_risk(state, (member, lab), level, np.zeros(MEMBERS, np.float32), uniforms, p)[:, 0]
    heard = seen > 0
    assert len(np.unique(seen[heard])) == 1 and (seen[~heard] == 0).all()
    np.testing.assert_array_equal(heard, uniforms < state.labs.governance[:, 0])
    assert 0.5 < heard.mean() < 0.9


def test_developers_look_at_those_with_a_model_on_the_market() -> None:
    state = started().state
    slots = state.labs.active.shape[1]
    state.public.capability = state.public.capability.copy()
    state.public.capability[0] = 0
    state.public.capability[0, [1, 5, 11]] = 26
    state.public.capability[1] = 0
    rival = LabDecisions()._rival(LabView(state, slice(None)))
    assert rival.shape == (MEMBERS, slots)
    assert set(rival[0].tolist()) == {1, 5, 11}
    assert (np.take_along_axis(state.public.capability, rival, axis=1)[2:] > 0).all()
