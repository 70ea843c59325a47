"""The page around the sections: head, contents, styles, scripts; all in one file."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template

from sim.figures.captions import counts
from sim.figures.theme import CONFIG, TEMPLATES
from sim.figures.timeline import spoken
from sim.figures.view import View
from sim.report import assumptions, findings, parts, reading, sections
from sim.report.html import Charts, embedded, esc, section


def page(view: View, signs: parts.Signs | None = None) -> str:
    """Return the whole report as one HTML document that asks for nothing from elsewhere."""
    from plotly.offline import get_plotlyjs

    body = _sections(view, signs)
    title = _title(view)
    return Template(asset("page.html")).substitute(
        title=esc(title),
        version=esc(view.provenance.get("version", "")),
        css=asset("report.css"),
        header=_header(view, title),
        contents=contents(body),
        body="\n".join(body),
        footer=_footer(view),
        shared=embedded({"templates": TEMPLATES, "config": CONFIG}),
        plotly=get_plotlyjs(),
        js=asset("report.js"),
    )


def _sections(view: View, signs: parts.Signs | None) -> list[str]:
    charts = Charts()
    found = [
        section("brief", "In brief", findings.summary(view)),
        sections.headlines(view, charts),
        sections.compared(view, charts),
        parts.sign_table(charts, signs),
        sections.over_time(view, charts),
        parts.harms(view, charts),
        sections.lags(view, charts),
        parts.markets(view, charts),
        parts.margins(view),
        assumptions.scenarios(view),
        assumptions.assumptions(view),
        reading.how_to_read(view),
        reading.reproduce(view),
    ]
    return [piece for piece in found if piece]


def _title(view: View) -> str:
    names = [view.shown[name] for name in view.others]
    if view.baseline is None or not names:
        return " · ".join(view.shown.values())
    if len(names) > 2:
        return f"{len(names)} release policies against {view.shown_baseline}"
    return f"{' and '.join(names)} against {view.shown_baseline}"


def _header(view: View, title: str) -> str:
    runs, draws, replicates = counts(view.results)
    facts = {
        "Scenarios": str(len(view.shown)),
        "Horizon": f"{spoken(view.horizon.start)} to {spoken(view.horizon.end)}",
        "Runs a scenario": f"{runs}" + (f" ({draws} draws × {replicates})" if draws > 1 else ""),
        "Seed": str(view.provenance.get("seed", "–")),
        "World": ", ".join(map(str, view.provenance.get("worlds", ()))) or "default",
        "Version": str(view.provenance.get("version", "–")),
    }
    pairs = "".join(f"<div><dt>{esc(head)}</dt><dd>{esc(text)}</dd></div>" for head, text in facts.items())
    lead = "What would differ between policies on the release of AI models, under stated assumptions. Not a forecast."
    kicker = '<p class="kicker">Aperture report</p>'
    return f'{kicker}\n<h1>{esc(title)}</h1>\n<p class="lead">{lead}</p>\n<dl class="facts">{pairs}</dl>'


def contents(body: list[str]) -> str:
    """Return the list of sections."""
    heads = [re.search(r'<section id="([\w-]+)".*?<h2[^>]*>(.*?)</h2>', piece, re.S) for piece in body]
    return "".join(f'<li><a href="#{head[1]}">{head[2]}</a></li>' for head in heads if head)


def _footer(view: View) -> str:
    version = esc(view.provenance.get("version", ""))
    return f"<p>Made with Aperture {version}. A conditional comparison of policies, not a forecast.</p>"


def asset(name: str) -> str:
    """Return the text of a file that pages are made of."""
    return (files("sim.report") / "assets" / name).read_text(encoding="utf-8")
