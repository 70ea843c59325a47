"""Release: cases worked by hand, the unilateralist's curse, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import release
from tests.support import F32, changed_record, direction, f32, parameters

CLOSED = {
    "weights_access": 0, "api_access": 1, "customisability": 0.25, "flywheel": 0.6, "research_openness": 0.4,
    "knowledge_spillover": 0.3, "safeguard_persistence": 0.8, "revocability": 1, "monitoring": 0.75,
}  # fmt: skip
OPEN = {
    **CLOSED, "weights_access": 1, "customisability": 0.8, "flywheel": 0.5, "research_openness": 0.5,
    "safeguard_persistence": 0, "revocability": 0, "monitoring": 0,
}  # fmt: skip
HIDDEN = {**CLOSED, "api_access": 0, "knowledge_spillover": 0, "safeguard_persistence": 1}
WEIGHTS = {
    "profit_weight": 10, "host_substitution": 0.9, "ecosystem_gain": 0.5, "reputation_gain": 0.4, "secrecy_gain": 1,
    "risk_aversion": 2, "liability_weight": 3, "compliance_burden": 1, "launch_cost": 0,
}  # fmt: skip
LAB = {
    "share": 0.2, "stake": 0.5, "taste": -0.1, "risk": 0.3, "liability": 0.5, "liability_cap": 9, "relief": 0,
    "prize": 0.2, "compliance": 0.1,
}  # fmt: skip


def table(*rows: dict[str, float]) -> dict[str, F32]:
    return {name: f32([[row[name] for row in rows]]) for name in CLOSED}


def worth(p: object, **changes: float) -> F32:
    lab = {name: f32([[value]]) for name, value in {**LAB, **changes}.items()}
    return release.payoffs(**lab, row=table(CLOSED, OPEN, HIDDEN), p=p)


def test_payoffs() -> None:
    # Interface: profit 10 · .2 · 1 = 2; ecosystem .5 · .25 · .6 = .075; reputation .4 · .4 = .16; nothing exposed,
    #   as all can be withdrawn; owed 3 · .5 · .3 · .25 = .1125; compliance .1. Sum 2.0225.
    # Open weights: profit 10 · .2 · (1 - .9) = .2; stake .5, taste -.1, prize .2; ecosystem .5 · .8 · .5 = .2;
    #   reputation .2; harm 2 · .3 · 1 · 1 = .6; owed .45; compliance .1. Sum .05.
    # Kept back: ecosystem .075, reputation .16, secrecy 1; owed .1125; no service, so no compliance. Sum 1.1225.
    p = parameters("release", **WEIGHTS)
    assert_allclose(worth(p), [[[2.0225, 0.05, 1.1225]]], rtol=1e-5)


def test_liability_is_capped() -> None:
    # Liability 10 would cost 9 on open weights and 2.25 elsewhere; the cap lets 1 of it bind everywhere.
    p = parameters("release", **WEIGHTS)
    free = worth(p, liability=0)
    assert_allclose(free - worth(p, liability=10, liability_cap=1), [[[1, 1, 1]]], rtol=1e-5)


def test_relief_frees_weights_from_liability() -> None:
    # Open weights owe .45, an interface .1125; relief of two thirds leaves the first .15 and the second as it was.
    p = parameters("release", **WEIGHTS)
    assert_allclose(worth(p, relief=2 / 3) - worth(p), [[[0, 0.3, 0]]], atol=1e-6)


def test_a_launch_burdens_services_of_ones_own() -> None:
    # Cost 2 counts whole at the interface, not where weights are out or nothing is served. In a market a hundred times
    # as large it counts a tenth at a fading of one half, and as much as ever at none.
    p = parameters("release", **WEIGHTS)
    dear = parameters("release", **{**WEIGHTS, "launch_cost": 2})
    assert_allclose(worth(p) - worth(dear), [[[2, 0, 0]]], atol=1e-6)
    fading = parameters("release", launch_cost=2, launch_fading=0.5)
    assert_allclose(release.launch_left(f32([[3e11]]), f32([[3e9]]), fading), [[0.2]], rtol=1e-5)
    constant = parameters("release", launch_cost=2, launch_fading=0)
    assert_allclose(release.launch_left(f32([[3e11]]), f32([[3e9]]), constant), [[2]], rtol=1e-6)


def test_safety_case() -> None:
    # Risks .3 and .8, exposed in full, by half and not at all, beside a ceiling of .2: only what is not exposed passes,
    # and the half only with risk .3 and a ceiling of .15. What the law forbids stays forbidden; the first row remains.
    exposed, every = f32(1, 0.5, 0), np.ones((1, 2, 3), bool)
    said = release.tolerated(f32(0.3, 0.8), f32(0.15, 0.2), exposed, every)
    assert_array_equal(said, [[[False, True, True], [False, False, True]]])
    barred = every & np.array([True, True, False])
    assert_array_equal(release.tolerated(f32(0.3, 0.8), f32(0.1, 0.2), exposed, barred)[:, :, 0], [[True, True]])


def test_hosts_take_no_more_than_there_is() -> None:
    p = parameters("release", **{**WEIGHTS, "host_substitution": 3})
    assert_allclose(worth(p, share=1)[0, 0, 1], worth(p, share=0)[0, 0, 1])


def test_risk() -> None:
    # At the midpoint one half; one width above e / (1 + e) = .731059. Evidence that reaches nobody is no risk.
    p = parameters("release", risk_midpoint=28, risk_width=0.5, risk_noise=1)
    assert_allclose(release.true_risk(f32(28, 28.5), p), [[0.5, 0.731059]], rtol=1e-6)
    # A shock of one deviation counts as one width; governance of one half passes half of it on.
    level, shock, voice = f32(28, 28, 28), f32(1, 0, 1), f32(1, 0.5, 0)
    assert_allclose(release.estimated_risk(level, shock, voice, p), [[0.731059, 0.25, 0]], rtol=1e-6)


def test_expected_share() -> None:
    # Weight 1: one OOM above the best open model counts 10, level with it 1; the open model itself counts 1.
    # A model of 10 against a rival of 1: 10 / (10 + 1 + 1); the inactive third does not count.
    p = parameters("release", capability_weight=1)
    model, current = f32(26, 25, 25), f32(24, 25, 27)
    active = np.array([[True, True, False]])
    share = release.expected_share(model, current, active, f32([[25]]), p)
    # The second: 1 / (1 + rival at 24 counts .1 + 1) = 1 / 2.1. The third: 1 / (1 + 1.1 + 1).
    assert_allclose(share, [[10 / 12, 1 / 2.1, 1 / 3.1]], rtol=1e-5)


def test_expected_share_where_nothing_is_open() -> None:
    # No open model (capability 0) is no rival: two equals share. 10^(27 · 1.8) is beyond float32, and must not matter.
    p = parameters("release", capability_weight=1.8)
    level = f32(27, 27)
    share = release.expected_share(level, level, np.array([[True, True]]), f32([[0]]), p)
    assert_allclose(share, [[0.5, 0.5]], rtol=1e-6)


def test_permitted() -> None:
    # Kinds: compute and distance. Row 1 is forbidden from compute 25 on, row 2 near the frontier, row 3 always.
    thresholds = np.full((1, 3, 4, 2), 1e9, np.float32)
    thresholds[:, :, 1, 0], thresholds[:, :, 2, 1] = 25, -1
    metrics = f32([[[24.9, 0], [25, -2], [26, 0]]])
    choosable = np.array([True, True, True, False])
    said = release.permitted(metrics, thresholds, choosable)
    assert_array_equal(said, [[[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]]])


def test_who_may_do_nothing_may_keep_it() -> None:
    nothing = release.permitted(f32([[[30.0]]]), np.zeros((1, 1, 3, 1), np.float32), np.ones(3, bool))
    assert_array_equal(nothing, [[[True, False, False]]])


def test_licences() -> None:
    # Danger at the midpoint is one half; a regime that guards a fifth and cannot be recalled leaves .4 of it, one that
    # can be recalled in full leaves nothing. Strictness .59 bears .41, strictness .61 only .39.
    p = parameters("release", risk_midpoint=28, risk_width=1)
    row = {"safeguard_persistence": f32([[0.2, 0.2]]), "revocability": f32([[0, 1]])}
    level, strict = f32([[28, 28, 28]]), f32([[[0], [0.59], [0.61]]])
    said = release.licensed(level, strict, row, p)
    assert_array_equal(said, [[[True, True], [True, True], [False, True]]])


def test_choice_without_noise_is_the_best_permitted() -> None:
    p = parameters("release", choice_noise=0)
    utility, u = f32([[[1, 3, 2]], [[1, 3, 2]]]), np.full((2, 1, 3), 0.5, np.float32)
    allowed = np.array([[[True, True, True]], [[True, False, True]]])
    pair = parameters("release", 2, choice_noise=0)
    assert_array_equal(release.choose(utility, allowed, u, pair), [[1], [2]])
    off = changed_record(p, {"enabled": 0})
    assert_array_equal(release.choose(utility[:1], np.array([[[False, True, True]]]), u[:1], off), [[1]])


def test_choice_is_a_logit() -> None:
    # Payoffs half · ln 3 and 0 at noise one half: odds of 3 to 1.
    n = 20_000
    u = np.random.default_rng(1).uniform(1e-6, 1, (1, n, 2)).astype(np.float32)
    utility = np.broadcast_to(f32([[[0.5 * math.log(3), 0]]]), (1, n, 2))
    chosen = release.choose(utility, np.ones((1, n, 2), bool), u, parameters("release", choice_noise=0.5))
    assert np.mean(chosen == 0) == pytest.approx(0.75, abs=4 * math.sqrt(0.75 * 0.25 / n))


def test_unilateralists_curse() -> None:
    # Developers open when their own estimate is below one half; the truth is 1.645 deviations above, so each alone errs
    # with probability Φ(-1.645) = .05, and of n at least one with 1 - .95^n. The noise of n is part of that of n + 1.
    members, most = 4000, 40
    noise = np.random.default_rng(2).standard_normal((members, most)).astype(np.float32)
    p = parameters("release", members, risk_midpoint=28, risk_width=1, risk_noise=1)
    level, voice = np.full((members, most), 29.645, np.float32), np.ones((members, most), np.float32)
    errs = release.estimated_risk(level, noise, voice, p) < 0.5
    somebody = [float(np.mean(errs[:, :n].any(axis=1))) for n in range(1, most + 1)]
    assert (np.diff(somebody) >= 0).all()
    for n in (1, 5, 10, 40):
        truth = 1 - 0.95**n
        assert somebody[n - 1] == pytest.approx(truth, abs=4 * math.sqrt(truth * (1 - truth) / members))


def test_a_head_start_costs_the_developer_its_lead() -> None:
    # Four months at .1 OOM a month, of which half would pass anyway: .2 OOM. Nothing where all of it would.
    months, growth = f32(4, 0), f32([[0.1]])
    assert_allclose(release.held_back(months, growth, parameters("release", head_start_delay=0.5)), [[0.2, 0]])
    assert (release.held_back(months, growth, parameters("release", head_start_delay=0)) == 0).all()


def test_staged_opening() -> None:
    # Without known flaws it opens; at one flaw and hazard ln 2 it is put off half the time.
    p = parameters("release", staged_stop_hazard=math.log(2))
    u = f32(0.0001, 0.49, 0.51, 0.99)
    assert_array_equal(release.staged_opens(u, u * 0, u * 0, p), [[True, True, True, True]])
    assert_array_equal(release.staged_opens(u, u * 0 + 1, u * 0, p), [[False, False, True, True]])
    # Incidents at e times those of 2023 do the same at the same hazard.
    p = parameters("release", staged_stop_hazard=0, staged_stop_incidents=math.log(2))
    assert_array_equal(release.staged_opens(u, u * 0, u * 0 + 1, p), [[False, False, True, True]])


def between(first: int, second: int) -> object:
    """Payoff of one row over another."""

    def gap(p: object, **lab: F32) -> F32:
        value = release.payoffs(**lab, row=table(CLOSED, OPEN, HIDDEN), p=p)
        return value[:, :, first] - value[:, :, second]

    return gap


LABS = {name: f32([[value, value / 2]]) for name, value in LAB.items()}


@pytest.mark.parametrize(
    ("rows", "change", "goes"),
    [
        ((1, 0), {"share": LABS["share"] * 2}, "down"),  # profit forgone: leaders close
        ((1, 0), {"stake": LABS["stake"] * 2}, "up"),  # who owns the complement opens
        ((1, 0), {"taste": LABS["taste"] + 1}, "up"),
        ((1, 0), {"prize": LABS["prize"] * 2}, "up"),
        ((1, 0), {"risk": LABS["risk"] * 2}, "down"),
        ((1, 0), {"liability": LABS["liability"] * 2}, "down"),
        ((1, 0), {"p.host_substitution": 0.5}, "up"),
        ((1, 0), {"p.ecosystem_gain": 2}, "up"),
        ((1, 0), {"p.reputation_gain": 2}, "up"),
        ((1, 0), {"p.risk_aversion": 4}, "down"),
        ((1, 0), {"compliance": LABS["compliance"] * 2}, "unchanged"),  # both serve an interface
        ((2, 0), {"compliance": LABS["compliance"] * 2}, "up"),
        ((2, 0), {"p.secrecy_gain": 2}, "up"),
        ((2, 0), {"p.launch_cost": 1}, "up"),
        ((1, 0), {"p.launch_cost": 1}, "up"),
        ((2, 0), {"share": LABS["share"] * 2}, "down"),
    ],
)
def test_direction(rows: tuple[int, int], change: dict, goes: str) -> None:
    inputs = {**LABS, "p": parameters("release", **WEIGHTS)}
    assert direction(between(*rows), inputs, change) == goes


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("true_risk", {"capability": f32(27, 29)}, {"capability": f32(28, 30)}, "up"),
        ("true_risk", {"capability": f32(27, 29)}, {"p.risk_midpoint": 31}, "down"),
        (
            "expected_share",
            {
                "capability": f32(26, 25),
                "current": f32(25, 25),
                "active": np.array([[True, True]]),
                "open_best": f32([[24]]),
            },
            {"open_best": f32([[26]])},
            "down",
        ),
    ],
)
def test_direction_of_expectations(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("release"), **inputs}
    assert direction(getattr(release, function), given, change) == goes
