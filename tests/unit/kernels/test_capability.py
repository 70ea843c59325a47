"""Capability: cases worked by hand, limits and directions."""

import math
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import capability
from tests.support import direction, f32, parameters

PRICE = {"flop_per_usd_log10": 17.7, "hardware_growth_initial": 1.74, "hardware_growth_final": 1.3}
KNOWLEDGE = {
    "knowledge_growth": 0.45, "research_returns": 0.3, "ideas_harder": 0.67, "research_reference_usd": 1e9,
    "open_commons_gain": 0.5, "absorption_public": 1.0, "absorption_frontier": 0.4,
}  # fmt: skip
TEACHING = {"distillation_share": 0.65, "distillation_midpoint": 26.4, "distillation_width": 0.3}


def test_compute_price() -> None:
    # log10 1.74 = .240549, log10 1.3 = .113943; with decay .5 a year brings
    # .113943 + (.240549 - .113943) · (1 - e^-.5) / .5 = .113943 + .126606 · .786939 = .213574.
    p = parameters("capability", **PRICE, hardware_growth_decay=0.5)
    assert_allclose(capability.compute_price(2023, p), [[17.7]], rtol=1e-7)
    assert_allclose(capability.compute_price(2024, p), [[17.913574]], rtol=1e-6)
    # In the long run only the final growth is left, and what the transition brought once: .126606 / .5.
    assert_allclose(capability.compute_price(2063, p), [[17.7 + 40 * 0.113943 + 0.253212]], rtol=1e-6)


def test_largest_run() -> None:
    # At the date of the stock only the share counts: 28.8 + log10 .1 = 27.8; a year later growth 2.89 → 1.4 adds
    # .146128 + (.460898 - .146128) · (1 - e^-.25) / .25 = .146128 + .314770 · .884797 = .424636.
    p = parameters(
        "capability", chip_stock_log10_flop=28.8, largest_run_share=0.1, chip_stock_growth_initial=2.89,
        chip_stock_growth_final=1.4, chip_stock_growth_decay=0.25,
    )  # fmt: skip
    assert_allclose(capability.largest_run(2026, p), [[27.8]], rtol=1e-6)
    assert_allclose(capability.largest_run(2027, p), [[27.8 + 0.424636]], rtol=1e-6)


def test_training_flop() -> None:
    # $100M at 10^17.7 FLOP a dollar: 25.7. A levy of .3 OOM, a community's penalty of .5, a shock of one deviation.
    p = parameters("capability", **PRICE, compute_shock=0.2, collective_penalty=0.5, chip_stock_log10_flop=34)
    levy, cap, collective, shock = f32(0, 0.3, 0, 0, 0), f32(99, 99, 99, 99, 25), f32(0, 0, 1, 0, 0), f32(0, 0, 0, 1, 0)
    run = capability.training_flop(np.full((1, 5), 1e8, np.float32), 2023, levy, cap, collective, shock, p)
    assert_allclose(run, [[25.7, 25.4, 25.2, 25.9, 25]], atol=2e-5)


def test_training_flop_never_above_what_chips_admit() -> None:
    p = parameters("capability", chip_stock_log10_flop=28, largest_run_share=0.1)
    zero = f32(0, 0, 0)
    run = capability.training_flop(f32(1e9, 1e12, 1e15), 2026, zero, zero + 99, zero, zero, p)
    assert (run <= 27).all() and (np.diff(run) > 0).all()


def test_nobody_trains_on_nothing() -> None:
    p = parameters("capability", **PRICE)
    zero = f32([[0.0]])
    assert_allclose(capability.training_flop(zero, 2023, zero, zero + 99, zero, zero, p), [[17.7]], rtol=1e-6)


def step(p: object, **given: float) -> float:
    values = {"knowledge": 0, "research_usd": 1e9, "open_share": 0, "public": 0, "frontier": 0, **given}
    return capability.knowledge_step(*(f32([[x]]) for x in values.values()), p)[0, 0]


