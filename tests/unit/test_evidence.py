"""The table of facts."""

import csv
import re
from dataclasses import FrozenInstanceError, fields
from importlib.resources import files

import pytest

from sim.evidence import VERIFICATIONS, Fact, facts, verified


def rows() -> list[list[str]]:
    return list(csv.reader((files("sim.evidence") / "facts.csv").read_text(encoding="utf-8").splitlines()))


def test_columns_and_fields_have_the_same_names() -> None:
    assert rows()[0] == [field.name for field in fields(Fact)]


def test_ids_are_unique_and_no_row_is_lost() -> None:
    ids = [row[0] for row in rows()[1:]]
    assert list(facts()) == ids
    assert len(ids) == len(set(ids)) > 100
    assert all(re.fullmatch(r"[A-G]\d\d", id) for id in ids)


@pytest.mark.parametrize("fact", facts().values(), ids=lambda fact: fact.id)
def test_every_fact_says_what_it_is_and_how_well_it_was_verified(fact: Fact) -> None:
    assert fact.verification in VERIFICATIONS
    assert fact.theme.startswith(f"{fact.id[0]}. ")
    assert fact.quantity and fact.value and fact.date and fact.source and fact.use
    if fact.low is not None and fact.high is not None:
        assert fact.low <= fact.high


def test_verified_means_anything_but_unverified() -> None:
    for fact in facts().values():
        assert verified(fact.id) is (fact.verification != "unverified")
    assert {verified(id) for id in facts()} == {True, False}
    with pytest.raises(KeyError):
        verified("Z99")


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        facts()["A01"] = facts()["A02"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        facts()["A01"].value = "5"  # type: ignore[misc]
