"""Lessons: their texts name what exists and promise nothing, and what they reveal follows the runs."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import tomllib
from importlib.resources import files

import numpy as np
import pytest

import sim
from dashboard.learning import evidence
from dashboard.learning.chapter import chapter_named, checked, question
from dashboard.learning.debrief import summary
from dashboard.learning.rounds import result
from dashboard.lessons import Chapter, Prediction, chapters, class_kit, pages
from dashboard.lessons.findings import find, judge, overview, scores
from dashboard.lessons.reading import chapter_of, kit_of
from dashboard.lessons.records import Band, Goal
from dashboard.runs import Engine
from sim.cli import main
from sim.figures import View
from sim.results import Comparison, Results
from sim.results.provenance import provenance

RESULT = re.compile(r"\d[\d.,]*\s?(?:%|HHI|USD|OOM|billion|million|trillion|points)")
RUNS, MONTHS = 40, 6


def view_with(changes: dict[str, float], levels: dict[str, float] | None = None, noise: float = 0.1) -> View:
    """Open by default against a closed frontier: every outcome differs by its change, with a little luck."""
    rng = np.random.default_rng(3)
    monthly = {}
    for name, change in changes.items():
        base = np.full((RUNS, MONTHS), (levels or {}).get(name, 10.0)) + rng.normal(0, 1, (RUNS, 1))
        luck = rng.normal(0, 1, (RUNS, 1)) * noise
        monthly[name] = np.concatenate([base, base + change + luck])
    names = ("closed_frontier",) * RUNS + ("open_by_default",) * RUNS
    asked = [sim.load(name) for name in ("closed_frontier", "open_by_default")]
    known = provenance(asked, replicates=RUNS, draws=1, seed=0, months=MONTHS)
    numbers = np.tile(np.arange(RUNS), 2)
    return View.of(Comparison(Results(monthly, names, np.zeros(2 * RUNS, int), numbers, known), "closed_frontier"))


def asked(kind: str, outcome: str) -> Prediction:
    return Prediction(kind, outcome, "open_by_default", "default", "ask", "think")


def raw(name: str) -> dict:
    text = (files("dashboard.lessons") / "content" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_there_are_three_chapters_in_order_with_every_kind_of_question() -> None:
    assert [chapter.number for chapter in chapters()] == [1, 2, 3]
    kinds = {item.kind for chapter in chapters() for item in chapter.predictions}
    assert kinds == {"direction", "chance", "level"}
    assert {"defence_dominant", "offence_dominant"} <= set(chapters()[1].worlds)


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_no_text_of_a_chapter_states_a_number_of_the_model(chapter: Chapter) -> None:
    texts = [*chapter.story, chapter.question, *chapter.channels, *chapter.prompts, chapter.caution]
    texts += [text for item in chapter.predictions for text in (item.ask, item.think)]
    assert not [text for text in texts if RESULT.search(text)]


def test_the_kit_has_every_role_and_three_worlds() -> None:
    kit = class_kit()
    assert {role.name for role in kit.roles} == {"developer", "regulator", "misuser", "defender", "builder", "citizen"}
    assert len({item.world for item in kit.rounds}) == 3
    assert kit.goal.baseline not in kit.goal.choices
    texts = [text for role in kit.roles for text in (role.who, role.wants, role.can, role.dilemma, role.asks)]
    texts += [item.text for item in kit.rounds] + list(kit.tips)
    assert not [text for text in texts if RESULT.search(text)]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"reveal": {"chart": "nonsense", "more": [], "channels": []}}, "no outcome 'nonsense'"),
        ({"runs": {"baseline": "nobody", "scenarios": ["open_by_default"], "worlds": ["default"]}}, "nobody"),
        ({"runs": {"baseline": "status_quo", "scenarios": ["fast_follower_shock"], "worlds": ["mars"]}}, "mars"),
        ({"predictions": [{"kind": "hunch", "outcome": "usage_hhi", "ask": "a", "think": "b"}]}, "no kind 'hunch'"),
        (
            {"predictions": [{"kind": "chance", "outcome": "usage_hhi", "world": "x", "ask": "a", "think": "b"}]},
            "is not run",
        ),
    ],
)
def test_a_chapter_that_names_what_is_not_there_is_refused(change: dict, part: str) -> None:
    with pytest.raises(sim.InputError, match=part):
        chapter_of({**raw("1_one_release.toml"), **change}, "mine.toml")


def test_a_kit_that_names_what_is_not_there_is_refused() -> None:
    table = raw("class_kit.toml")
    with pytest.raises(sim.InputError, match="nonsense"):
        kit_of({**table, "goal": {**table["goal"], "choices": ["nonsense"]}}, "mine.toml")


@pytest.mark.parametrize(("change", "direction"), [(2.0, "rises"), (-2.0, "falls"), (0.0, "open")])
def test_a_direction_is_that_of_the_runs(change: float, direction: str) -> None:
    views = {"default": view_with({"usage_hhi": change})}
    found = find([asked("direction", "usage_hhi")], views)[0]
    assert found.direction == found.answer == direction
    assert judge(found, direction).right and judge(found, direction).text == "As you said."
    for other in {"rises", "falls", "open"} - {direction}:
        assert not judge(found, other).right
    words = {"rises": "Rises on average: +2", "falls": "Falls on average: −2", "open": "Not settled by these runs"}
    assert found.text.startswith(words[direction].removesuffix("2"))


def test_a_chance_counts_the_pairs() -> None:
    view = view_with({"cumulative_harm": -0.05}, noise=0.1)
    found = find([asked("chance", "cumulative_harm")], {"default": view})[0]
    harm = view.results.summary()["cumulative_harm"]
    pairs = 100 * float((harm[RUNS:] < harm[:RUNS]).mean())
    assert found.answer == pytest.approx(pairs) and 50 < pairs < 100
    assert judge(found, pairs - 9).right and not judge(found, pairs - 11).right
    assert f"it is {pairs:.0f}" in judge(found, 0).text


def test_a_level_is_right_inside_the_range_of_the_runs() -> None:
    view = view_with({"open_usage_share": 0.0}, {"open_usage_share": 0.4})
    found = find([asked("level", "open_usage_share")], {"default": view})[0]
    stats = view.statistics["open_by_default"]["open_usage_share"]
    assert found.answer == pytest.approx(100 * stats["mean"])
    assert judge(found, 100 * stats["p50"]).right
    assert "below the range" in judge(found, 100 * stats["p05"] - 1).text
    assert "above the range" in judge(found, 100 * stats["p95"] + 1).text


def test_the_overview_counts_and_says_whether_the_sign_depends_on_the_world() -> None:
    predictions = [
        dataclasses.replace(asked("direction", "usage_hhi"), world=world) for world in ("default", "offence_dominant")
    ]
    rises, falls, neither = (view_with({"usage_hhi": change}) for change in (2.0, -2.0, 0.0))

    def text(first: View, second: View) -> str:
        found = find(predictions, {"default": first, "offence_dominant": second})
        return overview(found, ["rises", "rises"])

    assert text(rises, falls).startswith("1 of your 2 predictions agrees") and "both ways" in text(rises, falls)
    assert "it rises" in text(rises, neither) and "settled in 1 of 2" in text(rises, neither)
    assert "In none of these worlds" in text(neither, neither)


def test_goals_are_met_missed_or_open_by_the_whole_interval() -> None:
    bands = (
        Band("innovation_index", "falls by no more than 5 %", low=-5),
        Band("usage_hhi", "does not rise", high=0),
        Band("ai_attributable_harm", "does not rise", high=0),
    )
    goal = Goal("closed_frontier", "", ("open_by_default",), bands)
    view = view_with({"innovation_index": -0.2, "usage_hhi": 1.0, "ai_attributable_harm": 0.0})
    found = scores(goal, view, "open_by_default")
    assert [score.verdict for score in found] == ["met", "missed", "open"]
    assert all(score.low <= score.mean <= score.high for score in found)
    assert "%" in found[0].text and found[0].text.startswith("−")
    assert {score.verdict for score in scores(goal, view, "closed_frontier")} == {"met"}


@pytest.mark.parametrize(
    "answers",
    [None, [], ["rises"] * 4, ["rises"] * 4 + ["sideways"], ["rises"] * 4 + [None], ["rises"] * 4 + [3], "rises"],
)
def test_answers_that_were_never_offered_are_refused(answers: object) -> None:
    with pytest.raises(sim.InputError):
        checked(chapters()[0], answers)


@pytest.mark.parametrize("value", [-1, 101, True, "50", float("nan"), None])
def test_numbers_out_of_range_are_refused(value: object) -> None:
    with pytest.raises(sim.InputError, match="0 to 100"):
        checked(chapters()[1], [*[50] * (len(chapters()[1].predictions) - 1), value])


def test_rounds_refuse_what_is_not_in_their_list() -> None:
    item = class_kit().rounds[0]
    with pytest.raises(sim.InputError, match="not among"):
        result(item, "../etc/passwd", [False] * 3)
    with pytest.raises(sim.InputError, match="goals"):
        result(item, class_kit().goal.choices[0], [True])
    assert "Choose a policy first" in str(result(item, None, []))


def test_unknown_chapters_are_refused_and_odd_records_are_harmless() -> None:
    with pytest.raises(sim.InputError, match="one_release"):
        chapter_named({"a": 1})
    assert len(summary({"one_release": {"text": ["x"]}})) == len(summary("x")) == 3
    assert "not played yet" in str(summary(None)[0])


def test_pages_of_the_documentation_are_current() -> None:
    stale = [
        name
        for name, text in pages.pages().items()
        if not (pages.FOLDER / name).exists() or (pages.FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "the lessons have changed: python -m dashboard.lessons.pages"


def test_the_command_that_a_chapter_shows_gives_its_numbers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter = chapters()[0]
    monkeypatch.setattr(evidence, "MEMBERS", 3)
    views = evidence.views(Engine(workers=0), question(chapter), chapter.drawn)
    for line, (world, view) in zip(pages.commands(chapter), views.items(), strict=True):
        words = shlex.split(line.replace("calibrated:64", "calibrated:3"))[1:]
        assert f"--with {world}" in line and main([*words, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["differences"]
        for scenario in chapter.scenarios:
            for effect in view.effects(scenario, list(chapter.outcomes)):
                assert found[scenario][effect.measure.name]["mean"] == pytest.approx(effect.mean, rel=1e-12)
