"""What every policy keeps to: inert outside its dates, without side effects, nothing at strength zero, in any order."""

import dataclasses
import math
import pickle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.axes import JURISDICTIONS
from sim.errors import InputError
from sim.levers import LEVERS, Levers
from sim.policies import POLICIES, Policy, fold, neutral
from sim.regimes import REGIMES

ROWS = REGIMES.ids
MEMBERS = 3
START = 2027 * 12
KINDS = tuple(POLICIES)


def record(danger: float = 5.0) -> SimpleNamespace:
    """Public record in which every triggered policy is triggered."""
    danger_seen = np.full(MEMBERS, danger, np.float32)
    danger_seen.flags.writeable = False
    return SimpleNamespace(dangerous_capability=danger_seen, exposed_danger=danger_seen)


def strong(kind: str, **changes: Any) -> Policy:
    """Policy with every number of its own three quarters up its range, so that each of its levers moves."""
    cls = POLICIES[kind]
    values = {}
    for item in dataclasses.fields(cls):
        known = item.metadata
        if known["type"] in ("number", "integer") and item.name not in ("strength", "phase_in_months", "value"):
            values[item.name] = known["low"] + 0.75 * (known["high"] - known["low"])
            values[item.name] = int(values[item.name]) if known["type"] == "integer" else values[item.name]
    values.pop("trigger", None)
    values.pop("tightening_per_year", None)
    return cls(**{**values, **changes})


def same(one: Levers, other: Levers) -> bool:
    return all(one[name].tobytes() == other[name].tobytes() for name in LEVERS)


def in_month(policies: list[Policy], month: int, observed: object = None) -> Levers:
    return fold(policies, MEMBERS, ROWS, observed, month, {})


@pytest.mark.parametrize("kind", KINDS)
def test_declares_itself(kind: str) -> None:
    cls = POLICIES[kind]
    assert cls.kind == kind and cls.title and len(cls.description) > 30 and cls.__doc__
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    for item in dataclasses.fields(cls):
        assert item.metadata["unit"] and item.metadata["description"] and item.metadata["default"] == item.default
        if item.metadata["type"] in ("number", "integer") and item.default is not None:
            assert item.metadata["low"] <= item.default <= item.metadata["high"]
    policy = cls()
    assert policy == pickle.loads(pickle.dumps(policy)) and hash(policy) == hash(cls())


@pytest.mark.parametrize("kind", KINDS)
def test_inert_outside_its_dates(kind: str) -> None:
    policy = strong(kind, start=START, end=START + 12)
    for month in (START - 1, START + 12, START + 500, START - 500):
        levers = neutral(MEMBERS, len(ROWS))
        assert policy.intensity(month) == 0.0
        assert policy.apply(levers, record(), month, {}, ROWS) is levers
        assert same(in_month([policy], month, record()), Levers.neutral(MEMBERS, len(ROWS)))


@pytest.mark.parametrize("kind", KINDS)
def test_acts_within_its_dates(kind: str) -> None:
    for policy in (POLICIES[kind](start=START), strong(kind, start=START)):
        assert not same(in_month([policy], START, record()), neutral(MEMBERS, len(ROWS)))


@pytest.mark.parametrize("kind", KINDS)
def test_never_mutates(kind: str) -> None:
    levers = Levers.neutral(MEMBERS, len(ROWS))
    before = {name: levers[name].tobytes() for name in LEVERS}
    observed = record()
    seen = observed.dangerous_capability.tobytes()
    policy = strong(kind, start=START)
    fields = dataclasses.astuple(policy)
    after = policy.apply(levers, observed, START, {}, ROWS)
    assert after is not levers
    assert before == {name: levers[name].tobytes() for name in LEVERS}
    assert observed.dangerous_capability.tobytes() == seen and dataclasses.astuple(policy) == fields


@pytest.mark.parametrize("kind", KINDS)
def test_strength_zero_is_the_baseline_bit_for_bit(kind: str) -> None:
    idle = strong(kind, start=START, strength=0.0)
    assert same(in_month([idle], START, record()), Levers.neutral(MEMBERS, len(ROWS)))
    other = strong("audit", start=START)
    assert same(in_month([idle, other], START, record()), in_month([other], START, record()))


@pytest.mark.parametrize("kind", KINDS)
def test_moves_levers_of_its_jurisdictions_only(kind: str) -> None:
    levers = in_month([strong(kind, start=START, jurisdictions=("eu",))], START, record())
    others = [j for j, place in enumerate(JURISDICTIONS) if place != "eu"]
    fresh = neutral(MEMBERS, len(ROWS))
    assert all(np.array_equal(levers[name][:, others], fresh[name][:, others]) for name in LEVERS)


