"""What a chapter and the class kit hold."""

from __future__ import annotations

from dataclasses import dataclass

DIRECTIONS = {"rises": "rises", "falls": "falls", "open": "the runs do not settle it"}
"""Answers to a question about a direction."""
MEMBERS = 64
"""Runs of each scenario behind what a lesson reveals."""
KINDS = ("direction", "chance", "level")


@dataclass(frozen=True)
class Prediction:
    """One question that is answered before the runs are shown.

    Parameters
    ----------
    kind : {"direction", "chance", "level"}
        Which way the mean difference to the baseline goes; in how many of a hundred pairs the scenario is better; or
        the mean of the outcome in the scenario, as it is shown.
    outcome, scenario, world : str
        What it is about.
    ask, think : str
        The question, and what to think of.
    low, high : float
        Ends of the slider, in the unit in which the outcome is shown; for ``chance`` 0 and 100.
    """

    kind: str
    outcome: str
    scenario: str
    world: str
    ask: str
    think: str
    low: float = 0.0
    high: float = 100.0


@dataclass(frozen=True)
class Chapter:
    """One explorable chapter: story, predictions, reveal, reflection.

    Parameters
    ----------
    baseline : str
        What the scenarios are compared with.
    scenarios, worlds : tuple of str
        What is run, in every world.
    chart : str
        Outcome that is drawn over time after the reveal.
    more : tuple of str
        Outcomes that the table shows beside those that were predicted.
    """

    number: int
    name: str
    title: str
    question: str
    minutes: int
    story: tuple[str, ...]
    baseline: str
    scenarios: tuple[str, ...]
    worlds: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    chart: str
    more: tuple[str, ...]
    channels: tuple[str, ...]
    prompts: tuple[str, ...]
    caution: str

    @property
    def drawn(self) -> tuple[str, ...]:
        """Outcomes that are needed altogether."""
        return tuple(dict.fromkeys([*self.outcomes, self.chart]))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the reveal shows, those that were predicted first."""
        return tuple(dict.fromkeys([*(item.outcome for item in self.predictions), *self.more]))


@dataclass(frozen=True)
class Role:
    """A card: who one is, what one wants, watches and can do."""

    name: str
    title: str
    who: str
    wants: str
    watches: tuple[str, ...]
    can: str
    dilemma: str
    asks: str


@dataclass(frozen=True)
class Round:
    """A round of negotiation in one world."""

    name: str
    title: str
    minutes: int
    text: str
    world: str


@dataclass(frozen=True)
class Band:
    """A goal: where the difference of an outcome to the baseline should lie, in percent of the baseline."""

    outcome: str
    words: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Goal:
    """The goals of the rounds, and the policies from which groups choose."""

    baseline: str
    text: str
    choices: tuple[str, ...]
    bands: tuple[Band, ...]


Headed = tuple[tuple[str, tuple[str, ...]], ...]
"""Headings, each with lines below it."""


@dataclass(frozen=True)
class ClassKit:
    """All that a teacher prints or shows."""

    title: str
    summary: str
    before: tuple[str, ...]
    agenda: tuple[tuple[str, str], ...]
    tips: tuple[str, ...]
    aims: tuple[str, ...]
    roles: tuple[Role, ...]
    rounds: tuple[Round, ...]
    goal: Goal
    worksheet: Headed
    debrief: Headed
