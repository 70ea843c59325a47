"""Runs behind lessons: begun when a reader opens a chapter, finished by the time that predictions are made."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sim
from dashboard.lessons.records import MEMBERS
from dashboard.picture import narrowed, view_of
from dashboard.runs import BusyError, Engine, Ensemble
from sim.figures import View

ENSEMBLE = Ensemble()
"""Runs of lessons differ in parameters, among the calibrated draws, and in chance."""


@dataclass(frozen=True)
class Question:
    """What a part of a lesson asks the model: scenarios against a baseline, in worlds."""

    baseline: str
    scenarios: tuple[str, ...]
    worlds: tuple[str, ...]


def begin(engine: Engine, question: Question) -> None:
    """Begin the runs of a question without waiting for them; an engine that is busy will do them when asked again."""

    def work() -> None:
        try:
            for world in question.worlds:
                _results(engine, question, world)
        except (BusyError, TimeoutError):
            return

    threading.Thread(target=work, daemon=True, name="lesson").start()


def _results(engine: Engine, question: Question, world: str) -> sim.Results:
    asked = [sim.load(name, [world]) for name in (question.baseline, *question.scenarios)]
    return engine.results(asked, ENSEMBLE, MEMBERS, details=False)


def views(engine: Engine, question: Question, outcomes: Sequence[str]) -> Mapping[str, View]:
    """Return the comparisons by world, with these outcomes, waiting for runs that are not finished.

    Raises
    ------
    InputError
        If the server has too much to do.
    """
    try:
        found = {world: _results(engine, question, world) for world in question.worlds}
    except (BusyError, TimeoutError) as error:
        problem = str(error) or "The runs took too long."
        raise sim.InputError("lesson", problem, "Reveal again in a moment.") from error
    return {world: view_of(narrowed(results, outcomes), question.baseline) for world, results in found.items()}
