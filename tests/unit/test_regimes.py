"""Regimes: the table, added rows, channels, and what the literature calls them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.openness import (
    COMPONENTS,
    MOF_CLASSES,
    SOLAIMAN_LEVELS,
    kapoor_properties,
    mof_class,
    released_components,
    solaiman_level,
    widder_affordances,
)
from sim.parameters import REGISTRY
from sim.regime_table import RegimeTable
from sim.regimes import REGIMES, RegimeRow, resolve


def test_the_table_holds_the_defaults_for_every_member() -> None:
    table = RegimeTable.build({}, 3)
    assert table.ids == REGIMES.ids
    for name in REGIMES.attributes:
        assert (
            table[name].shape == (3, len(REGIMES))
            and table[name].dtype == np.float32
            and table[name].flags.c_contiguous
        )
        for row in table.ids:
            assert (table[name][:, table.index(row)] == np.float32(REGISTRY[f"regimes.{row}_{name}"].default)).all()


def test_only_staged_release_opens() -> None:
    table = RegimeTable.build({}, 1)
    moved = {
        row: table.ids[table.opens_to[place]] for place, row in enumerate(table.ids) if table.opens_to[place] != place
    }
    assert moved == {"r5": "r5_opened"}
    assert [REGIMES.index(row) for row in REGIMES.ids] == list(range(len(REGIMES)))


def test_values_differ_by_member() -> None:
    table = RegimeTable.build({"regimes.r7_monitoring": np.array([0.0, 0.1])}, 2)
    assert table["monitoring"][:, table.index("r7")].tolist() == pytest.approx([0.0, 0.1])
    assert table.rows(1, 2)["monitoring"][0, table.index("r7")] == np.float32(0.1)


def test_a_channel_is_exact_at_both_ends() -> None:
    values = REGISTRY.sample(4, 0, [parameter.name for parameter in REGISTRY.table("regimes")])
    table = RegimeTable.build(values, 4)
    seen = table.seen(np.array([[0], [1], [0.5], [0.25]], np.float32))
    for name, array in table.attributes.items():
        reference = array[:, [table.index("r2")]]
        assert (seen[name][0] == reference[0]).all()
        assert (seen[name][1] == array[1]).all()
        np.testing.assert_allclose(seen[name][2], (array[2] + reference[2]) / 2, rtol=1e-6)
        assert seen[name].dtype == np.float32
    assert seen.ids == table.ids


def test_an_added_row_inherits() -> None:
    rows = (
        RegimeRow("mine", "mine", like="r7", attributes={"monitoring": 0.3}),
        RegimeRow("later", "later", like="mine", opens_to="mine"),
    )
    found = {row.id: row for row in resolve(rows)}
    assert found["later"].attributes == {**REGIMES["r7"].attributes, "monitoring": 0.3}
    table = RegimeTable.build({"regimes.r7_audit_access": np.array([0.7, 0.9])}, 2, rows)
    assert table["audit_access"][:, -1].tolist() == pytest.approx([0.7, 0.9])
    assert table.ids[table.opens_to[-1]] == "mine"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (RegimeRow("r7", "x", like="r7"), "of that name"),
        (RegimeRow("My Row", "x", like="r7"), "identifier"),
        (RegimeRow("x", "x", like="r77"), "Did you mean r7"),
        (RegimeRow("x", "x"), "lacks"),
        (RegimeRow("x", "x", like="r7", attributes={"monitorin": 0.1}), "Did you mean monitoring"),
        (RegimeRow("x", "x", like="r7", attributes={"monitoring": 1.1}), "from 0 to 1"),
        (RegimeRow("x", "x", like="r7", attributes={"monitoring": True}), "cannot be True"),
        (RegimeRow("x", "x", like="r7", attributes={"monitoring": float("nan")}), "cannot be nan"),
        (RegimeRow("x", "x", like="r7", opens_to="nowhere"), "nowhere"),
        (RegimeRow("x", "x", like="r7", attributes={"revocability": 0.5}), "cannot be recalled"),
        (RegimeRow("x", "x", like="r7", attributes={"local_inference": 0.2}), "can run them"),
        (RegimeRow("x", "x", like="r2", attributes={"weights_access": 0.5}), "revocability"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(row: RegimeRow, word: str) -> None:
    with pytest.raises(InputError, match=word):
        resolve((row,))


@given(st.dictionaries(st.sampled_from(sorted(REGIMES.attributes)), st.floats(-0.2, 1.2), max_size=4))
def test_whatever_is_accepted_is_complete_and_consistent(attributes: dict[str, float]) -> None:
    try:
        row = resolve((RegimeRow("x", "x", like="r6", attributes=attributes),))[-1]
    except InputError:
        return
    assert row.attributes.keys() == REGIMES.attributes.keys()
    assert row.attributes["weights_access"] < 0.5 or row.attributes["revocability"] <= 0.05
    assert mof_class(row) in (None, *MOF_CLASSES) and solaiman_level(row) in SOLAIMAN_LEVELS


def test_the_framework_has_17_components() -> None:
    assert len({component.name for component in COMPONENTS}) == 17
    assert {component.dimension for component in COMPONENTS} <= REGIMES.attributes.keys()
    assert Counter(component.mof_class for component in COMPONENTS) == {"III": 7, "II": 5, "I": 5}
    assert len(released_components(REGIMES["r9"])) == 17 and not released_components(REGIMES["r0"])


def test_names_in_the_literature() -> None:
    assert {row.id: mof_class(row) for row in REGIMES if mof_class(row)} == {
        "r7": "III",
        "r5_opened": "III",
        "r8": "II",
        "r9": "I",
    }
    levels = {row.id: SOLAIMAN_LEVELS.index(solaiman_level(row)) for row in REGIMES}
    assert [levels[row] for row in ("r0", "r5", "r1", "r2", "r7", "r9")] == list(range(6))
    assert levels["r6"] == levels["r8"] == 4 and levels["r3"] == levels["r4"] == 3
    assert all(kapoor_properties(REGIMES["r7"]).values()) and not any(kapoor_properties(REGIMES["r2"]).values())
    assert not kapoor_properties(REGIMES["r6"])["broader access"]
    assert all(
        widder_affordances(REGIMES["r9"])[name] > share for name, share in widder_affordances(REGIMES["r3"]).items()
    )
