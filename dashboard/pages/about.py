"""About: how to read the pages, how far the model agrees with what is known, versions."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash

import sim

PATH = "/about"
TITLE = "About"
NAVIGATED = True


def layout(**query: str) -> Any:
    """Return the page."""
    lead = "A conditional comparison, not a forecast: if the assumptions held, how would outcomes differ?"
    return dmc.Stack([dmc.Title(TITLE, order=1), dmc.Text(lead), dmc.Text(f"Aperture {sim.__version__}")])


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
