"""A view to stand in a frame on another page: one chart, its number and caption, and a link to the whole."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, dcc, html

import sim
from dashboard import ids, runs
from dashboard.callbacks.presenting import SMALL, behind, one_chart
from dashboard.components import notice
from dashboard.components.cards import EMPTY
from dashboard.views import read_view
from sim import figures

PATH = "/embed"
TITLE = "Embedded view"
NAVIGATED = False
CONFIG = {**figures.CONFIG, "displayModeBar": False}


def layout(**query: str) -> Any:
    """Return the view that a query describes; the first of its outcomes is drawn."""
    state, problems = read_view(query)
    scenarios, _ = state.resolve()
    titles = [str(item.title).split(": ")[0] for item in scenarios]
    worlds = [str(sim.load_world(name)[1].title) for name in state.worlds]
    against = f"{' and '.join(titles[1:]) or titles[0]} against {titles[0]}"
    where = f", {', '.join(worlds).lower()}" if worlds else ""
    whole = html.A(
        "Open in Aperture", href=f"/?{state.query()}", target="_blank", rel="noopener", className="embed-link"
    )
    return html.Div(
        [
            dcc.Store(id="embed-query", data=state.query()),
            *(notice(text, "warning") for text in problems[:1]),
            html.Div([html.H1(sim.OUTCOMES[state.outcomes[0]].label), whole], className="embed-head"),
            html.P(against + where, className="embed-titles"),
            html.Div(_graph(), className="embed-chart"),
            html.P("Running…", id="embed-number", className="embed-number", role="status"),
            html.P("", id="embed-caption", className="embed-caption"),
            html.Details([html.Summary("Data table"), html.Div(id="embed-table", className="table-box")]),
        ],
        id="embed-page",
        className="embed",
    )  # fmt: skip


def _graph() -> Any:
    blank = {key: value for key, value in EMPTY["layout"].items() if key != "height"}
    empty = {"data": [], "layout": blank | {"autosize": True}}
    return dcc.Graph(id="embed-graph", figure=empty, config=CONFIG, responsive=True, className="embed-graph")


def register(app: Dash) -> None:
    """Register the callback that draws the view."""

    @app.callback(
        Output("embed-graph", "figure"),
        Output("embed-number", "children"),
        Output("embed-caption", "children"),
        Output("embed-table", "children"),
        Input("embed-query", "data"),
        Input(ids.MODE, "data"),
    )
    def draw(query: Any, mode: str) -> tuple[Any, Any, str, Any]:
        try:
            found = one_chart(query, runs.FULL, "dark" if mode == "dark" else "light", SMALL)
        except (runs.BusyError, TimeoutError) as error:
            raise sim.InputError("view", str(error) or "the runs took too long.", "Reload in a moment.") from error
        head = found["headline"]
        number = [html.Strong(f"{found['mine']}: {head['value']}"), f" ({head['band']}); {head['difference']}."]
        text = f"{found['caption']} A conditional comparison, not a forecast."
        return found["figure"], number, text, behind(found, found["table"])
