"""Arithmetic of choice that several kernels share: logit, logistic and Fermi functions, powers of ten."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]

RECORDS = 32
"""Records of parameters for which what depends on nothing else is kept: those of the batches at work, and some more."""
LN10 = np.float32(2.302585093)
"""Natural logarithm of ten: capability is counted in orders of magnitude."""


def exp10(x: F32) -> F32:
    """Ten to the power `x`.

    Written with `exp` because float32 `exp` gives the same bits on every vector unit and `power` does not.
    """
    return np.asarray(np.exp(x * LN10))


def log10(x: F32) -> F32:
    """Logarithm to base ten of a positive array."""
    return np.asarray(np.log(x) / LN10)


CERTAIN = np.float32(80)
"""Log-odds beyond which a probability is 0 or 1 in float32, so that `exp` stays finite."""


def logistic(x: F32) -> F32:
    """``1 / (1 + exp(-x))``."""
    y = np.asarray(np.maximum(x, -CERTAIN))
    np.exp(np.negative(y, out=y), out=y)
    y += 1
    return np.asarray(np.divide(1, y, out=y))


def gumbel(uniforms: F32) -> F32:
    """Standard Gumbel noise: the maximum of utility plus this noise is a logit choice."""
    return np.asarray(-np.log(-np.log(uniforms)))


def fermi(gain: F32, intensity: F32) -> F32:
    """Probability of copying a model whose payoff is higher by `gain` (pairwise comparison, Traulsen et al. 2006)."""
    return logistic(intensity * gain)


STEEP = np.float32(30)
"""Orders of magnitude beyond which a power of ten would overflow float32."""


def soft_minimum(x: F32, ceiling: F32) -> F32:
    """Smooth minimum of two logarithmic quantities: the harmonic sum of their powers of ten, so never above either."""
    return np.asarray(x - log10(exp10(np.minimum(x - ceiling, STEEP)) + 1))


def concentration(amounts: F32, firms: F32 | int = 1) -> NDArray[np.float64]:
    """Herfindahl–Hirschman index over the last axis on the 0–10,000 scale; 0 where the total is 0.

    An amount may be that of several `firms` of equal size, each of which counts by itself.
    """
    wide = np.asarray(amounts, np.float64)
    total = np.add.reduce(wide, axis=-1)
    squares = np.add.reduce(wide * wide / firms, axis=-1)
    return np.asarray(np.divide(squares * HHI_SCALE, total * total, out=np.zeros_like(total), where=total > 0))


HHI_SCALE = 1e4
"""Scale of competition authorities: a monopoly is 10,000."""
