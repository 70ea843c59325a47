"""Designs of experiments: scenarios x worlds x draws of the factors x replicates, read from one TOML file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.draw_files import NAMED
from sim.errors import InputError
from sim.experiments.factors import Factor
from sim.experiments.samples import Sample
from sim.members import MOST_RUNS
from sim.policies.fields import near
from sim.scenario import Scenario, load
from sim.scenario_files import validated
from sim.scenario_models import DesignFile
from sim.scenario_reading import Problem, failure, parse_toml, read_toml, shown

WHOLE = "default"
"""The world that changes nothing."""
SAMPLED = ("sobol", "halton", "latin_hypercube", "saltelli", "morris")
"""Kinds of designs that sample ranges and distributions."""
NEEDS = {**dict.fromkeys(SAMPLED, "samples"), "grid": "levels", "csv": "file", "defaults": ""}
"""Kinds of designs, and the field that each cannot do without."""


@dataclass(frozen=True)
class Case:
    """A scenario in a world, or in several whose names are joined by ``+``, of which later ones win."""

    scenario: Scenario
    world: str

    @property
    def name(self) -> str:
        return f"{self.scenario.name}@{self.world}"


@dataclass(frozen=True, eq=False)
class Design:
    """What a sweep runs; everything in it has been checked.

    Attributes
    ----------
    title : str
    cases : tuple of Case
        Every scenario in every world.
    kind : str
        One of `NEEDS`.
    sample : Sample
        The draws of the factors; one draw of none are the defaults.
    replicates, seed : int
        Runs of each draw that differ by chance, and what names their random numbers.
    monthly : bool
        Whether outcomes are kept month by month too.
    second_order : bool
        Whether blocks of Saltelli have the draws that effects of pairs need.
    """

    title: str
    cases: tuple[Case, ...]
    kind: str
    sample: Sample
    replicates: int
    seed: int
    monthly: bool = False
    second_order: bool = False

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.sample.draws

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What differs between draws, in order."""
        return self.sample.factors

    @property
    def samples(self) -> Mapping[str, NDArray[Any]]:
        """Values of every factor in every draw, all at once; `Sample.rows` gives a stretch."""
        return self.sample.rows(0, self.draws)

    def __len__(self) -> int:
        return len(self.cases) * self.draws * self.replicates

    def canonical(self) -> dict[str, Any]:
        """Return what decides the numbers of a run, but not how many there are where the design can grow."""
        document: dict[str, Any] = {
            "design": self.kind,
            "second_order": self.second_order,
            "seed": self.seed,
            "factors": [factor.name for factor in self.factors],
            "levers": [factor.document() for factor in self.factors if factor.lever],
            "outcomes": "monthly" if self.monthly else "summary",
            "cases": [[case.name, case.scenario.digest()] for case in self.cases],
        }
        if not self.sample.grows:
            document["samples"] = self.sample.digest()
        return document


def read_design(path: str | Path, draws: str | None = None) -> Design:
    """Read a design file.

    Parameters
    ----------
    path : str or Path
        TOML, see ``docs/how-to/run_a_sweep.md``; or the name of a design that comes with Aperture.
    draws : str, optional
        A file of draws, or the name of one, instead of what the design samples.

    Returns
    -------
    Design

    Raises
    ------
    InputError
        Naming the file, the field, the value and the remedy.
    """
    where = str(path)[:200]
    shipped = str(path) in shipped_designs()
    document = parse_toml(_folder().joinpath(f"{path}.toml").read_bytes(), where) if shipped else read_toml(path)
    if draws is not None:
        sampling = ("design", "samples", "parameters", "levels", "levers", "file", "second_order")
        document = {key: value for key, value in document.items() if key not in sampling}
        document["draws"] = draws if draws in NAMED else str(Path(draws).absolute())
    return from_document(document, where, None if shipped else Path(path).parent)


def parse_design(text: str, where: str = "design") -> Design:
    """Read a design from its text, which may come from anybody: it can name what is shipped, and no file.

    Raises
    ------
    InputError
        As `read_design` does.
    """
    return from_document(parse_toml(text.encode(), where), where, files_allowed=False)


def shipped_design(name: str) -> str:
    """Return the text of a design that comes with Aperture; raises InputError if there is none of that name."""
    if name not in shipped_designs():
        raise InputError("design", f"there is no design {shown(name)}.", near(name, shipped_designs()))
    text: str = _folder().joinpath(f"{name}.toml").read_text("utf-8")
    return text


def shipped_designs() -> tuple[str, ...]:
    """Names of the designs that come with Aperture."""
    return tuple(sorted(item.name.removesuffix(".toml") for item in _folder().iterdir() if item.name.endswith(".toml")))


def _folder() -> Any:
    return files("scenarios") / "designs"


