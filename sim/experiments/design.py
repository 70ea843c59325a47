"""Designs of experiments: scenarios x worlds x parameter draws x replicates, read from one TOML file."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
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
from sim.scenario_reading import Problem, failure, parse_toml, read_toml, shown

SCHEMA = 1
KINDS = ("sobol", "latin_hypercube", "grid", "csv", "defaults")
WHOLE = "default"
"""The world that changes nothing."""
MOST = {"samples": 1_000_000, "replicates": 100_000, "seed": 2**63 - 1, "months": 1200}
FIELDS = (
    "schema_version", "title", "scenario", "scenarios", "worlds", "design", "samples", "replicates", "seed", "months",
    "parameters", "levels", "file",
)  # fmt: skip
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
        One of `KINDS`.
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
            rows = json.dumps({name: self.samples[name].tolist() for name in sorted(self.samples)})
            document["samples"] = hashlib.sha256(rows.encode()).hexdigest()
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
    """Check a design that is given as a mapping; see `read_design`."""
    unknown = [Problem(shown(key), "is not a field of a design.", f"Fields: {', '.join(FIELDS)}.") for key in document
               if key not in FIELDS]  # fmt: skip
    if unknown:
        raise failure(where, unknown)
    if document.get("schema_version") != SCHEMA:
        problem = f"is {shown(document.get('schema_version'))}."
        raise InputError(f"{where}: schema_version", problem, f"Write schema_version = {SCHEMA}.")
    kind = document.get("design", "sobol")
    if kind not in KINDS:
        raise InputError(f"{where}: design", f"is {shown(kind)}.", f"Write one of {', '.join(KINDS)}.")
    title = document.get("title", "")
    if not isinstance(title, str):
        raise InputError(f"{where}: title", f"is {shown(title)}.", "Write a text.")
    replicates, seed = _whole(document, "replicates", 1, 1, where), _whole(document, "seed", 0, 0, where)
    cases = _cases(document, where)
    if "samples" in document:  # before a sample of that length is made
        _check_count(len(cases) * _whole(document, "samples", 1, 1, where) * replicates, where)
    design = Design(title, cases, kind, _samples(document, kind, seed, where, folder), replicates, seed)
    _check_count(len(design), where)
    return design


def _check_count(runs: int, where: str) -> None:
    if runs > MOST_RUNS:
        raise InputError(where, f"{runs} runs are asked for.", f"At most {MOST_RUNS} fit in one design.")


def _whole(document: Mapping[str, Any], field: str, default: int, least: int, where: str) -> int:
    value = document.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST[field]:
        remedy = f"Write a whole number from {least} to {MOST[field]}."
        raise InputError(f"{where}: {field}", f"is {shown(value)}.", remedy)
    return value


def _texts(document: Mapping[str, Any], field: str, default: list[str], where: str) -> list[str]:
    value = document.get(field, default)
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise InputError(f"{where}: {field}", f"is {shown(value)}.", "Write a list of names.")
    if len(set(value)) < len(value):
        raise InputError(f"{where}: {field}", "a name stands there twice.", "Name each once.")
    return value


def _cases(document: Mapping[str, Any], where: str) -> tuple[Case, ...]:
    if ("scenario" in document) == ("scenarios" in document):
        raise InputError(f"{where}: scenarios", "give either scenario or scenarios.", 'Write scenario = "status_quo".')
    field = "scenario" if "scenario" in document else "scenarios"
    names = _texts({field: [document[field]]} if field == "scenario" else document, field, [], where)
    worlds = _texts(document, "worlds", [WHOLE], where)
    months = _whole(document, "months", 1, 1, where) if "months" in document else None
    cases = []
    for name, world in itertools.product(names, worlds):
        try:
            scenario = load(name, () if world == WHOLE else tuple(world.split("+")))
        except InputError as error:
            raise InputError(f"{where}: {error.where}", error.problem, error.remedy) from error
        cases.append(Case(scenario if months is None else scenario.replace(months=months), world))
    if len({case.name for case in cases}) < len(cases):
        raise InputError(f"{where}: scenarios", "two files have one name.", "Give two files two names.")
    return tuple(cases)


def _samples(
    document: Mapping[str, Any], kind: str, seed: int, where: str, folder: Path | None
) -> dict[str, NDArray[Any]]:
    needs = {"grid": "levels", "csv": "file", "defaults": ""}.get(kind, "samples")
    for field in ("samples", "parameters", "levels", "file"):
        fits = field == needs or (field == "parameters" and needs == "samples")
        if field in document and not fits:
            raise InputError(
                f"{where}: {field}", f"a design of kind {kind} has none.", "Leave it out, or change the kind."
            )
    if kind == "defaults":
        return {}
    if needs not in document:
        raise InputError(f"{where}: {needs}", f"is missing; a design of kind {kind} needs it.", f"Give {needs}.")
    if kind == "csv":
        return _from_file(document["file"], where, folder)
    if kind == "grid":
        return _grid(document["levels"], where)
    samples = _whole(document, "samples", 1, 1, where)
    names = _chosen(_texts(document, "parameters", ["*"], where), where)
    if kind == "sobol":
        return dict(REGISTRY.sample(samples, seed, names))
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(samples)
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


def _from_file(name: Any, where: str, folder: Path | None) -> dict[str, NDArray[Any]]:
    if not isinstance(name, str):
        raise InputError(f"{where}: file", f"is {shown(name)}.", "Name a CSV file of draws.")
    return read_draws(NAMED.get(name) or (folder or Path()) / name)


def _grid(levels: Any, where: str) -> dict[str, NDArray[Any]]:
    if not isinstance(levels, dict) or not levels:
        raise InputError(f"{where}: levels", f"is {shown(levels)}.", 'Write [levels] and "table.parameter" = [1, 2].')
    count = 1
    for name, values in levels.items():
        if not isinstance(values, list) or not values:
            raise InputError(f"{where}: levels", f"{shown(name)} is {shown(values)}.", "Write a list of values.")
        for value in values:
            check_value(name, value, f"{where}: levels")
        count *= len(values)
        if count > MOST["samples"]:
            raise InputError(f"{where}: levels", "the grid is too large.", f"At most {MOST['samples']} points.")
    points = list(itertools.product(*levels.values()))
    return {name: np.array([point[i] for point in points]) for i, name in enumerate(levels)}
