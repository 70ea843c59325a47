"""Uniforms that are addressed, not consumed: a value is a function of (member key, stream name, month, id).

No generator is carried along, so nothing that one submodel draws can shift what another one gets: a member alone equals itself in any batch,
the first 100 ids are the same whether 100 or 200 are asked for, and two scenarios with the same member key share their noise agent by agent.
``docs/explanation/randomness.md`` says why, and what is tested.
"""

import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float32]

if sys.byteorder != "little":  # a 64-bit hash is read as two 32-bit words, low word first
    raise ImportError("sim.streams needs a little-endian machine")

GENERATORS = ("hash", "philox")

_MASK = (1 << 64) - 1
_TILE_PAIRS = 1 << 15  # 64k lanes: two scratch arrays of 256 KiB stay in the second-level cache
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # odd, 2^64 divided by the golden ratio: Steele, Lea and Flood 2014
_FIRST = (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9))
_SECOND = (np.uint64(27), np.uint64(0x94D049BB133111EB))
_LAST = np.uint64(31)
_COUNTERS: Words = np.arange(_TILE_PAIRS, dtype=np.uint64) * _GOLDEN
_COUNTERS.flags.writeable = False

_DROPPED_BITS = np.uint32(9)
_ONE_AS_BITS = np.uint32(0x3F800000)
_ONE_LESS_HALF_STEP = np.float32(1.0 - 2.0**-24)
_TWO_PI = np.float32(2.0 * np.pi)
_MINUS_TWO = np.float32(-2.0)


def member_key(seed: int, replicate: int) -> int:
    """Return the 64-bit key of a member, the same for every scenario and draw so that paired runs share their noise.

    Parameters
    ----------
    seed : int
        Base seed, 0 or more; 0 is a seed like any other.
    replicate : int
        Number of the replicate, from 0.

    Raises
    ------
    ValueError
        If either number is negative.
    """
    # As spawn key, not as a second word of entropy: there (2**32 + 5, 0) and (5, 1) would be the same seed.
    return int(np.random.SeedSequence(seed, spawn_key=(replicate,)).generate_state(1, np.uint64)[0])


