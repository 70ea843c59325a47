"""The panel of levers: the scenario's instruments, then the assumptions for all scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

import sim
from dashboard import levers
from dashboard.components.lever import control, instrument
from dashboard.views import ViewState

PAGE = "explore"
FEATURED = ("misuse.uplift_per_oom_cyber", "defence.tool_per_oom_cyber", "market.entry_open_gain")
"""Assumptions that are offered at once, where the registry has them; every other can be added."""


def featured() -> tuple[str, ...]:
    """Return the featured assumptions that the registry has."""
    return tuple(name for name in FEATURED if name in sim.REGISTRY)


def panel(state: ViewState, extra: Sequence[str] = ()) -> list[Any]:
    """Return the panel of a state.

    Parameters
    ----------
    state : ViewState
    extra : sequence of str
        Assumptions that the visitor asked for besides those that are set or featured.
    """
    items = list(levers.instruments(state))
    there = {item.kind for item in items}
    add = dmc.Select(
        id="explore-add", placeholder="Add an instrument", size="xs", searchable=True, value=None,
        data=[{"value": kind, "label": cls.title} for kind, cls in sim.POLICIES.items() if kind not in there],
        **{"aria-label": "Add an instrument"},
    )  # fmt: skip
    own = [instrument(PAGE, item) for item in items if item.own]
    books = [instrument(PAGE, item) for item in items if not item.own]
    inherited = html.Details([html.Summary(f"On the books already ({len(books)})"), *books], className="books")
    head = html.H2("Instruments", className="small-head")
    return [
        html.Div([head, *own, add, inherited if books else None], className="card pad stack"),
        html.Div(_assumptions(state, extra), className="card pad stack"),
    ]


def _assumptions(state: ViewState, extra: Sequence[str]) -> list[Any]:
    shown = levers.assumptions(state, (*featured(), *extra))
    data = [{"value": p.name, "label": p.description} for p in sim.REGISTRY]
    add = dmc.Select(
        id="explore-assume", placeholder="Add an assumption", size="xs", searchable=True, value=None, data=data,
        limit=60, **{"aria-label": "Add an assumption"},
    )  # fmt: skip
    note = "They hold for every scenario in the picture. Moving one fixes it in all runs."
    head = html.H2("Assumptions", className="small-head")
    return [head, html.P(note, className="lever-help"), *(control(PAGE, lever) for lever in shown), add]


def described(state: ViewState, extra: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the script needs to know of each lever, by path."""
    found = [lever for item in levers.instruments(state) for lever in item.levers]
    return {lever.path: lever.described() for lever in (*found, *levers.assumptions(state, (*featured(), *extra)))}
