"""Samples of designs: stretches, growth, blocks, the dummy, levers; known answers from the analyses that need them."""

import numpy as np
import pytest
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis

from sim.errors import InputError
from sim.experiments.design import from_document, read_design
from sim.experiments.factors import DUMMY, with_levers
from sim.experiments.samples import KINDS, STRETCH
from sim.parameters.sampling import uniforms

NAMES = list("abcde")
BASE = {"schema_version": 1, "scenarios": ["staged_release", "status_quo"], "months": 2, "seed": 3}
ONE = ["misuse.exposure_growth"]


def design(**changes):
    return from_document({**BASE, "design": "halton", "samples": 8, "parameters": ONE, **changes})


@pytest.mark.parametrize("kind", KINDS)
def test_any_stretch_is_made_alone(kind):
    block = KINDS[kind].block(len(NAMES))
    total = 16 * block
    whole = KINDS[kind].unit(NAMES, 0, total, total, 3)
    assert whole.shape == (5, total) and whole.min() >= 0 and whole.max() <= 1
    for first, last in ((0, 5), (3, 4), (7, total), (block, 2 * block), (total - 1, total)):
        np.testing.assert_array_equal(KINDS[kind].unit(NAMES, first, last, total, 3), whole[:, first:last])
    grown = KINDS[kind].unit(NAMES, 0, total, 2 * total, 3)
    assert np.array_equal(grown, whole) is KINDS[kind].grows
    assert not np.array_equal(KINDS[kind].unit(NAMES, 0, total, total, 4), whole)


