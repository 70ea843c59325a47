"""The head of a page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc


def page_head(title: str, lead: str, *beside: Any) -> Any:
    """Return the first heading of a page with a sentence below it, and what stands at its right."""
    text = dmc.Stack([dmc.Title(title, order=1), dmc.Text(lead, className="lead")], gap=2)
    return dmc.Group([text, dmc.Group(list(beside), gap="xs")], justify="space-between", align="flex-start", mb="md")
