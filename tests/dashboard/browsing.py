"""A visit to the dashboard in a browser, with what is watched during it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SERIOUS = ("serious", "critical")
RENDERED = "() => document.querySelector('#page-content h1') !== null"
SETTLED = {
    "/": "() => document.body.dataset.explore === 'idle'",
    "/compare": "() => document.querySelector('#compare-status')?.innerText === 'Up to date'",
    "/assumptions": "() => document.querySelectorAll('#assumptions-grid .ag-row').length > 5",
}
"""What says of a page that it has everything; others have it once they are rendered."""
LONG = 120_000
"""Milliseconds to wait for runs: machines that test many things at once are slow."""


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.is_file() else next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Visit:
    """A page of the browser, and what went wrong on it."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._watch(request.url))

    def _watch(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:", "about:")):
            self.foreign.append(url)

    def go(self, path: str) -> None:
        """Open a path and wait until its page stands."""
        self.page.goto(self.address + path)
        self.wait(RENDERED)
        self.settle(path.partition("?")[0])

    def settle(self, path: str = "/") -> None:
        """Wait until a page has everything that it shows at first."""
        if path in SETTLED:
            self.wait(SETTLED[path], timeout=LONG)

    def query(self) -> str:
        """Return the query of the address bar, percent signs decoded."""
        return unquote(str(self.page.evaluate("() => location.search")))

    def state(self) -> Any:
        """Return the state of Explore."""
        return self.page.evaluate("() => aperture.explore.state")

    def wait(self, condition: str, argument: Any = None, timeout: float = 60_000) -> Any:
        """Wait until a function of the page returns something true; never sleep instead."""
        return self.page.wait_for_function(condition, arg=argument, timeout=timeout)

    def violations(self, **options: Any) -> list[str]:
        """Return the serious violations of accessibility that axe finds, in words; empty is good.

        What is there for the moment of a change only, as while colours turn from light to dark, is none.
        """
        words: list[str] = []
        for _ in range(LOOKS):
            found = Axe().run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]
            words = [
                f"{item['id']}: {item['help']}: {', '.join(str(node['target']) for node in item['nodes'][:5])}"
                for item in found
                if item["impact"] in SERIOUS
            ]
            if not words:
                break
            self.page.wait_for_timeout(BETWEEN_LOOKS)
        return words

    def overflow(self) -> list[str]:
        """Return the elements that stick out of a page that scrolls sideways; empty is good."""
        return list(self.page.evaluate(OVERFLOW))

    def check(self) -> None:
        """Fail if the console held errors or a request went elsewhere."""
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign


LOOKS, BETWEEN_LOOKS = 4, 500
"""Times that a page is looked at before something counts as a violation, and milliseconds between them."""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *, header *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > width + 1;
  }).slice(0, 8).map((e) => e.tagName + "." + (e.id || e.className));
}"""
