"""The numbers of an explorer as one compact JSON document: quantiles, statistics and differences, no single runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.explorer.plan import Lever, Plan
from sim.figures.about import About
from sim.figures.fan import LEVELS, fan_layout
from sim.figures.numbers import F64, Scale, quantiles, scale, spans_orders
from sim.figures.theme import CONFIG, TEMPLATES, styles
from sim.figures.timeline import Horizon, iso
from sim.figures.view import View
from sim.scenario import load_world

EXTRA = ("open_usage_share", "open_release_share")
"""Outcomes beside the headlines: how open the world becomes."""
CARDS = ("cumulative_innovation", "usage_hhi", "cumulative_harm", "catastrophe_probability")
"""Outcomes that are shown first, as cards and as charts."""
STATISTICS = ("mean", "p05", "p50", "p95")
YOURS = "Your levers"


def document(plan: Plan, views: Mapping[str, View]) -> dict[str, Any]:
    """Return everything that the page draws from.

    Parameters
    ----------
    plan : Plan
        What was run.
    views : mapping of str to View
        By world: the comparison of all runs of that world, grid included.

    Returns
    -------
    dict
        JSON types only. ``cells`` holds, by world, scenario and outcome, ``b``: the bands as arrays (5, months kept);
        ``s``: mean, 5 %, median and 95 % over the runs; ``d``: mean paired difference, its 95 % interval and the share
        of pairs that are better (``None`` where undefined).
    """
    view = next(iter(views.values()))
    names = [item.name for item in plan.scenarios[next(iter(plan.scenarios))]]
    outcomes = [*view.headlines, *(name for name in EXTRA if name in view.results.monthly)]
    months = kept_months(view.horizon)
    bands = {world: _bands(found, outcomes, months) for world, found in views.items()}
    titles = {name: view.shown[name] for name in names}
    looks = styles([*titles.values(), YOURS], titles[plan.baseline])
    return {
        "baseline": plan.baseline,
        "dates": [iso(view.horizon.start + month) for month in months],
        "outcomes": [_outcome(name, views, bands, len(months)) for name in outcomes],
        "cards": [name for name in CARDS if name in outcomes] or outcomes[:4],
        "worlds": [_world(name) for name in plan.scenarios],
        "scenarios": [_scenario(view.abouts[name], titles[name], looks[titles[name]]) for name in names],
        "levers": [_lever(lever) for lever in plan.levers],
        "yours": {"title": YOURS, "look": list(looks[YOURS])},
        "cells": {world: _cells(plan, found, bands[world], outcomes) for world, found in views.items()},
        "templates": TEMPLATES,
        "config": CONFIG,
    }


def kept_months(horizon: Horizon) -> list[int]:
    """Return which months the bands keep: the first, the last of every quarter, and the last."""
    inner = {i for i in range(horizon.months) if (horizon.start + i) % 3 == 2}
    return sorted({0, horizon.months - 1} | inner)


def short(value: float, digits: int) -> float | int | None:
    """Return a number with so many significant digits, whole where it is whole; ``None`` where it is undefined."""
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _bands(view: View, outcomes: list[str], months: list[int]) -> dict[str, dict[str, F64]]:
    """Return by scenario and outcome the quantiles over runs, arrays (5, months kept)."""
    monthly = view.results.monthly
    return {
        scenario: {name: quantiles(monthly[name][rows][:, months], LEVELS) for name in outcomes}
        for scenario, rows in view.rows.items()
    }


def _cells(plan: Plan, view: View, bands: dict[str, dict[str, F64]], outcomes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for scenario in view.results.scenarios:
        effects = view.effects(scenario, outcomes) if scenario != plan.baseline else []
        by_name = {effect.measure.name: effect for effect in effects}
        found[scenario] = {}
        for name in outcomes:
            stats = view.statistics[scenario][name]
            cell: dict[str, Any] = {
                "b": [[short(v, 4) for v in row] for row in bands[scenario][name].tolist()],
                "s": [short(stats[key], 5) for key in STATISTICS],
            }
            if effect := by_name.get(name):
                better = math.nan if effect.p_better is None else effect.p_better
                cell["d"] = [short(v, 5) for v in (effect.mean, effect.low, effect.high, better)]
            found[scenario][name] = cell
    return found


def _outcome(
    name: str, views: Mapping[str, View], bands: Mapping[str, dict[str, dict[str, F64]]], months: int
) -> dict[str, Any]:
    """Return how an outcome is named and drawn: one axis, one unit and one scale for all worlds and settings."""
    view = next(iter(views.values()))
    measure, monthly = view.measure(name), view.monthly_measure(name)
    drawn = np.concatenate([row[name].reshape(-1, months) for world in bands.values() for row in world.values()])
    logarithmic = spans_orders(drawn, monthly.unit)
    shown = Scale(1.0, monthly.unit) if logarithmic else scale(monthly.unit, drawn.ravel())
    layout = fan_layout(monthly, view.horizon, shown, logarithmic, 3)
    for key in ("template", "title", "height"):
        layout.pop(key, None)
    return {
        "name": name,
        "label": measure.label,
        "unit": measure.unit,
        "direction": measure.direction,
        "description": measure.description,
        "factor": shown.factor,
        "shown": shown.unit,
        "log": logarithmic,
        "layout": layout,
    }


def _world(name: str) -> dict[str, str]:
    known, form = load_world(name)
    return {"name": name, "title": form.title or known, "story": form.story}


def _scenario(about: About, title: str, look: tuple[str, str, str]) -> dict[str, Any]:
    prose = {key: getattr(about, key) for key in ("question", "story", "tension")}
    return {"name": about.name, "title": title, "look": list(look), **prose}


def _lever(lever: Lever) -> dict[str, Any]:
    unit = str(lever.metadata.get("unit", ""))
    return {
        "path": lever.path,
        "title": lever.policy.title,
        "description": str(lever.metadata.get("description", "")),
        "origin": lever.origin,
        "labels": ["off" if value is None else f"{value:g} {unit}".strip() for value in lever.values],
    }
