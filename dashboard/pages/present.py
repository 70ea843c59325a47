"""Present: one chart and three levers in large type, with keys for whoever stands in front of a room."""

from __future__ import annotations

import math
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

import sim
from dashboard import levers
from dashboard.callbacks import presenting
from dashboard.components import notice
from dashboard.components.cards import EMPTY, outcome_options
from dashboard.components.panel import featured
from dashboard.variants import Variant
from dashboard.views import ViewState, plain, preset_options, read_view
from sim import figures

PATH = "/present"
TITLE = "Present"
NAVIGATED = True
FIRST = (Variant("staged_release"),)
"""What is presented where the address names no scenario."""
MOST = 3
"""Levers on the page."""
GENERIC = ("start", "strength", "value", "tightening_per_year")
"""Fields that many instruments have; levers that only one has come first."""
KEYS = (
    ("1 2 3", "go to a lever; ← → move it"),
    ("O", "next outcome"),
    ("W", "next world"),
    ("P", "hide the scenario until the room has predicted; show it"),
    ("C", "hide or show everything but chart, levers and number"),
    ("F", "full screen"),
    ("R", "levers back to the preset"),
)
CONFIG = {**figures.CONFIG, "displayModeBar": False}


def layout(**query: str) -> Any:
    """Return the page in the state that a query describes; ``l`` names its levers, separated by commas."""
    state, problems = read_view(query, FIRST)
    known = {lever.path: lever for lever in movable(state)}
    asked = [path for path in query.get("l", "").split(",") if path]
    problems += [f"There is no lever {path[:60]!a} here." for path in asked if path not in known]
    paths = [path for path in dict.fromkeys(asked) if path in known][:MOST] or list(known)[:MOST]
    notices = [notice(text, "warning", "The link was taken up in part") for text in problems[:3]]
    return html.Div(
        [
            *_stores(state, [known[path] for path in paths]),
            *notices,
            html.Div([_head(state), _setup(state, known, paths)], className="present-head"),
            html.Div(
                [
                    html.Div(_graph(state), className="present-chart card"),
                    html.Div(
                        [_number(), *(_lever(i, known[path]) for i, path in enumerate(paths))], className="present-side"
                    ),
                ],
                className="present-body",
            ),
            html.P("", id="present-caption", className="present-caption"),
            html.Details([html.Summary("Data table"), html.Div(id="present-table", className="table-box")]),
            _keys(),
        ],
        id="present-page",
        className="present",
    )


def movable(state: ViewState) -> list[levers.Lever]:
    """Return the levers that a slider can move: those that one instrument alone has first, assumptions last."""
    own = [lever for item in levers.instruments(state) if item.own for lever in item.levers]
    found = [lever for lever in own if lever.type in ("number", "integer", "date") and not _later(lever)]
    found.sort(key=lambda lever: _rank(lever.path))
    return found + [lever for lever in levers.assumptions(state, featured()) if lever.type == "number"]


def _later(lever: levers.Lever) -> bool:
    return lever.path.partition(".")[2] in levers.LATER


def _rank(path: str) -> int:
    name = path.partition(".")[2]
    return GENERIC.index(name) + 1 if name in GENERIC else 0


def _stores(state: ViewState, shown: list[levers.Lever]) -> list[Any]:
    described = {lever.path: lever.described() | {"unit": lever.unit} for lever in shown}
    worlds = ["", *(name for name in sim.world_names() if name != "default")]
    initial = {"state": plain(state), "levers": described, "worlds": worlds}
    names = ("ask-full", "ask-preview", "answer-full", "answer-preview", "sink")
    return [dcc.Store(id="present-initial", data=initial), *(dcc.Store(id=f"present-{name}") for name in names)]


def _head(state: ViewState) -> Any:
    scenarios, _ = state.resolve()
    titles = [str(item.title).split(": ")[0] for item in scenarios]
    worlds = [str(sim.load_world(name)[1].title) for name in state.worlds]
    shown = ", ".join(titles[1:]) or titles[0]
    text = f"against {titles[0]}" + (f" – {', '.join(worlds).lower()}" if worlds else "")
    outcome = sim.OUTCOMES[state.outcomes[0]].label
    return html.Div(
        [
            html.H1(shown, className="present-title"),
            html.P([text, html.Span(outcome, id="present-outcome-title", className="present-outcome")]),
        ]
    )


