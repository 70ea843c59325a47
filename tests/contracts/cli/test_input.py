"""What the command line refuses, and how."""

import shlex

import pytest

BAD = [
    "frobnicate",
    "run",
    "compare",
    "run nope",
    "run ./nope.toml",
    "run nope.toml",
    "run .",
    "run ./",
    "run /dev/zero",
    "run ''",
    "run status_quo extra",
    "run status_quo --nope",
    "run status_quo -r 0",
    "run status_quo -r 100001",
    "run status_quo -r 2.5",
    "run status_quo -r 1e3",
    "run status_quo -r true",
    "run status_quo -r ٣",
    "run status_quo -r ''",
    f"run status_quo -r {'9' * 5000}",
    "run status_quo -r",
    "run status_quo --seed -1",
    f"run status_quo --seed {2**63}",
    f"run status_quo --seed {2**128}",
    "run status_quo --months 0",
    "run status_quo --months 601",
    "run status_quo --months 2.5",
    "run status_quo --workers 0",
    "run status_quo --draws 0",
    "run status_quo --draws -3",
    "run status_quo --draws many",
    "run status_quo --draws ./nope.csv",
    "run status_quo --draws .",
    "run status_quo --set market.nope=1",
    "run status_quo --set agents.__class__=1",
    "run status_quo --set months",
    "run status_quo --set months=nan",
    "run status_quo --with nowhere",
    "run status_quo --with ./nowhere.toml",
    "run status_quo --rep 3",
    "run status_quo -r 100000",
    "compare status_quo status_quo",
    "compare status_quo --baseline nope",
    "compare status_quo --interval z",
    "compare status_quo --set population.misusers=0",
    "show",
    "show nope",
    "check nope",
    "resolve nope",
    "new",
    "new nowhere/deeper/file.toml",
    "report",
    "report nowhere",
    "outcomes nope",
    "parameters nope.*",
    "completion tcsh",
    "list extra",
]


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize("words", BAD, ids=lambda words: words[:60])
def test_bad_input_is_one_message_and_leaves_nothing(words, aperture, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = shlex.split(words)
    code, out, err = aperture(*command, *(["--out", "out", "--json"] if command[0] in ("run", "compare") else []))
    assert code == 2
    assert out == ""
    assert err.startswith("aperture: ")
    assert 10 < len(err) < 3000
    assert err.count("aperture: ") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("comapre status_quo", "compare"),
        ("run staged_relase", "staged_release"),
        ("run status_quo --replicate 3", "--replicates"),
        ("run status_quo --with offense_dominant", "offence_dominant"),
        ("run status_quo --set misuse.exposure_grwth=1.2", "misuse.exposure_growth"),
    ],
)
def test_near_misses_are_suggested(words, meant, aperture):
    code, _, err = aperture(*words.split())
    assert code == 2
    assert meant in err


def test_scenarios_that_do_not_fit_together_are_refused(aperture, tmp_path, calls):
    (tmp_path / "short.toml").write_text('schema_version = 1\ntitle = "t"\nmonths = 12\n')
    (tmp_path / "early.toml").write_text('schema_version = 1\ntitle = "t"\nstart = "2020-01"\n')
    code, _, err = aperture("compare", tmp_path / "short.toml")
    assert code == 2
    assert "differ in months" in err
    assert aperture("compare", tmp_path / "short.toml", "--months", 6, "-r", 2)[0] == 0
    code, _, err = aperture("compare", tmp_path / "early.toml")
    assert code == 2
    assert "start at different times" in err
    assert aperture("compare", tmp_path / "early.toml", "--baseline", tmp_path / "early.toml", "-r", 2)[0] == 0
    assert calls[-2].scenarios[0].start == 2020 * 12, "the counterfactual starts when the scenarios do"


def test_draw_files(aperture, tmp_path, calls):
    path = tmp_path / "draws.csv"
    path.write_text("\ufeffdraw,misuse.exposure_growth\r\n0,1.21\r\n1,1.3\r\n")
    assert aperture("run", "status_quo", "-r", 2, "--months", 3, "--draws", path, "--json")[0] == 0
    assert calls[0].draws["misuse.exposure_growth"].tolist() == [1.21, 1.3]
    bad = {
        "": "no draws",
        "misuse.exposure_growth\n": "no draws",
        "misuse.exposure_grwth\n1.2\n": "exposure_growth",
        "misuse.exposure_growth\nnan\n": "finite",
        "misuse.exposure_growth\nx\n": "finite",
        "misuse.exposure_growth\n99\n": "99",
        "misuse.exposure_growth\n1.2,1.3\n": "2 cells",
        "misuse.exposure_growth,misuse.exposure_growth\n1.2,1.3\n": "twice",
        'misuse.exposure_growth\n"1.2\n': "cannot be read",
    }
    for text, message in bad.items():
        path.write_text(text)
        code, _, err = aperture("run", "status_quo", "--draws", path)
        assert code == 2
        assert message in err
    path.write_bytes(b"\xff\xfe\x00\x01")
    assert aperture("run", "status_quo", "--draws", path)[0] == 2


def test_long_work_needs_yes(aperture, calls):
    words = ("run", "status_quo", "-r", 30_000, "--months", 1, "--set", "population.misusers=2000000")
    code, _, err = aperture(*words)
    assert code == 2
    assert "--yes" in err
    assert "agent-months" in err
    assert not calls
    assert aperture(*words[:3], 3, *words[4:], "--yes", "--json")[0] == 0


@pytest.mark.usefixtures("calls")
def test_directories_that_are_not_ours_are_refused(aperture, tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    for target in (tmp_path, tmp_path / "thesis.tex", tmp_path / "thesis.tex" / "below"):
        code, _, err = aperture("run", "status_quo", "-r", 2, "--out", target)
        assert code == 2
        assert "output directory" in err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
