"""Cards: a chart with heading, choice of outcome, menu and data table; tiles with a headline number."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

import sim
from sim import figures

ACTIONS = (
    ("png", "Picture (PNG)"),
    ("svg", "Picture (SVG)"),
    ("csv", "Data (CSV)"),
    ("link", "Copy the link"),
    ("explain", "Explain this chart"),
)
"""What the menu of a chart offers."""
CONFIG = {**figures.CONFIG, "displayModeBar": False}


def outcome_options() -> list[dict[str, Any]]:
    """Return all outcomes as options in their groups."""
    groups: dict[str, list[dict[str, str]]] = {}
    for record in sim.OUTCOMES.values():
        groups.setdefault(record.group, []).append({"value": record.name, "label": record.label})
    return [{"group": figures.readable(group), "items": items} for group, items in groups.items()]


def menu(page: str, index: int, label: str) -> Any:
    """Return the menu of a chart; `assets/shell.js` closes it again."""
    items = [
        html.Button(text, id={"type": f"{page}-action", "index": index, "action": action}, className="menu-item")
        for action, text in ACTIONS
    ]
    head = html.Summary("⋯", className="plain-button menu-button", **{"aria-label": f"Menu of chart {label}"})
    return html.Details([head, html.Div(items, className="menu-items")], className="menu no-print")


def chart_card(page: str, index: int, outcome: str) -> Any:
    """Return the card of a chart: its outcome can be chosen, its figure is filled in later."""
    select = dmc.Select(
        id={"type": f"{page}-outcome", "index": index},
        data=outcome_options(),
        value=outcome,
        size="sm",
        className="outcome-select",
        searchable=True,
        allowDeselect=False,
        maxDropdownHeight=340,
        **{"aria-label": f"Outcome of chart {index + 1}"},
    )
    head = html.Div(
        [html.H2(select, className="chart-title"), menu(page, index, str(index + 1))], className="card-head"
    )
    graph = dcc.Graph(id={"type": f"{page}-chart", "index": index}, figure=EMPTY, config=CONFIG, className="chart")
    name = {"type": f"{page}-table", "index": index}
    label = {"aria-label": f"Data of chart {index + 1}"}
    box = html.Div(id=name, className="table-box", tabIndex="0", role="region", **label)
    table = html.Details([html.Summary("Data table"), box])
    return html.Section([head, graph, table], className="card chart-card", **{"aria-label": f"Chart {index + 1}"})


_BLANK = {"visible": False}
EMPTY: dict[str, Any] = {
    "data": [],
    "layout": {"xaxis": _BLANK, "yaxis": _BLANK, "paper_bgcolor": "rgba(0,0,0,0)"} | {"plot_bgcolor": "rgba(0,0,0,0)"},
}
"""What stands in a card until the first picture is there."""


def tile(page: str, index: int) -> Any:
    """Return the tile of a headline number; its texts are filled in later."""

    def part(name: str, kind: str) -> Any:
        return html.Div("…" if name == "value" else "", id=f"{page}-{name}-{index}", className=kind)

    return html.Div(
        [
            part("label", "tile-label"),
            part("value", "tile-value"),
            part("band", "tile-band"),
            part("difference", "tile-difference"),
        ],
        className="card tile",
        id=f"{page}-tile-{index}",
    )


def data_table(head: list[str], rows: list[list[str]], caption: str) -> Any:
    """Return a table of texts; the first cell of a row is its heading."""
    top = html.Thead(html.Tr([html.Th(cell, scope="col") for cell in head]))
    body = html.Tbody([html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows])
    return html.Table([html.Caption(caption), top, body], className="data-table")


def stacking_table(head: list[str], rows: list[list[Any]], caption: str, kind: str = "") -> Any:
    """Return a table whose rows become blocks on a narrow screen, each cell beside the head of its column.

    Browsers forget what parts of a table are that they do not draw as one, so every part has its role.
    """
    top = html.Tr([html.Th(cell, scope="col", role="columnheader") for cell in head], role="row")
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row", role="rowheader"),
                *(
                    html.Td(cell, role="cell", **{"data-label": label})
                    for label, cell in zip(head[1:], row[1:], strict=True)
                ),
            ],
            role="row",
        )
        for row in rows
    ]
    parts = [html.Caption(caption), html.Thead(top, role="rowgroup"), html.Tbody(body, role="rowgroup")]
    return html.Table(parts, className=f"data-table stacking {kind}".rstrip(), role="table")