@pytest.mark.parametrize("kind", KINDS)
def test_phase_in_is_monotone_and_arrives(kind: str) -> None:
    slow, at_once = strong(kind, start=START, phase_in_months=12), strong(kind, start=START)
    series = [in_month([slow], START + month, record()) for month in range(14)]
    for name, lever in LEVERS.items():
        path = np.stack([levers[name] for levers in series])
        steps = np.diff(path, axis=0)
        assert np.all(steps <= 0 if lever.combine == "min" else steps >= 0), name
    assert same(series[11], in_month([at_once], START, record())) and same(series[12], series[13])
    assert not same(series[0], series[11])


@pytest.mark.parametrize("kind", KINDS)
def test_stronger_moves_no_lever_less(kind: str) -> None:
    weak, full = (in_month([strong(kind, start=START, strength=s)], START, record()) for s in (0.3, 1.0))
    for name, lever in LEVERS.items():
        more = weak[name] >= full[name] if lever.combine == "min" else weak[name] <= full[name]
        assert np.all(more), name


@given(st.data())
def test_order_is_of_no_consequence(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=12))
    policies = [
        strong(kind, start=START, strength=data.draw(st.floats(0.01, 1.0)), jurisdictions=("us", "china"))
        for kind in kinds
    ]
    shuffled = data.draw(st.permutations(policies))
    assert same(in_month(policies, START, record()), in_month(shuffled, START, record()))


def test_every_lever_is_moved_by_some_policy() -> None:
    extra = [POLICIES["liability"](start=START, cap=2.0)]
    levers = in_month([strong(kind, start=START) for kind in KINDS] + extra, START, record())
    fresh = neutral(MEMBERS, len(ROWS))
    assert not [name for name in LEVERS if np.array_equal(levers[name], fresh[name])]


def test_a_cap_on_liability_with_hardly_any_strength_is_no_cap() -> None:
    for strength, cap in ((1e-48, 0.01), (0.5, 1e6)):
        levers = in_month([POLICIES["liability"](start=START, strength=strength, cap=cap)], START, record())
        assert np.all(levers["liability_cap"] == min(cap / strength, LEVERS["liability_cap"].neutral))


def test_members_do_not_know_of_each_other() -> None:
    policies = [POLICIES["pause"](start=START, trigger=1.0), strong("treaty", start=START)]
    danger = np.array([0.0, 2.0, 0.5], np.float32)
    together, alone = {}, [{}, {}, {}]  # type: ignore[var-annotated]
    for month in range(START, START + 10):
        everyone = SimpleNamespace(dangerous_capability=danger, exposed_danger=danger)
        levers = fold(policies, 3, ROWS, everyone, month, together)
        for m in range(3):
            own = SimpleNamespace(dangerous_capability=danger[m : m + 1], exposed_danger=danger[m : m + 1])
            one = fold(policies, 1, ROWS, own, month, alone[m])
            assert same(levers.rows(m, m + 1), one)
        danger = np.roll(danger, 1)


def paused(policy: Policy, danger: list[float], exposed: list[float]) -> list[int]:
    """Months in which training stands still, for a record of danger and of what is still exposed."""
    memory: dict[Any, Any] = {}
    found = []
    for i, (seen, left) in enumerate(zip(danger, exposed, strict=True)):
        observed = SimpleNamespace(dangerous_capability=np.full(1, seen), exposed_danger=np.full(1, left))
        levers = fold([policy], 1, ROWS, observed, START + i, memory)
        found += [i] if levers["pause"][0, 0] else []
    return found


def test_a_triggered_pause_lapses_when_evaluations_pass() -> None:
    # Beyond the line from month 2 on. What is exposed is within it from month 4 on, but three months are the least; the
    # next line lies one order above what was reached, and is exceeded in month 8.
    policy = POLICIES["pause"](start=START, trigger=1.0, least_months=3, most_months=9)
    danger = [1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.5, 3.0, 3.1, 3.1, 3.1, 3.1]  # at the line is not beyond it
    exposed = [1.0, 1.0, 1.6, 1.2, 0.9, 0.8, 0.8, 0.8, 1.4, 0.9, 0.9, 0.9]
    assert paused(policy, danger, exposed) == [2, 3, 4, 8, 9, 10]
    assert fold([policy], MEMBERS, ROWS, None, START, {})["pause"].max() == 0.0


def test_a_triggered_pause_lapses_when_its_time_is_over() -> None:
    # Evaluations never pass, and danger never falls: six months, and no other pause before the next line.
    policy = POLICIES["pause"](start=START, trigger=1.0, least_months=3, most_months=6, end=START + 18)
    assert paused(policy, [2.0] * 24, [2.0] * 24) == [0, 1, 2, 3, 4, 5]
    assert paused(policy, [2.0] * 10 + [3.5] * 14, [2.0] * 24) == [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]
    assert paused(policy, [2.0] * 16 + [3.5] * 8, [2.0] * 24) == [0, 1, 2, 3, 4, 5, 16, 17]  # the law ends


