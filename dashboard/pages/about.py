"""About: how to read the pages, how far the model agrees with what is known, versions."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dash import Dash, dcc, html

import sim
from dashboard.components import page_head
from dashboard.components.cards import data_table, stacking_table
from sim import figures

PATH = "/about"
TITLE = "About"
NAVIGATED = True
LEAD = "A conditional comparison, not a forecast: if the assumptions held, how would outcomes differ between policies?"
READING = (
    (
        "Bands.",
        "A chart shows 32 runs of each scenario. They differ in parameters, over draws that do not contradict "
        "what is known to the end of 2024, and in chance. The dark band holds half of the runs, the light one "
        "90 %.",
    ),
    (
        "Pairs.",
        "Run 7 of one scenario and run 7 of another have the same parameters and the same luck. Their "
        "difference is what the policy does. So bands may overlap widely while the difference is sure: read "
        "the difference off the headline.",
    ),
    (
        "Intervals.",
        "An interval of 95 % around a difference says how well these runs settle its mean. It contains "
        "nothing of what the model leaves out.",
    ),
    (
        "Beyond 2030.",
        "When growth of computing and demand levels off is not known. The shaded months rest on assumptions.",
    ),
    (
        "Both signs.",
        "Each way in which openness helps and each way in which it hurts has a strength of its own with a "
        "range. The sign of the sum is not put in.",
    ),
    (
        "Catastrophes.",
        "Their rates are judgements over orders of magnitude: only differences and their signs mean anything.",
    ),
)
PACKAGES = ("numpy", "mesa", "plotly", "dash", "dash-mantine-components", "dash-ag-grid")


def layout(**query: str) -> Any:
    """Return the page."""
    reading = [html.P([html.Strong(head), f" {text}"]) for head, text in READING]
    return html.Div(
        [
            page_head(TITLE, LEAD),
            _section("How to read the pages", *reading),
            *_validation(),
            _section("Versions", _versions()),
        ],
        className="text-page",
    )


def _section(title: str, *body: Any) -> Any:
    return html.Section([html.H2(title, className="small-head"), *body], className="card pad")


def _validation() -> list[Any]:
    found = sim.validation_results()
    if not found:
        return [_section("Validation", html.P("No validation was published with this version."))]
    fitted = [row for row in found["calibrated"] if not row["predicted"]]
    predicted = found["hindcast"]
    agree = sum(bool(row["agrees"]) for row in fitted)
    inside = sum(bool(row["in90"]) for row in predicted)
    first = (
        f"Patterns of 2023 and 2024, over {found['draws']} calibrated draws: the median lies within the tolerance for "
        f"{agree} of {len(fitted)}. The misses are listed first."
    )
    second = (
        f"Predictions for 2025 and 2026, to which nothing was fitted: {inside} of {len(predicted)} observations lie "
        "in the interval of 90 %. A naive forecast that repeats the last value is shown beside; less error is better."
    )
    return [
        _section("Does it agree with what is known?", html.P(first), _wide(_patterns(fitted))),
        _section("Did it predict what came after?", html.P(second), _wide(_predictions(predicted))),
    ]


def _wide(table: Any) -> Any:
    return html.Div(table, className="table-box whole", tabIndex="0", role="region", **{"aria-label": "Table"})


def _number(value: Any) -> str:
    return "–" if value is None else figures.digits(float(value))


def _interval(pair: Any) -> str:
    return f"{_number(pair[0])} to {_number(pair[1])}"


def _patterns(rows: list[dict[str, Any]]) -> Any:
    head = ["Pattern", "Verdict", "Observed", "Tolerance", "Model, median", "Model, 90 % of runs", "Unit"]
    cells = [
        [row["label"], "agrees" if row["agrees"] else "✕ miss", _number(row["target"]), _interval(row["tolerance"]),
         _number(row["median"]), _interval(row["interval90"]), row["unit"]]
        for row in sorted(rows, key=lambda row: bool(row["agrees"]))
    ]  # fmt: skip
    return stacking_table(head, cells, "Patterns and what the model gives")


def _predictions(rows: list[dict[str, Any]]) -> Any:
    head = [
        "Pattern",
        "Verdict",
        "Observed",
        "Model, median",
        "Model, 90 % of runs",
        "Error (CRPS)",
        "Naive error",
        "Unit",
    ]
    cells = [
        [row["label"], "inside 90 %" if row["in90"] else "✕ miss", _number(row["observed"]), _number(row["median"]),
         _interval(row["interval90"]), _number(row["crps"]), _number(row["crps_last_value"]), row["unit"]]
        for row in sorted(rows, key=lambda row: bool(row["in90"]))
    ]  # fmt: skip
    return stacking_table(head, cells, "Predictions and what was observed")


def _versions() -> Any:
    rows = [["Aperture", sim.__version__], ["Python", platform.python_version()]]
    for name in PACKAGES:
        try:
            rows.append([name, version(name)])
        except PackageNotFoundError:
            continue
    link = html.P(["Every number with its source: ", dcc.Link("Assumptions", href="/assumptions"), "."])
    return html.Div([data_table(["Program", "Version"], rows, "What these pages run on"), link])


def register(app: Dash) -> None:
    """Register the callbacks of the page; it has none."""
