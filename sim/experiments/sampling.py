"""From the fields of a design file to its sample."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.draw_files import NAMED, read_draws
from sim.errors import InputError
from sim.experiments.factors import DUMMY, Factor, cell_value, check_levers, chosen, levels_of, levers
from sim.experiments.samples import LARGEST_SOBOL, Grid, Listed, Sample, Sampled
from sim.members import MOST_RUNS
from sim.parameters import REGISTRY
from sim.policies import POLICIES
from sim.scenario import Scenario
from sim.scenario_models import DesignFile


def count(read: DesignFile) -> int:
    """Draws of a design, as far as they can be told before its sample is made."""
    lengths = [len(values) for values in (read.levels or {}).values()]
    if read.design == "grid":
        lengths += [len(table.values or ()) or 1 for table in (read.levers or {}).values()]
    return math.prod(lengths)


def sample_of(read: DesignFile, scenarios: Sequence[Scenario], where: str, folder: Path) -> Sample:
    """Return the draws of a design whose fields fit together.

    Raises
    ------
    InputError
        For a parameter, lever, level or file that is unknown or inadmissible.
    """
    if read.design == "defaults":
        return Sample((), 1)
    if read.design == "csv":
        return _listed(NAMED.get(str(read.file)) or folder / str(read.file), scenarios, where)
    moved = levers(read.levers or {}, scenarios, where)
    if read.design == "grid":
        return _grid(read.levels or {}, moved, scenarios, where)
    patterns = read.parameters if read.parameters is not None else ["*"]
    factors = (*chosen(patterns, where), *moved)
    if not factors:
        raise InputError(f"{where}: parameters", "nothing is varied.", "Name a parameter or a lever.")
    kind = "saltelli_second_order" if read.second_order else str(read.design)
    if read.design == "saltelli" and 2 * (len(factors) + 1) > LARGEST_SOBOL:
        raise InputError(f"{where}: parameters", f"{len(factors)} are too many for Saltelli.", "Screen with morris.")
    return Sampled(kind, (*factors, Factor(DUMMY)), read.samples or 1, read.seed)


def _grid(
    levels: Mapping[str, list[float | str]], moved: Sequence[Factor], scenarios: Sequence[Scenario], where: str
) -> Grid:
    factors = [levels_of(name, values, scenarios, f"{where}: levels") for name, values in levels.items()]
    ranged = [factor.name for factor in moved if factor.levels is None]
    if ranged:
        raise InputError(f"{where}: levers.{ranged[0]}", "a grid needs values.", "Write {values = [0, 6, 12]}.")
    twice = {factor.name for factor in factors} & {factor.name for factor in moved}
    if twice:
        raise InputError(f"{where}: levers", f"{min(twice)} is among the levels too.", "Name it once.")
    grid = Grid([*factors, *moved])
    if not 1 <= grid.draws <= MOST_RUNS:
        problem = f"the grid has {'no' if not grid.draws else 'too many'} points."
        raise InputError(f"{where}: levels", problem, f"Give every factor a value, {MOST_RUNS} points at most.")
    return grid


def _listed(path: Path, scenarios: Sequence[Scenario], where: str) -> Listed:
    columns: dict[str, NDArray[Any]] = read_draws(path, _is_lever, cell_value)
    factors = []
    for name, column in columns.items():
        values = tuple(dict.fromkeys(column.tolist()))
        factors.append(Factor(name, levels=values) if _is_lever(name) else Factor(name))
    check_levers(factors, scenarios, f"draws {str(path)[:200]!r}")
    return Listed(factors, columns)


def _is_lever(name: str) -> bool:
    return name not in REGISTRY and name.partition(".")[0] in POLICIES
