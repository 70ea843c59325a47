"""The page Sweep in a browser: a design is built, run, watched and opened; a server that is killed ends no sweep."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError
from waitress.server import create_server

import sim
from dashboard.app import create_app
from dashboard.jobs import keeper, records
from dashboard.sweeping import studies
from tests.dashboard.browsing import Visit

DESIGN = """
schema_version = 1
title = "Delay"
scenarios = ["staged_release", "status_quo"]
worlds = ["default", "offence_dominant"]
design = "halton"
samples = 24
months = 40
parameters = ["misuse.exposure_growth"]

[levers]
"staged_release.delay_months" = { low = 0, high = 24 }
"""
LONG = """
schema_version = 1
title = "A long one"
scenario = "status_quo"
months = 8
design = "halton"
samples = 1536
"""


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """A root with one stored sweep."""
    root = tmp_path_factory.mktemp("root") / "sweeps"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(records.ROOT_VARIABLE, str(root))
        sim.sweep(sim.parse_design(DESIGN), root / "delay")
        yield root
        for job in records.jobs():
            keeper.cancel(job.name)


@pytest.fixture(scope="module")
def address(sweeps):
    """Serve the dashboard over that root."""
    server = create_server(create_app().server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


CELLS = "() => document.querySelector('#sweep-heatmap .heatmaplayer image') !== null"


def test_a_stored_sweep_is_drawn_four_ways(visit):
    seen = visit("/sweep?open=delay")
    seen.wait(CELLS)
    assert "Delay: 96 runs over 2 varied factors." in seen.page.locator("#sweep-about").inner_text()
    for tab, layer in (
        ("Parallel lines", "#sweep-lines .scatterlayer path"),
        ("Trade-off", "#sweep-scatter .points path"),
    ):
        seen.page.get_by_role("tab", name=tab).click()
        seen.wait("(path) => document.querySelectorAll(path).length > 1", layer)
        assert not seen.violations()
    seen.page.get_by_role("tab", name="Table").click()
    seen.page.get_by_role("gridcell", name="staged_release").first.wait_for()
    assert not seen.violations()


def pointed_at(seen: Visit, across: float, down: float) -> tuple[float, float]:
    """Move the pointer over the heatmap until it says what is there: it may be drawn again under the pointer."""
    image, said = (seen.page.locator(f"#sweep-heatmap {part}") for part in (".heatmaplayer image", ".hovertext"))
    for attempt in range(20):
        image.scroll_into_view_if_needed()
        box = image.bounding_box()
        place = box["x"] + box["width"] * across + attempt % 2, box["y"] + box["height"] * down
        seen.page.mouse.move(*place)
        with suppress(TimeoutError):
            said.wait_for(timeout=1_000)
            return place
    raise AssertionError("the heatmap says nothing under the pointer")


def test_a_click_on_a_cell_opens_its_scenario(visit):
    seen = visit("/sweep?open=delay")
    seen.wait(CELLS)
    seen.wait("() => document.getElementById('sweep-columns').value === 'staged_release.delay_months'")
    seen.page.mouse.click(*pointed_at(seen, 0.03, 0.9))  # the lowest row and the first column
    seen.wait("() => location.search.startsWith('?v=1&s=staged_release;staged_release.delay_months=')")
    assert "o=ai_attributable_harm,cumulative_innovation" in seen.page.url


def test_a_row_of_the_table_gives_a_link_by_keyboard(visit):
    seen = visit("/sweep?open=delay&view=table")
    seen.page.get_by_role("gridcell", name="staged_release").first.focus()
    seen.page.keyboard.press("Space")
    link = seen.page.locator("#sweep-link")
    link.wait_for()
    assert "Open draw 0 of staged_release in Explore" in link.inner_text()
    assert "a=misuse.exposure_growth=" in link.get_attribute("href")


def test_links_restore_the_view_and_bad_ones_give_a_notice(visit):
    seen = visit("/sweep?open=delay&view=scatter&o=usage_hhi,nonsense")
    seen.wait("() => document.querySelectorAll('#sweep-scatter .points path').length > 1")
    assert seen.page.get_by_role("textbox", name="Outcome", exact=True).input_value() == sim.OUTCOMES["usage_hhi"].label
    other = visit("/sweep?open=../../etc")
    assert "no sweep of the name" in other.page.locator("#sweep-page").inner_text()


def write(seen, text):
    seen.page.locator("#sweep-text").fill(text)
    seen.page.locator("#sweep-text").blur()


def test_a_design_is_checked_as_on_the_command_line(visit):
    seen = visit("/sweep")
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('256 runs')")
    write(seen, DESIGN.replace("samples = 24", "samples = 24.5"))
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('samples: 24.5 is not a whole number')")
    assert seen.page.locator("#sweep-start").is_disabled()
    write(seen, DESIGN.replace('"status_quo"', '"/etc/passwd"'))
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('is a file')")
    seen.page.locator("#sweep-form-samples").fill("32")
    seen.page.locator("#sweep-form-samples").blur()
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('128 runs')")
    assert "samples = 32" in seen.page.locator("#sweep-text").input_value()


def state(seen, word, timeout=60_000):
    seen.wait("(word) => document.getElementById('sweep-state-0').innerText.includes(word)", word, timeout)


def test_a_sweep_is_started_paused_and_cancelled(visit):
    seen = visit("/sweep")
    write(seen, LONG)
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('1,536 runs')")
    seen.page.get_by_role("button", name="Start").click()
    state(seen, "running, ")
    seen.wait("() => Number(document.getElementById('sweep-bar-0').value) > 0", timeout=90_000)
    assert not seen.violations()
    seen.page.locator("#sweep-pause-0").click()
    state(seen, "paused")
    seen.page.locator("#sweep-resume-0").click()
    state(seen, "running, ")
    seen.page.locator("#sweep-cancel-0").click()
    state(seen, "cancelled")
    seen.page.locator("#sweep-show-0").click()
    seen.wait("() => document.getElementById('sweep-about').innerText.includes('A long one')")


def served(root):
    """Start the dashboard by its command over a root; return the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "dashboard", "--port", "0", "--no-browser", "--sweeps", str(root)],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    line = process.stdout.readline()
    return process, re.search(r"http://\S+", line)[0].rstrip("/")


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def chunks(root):
    return len(list(Path(root).glob("a-long-one/runs/*.parquet")))


