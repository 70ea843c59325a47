"""The explorer in a browser, opened from the disk: it draws what the runs gave, by mouse and by keyboard, offline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.figures import View
from sim.figures.fan import fan
from sim.figures.numbers import digits, scale
from tests.dashboard.explorer.conftest import Made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VALUES = [0, 0.5001, 1, 12.34, -999.6, 1234.56, 0.00012346, 0.0000612, 99999, 1.234e8, -3.3e15, 0.9999]
UNITS = [("USD", 3.2e12), ("share", 0.2), ("HHI", 4e6), ("innovations", 2e9), ("FLOP", 1.3e27), ("probability", 0.4)]


@pytest.fixture(scope="module")
def page(browser: Browser, made: Made) -> Iterator[Page]:
    """One page for all tests, with what it asked for and complained of."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    context.set_offline(True)
    found = context.new_page()
    found.wrong = []  # type: ignore[attr-defined]
    found.on("console", lambda m: found.wrong.append(m.text) if m.type in ("error", "warning") else None)  # type: ignore[attr-defined]
    found.on("pageerror", lambda e: found.wrong.append(str(e)))  # type: ignore[attr-defined]
    found.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or found.wrong.append(r.url))  # type: ignore[attr-defined]
    opened(found, made)
    yield found
    context.close()


def opened(page: Page, made: Made, chosen: str = "") -> None:
    page.goto("about:blank")
    page.goto(f"{made.path.as_uri()}{chosen}")
    page.wait_for_selector("html[data-ready]")


@pytest.fixture(autouse=True)
def nothing_went_wrong(page: Page) -> Iterator[None]:
    yield
    assert page.wrong == []  # type: ignore[attr-defined]


def medians(page: Page, chart: int = 0) -> dict[str, list[float]]:
    return page.evaluate(
        "i => Object.fromEntries(document.getElementById(`chart-${i}`).data.filter(t => t.showlegend !== false)"
        ".map(t => [t.name.replace(/<br>/g, ' '), t.y]))",
        chart,
    )


def test_it_draws_what_the_fan_of_the_runs_draws(page: Page, made: Made) -> None:
    view: View = made.view
    drawn = page.evaluate("() => document.getElementById('chart-0').data")
    name = page.evaluate("() => State.state.charts[0]")
    series = {view.shown[key]: view.results.monthly[name][view.rows[key]] for key in ("status_quo", "closed_frontier")}
    whole = fan(series, view.monthly_measure(name), view.horizon, baseline=view.shown["status_quo"])
    wanted = {
        trace["name"].replace("<br>", " "): trace for trace in whole["data"] if trace.get("showlegend") is not False
    }
    found = {trace["name"].replace("<br>", " "): trace for trace in drawn if trace.get("showlegend") is not False}
    assert set(wanted) <= set(found)
    for title, trace in wanted.items():
        places = [trace["x"].index(date) for date in found[title]["x"]]
        ratio = np.array(found[title]["y"]) / np.array(trace["y"])[places]
        np.testing.assert_allclose(ratio, ratio[0], rtol=2e-3)  # a unit of its own is the same factor everywhere
        assert found[title]["line"] == trace["line"]
    kinds = [(t.get("fill"), t.get("fillcolor"), t["line"]) for t in drawn if t["legendgroup"] == "status_quo"]
    base = [t for t in whole["data"] if t["name"] == view.shown["status_quo"]]
    assert kinds == [(t.get("fill"), t.get("fillcolor"), t["line"]) for t in base]


def test_a_lever_adds_a_line_of_its_own(page: Page, made: Made) -> None:
    opened(page, made)
    before = medians(page)
    page.focus("#lever-0")
    page.keyboard.press("ArrowRight")
    after = medians(page)
    own = set(after) - set(before)
    assert len(own) == 1 and "staged release, 3 months" in own.pop()
    assert page.get_attribute("#lever-0", "aria-valuetext") == "3 months"
    page.keyboard.press("End")
    assert any("12 months" in title for title in medians(page))
    assert "12 months" in page.inner_text("#sentence")


