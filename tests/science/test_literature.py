"""What single works of the literature argue for, on the whole model: where the model agrees, and where it does not."""

from functools import cache

import numpy as np
import pytest

from sim.axes import JURISDICTIONS
from sim.policies import POLICIES
from sim.regimes import RegimeRow
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario, load
from tests.science.test_not_built_in import only
from tests.support import small

MONTHS, REPLICATES = 84, 32
CELLS = ("concentrated_complements", "scattered_complements", "leaky_concentrated", "leaky_scattered")
TERMS = ("near_term", "mid_term", "long_term")


def over(*scenarios: Scenario) -> Results:
    return run(list(scenarios), replicates=REPLICATES, details=False)


@cache
def means(name: str, world: str = "") -> dict[str, float]:
    """Mean of every outcome of a scenario in a world."""
    scenario = small(name, MONTHS, worlds=(world,) if world else (), start="2025-01")
    return {key: float(np.mean(values)) for key, values in over(scenario).summary().items()}


def test_openness_alone_does_not_dent_the_share_of_those_who_own_the_rest() -> None:
    # Widder, Whittaker & West: use spreads and prices fall, and the layers beneath keep their share of what is paid.
    today, opened = means("status_quo"), means("open_by_default")
    assert opened["flagship_price"] < 0.7 * today["flagship_price"] and opened["usage_hhi"] < today["usage_hhi"]
    lost = today["complement_owner_share"] - opened["complement_owner_share"]
    # What cuts it is structure: shared computing and assets, or competition law.
    for name in ("shared_compute", "competition"):
        assert today["complement_owner_share"] - means(name)["complement_owner_share"] > max(2 * lost, 0.02)


def test_cells_of_appropriability_and_complements() -> None:
    # Azoulay, Krieger & Nagaraj: who profits from an idea depends on how it leaks and on who owns what it needs.
    cell = {name: means("status_quo", name) for name in CELLS}
    for leaky in ("", "leaky_"):
        rich = cell[f"{leaky}concentrated" if leaky else "concentrated_complements"]
        poor = cell[f"{leaky}scattered" if leaky else "scattered_complements"]
        assert rich["complement_owner_share"] > poor["complement_owner_share"] + 0.1
        assert rich["api_revenue_hhi"] > poor["api_revenue_hhi"]
        assert rich["open_release_share"] > poor["open_release_share"]
    # Where nobody owns complements, leaks alone spread what developers earn.
    assert cell["leaky_scattered"]["api_revenue_hhi"] < cell["scattered_complements"]["api_revenue_hhi"]


def test_terms_of_capability_are_ordered() -> None:
    # Eiras et al.: little danger at first, then tools for both sides, then grave danger.
    near, mid, late = (means("status_quo", name) for name in TERMS)
    assert near["ai_attributable_harm"] < 0.5 * mid["ai_attributable_harm"]
    assert late["catastrophe_probability"] > 1.5 * mid["catastrophe_probability"]


OPEN_WEIGHTS = {"weights_access": 1.0, "revocability": 0.0, "local_inference": 1.0, "safeguard_persistence": 0.03}
DIMENSIONS = {
    "source": ({"code_openness": 1.0}, ("cumulative_innovation",)),
    "data": ({"data_openness": 1.0}, ("cumulative_innovation",)),
    "research": ({"research_openness": 0.95}, ("cumulative_innovation", "external_safety_findings")),
    "weights": (OPEN_WEIGHTS, ("cumulative_innovation", "capability_beyond_recall", "open_usage_share")),
}
"""Attributes in which a row is open and else an interface, and what rises."""


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_dimensions_of_openness_move_apart(dimension: str) -> None:
    attributes, higher = DIMENSIONS[dimension]
    added = (RegimeRow("apart", "open in one way", like="r2", attributes=attributes),)
    pair = only("r2", 30, "plain", added), only("apart", 30, "opened", added)
    results = run(list(pair), replicates=4, details=False)
    plain, opened = (results.select(name).summary() for name in ("plain", "opened"))
    for name in higher:
        assert opened[name].mean() > plain[name].mean(), name
    if dimension != "weights":  # nothing is beyond recall, and nobody runs it at home
        np.testing.assert_allclose(opened["open_usage_share"], plain["open_usage_share"], rtol=0.05)
        assert opened["cumulative_harm"].mean() == pytest.approx(plain["cumulative_harm"].mean(), rel=0.02)


def test_an_exemption_saves_open_models_from_rules_made_for_closed_ones() -> None:
    # Eiras et al.: the same duties with and without it.
    duties = tuple(policy for policy in load("exempt_open_models").policies if policy.kind != "open_model_exemption")
    with_it = small("exempt_open_models", MONTHS, start="2025-01")
    without = with_it.replace(name="without", policies=duties)
    found = over(with_it, without)
    exempt, bound = (found.select(scenario.name).summary()["open_release_share"] for scenario in (with_it, without))
    assert exempt.mean() > bound.mean()


def test_modular_safeguards_drive_misuse_to_machines_of_its_own() -> None:
    # Neumann & Jones: safeguards beside the model cost honest users nothing, and stop those who depend on hosts.
    plain = small(months=36)
    guarded = plain.replace(name="guarded", policies=(POLICIES["host_safeguards"](start=24000, share=1.0),))
    found = over(plain.replace(name="plain"), guarded)
    before, after = (found.select(name).summary() for name in ("plain", "guarded"))
    assert after["harm_route_open_weights"].mean() < before["harm_route_open_weights"].mean()
    assert after["consumer_surplus"].mean() == pytest.approx(before["consumer_surplus"].mean(), rel=0.01)
    assert JURISDICTIONS == guarded.policies[0].jurisdictions
