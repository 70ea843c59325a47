"""Commands that list, explain, check and start scenario files, and the manners of the program."""

import shlex
import subprocess
import sys

import pytest


def test_help_and_version(aperture):
    for words in ([], ["--help"], ["run", "--help"]):
        code, out, err = aperture(*words)
        assert (code, err) == (0, "")
        assert "usage: aperture" in out
    assert aperture("--version")[0] == 0


def test_lists(aperture, document):
    names = aperture("list", "--names")[1].split()
    assert {"status_quo", "staged_release"} <= set(names)
    assert [row["name"] for row in document("list", "--json")] == names
    assert "offence_dominant" in aperture("list", "--worlds")[1]
    assert "Staged release" in aperture("list")[1]


def test_parameters_as_json(document):
    rows = document("parameters", "--json")
    keys = {"name", "unit", "default", "low", "high", "distribution", "source", "kernel"}
    assert all(keys <= set(row) for row in rows)
    assert {row["name"] for row in document("parameters", "misuse.uplift_cap*", "--json")} == {
        f"misuse.uplift_cap_{domain}" for domain in ("fraud", "cyber", "influence", "bio")
    }


def test_outcomes_as_json(document, aperture):
    rows = {row["name"]: row for row in document("outcomes", "--json")}
    assert (rows["cumulative_harm"]["direction"], rows["elo_gap"]["direction"]) == ("lower", "neutral")
    assert {"unit", "summary", "label", "group", "description"} <= set(rows["elo_gap"])
    assert aperture("outcomes", "usage*")[1].splitlines()[1].startswith("usage_hhi")


def test_show_check_resolve_and_schema(aperture, document, tmp_path):
    assert "What it keeps of status_quo" in aperture("show", "staged_release")[1]
    assert document("show", "staged_release", "--json")["name"] == "staged_release"
    own = tmp_path / "mine.toml"
    own.write_text(aperture("resolve", "staged_release", "--set", "months=24")[1])
    again = document("show", own, "--json")
    assert again["months"] == 24
    assert again["digest"] == document("show", "staged_release", "--set", "months=24", "--json")["digest"]
    assert aperture("check", own, "status_quo")[0] == 0
    code, out, err = aperture("check", "status_quo", "nope", "./nope.toml")
    assert (code, err.count("aperture: ")) == (2, 2), "every file is looked at"
    assert "status_quo: good" in out
    assert document("schema")["title"]


def test_new_writes_a_file_that_checks_and_never_overwrites(aperture, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert aperture("new", "my_idea")[0] == 0
    assert aperture("check", "./my_idea.toml")[0] == 0
    before = (tmp_path / "my_idea.toml").read_text()
    code, _, err = aperture("new", "my_idea.toml")
    assert code == 2
    assert "exists already" in err
    assert (tmp_path / "my_idea.toml").read_text() == before
    assert aperture("new", "-")[1].startswith("schema_version = 1")


@pytest.mark.parametrize("redirect", ["| head -1", ">&-", "2>&-", "> /dev/full"])
def test_streams_that_close_early_bring_no_traceback(redirect):
    command = f"{shlex.quote(sys.executable)} -m sim.cli parameters {redirect}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == (2 if "full" in redirect else 0)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command_and_option(shell, aperture):
    script = aperture("completion", shell)[1]
    for word in ("compare", "resolve", "replicates", "counterfactuals", "monthly"):
        assert word in script
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=script, text=True, timeout=20).returncode == 0
        ask = 'COMP_WORDS=(aperture run --se); COMP_CWORD=2; _aperture; echo "${COMPREPLY[@]}"'
        done = subprocess.run(["bash"], input=script + ask, text=True, capture_output=True, timeout=20)
        assert done.stdout.split() == ["--set", "--seed"]
