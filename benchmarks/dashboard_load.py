"""Many visitors at once: ``python -m benchmarks.dashboard_load --users 30``.

Each visitor opens the first view, then moves one lever now and then, as a class does: every move asks for a preview
and, when the lever rests, for the whole picture. Printed are the median and the 95th percentile, and what failed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import threading
import time
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.dashboard import serve

LEVER = "mandate_open.strength"
STEPS = 10
"""Values of the lever that visitors choose among: a class tries similar things."""


def ask(address: str, tier: str, query: str) -> Any:
    """Ask for a picture as the page does."""
    name = f"explore-answer-{tier}"
    outputs: Any = {"id": name, "property": "data"}
    output = f"{name}.data"
    if tier == "full":
        words = ["explore-summary", "explore-warnings", "explore-pins"]
        tables = [{"id": {"index": i, "type": "explore-table"}, "property": "children"} for i in range(4)]
        outputs = [outputs, tables, *({"id": word, "property": "children"} for word in words)]
        pattern = '{"index":["ALL"],"type":"explore-table"}.children'
        output = ".." + "...".join([f"{name}.data", pattern, *(f"{word}.children" for word in words)]) + ".."
    data = {"query": query, "seq": 1, "mode": "light", "signatures": [], "moving": LEVER}
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": [{"id": f"explore-ask-{tier}", "property": "data", "value": data}],
        "changedPropIds": [f"explore-ask-{tier}.data"],
    }
    request = Request(
        f"{address}_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=180) as answer:
        found = json.load(answer)["response"][name]["data"]
    if "problem" in found:
        raise RuntimeError(found["problem"])
    return found


class Visitor(threading.Thread):
    """Somebody who opens the page and moves a lever now and then."""

    def __init__(self, address: str, number: int, moves: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.address, self.moves, self.pause = address, moves, pause
        self.chance = random.Random(number)
        self.times: dict[str, list[float]] = {"full": [], "preview": []}
        self.errors: list[str] = []

    def timed(self, tier: str, query: str) -> None:
        """Ask, and note how long it took or what went wrong."""
        began = time.perf_counter()
        try:
            ask(self.address, tier, query)
            self.times[tier].append(time.perf_counter() - began)
        except Exception as error:  # counted, whatever it is
            self.errors.append(f"{tier}: {error}")

    def run(self) -> None:
        """Visit."""
        self.timed("full", "v=1&s=open_by_default")
        for _ in range(self.moves):
            time.sleep(self.chance.uniform(0.5, 1.5) * self.pause)
            strength = self.chance.randint(1, STEPS) / STEPS
            query = f"v=1&s=open_by_default;{LEVER}={strength:g}"
            self.timed("preview", query)
            self.timed("full", query)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--moves", type=int, default=5, help="moves of each (default 5)")
    parser.add_argument("--pause", type=float, default=4.0, help="mean seconds between moves (default 4)")
    args = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=False)
    server.start()
    try:
        address = here.recv()
        visitors = [Visitor(address, number, args.moves, args.pause) for number in range(args.users)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    finally:
        server.kill()  # its workers end with it
        server.join()
    for tier in ("preview", "full"):
        times = sorted(t for visitor in visitors for t in visitor.times[tier])
        if times:
            p50, p95 = times[len(times) // 2], times[min(int(0.95 * len(times)), len(times) - 1)]
            print(
                f"{tier}: {len(times)} answers, median {p50:.2f} s, 95 % within {p95:.2f} s, longest {times[-1]:.2f} s"
            )
    errors = [error for visitor in visitors for error in visitor.errors]
    print(f"{args.users} users, {len(errors)} errors" + "".join(f"\n  {error}" for error in sorted(set(errors))[:5]))


if __name__ == "__main__":
    main()