def from_document(
    document: Mapping[str, Any], where: str = "design", folder: Path | None = None, files_allowed: bool = True
) -> Design:
    """Check a design that is given as a mapping, its files relative to `folder`; see `read_design`."""
    from sim.experiments.sampling import count, sample_of

    problems: list[Problem] = list(_misplaced(document))
    read = None if problems else validated(DesignFile, _flattened(document), "", problems)
    if read is not None:
        read = _kind(read)
        problems = [*_unfit(read), *(() if files_allowed else _paths(read))]
    if read is None or problems:
        raise failure(where, problems)
    cases = _cases(read, where, folder or Path())
    asked = len(cases) * read.replicates
    _check_count(asked * (read.samples or 1), where)
    _check_count(asked * count(read), where)  # before a sample of that length is made
    sample = sample_of(read, [case.scenario for case in cases], where, folder or Path())
    monthly = read.outcomes == "monthly"
    design = Design(
        read.title, cases, str(read.design), sample, read.replicates, read.seed, monthly, bool(read.second_order)
    )
    _check_count(len(design), where)
    return design


def _misplaced(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield fields of a design that stand below the head of a table and so became part of it."""
    for table in ("levers", "levels"):
        inside = document.get(table)
        for key, value in inside.items() if isinstance(inside, dict) else ():
            if key in DesignFile.model_fields and not isinstance(value, dict):
                yield Problem(f"{table}.{key}", "stands inside a table.", f"Move it above the line [{table}].")


def _flattened(document: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of levers and levels with their names in one piece, whether or not the file quotes them."""
    found = dict(document)
    for key, leaf in (("levers", {"low", "high", "values"}), ("levels", set())):
        table = found.get(key)
        if isinstance(table, dict):
            flat: dict[str, Any] = {}
            for name, value in table.items():
                nested = isinstance(value, dict) and value and not leaf & set(value)
                flat |= {f"{name}.{field}": inner for field, inner in value.items()} if nested else {name: value}
            found[key] = flat
    return found


def _kind(read: DesignFile) -> DesignFile:
    """The design with its kind filled in, and draws as the file that they are."""
    kind = read.design or ("csv" if read.draws or read.file else "sobol")
    if kind == "csv" and read.draws and not read.file:
        return read.model_copy(update={"design": kind, "file": read.draws, "draws": None})
    return read.model_copy(update={"design": kind})


def _unfit(read: DesignFile) -> Iterator[Problem]:
    """Yield what does not fit together."""
    if (read.scenario is None) == (not read.scenarios):
        yield Problem("scenarios", "one of scenario and scenarios is needed.", 'Write scenario = "status_quo".')
    for field in ("scenarios", "worlds"):
        names = getattr(read, field)
        if len(set(names)) < len(names):
            yield Problem(field, "a name stands there twice.", "Name each once.")
    kind, needed = str(read.design), NEEDS[str(read.design)]
    if needed and getattr(read, needed) is None and not (kind == "grid" and read.levers):
        yield Problem(needed, f"is missing; a design of kind {kind} needs it.", "Add it.")
    fits = {needed, *(("parameters", "levers") if kind in SAMPLED else ("levers",) if kind == "grid" else ())}
    fits |= {"second_order"} if kind == "saltelli" else set()
    for field in ("samples", "parameters", "levels", "levers", "file", "draws", "second_order"):
        if getattr(read, field) is not None and field not in fits:
            yield Problem(field, f"a design of kind {kind} has none.", "Leave it out, or change the kind.")
    if kind in ("sobol", "saltelli") and read.samples and read.samples & (read.samples - 1):
        below = 1 << (read.samples.bit_length() - 1)
        remedy = f"Write {below} or {2 * below}: only then is every factor covered evenly. halton takes any number."
        yield Problem("samples", f"{read.samples} is no power of two.", remedy)


def _paths(read: DesignFile) -> Iterator[Problem]:
    """Yield files that are named where only shipped names are allowed."""
    worlds = (("worlds", part) for world in read.worlds for part in world.split("+"))
    for field, name in (*(("scenarios", name) for name in read.scenarios or [str(read.scenario)]), *worlds):
        if is_file(name):
            yield Problem(field, f"{shown(name)} is a file.", "Only names that come with Aperture are allowed here.")
    if read.file is not None and read.file not in NAMED:
        yield Problem("file", f"{shown(read.file)} is a file.", f"Only {', '.join(NAMED)} is allowed here.")


def _check_count(runs: int, where: str) -> None:
    if runs > MOST_RUNS:
        raise InputError(where, f"{runs} runs are asked for.", f"At most {MOST_RUNS} fit in one design.")


def _cases(read: DesignFile, where: str, folder: Path) -> tuple[Case, ...]:
    cases = []
    for name, world in itertools.product(read.scenarios or [str(read.scenario)], read.worlds):
        worlds = () if world == WHOLE else tuple(placed(word, folder) for word in world.split("+"))
        try:
            scenario = load(placed(name, folder), worlds)
        except InputError as error:
            raise InputError(f"{where}: {error.where}", error.problem, error.remedy) from error
        cases.append(Case(scenario if read.months is None else scenario.replace(months=read.months), world))
    if len({case.name for case in cases}) < len(cases):
        raise InputError(f"{where}: scenarios", "two files have one name.", "Give two files two names.")
    return tuple(cases)


def placed(name: str, folder: Path) -> str:
    """A shipped name as it is, a file relative to the folder of the design."""
    return str(folder / name) if is_file(name) else name


def is_file(name: str) -> bool:
    """Whether a scenario or a world is a file and not a shipped name."""
    return "/" in name or "\\" in name or name.endswith(".toml")
