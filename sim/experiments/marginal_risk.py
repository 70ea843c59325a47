"""Marginal risk of a scenario for one threat, after the six steps of Kapoor et al. (2024), from paired runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.axes import DOMAINS, ROUTES
from sim.errors import InputError
from sim.runner import run
from sim.scenario import Scenario, load
from sim.statistics import Difference, describe, paired_difference

F64 = NDArray[np.float64]

WORLDS = ("offence_dominant", "defence_dominant")
"""Worlds in which the margin is worked out again."""
VARIANTS: dict[str, dict[str, float]] = {
    "as it is": {},
    "without AI": {"misuse.enabled": 0.0},
    "without defence": {"defence.enabled": 0.0},
}
"""Changes under which both scenarios run: what there would be without AI, and if nobody patched, built or bought."""


@dataclass(frozen=True)
class Assessment:
    """What the runs say about one threat.

    Attributes
    ----------
    threat, scenario, against : str
        Domain of harm, and names of the two scenarios.
    levels : dict of str to dict
        Statistics of the harm in the domain, by variant and scenario.
    margins : dict of str to Difference
        Scenario minus the other, by variant and by world.
    routes : dict of str to Difference
        The same margin by route, in the variant as it is.
    states : dict of str to dict
        Means of what defence is like, by scenario.
    """

    threat: str
    scenario: Scenario
    against: Scenario
    runs: int
    months: int
    levels: dict[str, dict[str, dict[str, float]]]
    margins: dict[str, Difference]
    routes: dict[str, Difference]
    states: dict[str, dict[str, float]]


STATES = ("protection", "median_days_to_patch", "median_days_to_exploit", "unpatched_share", "jailbreak_share")


def assess(
    scenario: str,
    against: str,
    threat: str,
    replicates: int = 32,
    draws: int | Mapping[str, Any] = 1,
    seed: int = 0,
    months: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Assessment:
    """Run both scenarios in all variants and worlds, on the same random numbers.

    Parameters
    ----------
    scenario, against : str
        Shipped names or files: what is assessed, and the world without it.
    threat : str
        One of `sim.axes.DOMAINS`.
    replicates, draws, seed, months, workers, progress
        As for `sim.runner.run`.

    Raises
    ------
    InputError
        When the threat is unknown or both scenarios are the same.
    """
    pair = _checked(scenario, against, threat)
    horizon = pair[0].months if months is None else months
    batch = [
        item.replace(name=f"{label}/{item.name}", parameters={**item.parameters, **change})
        for label, change in VARIANTS.items()
        for item in pair
    ]
    for world in WORLDS:
        there = (load(name, (world,)) for name in (scenario, against))
        batch += [item.replace(name=f"{world}/{plain.name}") for item, plain in zip(there, pair, strict=True)]
    results = run(batch, replicates, draws, seed, months=horizon, workers=workers, progress=progress)
    rows = {name: np.flatnonzero(np.array(results.scenario) == name) for name in results.scenarios}
    harm, draw = results.monthly[f"harm_{threat}"].sum(axis=1), results.draw

    def margin(values: F64, label: str) -> Difference:
        own, other = (rows[f"{label}/{item.name}"] for item in pair)
        return paired_difference(values[own], values[other], "lower", draw[own] if draw.any() else None)

    by_route = results.details["harm_by_domain_route"].sum(axis=1)[:, DOMAINS.index(threat)].astype(np.float64)
    return Assessment(
        threat, *pair, len(rows[batch[0].name]), horizon,
        {label: {item.name: describe(harm[rows[f"{label}/{item.name}"]]) for item in pair} for label in VARIANTS},
        {label: margin(harm, label) for label in (*VARIANTS, *WORLDS)},
        {route: margin(by_route[:, r], "as it is") for r, route in enumerate(ROUTES)},
        {
            item.name: {s: float(results.monthly[s][rows[f"as it is/{item.name}"]].mean()) for s in STATES}
            for item in pair
        },
    )  # fmt: skip


def _checked(scenario: str, against: str, threat: str) -> tuple[Scenario, Scenario]:
    """Both scenarios, if they can be compared."""
    if threat not in DOMAINS:
        raise InputError("--threat", f"{threat[:40]!r} is no threat.", f"Choose one of {', '.join(DOMAINS)}.")
    own, other = load(scenario), load(against)
    if own.name == other.name:
        raise InputError("--against", f"{own.name} is the scenario itself.", "Name another one.")
    if (own.start, own.months) != (other.start, other.months):
        raise InputError("--against", "the two scenarios have different horizons.", "Name one of the same months.")
    return own, other
