"""Markdown that several pages share: tables, numbers, the mark of a generated page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `python -m sim.reference_pages`; changes here are lost. -->"

PLAIN_FROM, PLAIN_TO = 1e-3, 1e6
"""Numbers between these are written without a power of ten."""


def page(title: str, *parts: str) -> str:
    """Return a whole page: title, notice, parts."""
    return "\n\n".join([f"# {title}", NOTICE, *parts]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells may hold Markdown, and line breaks become ``<br>``."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    return "\n".join([*lines, *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>") or " "


def code(text: str) -> str:
    """Return text as code."""
    return f"`{text}`"


def number(value: float) -> str:
    """Return a number in its shortest form: 0.45, 8.7e8, 2e-5."""
    if value == 0 or PLAIN_FROM <= abs(value) < PLAIN_TO:
        return f"{value:.6g}"
    mantissa, exponent = f"{value:.5e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}" if math.isfinite(value) else str(value)


def words(name: str) -> str:
    """Return an identifier as words."""
    return name.replace("_", " ")