def test_knowledge() -> None:
    p = parameters("capability", **KNOWLEDGE)
    # The reference budget at A = 0: .45 / 12 = .0375 a month.
    assert step(p) == pytest.approx(0.0375, rel=1e-6)
    # Twice the money: 2^.3 = 1.231144 times as much.
    assert step(p, research_usd=2e9) == pytest.approx(0.0375 * 1.231144, rel=1e-5)
    # One OOM later ideas are harder: e^-.67 = .511709.
    assert step(p, knowledge=1, public=1, frontier=1) == pytest.approx(1 + 0.0375 * 0.511709, rel=1e-6)
    # All builders on open work: 1.5^.3 = 1.129346.
    assert step(p, open_share=1) == pytest.approx(0.0375 * 1.129346, rel=1e-5)
    # A gap of .24 to the public stock and of .6 to the leader: .24 · 1 / 12 = .02 and .6 · .4 / 12 = .02 come on top.
    assert step(p, public=0.24) == pytest.approx(0.0575, rel=1e-6)
    assert step(p, frontier=0.6) == pytest.approx(0.0575, rel=1e-6)
    # Who is ahead of both loses nothing.
    assert step(p, public=-1, frontier=-1) == step(p)
    assert 0 < step(p, research_usd=0) < 1e-3


def test_knowledge_stands_still_when_off() -> None:
    off = parameters("capability", **KNOWLEDGE, enabled=0)
    assert step(off, knowledge=0.3, public=2, frontier=2) == np.float32(0.3)


def test_public_knowledge() -> None:
    # Gaps to the public .2 are .8 and .2; leaks of .3 and .9 a year: .24 and .18, the stronger counts: .2 + .24 / 12.
    known, leak = f32(1.0, 0.4), f32([[[0.3, 0.9]]])
    public = f32([[0.2]])
    deployed = np.array([[True, True]])
    assert_allclose(capability.public_step(public, known, leak, deployed), [[0.22]], rtol=1e-6)
    assert_allclose(capability.public_step(public, known, leak, ~deployed), [[0.2]], rtol=1e-6)
    assert_allclose(capability.public_step(f32([[3.0]]), known, leak, deployed), [[3.0]], rtol=1e-6)
    assert_allclose(capability.public_step(public, known, leak, np.array([[False, True]])), [[0.215]], rtol=1e-6)
    # Behind a border half of the first leak comes through, and nothing of the second.
    two = capability.public_step(f32([[0.2, 0.2]]), known, f32([[[0.3, 0.9], [0.15, 0]]]), deployed)
    assert_allclose(two, [[0.22, 0.21]], rtol=1e-6)


def test_distillation() -> None:
    # At the midpoint half of .65 of the gap: .325 · 1 OOM. A worse teacher teaches nothing. Far above, .65 of the gap.
    p = parameters("capability", **TEACHING)
    base, teacher = f32(25.4, 26.4, 30), f32(26.4, 25.4, 34)
    assert_allclose(capability.distillation(base, teacher, p), [[0.325, 0, 2.6]], rtol=1e-5)
    assert (capability.distillation(base, teacher, parameters("capability", enabled=0)) == 0).all()


def test_best_teacher() -> None:
    # Open at 26.4: .325. The interface has the same model at .8 of its use: .26. A better interface (27.4: share
    # .65 · logistic(10/3) = .65 · .965555 = .627611, gap 2, times .8 = 1.004177) wins.
    p = parameters("capability", **TEACHING, api_teacher_discount=0.8)
    best = capability.best_teacher(f32(25.4, 25.4, 25.4), f32(26.4, 0, 26.4), f32(26.4, 26.4, 27.4), p)
    assert_allclose(best, [[0.325, 0.26, 1.004177]], rtol=1e-5)


def test_interval_between_runs() -> None:
    p = parameters("capability", interval_shortest=6, interval_longest=14, interval_jitter=2)
    place, u = f32(1, 0, 0.5, 1, 0), f32(0.5, 0.5, 0.5, 0.999999, 0.000001)
    assert_allclose(capability.training_interval(place, u, p), [[6, 14, 10, 8, 12]])
    hasty = parameters("capability", interval_shortest=0, interval_longest=0, interval_jitter=0)
    assert (capability.training_interval(place, u, hasty) == 1).all()


def test_position() -> None:
    # Effective compute relative to the leader's: one OOM behind is a tenth.
    assert_allclose(capability.position(f32(26, 25, 27), f32([[26]])), [[1, 0.1, 1]], rtol=1e-6)


ROW = f32(25.0, 25.5, 26.0)


