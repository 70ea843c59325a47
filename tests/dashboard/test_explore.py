"""Explore in a browser: what must be there, each by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from tests.dashboard.browsing import LONG

STRENGTH = "#explore-panel [data-path='mandate_open.strength']"
START = "#explore-panel [data-path='mandate_open.start']"
RESET = "#explore-panel div[data-path='mandate_open.start'] .lever-reset"
DATE = "output[data-path='mandate_open.start']"


def thumb(seen, name):
    return seen.page.locator(f"#explore-panel [role=slider][aria-label='{name}']").first


def test_the_first_view_shows_a_result_without_a_click(visit):
    seen = visit("/")
    page = seen.page
    for i in range(4):
        assert any(letter.isdigit() for letter in page.locator(f"#explore-value-{i}").inner_text())
        assert "90 % of runs" in page.locator(f"#explore-band-{i}").inner_text()
        assert "against Status quo" in page.locator(f"#explore-difference-{i}").inner_text()
    names = page.evaluate("() => [...document.querySelectorAll('.chart .legendtext')].map((e) => e.textContent)")
    assert names == ["Status quo", "Open by default"] * 4
    assert "32 parameter draws" in page.locator("#explore-caption").inner_text()
    assert "seed 0" in page.locator("#explore-caption").inner_text()
    live = page.locator("#explore-live")
    assert live.get_attribute("aria-live") == "polite"
    assert "Consumer surplus" in live.text_content()
    assert page.locator("#explore-summary li").count() > 4


def test_charts_move_while_a_lever_is_dragged_and_end_whole(visit):
    seen = visit("/")
    page = seen.page
    track = page.locator(f"{STRENGTH} .lever-slider").bounding_box()
    box = thumb(seen, "Strength").bounding_box()
    before = page.evaluate("() => aperture.explore.painted")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(6):
        page.mouse.move(track["x"] + track["width"] * (0.9 - 0.1 * step), box["y"] + box["height"] / 2)
    seen.wait("() => aperture.explore.frames.some((frame) => frame[1] === 'preview')", timeout=LONG)
    assert page.evaluate("() => aperture.explore.painted") > before, "painted while the button is still down"
    page.mouse.up()
    seen.settle()
    strength = float(seen.state()["scenarios"][0]["values"]["mandate_open.strength"])
    assert 0.2 < strength < 0.8
    assert f"mandate_open.strength={strength:g}" in seen.query()
    assert page.evaluate("() => aperture.explore.frames.at(-1)[1]") == "full"
    assert "Preview" not in page.locator("#explore-caption").inner_text()


def test_levers_work_by_keyboard_and_are_undone_redone_and_reset(visit):
    seen = visit("/")
    page = seen.page
    thumb(seen, "Start").focus()
    page.keyboard.press("ArrowRight")
    seen.wait("() => location.search.includes('mandate_open.start=2027-02')")
    assert page.locator(DATE).inner_text() == "Feb 2027"
    page.keyboard.press("Alt+z")
    seen.wait("() => !location.search.includes('mandate_open.start')")
    assert page.locator(DATE).inner_text() == "Jan 2027"
    page.keyboard.press("Alt+y")
    seen.wait("() => location.search.includes('mandate_open.start=2027-02')")
    page.locator(RESET).click()
    seen.wait("() => !location.search.includes('mandate_open.start')")
    thumb(seen, "Start").press("ArrowLeft")
    seen.wait("() => location.search.includes('mandate_open.start=2026-12')")
    page.keyboard.press("Alt+r")
    seen.wait("() => Object.keys(aperture.explore.state.scenarios[0].values).length === 0")
    assert page.locator("#explore-undo").is_enabled()
    seen.settle()


def test_a_number_can_be_typed_and_what_is_odd_is_said(visit):
    seen = visit("/?v=1&m=24&s=open_by_default;mandate_open.start=2025-01")
    box = seen.page.locator("[data-path='mandate_open.strength'] input").first
    box.fill("0")
    box.press("Tab")
    seen.page.get_by_text("has strength 0, so it does nothing").wait_for(timeout=LONG)
    seen.settle()
    assert "no difference from Status quo" in seen.page.locator("#explore-difference-0").inner_text()


def test_presets_tell_a_story_and_instruments_can_be_added_and_removed(visit):
    seen = visit("/?v=1&m=24")
    page = seen.page
    page.locator("#explore-preset").click()
    page.get_by_role("option", name="Staged release", exact=True).click()
    seen.wait("() => document.querySelector('#explore-story').innerText.includes('limited way')")
    seen.wait("() => document.querySelector('[data-kind=staged_release]') !== null")
    page.locator("#explore-add").fill(sim.POLICIES["licensing"].title)
    page.get_by_role("option", name=sim.POLICIES["licensing"].title, exact=True).click()
    seen.wait("() => aperture.explore.state.scenarios[0].add.length === 1")
    kind = seen.state()["scenarios"][0]["add"][0]
    page.locator(f"[data-kind={kind}]").wait_for()
    page.locator(f"[data-kind={kind}]").get_by_role("button", name="Remove").click()
    seen.wait("() => aperture.explore.state.scenarios[0].add.length === 0")
    seen.settle()
    assert "s=staged_release&" in seen.query()


def test_bands_chance_only_and_single_runs(visit):
    seen = visit("/?v=1&m=24")
    page = seen.page
    page.get_by_label("chance only").check()
    seen.wait("() => document.querySelector('#explore-caption').innerText.includes('chance only')", timeout=LONG)
    page.get_by_label("single runs").check()
    seen.wait("() => document.querySelector('#explore-caption').innerText.includes('single runs')", timeout=LONG)
    seen.settle()
    assert "e=chance&d=runs" in seen.query()
    traces = "() => document.querySelector('.chart .js-plotly-plot').data.length"
    assert page.evaluate(traces) == 2 * 33


def test_links_survive_reload_and_back_and_say_what_is_no_use(visit):
    link = "/?v=1&m=24&s=staged_release;staged_release.delay_months=12|open_science&a=misuse.enabled=0"
    seen = visit(link)
    kept = seen.state()
    assert kept["scenarios"][0]["values"] == {"staged_release.delay_months": "12"}
    seen.page.reload()
    seen.settle()
    assert seen.state() == kept
    seen.page.get_by_role("navigation").get_by_role("link", name="About").click()
    seen.wait("() => document.title.startsWith('About')")
    seen.page.go_back()
    seen.wait("() => document.title.startsWith('Explore')")
    seen.settle()
    assert seen.state() == kept
    seen.go("/?v=1&m=24&s=staged_release;staged_release.delay_months=1e9;nonsense=1&n=-1&w=atlantis")
    assert seen.page.get_by_text("The link was taken up in part").count() == 3
    assert seen.state()["scenarios"][0]["values"] == {}


def test_any_scenario_can_be_pinned_as_baseline_and_kept_beside(visit):
    seen = visit("/?v=1&m=24&s=staged_release;staged_release.delay_months=12")
    page = seen.page
    page.get_by_role("button", name="Keep beside").click()
    seen.wait("() => aperture.explore.state.scenarios.length === 2")
    page.get_by_role("button", name="Pin as baseline").click()
    seen.wait("() => aperture.explore.state.baseline.preset === 'staged_release'")
    page.locator("#explore-preset").click()
    page.get_by_role("option", name="Open science", exact=True).click()
    seen.wait(
        "() => document.querySelector('#explore-difference-0').innerText.includes('Staged release, edited')",
        timeout=LONG,
    )
    seen.settle()
    assert "b=staged_release;staged_release.delay_months=12" in seen.query()
    page.get_by_role("button", name="Let Staged release, edited go").click()
    seen.wait("() => aperture.explore.state.scenarios.length === 1")
    seen.settle()


def test_bars_of_the_timeline_are_moved_by_hand(visit):
    seen = visit("/?v=1")
    plot = "document.querySelector('#explore-timeline .js-plotly-plot')"
    seen.page.evaluate(f"() => Plotly.relayout({plot}, {{'shapes[0].x0': '2028-03-02'}})")
    seen.wait("() => location.search.includes('mandate_open.start=2028-03')")
    seen.settle()
    assert seen.page.locator(DATE).inner_text() == "Mar 2028"
    assert (
        seen.page.evaluate("() => document.querySelector('#explore-timeline .js-plotly-plot').layout.shapes[0].x0")
        == "2028-03-01"
    )


@pytest.mark.parametrize(
    ("item", "suffix"), [("Picture (PNG)", ".png"), ("Picture (SVG)", ".svg"), ("Data (CSV)", ".csv")]
)
def test_a_chart_can_be_taken_away(visit, item, suffix):
    seen = visit("/?v=1&m=24")
    seen.page.locator("summary[aria-label='Menu of chart 1']").click()
    with seen.page.expect_download() as caught:
        seen.page.locator("details[open].menu").get_by_role("button", name=item).click()
    assert caught.value.suggested_filename == f"cumulative_innovation{suffix}"
    data = Path(caught.value.path()).read_bytes()
    if suffix == ".csv":
        lines = data.decode().splitlines()
        assert lines[0] == "month,scenario,title,outcome,unit,mean,p05,p25,p50,p75,p95"
        assert len(lines) == 1 + 2 * 24
    else:
        assert data.startswith({".png": b"\x89PNG", ".svg": b"<svg"}[suffix])


def test_a_chart_is_explained_and_has_a_table(visit):
    seen = visit("/?v=1&m=24")
    seen.page.locator("summary[aria-label='Menu of chart 2']").click()
    seen.page.locator("details[open].menu").get_by_role("button", name="Explain this chart").click()
    dialogue = seen.page.get_by_role("dialog", name="About this chart")
    dialogue.get_by_text("Concentration of use (HHI)").wait_for()
    assert not seen.violations()
    seen.page.keyboard.press("Escape")
    dialogue.wait_for(state="hidden")
    seen.page.locator("summary", has_text="Data table").first.click()
    cells = seen.page.locator(".data-table").first.locator("th").all_inner_texts()
    assert "Jan 2024" in cells
    assert any("Status quo" in cell for cell in cells)


def test_the_report_is_one_file_that_opens_offline(visit, browser, tmp_path):
    seen = visit("/?v=1&m=24")
    with seen.page.expect_download() as caught:
        seen.page.get_by_role("button", name="Report").click()
    target = tmp_path / "report.html"
    caught.value.save_as(target)
    context = browser.new_context(offline=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: request.url.startswith("http") and wrong.append(request.url))
    page.goto(target.as_uri())
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length > 3")
    context.close()
    assert not wrong


def test_a_view_is_saved_as_a_file_and_opened_again(visit, tmp_path):
    seen = visit("/?v=1&m=24&s=staged_release;staged_release.delay_months=9")
    with seen.page.expect_download() as caught:
        seen.page.get_by_role("button", name="Save file").click()
    target = tmp_path / "mine.toml"
    caught.value.save_as(target)
    seen.go("/?v=1&m=24")
    seen.page.locator("#explore-upload input[type=file]").set_input_files(target)
    seen.wait("() => location.search.includes('staged_release.delay_months=9')")
    seen.settle()
    bad = tmp_path / "bad.toml"
    bad.write_text("nothing = 1\n")
    seen.page.locator("#explore-upload input[type=file]").set_input_files(bad)
    seen.page.get_by_text("its first line holds no view").wait_for()


def test_reproduce_shows_a_command_and_python(visit):
    seen = visit("/?v=1&m=24&s=open_by_default;mandate_open.strength=0.5")
    seen.page.get_by_role("button", name="Reproduce").click()
    dialogue = seen.page.get_by_role("dialog", name="Reproduce these numbers")
    dialogue.wait_for()
    assert "aperture compare ./open_by_default_edited.toml" in dialogue.locator("#reproduce-shell").inner_text()
    assert "sim.compare(scenarios" in dialogue.locator("#reproduce-python").inner_text()
    assert not seen.violations()


def test_narrow_screens_keep_the_numbers_in_sight(visit):
    seen = visit("/?v=1&m=24", width=390, height=844)
    assert not seen.overflow()
    thumb(seen, "Strength").scroll_into_view_if_needed()
    box = seen.page.locator("#explore-tile-0").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 844


def test_switching_to_dark_recolours_the_charts(visit):
    seen = visit("/?v=1&m=24")
    seen.page.keyboard.press("Alt+m")
    dark = "() => document.querySelector('.chart .js-plotly-plot').layout.template.layout.paper_bgcolor === '#171b21'"
    seen.wait(dark, timeout=LONG)
    seen.settle()
    assert not seen.violations()


def test_what_a_client_sends_is_checked(address):
    from urllib.request import Request, urlopen

    def ask(data: object) -> dict:
        name = "explore-answer-preview"
        body = {
            "output": f"{name}.data",
            "outputs": {"id": name, "property": "data"},
            "inputs": [{"id": "explore-ask-preview", "property": "data", "value": data}],
            "changedPropIds": ["explore-ask-preview.data"],
        }
        headers = {"Content-Type": "application/json"}
        request = Request(f"{address}/_dash-update-component", json.dumps(body).encode(), headers)
        return json.load(urlopen(request))["response"][name]["data"]

    queries = [{"query": query} for query in (5, "s=" + "x" * 5000, "v=1&s=nope", "v=1&m=10000")]
    for data in (None, 5, [], *queries):
        assert "problem" in ask(data), data
