"""Designs of experiments: what they sample, and what is refused."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.cost import cost
from sim.experiments.design import from_document, parse_design, read_design, shipped_design
from sim.experiments.factors import DUMMY
from sim.parameters import REGISTRY

BASE = {"schema_version": 1, "scenario": "status_quo", "months": 2, "seed": 3}


def design(**changes):
    return from_document({**BASE, **changes})


def test_kinds_of_designs(tmp_path):
    grid = design(
        design="grid", levels={"misuse.exposure_growth": [1.2, 1.3], "market.brand_speed": [0.05, 0.06, 0.07]}
    )
    assert grid.draws == 6
    cube = design(design="latin_hypercube", samples=8, parameters=["misuse.uplift_cap_*"])
    assert len(cube.samples) == 5  # with the dummy
    values = np.sort(next(iter(cube.samples.values())))
    assert len(np.unique(values)) == 8
    (tmp_path / "mine.csv").write_text("misuse.exposure_growth\n1.2\n1.3\n")
    (tmp_path / "d.toml").write_text('schema_version = 1\nscenario = "status_quo"\ndesign = "csv"\nfile = "mine.csv"\n')
    assert read_design(tmp_path / "d.toml").samples["misuse.exposure_growth"].tolist() == [1.2, 1.3]
    assert design(samples=4).samples.keys() == {*REGISTRY.uncertain(), DUMMY}


def test_files_of_a_design_stand_beside_it(tmp_path):
    (tmp_path / "mine.toml").write_text('schema_version = 1\ntitle = "Mine"\nbaseline = "status_quo"\n')
    text = 'schema_version = 1\nscenarios = ["mine.toml"]\ndesign = "defaults"\n'
    (tmp_path / "d.toml").write_text(text)
    assert [case.name for case in read_design(tmp_path / "d.toml").cases] == ["mine@default"]


def test_one_parameter_more_changes_no_other_column():
    few = design(samples=16, parameters=["misuse.exposure_growth"]).samples
    more = design(samples=16, parameters=["market.*", "misuse.exposure_growth"]).samples
    np.testing.assert_array_equal(few["misuse.exposure_growth"], more["misuse.exposure_growth"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"samples": 0}, "samples: 0 is outside"),
        ({"samples": True}, "samples: True is not a whole number"),
        ({"samples": "100"}, "samples: '100' is not a whole number"),
        ({"samples": 10**12}, "samples: .* is outside"),
        ({}, "samples: is missing"),
        ({"samples": 4, "seed": -1}, "seed: -1 is outside"),
        ({"samples": 4, "months": 0}, "months: 0 is outside"),
        ({"samples": 4, "schema_version": 2}, "schema_version: 2 belongs to a later version"),
        ({"samples": 4, "design": "magic"}, "design: 'magic' is not possible"),
        ({"samples": 4, "sample": 3}, "sample: is not a known key. Did you mean samples"),
        ({"samples": 4, "scenarios": ["status_quo"]}, "one of scenario and scenarios"),
        ({"samples": 4, "scenario": "statusquo"}, "Did you mean status_quo"),
        ({"samples": 4, "worlds": ["nowhere"]}, "there is no world 'nowhere'"),
        ({"samples": 4, "worlds": ["default", "default"]}, "worlds: a name stands there twice"),
        ({"samples": 4, "parameters": ["agents.__class__"]}, "matches no uncertain parameter"),
        ({"samples": 4, "parameters": [3]}, r"parameters\[0\]: 3 is not text"),
        ({"samples": 4, "design": "grid", "levels": {"market.brand_speed": [0.1]}}, "samples: a design of kind grid"),
        ({"design": "grid", "levels": {"market.brand_speed": [float("inf")]}}, "inf is not a finite number"),
        ({"design": "grid", "levels": {"market.brand_speed": [9]}}, "outside its admissible interval"),
        ({"design": "grid", "levels": {"market.brand_speed": []}}, "levels: the grid has no points"),
        ({"design": "grid", "levels": {"nope.x": [1]}}, "there is no parameter 'nope.x'"),
        ({"design": "csv", "file": "none.csv"}, "none.csv.*cannot be read"),
        ({"samples": 524_288, "replicates": 100_000}, "At most"),
    ],
)
def test_bad_designs_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        design(**changes)


def test_text_from_anybody_names_no_file(tmp_path):
    (tmp_path / "secret.csv").write_text("misuse.exposure_growth\n1.2\n")
    head = "schema_version = 1\nmonths = 2\n"
    for text in (
        f'scenario = "{tmp_path}/mine.toml"\nsamples = 2\n',
        'scenario = "mine.toml"\nsamples = 2\n',
        'scenario = "status_quo"\nsamples = 2\nworlds = ["offence_dominant+../x"]\n',
        f'scenario = "status_quo"\ndraws = "{tmp_path}/secret.csv"\n',
        f'scenario = "status_quo"\ndesign = "csv"\nfile = "{tmp_path}/secret.csv"\n',
    ):
        with pytest.raises(InputError, match="is a file"):
            parse_design(head + text)
    assert parse_design(head + 'scenario = "status_quo"\ndraws = "calibrated"\n').kind == "csv"
    assert len(parse_design(shipped_design("regimes_by_worlds"))) == len(read_design("regimes_by_worlds"))
    with pytest.raises(InputError, match="Did you mean regimes_by_worlds"):
        shipped_design("regime_by_worlds")


def test_cost_grows_with_the_work():
    small, large = design(samples=4), design(samples=8, replicates=2, outcomes="monthly")
    assert cost(large).agent_months == 4 * cost(small).agent_months
    assert cost(small, 2).seconds == cost(small).seconds / 2 and cost(large).bytes > 4 * cost(small).bytes
