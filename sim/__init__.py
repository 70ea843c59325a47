"""Aperture: an agent-based simulation of policies on the release of AI models.

The public names below are imported on first use, so that ``import sim`` and ``aperture --help`` load neither NumPy
nor Mesa.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "load": "sim.scenario",
    "Scenario": "sim.scenario",
    "from_document": "sim.scenario",
    "resolved": "sim.scenario",
    "scenario_names": "sim.scenario",
    "load_world": "sim.scenario",
    "world_names": "sim.scenario",
    "apply_values": "sim.scenario_settings",
    "warnings": "sim.scenario_explain",
    "to_toml": "sim.scenario_text",
    "named_draws": "sim.draw_files",
    "run": "sim.runner",
    "compare": "sim.runner",
    "Results": "sim.results",
    "Comparison": "sim.results",
    "join": "sim.results",
    "first_runs": "sim.results",
    "open_results": "sim.results",
    "read_design": "sim.experiments.design",
    "parse_design": "sim.experiments.design",
    "shipped_design": "sim.experiments.design",
    "shipped_designs": "sim.experiments.design",
    "cost": "sim.experiments.cost",
    "sweep": "sim.experiments.sweep",
    "open_sweep": "sim.experiments.store",
    "draw_study": "sim.report.analyses",
    "OUTCOMES": "sim.outcomes",
    "HEADLINES": "sim.outcomes",
    "POLICIES": "sim.policies",
    "REGIMES": "sim.regimes",
    "REGISTRY": "sim.parameters",
    "facts": "sim.evidence",
    "validation_results": "sim.validation.documents:stored",
    "report_document": "sim.report:document",
    "ReleaseModel": "sim.model",
    "Lab": "sim.model",
    "InputError": "sim.errors",
    "end_with_parent": "sim.workers",
}
"""Public names and the modules that they live in, with a colon and their name there where it differs."""

_PACKAGES = ("experiments", "figures")
"""Subpackages that are public as a whole."""

__all__ = ["__version__", *_HOMES, *_PACKAGES]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name in _HOMES:
        module, _, own = _HOMES[name].partition(":")
        value = getattr(import_module(module), own or name)
    elif name in _PACKAGES:
        value = import_module(f"sim.{name}")
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
