"""Small pieces of HTML. Whatever comes from outside passes through `esc`; functions take text and return HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from sim.figures.theme import Figure, head_height


def esc(text: object) -> str:
    """Return text so that a browser shows it letter by letter, also in attributes; numbers keep their percent sign."""
    return escape(str(text), quote=True).replace(" %", "\u00a0%")


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph of text."""
    return f"<p{_class(kind)}>{esc(text)}</p>" if text else ""


def bullets(items: Sequence[str]) -> str:
    """Return a list of pieces of HTML."""
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>" if items else ""


def section(anchor: str, title: str, *pieces: str) -> str:
    """Return a section under a heading, or nothing if there is nothing in it."""
    body = "\n".join(piece for piece in pieces if piece)
    heading = f'<h2 id="{anchor}-title">{esc(title)}</h2>'
    return f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n{heading}\n{body}\n</section>' if body else ""


def card(*pieces: str, kind: str = "") -> str:
    """Return pieces on a card."""
    return f'<div class="card {kind}">' + "\n".join(pieces) + "</div>"


def grid(pieces: Sequence[str], kind: str = "") -> str:
    """Return pieces side by side as far as they fit."""
    return f'<div class="grid {kind}">' + "\n".join(pieces) + "</div>" if pieces else ""


def details(summary: str, body: str) -> str:
    """Return a part that opens on a click."""
    return f"<details><summary>{esc(summary)}</summary>{body}</details>" if body else ""


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], caption: str, kind: str = "") -> str:
    """Return a table in a box that scrolls by itself; the first cell of a row is its heading.

    Parameters
    ----------
    headers : sequence of str
        HTML.
    rows : sequence of sequence of str
        HTML.
    caption : str
        Text: what the table shows.
    kind : str
        Class, ``"words"`` where cells are sentences.
    """
    head = "".join(f'<th scope="col">{cell}</th>' for cell in headers)
    body = "\n".join(_row(cells) for cells in rows)
    inner = f"<caption><span>{esc(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody>"
    box = f'<div class="table" role="region" tabindex="0" aria-label="{esc(caption)}">'
    return f"{box}<table{_class(kind)}>{inner}</table></div>"


def _row(cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:]) + "</tr>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def swatch(colour: str) -> str:
    """Return a small square in a colour of the charts."""
    return f'<span class="swatch" style="background:{esc(colour)}" aria-hidden="true"></span>'


def embedded(data: Any) -> str:
    """Return data as JSON that cannot end the script element that it stands in."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class Charts:
    """Figures of one page: numbers them, and takes from each what the page says itself (title, template)."""

    def __init__(self) -> None:
        self.drawn = 0

    def chart(self, drawing: Figure, title: str, caption: str, data: str, least: int = 0) -> str:
        """Return a figure with heading, caption and the table of what it shows.

        Parameters
        ----------
        drawing : dict
            Figure; not changed.
        title, caption : str
            Text.
        data : str
            HTML of the table.
        least : int
            Width in pixels below which the chart scrolls in its own box instead of shrinking.
        """
        self.drawn += 1
        name = f"figure-{self.drawn}"
        layout = {key: value for key, value in drawing["layout"].items() if key not in ("template", "title")}
        before = layout["margin"]["t"]
        top = before - head_height(drawing["layout"].get("title", {}).get("text", "")) + head_height("")
        layout["margin"] = layout["margin"] | {"t": top}
        layout["height"] -= before - top
        box = f'<div class="chart wide" style="min-height:{layout["height"]}px;--least:{least}px" data-figure="{name}">'
        drawn = f'<div class="scroll">{box}</div></div>' if least else f"{box}</div>"
        json_text = embedded({"data": drawing["data"], "layout": layout})
        script = f'<script type="application/json" id="{name}">{json_text}</script>'
        heading = f'<h3 id="{name}-title">{esc(title)}</h3>'
        text = f"<figcaption>{esc(caption)}</figcaption>" if caption else ""
        body = f"{heading}{drawn}{text}{details('Data table', data)}{script}"
        return f'<figure aria-labelledby="{name}-title">{body}</figure>'
