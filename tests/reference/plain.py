"""Arithmetic of the twins in plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]
"""Parameters of one member by field, or attributes of one regime by name."""

MONTHS, LN10 = 12.0, math.log(10.0)
LEAST, RARE, TINY = 0.01, 1e-3, 1e-30
LEAST_EFFORT, MOST_EFFORT, LEAST_RESIDUAL = 0.02, 0.98, 0.05


def logistic(x: float) -> float:
    """``1 / (1 + e^-x)``."""
    return 1.0 / (1.0 + math.exp(-x))


def gumbel(uniform: float) -> float:
    """Standard Gumbel noise."""
    return -math.log(-math.log(uniform))


def clip(x: float, low: float, high: float) -> float:
    """`x` kept between `low` and `high`."""
    return min(max(x, low), high)


def best(values: Sequence[float]) -> int:
    """Place of the largest value, the first of equals."""
    place = 0
    for i, value in enumerate(values):
        if value > values[place]:
            place = i
    return place
