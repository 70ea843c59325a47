"""What studies found, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.experiments.crux import Crux, Stretch
from sim.experiments.enough import Enough
from sim.experiments.studies import Turning
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY

CLEAR = 0.05
"""Chance below which luck is not taken for the reason."""


def number(value: float) -> str:
    """Three significant digits, without an exponent where that is shorter."""
    return f"{value:.3g}" if math.isfinite(value) else "–"


def describe(name: str) -> str:
    """What an assumption is, in a line: description, unit and default of a parameter."""
    if name not in REGISTRY:
        return "a field of a policy" if "." in name else "which of the worlds it is"
    entry = REGISTRY[name]
    default = entry.default if isinstance(entry.default, str) else number(entry.default)
    return f"{entry.description.rstrip('.')} ({entry.unit}; default {default})"


def crux_sentence(crux: Crux, policies: Sequence[str]) -> str:
    """Say which values of an assumption speak for which policy."""
    if crux.thresholds:
        return " ".join(_turn(crux, i, policies) for i in range(len(crux.thresholds)))
    if any(stretch.names for stretch in crux.stretches) and len(crux.stretches) > 1:
        parts = (f"{policies[s.policy]} with {' or '.join(s.names)}" for s in crux.stretches)
        return f"Preferred are {'; '.join(parts)}."
    leader = policies[crux.stretches[0].policy]
    low, high = (number(lead) for lead in crux.lead)
    return f"By itself it does not turn the choice: {leader} leads over its whole range, by {low} to {high}."


def _turn(crux: Crux, place: int, policies: Sequence[str]) -> str:
    t, (left, right) = crux.thresholds[place], crux.stretches[place : place + 2]
    where = f"{number(t.value)} (95 % interval {number(t.low)} to {number(t.high)})"
    sides = f"Below {where} {policies[t.below]} is preferred, above it {policies[t.above]}"
    return f"{sides}; {_share(left)} of futures lie in the stretch below, {_share(right)} in that above."


def _share(stretch: Stretch) -> str:
    return f"{100 * stretch.share:.0f} %"


def is_clear(crux: Crux) -> bool:
    """Whether an assumption turns the choice beyond what luck explains."""
    return crux.worth > 0 and crux.chance <= CLEAR


def crux_report(turning: Turning, most: int = 3) -> Iterator[str]:
    """Yield paragraphs: the choice, the assumptions that turn it most, and the weights that do."""
    found, policies = turning.found, turning.futures.policies
    shares = ", ".join(f"{name} in {100 * share:.0f} %" for name, share in zip(policies, found.best, strict=True))
    yield (
        f"Preference: {turning.preference.words()}. On average over {len(turning.futures):,} futures "
        f"{policies[found.leader]} is best; best in a single future: {shares}."
    )
    yield (
        f"Knowing everything before choosing would be worth {number(found.everything)} in units of utility; where "
        f"nothing mattered, the luckiest of the assumptions would seem worth up to {number(found.floor)}."
    )
    if not any(is_clear(crux) for crux in found.cruxes):
        yield "No assumption turns the choice by itself beyond what luck explains. The nearest, not to be relied upon:"
    for place, crux in enumerate(found.cruxes[:most], 1):
        share = crux.worth / found.everything if found.everything > 0 else 0.0
        doubt = "" if is_clear(crux) else " (within what luck explains)"
        yield (
            f"{place}. {crux.name}{doubt}: {describe(crux.name)}. Knowing it is worth {number(crux.worth)} "
            f"({number(crux.low)} to {number(crux.high)}), {100 * share:.0f} % of knowing everything; luck does as "
            f"well with a chance of {number(crux.chance)}. {crux_sentence(crux, policies)}"
        )
    yield from weight_sentences(turning)


def weight_sentences(turning: Turning) -> Iterator[str]:
    """Say at which weights of the preference another policy is best on average."""
    policies = turning.futures.policies
    if len(turning.preference.weights) < 2:
        return
    for turn in turning.turns:
        way = "more" if turn.weight > turn.stated else "less"
        yield (
            f"If {OUTCOMES[turn.outcome].label} weighed {way} than {number(turn.weight)} instead of "
            f"{number(turn.stated)}, {policies[turn.policy]} would be best on average."
        )
    if not turning.turns:
        leader = policies[turning.found.leader]
        yield f"No weight of a single outcome makes another policy than {leader} best on average."


def enough_sentence(found: Enough, unit: str, word: str) -> str:
    """Say whether runs suffice."""
    now = f"{found.units} {word} give {number(found.mean)} ± {number(found.half_width)} {unit}"
    if found.verdict == "none":
        return f"No verdict. {now}, but too few events stand behind it."
    if found.verdict == "enough":
        return f"Enough. {now}; asked for was ± {number(found.target)} {unit}."
    return (
        f"Not yet. {now}; ± {number(found.target)} {unit} needs about {found.needed:,} {word}, and "
        f"{found.needed_high:,} if the spread is at the upper end of its interval."
    )
