"""Comparison of a kernel's arrays with what twins say agent by agent."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np
from numpy.testing import assert_allclose

MEMBERS = 6
RELATIVE = 2e-5
"""Float32 arithmetic against double precision."""


def noise(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return rng.uniform(low, high, shape).astype(np.float32)


def same(kernel: Any, twin: Callable[..., Any], absolute: float = 1e-7) -> None:
    """Assert that every element of a kernel's array is what the twin says at its place."""
    array = np.asarray(kernel)
    said = np.array([twin(*place) for place in places(array.shape)], np.float64).reshape(array.shape)
    assert_allclose(array.astype(np.float64), said, rtol=RELATIVE, atol=absolute)


def places(shape: Iterable[int]) -> Iterable[tuple[int, ...]]:
    return product(*(range(n) for n in shape))
