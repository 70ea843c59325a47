"""The probability that openness improves each headline outcome, under each form of the contested kernels."""

from __future__ import annotations

from collections.abc import Mapping

from sim.figures.theme import Figure, folded, layout, lines, plain

COLOURS = [[0.0, "#D55E00"], [0.5, "#9aa1ab"], [1.0, "#0072B2"]]
COLUMN, ROW = 9, 22
"""Letters in a line of a column's and of a row's name."""


def signs(
    chances: Mapping[str, Mapping[str, float | None]],
    *,
    title: str = "Chance that openness improves the outcome",
    mode: str = "light",
) -> Figure:
    """Return a table of dots: an outcome a row, a form of the contested kernels a column.

    Parameters
    ----------
    chances : mapping of str to mapping of str to float
        Shown name of the form to shown name of the outcome to the probability that openness improves it, in [0, 1];
        ``None`` where it is undefined.
    """
    forms = list(chances)
    rows = list(dict.fromkeys(outcome for column in chances.values() for outcome in column))[::-1]
    cells = [(form, row, p) for form in forms for row in rows if (p := chances[form].get(row)) is not None]
    deepest = max((lines(folded(form, COLUMN)) for form in forms), default=1)
    top: Figure = {"side": "top", "showgrid": False, "range": [-0.6, len(forms) - 0.4], "tickangle": 0}
    top |= {"categoryorder": "array", "categoryarray": [folded(form, COLUMN) for form in forms]}
    left: Figure = {"ticksuffix": " ", "range": [-0.7, len(rows) - 0.3]}
    left |= {"categoryorder": "array", "categoryarray": [folded(row, ROW) for row in rows]}
    height = 80 + 14 * deepest + 50 * len(rows)
    found = layout(title, mode=mode, above=14 * deepest, height=height, showlegend=False, xaxis=top, yaxis=left)
    return {"data": [_dots(cells)], "layout": found}


def _dots(cells: list[tuple[str, str, float]]) -> Figure:
    values = [float(p) for _, _, p in cells]
    strength = [abs(2 * p - 1) for p in values]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [folded(form, COLUMN) for form, _, _ in cells],
        "y": [folded(row, ROW) for _, row, _ in cells],
        "text": [f"{100 * p:.0f}" for p in values],
        "textfont": {"color": ["#ffffff" if s > 0.6 else "#14181e" for s in strength], "size": 11},
        "marker": {
            "size": [30 + 12 * s for s in strength],
            "color": values,
            "opacity": 1,
            "cmin": 0,
            "cmax": 1,
            "colorscale": COLOURS,
            "line": {"width": 0},
        },
        "customdata": [[plain(row), plain(form)] for form, row, _ in cells],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>"
        "openness improves it with probability %{text} %<extra></extra>",
    }
