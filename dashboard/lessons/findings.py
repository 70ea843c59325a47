"""What runs say about predictions and goals. Every number that a lesson reveals is made here, from runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.lessons.records import DIRECTIONS, Band, Goal, Prediction
from sim.figures import Effect, View
from sim.figures.numbers import Scale, digits, scale
from sim.figures.words import interval, percent, points, share

NEAR = 10.0
"""How many pairs of a hundred a guess may be off and still be called close."""


@dataclass(frozen=True)
class Finding:
    """What the runs say about one prediction.

    Parameters
    ----------
    prediction : Prediction
    effect : Effect
        Paired difference of the scenario to the baseline.
    level : tuple of float
        Mean of the outcome in the scenario, and the ends of the range that holds 90 % of the runs, in its unit.
    """

    prediction: Prediction
    effect: Effect
    level: tuple[float, float, float]

    @property
    def direction(self) -> str:
        """A key of ``DIRECTIONS``."""
        return "open" if not self.effect.clear else "rises" if self.effect.mean > 0 else "falls"

    @property
    def shown(self) -> Scale:
        """How the level is shown."""
        return scale(self.effect.measure.unit, self.level)

    @property
    def answer(self) -> str | float:
        """What a perfect guess would have been: a direction, pairs of a hundred, or the mean as it is shown."""
        if self.prediction.kind == "direction":
            return self.direction
        if self.prediction.kind == "chance":
            return math.nan if self.effect.p_better is None else 100 * self.effect.p_better
        return self.level[0] * self.shown.factor

    @property
    def text(self) -> str:
        """What the runs say, in a sentence."""
        e = self.effect
        if self.prediction.kind == "level":
            mean, low, high = self.level
            unit = f" {self.shown.unit}" if self.shown.unit else ""
            bounds = f"{self.shown.bare(low)} to {self.shown.bare(high)}{unit}"
            return f"{self.shown.bare(mean)}{unit} on average; 90 % of the runs lie in {bounds}."
        if self.prediction.kind == "chance":
            return f"{_better(e)} Mean difference {_size(e)}: {_settled(e)}."
        often = "" if e.p_better is None else f" {_better(e)}"
        return f"{_settled(e).capitalize()}: {_size(e)}.{often}"


def _size(effect: Effect) -> str:
    """Return the mean difference with its interval, both on one scale."""
    shown = scale(effect.measure.unit, [v for v in (effect.mean, effect.low, effect.high) if math.isfinite(v)])
    mean = points(shown.text(effect.mean, sign=True), effect.measure.unit)
    return f"{mean}, {percent(effect)} of the baseline (95 % interval {interval(effect, shown)})"


def _better(effect: Effect) -> str:
    return "No direction is better." if effect.p_better is None else f"Better in {share(effect.p_better)} of pairs."


def _settled(effect: Effect) -> str:
    if not math.isfinite(effect.low):
        return "too few runs to say"
    if not effect.clear:
        return "not settled by these runs" if effect.mean or effect.low or effect.high else "identical in every pair"
    return "rises on average" if effect.mean > 0 else "falls on average"


def find(predictions: Sequence[Prediction], views: Mapping[str, View]) -> tuple[Finding, ...]:
    """Return what runs say about predictions.

    Parameters
    ----------
    predictions : sequence of Prediction
    views : mapping of str to View
        By world: comparisons that hold the scenarios of the predictions.
    """
    found = []
    for item in predictions:
        view = views[item.world]
        effect = view.effects(item.scenario, [item.outcome])[0]
        stats = view.statistics[item.scenario][item.outcome]
        found.append(Finding(item, effect, (stats["mean"], stats["p05"], stats["p95"])))
    return tuple(found)


@dataclass(frozen=True)
class Judgement:
    """A guess beside what the runs say: whether it was as they say, and that in words."""

    right: bool
    text: str


def judge(finding: Finding, guess: str | float) -> Judgement:
    """Return how a guess compares with what the runs say."""
    if finding.prediction.kind == "direction":
        return _judge_direction(finding.direction, str(guess))
    value = float(guess)
    if finding.prediction.kind == "chance":
        answer = float(finding.answer)
        right = abs(value - answer) <= NEAR
        return Judgement(right, f"You said {value:.0f} of 100; it is {answer:.0f}.{' Close.' if right else ''}")
    _, low, high = (end * finding.shown.factor for end in finding.level)
    right = low <= value <= high
    where = "inside" if right else "below" if value < low else "above"
    return Judgement(right, f"You said {value:g} {finding.shown.unit}: {where} the range of 90 % of the runs.")


def _judge_direction(answer: str, guess: str) -> Judgement:
    if guess == answer:
        return Judgement(True, "As you said.")
    said = {"rises": "that it rises", "falls": "that it falls", "open": "that the runs would not settle it"}[guess]
    return Judgement(
        False, f"You said {said}; {DIRECTIONS[answer] if answer == 'open' else f'on average it {answer}'}."
    )


def overview(findings: Sequence[Finding], guesses: Sequence[str | float]) -> str:
    """Return in a sentence or two how the guesses did and how much the runs settle."""
    right = sum(judge(finding, guess).right for finding, guess in zip(findings, guesses, strict=True))
    verb = "agrees" if right == 1 else "agree"
    text = f"{right} of your {len(findings)} predictions {verb} with the runs."
    differences = [finding for finding in findings if finding.prediction.kind != "level"]
    settled = sum(finding.effect.clear for finding in differences)
    if differences:
        text += f" The sign of the mean difference is settled in {settled} of {len(differences)} questions about it."
    signs = {finding.direction for finding in differences if finding.effect.clear}
    worlds = {finding.prediction.world for finding in differences}
    if len(worlds) > 1:
        text += (
            " It is settled both ways, depending on the world." if len(signs) > 1
            else f" Wherever it is settled, it {signs.pop()}." if signs
            else " In none of these worlds do the runs say which rule brings less."
        )  # fmt: skip
    return text


MET, MISSED, OPEN = "met", "missed", "open"
WORDS = {MET: "met", MISSED: "missed", OPEN: "the runs do not say"}


@dataclass(frozen=True)
class Score:
    """One goal in one world: the difference in percent of the baseline, its interval, and the verdict."""

    band: Band
    mean: float
    low: float
    high: float
    verdict: str

    @property
    def text(self) -> str:
        """The difference with its interval, in percent."""
        if not math.isfinite(self.low):
            return "too few runs for an interval"
        return f"{_signed(self.mean)} % ({_signed(self.low)} to {_signed(self.high)} %)"


def _signed(value: float) -> str:
    return digits(value, sign=True)


def scores(goal: Goal, view: View, scenario: str) -> tuple[Score, ...]:
    """Return how a policy does against the goals of the rounds."""
    if scenario == goal.baseline:
        return tuple(Score(band, 0.0, 0.0, 0.0, _verdict(band, 0.0, 0.0)) for band in goal.bands)
    effects = view.effects(scenario, [band.outcome for band in goal.bands])
    found = []
    for band, effect in zip(goal.bands, effects, strict=True):
        mean, low, high = (effect.percent(value) for value in (effect.mean, effect.low, effect.high))
        found.append(Score(band, mean, low, high, _verdict(band, low, high)))
    return tuple(found)


def _verdict(band: Band, low: float, high: float) -> str:
    least = -math.inf if band.low is None else band.low
    most = math.inf if band.high is None else band.high
    if least <= low and high <= most:
        return MET
    return MISSED if high < least or low > most else OPEN