def _setup(state: ViewState, known: dict[str, levers.Lever], paths: list[str]) -> Any:
    options = [{"value": path, "label": _named(lever)} for path, lever in known.items()]
    world = state.worlds[0] if state.worlds else ""
    choices = [
        _select("preset", "Scenario", preset_options(), state.scenarios[0].preset),
        _select("outcome", "Outcome", outcome_options(), state.outcomes[0]),
        _select("world", "World", _world_options(), world),
        dmc.MultiSelect(
            id="present-levers", label="Levers, at most three", data=options, value=paths, maxValues=MOST, size="sm"
        ),
    ]
    summary = html.Summary("Set up")
    return html.Details([summary, html.Div(choices, className="present-choices card pad")], className="present-setup")


def _select(name: str, label: str, data: list[Any], value: str) -> Any:
    return dmc.Select(
        id=f"present-{name}", label=label, data=data, value=value, searchable=True, allowDeselect=False, size="sm"
    )


def _world_options() -> list[dict[str, str]]:
    known = [name for name in sim.world_names() if name != "default"]
    found = [{"value": name, "label": str(sim.load_world(name)[1].title)} for name in known]
    return [{"value": "", "label": "Default world"}, *found]


def _named(lever: levers.Lever) -> str:
    kind = lever.path.partition(".")[0]
    instrument = f" ({sim.POLICIES[kind].title})" if lever.scope == "policy" else ""
    return f"{lever.label}{instrument}"


def _graph(state: ViewState) -> Any:
    label = sim.OUTCOMES[state.outcomes[0]].label
    blank = {key: value for key, value in EMPTY["layout"].items() if key != "height"}
    empty = {"data": [], "layout": blank | {"autosize": True}}
    graph = dcc.Graph(id="present-graph", figure=empty, config=CONFIG, className="present-graph", responsive=True)
    return html.Section(graph, **{"aria-label": f"Chart: {label}"})


def _number() -> Any:
    parts = ("label", "value", "band", "difference")
    texts = [
        html.Div("…" if part == "value" else "", id=f"present-{part}", className=f"present-{part}") for part in parts
    ]
    return html.Div(texts, id="present-number", className="card present-number", **{"aria-live": "polite"})


def _lever(place: int, lever: levers.Lever) -> Any:
    low, high = (math.log10(lever.low), math.log10(lever.high)) if lever.logarithmic else (lever.low, lever.high)
    high += 1 if lever.optional else 0
    value = (
        high if lever.value is None else math.log10(max(lever.value, lever.low)) if lever.logarithmic else lever.value
    )
    whole = lever.type != "number"
    slider = dmc.Slider(
        id={"type": "present-slider", "path": lever.path}, value=min(max(value, low), high), min=low, max=high,
        step=1 if whole else _step(high - low), precision=6, label=None, thumbLabel=lever.label, updatemode="drag",
        size="lg", thumbSize=28, className="present-slider",
    )  # fmt: skip
    head = html.Div(
        [
            html.Kbd(str(place + 1)),
            html.Span(lever.label, className="present-lever-label"),
            html.Output("", className="present-lever-value", **{"data-path": lever.path}),
        ],
        className="present-lever-head",
    )
    return html.Div([head, slider, html.P(lever.help, className="lever-help")], className="card present-lever")


def _step(span: float) -> float:
    """Return a round step of about a fiftieth of a range: fewer presses of a key than at a desk."""
    power = 10 ** math.floor(math.log10(span / 50)) if span > 0 else 1.0
    return float(next(power * m for m in (1, 2, 5, 10) if power * m * 50 >= span))


def _keys() -> Any:
    cells = [html.Span([html.Kbd(key), f" {what}"]) for key, what in KEYS]
    return html.Div(cells, className="present-keys no-print", **{"aria-label": "Keys of the presenter", "role": "note"})


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    presenting.register(app)
