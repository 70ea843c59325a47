"""Quality and addressing of the uniforms. Seeds are fixed, so each test passes or fails for good."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.streams import GENERATORS, Uniforms, _mixed, member_key, stream_key

MONTH = 24_300
MEMBERS = 8
SIGNIFICANCE = 1e-3
"""Chance that a perfect generator would fail a test; divided among its comparisons."""

GOLDEN_KEYS = (8668861027912758289, 1275975541612323131)
GOLDEN_STREAM = 939528211700324991
GOLDEN_DRAWS = {"hash": [14234811, 11149461, 7014225, 5914147], "philox": [4842713, 13217023, 1501629, 3741229]}


def keys(members: int = MEMBERS, seed: int = 11) -> NDArray[np.uint64]:
    return np.array([member_key(seed, replicate) for replicate in range(members)], dtype=np.uint64)


def sidak(comparisons: int) -> float:
    """Two-sided z threshold that holds the chance of any false alarm among the comparisons at SIGNIFICANCE."""
    return float(stats.norm.isf((1.0 - (1.0 - SIGNIFICANCE) ** (1.0 / comparisons)) / 2.0))


def smallest_admitted(comparisons: int) -> float:
    return float(1.0 - (1.0 - SIGNIFICANCE) ** (1.0 / comparisons))


@pytest.fixture(params=GENERATORS)
def rng(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def uniforms(rng: str) -> Uniforms:
    return Uniforms(keys(), rng=rng)


# Addressing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["draw", "normal"])
@pytest.mark.parametrize("fewer", [0, 1, 2, 3, 17, 99, 1000])
def test_fewer_ids_are_a_prefix(uniforms: Uniforms, kind: str, fewer: int) -> None:
    draw = getattr(uniforms, kind)
    few = draw("a", MONTH, fewer)
    assert few.shape == (MEMBERS, fewer) and few.dtype == np.float32 and few.flags.c_contiguous
    np.testing.assert_array_equal(few, draw("a", MONTH, 1001)[:, :fewer])


@pytest.mark.parametrize("kind", ["draw", "normal"])
@pytest.mark.parametrize("ids", [5, 3001, 140_001])  # several rows a tile, a row across tiles, odd everywhere
def test_member_alone_equals_itself_in_a_batch(rng: str, kind: str, ids: int) -> None:
    together = getattr(Uniforms(keys(), rng=rng), kind)("a", MONTH, ids)
    for member in (0, 3, MEMBERS - 1):
        alone = getattr(Uniforms(keys()[member : member + 1], rng=rng), kind)("a", MONTH, ids)
        np.testing.assert_array_equal(alone[0], together[member])


@pytest.mark.parametrize("kind", ["draw", "normal"])
def test_order_and_history_of_calls_do_not_matter(rng: str, kind: str) -> None:
    fresh = getattr(Uniforms(keys(), rng=rng), kind)("a", MONTH, 101)
    used = Uniforms(keys(), rng=rng)
    for month in (MONTH + 40, MONTH, MONTH - 40):  # on both sides of what is computed at a time
        used.normal("a", month, 7)
        used.draw("b", month, 70_001)
    again = getattr(used, kind)("a", MONTH, 101)
    np.testing.assert_array_equal(again, fresh)
    again[:] = 0
    np.testing.assert_array_equal(getattr(used, kind)("a", MONTH, 101), fresh)


@pytest.mark.parametrize("kind", ["draw", "normal"])
@pytest.mark.parametrize("lanes", [16, 128])
def test_size_of_the_tiles_does_not_matter(rng: str, kind: str, lanes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = getattr(Uniforms(keys(3), rng=rng), kind)("a", MONTH, 301)
    monkeypatch.setattr("sim.streams._TILE_LANES", lanes)
    np.testing.assert_array_equal(getattr(Uniforms(keys(3), rng=rng), kind)("a", MONTH, 301), wide)


def test_golden_values() -> None:
    """A change here changes every number of the model: it belongs under Results in the changelog."""
    assert (member_key(0, 0), member_key(1, 2)) == GOLDEN_KEYS
    assert int(stream_key("market.entry")) == GOLDEN_STREAM
    for rng, expected in GOLDEN_DRAWS.items():
        drawn = Uniforms(keys(1, seed=0), rng=rng).draw("market.entry", MONTH, 4)
        assert (drawn[0].astype(np.float64) * 2**24).astype(np.int64).tolist() == expected


def test_known_value_of_the_mixer() -> None:
    """The finaliser is that of SplitMix64, whose first output for seed 0 is published."""
    assert int(_mixed(np.array([0x9E3779B97F4A7C15], dtype=np.uint64))[0]) == 0xE220A8397B1DCDAF


def test_member_keys_do_not_collide() -> None:
    made = {member_key(seed, replicate) for seed in (0, 1, 5, 2**32 + 5, 2**64) for replicate in range(200)}
    assert len(made) == 5 * 200
    with pytest.raises(ValueError):
        member_key(-1, 0)


def test_unknown_generator_is_refused() -> None:
    with pytest.raises(ValueError, match="hash, philox"):
        Uniforms(keys(), rng="mersenne")


# Quality ------------------------------------------------------------------------------------------------------------


def test_open_interval_and_exact_in_float32(uniforms: Uniforms) -> None:
    drawn = uniforms.draw("a", MONTH, 50_000).astype(np.float64)
    assert drawn.min() > 0.0 and drawn.max() < 1.0
    steps = drawn * 2**23 - 0.5
    np.testing.assert_array_equal(steps, np.round(steps))


def test_ends_of_the_interval_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def extremes(base: object, keys: object, first_pair: int, words: NDArray[np.uint64]) -> None:
        words[:] = np.array([0, 2**64 - 1], dtype=np.uint64)

    monkeypatch.setattr("sim.streams._philox_words", extremes)
    drawn = Uniforms(keys(1), rng="philox").draw("a", MONTH, 4)
    assert drawn[0].astype(np.float64).tolist() == [2.0**-24, 2.0**-24, 1 - 2.0**-24, 1 - 2.0**-24]


def test_every_bit_is_balanced(uniforms: Uniforms) -> None:
    steps = (uniforms.draw("bits", MONTH, 100_000).astype(np.float64) * 2**23).astype(np.int64)
    for side in (0, 1):  # the low and the high word of a hash
        half = steps[:, side::2]
        ones = np.array([np.count_nonzero(half >> bit & 1) for bit in range(23)])
        z = (ones - half.size / 2) / np.sqrt(half.size / 4)
        assert np.abs(z).max() < sidak(23)


def test_pairs_of_bits_are_independent(uniforms: Uniforms) -> None:
    """Bits of one value, and of the two words of one hash, agree half of the time."""
    steps = (uniforms.draw("bits", MONTH + 1, 20_000).astype(np.float64) * 2**23).astype(np.int64)
    bits = (steps[..., None] >> np.arange(23) & 1).astype(np.float64) * 2 - 1
    columns = np.concatenate([bits[:, 0::2].reshape(-1, 23), bits[:, 1::2].reshape(-1, 23)], axis=1)
    z = np.triu(columns.T @ columns / np.sqrt(len(columns)), k=1)
    assert np.abs(z).max() < sidak(46 * 45 // 2)


@pytest.mark.parametrize("cells", [64, 1009])
def test_chi_square_uniformity(uniforms: Uniforms, cells: int) -> None:
    drawn = uniforms.draw("chi", MONTH, 60_000)
    p = [stats.chisquare(np.bincount((row * cells).astype(np.int64), minlength=cells)).pvalue for row in drawn]
    assert min(p) > smallest_admitted(2 * len(p)) and max(p) < 1 - smallest_admitted(2 * len(p))


def test_chi_square_of_successive_pairs_and_triples(uniforms: Uniforms) -> None:
    drawn = uniforms.draw("serial", MONTH, 60_000).astype(np.float64)
    for cells, length in ((32, 2), (10, 3)):
        digits = (drawn[:, : drawn.shape[1] // length * length] * cells).astype(np.int64).reshape(-1, length)
        index = digits @ cells ** np.arange(length)
        assert stats.chisquare(np.bincount(index, minlength=cells**length)).pvalue > SIGNIFICANCE


def test_kolmogorov_smirnov_of_uniforms(uniforms: Uniforms) -> None:
    p = [stats.kstest(row, "uniform").pvalue for row in uniforms.draw("ks", MONTH, 50_000).astype(np.float64)]
    assert min(p) > smallest_admitted(len(p))


def test_kolmogorov_smirnov_of_normals(uniforms: Uniforms) -> None:
    drawn = uniforms.normal("ks", MONTH, 50_000).astype(np.float64)
    p = [stats.kstest(row[side::2], "norm").pvalue for row in drawn for side in (0, 1)]
    assert min(p) > smallest_admitted(len(p))


def test_moments_and_tails_of_normals(uniforms: Uniforms) -> None:
    drawn = uniforms.normal("moments", MONTH, 100_000).astype(np.float64)
    assert np.abs(drawn).max() <= 5.8
    bound = sidak(4)
    for power, mean, variance in ((1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)):
        z = (np.mean(drawn**power) - mean) / np.sqrt(variance / drawn.size)
        assert abs(z) < bound
    beyond = np.count_nonzero(np.abs(drawn) > 3.5)
    assert stats.binomtest(beyond, drawn.size, 2 * stats.norm.sf(3.5)).pvalue > SIGNIFICANCE


def test_normals_of_a_pair_are_independent(uniforms: Uniforms) -> None:
    drawn = uniforms.normal("pair", MONTH, 100_000).astype(np.float64)
    even, odd = drawn[:, 0::2].ravel(), drawn[:, 1::2].ravel()
    for transform in (lambda x: x, np.square, np.abs):
        assert stats.pearsonr(transform(even), transform(odd)).pvalue > SIGNIFICANCE / 3


def correlations(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Z scores of the correlations between all pairs of rows."""
    return np.corrcoef(rows)[np.triu_indices(len(rows), k=1)] * np.sqrt(rows.shape[1])


