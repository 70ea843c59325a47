"""From the address to the page, its title and the mark in the navigation."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import ids
from dashboard.components import notice
from dashboard.pages import PAGES, Page

MOST_QUERY = 4096
"""Longest query in bytes."""
NAME = "Aperture"


def register(app: Dash) -> None:
    """Register the router."""

    @app.callback(
        Output(ids.CONTENT, "children"),
        Output(ids.TITLE, "data"),
        Output(ids.NOTICES, "children"),
        Input(ids.LOCATION, "pathname"),
        Input(ids.LOCATION, "search"),
    )
    def route(pathname: str | None, search: str | None) -> tuple[Any, str, list[Any]]:
        page = page_at(str(pathname or "/"))
        if page is None:
            return missing(), f"Not found · {NAME}", []
        query, notices = read_query(str(search or ""))
        return page.layout(**query), f"{page.TITLE} · {NAME}", notices

    app.clientside_callback(
        ClientsideFunction("shell", "arrive"),
        Output(ids.TITLE, "storage_type"),
        Input(ids.TITLE, "data"),
        State(ids.LOCATION, "pathname"),
        prevent_initial_call=True,
    )


def page_at(pathname: str) -> Page | None:
    """Return the page of a path, or None; a slash at the end does not matter."""
    path = pathname.rstrip("/") or "/"
    return next((page for page in PAGES if path == page.PATH), None)


def read_query(search: str) -> tuple[dict[str, str], list[Any]]:
    """Return a query as text by key, and notices about what was left out of it.

    Parameters
    ----------
    search : str
        With or without its question mark. Of keys that come twice the last counts; keys that are no words are dropped.
    """
    if len(search.encode("utf-8", "replace")) > MOST_QUERY:
        text = f"The link is longer than {MOST_QUERY} bytes, so it was ignored; the page starts afresh."
        return {}, [notice(text, "warning")]
    pairs = parse_qsl(search.removeprefix("?"), keep_blank_values=True, errors="replace")
    return {key: value for key, value in pairs if key.isidentifier()}, []


def missing() -> Any:
    """Return what stands where there is no page."""
    return dmc.Stack(
        [
            dmc.Title("There is no such page", order=1),
            html.P(["The address may be mistyped. ", dcc.Link("Go to Explore", href="/"), "."]),
        ]
    )
