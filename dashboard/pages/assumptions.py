"""Assumptions: every parameter with value, unit, range, source and justification; to search, to set, to reset."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

import sim
from dashboard.components import notice, page_head
from dashboard.views import ViewState, asked_for, read_view

PATH = "/assumptions"
TITLE = "Assumptions"
NAVIGATED = True
LEAD = (
    "Every number of the model, with its range and where it comes from. Type a value to see what would follow from it; "
    "it then holds in all runs of all scenarios."
)
JUDGEMENT = "Judgement"


def layout(**query: str) -> Any:
    """Return the page; assumptions that a link sets are in it."""
    state, problems = read_view(query)
    notices = [notice(text, "warning", "The link was taken up in part") for text in problems[:3]]
    search = dmc.TextInput(
        id="assumptions-search", placeholder="Search names, words, sources", size="sm", className="wide",
        debounce=200, **{"aria-label": "Search the assumptions"},
    )  # fmt: skip
    reset = html.Button("Reset all values", id="assumptions-reset", className="plain-button")
    explore = dcc.Link(
        "Explore with these values", id="assumptions-explore", href=f"/?{state.query()}", className="plain-button"
    )
    return html.Div(
        [
            dcc.Store(id="assumptions-query", data=state.query()),
            dcc.Store(id="assumptions-sink"),
            *notices,
            page_head(TITLE, LEAD, explore, reset),
            html.Div(
                [search, html.Span(_count(state), id="assumptions-count", role="status")], className="row search-row"
            ),
            html.Div("", id="assumptions-problem", className="problem", role="alert"),
            _grid(state),
        ]
    )


def _count(state: ViewState) -> str:
    changed = len(state.assumptions)
    return f"{len(sim.REGISTRY)} parameters, {changed} set by you" if changed else f"{len(sim.REGISTRY)} parameters"


def _grid(state: ViewState) -> Any:
    columns = [
        {"field": "description", "headerName": "What it is", "flex": 3, "minWidth": 230},
        {"field": "value", "headerName": "Value", "editable": True, "width": 110, "cellClass": "editable-cell"},
        {"field": "unit", "headerName": "Unit", "width": 130},
        {"field": "range", "headerName": "Plausible range", "width": 150},
        {"field": "source", "headerName": "Source", "flex": 3, "minWidth": 240},
        {"field": "reasoning", "headerName": "Justification", "flex": 3, "minWidth": 240},
        {"field": "name", "headerName": "Name", "width": 290},
    ]
    return dag.AgGrid(
        id="assumptions-grid",
        columnDefs=columns,
        rowData=rows(state),
        getRowId="params.data.name",
        defaultColDef={"sortable": True, "resizable": True, "filter": True, "wrapText": True, "autoHeight": True},
        dashGridOptions={
            "pagination": True,
            "paginationPageSize": 50,
            "paginationPageSizeSelector": [25, 50, 100],
            "singleClickEdit": True,
            "stopEditingWhenCellsLoseFocus": True,
            "suppressFieldDotNotation": True,
            "domLayout": "normal",
        },
        className="ag-theme-quartz assumptions-grid",
        style={"height": "70vh"},
    )


def rows(state: ViewState) -> list[dict[str, Any]]:
    """Return a row a parameter."""
    return [_row(parameter, state.assumptions.get(parameter.name, parameter.default)) for parameter in sim.REGISTRY]


def _row(parameter: Any, value: Any) -> dict[str, Any]:
    if parameter.options:
        range_ = " | ".join(parameter.options)
    elif parameter.uncertain:
        range_ = f"{parameter.low:g} to {parameter.high:g} ({parameter.distribution})"
    else:
        range_ = "fixed"
    return {
        "name": parameter.name,
        "description": parameter.description,
        "value": value if isinstance(value, str) else float(f"{value:.6g}"),
        "unit": parameter.unit,
        "range": range_,
        "source": source(parameter.source),
        "reasoning": parameter.reasoning,
    }


def source(text: str) -> str:
    """Return a source in words: who says it, and how well that was verified; the facts are in the reference pages."""
    if text == "judgement":
        return JUDGEMENT
    facts = sim.facts()
    told = []
    for name in (part.strip() for part in text.split(",")):
        fact = facts.get(name)
        told.append(f"{name}: {fact.source} ({fact.verification})" if fact else name)
    return " · ".join(told)


def register(app: Dash) -> None:
    """Register the callbacks of the page."""

    @app.callback(
        Output("assumptions-grid", "dashGridOptions"),
        Input("assumptions-search", "value"),
        State("assumptions-grid", "dashGridOptions"),
        prevent_initial_call=True,
    )
    def search(text: Any, grid: Any) -> Any:
        return {**grid, "quickFilterText": str(text or "")[:200]}

    @app.callback(
        Output("assumptions-query", "data"),
        Output("assumptions-explore", "href"),
        Output("assumptions-count", "children"),
        Output("assumptions-problem", "children"),
        Output("assumptions-grid", "rowTransaction"),
        Input("assumptions-grid", "cellValueChanged"),
        Input("assumptions-reset", "n_clicks"),
        State("assumptions-query", "data"),
        prevent_initial_call=True,
    )
    def change(changed: Any, clicks: Any, query: Any) -> Any:
        state = asked_for(query)
        if not changed and not clicks:
            return (no_update,) * 5
        cells = changed if ctx.triggered_id == "assumptions-grid" else []
        after, problem = edited(state, cells) if cells else (replace(state, assumptions={}), "")
        wrong = [str(item["data"]["name"]) for item in cells] if problem else []
        names = dict.fromkeys((*state.assumptions, *after.assumptions, *wrong))
        update = [row for row in rows(after) if row["name"] in names]
        return after.query(), f"/?{after.query()}", _count(after), problem, {"update": update, "async": False}

    app.clientside_callback(
        ClientsideFunction("shell", "remember"),
        Output("assumptions-sink", "data"),
        Input("assumptions-query", "data"),
        prevent_initial_call=True,
    )


def edited(state: ViewState, changed: Any) -> tuple[ViewState, str]:
    """Return the state after cells were edited, and what was wrong with them; values are checked like any others."""
    values, problems = dict(state.assumptions), []
    for item in changed if isinstance(changed, list) else ():
        data = item.get("data") if isinstance(item, dict) else None
        name = str(data.get("name", "")) if isinstance(data, dict) else ""
        try:
            given = item.get("value")
            if name in sim.REGISTRY and not sim.REGISTRY[name].structural and isinstance(given, str):
                given = float(given[:40])
            value = sim.REGISTRY.check_value(name, given, "value")
            values.pop(name, None)
            if value != sim.REGISTRY[name].default:
                values[name] = value
        except sim.InputError as error:
            problems.append(f"{error.problem} {error.remedy}")
        except ValueError:
            problems.append(f"{name} must be a number.")
    return replace(state, assumptions=values), " ".join(problems)
