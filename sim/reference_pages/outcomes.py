"""The page of outcomes."""

from __future__ import annotations

from itertools import groupby

from sim.outcomes import HEADLINES, OUTCOMES, Outcome
from sim.reference_pages.markdown import code, page, table

INTRODUCTION = """What is recorded every month. `aperture outcomes` prints the same. The names are stable identifiers.

- **Better** is the direction that comparisons call an improvement; *neutral* outcomes have none.
- **Months** says how the months of a run make one number: their sum, mean or maximum, or the last of them.
- Concentration is on the scale of competition authorities, 0 to 10,000. Shares and probabilities run from 0 to 1.
  Money is in US dollars; capability is counted in orders of magnitude (OOM) of effective training compute.
- Outcomes marked ★ are the headlines of tables and reports. They are never added up into one score."""


def outcomes_page() -> str:
    """Return the page of all outcomes, by group."""
    parts = [INTRODUCTION]
    for group, rows in groupby(OUTCOMES.values(), key=lambda outcome: outcome.group):
        heads = ["Outcome", "Label", "Unit", "Better", "Months", "What it is"]
        parts += [f"## {group.capitalize()}", table(heads, map(_row, rows))]
    return page("Outcomes", *parts)


def _row(outcome: Outcome) -> list[str]:
    star = " ★" * (outcome.name in HEADLINES)
    return [
        code(outcome.name) + star,
        outcome.label,
        outcome.unit,
        outcome.direction,
        outcome.summary,
        outcome.description,
    ]
