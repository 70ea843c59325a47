"""A small explorer of real runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.explorer import Plan, plan_of, write
from sim.figures import View
from sim.results import Comparison
from sim.runner import run
from sim.scenario import Population

TINY = Population(misusers=64, defenders=64, builders=64)
MONTHS, DRAWS, SEED = 48, 3, 5


@dataclass(frozen=True)
class Made:
    """An explorer, what it was made from, and the runs of its first world once more."""

    path: Path
    plan: Plan
    view: View


def tiny_plan() -> Plan:
    plan = plan_of(["closed_frontier", "staged_release"], ["default", "offence_dominant"], months=MONTHS)
    small = {w: tuple(item.replace(population=TINY) for item in row) for w, row in plan.scenarios.items()}
    return Plan(plan.baseline, small, plan.levers)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    plan = tiny_plan()
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    command = 'aperture export-explorer staged_release --out "</script><b>.html"'
    write(plan, path, draws=DRAWS, seed=SEED, command=command)
    runs = run(plan.runs_of("default"), replicates=1, draws=DRAWS, seed=SEED, details=False)
    return Made(path, plan, View.of(Comparison(runs, plan.baseline)))