def test_assets_for_training() -> None:
    # Who has no data lacks .2 OOM, who has half of it .1; without the best staff .4 of research is lost, with half .2.
    p = parameters("capability", data_shortfall=0.2, labour_shortfall=0.4)
    assert_allclose(capability.without_data(f32(0, 0.5, 1), p), [[-0.2, -0.1, 0]], atol=1e-7)
    assert_allclose(capability.effective_research(f32(10, 10, 10), f32(0, 0.5, 1), p), [[6, 8, 10]], rtol=1e-6)


TRAIN = {
    "spend_usd": f32(1e7, 1e8, 1e9), "year": 2025.0, "levy": ROW * 0, "cap": ROW * 0 + 99, "collective": ROW * 0 + 1,
    "shock": ROW * 0 + 1,
}  # fmt: skip
KNOW = {
    "knowledge": f32(0.1, 0.5, 1.0), "research_usd": f32(1e8, 1e9, 9e9), "open_share": f32([[0.3]]),
    "public": f32([[1.2]]), "frontier": f32([[1.4]]),
}  # fmt: skip
STAFF = {"research_usd": f32(1e8, 1e9), "labour": f32(0.1, 0.5)}
TEACH = {"base": ROW, "open_best": f32([[26.5]]), "api_best": f32([[26.6]])}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("training_flop", TRAIN, {"spend_usd": f32(2e7, 2e8, 2e9)}, "up"),
        ("training_flop", TRAIN, {"year": 2027.0}, "up"),
        ("training_flop", TRAIN, {"levy": ROW * 0 + 0.2}, "down"),
        ("training_flop", TRAIN, {"cap": ROW * 0 + 20}, "down"),
        ("training_flop", TRAIN, {"p.collective_penalty": 1}, "down"),
        ("training_flop", TRAIN, {"p.largest_run_share": 1e-4}, "down"),
        ("knowledge_step", KNOW, {"research_usd": f32(2e8, 2e9, 2e10)}, "up"),
        ("knowledge_step", KNOW, {"open_share": f32([[0.6]])}, "up"),
        ("knowledge_step", KNOW, {"public": f32([[1.5]])}, "up"),
        ("knowledge_step", KNOW, {"frontier": f32([[2.0]])}, "up"),
        ("knowledge_step", KNOW, {"p.ideas_harder": 2}, "down"),
        ("knowledge_step", KNOW, {"p.open_commons_gain": 0}, "down"),
        ("without_data", {"data": f32(0.1, 0.5)}, {"data": f32(0.2, 0.6)}, "up"),
        ("without_data", {"data": f32(0.1, 0.5)}, {"p.data_shortfall": 0.4}, "down"),
        ("effective_research", STAFF, {"labour": f32(0.2, 0.6)}, "up"),
        ("effective_research", STAFF, {"p.labour_shortfall": 0.6}, "down"),
        ("best_teacher", TEACH, {"open_best": f32([[27.0]])}, "up"),
        ("best_teacher", TEACH, {"api_best": f32([[28.0]])}, "up"),
        ("best_teacher", TEACH, {"base": ROW + 5}, "down"),
        ("best_teacher", TEACH, {"p.distillation_share": 0}, "down"),
        ("compute_price", {"year": 2026.0}, {"p.hardware_growth_final": 1.5}, "up"),
        ("largest_run", {"year": 2028.0}, {"p.chip_stock_growth_final": 2.5}, "up"),
        ("compute_price", {"year": 2026.0, "p": parameters("capability", enabled=0)}, {"year": 2030.0}, "unchanged"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("capability"), **inputs}
    assert direction(getattr(capability, function), given, change) == goes


def test_growth_of_hardware_slows() -> None:
    price = partial(capability.compute_price, p=parameters("capability"))
    steps = np.diff([float(price(year)[0, 0]) for year in range(2023, 2040)])
    assert (np.diff(steps) < 1e-5).all()
    assert steps[-1] >= math.log10(float(parameters("capability").hardware_growth_final[0, 0])) - 1e-5


def test_who_trains_at_the_frontier() -> None:
    p = parameters("capability", frontier_reach=0.5)
    found = capability.at_the_frontier(f32(27, 26, 25.6, 25.4), f32([[26]]), p)
    assert_array_equal(found, [[True, True, True, False]])
