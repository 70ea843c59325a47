"""Compare: several scenarios by many outcomes at once, small multiples, and paired differences with intervals."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

from dashboard.callbacks import comparing, taking_away
from dashboard.components import notice, page_head
from dashboard.components.cards import CONFIG, EMPTY, outcome_options
from dashboard.variants import Variant
from dashboard.views import MOST_SCENARIOS, ViewState, preset_options, read_view

PATH = "/compare"
TITLE = "Compare"
NAVIGATED = True
FIRST = (Variant("open_by_default"), Variant("staged_release"), Variant("closed_frontier"))
TABLE = {"aria-label": "Headline outcomes by scenario"}
LEAD = (
    "Scenarios run on the same parameters and the same luck, so that their differences are much better known than "
    "their levels."
)


def layout(**query: str) -> Any:
    """Return the page in the state that a query describes."""
    state, problems = read_view(query, FIRST)
    notices = [notice(text, "warning", "The link was taken up in part") for text in problems[:3]]
    stores = [dcc.Store(id="compare-query", data=state.query()), dcc.Store(id="compare-sink")]
    return html.Div(
        [
            *stores,
            dcc.Download(id="compare-download"),
            *notices,
            page_head(TITLE, LEAD, *_buttons()),
            _controls(state),
            html.Div("", id="compare-status", className="status-line", role="status"),
            html.Div("", id="compare-live", className="visually-hidden", **{"aria-live": "polite"}),
            *_results(),
            dmc.Modal(
                html.Div(id="compare-reproduce-body"), id="compare-reproduce-dialogue", title="Reproduce these numbers",
                size="xl", closeButtonProps={"aria-label": "Close"},
            ),
        ]
    )  # fmt: skip


def _buttons() -> list[Any]:
    names = (("save", "Save file"), ("reproduce", "Reproduce"), ("report", "Report"))
    return [html.Button(text, id=f"compare-{name}", className="plain-button") for name, text in names]


def options(state: ViewState) -> list[dict[str, str]]:
    """Return presets and the edited scenarios of a link as options."""
    edited = {v.encoded(): v for v in (*state.scenarios, state.baseline) if v.edited}
    named = [{"value": text, "label": str(v.scenario().title)} for text, v in edited.items()]
    return [*named, *preset_options()]


def _controls(state: ViewState) -> Any:
    data = options(state)
    scenarios = dmc.MultiSelect(
        id="compare-scenarios", label=f"Scenarios (up to {MOST_SCENARIOS})", data=data, searchable=True,
        value=[v.encoded() for v in state.scenarios], maxValues=MOST_SCENARIOS, className="wide",
    )  # fmt: skip
    baseline = dmc.Select(
        id="compare-baseline", label="Baseline", data=data, value=state.baseline.encoded(), searchable=True,
        allowDeselect=False,
    )  # fmt: skip
    spread = dmc.Select(
        id="compare-ensemble", label="Runs differ in", value="calibrated" if state.calibrated else "chance",
        data=[{"value": "calibrated", "label": "parameters and chance"}, {"value": "chance", "label": "chance only"}],
        allowDeselect=False,
    )  # fmt: skip
    outcome = dmc.Select(
        id="compare-outcome", label="Outcome over time", data=outcome_options(), value=state.outcomes[0],
        searchable=True, allowDeselect=False,
    )  # fmt: skip
    return html.Div([scenarios, baseline, spread, outcome], className="card pad controls")


def _results() -> list[Any]:
    graph = html.Div(dcc.Graph(id="compare-fan", figure=EMPTY, config=CONFIG), className="framed")

    def section(title: str, text: str, *body: Any) -> Any:
        return html.Section(
            [html.H2(title, className="small-head"), html.P(text, className="lever-help"), *body], className="card pad"
        )

    return [
        section(
            "All headline outcomes",
            "Mean over the runs, the range of 90 % of runs, and the paired difference to the baseline with its "
            "95 % interval. ● better, ◆ worse, ○ direction not settled.",
            html.Div(id="compare-table", className="table-box whole", tabIndex="0", role="region", **TABLE),
        ),
        section("Paired differences", "In percent of the baseline; a whisker is a 95 % interval.",
                html.Div(id="compare-differences", className="multiples")),
        section("Over time", "Bands over the runs, as on Explore.", graph),
        section("Levels", "One number a run: mean and the range of 90 % of runs.",
                html.Div(id="compare-levels", className="multiples small")),
        html.P("", id="compare-caption", className="caption"),
    ]  # fmt: skip


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    comparing.register(app)
    taking_away.register(app, "compare", charts=False)
