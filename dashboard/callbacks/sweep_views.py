"""What the server does for the stored sweeps of Sweep: it draws them, and says where a click leads."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.sweeping import pictures, points

HINT = {
    "heatmap": "Click on a cell to open its scenario in Explore.",
    "lines": "The factors that go most with the outcome, by rank, and the two outcomes.",
    "scatter": "Click on a point to open it in Explore. None beats those on the dotted steps in both outcomes.",
    "table": "Choose a row for a link that opens it in Explore.",
    "studies": "Both outcomes count alike, by what is typically at stake. The command line has more to choose.",
}
CHOICES = [Input(f"sweep-{name}", "value") for name in ("open", "outcome", "second")]
CHOSEN = [State(f"sweep-{name}", "value") for name in ("open", "outcome", "second")]


def register(app: Dash) -> None:
    """Register the callbacks of stored sweeps."""
    _register_about(app)
    _register_heatmap(app)
    _register_drawings(app)
    _register_clicks(app)
    _register_rows(app)


def _register_about(app: Dash) -> None:
    @app.callback(
        Output("sweep-about", "children"),
        Output("sweep-hint", "children"),
        Output("sweep-link-line", "hidden", allow_duplicate=True),
        *CHOICES,
        Input("sweep-view", "value"),
        prevent_initial_call="initial_duplicate",
    )
    def about(name: Any, outcome: Any, second: Any, view: Any) -> tuple[str, str, bool]:
        if not name:
            return "None is finished yet. Start one at the left; sweeps of the command line show here too.", "", True
        shown = points.load(name, [outcome, second])
        text = f"{shown.title}: {shown.runs:,} runs over {len(shown.factors)} varied factors"
        text += f", of which the first {shown.read:,} are shown" if shown.read < shown.runs else ""
        text += f"; {shown.failed:,} failed" if shown.failed else ""
        return text + ".", HINT.get(str(view), ""), True


def _register_heatmap(app: Dash) -> None:
    @app.callback(
        Output("sweep-heatmap", "figure"),
        Output("sweep-rows", "data"),
        Output("sweep-columns", "data"),
        Output("sweep-rows", "value"),
        Output("sweep-columns", "value"),
        *CHOICES,
        Input("sweep-rows", "value"),
        Input("sweep-columns", "value"),
        Input(ids.MODE, "data"),
    )
    def heatmap(name: Any, outcome: Any, second: Any, rows: Any, columns: Any, mode: Any) -> tuple[Any, ...]:
        if not name:
            return (no_update,) * 5
        shown = points.load(name, [outcome, second])
        first, other = pictures.sides(shown, rows, columns)
        drawing = pictures.heatmap(shown, outcome, first, other, _mode(mode))
        values = tuple(no_update if a == b else a for a, b in ((first, rows), (other, columns)))
        return drawing, shown.dimensions, shown.dimensions, *values


def _register_drawings(app: Dash) -> None:
    @app.callback(Output("sweep-lines", "figure"), *CHOICES, Input(ids.MODE, "data"))
    def lines(name: Any, outcome: Any, second: Any, mode: Any) -> Any:
        if not name:
            return no_update
        return pictures.lines(points.load(name, [outcome, second]), _outcomes(outcome, second), _mode(mode))

    @app.callback(Output("sweep-scatter", "figure"), *CHOICES, Input(ids.MODE, "data"))
    def scatter(name: Any, outcome: Any, second: Any, mode: Any) -> Any:
        if not name:
            return no_update
        return pictures.scatter(points.load(name, [outcome, second]), outcome, second, _mode(mode))

    @app.callback(Output("sweep-table", "columnDefs"), Output("sweep-table", "rowData"), *CHOICES)
    def table(name: Any, outcome: Any, second: Any) -> tuple[Any, Any]:
        if not name:
            return no_update, no_update
        return pictures.grid(points.load(name, [outcome, second]), _outcomes(outcome, second))


def _outcomes(first: str, second: str) -> list[str]:
    return list(dict.fromkeys((first, second)))


def _mode(mode: Any) -> str:
    return "dark" if mode == "dark" else "light"


def _register_clicks(app: Dash) -> None:
    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Input("sweep-heatmap", "clickData"),
        *CHOSEN,
        State("sweep-rows", "value"),
        State("sweep-columns", "value"),
        prevent_initial_call=True,
    )
    def cell(clicked: Any, name: Any, outcome: Any, second: Any, rows: Any, columns: Any) -> Any:
        place = _clicked(clicked, "y"), _clicked(clicked, "x")
        if not all(type(i) is int for i in place):
            return no_update
        shown = points.load(name, [outcome, second])
        row = pictures.cell_row(shown, *pictures.sides(shown, rows, columns), place)
        return points.address(shown, row, _outcomes(outcome, second))

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Input("sweep-scatter", "clickData"),
        *CHOSEN,
        prevent_initial_call=True,
    )
    def point(clicked: Any, name: Any, outcome: Any, second: Any) -> Any:
        place = _clicked(clicked, "customdata")
        if place is None:
            return no_update
        shown = points.load(name, [outcome, second])
        return points.address(shown, pictures.row_of(shown, place), _outcomes(outcome, second))


def _register_rows(app: Dash) -> None:
    @app.callback(
        Output("sweep-link", "children"),
        Output("sweep-link", "href"),
        Output("sweep-link-line", "hidden"),
        Input("sweep-table", "selectedRows"),
        *CHOSEN,
        prevent_initial_call=True,
    )
    def chosen(rows: Any, name: Any, outcome: Any, second: Any) -> tuple[Any, ...]:
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
            return no_update, no_update, True
        shown = points.load(name, [outcome, second])
        row = pictures.row_of(shown, rows[0].get("place"))
        text = f"Open draw {row['draw']} of {row['scenario']} in Explore"
        return text, points.address(shown, row, _outcomes(outcome, second)), False


def _clicked(data: Any, key: str) -> Any:
    """What a figure says of the point that was clicked on; None if nothing was."""
    try:
        return data["points"][0][key]
    except (KeyError, IndexError, TypeError):
        return None
