"""Pages, in the order of the navigation. Adding one is a module here and a line in `PAGES`.

The contract of a page's module:

``PATH``
    Where it stands, for example ``"/compare"``; begins with a slash, no variables.
``TITLE``
    What the navigation and the title of the document say.
``NAVIGATED``
    Whether it is among the links of the navigation (an embedded view is not).
``layout(**query)``
    Returns the content of ``<main>`` for the query of the address: text by key, every value at most 4 kB in total,
    which anybody may have written. Unknown keys are ignored; bad values give the default and a notice
    (`dashboard.components.notice`), never an exception. It is called again on every visit, and restores the state.
``register(app)``
    Registers the page's callbacks with the app; called once by `dashboard.app.create_app`. Functions that run in the
    browser stand in ``assets/PAGE.js`` and are named with `dash.ClientsideFunction`; inline scripts are forbidden.

A page's first heading is an ``h1``. Its ids begin with its name. What a callback of the server is sent is checked
there: a value that no control offers raises `sim.InputError`, which `dashboard.app` shows as a notice.
"""

from __future__ import annotations

from typing import Any, Protocol

from dash import Dash

from dashboard.pages import about, assumptions, compare, embed, explore, learn, present, sweep


class Page(Protocol):
    """What a module must have to be a page."""

    PATH: str
    TITLE: str
    NAVIGATED: bool

    def layout(self, **query: str) -> Any:
        """Return the content of the page for a query."""

    def register(self, app: Dash) -> None:
        """Register the callbacks of the page."""


PAGES: tuple[Page, ...] = (explore, compare, sweep, assumptions, learn, present, about, embed)
"""Every page, in the order of the navigation."""
