"""The page Learn in a browser: a lesson played by keyboard alone from chapter one to the debrief, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.learning import evidence
from dashboard.learning.chapter import question
from dashboard.lessons import chapters, class_kit
from dashboard.lessons.findings import find
from dashboard.runs import Engine
from tests.dashboard.browsing import Visit

FEW = 4
DRAWN = """() => {
  const plots = [...document.querySelectorAll('.learn-figure .js-plotly-plot')];
  return plots.length === document.querySelectorAll('.learn-figure').length && plots.every((plot) => plot.data);
}"""
STEPS = 80
"""Presses of Tab after which something counts as out of reach."""


@pytest.fixture(autouse=True, scope="module")
def few_draws() -> Iterator[None]:
    """Let lessons rest on few runs, which are over sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "MEMBERS", FEW)
        yield


def tab_to(seen: Visit, selector: str) -> None:
    """Press Tab until what a selector means has the focus."""
    for _ in range(STEPS):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")


def predict_and_reveal(seen: Visit) -> None:
    for item in chapter_shown(seen).predictions:
        if item.kind == "direction":
            tab_to(seen, "[role=radiogroup] input")
            seen.page.keyboard.press("ArrowRight")
        else:
            tab_to(seen, "input[inputmode=numeric]")
            seen.page.keyboard.type("40")
    seen.wait("() => !document.getElementById('learn-reveal-button').disabled")
    tab_to(seen, "#learn-reveal-button")
    seen.page.keyboard.press("Enter")
    seen.wait("() => document.activeElement?.id === 'learn-findings'", timeout=90_000)
    seen.wait(DRAWN)


def chapter_shown(seen: Visit):
    name = seen.page.evaluate("() => new URLSearchParams(location.search).get('part')") or chapters()[0].name
    return next(chapter for chapter in chapters() if chapter.name == name)


def go_on(seen: Visit, heading: str) -> None:
    tab_to(seen, "#learn-next")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name=heading).wait_for()


def test_a_lesson_by_keyboard_from_chapter_one_to_the_debrief(visit) -> None:
    seen = visit("/learn")
    for chapter, after in zip(chapters(), [*chapters()[1:], None], strict=True):
        assert seen.page.locator("#learn-reveal-button").is_disabled()
        predict_and_reveal(seen)
        views = evidence.views(Engine(workers=0), question(chapter), chapter.drawn)
        shown = seen.page.locator(".learn-says").all_inner_texts()
        assert shown == [finding.text for finding in find(chapter.predictions, views)]
        assert seen.page.locator(".learn-figure").count() == len(chapter.worlds) * (1 + len(chapter.scenarios))
        go_on(seen, after.title if after else "Find a policy that meets the goals")
    for place in range(len(class_kit().rounds)):
        tab_to(seen, "input[placeholder='Choose one']")
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            seen.page.keyboard.press(key)
        seen.wait("() => document.activeElement.value !== ''")  # a keyboard that never pauses would be ahead of it
        tab_to(seen, "input[type=checkbox]")
        seen.page.keyboard.press("Space")
        tab_to(seen, "[id*=learn-round-button]")
        seen.page.keyboard.press("Enter")
        seen.page.locator(".learn-table").nth(place).wait_for()
    assert seen.page.get_by_text("it meets it").count() == 3
    go_on(seen, "What did we learn?")
    seen.page.get_by_text("of your").first.wait_for()
    lines = seen.page.locator("#learn-summary p").all_inner_texts()
    assert len(lines) == 3 and all("predictions agree" in line for line in lines)
    assert not seen.violations()


def answer_by_mouse(seen: Visit) -> None:
    for group in seen.page.get_by_role("radiogroup").all():
        group.get_by_role("radio").first.check()
    for field in seen.page.locator("input[inputmode=numeric]").all():
        field.fill("50")
    seen.page.click("#learn-reveal-button")
    seen.page.locator("#learn-findings").wait_for()
    seen.wait(DRAWN)


PAPER = "() => document.querySelector('.js-plotly-plot').layout.template.layout.paper_bgcolor"


@pytest.mark.parametrize(
    ("part", "width", "mode"),
    [("one_release", 1440, "light"), ("offence_defence", 390, "dark"), ("many_actors", 390, "light")],
)
def test_what_is_revealed_is_accessible_and_fits(visit, part: str, width: int, mode: str) -> None:
    seen = visit(f"/learn?part={part}", width=width, mode=mode)
    answer_by_mouse(seen)
    assert not seen.violations()
    assert not seen.overflow()
    assert seen.page.evaluate(PAPER) == {"light": "#ffffff", "dark": "#171b21"}[mode]
    seen.page.keyboard.press("Alt+m")
    seen.wait(f"paper => ({PAPER})() === paper", {"light": "#171b21", "dark": "#ffffff"}[mode])


@pytest.mark.parametrize("part", ["rounds", "debrief", "kit"])
@pytest.mark.parametrize(("width", "mode"), [(1440, "light"), (390, "dark")])
def test_the_other_parts_are_accessible_and_fit(visit, part: str, width: int, mode: str) -> None:
    seen = visit(f"/learn?part={part}", width=width, mode=mode)
    seen.page.locator("article h2").wait_for()
    assert not seen.violations()
    assert not seen.overflow()


def test_an_unknown_part_begins_with_chapter_one_and_says_so(visit) -> None:
    seen = visit("/learn?part=%3Cscript%3E")
    assert seen.page.locator("h2").first.inner_text() == chapters()[0].title
    assert "no such part" in seen.page.locator(".notice").inner_text()


def test_going_back_shows_the_part_before(visit) -> None:
    seen = visit("/learn?part=rounds")
    seen.page.get_by_role("link", name="Debrief").first.click()
    seen.page.get_by_role("heading", name="What did we learn?").wait_for()
    seen.page.go_back()
    seen.page.get_by_role("heading", name="Find a policy that meets the goals").wait_for()


def test_the_kit_prints_cards_and_worksheet_without_the_page_around_them(visit) -> None:
    seen = visit("/learn?part=kit")
    seen.page.emulate_media(media="print")
    for selector in (".site-header", ".learn-steps", "#learn-print"):
        assert not seen.page.locator(selector).is_visible(), selector
    assert seen.page.locator(".learn-role").count() == 6
    assert seen.page.locator(".learn-line").first.bounding_box()["height"] > 40
    assert len(seen.page.pdf(format="A4")) > 20_000