@lru_cache(maxsize=4096)
def stream_key(stream: str) -> np.uint64:
    """Return the 64-bit key of a stream's name (BLAKE2b)."""
    return np.uint64(int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little"))


class Uniforms:
    """Source of random numbers for a batch of members.

    Parameters
    ----------
    keys : array of uint64, shape (members,)
        Keys of the members, from :func:`member_key`.
    rng : {"hash", "philox"}
        ``hash`` mixes the address with the finaliser of SplitMix64; ``philox`` uses :class:`numpy.random.Philox`, much slower in small draws.

    Notes
    -----
    An instance keeps scratch arrays: use one per thread.

    Raises
    ------
    ValueError
        If ``rng`` is not one of the two names.
    """

    def __init__(self, keys: NDArray[np.uint64], *, rng: str = "hash") -> None:
        if rng not in GENERATORS:
            raise ValueError(f"rng is {rng!r}; it must be one of {', '.join(GENERATORS)}")
        self.rng = rng
        self._keys: Words = np.array(keys, dtype=np.uint64).reshape(-1, 1)
        self._stream_bases: dict[str, Words] = {}
        self._words: Words = np.empty(0, dtype=np.uint64)
        self._shifted: Words = np.empty(0, dtype=np.uint64)

    def draw(self, stream: str, month: int, ids: int) -> Floats:
        """Return float32 uniforms of shape (members, ids) in the open interval (0, 1).

        Each is ``(k + 1/2) / 2**23`` with k uniform on 0 … 2**23 - 1, exact in float32, so neither 0 nor 1 occurs.

        Parameters
        ----------
        stream : str
            Name of what is decided; different names are independent.
        month : int
            Absolute calendar month, year * 12 + month - 1.
        ids : int
            Number of persistent ids, from 0; column i belongs to id i.
        """
        out: Floats = np.empty((len(self._keys), ids), dtype=np.float32)
        block = self._blocks(stream, month)
        for rows, columns in _tiles(len(self._keys), ids):
            self._uniforms(block, rows, columns, out[rows, columns])
        return out

    def normal(self, stream: str, month: int, ids: int) -> Floats:
        """Return float32 standard normals of shape (members, ids), by the transform of Box and Muller (1958).

        Ids 2i and 2i + 1 share one radius and one angle. The smallest uniform is 2**-24, so no value exceeds 5.77 in size.
        Parameters as in :meth:`draw`.
        """
        members, pairs = len(self._keys), (ids + 1) // 2
        out: Floats = np.empty((members, ids), dtype=np.float32)
        radius_block, angle_block = self._blocks(stream + "/radius", month), self._blocks(stream + "/angle", month)
        for rows, columns in _tiles(members, pairs):
            shape = len(range(*rows.indices(members))), columns.stop - columns.start
            radius, angle, wave = np.empty((3, *shape), dtype=np.float32)
            self._uniforms(radius_block, rows, columns, radius)
            self._uniforms(angle_block, rows, columns, angle)
            np.log(radius, out=radius)
            np.multiply(radius, _MINUS_TWO, out=radius)
            np.sqrt(radius, out=radius)
            np.multiply(angle, _TWO_PI, out=angle)
            target = out[rows, 2 * columns.start : 2 * columns.stop]
            np.multiply(radius, np.cos(angle, out=wave), out=target[:, 0::2])
            odd = target[:, 1::2]
            np.sin(angle, out=wave)
            np.multiply(radius[:, : odd.shape[1]], wave[:, : odd.shape[1]], out=odd)
        return out

    def _uniforms(self, block: "Block", rows: slice, columns: slice, out: Floats) -> None:
        """Fill ``out`` with the uniforms of one tile."""
        members, ids = out.shape
        pairs = (ids + 1) // 2
        words = self._scratch(members, pairs)
        block(rows, columns.start // 2, words)
        lanes = words.view(np.uint32)
        # 23 random bits as the fraction of a float in [1, 2); taking off 1 - 2**-24 leaves (k + 1/2) / 2**23 without rounding.
        np.right_shift(lanes, _DROPPED_BITS, out=lanes)
        np.bitwise_or(lanes, _ONE_AS_BITS, out=lanes)
        np.subtract(lanes.view(np.float32)[:, :ids], _ONE_LESS_HALF_STEP, out=out)

    def _scratch(self, members: int, pairs: int) -> Words:
        if members * pairs > self._words.size:
            self._words = np.empty(members * pairs, dtype=np.uint64)
            self._shifted = np.empty(members * pairs, dtype=np.uint64)
        return self._words[: members * pairs].reshape(members, pairs)

    def _blocks(self, stream: str, month: int) -> "Block":
        """Return the function that fills a tile with 64-bit words of this stream and month."""
        base = self._stream_bases.get(stream)
        if base is None:
            base = self._stream_bases[stream] = _mixed(self._keys ^ stream_key(stream))
        if self.rng == "philox":
            return _philox_block(base, month)
        return self._hash_block(_mixed(base + np.uint64(month * int(_GOLDEN) & _MASK)))

    def _hash_block(self, base: Words) -> "Block":
        def fill(rows: slice, first_pair: int, words: Words) -> None:
            start = base[rows] + np.uint64(first_pair * int(_GOLDEN) & _MASK)
            np.add(start, _COUNTERS[: words.shape[1]], out=words)
            _mix(words, self._shifted[: words.size].reshape(words.shape))

        return fill


Block = Callable[[slice, int, Words], None]
"""Fills an array (rows, pairs) with the 64-bit words of the members in ``rows`` from a given pair of ids on."""


def _philox_block(base: Words, month: int) -> Block:
    def fill(rows: slice, first_pair: int, words: Words) -> None:
        for row, key in zip(words, base[rows, 0].tolist(), strict=True):
            counter = first_pair // 4  # a block of Philox holds four words; tiles start at a multiple of four
            row[:] = np.random.Philox(key=key | (month & _MASK) << 64, counter=counter).random_raw(len(row))

    return fill


def _mix(words: Words, shifted: Words) -> None:
    """Apply the finaliser of SplitMix64 (variant 13 of Stafford's mixers) in place; ``shifted`` is scratch of the same shape."""
    for bits, factor in (_FIRST, _SECOND):
        np.right_shift(words, bits, out=shifted)
        np.bitwise_xor(words, shifted, out=words)
        np.multiply(words, factor, out=words)
    np.right_shift(words, _LAST, out=shifted)
    np.bitwise_xor(words, shifted, out=words)


def _mixed(words: Words) -> Words:
    out = words.copy()
    _mix(out, np.empty_like(out))
    return out


def _tiles(members: int, ids: int) -> Iterator[tuple[slice, slice]]:
    """Cut (members, ids) into tiles of at most 64k lanes, whole rows where they fit; the tiling cannot change a value."""
    lanes = 2 * _TILE_PAIRS
    width = min(max(ids, 1), lanes)
    height = max(lanes // (width + width % 2), 1)
    for top in range(0, members, height):
        for left in range(0, ids, width):
            yield slice(top, min(top + height, members)), slice(left, min(left + width, ids))
