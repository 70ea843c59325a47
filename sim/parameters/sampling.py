"""Samples of parameters: one scrambled stream of its own for every name.

A stream is the van der Corput sequence after Owen's scrambling, in an order that is shuffled within the blocks
0, 1, 2-3, 4-7, 8-15 … Any first 2**k numbers hold one in each of 2**k equal strata; a longer sample begins with the
shorter one; and no stream depends on which others are drawn. Streams of different names are paired at random, so
their sample correlation is of order 1/sqrt(n).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from sim.parameters.entries import Parameter

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
TOGETHER = 1 << 20
"""Numbers that are ranked at once, so that long samples take no more memory than short ones."""


def uniforms(names: Sequence[str], n: int, seed: int, first: int = 0) -> NDArray[np.float64]:
    """Scrambled uniforms, a stream for each name.

    Parameters
    ----------
    names : sequence of str
        Whatever identifies the streams.
    n : int
        Length of the streams.
    seed : int
        Any integer.
    first : int
        Where to begin: what stands before is left out, without being kept.

    Returns
    -------
    ndarray of float64, (names, n - first)
        In the open interval from 0 to 1.
    """
    found = np.empty((len(names), n - first))
    together = max(1, TOGETHER >> max(n - 1, 0).bit_length())
    for start in range(0, len(names), together):
        keys = np.array([_key(name, seed) for name in names[start : start + together]], np.uint64)
        index = _shuffled(keys[:, :1], first, n).astype(np.uint32)
        scrambled = _reverse_bits(_scramble(index, keys[:, 1:].astype(np.uint32)))
        found[start : start + together] = (scrambled.astype(np.float64) + 0.5) * 2.0**-32
    return found


def _key(name: str, seed: int) -> tuple[int, int]:
    digest = blake2b(f"{seed}/{name}".encode(), digest_size=12).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def _shuffled(keys: NDArray[np.uint64], first: int, last: int) -> NDArray[np.int64]:
    """Places first to last of the indices 0, 1, 2 … in an order of its own for each key ``(names, 1)``.

    Blocks are shuffled whole. Of a block that is wanted in part, only that part is put in order.
    """
    order = np.zeros((keys.shape[0], last - first), np.int64)
    start = 1
    while start < last:
        low, high = max(first, start), min(last, 2 * start)
        if low < high:
            ranks = _mix(keys + (np.arange(start, 2 * start, dtype=np.uint64) + np.uint64(1)) * GOLDEN)
            order[:, low - first : high - first] = start + _places(ranks, low - start, high - start)
        start *= 2
    return order


def _places(ranks: NDArray[np.uint64], low: int, high: int) -> NDArray[np.intp]:
    """Where the values of rank low to high stand in each row; no two values of a row are equal."""
    if high - low > ranks.shape[1] // 4:
        return np.argsort(ranks, axis=1)[:, low:high]
    part = np.argpartition(ranks, (low, high - 1), axis=1)[:, low:high]
    within = np.argsort(np.take_along_axis(ranks, part, axis=1), axis=1)
    return np.take_along_axis(part, within, axis=1)


def _mix(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def _scramble(word: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Owen's nested scrambling by hashing, lowest bit first (Laine and Karras 2011, Vegdahl's constants)."""
    word = word ^ (word * np.uint32(0x3D20ADEA))
    word = word + key
    word = word * ((key >> np.uint32(16)) | np.uint32(1))
    word = word ^ (word * np.uint32(0x05526C56))
    return word ^ (word * np.uint32(0x53A22864))


def _reverse_bits(word: NDArray[np.uint32]) -> NDArray[np.uint32]:
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        step, bits = np.uint32(shift), np.uint32(mask)
        word = ((word >> step) & bits) | ((word & bits) << step)
    return word


def quantile(parameter: Parameter, u: NDArray[np.float64]) -> NDArray[np.float64] | NDArray[np.str_]:
    """Values of a parameter at the quantiles `u` of its distribution.

    Parameters
    ----------
    parameter : Parameter
        Whose range and distribution count.
    u : ndarray of float64
        Quantiles between 0 and 1, any shape.

    Returns
    -------
    ndarray
        Same shape: floats, or text for a choice.
    """
    if parameter.low is None or parameter.high is None:
        places = np.minimum((u * len(parameter.options)).astype(int), len(parameter.options) - 1)
        texts: NDArray[np.str_] = np.array(parameter.options, dtype=np.str_)[places]
        return texts
    low, high, mode = parameter.low, parameter.high, float(parameter.default)
    if not parameter.uncertain:
        return np.full(u.shape, mode)
    if parameter.distribution == "loguniform":
        values = low * (high / low) ** u
    elif parameter.distribution == "triangular":
        width = high - low
        values = np.where(
            u * width < mode - low,
            low + np.sqrt(u * width * (mode - low)),
            high - np.sqrt((1 - u) * width * (high - mode)),
        )
    else:
        values = low + (high - low) * u
    return np.clip(values, low, high)
