"""Misuse: cases worked by hand, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import misuse
from tests.support import F32, direction, f32, parameters

FIRST, STEP, SLICES = 24.0, 0.25, 40


def cumulative(exposed: float, threshold: float = FIRST) -> F32:
    """Exposed capability up to each slice when the same part of all is exposed; one domain of four, one class."""
    upper = FIRST + STEP * (np.arange(SLICES) + 1)
    return np.broadcast_to(exposed * np.clip(upper - threshold, 0, None), (1, 4, 1, SLICES)).astype(np.float32)


def gain(level: float, exposed: float = 1, threshold: float = FIRST, **values: object) -> float:
    p = parameters("misuse", **values)
    return float(
        misuse.uplift(cumulative(exposed, threshold), FIRST, STEP, np.full((1, 4), level, np.float32), p)[0, 0, 0]
    )


def test_uplift() -> None:
    # One OOM, all exposed, .4 per OOM, cap 1.2: 1.2 · (1 - e^(-.4 / 1.2)) = 1.2 · .283469 = .340162.
    values = {"uplift_per_oom": 0.4, "uplift_cap": 1.2}
    assert gain(25, **values) == pytest.approx(0.340162, rel=1e-5)
    # Half exposed: 1.2 · (1 - e^(-1/6)) = .184222. Between slices by proportion: .6 OOM: 1.2 · (1 - e^-.2) = .217523.
    assert gain(25, exposed=0.5, **values) == pytest.approx(0.184222, rel=1e-5)
    assert gain(24.6, **values) == pytest.approx(0.217523, rel=1e-5)
    # Nothing below the first slice, or below the domain's threshold.
    assert gain(20, **values) == 0
    assert gain(25, threshold=26, **values) == 0
    assert gain(25, enabled=0) == 0


def test_uplift_never_above_its_cap() -> None:
    values = {"uplift_per_oom": 50, "uplift_cap": 1.2}
    levels = [gain(level, **values) for level in np.linspace(24, 60, 25)]
    assert max(levels) <= np.float32(1.2)
    assert (np.diff(levels) >= 0).all()


def test_uplift_of_several_models_at_once() -> None:
    p = parameters("misuse", uplift_per_oom=0.4, uplift_cap=1.2)
    levels = np.stack([np.full((1, 4), level, np.float32) for level in (24.6, 25.0)])
    both = misuse.uplift(cumulative(1), FIRST, STEP, levels, p)
    assert_allclose(both[:, 0, :, 0], [[0.217523] * 4, [0.340162] * 4], rtol=1e-5)


@pytest.mark.parametrize(("level", "reached"), [(20, 1), (24, 1), (24.2, 1), (24.3, 2), (25, 5), (99, 40)])
def test_slices_reached(level: float, reached: int) -> None:
    # Slices are .25 wide from 24 on: 24.3 lies in the second, 25 at the beginning of the fifth.
    assert misuse.slices_reached(f32(10, level), FIRST, STEP, SLICES) == reached


def test_slices_beyond_those_reached_do_not_matter() -> None:
    p, level = parameters("misuse"), np.full((1, 4), 26.1, np.float32)
    everything = cumulative(0.7, 25)
    few = misuse.slices_reached(level, FIRST, STEP, SLICES)
    assert_array_equal(
        misuse.uplift(everything, FIRST, STEP, level, p),
        misuse.uplift(np.ascontiguousarray(everything[..., :few]), FIRST, STEP, level, p),
    )


def test_through_safeguards() -> None:
    # Uplift ln 3 triples the odds; if a quarter passes, 1 + .25 · 2 = 1.5 times. All pass: all of it; none: nothing.
    full = math.log(3)
    assert_allclose(
        misuse.through_safeguards(f32(full, full, full), f32(0.25, 1, 0)), [[math.log(1.5), full, 0]], rtol=1e-6
    )


def test_jailbreaks() -> None:
    # Persistence .8: odds 1 to 4 (log-odds -1.386294). A skill of -.5 and attack knowledge of .5 cancel; ten years
    # of .2 take 2: log-odds -3.386294, share .032724.
    p = parameters("misuse", jailbreak_skill=-0.5, safeguard_trend=0.2, jailbreak_flaws=0.5)
    share = misuse.jailbreak_share(f32(0.8), 10.0, f32([[0.5]]), f32(0), p)
    assert_allclose(share, 0.032724, rtol=1e-4)
    assert_allclose(misuse.jailbreak_share(f32(0.8), 0.0, f32([[0.5]]), f32(0), p), 0.2, rtol=1e-6)
    # No safeguard holds or fails for sure: .01 and .99.
    sure = misuse.jailbreak_share(f32(0, 1), 0.0, f32([[0.5]]), f32(0, 0), p)
    assert_allclose(sure, [[0.99, 0.01]], rtol=1e-5)
    # Flaws beyond those of the start by twice ln 4: odds of 1 to 4 become even. At a weight of none they do nothing.
    much = f32(2 * math.log(4))
    assert_allclose(misuse.jailbreak_share(f32(0.8), 0.0, f32([[0.5]]), much, p), 0.5, rtol=1e-5)
    off = parameters("misuse", jailbreak_skill=-0.5, safeguard_trend=0.2, jailbreak_flaws=0)
    assert_allclose(misuse.jailbreak_share(f32(0.8), 0.0, f32([[0.5]]), much, off), 0.2, rtol=1e-5)


def test_the_persistent_go_on() -> None:
    assert_allclose(misuse.gives_up(f32(0.2, 0.2, 0.2), f32(0, 0.75, 1)), [[0.2, 0.05, 0]], rtol=1e-6)


def test_success() -> None:
    assert_allclose(misuse.success(f32(0, -math.log(9))), [[0.5, 0.1]], rtol=1e-6)


def test_route() -> None:
    # ln .5 - 0 = -.693; ln .9 - .5 - 4 · .05 = -.805; ln .9 - .5 = -.605 but not there. Equal noise: the first.
    chance, friction = np.log(f32(0.5, 0.9, 0.9)), f32(0, 0.5, 0.5)
    detection, u = f32(0, 0.05, 0), f32(0.5, 0.5, 0.5)
    noise, aversion = f32([[0.8]]), f32([[4]])
    there = np.array([[True, True, False]])
    assert misuse.route_choice(chance, friction, detection, there, u, noise, aversion) == [0]
    # Who does not mind detection takes the second (-.605), who sees the third takes either of them.
    assert misuse.route_choice(chance, friction, detection, there, u, noise, aversion * 0) == [1]
    assert misuse.route_choice(chance, friction, detection, there | True, u, noise, aversion) == [2]


def test_routes_in_proportion() -> None:
    # Success four times as likely at noise 1 and friction ln 2: odds of 2 to 1.
    n = 20_000
    u = np.random.default_rng(6).uniform(1e-6, 1, (n, 2)).astype(np.float32)
    chance = np.repeat(np.log(f32(0.1, 0.4)), n, axis=0)
    friction = np.repeat(f32(0, math.log(2)), n, axis=0)
    one = np.ones((n, 1), np.float32)
    route = misuse.route_choice(chance, friction, friction * 0, np.ones((n, 2), bool), u, one, one)
    assert np.mean(route == 1) == pytest.approx(2 / 3, abs=4 * math.sqrt(2 / 9 / n))


def test_friction() -> None:
    # Affordable 24 + log10 2 · 3 = 24.90309; a model of 26.90309 exceeds it by 2 OOM: .5 · 1.2 · 2 = 1.2; with
    # resources of .75 a quarter of it. What is affordable costs nothing.
    p = parameters(
        "misuse", affordable_log10_flop=24, affordable_growth=2, local_compute_friction=0.5, fine_tuning_cost_factor=1.2
    )
    big, small, means = f32([[26.90309]]), f32([[24]]), f32(0, 0.75, 1)
    assert_allclose(misuse.local_friction(big, 3.0, means, p), [[1.2, 0.3, 0]], rtol=1e-5)
    assert (misuse.local_friction(small, 3.0, means, p) == 0).all()


def test_friction_of_hosts() -> None:
    # Own machine 3 or .8, a host at .7 + .3: the easier; with hosting closed to half of users the mean of both ways.
    p = parameters("misuse", hosted_friction=0.3)
    own, interface = f32(3, 0.8), f32([[0.7]])
    assert_allclose(misuse.open_friction(own, interface, f32([[1]]), p), [[1, 0.8]])
    assert_allclose(misuse.open_friction(own, interface, f32([[0]]), p), [[3, 0.8]])
    assert_allclose(misuse.open_friction(own, interface, f32([[0.5]]), p), [[2, 0.8]])


def test_exposure() -> None:
    # 1.28 a year: 1.6384 after two.
    p = parameters("misuse", exposure_growth=1.28)
    assert_allclose([misuse.exposure(0.0, p), misuse.exposure(2.0, p)], [[[1]], [[1.6384]]], rtol=1e-5)


def test_turnover() -> None:
    # Share .4, target .5, speed .1: .01 more of all, so .01 / .6 of the inactive enter. From .5 to .4: .01 / .5 leave.
    p = parameters("misuse", turnover=0.1)
    leave, enter = misuse.turnover_thresholds(f32(0.4, 0.5, 0.5), f32(0.5, 0.4, 0.5), p)
    assert_allclose(enter, [[0.01 / 0.6, 0, 0]], rtol=1e-5, atol=1e-9)
    assert_allclose(leave, [[0, 0.02, 0]], rtol=1e-5, atol=1e-9)


def test_entry() -> None:
    # Success twice as likely as without AI at elasticity .5: .4 · 1.414214 = .565685; never more than everybody.
    p = parameters("misuse", entry_share=0.4, entry_elasticity=0.5)
    assert_allclose(misuse.entry_target(f32(1, 2, 100), p), [[0.4, 0.565685, 1]], rtol=1e-5)


def test_incidents() -> None:
    # Thirteen a month at the reference; 1,000 times the events at elasticity 1/3: 130.
    p = parameters("misuse", incident_rate_initial=13, incident_reference=0.01, incident_elasticity=1 / 3)
    assert_allclose(misuse.incidents(f32(0.01, 10), p), [[13, 130]], rtol=1e-5)
    assert 0 < misuse.incidents(f32([[0]]), p) < 3


def test_reports() -> None:
    # Monitoring .5 and a fifth of the rest: .6; a duty of one half brings half of the rest to light: .8.
    p = parameters("misuse", reporting_unseen=0.2)
    seen = misuse.reported_share(f32([[[0.5, 0, 1]]]), f32([[0, 0.5]]), p)
    assert_allclose(seen, [[[[0.6, 0.2, 1], [0.8, 0.6, 1]]]], rtol=1e-6)


def test_realised_harm() -> None:
    # One event with no spread of its own: relative variance 1, log variance ln 2: the median is 1/√2 of the mean.
    assert_allclose(misuse.realised(f32(100), f32(1), f32(0), f32(0)), 100 / math.sqrt(2), rtol=1e-5)
    # Very many events: what is expected comes about.
    assert_allclose(misuse.realised(f32(100), f32(1e12), f32(5), f32(3)), 100, rtol=1e-4)


def test_realised_harm_has_the_right_mean_and_spread() -> None:
    # 26 events with a coefficient of variation of 5: relative variance (1 + 25) / 26 = 1.
    z = np.random.default_rng(7).standard_normal(200_000).astype(np.float32)
    harm = misuse.realised(f32(10), f32(26), f32(5), z).astype(np.float64)
    assert harm.mean() == pytest.approx(10, rel=0.02)
    assert harm.std() / harm.mean() == pytest.approx(1, rel=0.05)


def test_window() -> None:
    # Equal clocks of 30 days: half of the race is lost, and of the .7 zero days all: .7 + .3 · .5 = .85.
    p = parameters("misuse", zero_day_share=0.7)
    assert_allclose(misuse.exposure_window(f32(30, 90), f32(30, 30), p), [[0.85, 0.775]], rtol=1e-6)
    assert_allclose(misuse.exposure_window(f32(0), f32(30), p), 1, rtol=1e-3)
    assert_allclose(misuse.exposure_window(f32(1e9), f32(30), p), 0.7, rtol=1e-5)


JAILBREAK = {"persistence": f32(0.3, 0.9), "years": 2.0, "attack_knowledge": f32([[0.1]]), "flaws": f32(0.2, 0.2)}
LOCAL = {"model_log10_flop": f32([[27]]), "years": 2.0, "resources": f32(0, 0.5)}
WINDOW = {"exploit_days": f32(10, 30), "patch_days": f32(30, 30)}


REPORTS = {"monitoring": f32([[[0.1, 0.5]]]), "duty": f32(0, 0)}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("jailbreak_share", JAILBREAK, {"persistence": f32(0.6, 0.95)}, "down"),
        ("jailbreak_share", JAILBREAK, {"attack_knowledge": f32([[1]])}, "up"),
        ("jailbreak_share", JAILBREAK, {"years": 5.0}, "down"),
        ("jailbreak_share", JAILBREAK, {"flaws": f32(0.9, 0.9)}, "up"),
        ("jailbreak_share", JAILBREAK, {"p.jailbreak_flaws": 0}, "down"),
        ("local_friction", LOCAL, {"model_log10_flop": f32([[28]])}, "up"),
        ("local_friction", LOCAL, {"years": 6.0}, "down"),
        ("local_friction", LOCAL, {"resources": f32(0.5, 0.9)}, "down"),
        ("exposure_window", WINDOW, {"exploit_days": f32(20, 60)}, "down"),
        ("exposure_window", WINDOW, {"patch_days": f32(60, 60)}, "up"),
        ("exposure_window", WINDOW, {"p.zero_day_share": 0.9}, "up"),
        ("entry_target", {"profit_ratio": f32(1.5, 2)}, {"profit_ratio": f32(2, 3)}, "up"),
        ("incidents", {"ai_events": f32(0.1, 1)}, {"ai_events": f32(0.2, 2)}, "up"),
        ("reported_share", REPORTS, {"duty": f32(0.5, 0.5)}, "up"),
        ("reported_share", REPORTS, {"monitoring": f32([[[0.5, 0.9]]])}, "up"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("misuse"), **inputs}
    assert direction(getattr(misuse, function), given, change) == goes


def test_a_ban_is_not_an_arrest() -> None:
    # Found with .2 at an interface: a quarter of these are stopped besides the .01 of the police, the rest shut out.
    p = parameters("misuse", detection_other=0.01, ban_stops=0.25)
    stopped, shut_out = misuse.found(f32([[[0, 0.2]]]), p)
    assert_allclose(stopped, [[[0.01, 0.06]]], rtol=1e-6)
    assert_allclose(shut_out, [[[0, 0.15]]], rtol=1e-6)


def test_those_who_are_shut_out_come_back_as_far_as_they_are_accepted() -> None:
    # Mean of 2 months where all are accepted: 1 − e^(−1/2) a month; with vetting that lets in a tenth 1 − e^(−1/20).
    p = parameters("misuse", ban_months=2)
    expected = [[1 - math.exp(-0.5), 1 - math.exp(-0.05), 0]]
    assert_allclose(misuse.accepted_again(f32(1, 0.1, 0), p), expected, rtol=1e-5)
