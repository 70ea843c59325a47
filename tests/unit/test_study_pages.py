"""The stored study: its results are whole, its designs are those of its script, its arguments cite facts that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.parser import parse
from sim.evidence import facts
from sim.experiments.design import read_design
from sim.experiments.preference import GOALS
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.reference_pages.study import HERE, arguments, clear, most_important, read

SCRIPT = HERE / "run.sh"
DESIGNS = {"futures": ("sobol", 1024), "screening": ("morris", 8), "shares": ("saltelli", 128)}


def commands() -> list[str]:
    text = SCRIPT.read_text("utf-8").replace("\\\n", " ")
    return [line.strip() for line in re.sub(r"\bif (?=\$aperture)|; then$", "", text, flags=re.M).splitlines() if
            line.strip().startswith("$aperture ")]  # fmt: skip


def test_every_command_of_the_script_is_understood() -> None:
    assert len(commands()) > 12
    for line in commands():
        words = shlex.split(line.replace("$all", "innovation,concentration,harm").replace("$pair", "a,b"))
        kept = words[1 : min((i for i, word in enumerate(words) if word in (">", "||")), default=len(words))]
        assert callable(parse([word.replace("$workers", "2") for word in kept]).handler), line


@pytest.mark.parametrize("name", DESIGNS)
def test_designs_are_good(name: str) -> None:
    kind, samples = DESIGNS[name]
    design = read_design(HERE / f"{name}.toml")
    assert design.kind == kind and design.draws == samples * design.sample.block
    assert {"closed_frontier", "open_by_default"} <= {case.scenario.name for case in design.cases}
    if kind != "saltelli":
        assert {factor.name for factor in design.factors} >= set(REGISTRY.uncertain())


def test_results_are_whole_and_the_dummy_has_no_share() -> None:
    assert read("cruxes_harm")["futures"] == DESIGNS["futures"][1]
    assert [analysis["outcome"] for analysis in read("shares")["analyses"]] == list(GOALS.values())
    for analysis in read("shares")["analyses"]:
        dummy = analysis["indices"]["dummy"]
        assert dummy["total"] - dummy["total_half_width"] <= 0 <= dummy["total"] + dummy["total_half_width"]
        assert 0 < analysis["chance"] < 1 and analysis["blocks"] == DESIGNS["shares"][1]
    for analysis in read("screening")["analyses"]:
        assert analysis["effects"]["dummy"]["absolute"] == 0 and analysis["trajectories"] == DESIGNS["screening"][1]


def test_what_matters_most_has_its_evidence_weighed() -> None:
    missing = {name for name, _ in most_important(read("shares"))} - {
        n for n, a in arguments().items() if a["evidence"]
    }
    assert not missing
    turning = {crux["assumption"] for name in ("harm", "all", "wary") for crux in clear(read(f"cruxes_{name}"))[:3]}
    assert not turning - {name for name, argument in arguments().items() if argument.get("why")}


def test_arguments_cite_facts_and_say_which_are_not_verified() -> None:
    known = {name: fact.verification for name, fact in facts().items()}
    for name, argument in arguments().items():
        assert name in REGISTRY and set(argument) <= {"why", "evidence"}
        for cited in re.findall(r"\b[A-G]\d\d\b", argument["evidence"]):
            assert cited in known, f"{name}: {cited}"
            if known[cited] == "unverified":
                assert re.search(rf"{cited}, unverified", argument["evidence"]), f"{name}: {cited}"


def test_tables_of_the_study_are_there() -> None:
    lines = Path(HERE / "results" / "table.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + 3 * 3 and all(line.split(",")[2] in OUTCOMES for line in lines[1:])
