"""Two ways to show the view of a page to others: Present, and a frame on another page."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html


def launcher() -> list[Any]:
    """Return the buttons; where they lead depends on the address at the time of the click."""
    return [
        html.Button("Present", id="show-present", className="plain-button"),
        html.Button(
            "Embed", id="show-embed", className="plain-button", title="Copy the code of a frame with this view"
        ),
        dcc.Store(id="show-sink"),
    ]


def register(app: Dash) -> None:
    """Register the buttons; all of it happens in the browser."""
    app.clientside_callback(
        ClientsideFunction("show", "pressed"),
        Output("show-sink", "data"),
        Input("show-present", "n_clicks"),
        Input("show-embed", "n_clicks"),
        prevent_initial_call=True,
    )
