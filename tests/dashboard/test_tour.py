"""The guided tour of Explore: every step has its place, it can be walked by keyboard, and it gives the focus back."""

from __future__ import annotations

import pytest

from dashboard.components.tour import steps

IDLE = "() => document.body.dataset.explore === 'idle'"


def test_the_tour_is_walked_by_keyboard(visit) -> None:
    seen = visit("/?m=24")
    seen.wait(IDLE, timeout=120_000)
    seen.page.focus("#tour-button")
    seen.page.keyboard.press("Enter")
    for place, step in enumerate(steps()):
        assert seen.page.locator("#tour-title").inner_text() == step["title"]
        assert f"{place + 1} of {len(steps())}" in seen.page.locator("#tour").inner_text()
        assert seen.page.locator(".tour-lifted").count() == 1
        assert seen.page.evaluate("() => document.activeElement.id") == "tour"
        seen.page.keyboard.press("ArrowRight")
    assert seen.page.locator("#tour").count() == 0 and seen.page.locator(".tour-lifted").count() == 0
    assert seen.page.evaluate("() => document.activeElement.id") == "tour-button"


def test_escape_ends_it_and_back_goes_back(visit) -> None:
    seen = visit("/?m=24")
    seen.wait(IDLE, timeout=120_000)
    seen.page.click("#tour-button")
    seen.page.get_by_role("button", name="Next").click()
    seen.page.get_by_role("button", name="Back").click()
    assert seen.page.locator("#tour-title").inner_text() == steps()[0]["title"]
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#tour").count() == 0


@pytest.mark.parametrize(("width", "mode"), [(1440, "light"), (390, "dark")])
def test_its_box_stays_in_the_window(visit, width: int, mode: str) -> None:
    seen = visit("/?m=24", width=width, height=800, mode=mode)
    seen.wait(IDLE, timeout=120_000)
    seen.page.click("#tour-button")
    assert not [text for text in seen.violations() if "tour" in text]
    for _ in steps():
        box = seen.page.locator("#tour").bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= 800
        seen.page.keyboard.press("ArrowRight")


def test_a_view_goes_on_to_present_and_into_a_frame(visit) -> None:
    seen = visit("/?s=closed_frontier&o=open_usage_share&m=24", permissions=["clipboard-read", "clipboard-write"])
    seen.wait(IDLE, timeout=120_000)
    seen.page.click("#show-embed")
    seen.wait("() => document.getElementById('explore-status').textContent === 'Code copied'")
    code = seen.page.evaluate("() => navigator.clipboard.readText()")
    assert code.startswith(f'<iframe src="{seen.address}/embed?') and "closed_frontier" in code and "&amp;" in code
    seen.page.click("#show-present")
    seen.page.locator("h1", has_text="Closed frontier").wait_for()
    seen.wait("() => document.body.dataset.present === 'idle'", timeout=120_000)
    assert "/present?" in seen.page.url and "m=24" in seen.page.url
    seen.page.go_back()
    seen.page.locator("#explore-page").wait_for()
