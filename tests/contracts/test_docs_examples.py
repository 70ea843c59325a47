"""What the documentation shows runs: Python, commands, designs and scenario files."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest

import sim
from sim.scenario import Population, load
from tests.contracts.test_docs import DOCS, PAGES, blocks
from tests.planted import Planted

TINY = Population(misusers=64, defenders=128, builders=64)
MONTHS = 12
SHOWN = [page for page in PAGES if page == "README.md" or page.startswith("docs/how-to/")]
PYTHON = [page for page in SHOWN if blocks(PAGES[page], "python")]
STUDIED = ("docs/how-to/analyse_a_sweep.md", "docs/how-to/write_a_table.md")
"""Pages whose analyses need many runs: what the model would give is planted there."""
SHELL = [page for page in SHOWN if any("aperture " in block for block in blocks(PAGES[page], "sh"))]
SERVING = {"docs/how-to/sweep_in_the_dashboard.md"}
"""Pages that show nothing but how to start the dashboard."""


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few agents and months in every scenario that is loaded, in an empty directory."""

    def small(*args: object, **settings: object) -> object:
        return load(*args, **settings).replace(months=MONTHS, population=TINY)  # type: ignore[arg-type]

    for home in (
        "sim",
        "sim.scenario",
        "sim.runner",
        "sim.model",
        "sim.experiments.marginal_risk",
        "sim.experiments.design",
        "sim.explorer.plan",
    ):
        importlib.import_module(home)
        monkeypatch.setattr(f"{home}.load", small)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def planted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted outcomes on the pages that need many."""
    if request.getfixturevalue("page") in STUDIED:
        monkeypatch.setattr("sim.experiments.tasks._results", Planted)


def fewer(text: str) -> str:
    """The same example with few runs."""
    text = re.sub(r"--(futures|confirmed|size|generations|packages) \d+", r"--\1 4", text)
    text = re.sub(r"\b(replicates)=\d+", r"\1=2", text)
    text = re.sub(r"\b(samples|replicates|months) = \d+", r"\1 = 2", text)
    return re.sub(r"(--draws|-r) \d+", r"\1 2", re.sub(r" --workers \d+", "", text))


def commands(page: str) -> list[str]:
    """Commands of a page, with the design that it shows in the directory."""
    for block in blocks(PAGES[page], "toml"):
        if "samples = " in block:
            name = "screening.toml" if '"morris"' in block else "design.toml"
            Path(name).write_text(block if page in STUDIED else fewer(block), "utf-8")
    lines = [line for block in blocks(PAGES[page], "sh") for line in block.splitlines()]
    # The dashboard serves until it is ended; its command has tests of its own.
    return [fewer(line) for line in lines if line.startswith("aperture ") and "dashboard" not in line]


@pytest.mark.parametrize("page", PYTHON)
def test_python_examples_run(page: str, tiny: None, planted: None) -> None:
    from sim.cli import main

    reads = any("open_sweep" in block for block in blocks(PAGES[page], "python"))
    for line in commands(page):
        if reads and line.startswith("aperture sweep") and "shares" not in line:
            assert main(shlex.split(line, comments=True)[1:]) == 0
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(PAGES[page], "python"):
        exec(compile(fewer(block), page, "exec", dont_inherit=True), names)
    if "same" in names:  # the page that shows one developer in both ways of running
        assert names["same"] is True
        assert bool((names["change"] != 0).any())  # type: ignore[union-attr, attr-defined]


@pytest.mark.parametrize("page", SHELL)
def test_commands_run(page: str, tiny: None, planted: None, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli import main

    lines = commands(page)
    assert lines or page in SERVING
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        few = ["-r", "2"] if words[0] in ("run", "compare", "marginal-risk") and "-r" not in words else []
        few += ["--draws", "2"] if words[0] == "export-explorer" and "--draws" not in words else []
        code = main([*words, *few])
        assert code == 0, f"{line}\n{capsys.readouterr().err}"


def test_scenario_files_in_the_text_are_good(tmp_path: Path) -> None:
    whole, row = blocks(DOCS / "how-to" / "write_a_scenario.md", "toml")
    file = tmp_path / "mine.toml"
    file.write_text(f"{whole}\n{row}", encoding="utf-8")
    scenario = sim.load(file)
    assert {policy.kind for policy in scenario.policies} >= {"staged_release", "defender_subsidy", "audit"}
    assert [added.id for added in scenario.regimes] == ["r7_documented"]
    sim.run(scenario.replace(months=3, population=TINY), replicates=1)
