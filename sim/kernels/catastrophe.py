"""Catastrophe: three hazards, each of which openness may lower and may raise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; see ``sim/parameters/catastrophe.toml``."""

    enabled: F32
    misuse_rate: F32
    misuse_screening: F32
    misuse_irrevocable: F32
    misuse_defence: F32
    accident_share: F32
    accident_race: F32
    correlated_rate: F32
    correlated_capability: F32
    correlated_reference: F32
    correlated_flaws: F32
    diversity_exponent: F32


def misuse_hazard(attempts: F32, beyond_recall: F32, screening: F32, tools: F32, p: Parameters) -> F32:
    """Monthly hazard of a catastrophe by misuse, ``(member, 1)``.

    Parameters
    ----------
    attempts : ndarray
        Expected successes in the gravest domain relative to a world without AI at the start.
    beyond_recall : ndarray
        Share of them by routes that nobody can withdraw.
    screening, tools : ndarray
        Share of attempts stopped by screening of orders, and defensive tools in that domain (log-odds).
    """
    stopped = (1 - p.misuse_screening * screening) * np.exp(-p.misuse_defence * tools)
    return np.asarray(p.enabled * p.misuse_rate * attempts * (1 + p.misuse_irrevocable * beyond_recall) * stopped)


def accident_hazard(laboratory: F32, closeness: F32, p: Parameters) -> F32:
    """Monthly hazard of a catastrophe by accident, ``(member, 1)``.

    A share of serious accidents, more in a close race.
    """
    return np.asarray(p.enabled * p.accident_share * laboratory * (1 + p.accident_race * closeness))


def correlated_hazard(shares: F32, capability: F32, flaws: F32, p: Parameters) -> F32:
    """Monthly hazard that a concentrated stack fails at once, ``(member, 1)``.

    Grows with the sum of squared shares of base models.
    """
    total = np.maximum(np.add.reduce(shares, axis=-1, keepdims=True), TINY)
    part = shares / total
    monoculture = np.add.reduce(part * part, axis=-1, keepdims=True)
    scale = exp10(p.correlated_capability * (capability - p.correlated_reference))
    spread = np.exp(p.diversity_exponent * np.log(np.maximum(monoculture, TINY)))
    return np.asarray(p.enabled * p.correlated_rate * spread * scale * (1 + p.correlated_flaws * flaws))


TINY = np.float32(1e-12)
"""Keeps a division by nothing finite."""


def happens(hazard: F32, uniforms: F32) -> NDArray[np.bool_]:
    """Whether the hazard strikes this month."""
    return np.asarray(uniforms < 1 - np.exp(-hazard))
