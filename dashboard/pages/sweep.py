"""Sweep: build a design, run it as a job, watch it, and look at sweeps that are stored."""

from __future__ import annotations

import os
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, dcc, html

import sim
from dashboard.callbacks import sweep_jobs, sweep_studies, sweep_views, sweeping
from dashboard.components import notice, page_head
from dashboard.components.cards import CONFIG, EMPTY, outcome_options
from dashboard.jobs import keeper, records
from dashboard.sweeping import form, studies

PATH = "/sweep"
TITLE = "Sweep"
NAVIGATED = True
LEAD = (
    "Thousands of runs over scenarios, worlds and ranges of assumptions, from the same design file as on the command "
    "line. A sweep goes on when this page, the browser or the server is closed."
)
OUTCOMES = ("ai_attributable_harm", "cumulative_innovation")
HEIGHTS = {"heatmap": 440, "lines": 560, "scatter": 500}
VIEWS = (
    ("heatmap", "Heatmap"),
    ("lines", "Parallel lines"),
    ("scatter", "Trade-off"),
    ("table", "Table"),
    ("studies", "Studies"),
)


def layout(**query: str) -> Any:
    """Return the page; ``open`` names a sweep, ``o`` two outcomes, ``view`` one of the views."""
    notices = []
    names = records.sweeps()
    opened = query.get("open")
    if opened is not None and opened not in names:
        notices.append(notice("There is no sweep of the name in the link.", "warning"))
        opened = None
    outcomes = [name for name in query.get("o", "").split(",") if name in sim.OUTCOMES]
    outcomes = [*outcomes, *(name for name in OUTCOMES if name not in outcomes)][:2]
    view = query.get("view", "")
    view = view if view in dict(VIEWS) else "heatmap"
    return html.Div(
        [
            page_head(TITLE, LEAD),
            *notices,
            dcc.Interval(id="sweep-tick", interval=1500),
            dcc.Store(id="sweep-slots", data=[]),
            dcc.Store(id="sweep-started"),
            html.Div(
                [
                    html.Aside(_design(), className="sweep-side"),
                    html.Div([_jobs(), _results(names, opened, outcomes, view)], className="sweep-side"),
                ],
                className="sweep-layout",
            ),
        ],
        id="sweep-page",
    )


def _design() -> list[Any]:
    begin = [{"value": "", "label": "the form below"}]
    begin += [{"value": name, "label": name.replace("_", " ")} for name in sim.shipped_designs()]
    shipped = dmc.Select(id="sweep-shipped", label="Begin with", data=begin, value="", size="sm", allowDeselect=False)
    text = dmc.Textarea(
        id="sweep-text", label="Design file", value=form.text_of(form.FIRST), autosize=True, minRows=10, maxRows=24,
        size="sm", debounce=400, spellCheck=False, className="design-text",
    )  # fmt: skip
    most = os.cpu_count() or 1
    cores = [{"value": str(n), "label": f"{n} process" + "es" * (n > 1)} for n in range(1, min(most, 16) + 1)]
    workers = dmc.Select(
        id="sweep-workers", data=cores, value="1", size="sm", allowDeselect=False, w=140,
        **{"aria-label": "Processes"},
    )  # fmt: skip
    start = dmc.Button("Start", id="sweep-start", disabled=True, size="sm")
    return [
        html.Section(
            [html.H2("Design", className="small-head"), shipped, html.Div(_form(), className="stack")],
            className="card pad stack",
        ),
        html.Section(
            [
                text,
                html.P(
                    "This is what will run. The form writes it; edit it for whatever the form does not offer.",
                    className="sweep-note",
                ),
                html.P("", id="sweep-check", className="sweep-check", role="status"),
                html.Div([workers, start], className="row"),
            ],
            className="card pad stack",
        ),
    ]


def _form() -> list[Any]:
    first = form.FIRST

    def many(name: str, label: str, data: Any, **more: Any) -> Any:
        return dmc.MultiSelect(
            id=f"sweep-form-{name}", label=label, data=data, value=first[name], searchable=True, size="sm",
            maxDropdownHeight=260, **more,
        )  # fmt: skip

    def number(name: str, label: str, low: int, high: int) -> Any:
        return dmc.NumberInput(
            id=f"sweep-form-{name}", label=label, value=first[name], min=low, max=high, allowDecimal=False, size="sm",
            debounce=400,
        )  # fmt: skip

    kinds = [{"value": kind, "label": label} for kind, label in form.KINDS.items()]
    worlds = list(dict.fromkeys(("default", *sim.world_names())))
    return [
        dmc.TextInput(id="sweep-form-title", label="Title", value=first["title"], size="sm", debounce=400),
        many("scenarios", "Scenarios", list(sim.scenario_names())),
        many("worlds", "Worlds", worlds),
        dmc.Select(
            id="sweep-form-design", label="Sample", data=kinds, value=first["design"], size="sm", allowDeselect=False
        ),
        html.Div(
            [number("samples", "Samples", 1, 1_048_576), number("replicates", "Replicates", 1, 100_000)],
            className="pair",
        ),
        html.Div([number("seed", "Seed", 0, 2**53), number("months", "Months", 1, 600)], className="pair"),
        many("parameters", "Parameters that vary", form.parameter_options(), limit=100),
        many("levers", "Levers that vary", form.lever_options(), limit=100),
    ]


