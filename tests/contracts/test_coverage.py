"""The table of the literature: every name in it leads somewhere, and no cell is empty."""

import ast
from pathlib import Path
from typing import Any

import pytest

from sim.evidence import facts
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import POLICIES
from sim.reference_pages.coverage import systems
from sim.scenario import load, scenario_names, world_names

ROOT = Path(__file__).parents[2]
SYSTEMS = systems()
FIELDS = {"source", "system", "mechanism", "kernels", "parameters", "instruments", "shown_by", "tests", "outcomes"}
NAMED = (
    "Seger", "Widder", "Azoulay", "Kapoor", "White", "Eiras", "Osborne", "Pilz", "Chan", "Gopal", "Moulange", "Casper",
    "Alaga", "Schuett", "Buhl", "Anderljung", "Kembery", "Neumann", "Guest", "Omanga", "Dahlgren", "Ball", "Knott",
    "Luna", "Zuckerberg", "Aschenbrenner", "Quillivic", "Shrestha", "Penmetsa", "Sallam", "Potter",
)  # fmt: skip
"""Authors whose mechanisms the model claims to hold."""


def test_everybody_is_there() -> None:
    sources = " ".join(row["source"] for row in SYSTEMS)
    assert not [name for name in NAMED if name not in sources]
    assert len({(row["source"], row["system"]) for row in SYSTEMS}) == len(SYSTEMS)
    assert facts()


@pytest.mark.parametrize("row", SYSTEMS, ids=[f"{row['source']}: {row['system']}" for row in SYSTEMS])
def test_every_name_leads_somewhere(row: dict[str, Any]) -> None:
    assert row.keys() == FIELDS and all(value for key, value in row.items() if key != "instruments")
    assert not set(row["instruments"]) - set(POLICIES)
    for kernel in row["kernels"]:
        assert (ROOT / "sim" / "kernels" / f"{kernel}.py").is_file(), kernel
    for parameter in row["parameters"]:
        indexed = any(name.startswith(f"{parameter}_") for name in REGISTRY.names())
        assert parameter in REGISTRY or indexed, parameter
    for name in row["shown_by"]:
        assert name in scenario_names() or name in world_names(), name
    used = {policy.kind for name in row["shown_by"] if name in scenario_names() for policy in load(name).policies}
    assert not row["instruments"] or used & set(row["instruments"]), "no scenario shows any of the instruments"
    for outcome in row["outcomes"]:
        assert outcome in OUTCOMES, outcome
    for test in row["tests"]:
        path, _, function = test.partition("::")
        tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
        assert any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body), test


def test_every_scenario_and_kernel_is_used() -> None:
    shown = {name for row in SYSTEMS for name in row["shown_by"]}
    kernels = {name for row in SYSTEMS for name in row["kernels"]}
    others = ("closed_frontier_", "hindcast_", "open_weights_ban")
    variants = {name for name in scenario_names() if name.startswith(others)}
    assert set(scenario_names()) - variants <= shown | {"status_quo"}
    assert kernels >= {path.stem for path in (ROOT / "sim" / "kernels").glob("*.py")} - {"__init__", "choice", "picks"}
