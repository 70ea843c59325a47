"""Read the lessons from their files, and refuse what names something that is not there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import sim
from dashboard.lessons.records import KINDS, Band, Chapter, ClassKit, Goal, Headed, Prediction, Role, Round

KIT = "class_kit.toml"


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the chapters in their order."""
    folder = files("dashboard.lessons") / "content"
    names = sorted(item.name for item in folder.iterdir() if item.name[:1].isdigit())
    return tuple(sorted((chapter_of(_table(name), name) for name in names), key=lambda item: item.number))


@cache
def class_kit() -> ClassKit:
    """Return the class kit."""
    return kit_of(_table(KIT), KIT)


def _table(name: str) -> dict[str, Any]:
    text = (files("dashboard.lessons") / "content" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def chapter_of(table: Mapping[str, Any], where: str) -> Chapter:
    """Return a chapter from the table of its file.

    Raises
    ------
    InputError
        If it names a scenario, world or outcome that is not there.
    """
    runs, reveal, reflect = table["runs"], table["reveal"], table["reflect"]
    scenarios, worlds = tuple(runs["scenarios"]), tuple(runs["worlds"])
    predictions = tuple(_prediction(entry, scenarios, worlds, where) for entry in table["predictions"])
    found = Chapter(
        **{key: table[key] for key in ("number", "name", "title", "question", "minutes")},
        story=paragraphs(table["story"]),
        baseline=runs["baseline"],
        scenarios=scenarios,
        worlds=worlds,
        predictions=predictions,
        chart=reveal["chart"],
        more=tuple(reveal["more"]),
        channels=tuple(reveal["channels"]),
        prompts=tuple(reflect["prompts"]),
        caution=reflect["caution"],
    )
    _check_outcomes([*found.outcomes, found.chart], where)
    _check_runs([found.baseline, *scenarios], worlds, where)
    return found


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, each on one line."""
    return tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _prediction(
    entry: Mapping[str, Any], scenarios: tuple[str, ...], worlds: tuple[str, ...], where: str
) -> Prediction:
    found = Prediction(**{"scenario": scenarios[0], "world": worlds[0], **entry})
    if found.kind not in KINDS:
        raise sim.InputError(
            f"{where}: predictions", f"there is no kind {found.kind!r}.", f"Known: {', '.join(KINDS)}."
        )
    if found.scenario not in scenarios or found.world not in worlds:
        problem = f"{found.scenario!r} in {found.world!r} is not run."
        raise sim.InputError(f"{where}: predictions", problem, "Name it under runs.")
    return found


def _check_outcomes(names: Iterable[str], where: str) -> None:
    for name in names:
        if name not in sim.OUTCOMES:
            raise sim.InputError(where, f"there is no outcome {name!r}.", "`aperture outcomes` lists them.")


def _check_runs(scenarios: Iterable[str], worlds: Iterable[str], where: str) -> None:
    try:
        for world in worlds:
            for scenario in scenarios:
                sim.load(scenario, [world])
    except sim.InputError as error:
        raise sim.InputError(where, f"{error.where}: {error.problem}", error.remedy) from None


def kit_of(table: Mapping[str, Any], where: str) -> ClassKit:
    """Return the class kit from the table of its file; raises InputError as `chapter_of`."""
    guide, goal = table["guide"], table["goal"]
    bands = tuple(Band(**entry) for entry in goal["bands"])
    roles = tuple(Role(**{**entry, "watches": tuple(entry["watches"])}) for entry in table["roles"])
    rounds = tuple(Round(**entry) for entry in table["rounds"])
    found = ClassKit(
        title=table["title"],
        summary=table["summary"],
        before=tuple(guide["before"]),
        agenda=tuple((time, text) for time, text in guide["agenda"]),
        tips=tuple(guide["tips"]),
        aims=tuple(guide["aims"]),
        roles=roles,
        rounds=rounds,
        goal=Goal(goal["baseline"], goal["text"], tuple(goal["choices"]), bands),
        worksheet=_headed(table["worksheet"]["sections"]),
        debrief=_headed(table["debrief"]["questions"]),
    )
    _check_outcomes([name for role in roles for name in role.watches] + [band.outcome for band in bands], where)
    _check_runs([found.goal.baseline, *found.goal.choices], [item.world for item in rounds], where)
    return found


def _headed(rows: Iterable[tuple[str, list[str]]]) -> Headed:
    return tuple((head, tuple(lines)) for head, lines in rows)
