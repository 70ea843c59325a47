"""What the server does for Present and for embedded views: one chart in large type, one number, one caption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, no_update

import sim
from dashboard import ids, runs
from dashboard.components.cards import data_table
from dashboard.picture import caption, headlines, narrowed, table, view_of
from dashboard.views import asked_for
from sim import figures

LARGE, SMALL = 20, 13
"""Sizes of type in pixels: across a room, and in a frame on another page."""


def register(app: Dash) -> None:
    """Register the callbacks of Present."""
    for tier, members in (("full", runs.FULL), ("preview", runs.PREVIEW)):
        _register_tier(app, tier, members)
    sliders = Input({"type": "present-slider", "path": ALL}, "value")
    choices = [Input(f"present-{name}", "value") for name in ("preset", "outcome", "world", "levers")]
    for function, inputs, first in (
        ("begin", [Input("present-initial", "data")], True),
        ("lever", [sliders], False),
        ("choose", choices, False),
        ("recolour", [Input(ids.MODE, "data")], False),
    ):
        app.clientside_callback(
            ClientsideFunction("present", function),
            Output("present-sink", "data", allow_duplicate=True),
            *inputs,
            prevent_initial_call="initial_duplicate" if first else True,
        )


def _register_tier(app: Dash, tier: str, members: int) -> None:
    @app.callback(
        Output(f"present-answer-{tier}", "data"),
        Output("present-table", "children", allow_duplicate=True),
        Input(f"present-ask-{tier}", "data"),
        prevent_initial_call=True,
    )
    def answer(asked: Any) -> tuple[Any, Any]:
        found = answered(asked, members)
        rows = found.pop("table", None)
        return found, no_update if rows is None else behind(found, rows)

    app.clientside_callback(
        ClientsideFunction("present", f"answer_{tier}"),
        Output("present-sink", "data", allow_duplicate=True),
        Input(f"present-answer-{tier}", "data"),
        prevent_initial_call=True,
    )


def behind(found: Mapping[str, Any], rows: tuple[list[str], list[list[str]]]) -> Any:
    """Return the table behind a chart."""
    return data_table(*rows, f"{found['headline']['label']}: median (90 % of runs)")


def answered(asked: Any, members: int) -> dict[str, Any]:
    """Return the picture of a request with ``seq``, ``query``, ``mode`` and ``narrow``, or the problem with it."""
    number = asked.get("seq") if isinstance(asked, Mapping) else None
    mode = "dark" if isinstance(asked, Mapping) and asked.get("mode") == "dark" else "light"
    try:
        size = SMALL if isinstance(asked, Mapping) and asked.get("narrow") else LARGE
        return {"seq": number, **one_chart(asked, members, mode, size)}
    except (sim.InputError, runs.BusyError, TimeoutError) as error:
        return {"seq": number, "problem": str(error) or "The runs took too long."}


def one_chart(asked: Any, members: int, mode: str, size: int) -> dict[str, Any]:
    """Return chart, headline number, caption and table of the first outcome of a view.

    Parameters
    ----------
    asked : mapping or str
        With the query of the view.
    members : int
        Runs of each scenario.
    mode : {"light", "dark"}
    size : int
        Size of type in pixels.

    Raises
    ------
    InputError
        If the query is no use.
    """
    state = asked_for(asked)
    scenarios, baseline = state.resolve()
    results = runs.engine().results(scenarios, state.ensemble, members, details=False)
    outcome = state.outcomes[0]
    view = view_of(narrowed(results, [outcome]), baseline)
    mine = next((name for name in results.scenarios if name != baseline), baseline)
    drawing = figures.fan(
        view.monthly(outcome), view.monthly_measure(outcome), view.horizon, baseline=view.shown_baseline, mode=mode
    )
    return {
        "figure": enlarged(drawing, size),
        "mine": view.shown[mine],
        "headline": vars(headlines(view, mine, [outcome])[0]),
        "caption": caption(results, members, runs.FULL, False),
        "table": table(view, outcome),
    }


def enlarged(drawing: figures.Figure, size: int) -> figures.Figure:
    """Return a figure with this size of type, without a title, that fills the height of its box."""
    layout = {key: value for key, value in drawing["layout"].items() if key not in ("title", "height")}
    small = round(0.8 * size)
    layout["font"] = {"size": size}
    for axis in ("xaxis", "yaxis"):
        title = layout[axis].get("title", {})
        layout[axis] = layout[axis] | {"tickfont": {"size": size}, "title": title | {"font": {"size": size}}}
    ratio = small / 11
    notes = [note | {"font": {"size": small}, "yshift": note["yshift"] * ratio} for note in layout["annotations"]]
    layout |= {"annotations": notes, "autosize": True, "legend": layout["legend"] | {"font": {"size": size}}}
    layout["hoverlabel"] = {"font": {"size": small}}
    layout["margin"] = {"l": 8, "r": 12, "t": round(36 * ratio), "b": 8}
    wide = max(2.5, size / 5)
    data = [
        trace | {"line": trace["line"] | {"width": wide}} if trace["line"].get("width") else trace
        for trace in drawing["data"]
    ]
    return {"data": data, "layout": layout}
