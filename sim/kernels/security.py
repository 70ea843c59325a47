"""Security and theft: how weights leave a developer, and how safeguards leave the weights.

Three ways out are kept apart: theft from a developer's systems, leaks of weights that were shared with vetted
parties, and the removal of safeguards from weights that anyone may change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]

MONTHS = np.float32(12)  # of a year
HIGHEST_LEVEL = 5
"""Weight security is counted from SL1 to SL5."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; see ``sim/parameters/security.toml``."""

    enabled: F32
    theft_level_effect: F32
    attacker_growth: F32
    crime_theft_share: F32
    diffusion_crime_months: F32
    diffusion_public_months: F32
    level_initial: F32
    level_sd: F32
    level_capability: F32
    level_reference: F32
    level_adjustment: F32
    strip_rate_per_month: F32
    strip_size_effect: F32
    strip_reference: F32
    strip_tamper_effect: F32


def theft_hazard(rate_per_year: F32, level: F32, years: float, p: Parameters) -> F32:
    """Monthly probability that the weights of each developer's flagship are taken; ``(member, lab)``.

    `rate_per_year` is the attribute of the regime at security level 2; each further level divides the rate. Attackers
    improve with time (`years` since 2024). Source G15, G16.
    """
    rate = rate_per_year * np.exp(
        -p.theft_level_effect * (level - p.level_reference) + p.attacker_growth * np.float32(years)
    )
    return np.asarray(1 - np.exp(-p.enabled * rate / MONTHS))


def criminal_rate(rate_per_year: F32, level: F32, p: Parameters) -> F32:
    """Rate at which organised crime takes weights by itself, for `theft_hazard`, ``(member, lab)``.

    A share of that of state-linked attackers at the reference level, and falling once more as fast with each further
    level, since higher levels are those that only states get past. Source G15.
    """
    return np.asarray(rate_per_year * p.crime_theft_share * np.exp(-p.theft_level_effect * (level - p.level_reference)))


def level_step(level: F32, capability: F32, floor: F32, p: Parameters) -> F32:
    """Weight-security level after one month.

    Developers move towards what their capability asks for, and never below the rule.
    """
    wanted = p.level_reference + p.level_capability * np.maximum(capability - p.strip_reference, 0)
    wanted = np.minimum(np.maximum(np.maximum(wanted, floor), 1), HIGHEST_LEVEL)
    return np.asarray(level + p.level_adjustment * (wanted - level))


def diffuse(held: F32, next_tier: F32, months: F32, uniforms: F32) -> F32:
    """Capability in the hands of the next tier of attackers.

    Which gets what the tier above holds after an exponential lag.
    """
    passed = uniforms < 1 - np.exp(-1 / months)
    return np.asarray(np.where(passed, np.maximum(held, next_tier), next_tier))


def strip_hazard(flop_log10: F32, tamper: F32, p: Parameters) -> F32:
    """Monthly probability that somebody publishes a copy of open weights without safeguards; ``(member, lab)``.

    Stripping is harder for larger models and for safeguards that resist tampering. Sources E01, E02, E09.
    """
    rate = p.strip_rate_per_month * strip_ease(flop_log10, p) * np.exp(-p.strip_tamper_effect * tamper)
    return np.asarray(1 - np.exp(-p.enabled * rate))


def strip_ease(size_log10: F32, p: Parameters) -> F32:
    """Ease of removing safeguards relative to a model of the reference size or smaller, 1 or less."""
    return exp10(-p.strip_size_effect * np.maximum(size_log10 - p.strip_reference, 0))