@pytest.mark.parametrize("kind", ["draw", "normal"])
def test_members_streams_and_months_are_uncorrelated(rng: str, kind: str) -> None:
    draw = getattr(Uniforms(keys(3), rng=rng), kind)
    streams = ("a", "b", "aa", "market.entry", "market.exit")
    months = (0, 1, 2, MONTH, MONTH + 1, MONTH + 31, MONTH + 32)
    rows = np.concatenate([draw(stream, month, 8_000) for stream in streams for month in months]).astype(np.float64)
    z = correlations(rows)
    assert np.abs(z).max() < sidak(z.size)
    assert abs(z.std() - 1.0) < sidak(1) / np.sqrt(2 * z.size)


def test_neighbouring_seeds_and_replicates_are_uncorrelated(rng: str) -> None:
    batch = np.concatenate([keys(6, seed) for seed in range(6)])
    z = correlations(Uniforms(batch, rng=rng).draw("a", MONTH, 8_000).astype(np.float64))
    assert np.abs(z).max() < sidak(z.size)


def test_no_serial_correlation_over_ids(uniforms: Uniforms) -> None:
    drawn = uniforms.draw("lag", MONTH, 60_000).astype(np.float64) * np.sqrt(12) - np.sqrt(3)
    lags = (1, 2, 3, 4, 7, 8, 16, 64, 1024)
    z = np.array([np.sum(drawn[:, lag:] * drawn[:, :-lag]) / np.sqrt(drawn[:, lag:].size) for lag in lags])
    assert np.abs(z).max() < sidak(z.size)


