"""How the dashboard feels: ``python -m benchmarks.dashboard``.

In a real browser a lever of Explore is dragged with four charts in view: painted frames a second, and the time from the
release to the final picture; then the time to the first picture of four scenarios that the server has never seen.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.dashboard.browsing import ARGUMENTS, find_chromium

IDLE = "() => document.body.dataset.explore === 'idle'"
SEED = 4_321


def serve(address: Any) -> None:
    """Serve the dashboard in a process of its own."""
    from dashboard.app import serve as start

    start(port=0, ready=address.send)


def frames(page: Page, seconds: float, steps: int) -> tuple[float, float, int]:
    """Drag the strength of the first instrument to and fro; return frames a second, seconds to the end, frames."""
    thumb = page.locator("[role=slider][aria-label=Strength]").first
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    track = thumb.locator("xpath=ancestor::*[contains(@class,'lever-slider')]").bounding_box()
    assert box is not None and track is not None
    y = box["y"] + box["height"] / 2
    page.evaluate("() => { aperture.explore.frames.length = 0; }")
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    began = time.perf_counter()
    for step in range(steps):
        place = track["x"] + track["width"] * (0.95 - 0.9 * (step + 1) / steps)
        page.mouse.move(place, y)
        page.wait_for_timeout(1000 * seconds / steps)
    dragged = time.perf_counter() - began
    painted = int(page.evaluate("() => aperture.explore.frames.length"))
    page.mouse.up()
    released = time.perf_counter()
    page.wait_for_function(IDLE, timeout=60_000)
    return painted / dragged, time.perf_counter() - released, painted


def first_picture(page: Page, address: str, seed: int, scenarios: str) -> float:
    """Return the seconds from asking for a page that nobody has seen to its final picture."""
    began = time.perf_counter()
    page.goto(f"{address}?v=1&n={seed}&s={scenarios}")
    page.wait_for_function(IDLE, timeout=120_000)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of the drag (default 6)")
    parser.add_argument("--steps", type=int, default=60, help="moves of the pointer during it (default 60)")
    args = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=False)
    server.start()
    address = here.recv()
    try:
        measure(address, args.seconds, args.steps)
    finally:
        server.kill()  # its workers end with it
        server.join()


def measure(address: str, seconds: float, steps: int) -> None:
    """Measure in a browser and print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        four = "open_by_default|closed_frontier|staged_release"
        cold = first_picture(page, address, SEED, four)
        warm = first_picture(page, address, SEED, four)
        print(f"first picture, 4 scenarios × 32 members: {cold:.2f} s cold, {warm:.2f} s from memory")
        for name, scenarios in (("2 scenarios", "open_by_default"), ("4 scenarios", four)):
            first_picture(page, address, 0, scenarios)
            for again in ("new values", "values seen before"):
                rate, final, painted = frames(page, seconds, steps)
                print(f"drag, 4 charts, {name}, {again}: {rate:.1f} frames/s ({painted}), ", end="")
                print(f"final picture {final:.2f} s after release")
        browser.close()


if __name__ == "__main__":
    main()
