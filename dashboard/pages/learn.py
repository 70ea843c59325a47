"""Learn: three chapters to predict and reveal, rounds in roles, a debrief, and the class kit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import ids
from dashboard.components import notice, page_head
from dashboard.learning import chapter, debrief, kit, rounds
from dashboard.learning.reveal import following
from dashboard.learning.tables import GRAPH
from dashboard.lessons import chapters
from sim import figures

PATH = "/learn"
TITLE = "Learn"
NAVIGATED = True
LEAD = "Predict, then see what the runs say. Three chapters, a negotiation in roles, and a debrief."
OTHERS: dict[str, tuple[str, Callable[[], list[Any]]]] = {
    "rounds": ("Rounds in roles", rounds.layout),
    "debrief": ("Debrief", debrief.layout),
    "kit": ("Class kit", kit.layout),
}
"""Parts that are not chapters: title and what draws them. All but the kit follow one another."""


def parts() -> dict[str, str]:
    """Return the titles of the parts of the lesson by name, in order."""
    found = {item.name: f"{item.number}. {item.title}" for item in chapters()}
    return found | {name: title for name, (title, _) in OTHERS.items()}


def layout(**query: str) -> Any:
    """Return a part of the lesson: the one that the query names, else the first chapter."""
    known = parts()
    asked = query.get("part", next(iter(known)))
    part = asked if asked in known else next(iter(known))
    warning = [] if part == asked else [notice("The lesson has no such part; it begins with chapter one.", "warning")]
    article = html.Article([*warning, *_content(part), *_next(part)], className="learn-article")
    return html.Div(
        [
            page_head("Learn", LEAD),
            dcc.Store(id=chapter.RECORD, storage_type="session"),
            dcc.Store(id="learn-templates", data=figures.TEMPLATES),
            html.Div([_steps(part), article], className="learn"),
        ]
    )


def _content(part: str) -> list[Any]:
    if part in OTHERS:
        return OTHERS[part][1]()
    return chapter.layout(chapter.chapter_named(part))


def _next(part: str) -> list[Any]:
    order = [name for name in parts() if name != "kit"]
    if part not in order[:-1]:
        return []
    after = order[order.index(part) + 1]
    return [following(after, parts()[after])]


def _steps(part: str) -> Any:
    links = [
        html.Li(dcc.Link(title, href=f"{PATH}?part={name}", className="learn-step"), **_current(name == part))
        for name, title in parts().items()
    ]
    return html.Nav(html.Ol(links), className="learn-steps no-print", **{"aria-label": "Parts of the lesson"})


def _current(here: bool) -> dict[str, str]:
    return {"aria-current": "step"} if here else {}


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    chapter.register(app)
    rounds.register(app)
    debrief.register(app)
    app.clientside_callback(
        ClientsideFunction("learn", "recolour"),
        Output({"type": GRAPH, "kind": ALL, "place": ALL}, "figure"),
        Input(ids.MODE, "data"),
        State({"type": GRAPH, "kind": ALL, "place": ALL}, "figure"),
        State("learn-templates", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("learn", "print"),
        Output(kit.PRINT, "title"),
        Input(kit.PRINT, "n_clicks"),
        prevent_initial_call=True,
    )
