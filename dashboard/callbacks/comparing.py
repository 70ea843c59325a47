"""What the server does for Compare: one picture of everything whenever a control changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

import sim
from dashboard import ids, runs
from dashboard.components.cards import CONFIG, stacking_table
from dashboard.picture import caption, difference, in_card, narrowed, view_of
from dashboard.variants import read_variant
from dashboard.views import MOST_SCENARIOS, ViewState, asked_for
from sim import figures

MARKS = {"better": "●", "worse": "◆", "unclear": "○", "changed": "■"}


def register(app: Dash) -> None:
    """Register the callbacks of Compare."""

    @app.callback(
        Output("compare-query", "data"),
        Output("compare-table", "children"),
        Output("compare-differences", "children"),
        Output("compare-fan", "figure"),
        Output("compare-levels", "children"),
        Output("compare-caption", "children"),
        Output("compare-status", "children"),
        Output("compare-live", "children"),
        Input("compare-scenarios", "value"),
        Input("compare-baseline", "value"),
        Input("compare-ensemble", "value"),
        Input("compare-outcome", "value"),
        Input(ids.MODE, "data"),
        State("compare-query", "data"),
        running=[(Output("compare-status", "children"), "Running…", "")],
    )
    def compare(scenarios: Any, baseline: Any, spread: Any, outcome: Any, mode: Any, before: Any) -> Any:
        state = chosen(asked_for(before), scenarios, baseline, spread, outcome)
        try:
            return compared(state, "dark" if mode == "dark" else "light")
        except (runs.BusyError, TimeoutError) as error:
            raise sim.InputError("server", str(error) or "the runs took too long.", "Try again.") from error

    app.clientside_callback(
        ClientsideFunction("shell", "remember"),
        Output("compare-sink", "data"),
        Input("compare-query", "data"),
        prevent_initial_call=True,
    )


def chosen(state: ViewState, scenarios: Any, baseline: Any, spread: Any, outcome: Any) -> ViewState:
    """Return a state with what the controls say; raises InputError for what no control offers."""
    texts = [text for text in scenarios if isinstance(text, str)] if isinstance(scenarios, list) else []
    if not texts:
        raise sim.InputError("scenarios", "none is chosen.", "Choose at least one.")
    variants = tuple(read_variant(text)[0] for text in texts[:MOST_SCENARIOS])
    if not isinstance(outcome, str) or outcome not in sim.OUTCOMES:
        raise sim.InputError("outcome", f"there is no outcome {outcome!a:.60}.", "Choose one of the list.")
    others = [name for name in state.outcomes if name != outcome]
    return replace(
        state,
        scenarios=variants,
        baseline=read_variant(str(baseline))[0],
        calibrated=spread != "chance",
        outcomes=(outcome, *others)[:4],
    )


def compared(state: ViewState, mode: str) -> tuple[Any, ...]:
    """Return everything that the page shows of a state."""
    scenarios, baseline = state.resolve()
    results = runs.engine().results(scenarios, state.ensemble)
    names = list(sim.HEADLINES)
    view = view_of(narrowed(results, [*names, state.outcomes[0]]), baseline)
    shown = state.outcomes[0]
    fan = in_card(
        figures.fan(
            view.monthly(shown), view.monthly_measure(shown), view.horizon, baseline=view.shown_baseline, mode=mode
        )
    )
    told = f"{len(view.others)} scenarios compared with {view.shown_baseline}."
    return (
        state.query(),
        table(view, names),
        [panel(view, name, names, mode) for name in view.others],
        fan,
        [level(view, name, mode) for name in names],
        caption(results, runs.FULL, runs.FULL, runs=False),
        "Up to date",
        told,
    )


def panel(view: Any, scenario: str, names: list[str], mode: str) -> Any:
    """Return the paired differences of one scenario."""
    return drawn(figures.differences(view.effects(scenario, names), title=view.shown[scenario], mode=mode))


def level(view: Any, outcome: str, mode: str) -> Any:
    """Return one number a scenario of an outcome, with the range of 90 % of runs."""
    measure = view.measure(outcome)
    return drawn(figures.headline(view.summary(outcome), measure, baseline=view.shown_baseline, mode=mode))


def drawn(figure: dict[str, Any]) -> Any:
    """Return a figure in a box of its height."""
    graph = dcc.Graph(figure=figure, config=CONFIG)
    return html.Div(graph, style={"height": f"{figure['layout']['height']}px"})


def table(view: Any, names: list[str]) -> Any:
    """Return outcomes by scenarios as a table."""
    order = [view.baseline, *view.others]
    head = ["Outcome", *(view.shown[name] for name in order)]
    effects = {name: dict(zip(names, view.effects(name, names), strict=True)) for name in view.others}
    rows = [
        [_label(view.measure(outcome)), *(_cell(view, name, outcome, effects) for name in order)] for outcome in names
    ]
    return stacking_table(head, rows, "Headline outcomes by scenario", "compare-table")


def _label(measure: Any) -> list[Any]:
    arrow = {"higher": "more is better", "lower": "less is better"}.get(measure.direction, "")
    return [measure.label, html.Div(arrow, className="lever-help")]


def _cell(view: Any, scenario: str, outcome: str, effects: dict[str, dict[str, Any]]) -> list[Any]:
    row, measure = view.statistics[scenario][outcome], view.measure(outcome)
    unit = figures.scale(measure.unit, [row["mean"], row["p05"], row["p95"]])
    parts = [
        html.Div(unit.text(row["mean"]), className="cell-value"),
        html.Div(f"{unit.bare(row['p05'])} to {unit.bare(row['p95'])}", className="lever-help"),
    ]
    if scenario in effects:
        effect = effects[scenario][outcome]
        text = difference(view, effect).replace(f" against {view.shown_baseline}", "")
        mark = "" if text.startswith("no difference") else f"{MARKS[effect.verdict]} "
        parts.append(html.Div(f"{mark}{text}", className=f"cell-{effect.verdict}"))
    return parts
