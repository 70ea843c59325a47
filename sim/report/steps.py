"""A document in steps that is written once and shown as Markdown or as HTML: text, tables, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.reference_pages import markdown
from sim.report.html import bullets, esc, section, table


@dataclass(frozen=True)
class Text:
    """A paragraph; words between backticks are code, and between two asterisks important."""

    text: str


@dataclass(frozen=True)
class Rows:
    """A table and what it shows."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: Sequence[str]


Block = Text | Rows | Items


@dataclass(frozen=True)
class Step:
    """A step under a heading; `anchor` names it in the HTML."""

    anchor: str
    title: str
    blocks: Sequence[Block]


def as_markdown(title: str, lead: str, steps: Sequence[Step]) -> str:
    """Return the document as Markdown."""
    parts = [f"# {title}", lead]
    for step in steps:
        parts += [f"## {step.title}", *map(_block, step.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case Rows(caption, heads, rows):
            return f"{caption}:\n\n{markdown.table(heads, rows)}"
        case Items(items):
            return "\n".join(f"- {item}" for item in items)


def as_html(step: Step, *more: str) -> str:
    """Return a step as a section of a page, with further pieces of HTML at its end."""
    return section(step.anchor, step.title, *map(_piece, step.blocks), *more)


def _piece(block: Block) -> str:
    match block:
        case Text(text):
            return f"<p>{inline(text)}</p>"
        case Rows(caption, heads, rows):
            kind = "words" if any(len(cell) > LONG for row in rows for cell in row) else ""
            return table([*map(esc, heads)], [[*map(inline, row)] for row in rows], caption, kind)
        case Items(items):
            return bullets([*map(inline, items)])


LONG = 40
"""Letters from which a cell of a table is a sentence."""


def inline(text: str) -> str:
    """Return a line with its code and its important words as HTML, and everything else letter by letter."""
    shown = re.sub(r"`([^`]+)`", r"<code>\1</code>", esc(text))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", shown)
