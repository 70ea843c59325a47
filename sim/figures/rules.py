"""How policies rank by rules of decision, and how firmly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.figures.numbers import F64
from sim.figures.theme import Figure, folded, layout, lines, plain

COLOURS = [[0.0, "#9aa1ab"], [1.0, "#0072B2"]]
COLUMN, ROW = 10, 16


def ranking(
    policies: Sequence[str],
    ranks: Mapping[str, F64],
    first: Mapping[str, F64],
    *,
    title: str = "Rank by rule of decision",
    mode: str = "light",
) -> Figure:
    """Return a table of dots: a rule a row, a policy a column; the number is the rank, the size how often it is first.

    Parameters
    ----------
    policies : sequence of str
        Shown names.
    ranks, first : mapping of str to ndarray (policies,)
        Rank by rule, and share of resampled futures in which the policy is first.
    """
    rules = list(ranks)[::-1]
    columns = [folded(name, COLUMN) for name in policies]
    cells = [(rule, i) for rule in rules for i in range(len(policies))]
    shares = [float(first[rule][i]) for rule, i in cells]
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [columns[i] for _, i in cells],
        "y": [folded(rule, ROW) for rule, _ in cells],
        "text": [f"{ranks[rule][i]:g}" for rule, i in cells],
        "textfont": {"size": 12, "color": ["#ffffff" if s > 0.5 else "#14181e" for s in shares]},
        "marker": {
            "size": [22 + 18 * s for s in shares], "color": shares, "cmin": 0, "cmax": 1, "colorscale": COLOURS,
            "opacity": 1, "line": {"width": 0},
        },
        "customdata": [[plain(policies[i]), plain(rule), f"{100 * s:.0f}"]
                       for (rule, i), s in zip(cells, shares, strict=True)],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}: rank %{text}<br>first in %{customdata[2]} % of "
        "resampled futures<extra></extra>",
    }  # fmt: skip
    deepest = max((lines(label) for label in columns), default=1)
    found = layout(title, mode=mode, above=14 * deepest, height=90 + 14 * deepest + 46 * len(rules), showlegend=False)
    found["xaxis"] = {"side": "top", "showgrid": False, "range": [-0.6, len(policies) - 0.4], "tickangle": 0}
    found["xaxis"] |= {"categoryorder": "array", "categoryarray": columns}
    found["yaxis"] = {"ticksuffix": " ", "range": [-0.7, len(rules) - 0.3]}
    found["yaxis"] |= {"categoryorder": "array", "categoryarray": [folded(rule, ROW) for rule in rules]}
    return {"data": [dots], "layout": found}
