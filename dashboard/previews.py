"""Previews while a lever moves: a few members at the value itself, or between values that are known.

A month of few members costs little less than one of many, so that the first move of a lever starts runs at values
spread over its range. As soon as they are there, a preview lies on the straight line between its two neighbours, run by
run, and needs no more runs. What is shown when the lever rests is never a preview.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from dashboard.levers import Lever, assumptions, instruments
from dashboard.runs import PREVIEW, Engine
from dashboard.variants import Variant
from dashboard.views import ViewState

POINTS = {"number": 5, "integer": 5, "date": 9}
"""Values along the range of a lever of each type; types that are not here are not drawn between values."""


def between(engine: Engine, state: ViewState, moving: str = "") -> Any:
    """Return the preview of a state while a lever moves.

    Parameters
    ----------
    engine : Engine
    state : ViewState
    moving : str
        Path of the lever; empty, or one that is unknown, gives the value itself.
    """
    scenarios, _ = state.resolve()
    lever = _lever(state, moving)
    if lever is not None:
        low, high, share = _neighbours(lever)
        try:
            grid = {value: _at(state, lever, value) for value in _values(lever)}
        except sim.InputError:  # a value of the grid that does not go with the others, such as an end before the start
            grid = {}
        fits = all(len(found) == len(scenarios) for found in grid.values())
        if fits and low in grid and high in grid and engine.begin(_all(grid), state.ensemble, PREVIEW):
            return _mixed(engine, state, scenarios, (grid[low], grid[high]), share)
    return engine.results(scenarios, state.ensemble, PREVIEW, details=False)


def _lever(state: ViewState, path: str) -> Lever | None:
    """Return the lever of a path if its values lie on a line and the value is on its slider."""
    if path in state.assumptions:
        found = next((lever for lever in assumptions(state) if lever.path == path), None)
    else:
        levers = (lever for item in instruments(state) for lever in item.levers)
        found = next((lever for lever in levers if lever.path == path), None)
    if found is None or found.type not in POINTS or found.value is None or not found.low < found.high:
        return None
    return found if found.low <= found.value <= found.high else None


def _values(lever: Lever) -> list[Any]:
    """Return the values of the grid, evenly spread over the slider."""
    count = POINTS[lever.type]
    if lever.logarithmic:
        return [float(f"{v:.6g}") for v in np.geomspace(lever.low, lever.high, count)]
    values = np.linspace(lever.low, lever.high, count)
    return (
        [float(f"{v:.6g}") for v in values] if lever.type == "number" else sorted({round(v) for v in values.tolist()})
    )


def _neighbours(lever: Lever) -> tuple[Any, Any, float]:
    """Return the values of the grid on both sides of the lever's, and how far from the lower to the upper it is."""
    values = _values(lever)
    place = min(int(np.searchsorted(values, lever.value, side="right")) - 1, len(values) - 2)
    low, high = values[max(place, 0)], values[max(place, 0) + 1]
    if lever.logarithmic:
        return low, high, float(np.log(lever.value / low) / np.log(high / low))
    return low, high, float((lever.value - low) / (high - low))


def _at(state: ViewState, lever: Lever, value: Any) -> list[Any]:
    """Return the scenarios of a state with the lever at a value, those that it changes under names of their own."""
    if lever.scope == "assumption":
        moved = replace(state, assumptions={**state.assumptions, lever.path: value})
    else:
        first = state.scenarios[0]
        edited = Variant(first.preset, first.add, first.drop, {**first.values, lever.path: value})
        moved = replace(state, scenarios=(edited, *state.scenarios[1:]))
    own = {scenario.digest() for scenario in state.resolve()[0]}
    found = moved.resolve()[0]
    return [s if s.digest() in own else s.replace(name=f"{s.name} {lever.path} {value}"[:80]) for s in found]


def _all(grid: dict[Any, list[Any]]) -> list[Any]:
    return list({scenario.name: scenario for scenarios in grid.values() for scenario in scenarios}.values())


def _mixed(
    engine: Engine, state: ViewState, scenarios: list[Any], ends: tuple[list[Any], list[Any]], share: float
) -> Any:
    """Return runs on the line between those of two neighbours, under the names of the scenarios."""
    parts = []
    for scenario, *pair in zip(scenarios, *ends, strict=True):
        low, high = (engine.results([end], state.ensemble, PREVIEW, details=False) for end in pair)
        if pair[0].digest() == pair[1].digest():
            parts.append(low)
            continue
        monthly = {name: _line(low.monthly[name], high.monthly[name], share) for name in low.monthly}
        told = {scenario.name: {**sim.resolved(scenario), "digest": scenario.digest()}}
        facts = {**low.provenance, "scenarios": told, "worlds": list(scenario.worlds)}
        names = (scenario.name,) * len(low.scenario)
        parts.append(replace(low, monthly=monthly, scenario=names, provenance=facts))
    return sim.join(parts)


def _line(low: NDArray[np.float64], high: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return values between two; where one is undefined, the other."""
    mixed = (1 - share) * low + share * high
    return np.where(np.isnan(mixed), np.where(np.isnan(low), high, low), mixed)
