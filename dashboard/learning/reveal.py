"""What is shown after the predictions: each beside what the runs say, charts, channels, questions to reflect on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

import sim
from dashboard.learning import tables
from dashboard.lessons import Chapter, Prediction
from dashboard.lessons.findings import Finding, judge, overview
from dashboard.lessons.pages import commands
from dashboard.lessons.records import DIRECTIONS
from sim.figures import View


def revealed(
    chapter: Chapter, findings: Sequence[Finding], guesses: Sequence[str | float], views: Mapping[str, View], mode: str
) -> list[Any]:
    """Return what a chapter reveals.

    Parameters
    ----------
    chapter : Chapter
    findings : sequence of Finding
        What the runs say, one a prediction.
    guesses : sequence of str or float
        What the reader said.
    views : mapping of str to View
        The runs, by world.
    mode : {"light", "dark"}
        Colours of the charts.
    """
    cards = [_card(place, one, guess) for place, (one, guess) in enumerate(zip(findings, guesses, strict=True))]
    return [
        html.H3("What the runs say", id="learn-findings", tabIndex=-1),
        html.P(overview(findings, guesses), className="learn-overview", role="status"),
        html.Div(cards, className="learn-cards"),
        html.H3("What else changes"),
        html.Div(_charts(chapter, views, mode), className="learn-charts"),
        html.H3("Ways in which it may come about"),
        html.Ul([html.Li(text) for text in chapter.channels]),
        html.H3("Reflect"),
        *(_prompt(place, text) for place, text in enumerate(chapter.prompts)),
        html.P([html.Strong("Keep in mind. "), chapter.caution, " A conditional comparison, not a forecast."]),
        html.Details([html.Summary("Make the same numbers"), html.Pre("\n".join(commands(chapter)), tabIndex=0)]),
    ]


def _card(place: int, finding: Finding, guess: str | float) -> Any:
    said = judge(finding, guess)
    head = f"{place + 1}. {finding.prediction.ask}"
    mark = "✓" if said.right else "≠"
    return html.Div(
        [
            html.P(head, className="learn-ask"),
            html.P(
                [html.Span(mark, className="learn-mark", **{"aria-hidden": "true"}), _said(finding.prediction, guess)]
            ),
            html.P(finding.text, className="learn-says"),
            html.P(said.text, className="learn-judged"),
        ],
        className=f"learn-card learn-{'right' if said.right else 'other'}",
    )


def _said(prediction: Prediction, guess: str | float) -> str:
    if prediction.kind == "direction":
        return f"You: {DIRECTIONS[str(guess)]}"
    return f"You: {guess:g}{' of 100 pairs' if prediction.kind == 'chance' else ' %'}"


def _charts(chapter: Chapter, views: Mapping[str, View], mode: str) -> list[Any]:
    """Return world by world how an outcome runs over time, and what each scenario changes."""
    label = sim.OUTCOMES[chapter.chart].label
    found = []
    for place, (world, view) in enumerate(views.items()):
        where = f" – {world_title(world)}" if len(views) > 1 else ""
        found.append(tables.fan(view, chapter.chart, place, label + where, mode))
        for scenario in chapter.scenarios:
            title = f"{view.shown[scenario]} against {view.shown_baseline}{where}"
            found.append(tables.differences(view, scenario, chapter.outcomes, len(found), title, mode))
    return found


def world_title(name: str) -> str:
    """Return a world's title."""
    return str(sim.load_world(name)[1].title)


def _prompt(place: int, text: str) -> Any:
    note = dcc.Textarea(id={"type": "learn-note", "place": place}, rows=3, className="learn-note", value="")
    return html.Label([text, note], className="learn-prompt")


def following(part: str, title: str) -> Any:
    """Return the link to the next part of the lesson."""
    return html.P(dcc.Link(f"Next: {title} →", href=f"/learn?part={part}", className="learn-next", id="learn-next"))
