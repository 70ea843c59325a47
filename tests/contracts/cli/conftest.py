"""A stand-in for runner and report, and ways to run a command in this process."""

import hashlib
import json
from types import SimpleNamespace

import numpy as np
import pytest

from sim.cli import main
from sim.results import Results, provenance

OUTCOMES = ("cumulative_harm", "elo_gap")
"""One with a better direction and one without."""


@pytest.fixture
def calls(monkeypatch):
    """A runner that draws numbers from the identity of a run, and a report that is one line; lists the calls."""
    made = []

    def run(scenarios, replicates, draws, seed, months, workers, labs=None, progress=None):
        made.append(SimpleNamespace(scenarios=scenarios, replicates=replicates, draws=draws, seed=seed, months=months))
        count = draws if isinstance(draws, int) else len(next(iter(draws.values())))
        keys = [(s, d, r) for s in scenarios for d in range(count) for r in range(replicates)]
        monthly = {
            name: np.array([_numbers(f"{s.digest()} {name} {d} {r} {seed}", months) for s, d, r in keys])
            for name in OUTCOMES
        }
        record = provenance(scenarios, replicates=replicates, draws=count, seed=seed, months=months)
        _, draw, replicate = zip(*keys, strict=True)
        return Results(monthly, tuple(s.name for s, _, _ in keys), np.array(draw), np.array(replicate), record)

    monkeypatch.setattr("sim.runner.run", run)
    monkeypatch.setattr(
        "sim.report.write", lambda results, path, signs=None: path.write_text(f"<html>{type(results).__name__}</html>")
    )
    return made


def _numbers(identity, months):
    seed = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8])
    return np.random.default_rng(seed).normal(10, 1, 600)[:months]


@pytest.fixture
def aperture(capsys):
    """Run a command in this process: exit code, standard output, standard error."""

    def command(*words):
        code = main([str(word) for word in words])
        streams = capsys.readouterr()
        return code, streams.out, streams.err

    return command


@pytest.fixture
def document(aperture):
    """Run a command and read its JSON document."""

    def command(*words):
        code, out, err = aperture(*words)
        assert (code, err) == (0, "")
        return json.loads(out)

    return command