def test_no_serial_correlation_over_months(uniforms: Uniforms) -> None:
    drawn = np.stack([uniforms.draw("lag", MONTH + month, 500) for month in range(120)]).astype(np.float64)
    drawn = drawn * np.sqrt(12) - np.sqrt(3)
    z = np.array([np.sum(drawn[k:] * drawn[:-k]) / np.sqrt(drawn[k:].size) for k in (1, 2, 3, 6, 12, 32)])
    assert np.abs(z).max() < sidak(z.size)
    sums = drawn.sum(axis=0).ravel() / np.sqrt(120)  # a month's uniforms add up as independent ones do
    assert stats.kstest(sums, "norm").pvalue > SIGNIFICANCE


def test_one_id_over_months_is_uniform(uniforms: Uniforms) -> None:
    drawn = np.stack([uniforms.draw("one", month, 2) for month in range(3_000)])
    p = [stats.kstest(drawn[:, m, i], "uniform").pvalue for m in range(MEMBERS) for i in (0, 1)]
    assert min(p) > smallest_admitted(len(p))


def test_common_random_numbers_pair_scenarios() -> None:
    """The key holds neither scenario nor draw, so two batches with the same keys see the same noise."""
    first, second = Uniforms(keys(3)), Uniforms(np.concatenate([keys(3), keys(3)]))
    both = second.draw("a", MONTH, 50)
    np.testing.assert_array_equal(both[:3], both[3:])
    np.testing.assert_array_equal(first.draw("a", MONTH, 50), both[:3])


