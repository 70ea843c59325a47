"""Notices: short messages that a screen reader announces too."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

COLOURS = {"problem": "red", "warning": "yellow", "note": "okabe"}


def notice(text: str, kind: str = "note", title: str | None = None) -> Any:
    """Return a notice that can be closed.

    Parameters
    ----------
    text : str
        What is to be said.
    kind : {"problem", "warning", "note"}
        A problem interrupts a screen reader; the others wait.
    title : str, optional
        Heading.
    """
    role = "alert" if kind == "problem" else "status"
    return dmc.Alert(
        text, title=title, color=COLOURS[kind], withCloseButton=True, closeButtonLabel="Close", variant="light",
        className=f"notice notice-{kind}", attributes={"root": {"role": role}},
    )  # fmt: skip
