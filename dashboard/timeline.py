"""The timeline of a scenario's instruments: a bar each from its first month to its last, to be moved by hand."""

from __future__ import annotations

from typing import Any

from sim import figures

ROW = 26
"""Pixels of a row."""


def timeline(scenario: Any, own: set[str], mode: str = "light") -> dict[str, Any]:
    """Return the figure; bars of the scenario's own instruments can be dragged, and so can their ends.

    Parameters
    ----------
    scenario : Scenario
    own : set of str
        Kinds of instruments that are the scenario's own, drawn in colour.
    mode : {"light", "dark"}
    """
    policies = sorted(scenario.policies, key=lambda p: (p.kind not in own, p.start, p.title))
    count = len(policies)
    shapes, texts, kinds = [], [], []
    for place, policy in enumerate(policies):
        y = count - 1 - place
        mine = policy.kind in own
        shapes.append(_bar(policy, scenario, y, mine))
        kinds.append({"kind": policy.kind, "open": policy.end is None, "own": mine})
        texts.append(_text(policy, scenario, y))
    horizon = figures.Horizon(scenario.start, scenario.months)
    layout = figures.layout(
        "",
        mode=mode,
        height=ROW * max(count, 1) + 50,
        shapes=shapes,
        annotations=texts,
        xaxis=figures.axis(horizon),
        yaxis={"visible": False, "range": [-0.6, max(count, 1) - 0.4], "fixedrange": True},
        showlegend=False,
        dragmode=False,
        meta={"bars": kinds, "end": figures.iso(scenario.end - 1)},
    )
    layout["xaxis"]["fixedrange"] = True
    layout["margin"] = {"l": 8, "r": 8, "t": 8, "b": 8}
    return {"data": [_hidden(scenario)], "layout": layout}


def _text(policy: Any, scenario: Any, y: int) -> dict[str, Any]:
    """Return the name of a policy: inside its bar, or before it where the bar begins late."""
    where = "" if len(policy.jurisdictions) == 4 else f" ({', '.join(map(figures.label, policy.jurisdictions))})"
    late = policy.start - scenario.start > 0.55 * scenario.months
    first = figures.iso(min(max(policy.start, scenario.start), scenario.end - 1))
    side = {"xanchor": "right", "xshift": -5} if late else {"xanchor": "left", "xshift": 5}
    return {"text": f"{policy.title}{where}", "x": first, "y": y, "yanchor": "middle", "showarrow": False} | side


def _bar(policy: Any, scenario: Any, y: int, mine: bool) -> dict[str, Any]:
    first = max(policy.start, scenario.start)
    last = scenario.end - 1 if policy.end is None else min(policy.end, scenario.end - 1)
    colour = "#0072B2" if mine else figures.BASELINE
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": figures.iso(min(first, scenario.end - 1)),
        "x1": figures.iso(max(last, first)),
        "y0": y - 0.36,
        "y1": y + 0.36,
        "line": {"width": 2 if mine else 1, "color": colour},
        "fillcolor": figures.translucent(colour, 0.25),
        "editable": mine,
        "layer": "below" if not mine else "above",
    }


def _hidden(scenario: Any) -> dict[str, Any]:
    """Return the trace without which an axis has no extent."""
    ends = [figures.iso(scenario.start), figures.iso(scenario.end - 1)]
    return {"type": "scatter", "mode": "lines", "x": ends, "y": [0, 0], "line": {"width": 0}, "hoverinfo": "skip"}
