"""Uniforms that are addressed, not consumed: a value is a function of (member key, stream name, month, id).

No generator is carried along, so nothing that one submodel draws can shift what another one gets: a member alone
equals itself in any batch, the first 100 ids are the same whether 100 or 200 are asked for, and two scenarios with
the same member key share their noise agent by agent.
``docs/explanation/randomness.md`` says why, and what is tested.
"""

import sys
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float32]
Places = NDArray[np.int64]

if sys.byteorder != "little":  # a 64-bit hash is read as two 32-bit words, low word first
    raise ImportError("sim.streams needs a little-endian machine")

GENERATORS = ("hash", "philox")

_MASK = (1 << 64) - 1
_TILE_LANES = 1 << 15  # two scratch arrays of 128 KiB leave room in the second-level cache for what is drawn
_MONTHS_AT_ONCE = 32
_MONTHS_AHEAD = 8  # divides the number above
_SMALL_LANES = 1 << 13  # draws smaller than this cost their calls, not their lanes, and are made for months ahead
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # odd; 2**64 divided by the golden ratio, the step of SplitMix64
_ROUNDS = (  # SplitMix64 (Steele, Lea and Flood 2014), variant 13 of Stafford's mixers
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)
_COUNTERS: Words = np.arange(_TILE_LANES // 2, dtype=np.uint64) * _GOLDEN
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
        ``hash`` mixes the address with the finaliser of SplitMix64; ``philox`` uses
        :class:`numpy.random.Philox`, much slower in small draws.

    Raises
    ------
    ValueError
        If ``rng`` is not one of the two names.

    Notes
    -----
    An instance keeps scratch arrays: use one per thread.
    """

    def __init__(self, keys: NDArray[np.uint64], *, rng: str = "hash") -> None:
        if rng not in GENERATORS:
            raise ValueError(f"rng is {rng!r}; it must be one of {', '.join(GENERATORS)}")
        self.rng = rng
        self._keys: Words = np.array(keys, dtype=np.uint64).reshape(-1, 1)
        self._bases: dict[str, tuple[int, Words]] = {}
        self._ahead: dict[tuple[str, str, int], tuple[int, Floats]] = {}
        self._words: Words = np.empty((2, 0), dtype=np.uint64)
        self._floats: Floats = np.empty((3, 0), dtype=np.float32)

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
        return self._made("uniform", stream, month, ids)

    def at(self, stream: str, month: int, member: Places, ids: Places) -> Floats:
        """Return the uniforms of chosen addresses, the same bits as ``draw(stream, month, ...)[member, ids]``.

        For events that are rare among all ids: only their own addresses are mixed. (Philox draws them all.)

        Parameters
        ----------
        stream, month
            As in :meth:`draw`.
        member, ids : arrays of int
            Row of the batch and persistent id of each event; they broadcast against each other.
        """
        if self.rng == "philox":
            return self.draw(stream, month, int(ids.max(initial=-1)) + 1)[member, ids]
        words = self._base(stream, month).take(member) + (ids >> 1).view(np.uint64) * _GOLDEN
        _mix(words, np.empty_like(words))
        words >>= ((ids & 1) << 5).view(np.uint64)  # odd ids take the high half of a word
        drawn: Floats = _from_one_to_two(words.astype(np.uint32)) - _ONE_LESS_HALF_STEP
        return drawn

    def normal(self, stream: str, month: int, ids: int) -> Floats:
        """Return float32 standard normals of shape (members, ids), by the transform of Box and Muller (1958).

        Ids 2i and 2i + 1 share one radius and one angle. The smallest uniform is 2**-24, so no value exceeds 5.77
        in size. Parameters as in :meth:`draw`.
        """
        return self._made("normal", stream, month, ids)

    def _made(self, kind: str, stream: str, month: int, ids: int) -> Floats:
        """Return numbers of a month; where they are few, those of the following months are made with them."""
        block, offset = divmod(month, _MONTHS_AHEAD)
        made = self._ahead.get((kind, stream, ids))
        if made is not None and made[0] == block:
            return np.array(made[1][offset])
        fill = self._fill_uniforms if kind == "uniform" else self._fill_normals
        members = len(self._keys)
        if self.rng == "philox" or members * ids > _SMALL_LANES:
            out: Floats = np.empty((members, ids), dtype=np.float32)
            fill(stream, month, 1, out)
            return out
        ahead: Floats = np.empty((_MONTHS_AHEAD, members, ids), dtype=np.float32)
        fill(stream, block * _MONTHS_AHEAD, _MONTHS_AHEAD, ahead.reshape(_MONTHS_AHEAD * members, ids))
        self._ahead[kind, stream, ids] = block, ahead
        return np.array(ahead[offset])

    def _fill_uniforms(self, stream: str, month: int, months: int, out: Floats) -> None:
        """Fill ``out`` (months · members, ids) with uniforms."""
        base = self._base(stream, month, months)
        for rows, columns in _tiles(out.shape[0], out.shape[1], _TILE_LANES):
            self._uniforms(base, rows, columns.start // 2, out[rows, columns])

    def _fill_normals(self, stream: str, month: int, months: int, out: Floats) -> None:
        """Fill ``out`` (months · members, ids) with standard normals."""
        pairs = (out.shape[1] + 1) // 2
        bases = self._base(stream + "/radius", month, months), self._base(stream + "/angle", month, months)
        for rows, columns in _tiles(len(out), pairs, _TILE_LANES // 2):
            radius, angle, wave = self._float_scratch(rows.stop - rows.start, columns.stop - columns.start)
            self._uniforms(bases[0], rows, columns.start // 2, radius)
            self._uniforms(bases[1], rows, columns.start // 2, angle)
            np.log(radius, out=radius)
            np.multiply(radius, _MINUS_TWO, out=radius)
            np.sqrt(radius, out=radius)
            np.multiply(angle, _TWO_PI, out=angle)
            # Cosine and sine run on contiguous scratch: on strided arrays NumPy may take another path with other bits.
            even, odd = (out[rows, 2 * columns.start + side : 2 * columns.stop : 2] for side in (0, 1))
            np.multiply(radius, np.cos(angle, out=wave), out=even)
            np.sin(angle, out=wave)
            np.multiply(radius[:, : odd.shape[1]], wave[:, : odd.shape[1]], out=odd)

    def _uniforms(self, base: Words, rows: slice, first_pair: int, out: Floats) -> None:
        """Fill ``out`` with the uniforms of one tile."""
        members, ids = out.shape
        pairs = (ids + 1) // 2
        words, shifted = self._word_scratch(members, pairs)
        if self.rng == "philox":
            _philox_words(base[rows], self._keys[rows], first_pair, words)
        else:
            np.add(base[rows] + np.uint64(first_pair * int(_GOLDEN) & _MASK), _COUNTERS[:pairs], out=words)
            _mix(words, shifted)
        np.subtract(_from_one_to_two(words.view(np.uint32))[:, :ids], _ONE_LESS_HALF_STEP, out=out)

    def _base(self, stream: str, month: int, months: int = 1) -> Words:
        """Return the mixture of member key, stream and month, shape (months · members, 1); made for many months."""
        block, offset = divmod(month, _MONTHS_AT_ONCE)
        made = self._bases.get(stream)
        if made is None or made[0] != block:
            first = block * _MONTHS_AT_ONCE
            at_once = np.arange(first, first + _MONTHS_AT_ONCE).astype(np.uint64)[:, None, None]
            made = block, _mixed(_mixed(self._keys ^ stream_key(stream)) + at_once * _GOLDEN)
            self._bases[stream] = made
        base: Words = made[1][offset : offset + months].reshape(-1, 1)
        return base

    def _word_scratch(self, members: int, pairs: int) -> Words:
        if members * pairs > self._words.shape[1]:
            self._words = np.empty((2, members * pairs), dtype=np.uint64)
        return self._words[:, : members * pairs].reshape(2, members, pairs)

    def _float_scratch(self, members: int, ids: int) -> Floats:
        if members * ids > self._floats.shape[1]:
            self._floats = np.empty((3, members * ids), dtype=np.float32)
        return self._floats[:, : members * ids].reshape(3, members, ids)


def _philox_words(base: Words, keys: Words, first_pair: int, words: Words) -> None:
    """Fill ``words`` from one Philox per member, keyed by the mixture and the member's own key."""
    for row, mixed, key in zip(words, base[:, 0].tolist(), keys[:, 0].tolist(), strict=True):
        counter = first_pair // 4  # a block of Philox holds four words, and tiles start at multiples of four
        row[:] = np.random.Philox(key=mixed | key << 64, counter=counter).random_raw(len(row))


def _from_one_to_two(lanes: NDArray[np.uint32]) -> Floats:
    """Return random words, in place, as floats in [1, 2) with 23 random bits as fraction.

    Taking off 1 - 2**-24 then leaves (k + 1/2) / 2**23 exactly.
    """
    np.right_shift(lanes, _DROPPED_BITS, out=lanes)
    np.bitwise_or(lanes, _ONE_AS_BITS, out=lanes)
    return lanes.view(np.float32)


def _mix(words: Words, shifted: Words) -> None:
    """Apply the finaliser of SplitMix64 in place; ``shifted`` is scratch of the same shape."""
    for bits, factor in _ROUNDS:
        np.right_shift(words, bits, out=shifted)
        np.bitwise_xor(words, shifted, out=words)
        np.multiply(words, factor, out=words)
    np.right_shift(words, _LAST, out=shifted)
    np.bitwise_xor(words, shifted, out=words)


def _mixed(words: Words) -> Words:
    out = words.copy()
    _mix(out, np.empty_like(out))
    return out


def _tiles(members: int, ids: int, lanes: int) -> Iterator[tuple[slice, slice]]:
    """Cut (members, ids) into tiles of at most that many lanes, whole rows where they fit."""
    width = min(max(ids, 1), lanes)
    height = max(lanes // (width + width % 2), 1)
    for top in range(0, members, height):
        for left in range(0, ids, width):
            yield slice(top, min(top + height, members)), slice(left, min(left + width, ids))
