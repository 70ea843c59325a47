"""The marginal-risk document as one HTML file that opens offline, and as data."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import Any

from sim import __version__
from sim.experiments.marginal_risk import Assessment
from sim.figures.margins import margins
from sim.figures.theme import CONFIG, TEMPLATES
from sim.report.html import Charts, embedded, esc
from sim.report.marginal import NAMES, lead, shown_margins, steps, title
from sim.report.page import asset, contents
from sim.report.steps import as_html
from sim.results.documents import plain
from sim.statistics import Difference


def page(found: Assessment, command: str) -> str:
    """Return the six steps as a page that asks for nothing from elsewhere."""
    from plotly.offline import get_plotlyjs

    charts = Charts()
    body = [
        as_html(step, *([_chart(found, charts)] if step.anchor == "uncertainty" else []))
        for step in steps(found, command)
    ]
    head = title(found)
    return Template(asset("page.html")).substitute(
        title=esc(head),
        version=esc(__version__),
        css=asset("report.css"),
        header=_header(found, head),
        contents=contents(body),
        body="\n".join(body),
        footer=f"<p>Made with Aperture {esc(__version__)}. A conditional assessment, not a forecast.</p>",
        shared=embedded({"templates": TEMPLATES, "config": CONFIG}),
        plotly=get_plotlyjs(),
        js=asset("report.js"),
    )


def _header(found: Assessment, head: str) -> str:
    facts = {
        "Scenario": found.scenario.title,
        "Against": found.against.title,
        "Threat": NAMES[found.threat],
        "Paired runs": str(found.runs),
        "Months": str(found.months),
        "Version": __version__,
    }
    pairs = "".join(f"<div><dt>{esc(name)}</dt><dd>{esc(text)}</dd></div>" for name, text in facts.items())
    kicker = '<p class="kicker">Aperture marginal-risk assessment</p>'
    return f'{kicker}\n<h1>{esc(head)}</h1>\n<p class="lead">{esc(lead(found))}</p>\n<dl class="facts">{pairs}</dl>'


def _chart(found: Assessment, charts: Charts) -> str:
    drawing = margins(shown_margins(found), "USD")
    caption = (
        "Mean difference in expected harm over paired runs, with 95 % intervals; left of the line the scenario does "
        "less harm. The numbers stand in the tables of steps 4 to 6."
    )
    return charts.chart(drawing, "The margin under each set of assumptions", caption, "")


def record(found: Assessment, command: str) -> dict[str, Any]:
    """Return the assessment as a document of plain data; undefined numbers are null."""

    def differences(margins_: Mapping[str, Difference]) -> dict[str, Any]:
        return {
            name.replace(" ", "_"): {
                "mean": plain(m.mean),
                "ci95": None if m.low != m.low else [plain(m.low), plain(m.high)],
                "p_less_harm": plain(m.p_better),
            }
            for name, m in margins_.items()
        }

    return {
        "version": __version__,
        "command": command,
        "threat": found.threat,
        "scenario": found.scenario.name,
        "against": found.against.name,
        "runs": found.runs,
        "months": found.months,
        "unit": "USD",
        "harm": {label.replace(" ", "_"): plain(levels) for label, levels in found.levels.items()},
        "margins": differences(found.margins),
        "margins_by_route": differences(found.routes),
        "defences": plain(found.states),
        "steps": {step.anchor: step.title for step in steps(found, command)},
    }
