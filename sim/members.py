"""Members: scenarios x draws x replicates, laid out as columns in batches that share their structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.parameters import REGISTRY, check_value, columns
from sim.regime_table import RegimeTable
from sim.regimes import REGIMES
from sim.streams import member_key

if TYPE_CHECKING:
    from sim.scenario import Scenario

Record = TypeVar("Record")
Integers = NDArray[np.int64]
MOST_RUNS = 20_000_000
"""More runs than this in one call are taken for a slip of the finger."""


@dataclass(frozen=True)
class Runs:
    """Every run that is asked for: scenario by scenario, in each draw by draw, in each replicate by replicate.

    Attributes
    ----------
    scenarios : tuple of Scenario
        In the order given.
    draws, replicates, seed : int
        How many of each, and what names their random numbers.
    samples : mapping of str to ndarray (draws,)
        What the draws vary, by full name; the same in all scenarios. Empty when the one draw is the defaults.
    """

    scenarios: tuple[Scenario, ...]
    draws: int
    replicates: int
    seed: int
    samples: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.scenarios) * self.draws * self.replicates

    @property
    def scenario_index(self) -> Integers:
        """Place in `scenarios` of the scenario of each run, ``(runs,)``."""
        return np.arange(len(self)) // (self.draws * self.replicates)

    @property
    def draw(self) -> Integers:
        """Draw of each run, ``(runs,)``."""
        return np.arange(len(self)) // self.replicates % self.draws

    @property
    def replicate(self) -> Integers:
        """Replicate of each run, ``(runs,)``."""
        return np.arange(len(self)) % self.replicates

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """Key of each replicate, ``(replicates,)``, the same for every scenario and draw."""
        return np.fromiter((member_key(self.seed, r) for r in range(self.replicates)), np.uint64, self.replicates)


@dataclass(frozen=True)
class Members:
    """The members of one batch; they agree on everything structural, and those of one scenario stand together.

    Attributes
    ----------
    keys : ndarray of uint64, (members,)
        Keys of their uniforms.
    scenario : tuple of Scenario
        The scenarios of the batch, each once, in order.
    scenario_index : ndarray of int64, (members,)
        Place in `scenario`.
    draw, replicate : ndarray of int64, (members,)
        Which draw and which replicate.
    run : ndarray of int64, (members,)
        Place among all runs, to put results back in order.
    values : dict of str to ndarray of float64, (members,)
        Every numeric parameter by full name, and the attributes of added regimes.
    choices : dict of str to str
        Every structural parameter.
    """

    keys: NDArray[np.uint64]
    scenario: tuple[Scenario, ...]
    scenario_index: Integers
    draw: Integers
    replicate: Integers
    run: Integers
    values: dict[str, NDArray[np.float64]]
    choices: dict[str, str]

    def __len__(self) -> int:
        return len(self.keys)

    def columns(self, cls: type[Record], table: str) -> Record:
        """The parameters of a kernel as its record; see `sim.parameters.columns`."""
        return columns(cls, table, {**self.values, **self.choices}, len(self))

    def regimes(self) -> RegimeTable:
        """The table of regimes of these members."""
        return RegimeTable.build(self.values, len(self), self.scenario[0].regimes)

    def groups(self) -> list[tuple[Scenario, int, int]]:
        """Each scenario with the first of its members and the one after its last."""
        edges = np.searchsorted(self.scenario_index, np.arange(len(self.scenario) + 1))
        return [(scenario, int(a), int(b)) for scenario, (a, b) in zip(self.scenario, pairwise(edges), strict=True)]

    def rows(self, start: int, stop: int) -> Members:
        """The members from `start` to `stop`."""
        places, index = np.unique(self.scenario_index[start:stop], return_inverse=True)
        return Members(
            self.keys[start:stop],
            tuple(self.scenario[place] for place in places),
            index.astype(np.int64),
            self.draw[start:stop],
            self.replicate[start:stop],
            self.run[start:stop],
            {name: column[start:stop] for name, column in self.values.items()},
            self.choices,
        )


def expand(
    scenarios: Sequence[Scenario], draws: int | Mapping[str, NDArray[Any]] = 1, replicates: int = 32, seed: int = 0
) -> Runs:
    """List the runs that are asked for.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One or more.
    draws : int or mapping of str to array (draws,)
        1 is the defaults; more are samples from every range, while choices between equations keep their defaults. A
        mapping gives the samples themselves, by full name of the parameter, and may hold choices.
    replicates : int
        Runs of each draw that differ by chance alone.
    seed : int
        0 or more.

    Raises
    ------
    InputError
        When a number is out of range, or a sample is of an unknown parameter or inadmissible.
    """
    if not scenarios:
        raise InputError("scenarios", "there is none.", "Name at least one.")
    _whole("replicates", replicates, 1)
    _whole("seed", seed, 0)
    samples = {name: _sample(name, column) for name, column in draws.items()} if isinstance(draws, Mapping) else {}
    number = _rows(samples) if isinstance(draws, Mapping) else _whole("draws", draws, 1)
    count = len(scenarios) * number * replicates
    if count > MOST_RUNS:
        raise InputError("runs", f"{count} are asked for.", f"At most {MOST_RUNS} fit in one call.")
    if not isinstance(draws, Mapping) and number > 1:
        samples = dict(REGISTRY.sample(number, seed, REGISTRY.uncertain()))
    return Runs(tuple(scenarios), number, replicates, seed, samples)


def _rows(samples: Mapping[str, NDArray[Any]]) -> int:
    lengths = sorted({len(column) for column in samples.values()})
    if len(lengths) != 1 or lengths == [0]:
        remedy = "Give at least one row, and all columns the same number."
        raise InputError("draws", f"the columns have lengths {lengths}.", remedy)
    return lengths[0]


def _whole(name: str, value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InputError(name, f"must be a whole number, not {value!r}.", f"Write {least} or more.")
    return int(value)


def _sample(name: str, column: Any) -> NDArray[Any]:
    where = f"draws: {name}"
    array = np.asarray(column)
    if array.ndim != 1:
        raise InputError(where, f"has {array.ndim} dimensions.", "Give one value a draw.")
    if name in REGISTRY and not REGISTRY[name].structural and array.dtype.kind in "iuf":
        extremes: set[object] = {float(array.min()), float(array.max())} if array.size else set()
    else:
        extremes = set(array.tolist())
    for value in extremes or {REGISTRY[name].default if name in REGISTRY else None}:
        check_value(name, value, where)
    return array if name in REGISTRY and REGISTRY[name].structural else array.astype(np.float64)


def batches(runs: Runs, size: int, wanted: Integers | None = None) -> Iterator[Members]:
    """Lay the runs out in batches.

    Parameters
    ----------
    runs : Runs
        From `expand`.
    size : int
        Most members of a batch.
    wanted : ndarray of int64, optional
        Places of the runs to lay out; all when not given.

    Yields
    ------
    Members
        Batches of nearly equal size within each structure; structures in order of first appearance.
    """
    groups: dict[tuple[Any, ...], list[Integers]] = {}
    varied = [name for name in runs.samples if REGISTRY[name].structural]
    for place, scenario in enumerate(runs.scenarios):
        for draw in range(runs.draws) if varied else (None,):
            signature = (*_structure(scenario), tuple(_choices(runs, scenario, draw or 0).items()))
            first = place * runs.draws * runs.replicates + (draw or 0) * runs.replicates
            length = runs.replicates if varied else runs.draws * runs.replicates
            groups.setdefault(signature, []).append(np.arange(first, first + length))
    for signature, parts in groups.items():
        members = np.concatenate(parts)
        if wanted is not None:
            members = members[np.isin(members, wanted)]
        if not len(members):
            continue
        for part in np.array_split(members, -(-len(members) // size)):
            yield _batch(runs, part, dict(signature[-1]))


def _structure(scenario: Scenario) -> tuple[Any, ...]:
    added = tuple((row.id, row.opens_to) for row in scenario.regimes)
    return scenario.population, scenario.months, scenario.start, added


def _choices(runs: Runs, scenario: Scenario, draw: int) -> dict[str, str]:
    def chosen(name: str) -> str:
        if name in scenario.parameters:
            return str(scenario.parameters[name])
        return str(runs.samples[name][draw] if name in runs.samples else REGISTRY[name].default)

    return {name: chosen(name) for name in REGISTRY.structural()}


def _batch(runs: Runs, members: Integers, choices: dict[str, str]) -> Members:
    draw, replicate = members // runs.replicates % runs.draws, members % runs.replicates
    places, index = np.unique(members // (runs.draws * runs.replicates), return_inverse=True)
    values = {}
    for name in REGISTRY.numeric():
        sample = runs.samples.get(name)
        values[name] = np.full(len(members), REGISTRY[name].default, np.float64) if sample is None else sample[draw]
    batch = Members(
        runs.keys[replicate],
        tuple(runs.scenarios[place] for place in places),
        index.astype(np.int64),
        draw,
        replicate,
        members,
        values,
        choices,
    )
    for scenario, start, stop in batch.groups():
        _set(values, scenario, slice(start, stop), len(members))
    return batch


def _set(values: dict[str, NDArray[np.float64]], scenario: Scenario, rows: slice, members: int) -> None:
    """Write what a scenario says over what was sampled, and the attributes of the regimes that it adds."""
    for name, value in scenario.parameters.items():
        if name in values:
            values[name][rows] = value
    for row in scenario.regimes:
        for attribute in REGIMES.attributes:
            column = values.setdefault(f"regimes.{row.id}_{attribute}", np.empty(members))
            inherited = attribute not in row.attributes
            column[rows] = values[f"regimes.{row.like}_{attribute}"][rows] if inherited else row.attributes[attribute]
