"""Market: cases worked by hand, the logit-Bertrand fixed point, nests, limits and directions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import market
from sim.kernels.choice import concentration
from tests.support import F32, direction, f32, parameters

SIZE = {"revenue_initial_usd": 4, "revenue_largest_usd": 100, "demand_elasticity": 0.5, "segment_weight": 0.25}
COST = {"cost_slope": 1, "cost_floor": 0.02}


def test_segment_sizes() -> None:
    # x = 4 / 96 at the reference: 100 x / (1 + x) = 4, a quarter for each segment. Four OOM later x is 100 times,
    # 4.166667: 100 · 4.166667 / 5.166667 = 80.645161. Demand is satisfied in the end.
    p = parameters("market", **SIZE)
    reference = f32([[25]])
    assert_allclose(market.segment_sizes(reference, reference, p), [[1, 1, 1, 1]], rtol=1e-5)
    assert_allclose(market.segment_sizes(reference + 4, reference, p), [[20.16129] * 4], rtol=1e-5)
    assert_allclose(market.segment_sizes(reference + 30, reference, p), [[25] * 4], rtol=1e-5)


def test_demand_response() -> None:
    # At a quarter of the reference price and an elasticity of one half, use doubles; at the reference nothing changes;
    # where nothing is on offer there is no response.
    p = parameters("market", price_response=0.5, reference_price=8)
    response = market.demand_response(f32(2, 8, 0, 32), f32(1, 1, 0, 1), p)
    assert_allclose(response, [[2, 1, 1, 0.5]], rtol=1e-6)
    # A price of nothing still gives a finite factor: a thousandth of the reference, to the power of minus one half.
    assert_allclose(market.demand_response(f32(0), f32(1), p), [[1000**0.5]], rtol=1e-5)


def test_surplus() -> None:
    # 24 USD a year, doubled use of which the addition counts half: 24 · 1.5 / 12 = 3 a month. A gain of 2 in utility at
    # a sensitivity of 1/4 is 8 units of price, of a reference of 8: 3 · 8 / 8 = 3.
    p = parameters("market", price_sensitivity=[0.25] * 4, reference_price=8)
    assert_allclose(market.surplus(f32(24, 24, 24, 0), f32(2, 2, 1, 2), f32(2, 0, 2, 2), p), [[3, 0, 2, 0]], rtol=1e-6)


def test_unit_cost() -> None:
    # A tenth one OOM behind, never below the floor, never above 1.
    p = parameters("market", **COST)
    assert_allclose(market.unit_cost(f32(26, 25, 20, 28), f32([[26]]), p), [[1, 0.1, 0.02, 1]], rtol=1e-5)


def test_bertrand_price() -> None:
    # c = 1, α = 1/2: without a share 1 + 2 = 3; with half of the market 1 + 2 / .5 = 5; a monopolist keeps a residual
    # of .05: 1 + 2 / .05 = 41.
    assert_allclose(market.bertrand_price(f32(1, 1, 1), f32(0, 0.5, 1), f32([[0.5]])), [[3, 5, 41]], rtol=1e-6)


def test_price_step() -> None:
    # From 9 a quarter of the way to 5: 8.
    p = parameters("market", price_adjustment=0.25)
    assert_allclose(market.price_step(f32(9), f32(1), f32(0.5), f32([[0.5]]), p), [[8]])


@pytest.mark.parametrize(("n", "alpha"), [(1, 0.3), (2, 0.2), (4, 0.3)])
def test_logit_bertrand_fixed_point(n: int, alpha: float) -> None:
    # n equal firms and buying nothing: with share s(p) = e^(v - α p) / (n e^(v - α p) + 1), iterated best replies come
    # to rest where p - c = 1 / (α (1 - s)).
    p, v, cost = parameters("market", price_adjustment=0.5), 2.0, f32([[1.0] * n])
    price: F32 = cost + 1
    for _ in range(200):
        pull = np.exp(v - alpha * price)
        share = (pull / (pull.sum() + 1)).astype(np.float32)
        price = market.price_step(price, cost, share, f32([[alpha]]), p)
    markup = 1 / (alpha * (1 - share.astype(np.float64)))
    assert_allclose(price - cost, markup, rtol=1e-5)
    # The same by bisection of the one equation in the one price.
    low, high = 1.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        s = math.exp(v - alpha * middle) / (n * math.exp(v - alpha * middle) + 1)
        low, high = (middle, high) if middle - 1 < 1 / (alpha * (1 - s)) else (low, middle)
    assert_allclose(price, middle, rtol=1e-4)


def test_utilities() -> None:
    # -1 OOM at 2 = -2; price 3 at .2 = -.6; hosted -.8; customisable by half at .4 = .2; assets .5 at .6 = .3: -2.9.
    p = parameters(
        "market", capability_weight=2, price_sensitivity=0.2, open_intercept=-0.8, customisability_weight=0.4,
        complement_weight=0.6,
    )  # fmt: skip
    row = (f32(-1, 0), f32(3, 3), f32(0.5, 0), f32(0.5, 0), f32(1, 0))
    value = market.utilities(*row, np.array([[True, True]]), p)
    assert_allclose(value, [[[-2.9, -0.6]] * 4], rtol=1e-6)
    assert (market.utilities(*row, np.array([[True, False]]), p)[..., 1] == market.ABSENT).all()


def shares(utility: list[float], family: list[int], dissimilarity: float, outside: float = 0.0) -> tuple[F32, F32]:
    p = parameters("market", nest_dissimilarity=dissimilarity, outside_utility=outside)
    share, surplus = market.nested_shares(f32([[utility]]), np.array([family]), p)
    return share[0, 0], surplus[0, 0]


def test_nested_shares() -> None:
    # Family 0 has one offer, family 1 two equal ones, all of utility 0; the fourth is not on offer. At λ = .35 the pair
    # is worth 2^.35 = 1.274561 of one: shares 1 / 2.274561 = .439645 and half of .560355 each.
    absent = float(market.ABSENT)
    share, surplus = shares([0, 0, 0, absent], [0, 1, 1, 0], 0.35)
    assert_allclose(share, [0.439645, 0.280178, 0.280178, 0], rtol=1e-5)
    # The gain over buying nothing: ln(1 + 2.274561).
    assert surplus == pytest.approx(math.log(3.274561), rel=1e-5)
    # Unrelated offers (λ = 1) are a plain logit: thirds.
    assert_allclose(shares([0, 0, 0, absent], [0, 1, 1, 0], 1.0)[0][:3], 1 / 3, rtol=1e-6)
    # Utility ln 3 of the lone offer at λ = 1: 3 / 5.
    assert_allclose(shares([math.log(3), 0, 0, absent], [0, 1, 1, 0], 1.0)[0][0], 0.6, rtol=1e-6)


@pytest.mark.parametrize("clones", [2, 4, 8])
def test_clones_do_not_inflate_a_family(clones: int) -> None:
    # One original against one family of n copies of equal utility: a plain logit would give them n / (n + 1); the nest
    # n^λ / (n^λ + 1), so eight clones at λ = .2 have .602 and not .889.
    options = 2 * clones
    utility = [0.0] * (clones + 1) + [float(market.ABSENT)] * (options - clones - 1)
    family = [0] + [1] * (options - 1)
    for dissimilarity in (0.2, 0.35, 0.6):
        share, _ = shares(utility, family, dissimilarity)
        family_share = float(share[1:].sum())
        assert family_share == pytest.approx(clones**dissimilarity / (clones**dissimilarity + 1), rel=1e-5)
        assert family_share < clones / (clones + 1)
    assert sum(shares(utility, family, 0.2)[0][1:]) < 0.61


def test_shares_sum_to_one_or_are_none() -> None:
    rng = np.random.default_rng(3)
    p = parameters("market", 5)
    utility = rng.normal(0, 6, (5, 4, 8)).astype(np.float32)
    utility[:, :, rng.random(8) < 0.5] = market.ABSENT
    utility[4] = market.ABSENT
    share, surplus = market.nested_shares(utility, rng.integers(0, 4, (5, 8)), p)
    assert_allclose(share[:4].sum(axis=2), 1, rtol=1e-5)
    assert (share[4] == 0).all() and (surplus[4] == 0).all() and (surplus[:4] > 0).all()


def test_names_follow_use() -> None:
    # A twentieth of the way from .1 to .5 each month: .12; at once where nothing was used before.
    p = parameters("market", 2, brand_speed=0.05)
    used, known = f32([[0.5, 0.1], [0.5, 0.1]]), np.array([[True], [False]])
    found = market.brand_step(f32([[0.1, 0.1], [0, 0]]), used, known, p)
    assert_allclose(found, [[0.12, 0.1], [0.5, 0.1]], rtol=1e-6)


def test_a_name_lends_a_bounded_advantage() -> None:
    # Two equal services, one of which everybody knows: it wins e^weight to 1 of those who choose, and not all.
    p = parameters("market", brand_weight=1.0, nest_dissimilarity=1.0)
    utility = np.zeros((1, 4, 4), np.float32)
    utility[:, :, 2:] = market.ABSENT
    utility[:, :, :2] += p.brand_weight[:, :, None] * f32([[1, 0]])[:, None, :]
    share, _ = market.nested_shares(utility, np.array([[0, 1, 0, 1]]), p)
    assert_allclose(share[0, :, 0], 0.731059, rtol=1e-5)


def test_share_step() -> None:
    # A tenth reconsiders: .9 · (.5, .3, .2) stays and .1 · (.2, .8, 0) moves: (.47, .35, .18).
    p = parameters("market", reconsider_share=0.1)
    held, wanted = f32([[[0.5, 0.3, 0.2]]]), f32([[[0.2, 0.8, 0]]])
    everything, none = np.array([[True, True, True]]), f32([[0.0]])
    assert_allclose(market.share_step(held, wanted, everything, none, p), [[[0.47, 0.35, 0.18]]], rtol=1e-6)
    # The first has gone: .27 and .18 stay, the other .55 wants the second only: .27 + .55 and .18.
    gone = np.array([[False, True, True]])
    assert_allclose(market.share_step(held, f32([[[0, 1, 0]]]), gone, none, p), [[[0, 0.82, 0.18]]], rtol=1e-5)
    # With full interoperability all move.
    assert_allclose(market.share_step(held, wanted, everything, none + 1, p), wanted, atol=1e-6)
    # Nothing on offer, nobody buys.
    assert (market.share_step(held, wanted * 0, ~everything, none, p) == 0).all()


def test_revenue() -> None:
    # $1,200 a year at the reference price 4; half buys at 2, half at 4: 1200 / 12 · .5 · (2 / 4, 1) = 25 and 50.
    p = parameters("market", reference_price=4)
    paid = market.revenue(f32([[[0.5, 0.5]]]), f32(2, 4), f32([[1200]]), p)
    assert_allclose(paid, [[[25, 50]]])


def test_hosts() -> None:
    # Squares of .4, .3 and .2: .16, .09 and .04. The last, .1, stands for ten firms of .01: ten squares of .0001.
    shares_of_hosts = [0.4, 0.3, 0.2, 0.1]
    square = market.host_split(parameters("market", host_share=shares_of_hosts, host_concentration=2))
    assert_allclose(square, [[160 / 291, 90 / 291, 40 / 291, 1 / 291]], rtol=1e-5)
    # Without any sharpness all thirteen firms are equal.
    even = market.host_split(parameters("market", host_share=shares_of_hosts, host_concentration=0))
    assert_allclose(even, [[1 / 13, 1 / 13, 1 / 13, 10 / 13]], rtol=1e-5)


def test_concentration_counts_the_firms_of_the_fringe_one_by_one() -> None:
    # Half is one firm's, half that of five: .25 and five squares of .1.
    p = parameters("market", fringe_firms=5)
    assert_allclose(market.firms_of_hosts(p), [[1, 1, 1, 5]])
    assert_allclose(concentration(f32([[0.5, 0, 0, 0.5]]), market.firms_of_hosts(p)), [3000])


def test_rating_gap() -> None:
    p = parameters("market", rating_per_oom=100)
    assert_allclose(market.rating_gap(f32([26.5]), f32([26.2]), p), [30], rtol=1e-5)


def test_prospect() -> None:
    # One OOM behind at a steepness of one half: 10^-.5; at the frontier and before it 1.
    p = parameters("market", prospect_steepness=0.5)
    assert_allclose(market.prospect(f32(25, 26, 27), f32([[26]]), p), [[10**-0.5, 1, 1]], rtol=1e-6)


def test_budgets() -> None:
    # Own revenue 100 and 20 % of a market of 900, half and half: 140; a tenth of it is 14. From 14 it stays, from 10 it
    # can rise by 13 % at most, from 20 fall by 3 %, from 13.9 it gets there at once.
    p = parameters("market", run_share_of_revenue=0.1, revenue_weight=0.5, budget_fall=0.03, budget_rise=0.13)
    revenue, place = f32(100, 100, 100, 100), f32(0.2, 0.2, 0.2, 0.2)
    stepped = market.budget_step(f32(14, 10, 20, 13.9), revenue, f32([[900]]), place, p)
    assert_allclose(stepped, [[14, 11.3, 19.4, 14]], rtol=1e-6)
    off = parameters("market", enabled=0)
    assert_array_equal(market.budget_step(f32(14, 10), f32(1, 1), f32([[900]]), f32(0, 1), off), f32(14, 10))


def test_funding() -> None:
    # The leader finds money with e^.5 / (1 + e^.5) = .622459; one OOM behind with logistic(.5 - 2) = .182426. Who has
    # cash for a year does not ask.
    p = parameters("market", runway_months=6, raise_base=0.5, raise_position=2)
    level, u = f32(26, 26, 25, 25, 26), f32(0.622, 0.623, 0.182, 0.183, 0.1)
    runway = f32(5, 5, 5, 5, 12)
    assert_array_equal(market.raises_funds(runway, level, f32([[26]]), u, p), [[True, False, True, False, False]])


OFFER = {
    "relative": f32(-1, 0), "price": f32(2, 3), "customisability": f32(0.3, 0.6), "distribution": f32(0.5, 0.5),
    "hosted": f32(1, 1), "available": np.array([[True, True]]),
}  # fmt: skip
BUDGET = {"budget": f32(10, 10), "own_revenue": f32(100, 210), "market": f32([[900]]), "position": f32(0.1, 0.2)}
PRICE = {"price": f32(4, 5), "cost": f32(1, 1), "share": f32(0.1, 0.4), "sensitivity": f32([[0.3]])}
ENTRY = {"open_best": f32([[25]]), "frontier": f32([[26]]), "open_use": f32([[0.2]]), "ventures": f32([[1]])}
SERVE = {"capability": f32(25, 26), "frontier": f32([[26]]), "cloud": f32(0.2, 0.6)}


@pytest.mark.parametrize(
    ("function", "inputs", "change", "goes"),
    [
        ("utilities", OFFER, {"relative": f32(-0.5, 0.5)}, "up"),
        ("utilities", OFFER, {"price": f32(3, 4)}, "down"),
        ("utilities", OFFER, {"distribution": f32(1, 1)}, "up"),
        ("utilities", OFFER, {"p.complement_weight": 0}, "down"),
        ("price_step", PRICE, {"cost": f32(2, 2)}, "up"),
        ("price_step", PRICE, {"share": f32(0.5, 0.9)}, "up"),
        ("price_step", PRICE, {"sensitivity": f32([[0.6]])}, "down"),
        ("budget_step", BUDGET, {"own_revenue": f32(150, 260)}, "up"),
        ("budget_step", BUDGET, {"position": f32(0.2, 0.4)}, "up"),
        ("budget_step", {**BUDGET, "budget": f32(1e6, 1e6)}, {"own_revenue": f32(0, 0)}, "unchanged"),  # limited fall
        ("entry_hazard", ENTRY, {"open_best": f32([[25.5]])}, "up"),
        ("entry_hazard", ENTRY, {"open_use": f32([[0.6]])}, "down"),
        ("entry_hazard", ENTRY, {"ventures": f32([[2]])}, "up"),
        ("entry_hazard", ENTRY, {"p.entry_squeeze": 0.3}, "up"),
        ("serving_cost", SERVE, {"cloud": f32(0.5, 0.9)}, "down"),
        ("serving_cost", SERVE, {"p.complement_cost": 0}, "up"),
        ("promise", {"market": f32([[9]]), "earned": f32([[4]])}, {"p.appropriation_weight": 1}, "down"),
        ("entry_hazard", {**ENTRY, "open_best": f32([[26]])}, {"open_best": f32([[28]])}, "unchanged"),
        ("unit_cost", {"capability": f32(25, 26), "frontier": f32([[26]])}, {"frontier": f32([[27]])}, "down"),
    ],
)
def test_direction(function: str, inputs: dict, change: dict, goes: str) -> None:
    given = {"p": parameters("market", run_share_of_revenue=0.05), **inputs}
    assert direction(getattr(market, function), given, change) == goes


def test_surplus_grows_with_what_is_on_offer() -> None:
    worse, better = shares([0, -9], [0, 0], 0.35), shares([0, 0], [0, 0], 0.35)
    assert better[1] > worse[1] > shares([0, -9], [0, 0], 0.35, outside=1)[1]


def test_use_by_family() -> None:
    # Options of families 0, 2, 2 and 0: .1 + .4 and .2 + .3.
    use = market.spread(f32([[0.1, 0.2, 0.3, 0.4]]), np.array([[0, 2, 2, 0]]), 3)
    assert_allclose(use, [[0.5, 0, 0.5]], rtol=1e-6)
