"""How to read the report, and how to make the same numbers again."""

from __future__ import annotations

import shlex

from sim.figures.captions import bands, counts
from sim.figures.view import View
from sim.report.html import card, details, esc, grid, paragraph, section, table

READING = (
    (
        "A conditional comparison, not a forecast",
        "The model asks what would differ between policies if its assumptions held. Levels depend on assumptions that "
        "nobody can check yet; differences between scenarios depend on them less, which is why this report leads with "
        "differences.",
    ),
    ("What the bands mean", "{bands}"),
    (
        "Paired differences",
        "Scenarios share parameters and luck run by run, so that a difference is the doing of policy and not of "
        "dice. The 95 % interval says how well the mean difference is known from these runs. How often a single run "
        "comes out better is another question: “better in … of pairs” answers it, and can be near a half although the "
        "mean is well known.",
    ),
    (
        "Months beyond 2030",
        "Growth of compute, demand and capability must level off some time; when it does is assumed, not estimated. "
        "Months beyond 2030 are shaded for that reason. Totals over the whole horizon include those that were run.",
    ),
    (
        "What is not known",
        "Whether openness reduces or adds to harm turns on a few quantities – how much of an offensive advantage can "
        "never be patched, how fast defenders patch, how much tools help them – about which data up to 2024 say almost "
        "nothing. Structure that the model lacks is in none of the intervals.",
    ),
    (
        "Outcomes stay apart",
        "Innovation, concentration and harm are not added up: how to weigh them is for the reader to decide.",
    ),
)
"""Headings and texts; ``{bands}`` is filled in."""


def how_to_read(view: View) -> str:
    """Return how to read the report, given what spreads its bands."""
    cards = [
        card(f"<h3>{esc(head)}</h3>", paragraph(text.replace("{bands}", _bands(view))), kind="plain")
        for head, text in READING
    ]
    return section("reading", "How to read this", grid(cards, "small"))


def _bands(view: View) -> str:
    _, draws, _ = counts(view.results)
    chance = (
        "Every run has the same parameters: the bands show chance only, and understate what we do not know."
        if draws == 1
        else "Parameters are drawn from their ranges: the bands show what we do not know about them, and chance."
    )
    return f"{bands(view.results)} {chance} They are not the range of what may happen."


def reproduce(view: View) -> str:
    """Return the command that makes the same numbers again, versions, seed and digests."""
    known = view.provenance
    command = str(known.get("command") or _command(view))
    runs, draws, replicates = counts(view.results)
    facts = [
        ("Aperture", known.get("version", "–")),
        ("Python", known.get("python", "–")),
        ("NumPy", known.get("numpy", "–")),
        ("Seed", known.get("seed", "–")),
        ("Runs", f"{runs} a scenario: {draws} parameter draw{'s' * (draws != 1)} × {replicates} replicates"),
        ("Months", f"{view.results.months}"),
    ]
    rows = [[esc(head), esc(text)] for head, text in facts]
    digests = [
        [esc(name), f"<code>{esc(known.get('scenarios', {}).get(name, {}).get('digest', '–'))}</code>"]
        for name in view.results.scenarios
    ]
    pieces = [
        paragraph(
            "The same command with the same version gives the same numbers, on any machine and any number of workers."
        ),
        f'<pre tabindex="0"><code>{esc(command)}</code></pre>',
        table(["What", "Value"], rows, "Versions and sizes", "words"),
        details(
            "Digests of the scenarios", table(["Scenario", "SHA-256"], digests, "Equal digests give equal numbers")
        ),
    ]
    return section("reproduce", "Reproduce", *pieces)


def _command(view: View) -> str:
    known = view.provenance
    words = ["aperture", "compare" if view.baseline else "run", *view.results.scenarios]
    words += ["--baseline", view.baseline] if view.baseline else []
    _, draws, replicates = counts(view.results)
    words += ["--replicates", str(replicates), "--draws", str(draws), "--seed", str(known.get("seed", 0))]
    words += ["--months", str(view.results.months)]
    words += [word for world in known.get("worlds", ()) for word in ("--with", str(world))]
    return shlex.join(words)
