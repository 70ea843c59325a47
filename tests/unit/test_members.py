"""Members: pairing, precedence, grouping and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.members import batches, expand
from sim.parameters import REGISTRY
from sim.regimes import RegimeRow
from sim.streams import member_key

MONITORING = "regimes.r3_monitoring"


@dataclass(frozen=True)
class Stand:
    """What members need of a scenario."""

    name: str = "a"
    population: tuple[int, ...] = (12, 24)
    months: int = 24
    start: int = 24288
    parameters: Mapping[str, float | str] = field(default_factory=dict)
    regimes: tuple[RegimeRow, ...] = ()


def test_one_draw_is_the_defaults() -> None:
    [members] = batches(expand([Stand()], 1, 3, 0), 64)
    assert set(members.values) == set(REGISTRY.numeric())
    assert all((column == REGISTRY[name].default).all() for name, column in members.values.items())
    assert set(members.choices) == set(REGISTRY.structural())
    assert members.keys.tolist() == [member_key(0, replicate) for replicate in range(3)]
    assert members.regimes()["monitoring"].shape == (3, 11)


def test_draws_are_paired_across_scenarios_and_the_scenario_wins() -> None:
    runs = expand([Stand("a"), Stand("b", parameters={MONITORING: 0.8})], 4, 2, 9)
    [members] = batches(runs, 64)
    (_, a0, a1), (scenario, b0, b1) = members.groups()
    assert scenario.name == "b"
    for name, column in members.values.items():
        if name == MONITORING:
            assert (column[b0:b1] == 0.8).all() and len(set(column[a0:a1])) == 4
        else:
            np.testing.assert_array_equal(column[a0:a1], column[b0:b1])
    np.testing.assert_array_equal(members.keys[a0:a1], members.keys[b0:b1])
    np.testing.assert_array_equal(members.draw[a0:a1], [0, 0, 1, 1, 2, 2, 3, 3])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 9), st.integers(0, 2**130))
def test_batches_hold_every_run_once_and_agree_with_the_list(draws: int, replicates: int, size: int, seed: int) -> None:
    runs = expand(
        [Stand("a"), Stand("b", months=36), Stand("c", parameters={MONITORING: 0.5})], draws, replicates, seed
    )
    seen: list[int] = []
    for members in batches(runs, size):
        assert 0 < len(members) <= size
        assert len({scenario.months for scenario in members.scenario}) == 1
        assert (np.diff(members.scenario_index) >= 0).all()
        for attribute in ("draw", "replicate"):
            np.testing.assert_array_equal(getattr(members, attribute), getattr(runs, attribute)[members.run])
        for place, run in zip(members.scenario_index, members.run, strict=True):
            assert members.scenario[place] is runs.scenarios[runs.scenario_index[run]]
        seen += members.run.tolist()
    assert sorted(seen) == list(range(len(runs)))


def test_more_draws_and_replicates_keep_those_that_exist() -> None:
    [few] = batches(expand([Stand()], 3, 2, 1), 64)
    [many] = batches(expand([Stand()], 5, 4, 1), 64)
    for run in range(len(few)):
        [other] = np.flatnonzero((many.draw == few.draw[run]) & (many.replicate == few.replicate[run]))
        assert many.keys[other] == few.keys[run]
        assert all(many.values[name][other] == column[run] for name, column in few.values.items())


def test_added_regimes_inherit_in_the_same_member() -> None:
    mine = RegimeRow("mine", "mine", like="r7", attributes={"monitoring": 0.3})
    scenarios = [
        Stand("a", regimes=(mine,)),
        Stand("b", regimes=(replace(mine, attributes={"monitoring": 0.4}),)),
        Stand("c"),
    ]
    both, alone = batches(expand(scenarios, 4, 1, 2), 64)
    assert [scenario.name for scenario in alone.scenario] == ["c"]
    table = both.regimes()
    assert table["monitoring"][:, table.index("mine")].tolist() == pytest.approx([0.3] * 4 + [0.4] * 4)
    np.testing.assert_array_equal(
        table["audit_access"][:, table.index("mine")], table["audit_access"][:, table.index("r7")]
    )
    assert len(set(table["audit_access"][:4, table.index("mine")].tolist())) == 4


def test_rows_is_a_member_alone() -> None:
    [members] = batches(expand([Stand("a"), Stand("b", parameters={MONITORING: 0.5})], 2, 2, 0), 64)
    alone = members.rows(5, 6)
    assert len(alone) == 1 and alone.scenario[0].name == "b" and alone.scenario_index.tolist() == [0]
    assert alone.values[MONITORING].tolist() == [0.5]


def test_a_table_of_draws_may_hold_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    names = REGISTRY.structural()
    draws: dict[str, Any] = {MONITORING: [0.4, 0.5, 0.6]}
    if names:
        options = REGISTRY[names[0]].options
        draws[names[0]] = [options[0], options[-1], options[0]]
    found = list(batches(expand([Stand()], draws, 2, 0), 64))
    assert len(found) == (2 if names else 1)
    assert sorted(run for members in found for run in members.run) == list(range(6))
    for members in found:
        np.testing.assert_array_equal(members.values[MONITORING], np.array(draws[MONITORING])[members.draw])
        assert all(members.choices[names[0]] == draws[names[0]][draw] for draw in members.draw if names)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"draws": 0}, "draws"),
        ({"draws": True}, "draws"),
        ({"draws": {}}, "draws"),
        ({"draws": {"regimes.r3_monitorin": [0.5]}}, "r3_monitoring"),
        ({"draws": {MONITORING: [0.5, float("nan")]}}, "finite"),
        ({"draws": {MONITORING: [0.5, 7.0]}}, "outside"),
        ({"draws": {MONITORING: [[0.5]]}}, "dimensions"),
        ({"draws": {MONITORING: [0.5], "regimes.r2_monitoring": [0.5, 0.6]}}, "lengths"),
        ({"replicates": 0}, "replicates"),
        ({"replicates": 2.5}, "replicates"),
        ({"replicates": 10**12}, "runs"),
        ({"seed": -1}, "seed"),
        ({"scenarios": []}, "scenarios"),
    ],
)
def test_bad_requests_are_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        expand(**{"scenarios": [Stand()], **changes})
