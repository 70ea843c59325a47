"""The page that says how often which release policy is best, and what turns the sign of openness."""

from __future__ import annotations

from typing import Any

from sim.experiments.regime_ranking import CLOSED, FORM, OPEN, SCENARIOS, THREE, stored
from sim.reference_pages.markdown import code, page, table
from sim.scenario import load

INTRODUCTION = """In what share of the calibrated draws is each release policy best? The sign of openness is an
output of the model, and this is where it is read off: by outcome, and by form of the kernel of
offence and defence, which no data tell apart. `python -m sim.experiments.regime_ranking` makes it
anew; draws are those of [Validation](validation.md), means over replicates are compared, and all
policies share their random numbers.

A share is of draws of what is not known, not a probability that the world is so: draws are cut by
what the patterns to 2024 rule out, and otherwise as wide as the ranges. Being best says nothing
about by how much."""
FORMS = {
    "nested": "part of what new capability exposes persists, the rest is patched, and tools help",
    "level": "nothing is ever patched: who is ahead stays ahead",
    "vintage": "only patching counts, and tools do not",
}
CORNERS = """Rank correlation of a parameter over the draws with the harm that open by default averts against
the closed frontier: positive where more of it speaks for openness. With so many parameters and 128
draws, correlations below 0.2 may be chance."""


def ranking_page() -> str:
    """Return the page, from what was stored."""
    found = stored()
    parts = [INTRODUCTION]
    titles = {name: load(name).title for name in SCENARIOS}
    parts.append("Policies, from closed to open: " + "; ".join(f"{code(n)} ({t})" for n, t in titles.items()) + ".")
    parts += ["## Open by default against the closed frontier", _against(found["forms"]), _corners(found["forms"])]
    for form, rows in found["forms"].items():
        parts += [f"## Best policy, {code(f'{FORM} = {form}')}", FORMS[form].capitalize() + ".", _best(rows["best"])]
    parts += ["## What turns the sign of harm", CORNERS]
    for form, rows in found["forms"].items():
        body = [[code(row["parameter"]), f"{row['correlation']:+.2f}"] for row in rows["corner"]]
        parts += [f"With {code(form)}:", table(["Parameter", "Rank correlation"], body)]
    return page("Which policy is best, and how often", *parts)


def _against(forms: dict[str, Any]) -> str:
    goals = next(iter(forms.values()))["open_better"]
    body = [[goal, *(f"{rows['open_better'][goal]:.0%}" for rows in forms.values())] for goal in goals]
    return f"Share of draws in which {code(OPEN)} is better than {code(CLOSED)}:\n\n" + table(["Outcome", *forms], body)


def _corners(forms: dict[str, Any]) -> str:
    names = f"{', '.join(THREE[:-1])} and {THREE[-1]}"
    rows = [
        [f"better on all of {names}", *(f"{rows['open_wins_all']:.0%}" for rows in forms.values())],
        [f"worse on all of {names}", *(f"{rows['open_loses_all']:.0%}" for rows in forms.values())],
    ]
    return f"And on three goals at once:\n\n{table(['Open by default is', *forms], rows)}"


def _best(best: dict[str, dict[str, float]]) -> str:
    body = [[goal, *(f"{shares[name]:.0%}" for name in SCENARIOS)] for goal, shares in best.items()]
    return table(["Best on", *(name.replace("_", " ") for name in SCENARIOS)], body)
