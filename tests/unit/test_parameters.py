"""The registry of parameters: reading, checking, sampling and columns."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import make_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.parameters import REGISTRY, Parameter, Registry, TableError, columns
from sim.parameters.sampling import quantile, uniforms
from sim.parameters.tables import parse

TABLE = """
[speed]
description = "how fast"
unit = "1/month"
default = 0.2
low = 0.1
high = 0.4
distribution = "loguniform"
bounds = [0.0, 2.0]
source = "judgement"
reasoning = "a guess"

[uplift]
description = "how much"
unit = "log-odds"
index = "domain"
default = [1, 2, 3, 4]
low = 0
high = [2, 3, 4, 5]
distribution = "uniform"
source = "E01, E02"

[peak]
description = "where"
unit = "share"
default = 0.25
low = 0
high = 1
distribution = "triangular"
source = "E01"

[step]
description = "by definition"
unit = "month"
default = 1
distribution = "fixed"
source = "E01"

[form]
description = "which equation"
unit = "choice"
default = "nested"
options = ["nested", "level", "none"]
distribution = "choice"
source = "judgement"
reasoning = "rival forms"
"""
FACTS = {"E01": "primary source", "E02": "secondary source", "E03": "unverified"}
SMALL = Registry(lambda: parse("demo", TABLE, FACTS))
Record = make_dataclass("Record", ["speed", "uplift", "peak", "step", "form"], frozen=True)


def test_nothing_is_read_on_import() -> None:
    code = (
        "import sys, sim.parameters as p; assert '_entries' not in vars(p.REGISTRY); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names_fields_and_order() -> None:
    domains = ("fraud", "cyber", "influence", "bio")
    assert SMALL.names() == (
        "demo.speed",
        *(f"demo.uplift_{domain}" for domain in domains),
        "demo.peak",
        "demo.step",
        "demo.form",
    )
    assert [parameter.label for parameter in SMALL.fields("demo")["uplift"]] == list(domains)
    assert [parameter.name for parameter in SMALL.table("demo")] == list(SMALL.names())
    assert SMALL.structural() == ("demo.form",) and "demo.step" not in SMALL.uncertain()
    bio = SMALL["demo.uplift_bio"]
    assert (bio.default, bio.low, bio.high, bio.bounds) == (4.0, 0.0, 5.0, (0.0, 5.0))
    assert SMALL.defaults()["demo.form"] == "nested" and SMALL["demo.step"].low == 1.0
    assert "demo.none" not in SMALL and SMALL.table("none") == []


def test_kernels_are_named() -> None:
    assert SMALL["demo.speed"].kernel == "sim.demo"
    assert REGISTRY["regimes.r3_monitoring"].kernel == "sim.regimes"


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('unit = "1/month"', 'unit = ""', "unit must be text"),
        ('unit = "1/month"', 'units = "1/month"', "unknown key 'units'"),
        ('unit = "1/month"', "", "unit is missing"),
        ("default = 0.2", "default = 0.5", "low <= default <= high"),
        ("default = 0.2", "default = true", "no finite number"),
        ("default = 0.2", "default = nan", "no finite number"),
        ("default = 0.2", "default = [0.2]", "has no index"),
        ("low = 0.1", "", "low is missing"),
        ("low = 0.1", "low = 0", "must be positive"),
        ("bounds = [0.0, 2.0]", "bounds = [0.2, 2.0]", "must hold the range"),
        ("bounds = [0.0, 2.0]", "bounds = [0.2]", "two numbers"),
        ('"loguniform"', '"normal"', "none of uniform"),
        ('reasoning = "a guess"', "", "a judgement needs reasoning"),
        ('source = "E01, E02"', 'source = "E01, E99"', "'E99' is not in"),
        ('source = "E01, E02"', 'source = "E01, E03"', "unverified needs reasoning"),
        ("[1, 2, 3, 4]", "[1, 2, 3]", "3 values for the 4 places"),
        ('index = "domain"', 'index = "domains"', "none of domain"),
        ('default = "nested"', 'default = "nest"', "none of the options"),
        ('default = "nested"', 'low = 0\ndefault = "nested"', "no meaning for a choice"),
        ("[uplift]", "[speed_x]\n[uplift]", "description is missing"),
        ("[speed]", "[uplift_bio]", "declared twice"),
        ("[speed]", "[speed", "not valid TOML"),
    ],
)
def test_tables_that_are_wrong_are_refused(old: str, new: str, word: str) -> None:
    assert old in TABLE
    with pytest.raises(TableError, match=word):
        parse("demo", TABLE.replace(old, new, 1), FACTS)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(TableError) as raised:
        parse("demo", TABLE.replace("default = 0.2", "default = 9").replace('"triangular"', '"beta"'), FACTS)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("demo.sped", 0.2, "Did you mean demo.speed"),
        ("__class__", 0.2, "lists them all"),
        ("demo.speed", 2.1, "from 0 to 2"),
        ("demo.speed", "0.2", "finite number"),
        ("demo.speed", True, "finite number"),
        ("demo.speed", None, "finite number"),
        ("demo.speed", float("inf"), "finite number"),
        ("demo.speed", 10**400, "finite number"),
        ("demo.step", 2, "fixed at 1"),
        ("demo.form", "nest", "nested, level, none"),
        ("demo.form", 1, "nested, level, none"),
        ("demo.form", ["nested"], "nested, level, none"),
    ],
)
def test_values_that_are_wrong_are_refused(name: str, value: object, word: str) -> None:
    with pytest.raises(InputError, match=word):
        SMALL.check_value(name, value, "--set")


def test_values_that_are_right_are_returned() -> None:
    assert SMALL.check_value("demo.speed", 2, "--set") == 2.0
    assert SMALL.check_value("demo.form", "level", "--set") == "level"


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(-(2**70), 2**70), st.sets(st.sampled_from(SMALL.names())))
def test_samples_grow_and_do_not_depend_on_each_other(few: int, more: int, seed: int, names: set[str]) -> None:
    whole = SMALL.sample(few + more, seed)
    assert set(whole) == set(SMALL.names())
    for name, column in SMALL.sample(few, seed, sorted(names)).items():
        np.testing.assert_array_equal(column, whole[name][:few])
        parameter = SMALL[name]
        if parameter.low is None or parameter.high is None:
            assert set(column) <= set(parameter.options)
        else:
            assert ((column >= parameter.low) & (column <= parameter.high)).all()


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_streams_are_even_and_hardly_correlated(seed: int) -> None:
    names = [f"demo.p{i}" for i in range(100)]
    for n in (64, 256):
        u = uniforms(names, n, seed)
        assert (np.sort((u * n).astype(int), axis=1) == np.arange(n)).all()
        correlations = np.corrcoef(u)[np.triu_indices(len(names), 1)]
        assert abs(correlations.mean()) < 0.02
        assert correlations.std() < 1.1 / np.sqrt(n)
        assert np.abs(correlations).max() < 5 / np.sqrt(n)
    assert ((u > 0) & (u < 1)).all()
    assert not (uniforms(names, 8, seed) == uniforms(names, 8, seed + 1)).any()


def test_distributions() -> None:
    u = (np.arange(4096) + 0.5) / 4096

    def values(name: str) -> Any:
        return quantile(SMALL[name], u)

    np.testing.assert_allclose(values("demo.uplift_fraud").mean(), 1.0, atol=1e-6)
    np.testing.assert_allclose(np.median(values("demo.speed")), 0.2, rtol=1e-3)
    np.testing.assert_allclose(values("demo.peak").mean(), (0 + 0.25 + 1) / 3, atol=1e-4)
    assert (values("demo.step") == 1).all()
    assert [np.count_nonzero(values("demo.form") == option) for option in SMALL["demo.form"].options] == [
        1365,
        1366,
        1365,
    ]
    for name in ("demo.uplift_fraud", "demo.speed", "demo.peak"):
        assert (np.diff(values(name)) > 0).all()


@pytest.mark.parametrize("mode", [0.0, 1.0])
def test_a_triangle_may_peak_at_an_end(mode: float) -> None:
    [peak] = parse("demo", TABLE[TABLE.index("[peak]") : TABLE.index("[step]")].replace("0.25", str(mode)), FACTS)
    values = quantile(peak, np.linspace(0, 1, 101))
    assert np.isfinite(values).all() and values[0] == 0 and values[-1] == 1


def test_columns_for_a_kernel() -> None:
    record: Any = columns(Record, "demo", {"demo.speed": np.array([0.1, 0.2, 0.3]), "demo.uplift_bio": 5.0}, 3, SMALL)
    assert record.speed.tolist() == [[np.float32(x)] for x in (0.1, 0.2, 0.3)]
    assert record.uplift.tolist() == [[1.0, 2.0, 3.0, 5.0]] * 3
    for column in (record.speed, record.uplift, record.step):
        assert column.dtype == np.float32 and column.flags.c_contiguous
    assert record.form == "nested" and type(record.form) is str
    assert columns(Record, "demo", {"demo.form": np.array(["level"] * 3)}, 3, SMALL).form == "level"


def test_columns_refuses_what_does_not_fit() -> None:
    with pytest.raises(TableError, match="must agree"):
        columns(Record, "demo", {"demo.form": np.array(["level", "nested"])}, 2, SMALL)
    with pytest.raises(TableError, match=r"only in the table \['form'\].*only in the record \['other'\]"):
        columns(make_dataclass("Other", ["speed", "uplift", "peak", "step", "other"]), "demo", {}, 1, SMALL)


def test_a_parameter_is_frozen() -> None:
    parameter: Parameter = SMALL["demo.speed"]
    with pytest.raises(AttributeError):
        parameter.default = 1.0  # type: ignore[misc]