def test_a_pause_cannot_end_before_it_may() -> None:
    with pytest.raises(InputError, match="most_months"):
        POLICIES["pause"](trigger=1.0, least_months=9, most_months=6)


def test_threshold_falls_with_strength_from_six_orders_of_magnitude_above() -> None:
    row, kind = ROWS.index("r7"), 0
    for strength, level in ((1.0, 26.0), (0.5, 29.0), (1e-9, 32.0)):
        levers = in_month([POLICIES["forbid_above"](start=START, value=26.0, strength=strength)], START)
        assert levers["forbidden_above"][0, 0, row, kind] == pytest.approx(level)


def test_threshold_can_tighten_and_loosen() -> None:
    row = ROWS.index("r7")
    for rate in (0.5, -0.5):
        policy = POLICIES["forbid_above"](start=START, value=26.0, tightening_per_year=rate)
        levels = [in_month([policy], START + m)["forbidden_above"][0, 0, row, 0] for m in (0, 12, 24)]
        assert levels == pytest.approx([26.0, 26.0 - rate, 26.0 - 2 * rate])


@pytest.mark.parametrize(
    ("kind", "lever"),
    [
        ("licensing", "licence_above_log10_flop"),
        ("risk_assessment", "assessment_above_log10_flop"),
        ("compute_cap", "compute_cap_log10_flop"),
    ],
)
def test_lines_of_computing_can_tighten_year_by_year(kind: str, lever: str) -> None:
    policy = POLICIES[kind](start=START, value=26.0, tightening_per_year=0.5)
    memory: dict[Any, Any] = {}
    lines = [fold([policy], MEMBERS, ROWS, None, START + m, memory)[lever][0, 0] for m in (0, 12, 24)]
    assert lines == pytest.approx([26.0, 25.5, 25.0])


def test_treaty_chills_below_the_common_line() -> None:
    levers = in_month([POLICIES["treaty"](start=START, value=26.0, chill_oom=0.5, jurisdictions=("us", "eu"))], START)
    limits = levers["forbidden_above"][0, :, ROWS.index("r8"), 0]
    assert list(limits[:2]) == [25.5, 25.5] and limits[2:].min() > 1e8


def test_fold_is_cached_and_read_only() -> None:
    memory: dict[Any, Any] = {}
    policies = (POLICIES["audit"](start=START),)
    first, second = (fold(policies, MEMBERS, ROWS, None, month, memory) for month in (START, START + 1))
    assert first is second
    assert fold(policies, MEMBERS, ROWS, None, START - 1, memory) is neutral(MEMBERS, len(ROWS))
    with pytest.raises(ValueError):
        first["audit_rate"][0] = 1.0
    changed = (POLICIES["audit"](start=START, rate=0.5),)
    assert fold(changed, MEMBERS, ROWS, None, START, memory)["audit_rate"][0, 0] == 0.5


def test_unknown_row_is_named() -> None:
    with pytest.raises(InputError, match="r77"):
        in_month([POLICIES["forbid_above"](start=START, regimes=("r77",))], START)


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_values_out_of_range(kind: str) -> None:
    cls = POLICIES[kind]
    for item in dataclasses.fields(cls):
        known = item.metadata
        bad: list[Any] = [True, "many", math.nan, math.inf, -math.inf, [1], object(), 10**400]
        if known["type"] in ("number", "integer", "date"):
            bad += [known["low"] - 1, known["high"] + 1]
        if known["type"] in ("integer", "date"):
            bad.append(known["low"] + 0.5)
        if known["type"] in ("places", "rows"):
            bad += [(), ("nowhere",), "us"] if known["type"] == "places" else [(), "r7", ("R 7",)]
        for value in bad:
            with pytest.raises(InputError) as caught:
                cls(**{item.name: value})
            assert caught.value.where.startswith(f"{kind}.{item.name}") and len(str(caught.value)) < 1000


def test_end_must_follow_start() -> None:
    with pytest.raises(InputError, match="not after the start"):
        POLICIES["audit"](start=START, end=START)


def test_numbers_become_canonical() -> None:
    assert POLICIES["audit"](rate=1) == POLICIES["audit"](rate=np.float64(1.0))
    assert POLICIES["audit"](jurisdictions=["eu", "us", "eu"]).jurisdictions == ("us", "eu")
    assert math.copysign(1.0, POLICIES["audit"](rate=-0.0).rate) == 1.0  # type: ignore[attr-defined]
