"""What the server does for Explore: the picture of a state, quickly while a lever moves and whole when it rests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, ctx, html, no_update

import sim
from dashboard import ids, previews, runs
from dashboard.components import notice, panel
from dashboard.components.cards import data_table
from dashboard.files import opened
from dashboard.levers import instruments, oddities
from dashboard.picture import caption, changes, chart, headlines, narrowed, signature, table, view_of
from dashboard.summary import summary
from dashboard.timeline import timeline
from dashboard.views import ViewState, asked_for, plain, story

TIERS = ("full", "preview", "preview2")
"""Dash drops the answer to a request when the same callback is asked again: two previews on their way need two."""


def register(app: Dash) -> None:
    """Register the callbacks of Explore."""
    for tier in TIERS:
        _register_tier(app, tier)

    _register_panel(app)
    inputs = [
        Input({"type": f"explore-{part}", "path": ALL}, "value") for part in ("slider", "number", "choice", "list")
    ]
    _in_browser(app, "lever", *inputs)
    clicks = ("undo", "redo", "reset-all", "link", "keep", "pin-baseline")
    _in_browser(app, "click", *(Input(f"explore-{name}", "n_clicks") for name in clicks))
    patterns = ({"type": "explore-reset", "path": ALL}, {"type": "explore-drop", "kind": ALL},
                {"type": "explore-unpin", "index": ALL})  # fmt: skip
    _in_browser(app, "button", *(Input(pattern, "n_clicks") for pattern in patterns))
    chosen = ("preset", "baseline", "add", "assume", "ensemble", "display", "seed", "worlds")
    outcomes = Input({"type": "explore-outcome", "index": ALL}, "value")
    _in_browser(app, "choose", *(Input(f"explore-{name}", "value") for name in chosen), outcomes)
    _in_browser(app, "begin", Input("explore-initial", "data"), first=True)
    _in_browser(app, "opened", Input("explore-opened", "data"))
    _in_browser(app, "timeline", Input("explore-timeline", "relayoutData"))
    action = {"type": "explore-action", "index": ALL, "action": ALL}
    _in_browser(app, "action", Input(action, "n_clicks"))
    _in_browser(app, "recolour", Input(ids.MODE, "data"))


def _register_panel(app: Dash) -> None:
    """Register the panel of levers, and the file that restores a view."""

    @app.callback(
        Output("explore-panel", "children"),
        Output("explore-story", "children"),
        Output("explore-opened", "data"),
        Input("explore-structure", "data"),
        prevent_initial_call=True,
    )
    def structure(asked: Any) -> Any:
        state, extra = asked_for(asked), wanted(asked)
        data = {"levers": panel.described(state, extra), "state": plain(state)}
        return panel.panel(state, extra), story(state.scenarios[0]), data

    @app.callback(
        Output("explore-opened", "data", allow_duplicate=True),
        Input("explore-upload", "contents"),
        prevent_initial_call=True,
    )
    def upload(contents: Any) -> Any:
        state = asked_for(opened(contents))
        return {"levers": panel.described(state), "state": plain(state), "restore": True}


def _in_browser(app: Dash, function: str, *inputs: Input, first: bool = False) -> None:
    app.clientside_callback(
        ClientsideFunction("explore", function),
        Output("explore-sink", "data", allow_duplicate=True),
        *inputs,
        prevent_initial_call="initial_duplicate" if first else True,
    )


def _register_tier(app: Dash, tier: str) -> None:
    """Register the picture of one tier: whole with words, or a preview of few members without."""
    answers, asks = Output(f"explore-answer-{tier}", "data"), Input(f"explore-ask-{tier}", "data")
    words = [
        Output({"type": "explore-table", "index": ALL}, "children"),
        Output("explore-summary", "children"),
        Output("explore-warnings", "children"),
        Output("explore-pins", "children"),
    ]
    if tier == "full":

        @app.callback(answers, *words, asks, prevent_initial_call=True)
        def whole(asked: Any) -> Any:
            found = picture(asked, full=True)
            told = found.pop("words", None)
            return (found, *told) if told else (found, [no_update] * len(ctx.outputs_list[1]), *[no_update] * 3)

    else:

        @app.callback(answers, asks, prevent_initial_call=True)
        def preview(asked: Any) -> Any:
            return picture(asked, full=False)

    app.clientside_callback(
        ClientsideFunction("explore", f"answer_{tier}"),
        Output("explore-sink", "data", allow_duplicate=True),
        Input(f"explore-answer-{tier}", "data"),
        prevent_initial_call=True,
    )


def wanted(asked: Any) -> list[str]:
    """Return the assumptions that a visitor asked for, those that there are."""
    names = asked.get("extra") if isinstance(asked, Mapping) else None
    return [name for name in names[:30] if isinstance(name, str) and name in sim.REGISTRY] if names else []


def picture(asked: Any, full: bool) -> dict[str, Any]:
    """Return what a page paints for a request: ``query``, ``seq``, ``mode`` and the ``signatures`` of what is drawn."""
    number = asked.get("seq") if isinstance(asked, Mapping) else None
    try:
        state = asked_for(asked)
        began = time.perf_counter()
        scenarios, baseline = state.resolve()
        engine, moving = runs.engine(), asked.get("moving")
        if full:
            results = engine.results(scenarios, state.ensemble)
        else:
            results = previews.between(engine, state, moving if isinstance(moving, str) else "")
        seconds = time.perf_counter() - began
        return {"seq": number, "seconds": round(seconds, 3)} | _painted(asked, state, results, baseline, full)
    except (sim.InputError, runs.BusyError, TimeoutError) as error:
        return {"seq": number, "problem": str(error) or "The runs took too long."}


def _painted(asked: Any, state: ViewState, results: Any, baseline: str, full: bool) -> dict[str, Any]:
    mode = "dark" if asked.get("mode") == "dark" else "light"
    known = asked.get("signatures")
    known = known if isinstance(known, list) else []
    view = view_of(narrowed(results, state.outcomes), baseline)
    mine = next((name for name in results.scenarios if name != baseline), baseline)
    alone = str(asked.get("moving")).partition(".")[0] in sim.POLICIES
    moved = [view.shown[mine]] if alone else list(view.shown.values())
    charts = []
    for place, outcome in enumerate(state.outcomes):
        figure = chart(view, outcome, runs=state.runs, mode=mode)
        mark = signature(figure)
        if not full and place < len(known) and known[place] == mark:
            charts.append({"changes": changes(figure, moved), "signature": mark})
        else:
            charts.append({"figure": figure, "signature": mark})
    heads = headlines(view, mine, state.outcomes)
    found: dict[str, Any] = {
        "charts": charts,
        "headlines": [vars(head) for head in heads],
        "caption": caption(results, runs.FULL if full else runs.PREVIEW, runs.FULL, state.runs),
    }
    return found | _words(state, results, view, baseline, mine, mode, heads) if full else found


def _words(
    state: ViewState, results: Any, view: Any, baseline: str, mine: str, mode: str, heads: list[Any]
) -> dict[str, Any]:
    """Return what only the whole picture has: tables, summary, warnings, timeline, pins, what is read aloud."""
    own = {item.kind for item in instruments(state) if item.own}
    words = "median (90 % of runs)"
    tables = [data_table(*table(view, name), f"{view.measure(name).label}: {words}") for name in state.outcomes]
    sentences = summary(results, baseline, mine, state.outcomes)
    warnings = [notice(text, "warning", "Worth knowing") for text in oddities(state)[:4]]
    return {
        "words": (tables, html.Ul([html.Li(text) for text in sentences]), warnings, pins(state)),
        "timeline": timeline(state.first(), own, mode),
        "live": " ".join(head.spoken() for head in heads),
    }


def pins(state: ViewState) -> Any:
    """Return what is kept beside the scenario, each with a button that lets it go."""
    items = []
    for place, variant in enumerate(state.scenarios[1:], 1):
        title = str(variant.scenario().title).split(": ")[0]
        name = {"type": "explore-unpin", "index": place}
        drop = html.Button("✕", id=name, className="lever-reset", **{"aria-label": f"Let {title} go"})
        items.append(html.Li([title, drop]))
    base = state.baseline.scenario()
    edited = (
        html.P(f"Baseline: {str(base.title).split(': ')[0]}", className="lever-help") if state.baseline.edited else ""
    )
    return html.Div([edited, html.Ul(items, className="pins") if items else ""])