@pytest.mark.parametrize("kind", ["sobol", "halton", "latin_hypercube"])
def test_one_factor_more_changes_no_other_column(kind):
    few, more = (KINDS[kind].unit(names, 0, 64, 64, 3) for names in (NAMES, [*NAMES, "z"]))
    np.testing.assert_array_equal(more[:5], few)
    assert (np.sort(few * 64 // 1, axis=1) == np.arange(64)).all() or kind == "halton"


def test_streams_are_the_same_in_parts_of_long_blocks():
    whole = uniforms(NAMES, 5000, 7)
    for first, last in ((0, 1), (1, 2), (3, 3), (100, 700), (4096, 4200), (4900, 5000)):
        np.testing.assert_array_equal(uniforms(NAMES, last, 7, first), whole[:, first:last])


def test_long_samples_are_held_a_stretch_at_a_time():
    asked = design(samples=3 * STRETCH)
    edge = asked.sample.rows(STRETCH - 3, STRETCH + 4)
    whole = asked.samples
    for name, column in edge.items():
        np.testing.assert_array_equal(column, whole[name][STRETCH - 3 : STRETCH + 4])


def ishigami(u):
    """Its first-order indices are 0.3139, 0.4424, 0 and its total ones 0.5576, 0.4424, 0.2437 (a = 7, b = 0.1)."""
    x = np.pi * (2 * u[:3] - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


@pytest.mark.parametrize("second", [False, True])
def test_saltelli_blocks_give_known_indices(second):
    kind = KINDS["saltelli_second_order" if second else "saltelli"]
    total = 2048 * kind.block(4)
    y = ishigami(kind.unit(["x", "y", "z", DUMMY], 0, total, total, 7))
    problem = {"num_vars": 4, "names": ["x", "y", "z", DUMMY], "bounds": [[0, 1]] * 4}
    found = sobol_analysis.analyze(problem, y, calc_second_order=second, num_resamples=10, seed=1)
    np.testing.assert_allclose(found["S1"], [0.3139, 0.4424, 0, 0], atol=0.02)
    np.testing.assert_allclose(found["ST"], [0.5576, 0.4424, 0.2437, 0], atol=0.02)
    if second:
        assert found["S2"][0, 2] == pytest.approx(0.2437, abs=0.03)


def test_morris_trajectories_give_the_slopes_of_a_line():
    total = 10 * 6
    u = KINDS["morris"].unit(NAMES, 0, total, total, 7)
    steps = np.diff(u.reshape(5, 10, 6), axis=2)
    assert ((steps != 0).sum(axis=0) == 1).all() and ((steps != 0).sum(axis=2) == 1).all()
    assert set(np.abs(steps[steps != 0]).round(12)) == {round(2 / 3, 12)}
    assert {0, 1, 2, 3} == set((3 * u).round().astype(int).ravel())
    problem = {"num_vars": 5, "names": NAMES, "bounds": [[0, 1]] * 5}
    found = morris_analysis.analyze(problem, u.T, np.array([1.0, -2, 3, 0, 5]) @ u, seed=1)
    np.testing.assert_allclose(found["mu"], [1, -2, 3, 0, 5], atol=1e-12)


def test_blocks_are_recorded_and_luck_is_shared(tmp_path):
    from sim.experiments.sweep import sweep

    asked = design(design="saltelli", samples=2, replicates=2)
    store = sweep(asked, tmp_path / "s")
    assert (store.block, store.factors) == (4, ("misuse.exposure_growth", DUMMY))
    table = store.to_dataframe().query("scenario == 'status_quo'")
    for _, block in table.groupby([table["draw"] // store.block, "replicate"]):
        assert block[DUMMY].nunique() == 2 and block["misuse.exposure_growth"].nunique() == 2
        first, crossed = block.iloc[0], block.iloc[2]  # A, and A with the dummy from B
        assert first[DUMMY] != crossed[DUMMY] and first["cumulative_harm"] == crossed["cumulative_harm"]


def test_levers_move_the_policies_that_have_them(tmp_path):
    asked = design(
        levers={
            "staged_release.delay_months": {"low": 0, "high": 24},
            "staged_release.start": {"low": "2026-01", "high": "2026-03"},
            "staged_release.threshold": {"values": ["distance_to_frontier"]},
        },
        samples=60,
    )
    rows = asked.sample.rows(0, 60)
    delay, start = rows["staged_release.delay_months"], rows["staged_release.start"]
    assert 0 <= delay.min() < 2 and 22 < delay.max() <= 24
    assert set(start) == {2026 * 12, 2026 * 12 + 1, 2026 * 12 + 2}
    moved = with_levers(asked.cases[0].scenario, {"staged_release.start": start[0], "staged_release.delay_months": 7.0})
    policy = next(item for item in moved.policies if item.kind == "staged_release")
    assert (policy.delay_months, policy.start) == (7.0, start[0])
    assert with_levers(asked.cases[1].scenario, {"staged_release.delay_months": 7.0}) == asked.cases[1].scenario


def test_a_run_with_levers_is_the_run_of_that_scenario(tmp_path):
    import sim
    from sim.experiments.sweep import sweep

    asked = design(
        design="grid", samples=None, parameters=None, months=40, levels={"staged_release.delay_months": [0, 24]},
        levers={"staged_release.start": {"values": ["2024-02", "2026-01"]}}, scenarios=["staged_release"], replicates=3,
    )  # fmt: skip
    table = sweep(asked, tmp_path / "s").to_dataframe()
    assert len(table) == 12
    for (delay, start), part in table.groupby(["staged_release.delay_months", "staged_release.start"]):
        settings = [f"staged_release.delay_months={delay}", f"staged_release.start={start // 12}-{start % 12 + 1:02d}"]
        alone = sim.run(sim.load("staged_release", settings=settings), replicates=3, seed=3, months=40)
        np.testing.assert_array_equal(part["open_release_share"], alone.summary()["open_release_share"])
    assert table.groupby("draw")["open_release_share"].mean().nunique() > 1


def test_levers_and_draws_of_files(tmp_path):
    (tmp_path / "mine.csv").write_text(
        "staged_release.delay_months,staged_release.start,misuse.exposure_growth\n6,2027-01,1.2\n"
    )
    text = 'schema_version = 1\nscenario = "staged_release"\ndraws = "mine.csv"\n'
    (tmp_path / "d.toml").write_text(text)
    asked = read_design(tmp_path / "d.toml")
    assert asked.kind == "csv" and [factor.lever for factor in asked.factors] == [True, True, False]
    assert asked.samples["staged_release.start"].tolist() == [2027 * 12]
    assert read_design(tmp_path / "d.toml", "calibrated").draws > 100
    (tmp_path / "sobol.toml").write_text('schema_version = 1\nscenario = "staged_release"\nsamples = 8\n')
    assert read_design(tmp_path / "sobol.toml", str(tmp_path / "mine.csv")).draws == 1


def test_unquoted_names_of_levers_mean_the_same(tmp_path):
    text = 'schema_version = 1\nscenario = "staged_release"\nsamples = 8\nparameters = []\n'
    (tmp_path / "d.toml").write_text(text + "[levers]\nstaged_release.delay_months = {low = 0, high = 24}\n")
    assert [factor.name for factor in read_design(tmp_path / "d.toml").factors] == [
        "staged_release.delay_months",
        DUMMY,
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"design": "sobol", "samples": 100}, "samples: 100 is no power of two. Write 64 or 128"),
        ({"design": "saltelli", "samples": 3}, "samples: 3 is no power of two"),
        ({"parameters": []}, "nothing is varied"),
        ({"second_order": True}, "second_order: a design of kind halton has none"),
        ({"levers": {"staged_release.delay": {"low": 0, "high": 1}}}, "Did you mean staged_release.delay_months"),
        ({"levers": {"staged_release.__class__": {"low": 0, "high": 1}}}, "is no field of a policy"),
        ({"levers": {"months": {"low": 1, "high": 2}}}, "is no field of a policy"),
        ({"levers": {"staged_release.delay_months": {"low": 24, "high": 0}}}, "low 24.0 is not below high 0.0"),
        ({"levers": {"staged_release.delay_months": {"low": 0}}}, "needs low and high, or values"),
        ({"levers": {"staged_release.delay_months": {"low": 0, "high": 1e9}}}, "is outside the range"),
        ({"levers": {"staged_release.delay_months": {"low": "a", "high": 1}}}, "'a' is not a number"),
        ({"levers": {"staged_release.start": {"low": "2027", "high": "2028-01"}}}, "not a month. Write a month as"),
        ({"levers": {"staged_release.phase_in_months": {"low": 0.5, "high": 3}}}, "0.5 is not a whole number"),
        ({"levers": {"staged_release.threshold": {"low": 0, "high": 3}}}, "words have no range"),
        ({"levers": {"staged_release.threshold": {"values": ["height"]}}}, "not one of the possible words"),
        ({"levers": {"staged_release.jurisdictions": {"values": ["us"]}}}, "a list of words cannot be varied"),
        ({"levers": {"bug_bounty.strength": {"low": 0, "high": 1}}}, "no scenario of the design has the policy"),
        ({"levers": {"staged_release.strength": {"values": []}}}, "at least one of values"),
        ({"levers": {"outcomes": "monthly"}}, "levers.outcomes: stands inside a table. Move it above"),
        ({"outcomes": "weekly"}, "outcomes: 'weekly' is not possible"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        design(**changes)


def test_a_range_in_a_grid_is_refused():
    with pytest.raises(InputError, match="a grid needs values"):
        from_document({**BASE, "design": "grid", "levers": {"staged_release.delay_months": {"low": 0, "high": 24}}})