def test_flipping_one_bit_of_the_key_flips_half_of_the_bits() -> None:
    base = keys(1, seed=3)[0]
    flipped = base ^ (np.uint64(1) << np.arange(64, dtype=np.uint64))
    batch = np.concatenate([[base], flipped])
    steps = (Uniforms(batch).draw("a", MONTH, 2_000).astype(np.float64) * 2**23).astype(np.int64)
    changed = np.bitwise_count(steps[1:] ^ steps[0]).sum(axis=1)
    z = (changed - 2_000 * 23 / 2) / np.sqrt(2_000 * 23 / 4)
    assert np.abs(z).max() < sidak(64)


def test_flipping_one_bit_of_the_id_flips_half_of_the_bits(uniforms: Uniforms) -> None:
    """Avalanche, for each bit of the id and each bit of both words."""
    steps = (uniforms.draw("ids", MONTH, 1 << 14).astype(np.float64) * 2**23).astype(np.int64)
    ids = np.arange(1 << 14)
    bits = np.arange(23)
    z = []
    for flipped in range(14):
        lower = ids[ids >> flipped & 1 == 0]
        changed = steps[:, lower] ^ steps[:, lower | 1 << flipped]
        for half in (changed[:, 0::2], changed[:, 1::2]):
            ones = np.count_nonzero(half[..., None] >> bits & 1, axis=(0, 1))
            z.append((ones - half.size / 2) / np.sqrt(half.size / 4))
    assert np.abs(z).max() < sidak(np.size(z))


def test_adjacent_months_share_no_hash() -> None:
    """Sequences of neighbouring months and streams do not overlap."""
    source = Uniforms(keys(2))
    rows = [source.draw(stream, MONTH + month, 4_000) for stream in ("a", "b") for month in range(4)]
    pairs = np.concatenate(rows).reshape(-1, 2).view(np.uint64)
    expected = pairs.size**2 / 2 / 2**46
    assert pairs.size - np.unique(pairs).size <= 5 + 5 * expected


def test_months_before_the_common_era_and_far_ahead() -> None:
    source = Uniforms(keys(2))
    values = [source.draw("a", month, 20) for month in (-1, 0, 31, 32, 10**6)]
    assert not any(np.array_equal(a, b) for a, b in pairwise(values))
