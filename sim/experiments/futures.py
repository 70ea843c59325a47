"""Futures: what policies do under the same assumptions and luck, read from a sweep as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.factors import DUMMY
from sim.experiments.reading import dataframe
from sim.experiments.store import Store
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pandas

F64 = NDArray[np.float64]
WORLD = "world"
"""Name of the assumption that says in which world a future is, where there are several."""
UNSAMPLED = ("morris",)
"""Kinds of designs whose draws are no sample of what is believed."""


@dataclass(frozen=True)
class Futures:
    """Runs of several policies in the same futures: draws of the assumptions, world by world.

    Attributes
    ----------
    policies : tuple of str
        Scenarios.
    worlds : ndarray of str (futures,)
    draws : ndarray of int (futures,)
    assumptions : dict of str to ndarray (futures,)
        What differs between futures: parameters, levers, and the world where there are several.
    outcomes : dict of str to ndarray (policies, futures, replicates)
    left_out : int
        Futures that a failed or missing run of some policy cost.
    kind : str
        Of the design.
    block : int
        Draws that belong together.
    """

    policies: tuple[str, ...]
    worlds: NDArray[np.str_]
    draws: NDArray[np.int64]
    assumptions: dict[str, NDArray[Any]]
    outcomes: dict[str, F64]
    left_out: int
    kind: str
    block: int

    def __len__(self) -> int:
        return len(self.draws)

    def means(self) -> dict[str, F64]:
        """Outcomes as means over replicates, ``(policies, futures)``."""
        return {name: values.mean(axis=2) for name, values in self.outcomes.items()}

    def numbers(self) -> dict[str, F64]:
        """The assumptions that are numbers and differ."""
        return {
            name: np.asarray(values, np.float64)
            for name, values in self.assumptions.items()
            if values.dtype.kind in "fiu" and np.ptp(values) > 0
        }

    def believed(self) -> Futures:
        """Return the futures that are a sample of what is believed.

        All of them, but of Saltelli's blocks the two independent draws only.

        Raises
        ------
        InputError
            If the design is no such sample.
        """
        if self.kind in UNSAMPLED:
            remedy = "Sweep a design of kind sobol, halton, latin_hypercube, saltelli or csv."
            raise InputError(f"design {self.kind}", "its draws are no sample of what may be.", remedy)
        if self.block == 1:
            return self
        place = self.draws % self.block
        keep = (place == 0) | (place == self.block - 1)
        return Futures(
            self.policies, self.worlds[keep], self.draws[keep],
            {name: values[keep] for name, values in self.assumptions.items()},
            {name: values[:, keep] for name, values in self.outcomes.items()}, self.left_out, self.kind, 1,
        )  # fmt: skip


def read_futures(
    store: Store,
    outcomes: Sequence[str],
    policies: Sequence[str] | None = None,
    worlds: Sequence[str] | None = None,
) -> Futures:
    """Read the finished runs of a sweep.

    Parameters
    ----------
    store : Store
        From `sim.open_sweep`.
    outcomes : sequence of str
        Which to read.
    policies, worlds : sequence of str, optional
        Which scenarios and worlds; all when None. The first policy is the one that others are compared with.

    Raises
    ------
    InputError
        If a name is not in the sweep, an outcome is undefined in some run, or nothing is finished.
    """
    where = f"sweep {store.directory}"
    for name in outcomes:
        if name not in OUTCOMES:
            raise InputError(where, f"there is no outcome {name[:60]!r}.", "'aperture outcomes' lists them.")
    frame = dataframe(store, [*store.factors, *dict.fromkeys(outcomes)])
    if frame.empty or not (frame["error"] == "").any():
        raise InputError(where, "no run is finished.", "Carry the sweep out first.")
    wanted = _chosen(policies, frame["scenario"], f"{where}: policies")
    places = _chosen(worlds, frame["world"], f"{where}: worlds")
    frame = frame[frame["scenario"].isin(wanted) & frame["world"].isin(places)]
    replicates = int(store.manifest["replicates"])
    asked = len(frame.drop_duplicates(["world", "draw"]))
    whole = _whole(frame[frame["error"] == ""], len(wanted) * replicates)
    if whole.empty:
        raise InputError(where, "no future is finished for every policy.", "Carry the sweep out to its end.")
    shape = (len(wanted), -1, replicates)
    ordered = whole.assign(
        scenario=whole["scenario"].map(wanted.index), place=whole["world"].map(places.index)
    ).sort_values(["scenario", "place", "draw", "replicate"], kind="stable")
    columns = {name: _defined(ordered[name], name, where).reshape(shape) for name in outcomes}
    futures = ordered.iloc[: len(ordered) // len(wanted) : replicates]
    return Futures(
        tuple(wanted), futures["world"].to_numpy(np.str_), futures["draw"].to_numpy(np.int64),
        _assumptions(store, futures, places), columns, asked - len(futures), str(store.manifest["design"]),
        store.block,
    )  # fmt: skip


def _chosen(asked: Sequence[str] | None, column: pandas.Series[str], where: str) -> list[str]:
    present = [str(name) for name in dict.fromkeys(column)]
    for name in asked or ():
        if name not in present:
            raise InputError(where, f"{name[:60]!r} is not in the sweep.", f"It has {', '.join(present)}.")
    return list(dict.fromkeys(asked)) if asked else present


def _whole(frame: pandas.DataFrame, runs: int) -> pandas.DataFrame:
    """Runs of the futures in which no run is missing."""
    counts = frame.groupby(["world", "draw"], observed=True)["run"].transform("size")
    kept: pandas.DataFrame = frame[counts == runs]
    return kept


def _defined(column: pandas.Series[float], name: str, where: str) -> F64:
    values: F64 = np.asarray(column, np.float64)
    wrong = int(np.count_nonzero(~np.isfinite(values)))
    if wrong:
        problem = f"{name} is undefined in {wrong} of {len(values)} runs."
        raise InputError(where, problem, "Choose an outcome that every run defines.")
    return values


def _assumptions(store: Store, futures: pandas.DataFrame, worlds: Sequence[str]) -> dict[str, NDArray[Any]]:
    found = {name: futures[name].to_numpy() for name in store.factors if name != DUMMY}
    found = {name: v.astype(np.str_) if v.dtype.kind not in "fiu" else v for name, v in found.items()}
    if len(worlds) > 1:
        found[WORLD] = futures["world"].to_numpy(np.str_)
    return found
