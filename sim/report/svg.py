"""Small pieces of SVG."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report.html import esc

STYLE = """
text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; fill: #1b2027; }
.paper { fill: #ffffff; stroke: #dde1e6; } .muted { fill: #555d68; } .grid { stroke: #e3e6ea; }
.axis { stroke: #555d68; } .shade { fill: #5a6473; fill-opacity: .1; } .halo { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8eaee; } .paper { fill: #171b21; stroke: #2c333c; } .muted { fill: #a9b1bd; }
  .grid { stroke: #333a44; } .axis { stroke: #a9b1bd; } .halo { fill: #171b21; }
}
"""


def tag(name: str, body: str = "", /, **attributes: object) -> str:
    """Return an element; underscores in attributes stand for hyphens, ``kind`` for ``class``."""
    names = {key: "class" if key == "kind" else key.replace("_", "-") for key in attributes}
    written = "".join(f' {names[key]}="{esc(_number(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>"


def text(
    x: float, y: float, words: str, size: float = 12, anchor: str = "start", kind: str = "", bold: bool = False
) -> str:
    """Return a line of text."""
    weight = 600 if bold else 400
    return tag("text", esc(words), x=x, y=y, font_size=size, text_anchor=anchor, kind=kind, font_weight=weight)


def line(x0: float, y0: float, x1: float, y1: float, kind: str = "grid", **more: object) -> str:
    """Return a straight line."""
    return tag("line", x1=x0, y1=y0, x2=x1, y2=y1, kind=kind, **more)


def points(places: Iterable[tuple[float, float]]) -> str:
    """Return places as SVG lists them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def document(width: int, height: int, title: str, description: str, body: Iterable[str]) -> str:
    """Return a whole picture with a title and a description for readers who do not see it."""
    words = tag("title", esc(title), id="title") + tag("desc", esc(description), id="description")
    style = f"<style>{STYLE}</style>"
    paper = tag("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=12, kind="paper")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    return f'{head}role="img" aria-labelledby="title description">{words}{style}{paper}' + "\n".join(body) + "</svg>\n"


def _number(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value
