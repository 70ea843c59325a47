"""Experiments: studies made of many runs, each with a question of its own.

The public names are imported on first use, as those of `sim` are.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "read_design": "sim.experiments.design",
    "replicates": "sim.experiments.studies",
    "robust": "sim.experiments.studies",
    "discover": "sim.experiments.studies",
    "cruxes": "sim.experiments.studies",
    "sensitivity": "sim.experiments.depends",
    "optimise": "sim.experiments.packages",
    "crux_report": "sim.experiments.words",
    "tabulate": "sim.experiments.tabulation",
    "Preference": "sim.experiments.preference",
    "read_preference": "sim.experiments.preference",
    "Futures": "sim.experiments.futures",
    "read_futures": "sim.experiments.futures",
}
"""Public names and the modules that they live in. A name is never that of a module here, which would hide it."""

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.experiments' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
