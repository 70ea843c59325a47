"""The page that says what the differences between open and closed depend on, with the evidence on what matters most."""

from __future__ import annotations

from typing import Any

from sim.experiments.words import number as short
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.reference_pages.markdown import code, page, table
from sim.reference_pages.study import arguments, most_important, read

SHOWN = 12
INTRODUCTION = """What does it depend on how much better or worse open is than closed? Two steps: a screening of
*every* uncertain parameter by elementary effects, and then Sobol indices of those that move a difference most.
Methods and what the columns mean: [Analyse a sweep](../how-to/analyse_a_sweep.md#sensitivity). Designs and the
script that makes this page anew: [Open or closed](../studies/open_or_closed/index.md#make-it-again).

Differences are in log points, nearly per cent, since outcomes span orders of magnitude over the prior. Shares are
worked out with all other parameters at their defaults; the mean difference there need not have the sign that it
has over the whole prior, which the screening and the study give.

A parameter may matter much here and yet not be a crux: it moves *how much* better a policy is, not *which* is
better. Cruxes are in the [study](../studies/open_or_closed/index.md)."""
NOISE = """`dummy` is a factor that no run reads. Its share is 0 because rows of a block share their luck; if it
were not, the program would refuse the table. A parameter that *is* read also changes which events occur, and so
carries a share of chance that the dummy does not have: totals below some hundredths are upper bounds of nothing
in particular. `seed` is what chance makes of the variance of single runs, alone and with all that it interacts
with; indices are of means over replicates, in which it counts half."""
EVIDENCE = """From the sources of the [parameters](parameters.md) and the table of [facts](facts.md), whose
identifiers are given. Where the source is a judgement, no fact decides, and the paragraph says what speaks for
the lower and for the upper part of the range. Largest total index on any of the three differences, in order."""


def sensitivity_page() -> str:
    """Return the page, from what was stored."""
    screening, shares = read("screening"), read("shares")
    parts = [INTRODUCTION, "## Shares of the variance"]
    parts += ["![Total and first-order indices of the differences between open and closed](../images/sensitivity.svg)"]
    parts += [_shares(analysis) for analysis in shares["analyses"]]
    parts += [NOISE, "## Screening of every uncertain parameter"]
    parts += [_effects(analysis) for analysis in screening["analyses"]]
    parts += ["## Evidence on the ten that matter most", EVIDENCE, *map(_evidence, most_important(shares))]
    return page("What open against closed depends on", *parts)


def _title(analysis: dict[str, Any]) -> str:
    outcome = OUTCOMES[analysis["outcome"]]
    first, second = analysis["policies"]
    return (
        f"### {outcome.label}\n\n{code(second)} minus {code(first)}: mean {short(analysis['mean'])}, "
        "standard deviation over draws "
        f"{short(analysis['deviation'])} {analysis['unit']}"
    )


def _shares(analysis: dict[str, Any]) -> str:
    indices = analysis["indices"]
    order = sorted((name for name in indices if name != "dummy"), key=lambda name: -indices[name]["total"])[:SHOWN]
    rows = [
        [
            code(name),
            f"{indices[name]['total']:.2f} ± {indices[name]['total_half_width']:.2f}",
            f"{indices[name]['first']:.2f} ± {indices[name]['first_half_width']:.2f}",
            f"{indices[name]['total_of_half_the_blocks']:.2f}",
            f"{analysis['tails'].get(name, float('nan')):.2f}",
        ]
        for name in [*order, "dummy"]
    ]
    rows.append([code("seed"), f"{analysis['chance']:.2f}", "", "", ""])
    settled = "have settled" if analysis["settled"] else "have not settled: read them as orders of magnitude"
    size = f"{analysis['blocks']} blocks of {len(indices) + 2} draws, {analysis['replicates']} replicates"
    head = f"{_title(analysis)}. {size}."
    heads = ["Factor", "Total", "Alone", "Total, half the blocks", "Tails (PAWN)"]
    return f"{head} By the change from half the blocks to all, the indices {settled}.\n\n{table(heads, rows)}"


def _effects(analysis: dict[str, Any]) -> str:
    effects = analysis["effects"]
    order = sorted((name for name in effects if name != "dummy"), key=lambda name: -effects[name]["absolute"])[:SHOWN]
    rows = [
        [
            code(name),
            f"{short(effects[name]['absolute'])} ± {short(effects[name]['half_width'])}",
            short(effects[name]["mean"]),
            short(effects[name]["spread"]),
        ]
        for name in [*order, "dummy"]
    ]
    head = (
        f"{_title(analysis)}. {analysis['trajectories']} trajectories over {len(effects) - 1} parameters and a dummy."
    )
    return f"{head}\n\n{table(['Factor', 'Mean absolute effect', 'Mean effect', 'Spread'], rows)}"


def _evidence(item: tuple[str, dict[str, float]]) -> str:
    name, totals = item
    entry = REGISTRY[name]
    indices = ", ".join(f"{OUTCOMES[outcome].label.lower()} {total:.2f}" for outcome, total in totals.items())
    low, high = (short(float(value or 0)) for value in (entry.low, entry.high))
    known = arguments().get(name, {})
    return (
        f"### {code(name)}\n\n{entry.description.rstrip('.')}. Default {short(float(entry.default))}, "
        f"range {low} to {high} {entry.unit}; source: "
        f"{entry.source}. Total indices: "
        f"{indices}.\n\n{known.get('evidence', 'Nobody has weighed the evidence on this one yet.')}"
    )
