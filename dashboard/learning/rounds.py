"""Rounds of negotiation: choose a policy, say which goals it meets, reveal."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Dash, Input, Output, State, html

import sim
from dashboard.learning import evidence, tables
from dashboard.learning.reveal import world_title
from dashboard.lessons import Round, class_kit
from dashboard.lessons.findings import MET, WORDS, Score, scores
from dashboard.runs import engine

POLICY, GUESS, BUTTON, RESULT = "learn-policy", "learn-goal", "learn-round-button", "learn-round-result"
MARKS = {"met": "✓", "missed": "✗", "open": "?"}


def layout() -> list[Any]:
    """Return the rounds."""
    kit = class_kit()
    bands = [html.Li(band.words) for band in kit.goal.bands]
    return [
        html.P("Rounds · about 25 minutes", className="learn-kicker"),
        html.H2("Find a policy that meets the goals"),
        html.P("Choose your role first: the cards are in the class kit. Then agree, round by round."),
        html.Div(
            [html.H3("Goals"), html.Ul(bands), html.P(kit.goal.text, className="learn-small")], className="learn-card"
        ),
        *(_round(place, item) for place, item in enumerate(kit.rounds)),
    ]


def _round(place: int, item: Round) -> Any:
    kit = class_kit()
    options = [{"value": name, "label": policy_title(name)} for name in kit.goal.choices]
    guesses = [
        dmc.Checkbox(id={"type": GUESS, "round": item.name, "goal": i}, label=band.words, checked=False)
        for i, band in enumerate(kit.goal.bands)
    ]
    return html.Section(
        [
            html.H3(item.title),
            html.P(item.text),
            html.P(f"World: {world_title(item.world)}", className="learn-small"),
            dmc.Select(
                id={"type": POLICY, "round": item.name}, label="Our policy", data=options, value=None, maw=460, mb="sm",
                placeholder="Choose one", comboboxProps={"withinPortal": False},
            ),
            html.Fieldset([html.Legend("Which goals will it meet? Tick, then reveal."), dmc.Stack(guesses, gap="xs")]),
            dmc.Button(f"Reveal round {place + 1}", id={"type": BUTTON, "round": item.name}, mt="sm"),
            html.Div(id={"type": RESULT, "round": item.name}, **{"aria-live": "polite"}),
        ],
        className="learn-card",
    )  # fmt: skip


def policy_title(name: str) -> str:
    """Return the title of a policy package."""
    return str(sim.load(name).title)


def register(app: Dash) -> None:
    """Register what a round does."""

    @app.callback(
        Output({"type": RESULT, "round": MATCH}, "children"),
        Input({"type": BUTTON, "round": MATCH}, "n_clicks"),
        State({"type": BUTTON, "round": MATCH}, "id"),
        State({"type": POLICY, "round": MATCH}, "value"),
        State({"type": GUESS, "round": MATCH, "goal": ALL}, "checked"),
        running=[(Output({"type": BUTTON, "round": MATCH}, "loading"), True, False)],
        prevent_initial_call=True,
    )
    def reveal(_: int, button: Any, policy: Any, guesses: Any) -> Any:
        return result(_named(button), policy, guesses)


def _named(button: Any) -> Round:
    name = button.get("round") if isinstance(button, dict) else None
    found = next((item for item in class_kit().rounds if item.name == name), None)
    if found is None:
        raise sim.InputError("round", "there is no such round.", "Open the rounds again.")
    return found


def result(item: Round, policy: Any, guesses: Any) -> list[Any]:
    """Return how a policy does in a round; raises InputError for what was never offered."""
    goal = class_kit().goal
    if policy is None:
        return [html.P("Choose a policy first.", className="learn-judged")]
    if policy not in goal.choices:
        raise sim.InputError("policy", "it is not among those of the rounds.", "Choose one from the list.")
    if not isinstance(guesses, list) or len(guesses) != len(goal.bands):
        raise sim.InputError("goals", "they are not those of the rounds.", "Open the rounds again.")
    asked = evidence.Question(goal.baseline, (policy,), (item.world,))
    view = evidence.views(engine(), asked, [band.outcome for band in goal.bands])[item.world]
    found = scores(goal, view, policy)
    met = sum(one.verdict == MET for one in found)
    foreseen = sum((one.verdict == MET) == bool(guess) for one, guess in zip(found, guesses, strict=True))
    text = f"{policy_title(policy)} meets {met} of {len(found)} goals here. You foresaw {foreseen} of {len(found)}."
    rows = [_row(one, bool(guess)) for one, guess in zip(found, guesses, strict=True)]
    caption = f"Mean difference to {view.shown_baseline}, percent of it, with its 95 % interval"
    return [html.P(text, className="learn-overview"), tables.table(["Goal", "Verdict", "Runs", "You"], rows, caption)]


def _row(score: Score, guess: bool) -> list[Any]:
    verdict = html.Span(f"{MARKS[score.verdict]} {WORDS[score.verdict]}", className=f"learn-goal-{score.verdict}")
    return [score.band.words, verdict, score.text, "it meets it" if guess else "it does not"]
