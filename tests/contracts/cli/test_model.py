"""The command line with the model itself, small: the numbers do not depend on how they are asked for."""

import pytest

SMALL = (
    "-r", 4, "--months", 4, "--json",
    "--set", "population.misusers=60", "--set", "population.defenders=20", "--set", "population.builders=40",
)  # fmt: skip


def test_outcomes_are_complete(document):
    rows = document("outcomes", "--json")
    assert len(rows) >= 40
    for row in rows:
        assert row["direction"] in ("higher", "lower", "neutral")
        assert row["summary"] in ("sum", "mean", "last", "max")
        assert row["unit"] and row["label"] and row["description"]


def test_a_scenario_alone_equals_itself_in_a_comparison(document):
    both = document("compare", "status_quo", "open_by_default", *SMALL)["scenarios"]
    swapped = document("compare", "open_by_default", "status_quo", *SMALL)["scenarios"]
    alone = document("run", "open_by_default", *SMALL)["scenarios"]
    assert both == swapped
    assert alone["open_by_default"] == both["open_by_default"]
    assert document("run", "status_quo", *SMALL, "--seed", 1)["scenarios"]["status_quo"] != both["status_quo"]


def test_fewer_months_are_the_beginning_of_more(document):
    long = document("run", "status_quo", *SMALL, "--monthly")["monthly"]
    short = document("run", "status_quo", *SMALL, "--monthly", "--months", 3)["monthly"]
    assert short == {name: values[:3] for name, values in long.items()}


def test_draws_worlds_and_counterfactuals(document):
    found = document(
        "compare", "staged_release", *SMALL, "--draws", 2, "--with", "offence_dominant", "--counterfactuals"
    )
    assert (found["draws"], found["worlds"]) == (2, ["offence_dominant"])
    assert set(found["marginal"]) == {"closed_frontier", "no_ai"}
    assert found["scenarios"]["status_quo"]["cumulative_harm"]["mean"] > 0


@pytest.mark.parametrize("words", [("run", "status_quo"), ("compare", "staged_release")])
def test_saved_reports(words, aperture, tmp_path):
    arguments = [word for word in SMALL if word != "--json"]
    code, out, err = aperture(*words, *arguments, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "Reproduce: aperture" in out
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
