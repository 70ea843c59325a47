"""Compare and Assumptions in a browser, and what their callbacks refuse."""

from __future__ import annotations

import pytest

import sim
from dashboard.callbacks.comparing import chosen
from dashboard.pages import assumptions
from dashboard.views import ViewState
from tests.dashboard.browsing import LONG

VALUE = "document.querySelector(\"#assumptions-grid [row-id='market.entry_rate'] [col-id=value]\").innerText"


def test_compare_shows_every_headline_of_every_scenario(visit):
    seen = visit("/compare?v=1&m=24")
    page = seen.page
    assert page.locator(".compare-table tbody tr").count() == len(sim.HEADLINES)
    assert page.locator(".compare-table thead th").all_inner_texts()[1] == "Status quo"
    assert page.locator("#compare-differences .js-plotly-plot").count() == 3
    assert page.locator("#compare-levels .js-plotly-plot").count() == len(sim.HEADLINES)
    assert "seed 0" in page.locator("#compare-caption").inner_text()


def test_compare_keeps_its_state_in_the_address(visit):
    seen = visit("/compare?v=1&m=24&s=staged_release;staged_release.delay_months=12|open_science")
    page = seen.page
    heads = page.locator(".compare-table thead th").all_inner_texts()
    assert heads == ["Outcome", "Status quo", "Staged release, edited", "Open science"]
    page.locator("#compare-baseline").click()
    page.get_by_role("option", name="Open science", exact=True).click()
    seen.wait("() => location.search.includes('b=open_science')", timeout=LONG)
    seen.wait("() => document.querySelectorAll('.compare-table thead th').length === 3", timeout=LONG)
    page.reload()
    seen.settle("/compare")
    assert page.locator(".compare-table thead th").all_inner_texts() == [
        "Outcome",
        "Open science",
        "Staged release, edited",
    ]
    with page.expect_download() as caught:
        page.get_by_role("button", name="Report").click()
    assert caught.value.suggested_filename.endswith(".html")


@pytest.mark.parametrize(
    ("scenarios", "baseline", "outcome"),
    [(None, "status_quo", "incidents"), ([], "status_quo", "incidents"), ([5], "status_quo", "incidents"),
     (["nope"], "status_quo", "incidents"), (["open_science"], None, "incidents"),
     (["open_science"], "status_quo", "nope"), (["open_science"], "status_quo", ["incidents"])],
)  # fmt: skip
def test_compare_refuses_what_no_control_offers(scenarios, baseline, outcome):
    with pytest.raises(sim.InputError):
        chosen(ViewState(), scenarios, baseline, "calibrated", outcome)


def test_assumptions_are_searched_set_checked_and_reset(visit):
    seen = visit("/assumptions?v=1&m=24")
    page = seen.page
    page.get_by_label("Search the assumptions").fill("market.entry_rate")
    seen.wait("() => document.querySelectorAll('#assumptions-grid .ag-center-cols-container .ag-row').length < 5")
    cell = page.locator("#assumptions-grid [row-id='market.entry_rate'] [col-id=value]")

    def give(text: str) -> None:
        cell.click()
        page.locator("#assumptions-grid .ag-cell-inline-editing input").fill(text)
        page.keyboard.press("Enter")

    give("0.03")
    seen.wait("() => location.search.includes('a=market.entry_rate=0.03')")
    assert "1 set by you" in page.locator("#assumptions-count").inner_text()
    give("7000")
    seen.wait(
        "() => document.querySelector('#assumptions-problem').innerText.includes('outside its admissible interval')"
    )
    seen.wait(f"(text) => {VALUE} === text", "0.03")
    assert "a=market.entry_rate=0.03" in page.locator("#assumptions-explore").get_attribute("href")
    page.get_by_role("button", name="Reset all values").click()
    seen.wait("() => !location.search.includes('market.entry_rate')")
    default = f"{sim.REGISTRY['market.entry_rate'].default:g}"
    seen.wait(f"(text) => {VALUE} === text", default)


def test_every_parameter_has_a_row_with_unit_range_source_and_reason():
    rows = assumptions.rows(ViewState())
    assert [row["name"] for row in rows] == list(sim.REGISTRY.names())
    for row in rows:
        assert row["description"]
        assert row["source"]
        assert row["range"]
        assert row["source"] != assumptions.JUDGEMENT or row["reasoning"]


@pytest.mark.parametrize("value", ["x", None, [], {}, 1e9, "1e9", float("nan"), True])
def test_edited_cells_are_checked(value):
    state, problem = assumptions.edited(ViewState(), [{"data": {"name": "market.entry_rate"}, "value": value}])
    assert state.assumptions == {}
    assert problem


@pytest.mark.parametrize("changed", ["x", [{}], [{"data": {"name": "__class__"}, "value": 1}], {"data": 1}])
def test_cells_that_do_not_exist_change_nothing(changed):
    state, _ = assumptions.edited(ViewState(), changed)
    assert state == ViewState()


def test_about_lists_the_misses(visit):
    seen = visit("/about")
    missed = [
        row["label"] for row in sim.validation_results()["calibrated"] if not row["agrees"] and not row["predicted"]
    ]
    assert missed, "a model of this kind misses something"
    for label in missed:
        assert seen.page.locator("tr", has_text=label).filter(has_text="miss").count() >= 1
