"""The command that serves the dashboard: what it prints, what it refuses, that nothing outlives it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from sim.cli import main

COMMAND = [sys.executable, "-m", "sim.cli", "dashboard", "--no-browser", "--port", "0"]


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        process.kill()
        process.communicate()


def start(running: list[subprocess.Popen[str]], *more: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([*COMMAND, *more], stdout=subprocess.PIPE, text=True, preexec_fn=hear_interrupts)
    running.append(process)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    return process, found[0]


def hear_interrupts() -> None:
    """Undo what a shell does to what it runs in the background, where Ctrl+C must not reach it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def status(address: str) -> int:
    try:
        with urlopen(address) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return int(error.code)


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(word) for word in listed.read_text().split()]


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_serves_this_machine_and_nothing_outlives_it(started, sign):
    process, address = start(started)
    assert address.startswith("http://127.0.0.1:")
    assert "token" not in address
    assert status(f"{address}health") == 200
    deadline = time.monotonic() + 120
    while len(workers := children(process)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(sign)
    process.wait(timeout=120)
    while any(map(alive, workers)) and time.monotonic() < deadline + 60:
        time.sleep(0.1)
    assert not [pid for pid in workers if alive(pid)]


def test_other_addresses_ask_for_a_token(started):
    _, address = start(started, "--host", "0.0.0.0")
    assert re.search(r"\?token=[\w-]{16,}$", address)
    place, port = "127.0.0.1", address.partition("0.0.0.0:")[2].partition("/")[0]
    assert status(f"http://{place}:{port}/") == 403
    assert status(address.replace("0.0.0.0", place)) == 200


@pytest.mark.parametrize(
    "words", [["--port", "70000"], ["--port", "-1"], ["--port", "x"], ["--host", "nowhere.invalid"]]
)
def test_bad_places_are_refused(words, capsys):
    assert main(["dashboard", "--no-browser", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_port_in_use_is_refused(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["dashboard", "--no-browser", "--port", port]) == 2
    assert f"port {port}" in capsys.readouterr().err
