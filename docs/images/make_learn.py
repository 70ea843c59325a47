"""Make the pictures of the pages on teaching and presenting from the running app: ``python docs/images/make_learn.py``.

Needs Playwright and a Chromium; nothing is drawn by hand, so that the pictures show what the program shows.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

from dashboard.app import create_app

FOLDER = Path(__file__).parent
SIZE = {"width": 1200, "height": 820}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
WAIT = 120_000
"""Milliseconds that runs may take."""


def answered(page: Page) -> None:
    """Answer every question of a chapter."""
    for place, group in enumerate(page.get_by_role("radiogroup").all()):
        group.get_by_role("radio").nth(place % 2).check()
    for field in page.locator("input[inputmode=numeric]").all():
        field.fill("50")


def predict(page: Page) -> None:
    """Show the questions of chapter one, some of them answered."""
    for group in page.get_by_role("radiogroup").all()[:2]:
        group.get_by_role("radio").nth(1).check()
    page.get_by_role("heading", name="One release decision").evaluate("e => window.scrollTo(0, e.offsetTop - 60)")


def reveal(page: Page) -> None:
    """Show what the runs say."""
    answered(page)
    page.click("#learn-reveal-button")
    page.locator("#learn-findings").wait_for(timeout=WAIT)
    page.wait_for_function("() => document.querySelectorAll('.learn-figure .main-svg').length > 1")
    page.locator("#learn-findings").evaluate("e => e.scrollIntoView({block: 'start'})")


def rounds(page: Page) -> None:
    """Show the first round after its reveal."""
    field = page.get_by_placeholder("Choose one").first
    field.click()
    page.get_by_role("option").nth(4).click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Reveal round 1").click()
    page.locator(".learn-table").first.wait_for(timeout=WAIT)
    page.get_by_role("heading", name="Round 1").evaluate("e => e.scrollIntoView({block: 'start'})")


def cards(page: Page) -> None:
    """Show the role cards."""
    page.get_by_role("heading", name="Role cards").evaluate("e => e.scrollIntoView({block: 'start'})")


def presented(page: Page) -> None:
    """Wait for the whole picture of Present."""
    page.wait_for_function("() => document.body.dataset.present === 'idle'", timeout=WAIT)
    page.locator("#present-graph .main-svg").first.wait_for()


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "learn_predict": ("/learn", predict),
    "learn_reveal": ("/learn", reveal),
    "learn_rounds": ("/learn?part=rounds", rounds),
    "learn_kit": ("/learn?part=kit", cards),
    "present": ("/present?s=closed_frontier_universal&o=open_usage_share", presented),
}
"""Name of the file to the path and what is done there."""


def main() -> int:
    """Serve the app on a free port and take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium on the path.", file=sys.stderr)
        return 2
    server = create_server(create_app().server, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, (path, act) in PICTURES.items():
            page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
            page.goto(f"http://127.0.0.1:{server.effective_port}{path}")
            page.locator("h2, .present-body").first.wait_for()
            act(page)
            page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
            page.close()
            print(f"{name}.png")
        browser.close()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
