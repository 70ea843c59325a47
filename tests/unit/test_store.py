"""The store of a sweep: months, arrays, questions in SQL, compaction."""

import shutil

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.experiments import sweep as module
from sim.experiments.checking import verify
from sim.experiments.compaction import compact
from sim.experiments.design import from_document
from sim.experiments.holding import filled
from sim.experiments.sweep import sweep

BASE = {"schema_version": 1, "scenario": "status_quo", "months": 2, "seed": 3, "design": "halton"}


def design(**changes):
    return from_document({**BASE, **changes})


def stored(store):
    return {path.name: path.read_bytes() for _, path, _ in store.chunks()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sweep that nothing interrupted."""
    return sweep(design(design="sobol", samples=64, replicates=5), tmp_path_factory.mktemp("whole") / "s")


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    """A sweep that keeps months, of two cases in eight chunks."""
    asked = monthly_design()
    return sweep(asked, tmp_path_factory.mktemp("monthly") / "s")


def monthly_design():
    return design(
        scenario=None, scenarios=["status_quo", "staged_release"], samples=7, replicates=64, outcomes="monthly"
    )


def test_months_are_kept(monthly):
    table = monthly.to_months()
    assert len(table) == 2 * 7 * 64 * 2 and list(table.columns[:6]) == [
        "run", "scenario", "world", "draw", "replicate", "month",
    ]  # fmt: skip
    last = table[table["month"] == "2024-02"].reset_index(drop=True)
    runs = monthly.to_dataframe()
    assert (last["run"] == runs["run"]).all()
    np.testing.assert_allclose(last["frontier_capability"], runs["frontier_capability"], rtol=1e-6)
    array = monthly.to_xarray()
    assert dict(array.sizes) == {"scenario": 2, "world": 1, "draw": 7, "replicate": 64, "month": 2}
    picked = array["frontier_capability"].sel(scenario="staged_release", draw=3, replicate=5, month="2024-02")
    row = runs.query("scenario == 'staged_release' and draw == 3 and replicate == 5")
    assert float(picked.squeeze()) == pytest.approx(row["frontier_capability"].item(), rel=1e-6)
    assert array["misuse.exposure_growth"].dims == ("draw",)


def test_arrays_of_a_sweep_carry_units(whole):
    array = whole.to_xarray()
    assert dict(array.sizes) == {"scenario": 1, "world": 1, "draw": 64, "replicate": 5}
    assert array["cumulative_harm"].attrs["units"] == sim.OUTCOMES["cumulative_harm"].unit
    row = whole.to_dataframe().query("draw == 9 and replicate == 2")
    assert float(array["cumulative_harm"].squeeze()[9, 2]) == row["cumulative_harm"].item()


def test_some_columns_of_the_first_draws(whole):
    part = whole.to_dataframe(["misuse.exposure_growth", "cumulative_harm"], draws=1)
    full = whole.to_dataframe()
    keys = ["run", "scenario", "world", "draw", "replicate", "error"]
    assert list(part.columns) == [*keys, "misuse.exposure_growth", "cumulative_harm"]
    assert part.equals(full[part.columns].iloc[: len(part)]) and len(part) == 125 < len(full)
    with pytest.raises(InputError, match="Did you mean cumulative_harm"):
        whole.to_dataframe(["cumulative_harms"])


def test_questions_in_sql(monthly):
    means = monthly.sql("SELECT scenario, avg(cumulative_harm) AS harm FROM runs GROUP BY scenario ORDER BY scenario")
    table = monthly.to_dataframe().groupby("scenario")["cumulative_harm"].mean()
    np.testing.assert_allclose(means["harm"], table)
    assert monthly.sql("SELECT count(*) AS n FROM months").loc[0, "n"] == 2 * 7 * 64 * 2


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM read_csv('FILE')", "SELECT * FROM read_text('FILE')", "SELECT * FROM glob('FILE*')",
     "COPY runs TO 'FILE'", "ATTACH 'FILE'", "INSTALL httpfs", "DROP VIEW runs", "CREATE TABLE x AS SELECT 1",
     "SELECT 1; SELECT 2", "SELECT nothing FROM runs", "SELEKT", "", "SELECT * FROM os", "SELECT * FROM 'FILE'"],
)  # fmt: skip
def test_sql_reads_the_sweep_and_nothing_else(monthly, tmp_path, query):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(InputError, match=r"^sql: "):
        monthly.sql(query.replace("FILE", str(secret)))
    assert secret.read_text() == "a\n1\n" and list(tmp_path.iterdir()) == [secret]


def test_compaction_changes_no_row(monthly, tmp_path, monkeypatch):
    shutil.copytree(monthly.directory, tmp_path / "s")
    store, asked = sim.open_sweep(tmp_path / "s"), monthly_design()
    remove = type(store).remove
    with monkeypatch.context() as patch:  # a kill between the new file and the removal of its parts
        patch.setattr(type(store), "remove", lambda self, path: None)
        compact(store)
    assert len(list(store.folder.iterdir())) == 10 and store.to_dataframe().equals(monthly.to_dataframe())
    assert compact(store) == (10, 2) and len(list(tmp_path.glob("s/months/*"))) == 2
    assert type(store).remove is remove
    for table in ("to_dataframe", "to_months"):
        assert getattr(store, table)().equals(getattr(monthly, table)())
    assert verify(store, asked) == [] and store.status()["finished"] == len(asked)
    monkeypatch.setattr(module, "carry_out", None)  # a finished chunk is not run again
    sweep(asked, tmp_path / "s")


def test_a_sweep_goes_on_after_compaction(whole, tmp_path):
    sweep(design(design="sobol", samples=32, replicates=2), tmp_path / "s")
    compact(sim.open_sweep(tmp_path / "s"))
    grown = sweep(design(design="sobol", samples=64, replicates=5), tmp_path / "s")
    assert grown.to_dataframe().equals(whole.to_dataframe())
    with (
        filled(tmp_path / "s", design(design="sobol", samples=64, replicates=5)),
        pytest.raises(InputError, match="another sweep"),
    ):
        compact(grown)


def test_damaged_months_are_found_and_made_anew(monthly, tmp_path):
    shutil.copytree(monthly.directory, tmp_path / "s")
    store, good = sim.open_sweep(tmp_path / "s"), stored(monthly)
    paths = [path for _, path, _ in store.chunks()]
    store.months_of(paths[0]).unlink()
    store.months_of(paths[1]).write_bytes(store.months_of(paths[1]).read_bytes()[:-7])
    assert [fault.split(":")[0] for fault in verify(store, repair=True)] == [paths[0].name, paths[1].name]
    again = sweep(monthly_design(), tmp_path / "s")
    assert stored(again) == good and again.to_months().equals(monthly.to_months())
