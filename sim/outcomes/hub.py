"""How unequally downloads fall on the artefacts of the hub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels.picks import rows
from sim.outcomes.measures import column, total
from sim.state import State

F64 = NDArray[np.float64]

LEAST = 1e-12
"""Keeps a quotient of sums finite."""
LEAST_DOWNLOADS = 1e-9
"""Keeps a logarithm of downloads finite."""


def downloads(state: State) -> dict[str, F64]:
    """Inequality of downloads between artefacts, rows counted by the real artefacts that they stand for."""
    hub = state.artefacts
    amount, weight = largest_first(hub.downloads, hub.weight)
    rank = summed(weight)
    part = weight * amount
    number = np.maximum(rank[:, -1:], LEAST)
    everything = np.maximum(np.add.reduce(part, axis=1, keepdims=True), LEAST)
    first, fifth = place_of(rank, 0.01 * number), place_of(rank, 0.2 * number)
    steep = np.maximum(rows(amount, first), LEAST_DOWNLOADS) / np.maximum(rows(amount, fifth), LEAST_DOWNLOADS)
    top = np.add.accumulate(part[:, : int(first.max(initial=0)) + 1], axis=1)
    # Above the curve of sums so far every download counts for all artefacts before its own row, and half of that row.
    weight *= 0.5
    before = np.subtract(rank, weight, out=rank)
    above = np.add.reduce(np.multiply(part, before, out=part), axis=1)
    permissive = np.einsum("mr,mr->m", hub.downloads, hub.permissive)
    return {
        "download_permissive_share": permissive / everything[:, 0],
        "download_top1pct_share": column(rows(top, first) / everything),
        "download_zero_share": total(np.exp(-hub.downloads) * hub.weight) / column(number),
        "download_zipf_exponent": column(np.log(steep) / np.log(20.0)),
        "download_gini": np.where(column(everything) > LEAST, 1 - 2 * above / column(everything * number), 0.0),
    }


def summed(weights: F64) -> F64:
    """Sums up to and with each column of weights that are not negative: of whole millionths, since whole numbers are
    summed many times faster one after the other than fractions are.
    """
    return np.asarray(np.add.accumulate((weights * WHOLE).astype(np.int64), axis=1) / WHOLE)


WHOLE = 2.0**20
"""Fixed point of weights, by which no weight from 16 on, single precision as it is, loses anything."""


def largest_first(amounts: NDArray[np.float32], weights: NDArray[np.float32]) -> tuple[F64, F64]:
    """Amounts by falling size with their weights, row by row; amounts are not negative.

    The bits of a float that is not negative rise with it, so bits and weight together make one key: sorting keys is
    several times faster than a stable sort of floats, brings the weights along, and gives the same order on every
    processor. Between equal amounts the order does not matter.
    """
    pairs = np.empty((*amounts.shape, 2), np.float32)  # low word first: `sim.streams` insists on such a machine
    pairs[:, :, 0], pairs[:, :, 1] = weights, amounts
    pairs.view(np.uint64)[:, :, 0].sort(axis=1)
    falling = pairs[:, ::-1]
    return falling[:, :, 1].astype(np.float64, order="C"), falling[:, :, 0].astype(np.float64, order="C")


def place_of(rank: F64, level: F64) -> NDArray[np.int64]:
    """Column at which a rising series reaches `level`, each ``(member, 1)``; 0 if it never does."""
    return np.asarray(np.argmax(rank >= level, axis=1)[:, None])
