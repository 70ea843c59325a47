"""The command that carries a design out."""

import pytest

DESIGN = 'schema_version = 1\ntitle = "Two"\nscenario = "status_quo"\nmonths = 1\nsamples = 2\n'


@pytest.fixture
def design(tmp_path):
    path = tmp_path / "design.toml"
    path.write_text(DESIGN)
    return path


def test_sweep_status_and_verify(aperture, document, design, tmp_path):
    out = tmp_path / "s"
    code, text, err = aperture("sweep", design, "--out", out)
    assert (code, err) == (0, "") and "finished" in text and "open_sweep" in text
    assert document("sweep", "status", out, "--json") == document("sweep", design, "--out", out, "--json")
    assert aperture("sweep", "verify", out)[:2] == (0, "Every chunk is sound.\n")
    assert document("sweep-status", out, "--json") == document("sweep", "status", out, "--json")
    assert document("sweep-verify", out, "--against", design, "--json") == {"faults": [], "repaired": False}
    assert document("sweep-compact", out, "--json") == {"before": 1, "after": 1}
    assert aperture("sweep", "compact", out)[:2] == (0, "1 files were joined into 1.\n")
    chunk = next((out / "runs").iterdir())
    chunk.write_bytes(chunk.read_bytes()[:500])
    code, text, _ = aperture("sweep", "verify", out)
    assert code == 1 and chunk.name in text
    assert aperture("sweep", "verify", out, "--repair")[0] == 0
    assert document("sweep", "status", out, "--json")["missing"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("DESIGN",), "--out"),
        (("DESIGN", "--out", "x", "--shard", "3/2"), "3/2"),
        (("DESIGN", "more", "--out", "x"), "one too many"),
        (("nowhere.toml", "--out", "x"), "nowhere.toml"),
        (("status",), "DIR"),
        (("status", "nowhere"), "no sweep"),
        (("DESIGN", "--out", "DESIGN"), "not a sweep"),
    ],
)
def test_mistakes_are_refused(aperture, design, words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = aperture("sweep", *(design if word == "DESIGN" else word for word in words))
    assert (code, out) == (2, "") and message in err and err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["design.toml"]


def test_long_work_needs_a_yes(aperture, design, tmp_path):
    text = DESIGN.replace("samples = 2", 'samples = 1_048_576\nparameters = ["misuse.exposure_growth"]')
    design.write_text(text.replace("months = 1", "months = 120"))
    code, _, err = aperture("sweep", design, "--out", tmp_path / "s")
    assert code == 2 and "--yes" in err and not (tmp_path / "s").exists()