def test_worlds_and_policies_by_keyboard(page: Page, made: Made) -> None:
    opened(page, made)
    first = medians(page, 2)
    page.keyboard.press("w")
    assert page.is_checked("input[value=offence_dominant]")
    assert medians(page, 2)["Status quo"] != first["Status quo"]
    shown = set(medians(page))
    page.keyboard.press("2")
    assert set(medians(page)) ^ shown == {"Staged release"}
    page.focus("#policies input[value=closed_frontier]")
    page.keyboard.press("Space")
    assert "Closed frontier, kept by a bloc" not in medians(page)
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")
    page.keyboard.press("r")
    assert medians(page, 2) == first


def test_a_class_predicts_before_it_sees(page: Page, made: Made) -> None:
    opened(page, made, "#show=closed_frontier&levers=1")
    assert len(medians(page)) == 3
    page.keyboard.press("p")
    assert set(medians(page)) == {"Status quo"}
    assert "what do you expect of Closed frontier" in page.inner_text("#sentence")
    assert "Closed frontier" not in page.inner_text("#table") + page.inner_text("#cards")
    opened(page, made, page.evaluate("() => location.hash"))
    assert set(medians(page)) == {"Status quo"}
    page.click("#predict")
    assert len(medians(page)) == 3 and "predict" not in page.evaluate("() => location.hash")


def test_the_address_keeps_what_is_chosen(page: Page, made: Made) -> None:
    opened(page, made, "#world=offence_dominant&show=staged_release&levers=2&charts=incidents")
    assert page.input_value("#lever-0") == "2" and page.is_checked("input[value=offence_dominant]")
    assert page.evaluate("() => State.state.charts[0]") == "incidents"
    lines, address = medians(page), page.evaluate("() => location.hash")
    opened(page, made, address)
    assert medians(page) == lines
    opened(page, made, "#world=nowhere&show=nothing&levers=99,x&charts=none&colours=red")
    assert page.is_checked("input[value=default]") and set(medians(page)) == {"Status quo"}


def test_numbers_are_written_as_everywhere_else(page: Page) -> None:
    assert page.evaluate("v => v.map(x => Numbers.digits(x, true))", VALUES) == [digits(v, sign=True) for v in VALUES]
    for unit, value in UNITS:
        found = page.evaluate("([u, v]) => Numbers.text(Numbers.scale(u, [v, null]), v)", [unit, value])
        assert found == scale(unit, [value]).text(value)


def test_tables_hold_what_the_charts_show(page: Page, made: Made) -> None:
    opened(page, made)
    stats = made.view.statistics["closed_frontier"]["usage_hhi"]
    row = page.locator("#table tr", has_text="Concentration of use").inner_text()
    assert digits(stats["mean"]) in row and digits(stats["p05"]) in row
    effect = made.view.effects("closed_frontier", ["usage_hhi"])[0]
    assert f"{digits(effect.mean, sign=True)} HHI" in row and f"{digits(effect.low, sign=True)} to" in row
    page.locator("#charts summary").first.click()
    assert page.locator("#charts table").first.inner_text().count("20") >= 4
    with page.expect_download() as download:
        page.click("#csv")
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("world,policy,outcome,unit,mean") and len(lines) > 20
    assert any(line.startswith("default,Status quo,usage_hhi,HHI,") for line in lines)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_is_accessible_and_fits(page: Page, made: Made, width: int, mode: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    opened(page, made, f"#show=closed_frontier,staged_release&levers=1&colours={mode}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => document.documentElement.dataset.theme") == mode
    background = page.evaluate("() => document.getElementById('chart-0').layout.template.layout.paper_bgcolor")
    assert background == {"light": "#ffffff", "dark": "#171b21"}[mode]
    found = Axe().run(page).response["violations"]
    assert not [
        (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")
    ]
    page.set_viewport_size({"width": 1440, "height": 1000})
