"""Many users at once: simulated visitors of a dashboard of our own on this machine, bounded in number and time."""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, perf_counter, sleep
from typing import Any

import numpy as np

from benchmarks.clock import machine
from benchmarks.startup import ROOT

MOST_USERS, MOST_SECONDS = 100, 600.0
PRESETS = ("open_by_default", "closed_frontier", "staged_release", "open_science", "structured_access")
"""What a class looks at together; the server has run each once before long."""
THINK = (2.0, 6.0)
"""Seconds between two actions of a user."""
DRAGS = 3
"""Pictures of a few members while a lever moves, before the whole one when it rests."""
FULL, PREVIEW = "explore-answer-full", "explore-answer-preview"


@dataclass
class Tally:
    """Seconds and errors by kind of action."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, good: bool) -> None:
        """Add one answer."""
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)
            self.errors[kind] = self.errors.get(kind, 0) + (not good)

    def document(self) -> dict[str, Any]:
        """Counts, median, 95 % point and errors by kind."""
        return {
            kind: {"answers": len(taken), "p50_s": round(float(np.quantile(taken, 0.5)), 3),
                   "p95_s": round(float(np.quantile(taken, 0.95)), 3), "errors": self.errors[kind]}
            for kind, taken in sorted(self.seconds.items())
        }  # fmt: skip


def load(users: int, seconds: float) -> dict[str, Any]:
    """Serve the dashboard and let users act on it side by side.

    Parameters
    ----------
    users : int
        At most `MOST_USERS`.
    seconds : float
        How long they act, at most `MOST_SECONDS`; then each finishes what it waits for.

    Returns
    -------
    dict
        The machine and its load, and latencies and errors by kind: ``page`` (the document), ``preview`` (a few members
        while a lever moves), ``own`` (all members, the lever at rest), ``shared`` (all members, a preset).
    """
    if not (0 < users <= MOST_USERS and 0 < seconds <= MOST_SECONDS):
        raise ValueError(f"at most {MOST_USERS} users and {MOST_SECONDS:.0f} seconds")
    tally, before = Tally(), machine()
    with _server() as port:
        outputs = _outputs(port)
        end = monotonic() + seconds
        threads = [threading.Thread(target=_user, args=(port, outputs, n, end, tally)) for n in range(users)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return {"machine": before, "machine_after": machine(), "users": users, "seconds": seconds, **tally.document()}


@contextmanager
def _server() -> Iterator[int]:
    """Start the dashboard on a free port of this machine; it ends with the block."""
    with tempfile.TemporaryDirectory() as sweeps:
        words = ["-m", "sim.cli", "dashboard", "--port", "0", "--no-browser", "--sweeps", sweeps]
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert found, "the dashboard did not start"
            yield int(found[1])
        finally:
            process.terminate()
            process.wait()


def _outputs(port: int) -> dict[str, str]:
    """Full names of the callbacks that paint, by the store that they fill."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/_dash-dependencies")
    known = [item["output"] for item in json.loads(connection.getresponse().read())]
    return {name: next(text for text in known if f"{name}.data" in text) for name in (FULL, PREVIEW)}


def _user(port: int, outputs: dict[str, str], number: int, end: float, tally: Tally) -> None:
    """Open the page, then act until the end: half of the time a preset, half of the time a lever of one's own."""
    rng = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    sleep(rng.uniform(0, min(5.0, max(end - monotonic(), 0))))
    _timed(tally, "page", lambda: _get(connection, "/"))
    sequence = 0
    while monotonic() < end:
        preset = rng.choice(PRESETS)
        if rng.random() < 0.5:
            sequence += 1
            _paint(connection, outputs, FULL, f"v=1&s={preset}", sequence, tally, "shared")
        else:
            for step in range(DRAGS + 1):
                sequence += 1
                share = rng.uniform(0.2, 1.0)
                query = f"v=1&s=open_by_default;+defender_subsidy;defender_subsidy.strength={share:.4f}"
                store, kind = (FULL, "own") if step == DRAGS else (PREVIEW, "preview")
                _paint(connection, outputs, store, query, sequence, tally, kind)
        sleep(rng.uniform(*THINK))


def _timed(tally: Tally, kind: str, work: Any) -> None:
    start = perf_counter()
    try:
        good = work()
    except (OSError, http.client.HTTPException, ValueError):
        good = False
    tally.note(kind, perf_counter() - start, bool(good))


def _get(connection: http.client.HTTPConnection, path: str) -> bool:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


def _paint(
    connection: http.client.HTTPConnection,
    outputs: dict[str, str],
    store: str,
    query: str,
    sequence: int,
    tally: Tally,
    kind: str,
) -> None:
    """Ask for a picture as the script of the page does."""
    ask = store.replace("answer", "ask")
    value = {"query": query, "seq": sequence, "mode": "light", "signatures": []}
    body: dict[str, Any] = {"output": outputs[store], "changedPropIds": [f"{ask}.data"]}
    body["inputs"] = [{"id": ask, "property": "data", "value": value}]
    first = {"id": store, "property": "data"}
    tables = [{"id": {"type": "explore-table", "index": i}, "property": "children"} for i in range(4)]
    words = [{"id": f"explore-{name}", "property": "children"} for name in ("summary", "warnings", "pins")]
    body["outputs"] = [first, tables, *words] if store == FULL else first

    def post() -> bool:
        connection.request("POST", "/_dash-update-component", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        data = answer.read()
        return answer.status == 200 and json.loads(data)["response"][store]["data"].get("problem") is None

    _timed(tally, kind, post)
