"""Entry, the cost of those who own complements, and what investors expect: cases worked by hand."""

from numpy.testing import assert_allclose, assert_array_equal

from sim.kernels import market
from tests.support import f32, parameters

COST = {"cost_slope": 1, "cost_floor": 0.02}


def test_entry() -> None:
    # Rate .01; open weights at the frontier make it 3 times as easy: 1 - e^-.03; one OOM behind 1.2 times; if all
    # use is on open models and the squeeze is full, nobody enters; at a squeeze of .5 half of them. Three times as many
    # founders on top: 1 - e^-.09.
    p = parameters("market", entry_rate=0.01, entry_open_gain=2, entry_squeeze=1)
    front, none, one = f32([[26]]), f32([[0.0]]), f32([[1.0]])
    assert_allclose(market.entry_hazard(front, front, none, one, p), [[0.0295545]], rtol=1e-5)
    assert_allclose(market.entry_hazard(front - 1, front, none, one, p), [[0.0119283]], rtol=1e-5)
    assert_allclose(market.entry_hazard(front * 0, front, none, one, p), [[0.00995017]], rtol=1e-5)
    assert_allclose(market.entry_hazard(front, front, none, 3 * one, p), [[0.0860688]], rtol=1e-5)
    assert market.entry_hazard(front, front, one, one, p) == 0
    half = parameters("market", entry_rate=0.01, entry_open_gain=2, entry_squeeze=0.5)
    assert_allclose(market.entry_hazard(front, front, one, one, half), [[0.0148881]], rtol=1e-5)
    assert market.entry_hazard(front, front, none, one, parameters("market", enabled=0)) == 0


def test_cost_of_those_who_own_what_serving_takes() -> None:
    # Assets .2, to which rules of access add half of the best one's lead of .6: .5. At .4 of the cost saved by full
    # assets, one OOM behind: .1 · (1 - .2) = .08. At no saving it is the plain cost.
    p = parameters("market", **COST, complement_cost=0.4)
    asset = market.asset_at_hand(f32(0.2, 0.8), f32([[0.8]]), f32(0.5, 0.5))
    assert_allclose(asset, [[0.5, 0.8]], rtol=1e-6)
    assert_allclose(market.serving_cost(f32(25, 26), f32([[26]]), asset, p), [[0.08, 0.68]], rtol=1e-5)
    off = parameters("market", **COST, complement_cost=0)
    level = f32(25, 26), f32([[26]])
    assert_array_equal(market.serving_cost(*level, asset, off), market.unit_cost(*level, off))


def test_promise() -> None:
    # Of a market of 100 developers earn 20. Investors who give that a weight of a quarter expect 75 + 5 = 80; who look
    # at position only, 100. What developers earn beyond the market promises no more than it.
    size, earned = f32([[100]]), f32([[20]])
    assert_allclose(market.promise(size, earned, parameters("market", appropriation_weight=0.25)), [[80]])
    assert_allclose(market.promise(size, earned, parameters("market", appropriation_weight=0)), [[100]])
    assert_allclose(market.promise(size, 9 * earned, parameters("market", appropriation_weight=1)), [[100]])
