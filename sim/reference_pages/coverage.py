"""The page that shows where each system of the literature is in the model."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import groupby
from typing import Any

from sim.reference_pages.markdown import code, page, table

INTRODUCTION = """Where the mechanisms that the literature argues for are in the model: in which kernel,
with which parameters, which scenario or world shows them, which test holds them, and in which
outcome to look. Words are ours. `sim/evidence/coverage.toml` holds the table, and a test resolves
every name in it."""
HEADS = ["System", "Mechanism", "Kernel", "Parameters", "Instruments", "Shown by", "Tested by", "Look at"]


def systems() -> list[dict[str, Any]]:
    """Return the systems of the literature, in the order of the file."""
    return list(tomllib.loads(files("sim.evidence").joinpath("coverage.toml").read_text("utf-8"))["systems"])


def coverage_page() -> str:
    """Return the page, a section for each publication."""
    parts = [INTRODUCTION]
    for source, rows in groupby(systems(), key=lambda row: str(row["source"])):
        parts += [f"## {source}", table(HEADS, map(_row, rows))]
    return page("Coverage of the literature", *parts)


def _row(row: dict[str, Any]) -> list[str]:
    def codes(key: str) -> str:
        return ", ".join(map(code, row[key]))

    kernels = ", ".join(f"[{name}](../odd.md#submodel-{name})" for name in row["kernels"])
    tests = ", ".join(f"[{test.partition('::')[2]}](../../tests/{test.partition('::')[0]})" for test in row["tests"])
    return [
        row["system"], row["mechanism"], kernels, codes("parameters"), codes("instruments") or "none needed",
        codes("shown_by"), tests, codes("outcomes"),
    ]  # fmt: skip
