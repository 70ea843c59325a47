"""Tables and charts of lessons: differences with intervals, fans with the table behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from sim import figures
from sim.figures import Effect, View
from sim.figures.captions import bands
from sim.figures.differences import WORDS
from sim.figures.numbers import scale
from sim.figures.theme import head_height
from sim.figures.words import interval, percent, points, share

GRAPH = "learn-graph"
FAN, DIFFERENCES = "fan", "differences"


def table(heads: Sequence[Any], rows: Sequence[Sequence[Any]], caption: str) -> Any:
    """Return a table in a box that scrolls by itself; the first cell of a row is its heading."""
    head = html.Thead(html.Tr([html.Th(cell, scope="col") for cell in heads]))
    body = html.Tbody(
        [html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in rest)]) for first, *rest in rows]
    )
    inner = html.Table([html.Caption(caption), head, body], className="learn-table")
    return html.Div(inner, className="learn-scroll", tabIndex=0, role="region", **{"aria-label": caption})


def effects_table(effects: Sequence[Effect], caption: str) -> Any:
    """Return paired differences with intervals, an outcome a row."""
    rows = []
    for effect in effects:
        shown = scale(effect.measure.unit, [effect.mean, effect.low, effect.high])
        mean = points(shown.text(effect.mean, sign=True), effect.measure.unit)
        better = "–" if effect.p_better is None else share(effect.p_better)
        verdict = html.Span(mean, className=f"learn-{effect.verdict}")
        words = WORDS[effect.verdict]
        rows.append([effect.measure.label, verdict, interval(effect, shown), percent(effect), better, words])
    heads = ["Outcome", "Difference", "95 % interval", "Of the baseline", "Better in", "Verdict"]
    return table(heads, rows, caption)


def graph(kind: str, place: int, title: str, drawing: figures.Figure, caption: str, data: Any) -> Any:
    """Return a figure under a heading, with a caption and the table of what it shows."""
    layout = drawing["layout"]
    spare = head_height(layout.pop("title", {}).get("text", "")) - head_height("")
    layout["margin"] = layout["margin"] | {"t": layout["margin"]["t"] - spare}
    layout["height"] -= spare
    chart = dcc.Graph(
        id={"type": GRAPH, "kind": kind, "place": place}, figure=drawing, config=figures.CONFIG,
        style={"height": layout["height"]},
    )  # fmt: skip
    behind = html.Details([html.Summary("Data table"), data])
    return html.Figure([html.H4(title), chart, html.Figcaption(caption), behind], className="learn-figure")


def fan(view: View, outcome: str, place: int, title: str, mode: str) -> Any:
    """Return how an outcome runs over time in every scenario of a comparison."""
    measure, series = view.monthly_measure(outcome), view.monthly(outcome)
    drawing = figures.fan(series, measure, view.horizon, baseline=view.shown_baseline, mode=mode)
    caption = f"Lines: medians; dark bands: 50 %, light bands: 90 % of the runs. {bands(view.results)}"
    return graph(FAN, place, title, drawing, caption, _ends(view, outcome))


def _ends(view: View, outcome: str) -> Any:
    """Return the statistics of an outcome over the whole horizon, a scenario a row."""
    stats = {title: view.statistics[name][outcome] for name, title in view.shown.items()}
    keys = ("mean", "p05", "p50", "p95")
    measure = view.measure(outcome)
    shown = scale(measure.unit, [row[key] for row in stats.values() for key in keys])
    rows = [[title, *(shown.bare(row[key]) for key in keys)] for title, row in stats.items()]
    caption = f"{measure.label} over the whole horizon, {shown.unit}"
    return table(["Scenario", "Mean", "5 %", "Median", "95 %"], rows, caption)


def differences(view: View, scenario: str, outcomes: Sequence[str], place: int, title: str, mode: str) -> Any:
    """Return the paired differences of a scenario to the baseline as dots with intervals, and as a table."""
    effects = view.effects(scenario, outcomes)
    drawing = figures.differences(effects, title=title, mode=mode)
    omitted = [effect.measure.label for effect in effects if not effect.drawable]
    caption = f"Dots: mean paired differences to {view.shown_baseline}; lines: 95 % intervals."
    caption += f" Not drawn, because the baseline is zero: {', '.join(omitted)}." if omitted else ""
    data = effects_table(effects, f"{title}: differences")
    return graph(DIFFERENCES, place, title, drawing, caption, data)
