"""The summary in plain language, computed from the numbers: nothing is said that the runs do not show."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.figures import harm
from sim.figures.captions import counts
from sim.figures.differences import Effect
from sim.figures.numbers import Scale, scale
from sim.figures.timeline import BEYOND, spoken
from sim.figures.view import View
from sim.figures.words import amount, interval, percent, settled, share
from sim.report.html import bullets, card, esc, grid, paragraph
from sim.statistics import Difference

MOST = 4
"""Outcomes that one sentence names."""


def summary(view: View) -> str:
    """Return the summary as HTML: what was compared, a card a scenario, and what to keep in mind."""
    runs, draws, _ = counts(view.results)
    span = f"{spoken(view.horizon.start)} to {spoken(view.horizon.end)}"
    basis = "every parameter at its value, so that only chance varies" if draws == 1 else f"{draws} draws of parameters"
    if view.baseline is None:
        scenarios = f"{len(view.shown)} scenario{'s' * (len(view.shown) != 1)}"
        return card(
            paragraph(f"{scenarios} over {span}, {runs} runs each, {basis}. There is no baseline."), kind="brief"
        )
    verb = "s are" if len(view.others) != 1 else " is"
    text = (
        f"{len(view.others)} scenario{verb} compared with “{view.shown_baseline}”, {span}: {runs} runs each, {basis}."
    )
    cards = [card(*_scenario(view, name), kind="brief") for name in view.others]
    return (
        paragraph(text)
        + grid(cards, "small")
        + card("<h3>Keep in mind</h3>", bullets([esc(c) for c in cautions(view)]))
    )


def ranked(view: View, scenario: str) -> list[Effect]:
    """Return the headline effects of a scenario, clear ones first, then by size in percent of the baseline."""

    def key(effect: Effect) -> tuple[bool, bool, float]:
        size = abs(effect.percent(effect.mean))
        return not effect.clear, effect.verdict == "changed", -size if math.isfinite(size) else 0.0

    return sorted(view.effects(scenario, view.headlines), key=key)


def _scenario(view: View, scenario: str) -> list[str]:
    """Return what one scenario changes: largest effect first, then the others, then harm by its parts."""
    effects = ranked(view, scenario)
    clear = [effect for effect in effects if effect.clear]
    pieces = [f"<h3>{esc(view.shown[scenario])}</h3>"]
    if all(settled(effect) == "identical in every pair" for effect in effects):
        return [*pieces, paragraph("Identical to the baseline in every headline outcome of every run.")]
    if not clear:
        return [*pieces, f"<p>{_nothing_clear(effects)}</p>"]
    pieces.append(f"<p>{_largest(clear[0])}</p>")
    lines = []
    for verdict, words in (("better", "Better"), ("worse", "Worse"), ("changed", "Differs")):
        also = [effect for effect in clear[1:] if effect.verdict == verdict]
        if also:
            more = f" and {len(also) - MOST} more" if len(also) > MOST else ""
            lines.append(f"<strong>{words}:</strong> {', '.join(map(_short, also[:MOST]))}{more}.")
    unsettled = [esc(_lower(e.measure.label)) for e in effects if not e.clear and math.isfinite(e.low)]
    if unsettled:
        lines.append(f"<strong>Not settled by these runs:</strong> {', '.join(unsettled)}.")
    return [*pieces, bullets([*lines, *_harm(view, scenario)])]


def _nothing_clear(effects: Sequence[Effect]) -> str:
    if not all(math.isfinite(effect.low) for effect in effects):
        return "There are too few runs to say whether it differs from the baseline."
    first = effects[0]
    return (
        "No headline outcome differs clearly from the baseline. The largest difference in percent is in "
        f"{_short(first)}, with a 95&nbsp;% interval of {esc(interval(first))}."
    )


def _largest(effect: Effect) -> str:
    shown = scale(effect.measure.unit, [effect.baseline, effect.baseline + effect.mean])
    values = f"{shown.text(effect.baseline + effect.mean)} on average against {shown.text(effect.baseline)}"
    often = "" if effect.p_better is None else f", {share(effect.p_better)} of paired runs are better"
    word = {"better": "better", "worse": "worse"}.get(effect.verdict, "different")
    return (
        f"The largest difference is in <strong>{esc(_lower(effect.measure.label))}</strong>, "
        f'<span class="{effect.verdict}">{word} by {esc(percent(effect).lstrip("+−"))}</span>: {esc(values)} '
        f"(difference {esc(amount(effect))}, 95&nbsp;% interval {esc(interval(effect))}{esc(often)})."
    )


def _short(effect: Effect) -> str:
    return f'{esc(_lower(effect.measure.label))} <span class="{effect.verdict}">({esc(percent(effect))})</span>'


def _lower(text: str) -> str:
    """Return a label for the middle of a sentence; words in capitals stay."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _harm(view: View, scenario: str) -> list[str]:
    """Return through which route and in which domain the difference in harm comes, if that was recorded."""
    if harm.DETAIL not in view.results.details:
        return []
    found = {part: view.paired(harm.amounts(view, part))[view.shown[scenario]] for part in harm.PARTS}
    if not any(_clear(d) for part in found.values() for d in part):
        return ["<strong>Harm:</strong> no route and no domain shows a clear difference."]
    sums = {name: array.sum(axis=1, keepdims=True) for name, array in harm.amounts(view, "route").items()}
    total = view.paired(sums)[view.shown[scenario]][0]
    shown = scale(harm.unit(view), [total.mean, *(d.mean for d in found["route"])])
    size = esc(shown.text(total.mean, sign=True))
    words = f"changes by {size} on average" if _clear(total) else f"in total is not settled ({size} on average)"
    sentences = [f"<strong>Harm</strong> {words}. Clear differences in its parts:"]
    for part, words in (("route", "by route to capability"), ("domain", "by domain")):
        sentences.append(_parts(words, harm.parts(view, part), found[part], shown))
    return [f"{sentences[0]} {'; '.join(sentences[1:])}."]


def _parts(words: str, names: Sequence[str], found: Sequence[Difference], shown: Scale) -> str:
    """Return which parts rise and which fall, clear differences only, the largest first."""
    order = np.argsort([-abs(d.mean) for d in found])
    clear = [(names[i], found[i]) for i in order if _clear(found[i])][:MOST]
    texts = [f"{esc(name)} {esc(shown.bare(d.mean, sign=True))}" for name, d in clear]
    return f"{words} ({esc(shown.unit)}): {', '.join(texts)}" if clear else f"{words}, none"


def _clear(difference: Difference) -> bool:
    return difference.low > 0 or difference.high < 0


def cautions(view: View) -> list[str]:
    """Return what a reader must keep in mind, given these runs."""
    runs, draws, _ = counts(view.results)
    independent = draws if draws > 1 else runs
    found = []
    if draws == 1:
        found.append(
            "Parameters stand at single values here: how unsure we are of them is not in these intervals. "
            "More draws (--draws) would show it."
        )
    if independent < 100:
        found.append(
            f"With {independent} independent runs, intervals of skewed outcomes cover somewhat less than 95 %, and "
            "rare events may be missing."
        )
    comparisons = len(view.others) * len(view.headlines)
    if comparisons >= 20:
        found.append(
            f"Of {comparisons} intervals, about {comparisons / 20:.0f} would exclude zero by luck alone if no policy "
            "changed anything."
        )
    if view.horizon.end >= BEYOND:
        found.append("Months beyond 2030 rest on saturation assumptions; they are shaded in the charts.")
    return found
