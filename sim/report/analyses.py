"""Figures of studies: from what an analysis found to dict figures, by name."""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from sim.experiments.depends import Dependence
from sim.experiments.enough import Enough
from sim.experiments.evppi import position
from sim.experiments.packages import Packages
from sim.experiments.prim import choose
from sim.experiments.studies import Discovered, Ranked, Turning
from sim.experiments.words import is_clear
from sim.figures.cruxes import Strip, Worth, crux_map, worth_of_knowing
from sim.figures.discovery import limits, peeling
from sim.figures.fronts import front, precision
from sim.figures.labels import labels
from sim.figures.rules import ranking
from sim.figures.sensitivity import screening, variance_shares
from sim.figures.theme import Figure
from sim.figures.timeline import Measure
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY

SHOWN = 10
"""Most assumptions in a figure."""
SEED = "seed"


@singledispatch
def draw_study(found: object, mode: str = "light") -> dict[str, Figure]:
    """Return the figures of what an analysis found, by name.

    Parameters
    ----------
    found : object
        What a function of `sim.experiments` returned.
    mode : {"light", "dark"}
    """
    raise TypeError(f"there is no figure of {type(found).__name__}")


@draw_study.register
def _(found: Turning, mode: str = "light") -> dict[str, Figure]:
    rows = [Worth(c.name, c.worth, c.low, c.high, is_clear(c)) for c in found.found.cruxes]
    figures = {"worth": worth_of_knowing(rows, found.found.floor, title="What knowing it is worth", mode=mode)}
    strips = []
    for crux in found.found.cruxes:
        if any(stretch.names for stretch in crux.stretches):
            continue
        values = np.asarray(found.futures.assumptions[crux.name], np.float64)
        unit, default = _unit_and_default(crux.name)
        strips.append(
            Strip(
                crux.name, unit,
                [(s.policy, s.low, s.high) for s in crux.stretches],
                [(t.value, t.low, t.high) for t in crux.thresholds], default,
                not np.array_equal(position(values), values),
            )
        )  # fmt: skip
    if strips:
        title = "Which policy its values speak for"
        figures["turns"] = crux_map(strips, labels(found.futures.policies), title=title, mode=mode)
    return figures


def _unit_and_default(name: str) -> tuple[str, float | None]:
    """Unit and default of a parameter; nothing for other assumptions."""
    if name not in REGISTRY:
        return "", None
    entry = REGISTRY[name]
    return entry.unit, None if isinstance(entry.default, str) else float(entry.default)


@draw_study.register
def _(found: Ranked, mode: str = "light") -> dict[str, Figure]:
    figures = {}
    for name, table in found.tables.items():
        title = OUTCOMES[name].label if name in OUTCOMES else "Stated preference"
        figures[name] = ranking(labels(table.policies), table.ranks, table.first, title=title, mode=mode)
    return figures


@draw_study.register
def _(found: Discovered, mode: str = "light") -> dict[str, Figure]:
    seen = [(box.coverage, box.density) for box in found.found.trajectory]
    held = [(box.coverage, box.density) for box in found.found.held_out]
    place = choose(found.found.trajectory)
    figures = {"peeling": peeling(seen, held, place, title=f"Futures in which {found.statement}", mode=mode)}
    box = found.found.chosen.limits
    if box:
        numbers = found.futures.numbers()
        ranges = {name: (float(numbers[name].min()), float(numbers[name].max())) for name in box}
        figures["box"] = limits(box, ranges, title="The box", mode=mode)
    return figures


@draw_study.register
def _(found: Dependence, mode: str = "light") -> dict[str, Figure]:
    outcome = OUTCOMES[found.outcome]
    title = outcome.label if len(found.policies) == 1 else f"{outcome.label}: difference"
    figures = {}
    if found.effects is not None:
        e = found.effects
        figures["effects"] = screening(e.names, e.absolute, e.spread, found.unit, title=title, mode=mode)
    if found.indices is not None:
        i = found.indices
        order = np.argsort(-i.total, kind="stable")[:SHOWN]
        order = np.array([j for j in order if i.names[j] != "dummy"] + [i.names.index("dummy")])
        names = [i.names[j] for j in order] + [SEED]
        nan = np.array([np.nan])
        total = np.concatenate([i.total[order], [found.chance]])
        half, first, around = (np.concatenate([c[order], nan]) for c in (i.total_half, i.first, i.first_half))
        figures["shares"] = variance_shares(names, total, half, first, around, title=title, mode=mode)
    return figures


@draw_study.register
def _(found: Packages, mode: str = "light") -> dict[str, Figure]:
    measures = [Measure(n, OUTCOMES[n].label, OUTCOMES[n].unit, OUTCOMES[n].direction) for n in found.outcomes]
    labels = [
        ", ".join(f"{name.partition('.')[2]} {value:.3g}" for name, value in zip(found.levers, row, strict=True))
        for row in found.settings.tolist()
    ]
    title = f"Packages that nothing dominates: {found.scenario}"
    return {"front": front(found.means, measures, labels, found.reference, title=title, mode=mode)}


def draw_precision(found: Enough, outcome: str, word: str, mode: str = "light") -> dict[str, Figure]:
    """Return how the half-width of a difference falls with runs."""
    o = OUTCOMES[outcome]
    measure = Measure(o.name, o.label, o.unit, o.direction)
    return {
        "precision": precision(found.units, found.half_width, found.target, found.needed, measure, word=word, mode=mode)
    }
