"""Knowledge across borders: the same is public everywhere, until controls make blocs drift apart."""

import numpy as np

from sim.model import ReleaseModel
from sim.policies import POLICIES
from tests.support import small

CHINA, MONTHS = 2, 36


def public_after(*policies: object) -> np.ndarray:
    model = ReleaseModel(small(months=MONTHS, policies=policies), rng=4, members=3)
    for _ in range(MONTHS):
        model.step()
    return model.state.knowledge.public


def test_without_control_the_same_is_public_everywhere() -> None:
    public = public_after()
    assert (public == public[:, :1]).all()


def test_control_makes_blocs_drift_apart() -> None:
    control = POLICIES["export_control"](start=small().start, oom=1.0, jurisdictions=("china",))
    free, public = public_after(), public_after(control)
    others = np.delete(public, CHINA, axis=1)
    # Jurisdictions outside exchange as before and know the same; the one under control is cut off from them.
    assert (others == others[:, :1]).all()
    assert (public[:, CHINA] < others[:, 0]).all()
    assert (public[:, CHINA] < free[:, CHINA]).all()