def test_a_server_that_is_killed_ends_no_sweep(browser, tmp_path, monkeypatch):
    """The sweep goes on while there is no server, and a new server takes up what was killed with the old one."""
    root = tmp_path / "sweeps"
    monkeypatch.setenv(records.ROOT_VARIABLE, str(root))
    process, address = served(root)
    page = browser.new_context().new_page()
    seen = Visit(page, address)
    seen.go("/sweep")
    write(seen, LONG)
    seen.wait("() => document.getElementById('sweep-check').innerText.includes('1,536 runs')")
    page.get_by_role("button", name="Start").click()
    state(seen, "running, ")
    page.context.close()
    wait_for(lambda: chunks(root) > 0)
    kill(process)
    before = chunks(root)
    wait_for(lambda: chunks(root) > before)  # it goes on without a server
    os.killpg(int((root / ".jobs" / "a-long-one" / "process").read_text()), signal.SIGKILL)
    wait_for(lambda: not records.alive("a-long-one"))
    assert records.read("a-long-one").state == "running" and chunks(root) < 12
    process, address = served(root)
    try:
        page = browser.new_context().new_page()
        seen = Visit(page, address)
        seen.go("/sweep")
        state(seen, "finished, 1,536 of 1,536", 180_000)
        seen.check()
        page.context.close()
    finally:
        kill(process)
    assert len(sim.open_sweep(root / "a-long-one").to_dataframe()) == 1536


def wait_for(condition):
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it took too long")


def choose_study(seen: Visit, kind: str) -> None:
    seen.page.click("#sweep-study-kind")
    seen.page.get_by_role("option", name=studies.STUDIES[kind][0]).click()
    seen.page.click("#sweep-study-button")


def test_studies_say_in_words_figures_and_a_table_what_the_command_line_says(visit):
    seen = visit("/sweep?open=delay&view=studies")
    for kind, words in (("robust", "futures"), ("cruxes", "Knowing everything")):
        choose_study(seen, kind)
        seen.page.locator("#sweep-study", has_text=words).wait_for()
        seen.page.locator("#sweep-study .stacking td").first.wait_for()
        assert not seen.violations()
    found = seen.page.locator("#sweep-study .sweep-note").all_inner_texts()
    preference = sim.experiments.read_preference("ai_attributable_harm=1,cumulative_innovation=1")
    alike = sim.experiments.cruxes(sim.open_sweep(records.store("delay")), preference)
    assert found == list(sim.experiments.crux_report(alike))
    choose_study(seen, "sensitivity")
    seen.page.locator(".notice", has_text="too few").wait_for()
    seen.page.set_viewport_size({"width": 390, "height": 844})
    assert not seen.overflow()
    assert not seen.page.evaluate(
        "() => [...document.querySelectorAll('.stacking td')].some((x) => x.scrollWidth > x.clientWidth)"
    )


def test_what_cannot_be_studied_is_said(sweeps, monkeypatch):
    chosen = ("ai_attributable_harm", "cumulative_innovation")
    for name, kind, outcomes in (
        ("none", "robust", chosen),
        ("delay", "regret", chosen),
        ("delay", "robust", ("x", "y")),
    ):
        with pytest.raises(sim.InputError):
            studies.asked(name, kind, outcomes)
    monkeypatch.setattr(studies, "MOST_RUNS", 10)
    with pytest.raises(sim.InputError, match="aperture cruxes"):
        studies.asked("delay", "cruxes", chosen)
