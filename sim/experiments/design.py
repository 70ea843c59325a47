"""Designs of experiments: scenarios x worlds x parameter draws x replicates, read from one TOML file."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draw_files import NAMED, read_draws
from sim.errors import InputError
from sim.members import MOST_RUNS
from sim.parameters import REGISTRY, check_value
from sim.parameters.sampling import quantile
from sim.scenario import Scenario, load
from sim.scenario_files import validated
from sim.scenario_models import DesignFile
from sim.scenario_reading import Problem, failure, parse_toml, read_toml, shown

WHOLE = "default"
"""The world that changes nothing."""
NEEDS = {"sobol": "samples", "latin_hypercube": "samples", "grid": "levels", "csv": "file", "defaults": ""}
"""Kinds of designs, and the field that each cannot do without."""
GROWING = ("sobol",)
"""Designs whose first samples stay when more are asked for."""


@dataclass(frozen=True)
class Case:
    """A scenario in a world, or in several whose names are joined by ``+``, of which later ones win."""

    scenario: Scenario
    world: str

    @property
    def name(self) -> str:
        return f"{self.scenario.name}@{self.world}"


@dataclass(frozen=True)
class Design:
    """What a sweep runs; everything in it has been checked.

    Attributes
    ----------
    title : str
    cases : tuple of Case
        Every scenario in every world.
    kind : str
        One of `NEEDS`.
    samples : dict of str to ndarray (draws,)
        Values of the varied parameters by full name; empty when the one draw is the defaults.
    replicates, seed : int
        Runs of each draw that differ by chance, and what names their random numbers.
    """

    title: str
    cases: tuple[Case, ...]
    kind: str
    samples: Mapping[str, NDArray[Any]]
    replicates: int
    seed: int

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return len(next(iter(self.samples.values()))) if self.samples else 1

    def __len__(self) -> int:
        return len(self.cases) * self.draws * self.replicates

    def canonical(self) -> dict[str, Any]:
        """Return what decides the numbers of a run, but not how many there are where the design can grow."""
        document: dict[str, Any] = {
            "design": self.kind,
            "seed": self.seed,
            "parameters": sorted(self.samples),
            "cases": [[case.name, case.scenario.digest()] for case in self.cases],
        }
        if self.kind not in GROWING:
            digest = hashlib.sha256()
            for name in sorted(self.samples):
                digest.update(np.ascontiguousarray(self.samples[name]).tobytes())
            document["samples"] = digest.hexdigest()
        return document


def read_design(path: str | Path) -> Design:
    """Read a design file.

    Parameters
    ----------
    path : str or Path
        TOML, see ``docs/how-to/run_a_sweep.md``; or the name of a design that comes with Aperture.

    Returns
    -------
    Design

    Raises
    ------
    InputError
        Naming the file, the field, the value and the remedy.
    """
    where = str(path)[:200]
    if str(path) in shipped_designs():
        return from_document(parse_toml(_folder().joinpath(f"{path}.toml").read_bytes(), where), where)
    return from_document(read_toml(path), where, Path(path).parent)


def shipped_designs() -> tuple[str, ...]:
    """Names of the designs that come with Aperture."""
    return tuple(sorted(item.name.removesuffix(".toml") for item in _folder().iterdir() if item.name.endswith(".toml")))


def _folder() -> Any:
    return files("scenarios") / "designs"


def from_document(document: Mapping[str, Any], where: str = "design", folder: Path | None = None) -> Design:
    """Check a design that is given as a mapping, its files relative to `folder`; see `read_design`."""
    problems: list[Problem] = []
    read = validated(DesignFile, document, "", problems)
    problems = problems or list(_unfit(read))
    if problems:
        raise failure(where, problems)
    cases = _cases(read, where, folder or Path())
    _check_count(len(cases) * (read.samples or 1) * read.replicates, where)  # before a sample of that length is made
    samples = _samples(read, where, folder or Path())
    design = Design(read.title, cases, read.design, samples, read.replicates, read.seed)
    _check_count(len(design), where)
    return design


def _unfit(read: DesignFile) -> Iterator[Problem]:
    """Yield what does not fit together."""
    if (read.scenario is None) == (not read.scenarios):
        yield Problem("scenarios", "one of scenario and scenarios is needed.", 'Write scenario = "status_quo".')
    for field in ("scenarios", "worlds"):
        names = getattr(read, field)
        if len(set(names)) < len(names):
            yield Problem(field, "a name stands there twice.", "Name each once.")
    needed = NEEDS[read.design]
    if needed and getattr(read, needed) is None:
        yield Problem(needed, f"is missing; a design of kind {read.design} needs it.", "Add it.")
    for field in ("samples", "parameters", "levels", "file"):
        fits = field == needed or (field == "parameters" and needed == "samples")
        if getattr(read, field) is not None and not fits:
            yield Problem(field, f"a design of kind {read.design} has none.", "Leave it out, or change the kind.")


def _check_count(runs: int, where: str) -> None:
    if runs > MOST_RUNS:
        raise InputError(where, f"{runs} runs are asked for.", f"At most {MOST_RUNS} fit in one design.")


def _cases(read: DesignFile, where: str, folder: Path) -> tuple[Case, ...]:
    cases = []
    for name, world in itertools.product(read.scenarios or [str(read.scenario)], read.worlds):
        worlds = () if world == WHOLE else tuple(_placed(word, folder) for word in world.split("+"))
        try:
            scenario = load(_placed(name, folder), worlds)
        except InputError as error:
            raise InputError(f"{where}: {error.where}", error.problem, error.remedy) from error
        cases.append(Case(scenario if read.months is None else scenario.replace(months=read.months), world))
    if len({case.name for case in cases}) < len(cases):
        raise InputError(f"{where}: scenarios", "two files have one name.", "Give two files two names.")
    return tuple(cases)


def _placed(name: str, folder: Path) -> str:
    """A shipped name as it is, a file relative to the folder of the design."""
    return str(folder / name) if "/" in name or name.endswith(".toml") else name


def _samples(read: DesignFile, where: str, folder: Path) -> dict[str, NDArray[Any]]:
    if read.design == "defaults":
        return {}
    if read.design == "csv":
        return read_draws(NAMED.get(str(read.file)) or folder / str(read.file))
    if read.design == "grid":
        return _grid(read.levels or {}, where)
    samples, names = read.samples or 1, _chosen(read.parameters or ["*"], where)
    if read.design == "sobol":
        return dict(REGISTRY.sample(samples, read.seed, names))
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(names), rng=np.random.default_rng(read.seed)).random(samples)
    return {name: quantile(REGISTRY[name], unit[:, i]) for i, name in enumerate(names)}


def _chosen(patterns: list[str], where: str) -> tuple[str, ...]:
    """Names of uncertain parameters that the patterns match."""
    chosen: list[str] = []
    for pattern in patterns:
        found = [name for name in REGISTRY.uncertain() if fnmatchcase(name, pattern)]
        if not found:
            remedy = "'aperture parameters' lists those with a range; * stands for any text."
            raise InputError(f"{where}: parameters", f"{shown(pattern)} matches no uncertain parameter.", remedy)
        chosen += found
    return tuple(dict.fromkeys(chosen))


def _grid(levels: Mapping[str, list[float | str]], where: str) -> dict[str, NDArray[Any]]:
    count = 1
    for name, values in levels.items():
        for value in values:
            check_value(name, value, f"{where}: levels")
        count *= len(values)
        if not 1 <= count <= MOST_RUNS:
            problem = f"the grid has {'no' if not count else 'too many'} points."
            raise InputError(f"{where}: levels", problem, f"Give every parameter a value, {MOST_RUNS} points at most.")
    points = list(itertools.product(*levels.values()))
    return {name: np.array([point[i] for point in points]) for i, name in enumerate(levels)}
