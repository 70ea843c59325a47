"""Make the pictures of the page on the dashboard from the running app: ``python docs/images/make_explore.py``.

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

from dashboard import runs
from dashboard.app import create_app

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 900}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
WAIT = 180_000
"""Milliseconds that runs may take."""
EDITED = "staged_release;staged_release.delay_months=18;staged_release.start=2026-07"


def explored(page: Page) -> None:
    """Wait for the whole picture of Explore."""
    page.wait_for_function("() => document.body.dataset.explore === 'idle'", timeout=WAIT)


def words(page: Page) -> None:
    """Show the summary and the timeline of an edited scenario."""
    explored(page)
    page.locator("#explore-words").evaluate("e => window.scrollTo(0, e.offsetTop - 250)")


def commands(page: Page) -> None:
    """Show the dialogue with the commands."""
    explored(page)
    page.get_by_role("button", name="Reproduce").click()
    page.locator("#reproduce-python").wait_for()


def compared(page: Page) -> None:
    """Wait for the whole picture of Compare."""
    page.wait_for_function("() => document.querySelector('#compare-status')?.innerText === 'Up to date'", timeout=WAIT)


def assumed(page: Page) -> None:
    """Search the assumptions."""
    page.locator("#assumptions-grid .ag-row").first.wait_for(timeout=WAIT)
    page.get_by_placeholder("Search").fill("uplift begins")
    page.wait_for_function("() => document.querySelectorAll('#assumptions-grid .ag-row').length < 10")


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "explore": ("/", explored),
    "explore_words": (f"/?v=1&s={EDITED}", words),
    "explore_reproduce": (f"/?v=1&s={EDITED}", commands),
    "compare": ("/compare", compared),
    "assumptions": ("/assumptions", assumed),
}
"""Name of the file to the path and what is done there."""


def main() -> int:
    """Serve the app on a free port and take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium on the path.", file=sys.stderr)
        return 2
    app = create_app()
    server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, (path, act) in PICTURES.items():
            page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
            page.goto(f"http://127.0.0.1:{server.effective_port}{path}")
            act(page)
            page.wait_for_timeout(800)
            page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
            page.close()
            print(f"{name}.png")
        browser.close()
    app.server.config[runs.KEY].close()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
