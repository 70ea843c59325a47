"""Points of a stored sweep: means over replicates of every scenario, world and draw, and the link that opens one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sim
from dashboard.jobs import records
from dashboard.variants import Variant, presets, written
from dashboard.views import MOST_QUERY, ViewState

if TYPE_CHECKING:
    import pandas

MOST_RUNS = 20_000
"""About so many runs are read; of longer sweeps the first draws."""
DUMMY = "dummy"
KEYS = ["scenario", "world", "draw"]


@dataclass(frozen=True, eq=False)
class Points:
    """A sweep as the page shows it.

    Attributes
    ----------
    name, title : str
        Of the sweep.
    table : DataFrame
        ``scenario``, ``world``, ``draw``, a column a factor, a column an outcome; a row a draw of a case.
    factors : tuple of str
        What varies between draws, without the dummy.
    runs, read, failed : int
        Runs that are finished, that were read, and that failed.
    seed, months : int
        Of the sweep.
    """

    name: str
    title: str
    table: pandas.DataFrame
    factors: tuple[str, ...]
    runs: int
    read: int
    failed: int
    seed: int

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in order."""
        return list(dict.fromkeys(self.table["scenario"]))

    @property
    def dimensions(self) -> list[str]:
        """What can stand at the sides of a heatmap, levers first."""
        levers = [name for name in self.factors if name not in sim.REGISTRY]
        return ["scenario", "world", *levers, *(name for name in self.factors if name in sim.REGISTRY)]

    def varied(self, name: str) -> bool:
        """Whether a dimension has more than one value."""
        return bool(self.table[name].nunique() > 1)


def load(name: object, outcomes: Sequence[str]) -> Points:
    """Read a sweep below the root with these outcomes.

    Raises
    ------
    sim.InputError
        If there is no such sweep, nothing in it is finished, or an outcome is unknown.
    """
    known = records.checked(name)
    if known not in records.sweeps():
        raise sim.InputError("sweep", "there is no sweep of that name.", "Choose one of the list.")
    for outcome in outcomes:
        if outcome not in sim.OUTCOMES:
            raise sim.InputError("outcome", f"there is no outcome {outcome!a:.60}.", "Choose one of the list.")
    folder = records.store(known) / "runs"
    newest = max((path.stat().st_mtime_ns for path in folder.glob("*.parquet")), default=0)
    return _load(known, tuple(dict.fromkeys(outcomes)), newest)


@lru_cache(maxsize=6)
def _load(name: str, outcomes: tuple[str, ...], newest: int) -> Points:
    store = sim.open_sweep(records.store(name))
    manifest, status = store.manifest, store.status()
    each = max(1, len(manifest["cases"]) * manifest["replicates"])
    frame = store.to_dataframe([*store.factors, *outcomes], draws=max(1, MOST_RUNS // each))
    good = frame[frame["error"] == ""] if len(frame) else frame
    if good.empty:
        raise sim.InputError(f"sweep {name}", "none of its runs is finished.", "Wait for the first ones.")
    means = good.groupby(KEYS, sort=False)[list(outcomes)].mean()
    firsts = good.drop_duplicates(KEYS).set_index(KEYS)[list(store.factors)]
    table = firsts.join(means).reset_index()
    factors = tuple(factor for factor in store.factors if factor != DUMMY and table[factor].nunique() > 1)
    return Points(
        name,
        manifest["title"] or name,
        table,
        factors,
        status["finished"],
        len(good),
        status["failed"],
        manifest["seed"],
    )


def leading(points: Points, outcome: str, most: int) -> list[str]:
    """Return the factors that go most with an outcome, by rank correlation over all points, strongest first."""
    numeric = [name for name in points.factors if points.table[name].dtype.kind in "fi"]
    if not numeric or points.table[outcome].nunique() < 2:
        return list(points.factors[:most])
    ranks = points.table[numeric].rank()
    strength = ranks.corrwith(points.table[outcome].rank()).abs().fillna(0.0)
    return [str(name) for name in strength.sort_values(ascending=False, kind="stable").index[:most]]


def address(points: Points, row: Mapping[str, Any], outcomes: Sequence[str]) -> str:
    """Return the address in Explore of a point: its scenario and world, its levers, and as many parameters as fit.

    Parameters
    ----------
    points : Points
        Of the sweep.
    row : mapping
        ``scenario``, ``world`` and values of factors.
    outcomes : sequence of str
        To show.
    """
    scenario = str(row["scenario"])
    if scenario not in presets():
        return "/"
    worlds = tuple(word for word in str(row["world"]).split("+") if word != "default" and word in sim.world_names())
    kinds = {policy.kind for policy in sim.load(scenario).policies}
    levers = {n: row[n] for n in points.factors if n in row and n not in sim.REGISTRY and n.partition(".")[0] in kinds}
    values = {name: _plain(value) for name, value in levers.items()}
    ranked = [
        name for name in leading(points, outcomes[0], len(points.factors)) if name in sim.REGISTRY and name in row
    ]
    state = _state(scenario, values, {}, worlds, outcomes, points.seed)
    for count in range(len(ranked), -1, -1):
        assumed = {name: float(f"{float(row[name]):.6g}") for name in ranked[:count]}
        state = _state(scenario, values, assumed, worlds, outcomes, points.seed)
        if len(state.query()) <= MOST_QUERY - 96:
            break
    return "/?" + state.query()


def _state(
    scenario: str, values: Mapping[str, Any], assumed: Mapping[str, Any], worlds: tuple[str, ...],
    outcomes: Sequence[str], seed: int,
) -> ViewState:  # fmt: skip
    shown = (*outcomes, *(name for name in ViewState().outcomes if name not in outcomes))[:4]
    return ViewState(
        scenarios=(Variant(scenario, values=values),), assumptions=assumed, worlds=worlds, outcomes=shown,
        calibrated=False, seed=seed if seed < 2**31 else 0,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def spoken(name: str, value: Any) -> str:
    """Return a value of a factor as people read it: months as dates, numbers with three digits."""
    plain = _plain(value)
    if name not in sim.REGISTRY and isinstance(plain, int):
        return written(plain, name)
    return f"{plain:.3g}" if isinstance(plain, float) else str(plain)
