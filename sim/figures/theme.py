"""Colours, fonts, margins and the light and dark templates that all figures share.

Whatever depends on light or dark stands in the template, so that a page can switch a drawn figure by swapping the
template. Colours of scenarios are the Okabe-Ito palette, which colour-blind readers can tell apart; dash patterns
repeat the distinction.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

Figure = dict[str, Any]
"""A plotly figure as a plain dict with ``data`` and ``layout``."""

BASELINE = "#747b85"
"""Grey of the baseline: legible on the light and on the dark background."""
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#9A8F00")
DASHES = ("solid", "dash", "dashdot", "longdash", "dot", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")

BETTER, WORSE, UNCLEAR = "#0072B2", "#D55E00", "#747b85"
"""Colours of a difference for the better, for the worse, and of one that the runs do not settle."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

CONFIG: dict[str, Any] = {
    "responsive": True,
    "displaylogo": False,
    "showSendToCloud": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "pan2d"],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}
"""Configuration to draw any of the figures with: responsive, no logo, nothing that sends data anywhere."""


@dataclass(frozen=True)
class Tones:
    """Colours of one mode of the page."""

    ink: str
    muted: str
    grid: str
    paper: str
    shade: str


LIGHT = Tones(ink="#1b2027", muted="#555d68", grid="#e3e6ea", paper="#ffffff", shade="rgba(90, 100, 115, 0.10)")
DARK = Tones(ink="#e8eaee", muted="#a9b1bd", grid="#333a44", paper="#171b21", shade="rgba(190, 200, 215, 0.10)")


def template(tones: Tones) -> Figure:
    """Return the plotly template of one mode, ``LIGHT`` or ``DARK``: a dict with the key ``layout``."""
    axis = {
        "automargin": True,
        "gridcolor": tones.grid,
        "linecolor": tones.muted,
        "tickcolor": tones.grid,
        "zerolinecolor": tones.muted,
        "tickfont": {"color": tones.ink},
        "title": {"font": {"size": 12, "color": tones.muted}, "standoff": 8},
    }
    top_left = {"x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top", "yref": "container"}
    found = {
        "font": {"family": FONT, "size": 12, "color": tones.ink},
        "title": {"font": {"size": 15}, "pad": {"l": 12, "t": 10}} | top_left,
        "paper_bgcolor": tones.paper,
        "plot_bgcolor": tones.paper,
        "xaxis": axis,
        "yaxis": axis,
        "colorway": list(PALETTE),
        "hoverlabel": {"bgcolor": tones.paper, "bordercolor": tones.muted, "font": {"color": tones.ink, "size": 12}},
        "annotationdefaults": {"font": {"color": tones.muted, "size": 11}, "showarrow": False},
        "shapedefaults": {"line": {"color": tones.muted, "width": 1}, "fillcolor": tones.shade, "layer": "below"},
        "modebar": {"bgcolor": tones.paper, "color": tones.muted, "activecolor": tones.ink},
    }
    return {"layout": found}


TEMPLATES = {"light": template(LIGHT), "dark": template(DARK)}


def style(index: int) -> tuple[str, str, str]:
    """Return colour, dash and symbol of a scenario by its place among those that are not the baseline."""
    dash = DASHES[(index + index // len(PALETTE)) % len(DASHES)]
    return PALETTE[index % len(PALETTE)], dash, SYMBOLS[index % len(SYMBOLS)]


def styles(names: list[str], baseline: str | None) -> dict[str, tuple[str, str, str]]:
    """Return colour, dash and symbol of every scenario; the baseline is grey and solid, wherever it stands."""
    others = [name for name in names if name != baseline]
    chosen = {name: style(i) for i, name in enumerate(others)}
    if baseline in names:
        chosen[str(baseline)] = (BASELINE, "solid", "circle")
    return chosen


def translucent(colour: str, alpha: float) -> str:
    """Return a hexadecimal colour as rgba with this opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def plain(text: str) -> str:
    """Return user text so that plotly shows it letter by letter, whatever markup it contains."""
    return escape(str(text), quote=False)


def folded(text: str, width: int) -> str:
    """Return user text as escaped lines of at most about this many letters."""
    return "<br>".join(plain(line) for line in wrap(str(text), width)) or "&nbsp;"


def lines(label: str) -> int:
    """Return how many lines a folded label has."""
    return 1 + label.count("<br>")


BUTTONS = 38
"""Pixels at the top that the buttons of a chart need."""


def head_height(text: str) -> int:
    """Return the pixels that a folded title, or else the buttons of the chart, need at the top."""
    return max(18 + 20 * lines(text) if text else 12, BUTTONS)


def layout(title: str, *, mode: str = "light", height: int = 380, above: int = 0, **more: Any) -> Figure:
    """Return the layout that all figures start from: a title object, the template, the legend below.

    Parameters
    ----------
    title : str
        Title in plain text; empty for none.
    mode : {"light", "dark"}
        Which template.
    height : int
        Height in pixels.
    above : int
        Pixels for notes between title or buttons and plot.
    **more
        Further keys of the layout.
    """
    text = folded(title, 44) if title else ""
    below = {"x": 0, "xanchor": "left", "xref": "container", "y": 0, "yanchor": "bottom", "yref": "container"}
    base: Figure = {
        "template": TEMPLATES[mode],
        "height": height,
        "margin": {"l": 12, "r": 12, "t": head_height(text) + above, "b": 12},
        "legend": {"orientation": "h", "traceorder": "normal"} | below,
    }
    if title:
        base["title"] = {"text": text}
    return base | more
