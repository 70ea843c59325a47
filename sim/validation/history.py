"""Runs over known years, with the ledger of releases beside the monthly outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.members import Members, batches, expand
from sim.runner import over_batches, play
from sim.scenario import load
from sim.streams import member_key

F64 = NDArray[np.float64]
FIRST_YEAR = 2023
"""Year in whose January histories begin."""
SCENARIO = "hindcast_2023"
"""Scenario that holds what was law in these years."""
MEMBERS = 32
"""Members of a batch."""


@dataclass(frozen=True)
class Record:
    """What a batch of histories left behind.

    Attributes
    ----------
    monthly : dict of str to ndarray (member, month)
        Outcomes from January of `FIRST_YEAR`.
    ledger : dict of str to ndarray (member, release)
        ``lab``, ``month`` (-1 in unused rows), ``size``, ``log10_flop``, ``capability``, ``open_month``, in order of
        release.
    """

    monthly: Mapping[str, F64]
    ledger: Mapping[str, NDArray[Any]]

    def year(self, outcome: str, year: int) -> F64:
        """An outcome in the months of a year, ``(member, 12)``."""
        first = (year - FIRST_YEAR) * 12
        return self.monthly[outcome][:, first : first + 12]


Measure = Callable[[Record], Any]


def histories(
    measure: Measure,
    years: int,
    replicates: int,
    draws: int | Mapping[str, NDArray[Any]] = 1,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    scenario: str = SCENARIO,
) -> list[Any]:
    """Run histories and return what `measure` makes of each batch, in the order of the runs.

    Parameters
    ----------
    measure : callable
        Takes a `Record`; keeping only what it returns, memory does not grow with the months.
    years, replicates, seed, workers : int
    draws : int or mapping of str to ndarray
        As for `sim.runner.run`.
    scenario : str
        Where the history begins; measures that know years expect the default.
    """
    runs = expand([load(scenario).replace(months=12 * years)], draws, replicates, seed)
    found: list[Any] = []
    done = 0
    work = partial(_history, measure=measure)
    pieces = [own_luck(members, replicates, seed) for members in batches(runs, MEMBERS)]
    for size, result in over_batches(work, pieces, workers):
        found.append(result)
        done += size
        if progress is not None:
            progress(done, len(runs))
    return found


def own_luck(members: Members, replicates: int, seed: int) -> Members:
    """The same members with random numbers of their own for every draw.

    Elsewhere draws share the luck of a replicate, so that they can be compared. Here the runs stand for histories that
    might have been: among few shared ones, draws would be fitted to the luck of these few.
    """
    numbers = members.draw * replicates + members.replicate
    keys = np.fromiter((member_key(seed, int(number)) for number in numbers), np.uint64, len(numbers))
    return replace(members, keys=keys)


def _history(members: Members, measure: Measure) -> tuple[int, Any]:
    state, recorder = play(members, details=False)
    rows = int(state.ledger.count.max(initial=0))
    names = ("lab", "month", "size", "log10_flop", "capability", "open_month")
    ledger = {name: getattr(state.ledger, name)[:, :rows].copy() for name in names}
    return len(members), measure(Record(recorder.monthly, ledger))
