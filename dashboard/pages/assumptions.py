"""Assumptions."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash

PATH = "/assumptions"
TITLE = "Assumptions"
NAVIGATED = True


def layout(**query: str) -> Any:
    """Return the page."""
    return dmc.Title(TITLE, order=1)


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
