"""The command ``export-explorer``: it says what is wrong before it runs anything, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.exporting import command
from sim.cli.parser import parse
from sim.explorer import plan_of


def test_it_writes_a_page_and_names_it(aperture, tmp_path: Path) -> None:
    target = tmp_path / "mine.html"
    words = ("staged_release", "--world", "default", "--draws", "2", "--months", "4", "--lever")
    code, out, err = aperture("export-explorer", *words, "staged_release.delay_months=off,6", "--out", target)
    assert (code, err) == (0, "") and out.strip() == str(target)
    text = target.read_text(encoding="utf-8")
    assert "aperture export-explorer staged_release --baseline status_quo --world default" in text
    assert "2 parameter draws" in text and [path.name for path in tmp_path.iterdir()] == ["mine.html"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nonsense",), "nonsense"),
        (("staged_release", "--world", "mars"), "mars"),
        (("staged_release", "--lever", "licensing.value=25,26"), "licensing"),
        (("staged_release", "--draws", "0"), "--draws"),
        (("staged_release", "hindcast_2020"), "start or months"),
        (("--draws", "4000", "-r", "100"), "--yes"),
    ],
)
def test_mistakes_are_named(aperture, tmp_path: Path, words: tuple[str, ...], part: str) -> None:
    code, out, err = aperture("export-explorer", *words, "--out", tmp_path / "x.html")
    assert (code, out) == (2, "") and part in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_named(aperture, tmp_path: Path) -> None:
    words = ("staged_release", "--world", "default", "--draws", "1", "--months", "2", "--no-levers")
    code, _, err = aperture("export-explorer", *words, "--out", tmp_path)
    assert code == 2 and "directory" in err


def test_the_command_that_is_shown_makes_the_same_plan() -> None:
    args = parse(["export-explorer", "--out", "a b.html", "--months", "12"])
    plan = plan_of(args.scenarios, args.worlds, args.levers, args.baseline, args.months)
    text = command(args, plan)
    import shlex

    again = parse(shlex.split(text)[1:])
    assert again.out == "a b.html"
    assert plan_of(again.scenarios, again.worlds, again.levers, again.baseline, again.months) == plan
