"""One server for each file of browser tests, one Chromium for all of them, and a page of its own for each test."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from dashboard import runs
from dashboard.app import create_app
from tests.dashboard.browsing import ARGUMENTS, Visit, find_chromium


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the dashboard on a free port and return its address without a slash at the end.

    Anew for each file of tests, so that none waits for what pages of another one asked for and no longer want.
    """
    app = create_app()
    server = create_server(app.server, host="127.0.0.1", port=0, threads=16)

    def serve() -> None:
        with suppress(OSError):  # the socket is closed under its feet at the end
            server.run()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    app.server.config[runs.KEY].close()
    server.close()
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    executable = find_chromium()
    if executable is None:
        reason = "no Chromium was found on the PATH: install the package chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a path in a fresh context: ``visit("/compare", width=390, mode="dark")``.

    At the end of the test every visit is checked: no error in the console, no request to another host.
    """
    visits: list[Visit] = []

    def open_(path: str = "/", width: int = 1440, height: int = 900, mode: str = "light", **context: object) -> Visit:
        context_ = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=mode, reduced_motion="reduce", **context
        )
        visits.append(Visit(context_.new_page(), address))
        visits[-1].go(path)
        return visits[-1]

    yield open_
    for one in visits:
        one.page.context.close()
    for one in visits:
        one.check()


@pytest.fixture
def page(visit: Callable[..., Visit]) -> Page:
    """Return a page at the first view, wide and light."""
    return visit("/").page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test in the browser again before it counts as failed.

    On a machine that is busy a page may be painted later than a test looks; what is wrong stays wrong.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=1))
