"""The page of signs that the literature claims, with what was found for each."""

from __future__ import annotations

from typing import Any

from sim.reference_pages.markdown import number, page, table
from sim.validation import hypotheses
from sim.validation.hypotheses.records import FALSE_ALARM, HOLDS, NOISE, TURNED

INTRODUCTION = f"""Claims of the literature about signs, as the literature has them, and what the model says. Where a
claim is about the whole, {hypotheses.REPLICATES} pairs of runs on the same random numbers are compared;
where it is about one mechanism, the functions that the month calls are asked. The signs are the literature's.
Which outcome stands for a claim, and in which setting, was settled after a first look; where another
outcome would have said otherwise, it stands beside. Where the model disagrees, the page names the
assumption behind it.

A difference is called by its sign if it lies further from zero than chance would take any of all
{hypotheses.COUNT} contrasts in {FALSE_ALARM:.0%} of repetitions (paired t, Šidák-corrected); otherwise it is *{NOISE}*.
A hypothesis is {HOLDS} if every contrast is. `python -m sim.validation.hypotheses` works the page out anew."""
SHOWN = {HOLDS: HOLDS, TURNED: f"**{TURNED}**", NOISE: f"**{NOISE}**"}


def hypotheses_page() -> str:
    """Return the page, from what was stored."""
    found = {row["name"]: row for row in hypotheses.stored()}
    known = [(hypothesis, found[hypothesis.name]) for hypothesis in hypotheses.HYPOTHESES if hypothesis.name in found]
    hits = sum(row["verdict"] == HOLDS for _, row in known)
    summary = [[hypothesis.claim, SHOWN[row["verdict"]]] for hypothesis, row in known]
    parts = [INTRODUCTION, f"{hits} of {len(known)} hypotheses are {HOLDS}.", table(["Claim", "Verdict"], summary)]
    for hypothesis, row in known:
        parts += [f"## {hypothesis.claim.rstrip('.')}", f"{hypothesis.source}. {hypothesis.setting}"]
        parts.append(table(HEADS, [_row(contrast) for contrast in row["contrasts"]]))
        if row["flips"]:
            parts += ["Beside it:", table(HEADS, [_row(contrast) for contrast in row["flips"]])]
        if hypothesis.assumption:
            parts.append(hypothesis.assumption)
    return page("Signs that the literature claims", *parts)


HEADS = ["Contrast", "Claimed", "Found", "Standard error", "Verdict"]


def _row(contrast: dict[str, Any]) -> list[str]:
    error = number(float(f"{contrast['error']:.2g}")) if contrast["error"] else "–"
    claimed = "+" if contrast["sign"] > 0 else "−"
    return [contrast["label"], claimed, number(float(f"{contrast['mean']:.3g}")), error, SHOWN[contrast["verdict"]]]
