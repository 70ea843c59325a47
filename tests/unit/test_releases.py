"""What comes along with releases, counted on the ledger row by row."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.model import ReleaseModel
from sim.outcomes.releases import releases
from tests.support import small

MEMBERS = 3


def of_rows(model: ReleaseModel, value: str) -> list[list[float]]:
    """Values of the ledger's rows of the last twelve months, by member."""
    ledger, now = model.state.ledger, model.state.clock.month
    return [
        [float(getattr(ledger, value)[m, r]) for r in range(ledger.count[m]) if ledger.month[m, r] > now - 12]
        for m in range(MEMBERS)
    ]


@pytest.fixture(scope="module")
def model() -> ReleaseModel:
    model = ReleaseModel(small("open_science", months=60), rng=3, members=MEMBERS)
    for _ in range(60):
        model.step()
    return model


def test_contents_of_releases(model: ReleaseModel) -> None:
    said = releases(model.state)
    bits = [[int(x).bit_count() for x in row] for row in of_rows(model, "components")]
    assert_allclose(said["release_components"], [np.mean(row) for row in bits], rtol=1e-6)
    permissive = [np.mean(np.array(row) == 2) for row in of_rows(model, "licence")]
    assert_allclose(said["permissive_release_share"], permissive, rtol=1e-6)
    for name, field in (("release_documentation", "documentation"), ("release_safeguards", "safeguard")):
        assert_allclose(said[name], [np.mean(row) for row in of_rows(model, field)], rtol=1e-5)
    assert (said["release_components"] > 10).any()


def test_leaks_are_counted() -> None:
    given = {"regimes.r6_theft_per_year": 4.0}
    model = ReleaseModel(small("structured_access", months=60, parameters=given), rng=3, members=MEMBERS)
    for _ in range(60):
        model.step()
    ledger = model.state.ledger
    counted = [int(ledger.leaked[m, : ledger.count[m]].sum()) for m in range(MEMBERS)]
    assert releases(model.state)["leaked_releases"].tolist() == counted and sum(counted) > 0


def test_before_the_first_release_developers_count() -> None:
    model = ReleaseModel(small(months=1), rng=3, members=1)
    labs, table = model.state.labs, model.state.regimes
    safeguards = table["safeguard_persistence"][0][labs.regime[0]][labs.active[0]]
    assert (model.state.ledger.count == 0).all()
    assert_allclose(releases(model.state)["release_safeguards"], safeguards.mean(), rtol=1e-5)
