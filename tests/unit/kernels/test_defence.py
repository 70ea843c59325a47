"""Defence: cases worked by hand, Gordon and Loeb's bound, levels and patch races, limits and directions."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import defence, misuse
from tests.support import F32, direction, f32, parameters

ONE = np.ones((1, 4, 1, 1), np.float32)


def one_class(value: float) -> F32:
    return np.full((1, 4, 1), value, np.float32)


def test_patching() -> None:
    # At rate ln 2 half of what is above the floor of .1 goes: 1 → .55 → .325. Half of the class: .775. Nobody: 1.
    p = parameters("defence", slice_patch_rate=math.log(2), never_patched=0.1)
    first = defence.patched(ONE, ONE[:, :1], one_class(1), p)
    assert_allclose(first, 0.55 * ONE, rtol=1e-6)
    assert_allclose(defence.patched(first, ONE[:, :1], one_class(1), p), 0.325 * ONE, rtol=1e-6)
    assert_allclose(defence.patched(ONE, ONE[:, :1] / 2, one_class(1), p), 0.775 * ONE, rtol=1e-6)
    assert_array_equal(defence.patched(ONE, ONE[:, :1] * 0, one_class(1), p), ONE)
    # Twice the speed is two months in one: .325.
    assert_allclose(defence.patched(ONE, ONE[:, :1], one_class(2), p), 0.325 * ONE, rtol=1e-6)
    off = parameters("defence", enabled=0)
    assert_array_equal(defence.patched(ONE, ONE[:, :1], one_class(9), off), ONE)


def test_patching_stops_at_a_floor() -> None:
    p = parameters("defence", slice_patch_rate=0.9, never_patched=0.09)
    left = ONE
    for _ in range(200):
        left = defence.patched(left, ONE[:, :1], one_class(3), p)
        assert (left >= np.float32(0.09) - 1e-6).all()
    assert_allclose(left, 0.09, rtol=1e-5)


def test_exposed() -> None:
    # f = .5 and .4 unpatched: .5 + .5 · .4 = .7; a level model leaves everything exposed; the vintage form takes f.
    half = {"persistent_share": 0.5}
    assert_allclose(defence.exposed(0.4 * ONE, parameters("defence", **half)), 0.7, rtol=1e-6)
    assert_allclose(defence.exposed(0.4 * ONE, parameters("defence", **half, form="vintage")), 0.7, rtol=1e-6)
    assert_array_equal(defence.exposed(0.4 * ONE, parameters("defence", **half, form="level")), ONE)
    # f = 1 makes patching irrelevant; f = 0 leaves only what is unpatched.
    assert_array_equal(defence.exposed(0.4 * ONE, parameters("defence", persistent_share=1)), ONE)
    assert_allclose(defence.exposed(0.4 * ONE, parameters("defence", persistent_share=0)), 0.4, rtol=1e-6)


def test_accumulate() -> None:
    # Slices of .25 OOM, the threshold in the middle of the second: 0, .125 · .8, + .25 · .6, + .25 · .4.
    slices, above = f32([[[[1, 0.8, 0.6, 0.4]]]]), f32([[[0, 0.5, 1, 1]]])
    assert_allclose(defence.accumulate(slices, above, 0.25), [[[[0, 0.1, 0.25, 0.35]]]], rtol=1e-6)


def test_tools() -> None:
    # Two OOM above the threshold at .3 with a tenth from the commons: .3 · 2 · 1.1 = .66; twice that for a class that
    # makes twice as much of it; a cap of .46 holds. A model below the threshold is of no use.
    settings = {"tool_adoption": 0.05, "tool_commons_gain": 0.5, "tool_per_oom": 0.3}
    level, gain, threshold, commons = f32([[[28, 28, 20]]]), f32(1, 2, 1), f32([[26]]), f32([[0.2]])
    for cap, wanted in ((9, [0.66, 1.32, 0]), (0.46, [0.46, 0.46, 0])):
        target = defence.tool_target(level, gain, threshold, commons, parameters("defence", tool_cap=cap, **settings))
        assert_allclose(target, np.broadcast_to(f32(*wanted), (1, 4, 3)), rtol=1e-5)
    # A twentieth of the way from .26: .28 towards .66, .27 towards .46. Without a usable model they fade: .247.
    tools, target = f32(0.26, 0.26, 0.26), f32(0.66, 0.46, 0)
    assert_allclose(
        defence.tool_step(tools, target, parameters("defence", **settings)), [[0.28, 0.27, 0.247]], rtol=1e-5
    )
    for changes in ({"form": "vintage"}, {"enabled": 0}):
        assert_array_equal(defence.tool_step(tools, target, parameters("defence", **changes)), tools)


def test_tools_never_above_their_cap() -> None:
    p = parameters("defence", tool_adoption=0.12, tool_cap=1)
    tools = f32(0, 0)
    for _ in range(400):
        tools = defence.tool_step(
            tools, defence.tool_target(f32([[[40, 30]]]), f32(3, 3), f32([[25]]), f32([[5]]), p)[:, 0], p
        )
    assert (tools <= 1 + 1e-6).all()


@pytest.mark.parametrize("beta", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("alpha", [0.5, 2.0])
def test_gordon_loeb(alpha: float, beta: float) -> None:
    # Breaches with probability v / (α z + 1)^β cost L: the best z is [(v β α L)^(1/(β+1)) - 1] / α, never negative, and
    # never above v L / e (Gordon and Loeb 2002, propositions 2 and 3). The minimum is also looked for by trial.
    for v in (0.05, 0.4, 1.0):
        for loss in (0.1, 1.0, 10.0, 1000.0):
            z = float(defence.gordon_loeb(f32(v), f32(loss), f32(alpha), f32(beta)))
            closed = max(((v * beta * alpha * loss) ** (1 / (beta + 1)) - 1) / alpha, 0)
            assert z == pytest.approx(closed, rel=1e-4, abs=1e-5)
            assert 0 <= z <= v * loss / math.e + 1e-5
            tried = np.linspace(0, v * loss, 20_001)
            cost = v * loss / (alpha * tried + 1) ** beta + tried
            assert z == pytest.approx(tried[np.argmin(cost)], abs=v * loss / 1000)


def test_gordon_loeb_by_hand() -> None:
    # v = 1, β = 1, α = 1, L = 9: √9 - 1 = 2, below 9 / e = 3.31. A loss of 1 is not worth a cent.
    assert_allclose(defence.gordon_loeb(f32(1, 1), f32(9, 1), f32(1), f32(1)), [[2, 0]], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("alpha", [0.5, 2.0])
def test_gordon_loeb_second(alpha: float) -> None:
    # Breaches with probability v^(α z + 1) cost L; the minimum of v^(α z + 1) L + z is also looked for by trial.
    for v in (0.05, 0.4, 0.9):
        for loss in (0.1, 1.0, 10.0, 1000.0):
            z = float(defence.gordon_loeb_second(f32(v), f32(loss), f32(alpha)))
            tried = np.linspace(0, v * loss, 20_001)
            cost = v ** (alpha * tried + 1) * loss + tried
            assert z == pytest.approx(tried[np.argmin(cost)], abs=v * loss / 1000)
            assert 0 <= z <= v * loss / math.e + 1e-5


def test_spending_with_breaches_of_the_second_class() -> None:
    # Protection grows by the whole logarithm of the loss ratio, ln 16 = 2.772589, whatever the productivity; a tenth of
    # the way from 1: 1 + .1772589.
    for productivity in (0.5, 3.0):
        p = parameters("defence", breach_productivity=productivity, investment_speed=0.1)
        p = replace(p, breach_class=defence.SECOND)
        spent = defence.spending(f32([[16]]), f32([[[1]]]), p)
        assert_allclose(spent, [[[2.772589]]], rtol=1e-6)
        assert_allclose(defence.investment_step(f32([[1]]), spent[0], f32([[0]]), p), 1.1772589, rtol=1e-6)


def test_investment() -> None:
    # Weight .5 is β = 1; at productivity 1 the loss 16 asks for √16 - 1 = 3, protection ln 4 = 1.386294; a tenth of the
    # way from 1: 1.0386294. Half of the rise known is 8.5: √8.5 - 1. Nothing lost more than at the start: nothing.
    p = parameters("defence", investment_weight=0.5, breach_productivity=1, investment_speed=0.1)
    spent = defence.spending(f32([[16, 16, 0.5]]), f32([[[1], [0.5], [1]]]), p)
    assert_allclose(spent, [[[3], [1.9154759], [0]]], rtol=1e-6)
    one, none = f32([[1, 1, 1]]), f32([[0, 0, 0]])
    assert_allclose(defence.investment_step(one, spent[..., 0], none, p), [[1.0386294, 1.0070033, 0.9]], rtol=1e-6)
    # Of what was bought .05 has aged away.
    assert_allclose(defence.investment_step(one, none, none + 0.05, p), [[0.85, 0.85, 0.85]], rtol=1e-6)


def test_information() -> None:
    # Half of losses are one's own; of the other half a fifth is reported: .6.
    p = parameters("defence", information_gain=0.5)
    assert_allclose(defence.informed(f32([[[0.2, 1, 0]]]), p), [[[0.6, 1, 0.5]]], rtol=1e-6)


def test_ageing() -> None:
    # At .5 a nat per OOM: 1 - e^-.5 for one OOM; offence that stands still takes nothing.
    p = parameters("defence", innovation_decay=0.5)
    assert_allclose(defence.aged(f32(1, 0), p), [[1 - math.exp(-0.5), 0]], rtol=1e-6)


def test_days_to_patch() -> None:
    # ln 2 / .0217 = 31.942 days; half of them with twice the effort. After 31.942 days half is unpatched.
    p = parameters("defence", patch_hazard_per_day=0.0217)
    assert_allclose(defence.patch_days(f32(1, 2), p), [[31.942, 15.971]], rtol=1e-4)
    assert_allclose(defence.unpatched_after(31.942, f32(1, 2), p), [[0.5, 0.25]], rtol=1e-4)


def test_days_to_exploit() -> None:
    # 18 days at the reference; one OOM later at κ = 1: 18 · .1 - 10 · .9 = -7.2; in the end attackers lead by 10 days.
    p = parameters("defence", exploit_days_initial=18, exploit_capability=1, zero_day_lead=10)
    days = defence.exploit_days(f32(25, 26, 40, 20), f32([[25]]), p)
    assert_allclose(days, [[18, -7.2, -10, 18]], rtol=1e-5)


def uplift_after(head_start: int, persistent: float) -> float:
    """Uplift six months after attackers got a model that defenders had `head_start` months before."""
    p = parameters("defence", persistent_share=persistent, slice_patch_rate=0.4, never_patched=0.01)
    unpatched = np.ones((1, 4, 1, 4), np.float32)
    for _ in range(6 + head_start):
        unpatched = defence.patched(unpatched, unpatched[:, :1] * 0 + 1, one_class(1), p)
    total = defence.accumulate(defence.exposed(unpatched, p), np.ones((1, 4, 4), np.float32), 0.25)
    level = np.full((1, 4), 25, np.float32)
    return float(misuse.uplift(total, 24.0, 0.25, level, parameters("misuse"))[0, 1, 0])


def test_what_persists_decides_what_a_head_start_is_worth() -> None:
    # In a level model (f = 1) patching and head starts are worth nothing at all; in a patch race (f small) nine
    # months more of patching at .4 a month take away e^-3.6 = .973 of what is left, save the tail.
    assert uplift_after(9, 1.0) == uplift_after(0, 1.0)
    assert uplift_after(9, 0.02) < 0.4 * uplift_after(0, 0.02)
    worth = [1 - uplift_after(9, f) / uplift_after(0, f) for f in (0.0, 0.09, 0.3, 0.6, 0.9, 1.0)]
    assert (np.diff(worth) < 0).all()


TOOLS = {"capability": f32([[[27, 28]]]), "gain": f32(1, 1), "threshold": f32([[26]]), "commons": f32([[0.3]])}
INVEST = {"invested": f32(0.1, 0.2), "spent": f32(4, 9), "lost": f32(0.1, 0.1)}
LOSSES = {"loss_ratio": f32([[4, 9]]), "information": f32([[[0.5], [0.5]]])}
PATCH = {"unpatched": ONE, "reachable": ONE[:, :1] / 2, "speed": one_class(1)}
RACE = {"capability": f32(26, 27), "reference": f32([[25]])}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("patched", PATCH, {"speed": one_class(2)}, "down"),
        ("patched", PATCH, {"reachable": ONE[:, :1]}, "down"),
        ("patched", PATCH, {"p.never_patched": 0.5}, "up"),
        ("tool_target", TOOLS, {"capability": f32([[[28, 29]]])}, "up"),
        ("tool_target", TOOLS, {"commons": f32([[0.9]])}, "up"),
        ("tool_target", TOOLS, {"gain": f32(2, 3)}, "up"),
        ("tool_target", {**TOOLS, "capability": f32([[[20, 20]]])}, {"capability": f32([[[24, 24]]])}, "unchanged"),
        ("tool_step", {"tools": f32(0.1, 0.1), "target": f32(1, 2)}, {"p.tool_adoption": 0.5}, "up"),
        ("spending", LOSSES, {"loss_ratio": f32([[9, 20]])}, "up"),
        ("spending", LOSSES, {"information": f32([[[0.9], [0.9]]])}, "up"),
        ("investment_step", INVEST, {"spent": f32(9, 20)}, "up"),
        ("investment_step", INVEST, {"lost": f32(0.2, 0.2)}, "down"),
        ("aged", {"gained": f32(0.1, 0.1)}, {"p.innovation_decay": 0.5}, "up"),
        ("informed", {"reported": f32([[[0.1]]])}, {"reported": f32([[[0.2]]])}, "up"),
        ("patch_days", {"effort": f32(1, 2)}, {"effort": f32(2, 3)}, "down"),
        ("unpatched_after", {"days": 28.0, "effort": f32(1, 2)}, {"effort": f32(2, 3)}, "down"),
        ("exploit_days", RACE, {"capability": f32(27, 28)}, "down"),
        ("exploit_days", {**RACE, "capability": f32(20, 24)}, {"capability": f32(22, 25)}, "unchanged"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("defence"), **inputs}
    assert direction(getattr(defence, function), given, change) == goes


def test_exposed_margin() -> None:
    # Two classes of one quarter and three quarters; slices of which .25 and .1 OOM count. Half persists: exposed are
    # .5 + .5 · unpatched, so 1 and .5 in the first class, .75 and .5 in the second.
    # (1 · .25 + .75 · .75) · .25 + (.25 · .5 + .75 · .5) · .1 = .203125 + .05 = .253125.
    p = parameters("defence", persistent_share=[0.5] * 4)
    unpatched = f32(np.broadcast_to(np.array([[1.0, 0.0], [0.5, 0.0]]), (1, 4, 2, 2)))
    within = f32(np.broadcast_to(np.array([0.25, 0.1]), (1, 4, 2)))
    margin = defence.exposed_margin(unpatched, within, f32(0.25, 0.75), p)
    assert_allclose(margin, [[0.253125] * 4], rtol=1e-5)
