"""What the server does for the studies of Sweep: a worker works one out, and figures, words and a table show it."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard import ids, runs
from dashboard.components.cards import CONFIG, stacking_table
from dashboard.sweeping import studies

CHOSEN = [State(f"sweep-{name}", "value") for name in ("open", "study-kind", "outcome", "second")]


def register(app: Dash) -> None:
    """Register the callback of studies."""

    @app.callback(
        Output("sweep-study", "children"),
        Input("sweep-study-button", "n_clicks"),
        Input(ids.MODE, "data"),
        *CHOSEN,
        running=[(Output("sweep-study-button", "loading"), True, False)],
        prevent_initial_call=True,
    )
    def study(clicks: Any, mode: Any, name: Any, kind: Any, outcome: Any, second: Any) -> Any:
        if not clicks or not name:
            return no_update
        found = studies.known(runs.engine(), *studies.asked(name, kind, (outcome, second)))
        return shown(found, "dark" if mode == "dark" else "light")


def shown(found: studies.Worked, mode: str) -> list[Any]:
    """Return what a study found as parts of the page."""
    words = [html.P(text, className="sweep-note") for text in found.words]
    drawn = [_drawn(figure) for figure in found.figures[mode]]
    return [*words, *drawn, stacking_table(found.head, found.rows, found.caption)]


def _drawn(figure: Any) -> Any:
    height = {"height": f"{figure['layout'].get('height', 420)}px"}
    return dcc.Graph(figure=figure, config=CONFIG, className="sweep-graph", style=height)