def _jobs() -> Any:
    head = html.Div(
        [html.H2("Jobs", className="small-head"), html.Span("", id="sweep-queue", className="status", role="status")],
        className="card-head",
    )
    empty = html.P(
        f"None yet. One runs at a time, and up to {keeper.MOST_WAITING} wait.", id="sweep-none", className="sweep-note"
    )
    return html.Section([head, empty, *map(_slot, range(sweep_jobs.SLOTS))], className="card pad stack")


def _slot(number: int) -> Any:
    def part(name: str) -> str:
        return f"sweep-{name}-{number}"

    buttons = [
        html.Button(text, id=part(name), className="plain-button small", disabled=True)
        for name, text in sweep_jobs.BUTTONS
    ]
    return html.Div(
        [
            html.Div([html.Strong("", id=part("name")), html.Span("", id=part("state"), className="sweep-note")]),
            html.Progress(value="0", max="1", id=part("bar"), className="sweep-bar", **{"aria-label": "Finished runs"}),
            html.Div(buttons, className="row"),
        ],
        id=part("slot"),
        className="sweep-slot",
        hidden=True,
    )


def _results(names: list[str], opened: str | None, outcomes: list[str], view: str) -> Any:
    chosen = opened or (names[0] if names else None)

    def select(name: str, label: str, data: Any, value: Any) -> Any:
        return dmc.Select(
            id=f"sweep-{name}", label=label, data=data, value=value, searchable=True, size="sm", allowDeselect=False,
            nothingFoundMessage="None", className="sweep-select",
        )  # fmt: skip

    controls = [
        select("open", "Sweep", names, chosen),
        select("outcome", "Outcome", outcome_options(), outcomes[0]),
        select("second", "Second outcome", outcome_options(), outcomes[1]),
    ]
    tabs = dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(label, value=value) for value, label in VIEWS]),
            *(dmc.TabsPanel(_panel(value), value=value, pt="sm") for value, _ in VIEWS),
        ],
        id="sweep-view",
        value=view,
        keepMounted=False,
    )
    return html.Section(
        [
            html.H2("Stored sweeps", className="small-head"),
            html.Div(controls, className="sweep-controls"),
            html.P("Reading the runs …" if chosen else "", id="sweep-about", className="sweep-note", role="status"),
            tabs,
            html.P("", id="sweep-hint", className="sweep-note"),
            html.P(dcc.Link("Open in Explore", id="sweep-link", href="/"), id="sweep-link-line", hidden=True),
        ],
        className="card pad stack",
    )


def _panel(view: str) -> Any:
    if view == "studies":
        return _studies()
    if view == "table":
        return dag.AgGrid(
            id="sweep-table", rowData=[], columnDefs=[], className="ag-theme-quartz", style={"height": "460px"},
            dashGridOptions={"rowSelection": {"mode": "singleRow", "enableClickSelection": True, "checkboxes": False}},
            defaultColDef={"sortable": True, "filter": True, "resizable": True}, getRowId="'row-' + params.data.place",
        )  # fmt: skip
    height = {"height": f"{HEIGHTS[view]}px"}
    graph = dcc.Graph(id=f"sweep-{view}", figure=EMPTY, config=CONFIG, className="sweep-graph", style=height)
    if view != "heatmap":
        return graph
    sides = [
        dmc.Select(
            id=f"sweep-{name}",
            label=label,
            data=[],
            value=None,
            searchable=True,
            size="sm",
            allowDeselect=False,
            className="sweep-select",
        )
        for name, label in (("rows", "Up"), ("columns", "Across"))
    ]
    return [html.Div(sides, className="sweep-controls"), graph]


def _studies() -> list[Any]:
    options = [{"value": name, "label": label} for name, (label, _) in studies.STUDIES.items()]
    kind = dmc.Select(
        id="sweep-study-kind", label="Question", data=options, value="robust", size="sm", allowDeselect=False,
        className="sweep-select",
    )  # fmt: skip
    button = dmc.Button("Work it out", id="sweep-study-button", size="sm", className="sweep-study-button")
    found = html.Div(id="sweep-study", className="stack", **{"aria-live": "polite"})
    return [html.Div([kind, button], className="sweep-controls"), found]


def register(app: Dash) -> None:
    """Register the callbacks of the page, and go on with jobs that a server before this one left."""
    for part in (sweeping, sweep_jobs, sweep_views, sweep_studies):
        part.register(app)
    keeper.watch()
