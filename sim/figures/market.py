"""Who sells how much: leader, second, third, the rest, and open models on others' hosts."""

from __future__ import annotations

from sim.errors import InputError
from sim.figures.numbers import F64
from sim.figures.shares import ranked, stacked_areas
from sim.figures.theme import Figure
from sim.figures.view import View

SHARES, HOSTED = "lab_shares", "open_hosted_share"


def shares(view: View, scenario: str) -> tuple[F64, tuple[str, ...]]:
    """Return mean shares of a scenario, array (months, parts), and the names of the parts."""
    labs, hosted = view.detail(SHARES), view.detail(HOSTED)
    if not labs:
        raise InputError("figure", "market shares were not recorded.", "Run the scenarios again.")
    return ranked(labs[scenario], hosted.get(scenario))


def market(view: View, scenario: str, mode: str = "light") -> Figure:
    """Return shares of revenue over time in one scenario."""
    means, names = shares(view, scenario)
    return stacked_areas(means, names, view.horizon, title=view.shown[scenario], mode=mode)
