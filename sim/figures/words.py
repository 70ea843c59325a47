"""Differences in words."""

from __future__ import annotations

import math

from sim.figures.differences import Effect
from sim.figures.numbers import Scale, digits, scale

STEPS = ((0.95, "almost always better"), (0.8, "usually better"), (0.6, "more often better than worse"))
MIRRORED = ((0.95, "almost always worse"), (0.8, "usually worse"), (0.6, "more often worse than better"))


def share(p: float) -> str:
    """Return a probability in percent, never rounded to certainty."""
    if 0 < p < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < p < 1 else f"{100 * p:.0f} %"


def chance(p_better: float | None) -> str:
    """Return in words how often a scenario is better than the baseline in paired runs."""
    if p_better is None:
        return "neither direction is better"
    for steps, p in ((STEPS, p_better), (MIRRORED, 1 - p_better)):
        word = next((text for least, text in steps if p >= least), None)
        if word:
            return f"{word} (better in {share(p_better)} of pairs)"
    return f"about as often better as worse (better in {share(p_better)} of pairs)"


def settled(effect: Effect) -> str:
    """Return in words whether the runs settle the sign of the mean difference."""
    if not math.isfinite(effect.low):
        return "too few runs for an interval"
    if effect.mean == effect.low == effect.high == 0:
        return "identical in every pair"
    words = {"better": "better on average", "worse": "worse on average", "changed": "differs on average"}
    return words.get(effect.verdict, "sign of the mean not settled")


def percent(effect: Effect) -> str:
    """Return the mean difference in percent of the baseline; a dash where the baseline is zero."""
    value = effect.percent(effect.mean)
    return f"{digits(value, sign=True)} %" if math.isfinite(value) else "–"


def amount(effect: Effect) -> str:
    """Return the mean difference with its unit."""
    return points(scale(effect.measure.unit, [effect.mean]).text(effect.mean, sign=True), effect.measure.unit)


def points(text: str, unit: str) -> str:
    """Return a difference of shares in percentage points."""
    return text.replace(" %", " points", 1) if unit in ("share", "probability", "fraction") else text


def interval(effect: Effect, shown: Scale | None = None) -> str:
    """Return the 95 % interval with its unit."""
    if not math.isfinite(effect.low):
        return "–"
    shown = shown or scale(effect.measure.unit, [effect.low, effect.high])
    text = f"{shown.bare(effect.low, sign=True)} to {shown.text(effect.high, sign=True)}"
    return points(text, effect.measure.unit)


def joined(items: list[str], last: str = "and") -> str:
    """Return items as a list in a sentence."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
