"""Explore: levers that move the charts while they are dragged, against a baseline that is always there."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

import sim
from dashboard.callbacks import exploring, taking_away
from dashboard.components import notice, showing, tour
from dashboard.components.cards import CONFIG, EMPTY, chart_card, tile
from dashboard.components.panel import panel
from dashboard.views import ViewState, plain, preset_options, read_view, story

PATH = "/"
TITLE = "Explore"
NAVIGATED = True
PAGE = "explore"
HEADLINES = {"aria-label": "Headline numbers"}


def layout(**query: str) -> Any:
    """Return the page in the state that a query describes."""
    state, problems = read_view(query)
    notices = [notice(text, "warning", "The link was taken up in part") for text in problems[:3]]
    charts = [chart_card(PAGE, i, outcome) for i, outcome in enumerate(state.outcomes)]
    results = html.Div(
        [
            html.Div([tile(PAGE, i) for i in range(4)], className="tiles", tabIndex="0", role="group", **HEADLINES),
            html.Div(charts, className="charts"),
            html.P("", id="explore-caption", className="caption"),
            _summary(),
            _timeline(),
        ],
        className="results",
    )
    return html.Div(
        [
            *_stores(state),
            *notices,
            html.Div([dmc.Title("Explore", order=1), _toolbar()], className="page-head"),
            html.Div([html.Aside(_aside(state), className="aside"), results], className="explore"),
            html.Div("", id="explore-live", className="visually-hidden", **{"aria-live": "polite"}),
            *_dialogues(),
        ],
        id="explore-page",
    )


def _stores(state: ViewState) -> list[Any]:
    data = {"initial": plain(state), "query": state.query()}
    names = [f"{word}-{tier}" for word in ("ask", "answer") for tier in exploring.TIERS]
    names += ["structure", "sink", "opened"]
    filled = [dcc.Store(id=f"explore-{name}", data=value) for name, value in data.items()]
    return [*filled, *(dcc.Store(id=f"explore-{name}") for name in names), dcc.Download(id="explore-download")]


def _toolbar() -> Any:
    def button(name: str, text: str, key: str = "") -> Any:
        more = {"aria-keyshortcuts": key} if key else {}
        return html.Button(text, id=f"explore-{name}", className="plain-button", **more)

    return html.Div(
        [
            html.Span("", id="explore-status", className="status", role="status"),
            button("undo", "Undo", "Alt+Z"),
            button("redo", "Redo", "Alt+Y"),
            button("reset-all", "Reset", "Alt+R"),
            button("link", "Copy link"),
            button("save", "Save file"),
            dcc.Upload(
                html.Button("Open file", className="plain-button"),
                id="explore-upload", max_size=200_000, accept=".toml", className="upload",
            ),
            button("reproduce", "Reproduce"),
            button("report", "Report"),
            *showing.launcher(),
            tour.launcher(),
        ],
        className="toolbar no-print",
    )  # fmt: skip


def _aside(state: ViewState) -> list[Any]:
    variant = state.scenarios[0]
    select = dmc.Select(
        id="explore-preset", label="Scenario", data=preset_options(), value=variant.preset, searchable=True,
        allowDeselect=False, size="sm",
    )  # fmt: skip
    baseline = dmc.Select(
        id="explore-baseline", label="Baseline", data=preset_options(), value=state.baseline.preset, searchable=True,
        allowDeselect=False, size="sm",
    )  # fmt: skip
    pins = html.Div(
        [
            html.Button("Pin as baseline", id="explore-pin-baseline", className="plain-button small"),
            html.Button("Keep beside", id="explore-keep", className="plain-button small"),
        ],
        className="row",
    )
    return [
        html.Div(
            [select, html.P(story(variant), id="explore-story", className="lever-help"), pins],
            className="card pad",
        ),
        html.Div([baseline, html.Div(id="explore-pins")], className="card pad"),
        html.Div(panel(state), id="explore-panel"),
        _bands(state),
    ]


def _bands(state: ViewState) -> Any:
    spread = dmc.RadioGroup(
        [dmc.Radio("parameters and chance", value="calibrated"), dmc.Radio("chance only", value="chance")],
        id="explore-ensemble", label="Runs differ in", value="calibrated" if state.calibrated else "chance", size="xs",
    )  # fmt: skip
    shown = dmc.RadioGroup(
        [dmc.Radio("bands", value="bands"), dmc.Radio("single runs", value="runs")],
        id="explore-display", label="Drawn as", value="runs" if state.runs else "bands", size="xs",
    )  # fmt: skip
    seed = dmc.NumberInput(
        id="explore-seed", label="Seed", value=state.seed, min=0, step=1, allowDecimal=False, size="xs", debounce=400
    )
    known = [name for name in sim.world_names() if name != "default"]
    worlds = dmc.MultiSelect(
        id="explore-worlds", label="Worlds (sets of assumptions)", value=list(state.worlds), size="xs",
        data=[{"value": name, "label": sim.load_world(name)[1].title} for name in known],
    )  # fmt: skip
    return html.Div([html.H2("Runs", className="small-head"), spread, shown, worlds, seed], className="card pad stack")


def _summary() -> Any:
    head = html.H2("What changed, and through which channel", className="small-head")
    empty = html.P("Computed from the runs; a moment, please.")
    body = html.Div(empty, id="explore-summary")
    return html.Section([head, html.Div(id="explore-warnings"), body], className="card pad", id="explore-words")


def _timeline() -> Any:
    graph = dcc.Graph(
        id="explore-timeline", figure=EMPTY,
        config=CONFIG,
    )  # fmt: skip
    text = (
        "Blue bars are this scenario's instruments: drag a bar or its end to change its dates, or use the sliders "
        "“Start” and “End” of the instrument. Grey bars are rules that are on the books already."
    )
    return html.Section(
        [
            html.H2("Policy timeline", className="small-head"),
            html.P(text, className="lever-help"),
            html.Div(graph, id="explore-timeline-box", className="timeline"),
        ],
        className="card pad",
    )


def _dialogues() -> list[Any]:
    def dialogue(name: str, title: str) -> Any:
        body = html.Div(id=f"explore-{name}-body")
        close = {"aria-label": "Close"}
        return dmc.Modal(body, id=f"explore-{name}-dialogue", title=title, size="xl", closeButtonProps=close)

    return [dialogue("reproduce", "Reproduce these numbers"), dialogue("explain", "About this chart")]


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    exploring.register(app)
    showing.register(app)
    tour.register(app)
    taking_away.register(app, PAGE)
