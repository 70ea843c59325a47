"""Harm in parts: by route and by domain, and how each part differs from the baseline."""

from __future__ import annotations

from sim.errors import InputError
from sim.figures.channels import by_part
from sim.figures.numbers import F64
from sim.figures.shares import stacked_bars
from sim.figures.theme import Figure
from sim.figures.timeline import Measure
from sim.figures.view import View

DETAIL = "harm_by_domain_route"
CHANNELS = "harm_channels"
PARTS = {"route": (2, 1), "domain": (3, 0)}
"""Which axis to sum over, and which one is left (counted after the month)."""


def unit(view: View) -> str:
    """Return the unit of the harm that is divided."""
    return view.measure("cumulative_harm").unit if "cumulative_harm" in view.results.monthly else ""


def amounts(view: View, part: str) -> dict[str, F64]:
    """Return harm over all months by route or by domain: by name of the scenario, arrays (runs, parts)."""
    over, _ = PARTS[part]
    found = view.detail(DETAIL)
    if not found:
        raise InputError("figure", "harm by domain and route was not recorded.", "Run the scenarios again.")
    return {name: array.sum(axis=(1, over)) for name, array in found.items()}


def parts(view: View, part: str) -> tuple[str, ...]:
    """Return the shown names of the routes or domains."""
    return view.axis(DETAIL, PARTS[part][1])


def by_route(view: View, mode: str = "light") -> Figure:
    """Return the shares of harm by route, one bar a scenario."""
    return _shares(view, "route", "Harm by the route to capability", mode)


def by_domain(view: View, mode: str = "light") -> Figure:
    """Return the shares of harm by domain, one bar a scenario."""
    return _shares(view, "domain", "Harm by domain", mode)


def _shares(view: View, part: str, title: str, mode: str) -> Figure:
    means = {view.shown[name]: array.mean(axis=0) for name, array in amounts(view, part).items()}
    return stacked_bars(means, parts(view, part), title=title, unit=unit(view), mode=mode)


def differences_by(view: View, part: str, mode: str = "light") -> Figure:
    """Return paired differences in harm to the baseline by route or by domain."""
    measure = Measure(part, f"Difference in harm by {part}", unit(view), "lower")
    return by_part(parts(view, part), view.paired(amounts(view, part)), measure, mode=mode)


def differences_by_channel(view: View, mode: str = "light") -> Figure:
    """Return paired differences in harm to the baseline by channel of the model."""
    sums = {name: array.sum(axis=1) for name, array in view.detail(CHANNELS).items()}
    measure = Measure("channel", "Difference in harm by channel", unit(view), "lower")
    return by_part(view.axis(CHANNELS, 0), view.paired(sums), measure, mode=mode)
