"""What can be taken away from a page: data, scenario file, report, commands that give the same numbers."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

import sim
from dashboard import runs
from dashboard.files import commands, saved, slug
from dashboard.views import ViewState, asked_for
from sim import figures

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


def register(app: Dash, page: str, *, charts: bool = True) -> None:
    """Register downloads and dialogues of a page whose stores and buttons begin with its name.

    Parameters
    ----------
    app : Dash
    page : str
        With the stores ``page-query`` and ``page-download``, the buttons ``page-report``, ``page-save`` and
        ``page-reproduce``, and the dialogue ``page-reproduce-dialogue`` with its body.
    charts : bool
        Whether it has cards of charts with menus.
    """
    query = State(f"{page}-query", "data")
    download = Output(f"{page}-download", "data", allow_duplicate=True)
    later = {"prevent_initial_call": True}

    @app.callback(download, Input(f"{page}-report", "n_clicks"), query, **later)
    def report(clicks: Any, asked: Any) -> Any:
        if not clicks:
            return no_update
        comparison, state = compared(asked)
        return dcc.send_string(sim.report_document(comparison), f"aperture-{slug(state)}.html", type="text/html")

    @app.callback(download, Input(f"{page}-save", "n_clicks"), query, **later)
    def save(clicks: Any, asked: Any) -> Any:
        if not clicks:
            return no_update
        state = asked_for(asked)
        return dcc.send_string(saved(state), f"{slug(state)}.toml")

    @app.callback(
        Output(f"{page}-reproduce-body", "children"),
        Output(f"{page}-reproduce-dialogue", "opened"),
        Input(f"{page}-reproduce", "n_clicks"),
        query,
        **later,
    )
    def reproduce(clicks: Any, asked: Any) -> Any:
        if not clicks:
            return no_update, no_update
        return reproduction(asked_for(asked)), True

    if charts:
        _register_charts(app, page, query, download)


def _register_charts(app: Dash, page: str, query: State, download: Output) -> None:
    def items(action: str) -> Input:
        return Input({"type": f"{page}-action", "index": ALL, "action": action}, "n_clicks")

    @app.callback(download, items("csv"), query, prevent_initial_call=True)
    def data(clicks: Any, asked: Any) -> Any:
        if not any(clicks or ()):
            return no_update
        comparison, state = compared(asked)
        outcome = chosen(state)
        return dcc.send_string(monthly_csv(comparison, outcome), f"{outcome}.csv", type="text/csv")

    @app.callback(
        Output(f"{page}-explain-body", "children"),
        Output(f"{page}-explain-dialogue", "opened"),
        items("explain"),
        query,
        prevent_initial_call=True,
    )
    def explain(clicks: Any, asked: Any) -> Any:
        return (explanation(chosen(asked_for(asked))), True) if any(clicks or ()) else (no_update, no_update)


def chosen(state: ViewState) -> str:
    """Return the outcome of the chart whose menu was used."""
    place = ctx.triggered_id["index"]
    if not isinstance(place, int) or not 0 <= place < len(state.outcomes):
        raise sim.InputError("chart", "there is no such chart.", "Reload the page.")
    return state.outcomes[place]


def compared(asked: Any) -> tuple[Any, ViewState]:
    """Return the comparison that a page shows; it is in memory as a rule."""
    state = asked_for(asked)
    scenarios, baseline = state.resolve()
    return sim.Comparison(runs.engine().results(scenarios, state.ensemble), baseline), state


def monthly_csv(comparison: Any, outcome: str) -> str:
    """Return an outcome by month and scenario as CSV: mean and quantiles, in the outcome's unit."""
    results = comparison.results
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = ("mean", "p05", "p25", "p50", "p75", "p95")
    writer.writerow(["month", "scenario", "title", "outcome", "unit", *names])
    view = figures.View.of(comparison)
    unit = view.monthly_measure(outcome).unit
    for scenario in results.scenarios:
        values = results.monthly[outcome][results.rows(scenario)]
        table = [mean_of_runs(values), *figures.quantiles(values, figures.LEVELS)]
        for place, month in enumerate(results.month_labels):
            numbers = [f"{row[place]:.9g}" for row in table]
            writer.writerow([month, scenario, defused(view.shown[scenario]), outcome, unit, *numbers])
    return stream.getvalue()


def mean_of_runs(values: Any) -> Any:
    """Return the mean over runs of each month, undefined runs left out."""
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    return np.where(count > 0, np.where(defined, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def defused(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def explanation(outcome: str) -> Any:
    """Return what an outcome is, how its months make one number, and how to read the chart."""
    record = sim.OUTCOMES[outcome]
    better = {
        "higher": "More is better.",
        "lower": "Less is better.",
        "neutral": "Neither direction is better in itself.",
    }
    whole = {
        "sum": "the sum over all months",
        "mean": "the mean over all months",
        "last": "the value of the last month",
        "max": "the highest month",
    }
    texts = [
        f"{record.label} ({record.unit}): {record.description}.",
        f"{better[record.direction]} The headline number is {whole[record.summary]}.",
        "The line is the median of the runs, the dark band holds half of them, the light band 90 %. Scenarios share "
        "parameters and luck run by run, so a difference between scenarios is much better known than bands that "
        "overlap suggest: read it off the headline, not off the bands.",
        "The dotted line marks the first month in which the policies differ from the baseline's. The shade begins "
        "where results rest on assumptions about how growth levels off, which no data identify.",
    ]
    return html.Div([html.P(text) for text in texts])


def reproduction(state: ViewState) -> Any:
    """Return the command and the Python lines that give the numbers of a view."""
    shell, python = commands(state)
    return html.Div(
        [
            html.P(
                "In a shell: files of edited scenarios, then the command. The numbers are the same to the last digit."
            ),
            html.Pre(shell, id="reproduce-shell", tabIndex="0", className="code"),
            html.P("In Python:"),
            html.Pre(python, id="reproduce-python", tabIndex="0", className="code"),
        ]
    )
