"""The debrief: how the predictions did, and questions for the class."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, dcc, html

from dashboard.learning.chapter import RECORD
from dashboard.lessons import chapters, class_kit

SUMMARY = "learn-summary"


def layout() -> list[Any]:
    """Return the debrief."""
    found: list[Any] = [
        html.P("Debrief · about 15 minutes", className="learn-kicker"),
        html.H2("What did we learn?"),
        html.H3("Your predictions"),
        html.Div(id=SUMMARY, className="learn-card", **{"aria-live": "polite"}),
    ]
    for head, lines in class_kit().debrief:
        found += [html.H3(head), html.Ul([html.Li(line) for line in lines])]
    return [*found, html.P(["You have reached the end of the lesson. Go on in ", dcc.Link("Explore", href="/"), "."])]


def register(app: Dash) -> None:
    """Register the summary of the predictions."""

    @app.callback(Output(SUMMARY, "children"), Input(RECORD, "data"))
    def summarise(record: Any) -> Any:
        return summary(record)


def summary(record: Any) -> list[Any]:
    """Return a line a chapter: how the predictions did, or that it has not been played."""
    kept = record if isinstance(record, dict) else {}
    return [html.P([html.Strong(f"{chapter.title}: "), _line(kept.get(chapter.name))]) for chapter in chapters()]


def _line(entry: Any) -> str:
    text = entry.get("text") if isinstance(entry, dict) else None
    return text[:500] if isinstance(text, str) else "not played yet."
