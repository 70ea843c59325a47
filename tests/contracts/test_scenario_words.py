"""`aperture show`: words that a lay reader understands, and warnings of what is legal but odd."""

import dataclasses
import re

import pytest

from sim.policies import POLICIES, absolute_month
from sim.scenario import load, scenario_names
from sim.scenario_explain import explain, levers_by_date, warnings
from sim.scenario_words import amount, line

SCENARIOS = scenario_names()
US, EU, BOTH = ("us",), ("eu",), ("us", "eu")
ODD = {
    "nobody audits": ("licensing", {"penalty_share": 0.03, "jurisdictions": ("rest",)}),
    "exempts from duties that do not exist": ("open_model_exemption", {"jurisdictions": ("china",)}),
    "never reach the second stage": (
        "staged_release", {"value": 26.0}, "forbid_above", {"value": 26.0, "regimes": ("r5_opened",)},
    ),
    "hosts may not serve": ("mandate_open", {"jurisdictions": EU}, "hosting_ban", {"jurisdictions": BOTH}),
    "know_your_customer reaches interfaces": ("mandate_open", {}, "know_your_customer", {}),
    "allows no new ones": ("forbid_above", {"value": 20.0, "jurisdictions": US}, "tamper_resistance", {}),
    "absolute line everywhere": ("forbid_above", {"value": 26.0}),
    "neither trigger nor end": ("pause", {}),
    "nobody a head start": ("defender_first", {"share": 0.0}),
    "one signatory": ("treaty", {"jurisdictions": US, "threshold": "distance_to_frontier", "value": -1.0}),
    "hits signatories": (
        "treaty", {"threshold": "distance_to_frontier", "value": -1.0}, "export_control", {"jurisdictions": ("china",)},
    ),
    "rules together cost": ("licensing", {"compliance_cost": 0.3, "jurisdictions": EU}),
}  # fmt: skip
"""Combinations that are legal but odd, by words of the warning."""


@pytest.mark.parametrize("words", ODD)
def test_odd_combinations_are_named(words: str) -> None:
    kinds, plain = ODD[words][::2], load("status_quo")
    policies = tuple(
        POLICIES[kind](start=absolute_month(2027, 1), **fields)  # type: ignore[arg-type, index]
        for kind, fields in zip(kinds, ODD[words][1::2], strict=True)
    )
    both = (*plain.policies, *policies)
    assert any(words in text for text in warnings(plain.replace(policies=both)))
    assert not any(words in text for text in warnings(plain))
    # One after the other they are no combination.
    if len(policies) == 2:
        later = dataclasses.replace(policies[1], start=absolute_month(2030, 1))
        earlier = dataclasses.replace(policies[0], end=absolute_month(2030, 1))
        assert not any(words in text for text in warnings(plain.replace(policies=(*plain.policies, earlier, later))))


@pytest.mark.parametrize("name", SCENARIOS)
def test_words_are_for_people(name: str) -> None:
    text = explain(load(name), load("status_quo"))
    assert not re.search(r"\br\d\b|r5_opened|log10|OOM\b(?!.*:)", text.split("Tension")[0])


def test_amounts() -> None:
    assert amount(0.3, "share") == "30 %" and amount(0.03, "share of turnover") == "3 % of turnover"
    assert amount(26, "log10 FLOP") == "10^26 operations" and amount(0.3, "log10 factor") == "2 times the price"
    assert amount(1, "OOM") == "1 order of magnitude" and amount(1, "months") == "1 month"
    assert "10 % or more of the effective computing" in line("distance_to_frontier", -1)
    assert "below the capability at which uplift begins in biology" in line("bio", -2)


def test_levers_by_date_say_when_where_and_what() -> None:
    text = levers_by_date(load("closed_frontier"))
    assert text.index("2025-08") < text.index("2027-01")
    assert "open weights: forbidden for models worth 10 % or more" in text and "in the United States and the Eu" in text
