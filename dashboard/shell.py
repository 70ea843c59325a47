"""What stands around every page: header, navigation, notices, the sheet of keys."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from dashboard import ids
from dashboard.pages import PAGES
from dashboard.theme import THEME

KEYS = (
    ("?", "show or hide this sheet"),
    ("Tab, Shift+Tab", "go to the next or the previous control"),
    ("← →", "move a slider by one step"),
    ("Page up, Page down, Home, End", "move a slider by ten steps, or to its ends"),
    ("Enter, Space", "press a button, open a menu"),
    ("Esc", "close a menu or a dialogue"),
    ("Alt+Z, Alt+Y", "undo, redo (Explore)"),
    ("Alt+R", "reset everything to the preset (Explore)"),
    ("Alt+1 … Alt+9", "go to a page"),
    ("Alt+M", "light or dark"),
)
"""Keys and what they do; ``assets/shell.js`` and the pages' scripts listen for them."""


def shell() -> Any:
    """Return the layout of the app."""
    return dmc.MantineProvider(
        [
            dcc.Location(id=ids.LOCATION, refresh="callback-nav"),
            dcc.Store(id=ids.TITLE),
            dcc.Store(id=ids.MODE, data="light"),
            html.A("Skip to the content", href="#content", className="skip-link"),
            _header(),
            html.Div(id=ids.NOTICES, className="notices"),
            html.Main(id="content", tabIndex="-1", children=html.Div(id=ids.CONTENT)),
            _cheat_sheet(),
        ],
        id="mantine",
        theme=THEME,
        defaultColorScheme="auto",
    )


def _header() -> Any:
    links = [
        dcc.Link(page.TITLE, href=page.PATH, className="nav-link", id=f"nav-{page.TITLE.lower()}")
        for page in PAGES
        if page.NAVIGATED
    ]
    buttons = [
        html.Button("Keys", id=ids.CHEAT_SHEET_BUTTON, className="plain-button", **{"aria-keyshortcuts": "?"}),
        html.Button("Light or dark", id=ids.MODE_BUTTON, className="plain-button", **{"aria-keyshortcuts": "Alt+M"}),
    ]
    brand = dcc.Link("Aperture", href="/", className="brand")
    navigation = html.Nav(links, id=ids.NAVIGATION, **{"aria-label": "Pages"})
    return html.Header([brand, navigation, html.Div(buttons, className="header-buttons")], className="site-header")


def _cheat_sheet() -> Any:
    rows = [html.Tr([html.Th(html.Kbd(keys), scope="row"), html.Td(what)]) for keys, what in KEYS]
    body = html.Div(html.Table(html.Tbody(rows), className="keys"), id=ids.CHEAT_SHEET_BODY)
    return dmc.Modal(
        body, id=ids.CHEAT_SHEET, title="Keys", opened=False, closeButtonProps={"aria-label": "Close"}, centered=True
    )


def register(app: Dash) -> None:
    """Register what the header does; all of it happens in the browser."""
    app.clientside_callback(
        ClientsideFunction("shell", "cheatSheet"),
        Output(ids.CHEAT_SHEET, "opened"),
        Input(ids.CHEAT_SHEET_BUTTON, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("shell", "toggleMode"),
        Output(ids.MODE_BUTTON, "title"),
        Input(ids.MODE_BUTTON, "n_clicks"),
    )
