"""The page around the numbers: everything in one file, nothing asked for from elsewhere."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template
from typing import Any

from sim.explorer.plan import Plan
from sim.figures.captions import bands, counts
from sim.figures.timeline import spoken
from sim.figures.view import View
from sim.report.html import card, embedded, esc, grid, paragraph, section, table
from sim.report.reading import READING

SCRIPTS = ("numbers.js", "state.js", "charts.js", "words.js", "explorer.js")
KEYS = (
    ("Tab, Shift + Tab", "go from one control to the next"),
    ("Arrow keys", "choose a world, move a lever"),
    ("Space", "show or hide a policy"),
    ("W", "next world"),
    ("1 to 9", "show or hide a policy by its number"),
    ("P", "predict first: hide all but the baseline; reveal"),
    ("R", "reset"),
    ("L", "light, dark, or as the system is"),
    ("?", "open and close this list"),
    ("Esc", "close it"),
)


def page(plan: Plan, numbers: dict[str, Any], view: View, command: str) -> str:
    """Return the explorer as one HTML document.

    Parameters
    ----------
    plan : Plan
        What was run.
    numbers : dict
        From `sim.explorer.document.document`.
    view : View
        The runs of the first world, for what all worlds share: months, versions, seed.
    command : str
        How to make the file again.
    """
    from plotly.offline import get_plotlyjs

    runs, draws, replicates = counts(view.results)
    numbers = {**numbers, "caption": bands(view.results)}
    return Template(_asset("explorer.html")).substitute(
        version=esc(view.provenance.get("version", "")),
        css=_css(),
        facts=_facts(plan, view, _runs(runs, draws, replicates)),
        baseline=esc(view.shown[plan.baseline]),
        grid_note=_grid_note(plan, view),
        stories=_stories(plan, view),
        reading=_reading(view),
        reproduce=_reproduce(view, command),
        keys="".join(f"<tr><th scope='row'><kbd>{esc(k)}</kbd></th><td>{esc(text)}</td></tr>" for k, text in KEYS),
        data=embedded(numbers),
        plotly=get_plotlyjs(),
        js="\n".join(_asset(name) for name in SCRIPTS),
    )


def _runs(runs: int, draws: int, replicates: int) -> str:
    if draws == 1:
        return f"{runs}, by chance alone"
    return f"{runs} parameter draws" if replicates == 1 else f"{runs} ({draws} parameter draws × {replicates})"


def _css() -> str:
    """Return the styles of reports and the explorer's own; colours can also be chosen on the page."""
    shared = (files("sim.report") / "assets" / "report.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", shared, re.S)
    light, dark = (body.replace("color-scheme: light dark;", "") for body in roots[:2])
    chosen = [
        f':root[data-theme="{mode}"] {{ color-scheme: {mode}; {body} }}'
        for mode, body in (("light", light), ("dark", dark))
    ]
    return "\n".join([shared, *chosen, _asset("explorer.css")])


def _facts(plan: Plan, view: View, runs: str) -> str:
    facts = {
        "Policies": str(len(plan.scenarios[next(iter(plan.scenarios))])),
        "Worlds": str(len(plan.scenarios)),
        "Horizon": f"{spoken(view.horizon.start)} to {spoken(view.horizon.end)}",
        "Runs behind each line": runs,
        "Seed": str(view.provenance.get("seed", "–")),
        "Version": str(view.provenance.get("version", "–")),
    }
    return "".join(f"<div><dt>{esc(head)}</dt><dd>{esc(text)}</dd></div>" for head, text in facts.items())


def _grid_note(plan: Plan, view: View) -> str:
    texts = [f"{lever.policy.title} as in “{lever.origin}”" for lever in plan.levers]
    return esc(f"On top of “{view.shown[plan.baseline]}”: {'; '.join(texts)}.") if texts else ""


def _stories(plan: Plan, view: View) -> str:
    cards = []
    for scenario in plan.scenarios[next(iter(plan.scenarios))]:
        about = view.abouts[scenario.name]
        tension = paragraph(f"Tension: {about.tension}", "note") if about.tension else ""
        head = f"<h3>{esc(about.title)}</h3>"
        cards.append(card(head, paragraph(about.question, "note"), paragraph(about.story), tension, kind="plain"))
    return section("stories", "What the policies are", grid(cards, "small"))


def _reading(view: View) -> str:
    _, draws, _ = counts(view.results)
    spread = (
        "Every run has the same parameters: the bands show chance only, and understate what we do not know."
        if draws == 1
        else "Parameters differ from run to run: the bands show what we do not know about them, and chance."
    )
    meaning = f"{bands(view.results)} {spread} They are not the range of what may happen."
    own = (
        (
            "What can be moved here",
            "All runs were made beforehand. Worlds are named sets of assumptions; levers move in steps. For settings "
            "between or beyond them, run the model itself.",
        ),
    )
    cards = [
        card(f"<h3>{esc(head)}</h3>", paragraph(text.replace("{bands}", meaning)), kind="plain")
        for head, text in (*READING, *own)
    ]
    return section("reading", "How to read this", grid(cards, "small"))


def _reproduce(view: View, command: str) -> str:
    known = view.provenance
    facts = [(head, str(known.get(key, "–"))) for head, key in (("Aperture", "version"), ("Python", "python"))]
    facts += [("NumPy", str(known.get("numpy", "–"))), ("Seed", str(known.get("seed", "–")))]
    facts += [("Months", str(view.results.months))]
    text = "The same command with the same version gives the same numbers, on any machine and any number of workers."
    shown = f'<pre tabindex="0"><code>{esc(command)}</code></pre>' if command else ""
    rows = [[esc(head), esc(value)] for head, value in facts]
    return section(
        "reproduce", "Reproduce", paragraph(text), shown, table(["What", "Value"], rows, "Versions", "words")
    )


def _asset(name: str) -> str:
    return (files("sim.explorer") / "assets" / name).read_text(encoding="utf-8")
