"""Sweeps whose outcomes are planted, so that what an analysis must find is known; all but the model is real."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiments import tasks
from sim.experiments.design import from_document
from sim.experiments.store import Store
from sim.experiments.sweep import sweep
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY

CRUX, OTHER = "misuse.route_friction_stolen", "misuse.exposure_growth"
POLICIES = ("closed_frontier", "staged_release", "open_by_default")
PARAMETERS = [CRUX, OTHER, "market.brand_speed", "misuse.learning"]
TURN = 0.4
"""Quantile of the crux at which open and closed do the same harm."""


def quantile_of(name: str, task: tasks.Task) -> np.ndarray:
    """Quantiles of a uniform parameter in the draws of a chunk, ``(draws, 1)``; 0.5 if it is not varied."""
    if name not in task.rows:
        return np.full((task.chunk.draw_end - task.chunk.draw, 1), 0.5)
    low, high = float(REGISTRY[name].low or 0), float(REGISTRY[name].high or 0)
    assert REGISTRY[name].distribution == "uniform"
    return (task.rows[name][:, None] - low) / (high - low)


def turning_value() -> float:
    """Value of the crux at which the preferred policy changes."""
    low, high = float(REGISTRY[CRUX].low or 0), float(REGISTRY[CRUX].high or 0)
    return low + TURN * (high - low)


class Planted:
    """What stands for the results of a chunk: open does more harm the larger the crux, and innovates more always."""

    def __init__(self, task: tasks.Task) -> None:
        chunk = task.chunk
        replicate = np.arange(chunk.replicate, chunk.replicate_end)
        u = quantile_of(CRUX, task)
        v = quantile_of(OTHER, task)
        luck = 0.1 * np.array([np.random.default_rng(r).normal() for r in replicate])[None, :]
        openness = {"closed_frontier": 0.0, "open_by_default": 1.0}.get(task.scenario.name, 0.5)
        harm = 10 + 5 * v + luck + openness * (u - TURN) + 0.01 * openness * luck
        self.values = {name: np.ones(harm.size) for name in OUTCOMES}
        self.values["cumulative_harm"] = 1e9 * harm.ravel()
        self.values["cumulative_innovation"] = (
            1e6 * (1 + 0.2 * openness * (1 + 0.01 * v)) * np.ones_like(harm)
        ).ravel()
        self.values["concentration_index"] = ((3000 - 500 * openness) * np.ones_like(harm)).ravel()
        self.values["capability_lag_months"] = np.where(v > 0.9, np.nan, np.ones_like(harm)).ravel()

    def summary(self) -> dict[str, Any]:
        return self.values


def planted_sweep(directory: Path, results: Callable[[tasks.Task], Any] = Planted, **changes: Any) -> Store:
    """Sweep a design with planted outcomes."""
    document = {
        "schema_version": 1, "title": "Planted", "scenarios": list(POLICIES), "design": "sobol", "samples": 256,
        "replicates": 2, "seed": 3, "parameters": PARAMETERS, **changes,
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "_results", results)
        return sweep(from_document(document), directory)
