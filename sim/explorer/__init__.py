"""The explorer: one HTML file with runs made beforehand, which opens without Python and without a network."""

from __future__ import annotations

from sim.explorer.plan import Lever, Plan, plan_of
from sim.explorer.writing import write

__all__ = ["Lever", "Plan", "plan_of", "write"]
