"""Commands that analyse sweeps: tables for people, documents for programs, exit codes, one message for mistakes."""

import json
from pathlib import Path

import pytest

from tests.planted import CRUX, planted_sweep

PAIR = "closed_frontier,open_by_default"
LARGE = ["--half-width", "1e9"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return planted_sweep(tmp_path_factory.mktemp("planted") / "s", samples=64).directory


@pytest.fixture(scope="module")
def screening(tmp_path_factory):
    folder = tmp_path_factory.mktemp("screening") / "s"
    return planted_sweep(folder, design="morris", samples=4, scenarios=PAIR.split(",")).directory


def test_cruxes_in_words_and_as_a_document(aperture, document, store, tmp_path):
    figure = tmp_path / "c.json"
    code, out, err = aperture("cruxes", store, "--policies", PAIR, "--prefer", "harm=1", "--figure", figure)
    assert (code, err) == (0, "")
    assert f"1. {CRUX}" in out and "open_by_default is preferred, above it closed_frontier" in " ".join(out.split())
    assert set(json.loads(figure.read_text())) == {"worth", "turns"}
    found = document("cruxes", store, "--policies", PAIR, "--prefer", "harm=1", "--json")
    assert found["cruxes"][0]["assumption"] == CRUX and found["futures"] == 64
    weights = document("cruxes", store, "--prefer", "innovation=1,harm=3", "--scale", "percent", "--json")
    assert weights["preference"] == {
        "weights": {"cumulative_innovation": 1.0, "cumulative_harm": 3.0}, "scale": "percent"
    }  # fmt: skip


def test_robust_and_discover(aperture, document, store, tmp_path):
    page = tmp_path / "r.html"
    code, out, err = aperture("robust", store, "--optimism", "0.2", "--target", "-10", "--figure", page)
    assert (code, err) == (0, "") and "largest regret" in out and "Kendall" in out
    assert page.read_text("utf-8").count("Plotly.newPlot") == 4
    assert document("robust", store, "--json")["tables"]["cumulative_harm"]["rules"]["Hurwicz"]["rank"]
    code, out, err = aperture("discover", store, "--policies", PAIR)
    assert (code, err) == (0, "") and CRUX in out and "coverage" in out and "tree" in out
    assert CRUX in document("discover", store, "--policies", PAIR, "--json")["box"]["limits"]


def test_replicates_exits_by_its_verdict(aperture, document, store):
    code, out, err = aperture("replicates", store, "--policies", PAIR, *LARGE)
    assert (code, err) == (0, "") and "Enough." in out and "open_by_default minus closed_frontier" in out
    code, out, err = aperture("replicates", store, "--policies", PAIR, "--half-width", "1e6", "--json")
    assert (code, err) == (1, "") and json.loads(out)["verdict"] == "more"


def test_screening_and_the_design_that_follows(aperture, document, screening, tmp_path):
    file = tmp_path / "next.toml"
    code, out, err = aperture("sensitivity", screening, "--top", "2", "--next", file, "--blocks", "16")
    assert (code, err) == (0, "") and "Elementary effects" in out and "dummy" in out
    assert 'design = "saltelli"' in file.read_text()
    found = document("sensitivity", screening, "--outcomes", "harm,innovation", "--json")["analyses"]
    assert [one["outcome"] for one in found] == ["cumulative_harm", "cumulative_innovation"]
    assert found[0]["effects"][CRUX]["absolute"] == pytest.approx(1e9)
    assert aperture("sensitivity", screening, "--next", file, "--blocks", "17")[0] == 2


def test_tables_for_a_paper(aperture, document, store, tmp_path):
    file = tmp_path / "t.tex"
    assert aperture("table", store, "--format", "latex", "--output", file)[:2] == (0, f"{file}\n")
    assert r"\toprule" in file.read_text("utf-8")
    code, out, _ = aperture("table", store, "--outcomes", "harm", "--baseline", "staged_release")
    assert code == 0 and out.splitlines()[1].startswith("default,staged_release,cumulative_harm,USD,128,64,")
    assert len(document("table", store, "--json")["cells"]) == 9


def test_a_design_is_carried_out_first(aperture, tmp_path):
    design = tmp_path / "d.toml"
    design.write_text(
        'schema_version = 1\nscenarios = ["status_quo", "closed_frontier"]\nmonths = 1\nsamples = 4\n'
        'parameters = ["misuse.learning"]\n'
    )
    code, out, err = aperture("table", design, "--out", tmp_path / "s")
    assert (code, err) == (0, "") and len(out.splitlines()) == 7
    assert aperture("table", tmp_path / "s")[1] == out


def test_optimise_small(aperture, document, tmp_path):
    file = tmp_path / "small.toml"
    file.write_text(
        'schema_version = 1\ntitle = "Small"\nbaseline = "staged_release"\nstart = 2026-10\nmonths = 8\n'
        "[population]\nmisusers = 64\ndefenders = 64\nbuilders = 64\n".replace("2026-10", "2026-10-01")
    )
    words = ["optimise", file, "--lever", "staged_release.delay_months=0:24", "--lever", "staged_release.value=-3:0"]
    words += ["--outcomes", "innovation,harm", "--futures", "2", "--confirmed", "4", "--size", "4"]
    words += ["--generations", "2", "--seeds", "2", "--packages", "3"]
    figure = tmp_path / "f.json"
    code, out, err = aperture(*words, "--figure", figure)
    assert (code, err) == (0, "") and "as it is" in out and "Hypervolume" in out
    found = document(*words, "--json")
    assert found["evaluations"] == 16 and 1 <= len(found["packages"]) <= 3
    assert max(found["hypervolumes"]) == 1.0
    for package in found["packages"]:
        assert 0 <= package["levers"]["staged_release.delay_months"] <= 24
        low, middle, high = package["differences"]["cumulative_harm"]
        assert low <= middle <= high


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("cruxes", "nowhere"), "no sweep"),
        (("cruxes", "STORE", "--prefer", "harm"), "NAME=WEIGHT"),
        (("cruxes", "STORE", "--policies", "a,,b"), "list of different names"),
        (("cruxes", "STORE", "--policies", "open_science,status_quo"), "not in the sweep"),
        (("cruxes", "STORE", "--scale", "feet"), "invalid choice"),
        (("robust", "STORE", "--optimism", "2"), "0 to 1"),
        (("robust", "STORE", "--optimism", "nan"), "finite number"),
        (("robust", "STORE", "--figure", "x.png"), ".html"),
        (("robust", "STORE", "--figure", "no/x.html"), "no directory"),
        (("discover", "STORE", "--prefer", "innovation=1"), "true in 0"),
        (("discover", "STORE", "--parameters", "nothing"), "no assumption"),
        (("replicates", "STORE"), "--half-width"),
        (("replicates", "STORE", "--half-width", "-1"), "half-width"),
        (("replicates", "STORE", "--half-width", "1", "--outcome", "harm"), "no outcome"),
        (("sensitivity", "STORE"), "Name one, or two"),
        (("sensitivity", "STORE", "--policies", PAIR, "--next", "x.toml", "--blocks", "100"), "no power of two"),
        (("sensitivity", "STORE", "--policies", PAIR, "--next", "x.toml", "--also", "y.toml"), "no such file"),
        (("optimise", "status_quo", "--lever", "staged_release.delay_months=0:24"), "staged_release"),
        (("optimise", "staged_release", "--lever", "delay"), "not a field and a range"),
        (("optimise", "staged_release", "--lever", "staged_release.delay_months=9:1"), "not below"),
        (("optimise", "staged_release", "--lever", "staged_release.delay_months=0:9", "--outcomes", "harm"), "two to"),
        (("table", "STORE", "--baseline", "open_science"), "not among"),
        (("table", "STORE", "--outcomes", "nothing"), "no outcome"),
    ],
)
def test_mistakes_are_refused(aperture, store, words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = aperture(*(str(store) if word == "STORE" else word for word in words))
    assert (code, out) == (2, "") and message in err and err.count("\n") == 1
    assert not list(Path().iterdir())
