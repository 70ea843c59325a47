"""The class kit to read on a screen and to print: guide, role cards, worksheet."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

import sim
from dashboard.learning import tables
from dashboard.lessons import Role, class_kit

PRINT = "learn-print"


def layout() -> list[Any]:
    """Return the class kit."""
    kit = class_kit()
    agenda = [[time, text] for time, text in kit.agenda]
    sheets = [_sheet(head, lines) for head, lines in kit.worksheet]
    return [
        html.P("For teachers", className="learn-kicker"),
        html.H2(kit.title),
        html.P(kit.summary),
        html.P(html.Button("Print the kit", id=PRINT, className="plain-button"), className="no-print"),
        html.Section(
            [
                html.H3("Facilitator’s guide"),
                *(piece for head, lines in _guide() for piece in (html.H4(head), _list(lines))),
                html.H4("Ninety minutes"),
                tables.table(["Minutes", "What happens"], agenda, "Ninety minutes"),
            ]
        ),
        html.Section([html.H3("Role cards"), html.Div([_role(role) for role in kit.roles], className="learn-roles")]),
        html.Section(
            [html.H3("Worksheet"), html.P("Group: ______________  Role: ______________"), *sheets],
            className="learn-sheet",
        ),
        html.P(
            ["Rounds and goals stand on the page ", dcc.Link("Rounds", href="/learn?part=rounds"), "."],
            className="no-print",
        ),
    ]


def _guide() -> list[tuple[str, tuple[str, ...]]]:
    kit = class_kit()
    return [("What it is for", kit.aims), ("Before the class", kit.before), ("What helps", kit.tips)]


def _list(lines: tuple[str, ...]) -> Any:
    return html.Ul([html.Li(line) for line in lines])


def _role(role: Role) -> Any:
    watches = ", ".join(str(sim.OUTCOMES[name].label).lower() for name in role.watches)
    pairs = [
        ("Who you are", role.who),
        ("What you want", role.wants),
        ("What you watch", watches[:1].upper() + watches[1:] + "."),
        ("What you can do", role.can),
        ("Your dilemma", role.dilemma),
        ("Begin with this", role.asks),
    ]
    rows = [html.Div([html.Dt(head), html.Dd(text)]) for head, text in pairs]
    return html.Article([html.H4(role.title), html.Dl(rows)], className="learn-role")


def _sheet(head: str, lines: tuple[str, ...]) -> Any:
    return html.Div([html.H4(head), *(html.Div(html.Span(line), className="learn-line") for line in lines)])
