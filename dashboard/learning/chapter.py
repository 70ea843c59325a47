"""A chapter: story, predictions, a button that reveals; what is revealed stands in `dashboard.learning.reveal`."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html
from flask import has_app_context

import sim
from dashboard import ids
from dashboard.learning import evidence
from dashboard.learning.reveal import revealed
from dashboard.lessons import Chapter, Prediction, chapters
from dashboard.lessons.findings import find, judge, overview
from dashboard.lessons.records import DIRECTIONS
from dashboard.runs import engine

ANSWER = "learn-answer"
PART = "learn-part"
RECORD = "learn-record"
BUTTON = "learn-reveal-button"
REVEAL = "learn-reveal"
LEFT = "learn-left"
WAITING = "The model is running; that takes a few seconds, or a minute if many ask at once."
UNITS = {"chance": " of 100 pairs", "level": " %"}


def layout(chapter: Chapter) -> list[Any]:
    """Return a chapter up to its reveal, and begin its runs."""
    if has_app_context():
        evidence.begin(engine(), question(chapter))
    questions = [_question(place, item) for place, item in enumerate(chapter.predictions)]
    return [
        dcc.Store(id=PART, data=chapter.name),
        html.P(f"Chapter {chapter.number} · about {chapter.minutes} minutes", className="learn-kicker"),
        html.H2(chapter.title),
        html.P(chapter.question, className="learn-question"),
        *(html.P(text) for text in chapter.story),
        html.H3("Predict"),
        html.Div(questions, className="learn-questions"),
        html.Div(
            [
                dmc.Button("Reveal what the runs say", id=BUTTON, disabled=True, size="md"),
                html.P(id=LEFT, className="learn-left", **{"aria-live": "polite"}),
            ],
            className="learn-act no-print",
        ),
        html.Div(id=REVEAL, className="learn-revealed"),
    ]


def _question(place: int, item: Prediction) -> Any:
    name = {"type": ANSWER, "place": place}
    title = f"{place + 1}. {item.ask}"
    if item.kind == "direction":
        choices = [dmc.Radio(label=text.capitalize(), value=key) for key, text in DIRECTIONS.items()]
        control = dmc.RadioGroup(dmc.Group(choices, gap="lg"), id=name, label=title, description=item.think, size="md")
    else:
        control = dmc.NumberInput(
            id=name, label=title, description=item.think, min=item.low, max=item.high, suffix=UNITS[item.kind],
            clampBehavior="strict", allowDecimal=False, size="md", inputProps={"inputMode": "numeric"},
            className="learn-number", placeholder=f"{item.low:g} to {item.high:g}",
        )  # fmt: skip
    return html.Div(control, className="learn-card")


def register(app: Dash) -> None:
    """Register what a chapter does."""
    app.clientside_callback(
        ClientsideFunction("learn", "answered"),
        Output(BUTTON, "disabled"),
        Output(LEFT, "children"),
        Input({"type": ANSWER, "place": ALL}, "value"),
    )
    app.clientside_callback(
        ClientsideFunction("learn", "arrive"),
        Output(REVEAL, "title"),
        Input(REVEAL, "children"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(REVEAL, "children"),
        Output(RECORD, "data"),
        Input(BUTTON, "n_clicks"),
        State({"type": ANSWER, "place": ALL}, "value"),
        State(PART, "data"),
        State(RECORD, "data"),
        State(ids.MODE, "data"),
        running=[(Output(BUTTON, "loading"), True, False), (Output(LEFT, "children"), WAITING, "")],
        prevent_initial_call=True,
    )
    def reveal(_: int, answers: list[Any], part: str, record: Any, mode: str) -> tuple[Any, dict[str, Any]]:
        chapter = chapter_named(part)
        guesses = checked(chapter, answers)
        found = evidence.views(engine(), question(chapter), chapter.drawn)
        findings = find(chapter.predictions, found)
        right = sum(judge(one, guess).right for one, guess in zip(findings, guesses, strict=True))
        kept = record if isinstance(record, dict) else {}
        kept = {**kept, chapter.name: {"right": right, "of": len(guesses), "text": overview(findings, guesses)}}
        return revealed(chapter, findings, guesses, found, mode), kept


def question(chapter: Chapter) -> evidence.Question:
    """Return what a chapter asks the model."""
    return evidence.Question(chapter.baseline, chapter.scenarios, chapter.worlds)


def chapter_named(name: Any) -> Chapter:
    """Return a chapter by its name; raises InputError if there is none."""
    found = next((chapter for chapter in chapters() if chapter.name == name), None)
    if found is None:
        known = ", ".join(chapter.name for chapter in chapters())
        raise sim.InputError("chapter", "there is no chapter of that name.", f"Known: {known}.")
    return found


def checked(chapter: Chapter, answers: Any) -> list[str | float]:
    """Return the answers to a chapter's questions; raises InputError if one is missing or was never offered."""
    if not isinstance(answers, list) or len(answers) != len(chapter.predictions):
        raise sim.InputError("predictions", "they are not those of this chapter.", "Open the chapter again.")
    return [
        _answer(place, item, answer)
        for place, (item, answer) in enumerate(zip(chapter.predictions, answers, strict=True))
    ]


def _answer(place: int, item: Prediction, answer: Any) -> str | float:
    where = f"prediction {place + 1}"
    if item.kind == "direction":
        if answer not in DIRECTIONS:
            raise sim.InputError(where, "it is not one of the answers offered.", "Choose one of the three.")
        return str(answer)
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not item.low <= answer <= item.high:
        raise sim.InputError(where, "it is not a number in range.", f"Give {item.low:g} to {item.high:g}.")
    return float(answer)
