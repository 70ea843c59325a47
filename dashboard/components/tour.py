"""The guided tour: a button that starts it and the steps for its script."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html


@cache
def steps() -> tuple[dict[str, str], ...]:
    """Return the steps of the tour of Explore: place, title, text."""
    text = (files("dashboard.lessons") / "content" / "tour.toml").read_text(encoding="utf-8")
    return tuple({key: str(step[key]) for key in ("place", "title", "text")} for step in tomllib.loads(text)["steps"])


def launcher() -> Any:
    """Return the button that starts the tour, with its steps."""
    button = html.Button("Tour", id="tour-button", className="plain-button", **{"aria-haspopup": "dialog"})
    return html.Span([button, dcc.Store(id="tour-steps", data=list(steps())), dcc.Store(id="tour-sink")])


def register(app: Dash) -> None:
    """Register the start of the tour; all of it happens in the browser."""
    app.clientside_callback(
        ClientsideFunction("tour", "start"),
        Output("tour-sink", "data"),
        Input("tour-button", "n_clicks"),
        State("tour-steps", "data"),
        prevent_initial_call=True,
    )
