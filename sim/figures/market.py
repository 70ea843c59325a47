"""Whose models are used: leader, second, third and the rest."""

from __future__ import annotations

import numpy as np

from sim.errors import InputError
from sim.figures.numbers import F64
from sim.figures.shares import divide, ranked, stacked_areas
from sim.figures.theme import Figure
from sim.figures.view import View

SHARES, HOSTED = "lab_shares", "open_hosted_share"


def shares(view: View, scenario: str) -> tuple[F64, tuple[str, ...]]:
    """Return mean shares of a scenario, array (months, parts), and the names of the parts.

    Parts that the provenance names in ``labs`` are shown as they are; else laboratories are ranked month by month.
    """
    labs, hosted = view.detail(SHARES), view.detail(HOSTED)
    if not labs:
        raise InputError("figure", "market shares were not recorded.", "Run the scenarios again.")
    names = tuple(str(name) for name in view.provenance.get("labs", ()))
    if len(names) == labs[scenario].shape[2]:
        means = np.nan_to_num(labs[scenario]).mean(axis=0)
        return divide(means, means.sum(axis=1, keepdims=True)), names
    return ranked(labs[scenario], hosted.get(scenario))


def market(view: View, scenario: str, mode: str = "light") -> Figure:
    """Return shares of use over time in one scenario."""
    means, names = shares(view, scenario)
    return stacked_areas(means, names, view.horizon, title=view.shown[scenario], mode=mode)
