"""Draw figures that a study wrote as JSON into one SVG, one below the other, with a browser.

``python docs/studies/draw.py FIGURES.json OUT.svg [NAME …]`` takes all figures or those named. The browser is
Chromium, which the tests use too.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs

WIDTH = 860


def drawn(figures: list[dict[str, Any]]) -> list[str]:
    """Return each figure as SVG."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<div id='plot'></div>")
        page.add_script_tag(content=get_plotlyjs())
        script = "([f, w]) => Plotly.toImage(f, {format: 'svg', width: w, height: f.layout.height})"
        urls = [page.evaluate(script, [figure, WIDTH]) for figure in figures]
        browser.close()
    return [text_of(url) for url in urls]


def text_of(url: str) -> str:
    """Return what a data URL holds."""
    head, _, data = url.partition(",")
    return base64.b64decode(data).decode("utf-8") if head.endswith("base64") else unquote(data)


def stacked(pictures: list[str], heights: list[int], title: str) -> str:
    """Return pictures below each other as one; identifiers are kept apart."""
    parts, top = [], 0
    for i, (picture, height) in enumerate(zip(pictures, heights, strict=True)):
        names = set(re.findall(r'id="([^"]+)"', picture))
        for name in sorted(names, key=len, reverse=True):
            picture = re.sub(rf'(["#]){re.escape(name)}(["\)&])', rf"\g<1>p{i}{name}\g<2>", picture)
        parts.append(picture.replace("<svg ", f'<svg y="{top}" ', 1))
        top += height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
    return f'{head}role="img" aria-label="{title}">' + "".join(parts) + "</svg>\n"


def main(words: list[str]) -> int:
    """Draw."""
    source, target, *names = words
    figures = json.loads(Path(source).read_text("utf-8"))
    chosen = [figures[name] for name in names] if names else list(figures.values())
    heights = [int(figure["layout"]["height"]) for figure in chosen]
    title = re.sub(r"<[^>]*>", " ", "; ".join(f["layout"].get("title", {}).get("text", "") for f in chosen))
    Path(target).write_text(stacked(drawn(chosen), heights, title.replace('"', "'")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
