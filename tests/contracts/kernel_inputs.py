"""Random arrays for kernels, first axis the member."""

from typing import Any

import numpy as np

from tests.support import F32

MEMBERS = 7
"""No other axis has this length: an array whose first axis has it is one of members."""
LABS, REGIMES, KINDS, SEGMENTS, DOMAINS, CLASSES, SLICES, PLACES = 5, 6, 3, 4, 4, 3, 9, 4
OPTIONS = 2 * LABS
Inputs = dict[str, Any]
RNG = np.random.Generator


def draw(rng: RNG, low: float, high: float, *shape: int) -> F32:
    return rng.uniform(low, high, (MEMBERS, *shape)).astype(np.float32)


def flag(rng: RNG, *shape: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    out = rng.random((MEMBERS, *shape)) < 0.6
    out[..., 0] = True
    return out


def unit(rng: RNG, *shape: int) -> F32:
    return draw(rng, 0.001, 0.999, *shape)


def labs(rng: RNG, **ranges: tuple[float, float]) -> Inputs:
    return {name: draw(rng, low, high, LABS) for name, (low, high) in ranges.items()}


def columns(rng: RNG, **ranges: tuple[float, float]) -> Inputs:
    return {name: draw(rng, low, high, 1) for name, (low, high) in ranges.items()}


def shares(rng: RNG, *shape: int) -> F32:
    raw = unit(rng, *shape)
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True), np.float32)
