"""Studies of a stored sweep: which policy holds up, what the choice turns on, what an outcome depends on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sim
from dashboard.jobs import records
from dashboard.runs import Engine
from sim import figures

MOST_RUNS = 16_384
"""Runs up to which a study is worked out while somebody waits; longer ones are for the command line."""
MOST_ROWS = 12
MODES = ("light", "dark")
Study = Callable[[Any, tuple[str, ...]], "Worked"]


@dataclass(frozen=True)
class Worked:
    """What a study found: sentences, figures by mode (light and dark), and a table with its caption."""

    words: list[str]
    figures: dict[str, list[figures.Figure]]
    caption: str
    head: list[str]
    rows: list[list[str]]


def robust(store: Any, outcomes: tuple[str, ...]) -> Worked:
    """Rank the policies by regret and other rules, over all worlds and draws alike."""
    found = sim.experiments.robust(store, _preference(outcomes))
    table = found.tables["preference"]
    rows = [
        [
            f"{rule[:1].upper()}{rule[1:]}",
            *(f"{figures.digits(float(s))} (rank {r:g})" for s, r in zip(score, table.ranks[rule], strict=True)),
        ]
        for rule, score in table.scores.items()
    ]
    words = [f"{table.futures:,} futures, all alike; preference: {found.preference.words()}."]
    caption = "Utility of the preference by rule of decision; of regrets less is better"
    return Worked(words, _drawn(found, ["preference"]), caption, ["Rule", *table.policies], rows)


def cruxes(store: Any, outcomes: tuple[str, ...]) -> Worked:
    """Find the assumptions on which the choice between the policies turns."""
    found = sim.experiments.cruxes(store, _preference(outcomes))
    rows = [
        [c.name, *map(figures.digits, (float(c.worth), float(c.low), float(c.high), float(c.chance)))]
        for c in found.found.cruxes[:MOST_ROWS]
    ]
    head = ["Assumption", "Worth of knowing it", "from", "to", "Chance"]
    words = list(sim.experiments.crux_report(found))
    return Worked(words, _drawn(found), "What knowing an assumption is worth, in utility", head, rows)


def sensitivity(store: Any, outcomes: tuple[str, ...]) -> Worked:
    """Say what the first outcome depends on: of two policies the difference, in the first world."""
    cases = [str(name).rpartition("@") for name, _ in store.manifest["cases"]]
    names, world = list(dict.fromkeys(case[0] for case in cases)), cases[0][2]
    found = sim.experiments.sensitivity(store, outcomes[0], list(dict.fromkeys((names[0], names[-1]))), world)
    policies = found.policies
    what = policies[0] if len(policies) == 1 else f"{policies[-1]} minus {policies[0]}"
    label = sim.OUTCOMES[found.outcome].label
    unit = figures.scale(found.unit, [float(found.mean), float(found.deviation)])
    words = [
        f"{label}, {what}, world {world}: mean {unit.text(float(found.mean))}, standard deviation "
        f"{unit.text(float(found.deviation))} over {found.draws:,} draws."
    ]
    if not found.sound:
        words.append("A dummy that no run reads seems to matter: read nothing into what follows.")
    return Worked(words, _drawn(found), *_dependence(found))


def _drawn(found: Any, only: Sequence[str] | None = None) -> dict[str, list[figures.Figure]]:
    """Return the figures of what a study found in both modes: all, or those of some names."""
    both = {mode: sim.draw_study(found, mode) for mode in MODES}
    return {mode: [drawn[name] for name in only or drawn] for mode, drawn in both.items()}


def _dependence(found: Any) -> tuple[str, list[str], list[list[str]]]:
    """Return caption, heads and rows of what an outcome depends on, by the kind of the design."""
    if found.indices is not None:
        n = found.indices
        rows = [
            [n.names[i], _share(n.total[i], n.total_half[i]), _share(n.first[i], n.first_half[i])]
            for i in _largest(n.total)
        ]
        return "Shares of the variance (Sobol)", ["Assumption", "with interactions", "alone"], rows
    if found.effects is not None:
        e = found.effects
        rows = [
            [e.names[i], figures.digits(float(e.absolute[i])), figures.digits(float(e.spread[i]))]
            for i in _largest(e.absolute)
        ]
        return f"Elementary effects (Morris), {found.unit}", ["Assumption", "mean size", "spread"], rows
    names = sorted(found.alone, key=lambda name: -found.alone[name])[:MOST_ROWS]
    rows = [[n, f"{found.alone[n]:.3f}", f"{found.tails.get(n, float('nan')):.3f}"] for n in names]
    caption = f"Share of the variance that an assumption explains alone; luck gives up to {found.luck:.3f}"
    return caption, ["Assumption", "alone", "tails (PAWN)"], rows


def _share(value: float, half: float) -> str:
    return f"{value:.3f} ± {half:.3f}".replace("-", "−")


def _largest(values: Any) -> list[int]:
    return [int(i) for i in (-values).argsort(kind="stable")[:MOST_ROWS]]


def _preference(outcomes: Sequence[str]) -> Any:
    return sim.experiments.read_preference(",".join(f"{name}=1" for name in outcomes))


STUDIES: dict[str, tuple[str, Study]] = {
    "robust": ("Which policy holds up: regret and other rules", robust),
    "cruxes": ("Which assumptions the choice turns on", cruxes),
    "sensitivity": ("What the first outcome depends on", sensitivity),
}
"""Studies by name, with what they are called; ``aperture`` has a command for each."""


def work(kind: str, directory: str, outcomes: tuple[str, ...]) -> Worked:
    """Work a study out; this is what a worker does."""
    return STUDIES[kind][1](sim.open_sweep(directory), outcomes)


@lru_cache(maxsize=16)
def known(engine: Engine, kind: str, directory: str, outcomes: tuple[str, ...], finished: int) -> Worked:
    """Return a study, worked out once; `finished` runs are there, and when there are more it is worked out anew."""
    return engine.elsewhere(work, kind, directory, outcomes)


def asked(name: object, kind: object, outcomes: Sequence[object]) -> tuple[str, str, tuple[str, ...], int]:
    """Return the arguments of `known` but the engine, checked.

    Raises
    ------
    sim.InputError
        For a sweep, study or outcome that there is not, and for sweeps that are too long to wait for.
    """
    sweep = records.checked(name)
    if sweep not in records.sweeps():
        raise sim.InputError("sweep", "there is no sweep of that name.", "Choose one of the list.")
    if kind not in STUDIES:
        raise sim.InputError("study", "there is no such study.", "Choose one of the list.")
    for outcome in outcomes:
        if outcome not in sim.OUTCOMES:
            raise sim.InputError("outcome", f"there is no outcome {outcome!a:.60}.", "Choose one of the list.")
    directory = str(records.store(sweep))
    finished = int(sim.open_sweep(directory).status()["finished"])
    if finished > MOST_RUNS:
        raise sim.InputError(
            "study",
            f"this sweep has {finished:,} runs, and the page waits for at most {MOST_RUNS:,}.",
            f"Ask on the command line: aperture {kind} {directory}",
        )
    return str(kind), directory, tuple(dict.fromkeys(str(name) for name in outcomes)), finished
