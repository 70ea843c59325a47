"""The runner: batches of members, month by month, on one core or several; never through Mesa."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.actors.labs import LabDecisions
from sim.counterfactuals import counterfactuals as standard
from sim.errors import InputError
from sim.members import Members, Runs, batches, expand
from sim.month import begin, month
from sim.outcomes import OUTCOMES
from sim.outcomes.harms import CHANNELS
from sim.recorder import DETAIL_AXES, LAB_RANKS, Recorder
from sim.results import Comparison, Results
from sim.results.provenance import provenance
from sim.roster import roster
from sim.scenario import Scenario, load
from sim.state import State
from sim.workers import end_with_parent

LANES = 128_000
"""Cells of the widest population in a batch: scratch of this size stays in the cache."""
Progress = Callable[[int, int], None]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Batch:
    """What a batch leaves behind: monthly outcomes and breakdowns of its members, and their place among all runs."""

    run: NDArray[np.int64]
    monthly: dict[str, NDArray[np.float64]]
    details: dict[str, NDArray[np.float32]]


def simulate(
    members: Members, labs: Mapping[int, type[LabDecisions]] | None = None, *, rng: str = "hash", details: bool = True
) -> Batch:
    """Run one batch from its first month to its last."""
    _, recorder = play(members, labs, rng=rng, details=details)
    return Batch(members.run, recorder.monthly, recorder.details)


def play(
    members: Members, labs: Mapping[int, type[LabDecisions]] | None = None, *, rng: str = "hash", details: bool = True
) -> tuple[State, Recorder]:
    """Run one batch and return its last state beside what was recorded month by month."""
    state = begin(members, rng)
    who = roster(state.labs.active.shape[1], labs)
    recorder = Recorder(len(members), state.clock.months, details=details)
    for number in range(state.clock.months):
        state.clock.month = number
        month(state, who)
        recorder.record(state)
    return state, recorder


def over_batches(work: Callable[[Members], Found], pieces: Sequence[Members], workers: int) -> Iterator[Found]:
    """Yield what `work` makes of each batch, in order; with several workers it must be picklable."""
    if workers <= 1 or len(pieces) == 1:
        yield from map(work, pieces)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(pieces)), mp_context=context, initializer=end_with_parent) as pool:
        yield from pool.map(work, pieces)


def run(
    scenario: Scenario | str | Path | Sequence[Scenario | str | Path],
    replicates: int = 32,
    draws: int | Mapping[str, NDArray[Any]] = 1,
    seed: int = 0,
    months: int | None = None,
    workers: int = 1,
    labs: Mapping[int, type[LabDecisions]] | None = None,
    progress: Progress | None = None,
    details: bool = True,
) -> Results:
    """Run one scenario or several on the same random numbers.

    Parameters
    ----------
    scenario : Scenario, name, path, or a sequence of them
        What to run.
    replicates : int
        Runs that differ by chance only.
    draws : int or mapping of str to ndarray
        Samples of the uncertain parameters; 1 is the defaults.
    seed : int
        Root of all random numbers; 0 is a seed like others.
    months : int, optional
        Horizon; the scenario's own when None.
    workers : int
        Processes. The numbers do not depend on it.
    labs : mapping of int to class, optional
        Slot to a subclass of `LabDecisions` (or of `Lab`) that decides for that developer; one process only.
    progress : callable, optional
        Called with the number of finished runs and of all runs.
    details : bool
        Whether to keep breakdowns for figures.

    Returns
    -------
    Results
        Ordered by scenario, draw and replicate.

    Raises
    ------
    InputError
        When something asked for is inadmissible.
    """
    asked = _scenarios(scenario, months)
    if labs and workers > 1:
        raise InputError(
            "workers", f"{workers} processes cannot share a decision given as a class.", "Use workers=1 with labs=."
        )
    runs = expand(asked, draws, replicates, seed)
    pieces = list(batches(runs, _batch_size(asked)))
    done: list[Batch] = []
    for batch in over_batches(partial(simulate, labs=labs, details=details), pieces, workers):
        done.append(batch)
        if progress is not None:
            progress(sum(len(part.run) for part in done), len(runs))
    facts = provenance(asked, replicates=replicates, draws=runs.draws, seed=seed, months=asked[0].months)
    return _results(done, runs, {**facts, "channels": list(CHANNELS), "labs": list(LAB_RANKS)}, details)


def run_some(runs: Runs, wanted: NDArray[np.int64]) -> Results:
    """Run a few of the runs that are asked for, in one process, without details.

    Parameters
    ----------
    runs : Runs
        From `sim.members.expand`.
    wanted : ndarray of int64
        Places among them, rising; their numbers are those that they have when all are run.
    """
    done = [simulate(piece, details=False) for piece in batches(runs, _batch_size(runs.scenarios), wanted)]
    months = runs.scenarios[0].months
    facts = provenance(runs.scenarios, replicates=runs.replicates, draws=runs.draws, seed=runs.seed, months=months)
    return _results(done, runs, facts, details=False, wanted=wanted)


def _batch_size(scenarios: Sequence[Scenario]) -> int:
    widest = max(max(item.population.misusers, item.population.builders) for item in scenarios)
    return max(1, min(LANES // max(widest, 1), 128))


def _results(
    done: list[Batch], runs: Runs, facts: dict[str, Any], details: bool, wanted: NDArray[np.int64] | None = None
) -> Results:
    """Results of all batches in the order of the runs."""
    names = [scenario.name for scenario in runs.scenarios]
    kept = DETAIL_AXES if details else {}
    places = np.arange(len(runs)) if wanted is None else wanted
    return Results(
        monthly={name: _gather([(part.run, part.monthly[name]) for part in done], places) for name in OUTCOMES},
        scenario=tuple(names[i] for i in runs.scenario_index[places]),
        draw=runs.draw[places],
        replicate=runs.replicate[places],
        provenance=facts,
        details={name: _gather([(part.run, part.details[name]) for part in done], places) for name in kept},
        detail_axes=kept,
    )


def compare(
    scenarios: Sequence[Scenario | str | Path],
    baseline: str | None = None,
    counterfactuals: bool | Mapping[str, Scenario | str | Path] = False,
    **settings: Any,
) -> Comparison:
    """Compare scenarios on paired runs; the settings are those of `run`.

    Parameters
    ----------
    scenarios : sequence
        The first is the baseline unless `baseline` names another.
    baseline : str, optional
    counterfactuals : bool or mapping of str to scenario
        Worlds against which margins are measured: True for a closed frontier and for no AI uplift to misuse.
    """
    asked = _scenarios(list(scenarios), settings.get("months"))
    base = baseline or asked[0].name
    others: Mapping[str, Sequence[Scenario | str | Path]]
    if isinstance(counterfactuals, Mapping):
        others = {name: [item] for name, item in counterfactuals.items()}
    else:
        others = standard(asked, base) if counterfactuals else {}
    runs = {name: run(list(items), **settings) for name, items in others.items()}
    return Comparison(run(asked, **settings), base, runs)


def _scenarios(asked: Scenario | str | Path | Sequence[Scenario | str | Path], months: int | None) -> list[Scenario]:
    several: list[Any] = list(asked) if isinstance(asked, Sequence) and not isinstance(asked, str) else [asked]
    loaded = [item if isinstance(item, Scenario) else load(str(item)) for item in several]
    loaded = loaded if months is None else [item.replace(months=months) for item in loaded]
    names = [item.name for item in loaded]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError("scenarios", f"{twice[0]!r} is named twice.", "Name each scenario once.")
    if len({item.months for item in loaded}) > 1:
        raise InputError("months", "the scenarios have different horizons.", "Set one horizon for all with months=.")
    return loaded


def _gather(parts: list[tuple[NDArray[np.int64], NDArray[Any]]], places: NDArray[np.int64]) -> NDArray[Any]:
    """Put the rows of all batches in the order of the runs, whose places rise."""
    first = parts[0][1]
    out = np.empty((len(places), *first.shape[1:]), first.dtype)
    for place, rows in parts:
        out[np.searchsorted(places, place)] = rows
    return out
