"""Regulation and enforcement: salience, stringency, audits, penalties, relocation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import logistic

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/enforcement.toml``."""

    enabled: F32
    salience_memory: F32
    salience_threshold: F32
    salience_hysteresis: F32
    response_speed: F32
    reversal_speed: F32
    stringency_initial: F32
    observation_noise: F32
    observation_lag: F32
    reporting_elasticity: F32
    capture: F32
    audit_capacity: F32
    detection: F32
    breach_base: F32
    breach_deterrence: F32
    enforcement_lag: F32
    stringency_audit: F32
    stringency_reporting: F32
    stringency_customers: F32
    stringency_compliance: F32
    relocation_rate: F32
    relocation_burden: F32
    return_rate: F32
    treaty_chill: F32


def salience_step(salience: F32, reported: F32, trend: F32, noise: F32, p: Parameters) -> F32:
    """Decaying memory of AI-attributed reported harm above what would have come without AI.

    Shape ``(member, jurisdiction)``. Perception is concave: ``t (x / t)^ε`` of reports x, with t the threshold at which
    the jurisdiction tightens, so that elasticities differ in how fast it is reached and left, not in where it lies.
    """
    seen = np.maximum(reported / np.maximum(trend, TINY) * np.exp(p.observation_noise * noise), TINY)
    threshold = np.maximum(p.salience_threshold, TINY)
    felt = threshold * np.exp(p.reporting_elasticity * np.log(seen / threshold))
    return np.asarray(salience * (1 - p.salience_memory) + p.salience_memory * felt)


TINY = np.float32(1e-12)
"""Keeps a division by nothing finite."""


def stringency_step(stringency: F32, salience: F32, concentration: F32, p: Parameters) -> F32:
    """Stringency, 0 to 1, after one month, ``(member, jurisdiction)``.

    Rises while salience is above its threshold and falls, more slowly, only once salience is below the threshold by
    the hysteresis.
    Concentrated incumbents capture regulators: they slow the rise.
    """
    free = 1 - p.capture * concentration
    up = p.response_speed * free * (1 - stringency) * (salience > p.salience_threshold)
    down = (
        p.reversal_speed
        * (stringency - p.stringency_initial)
        * (salience < p.salience_threshold * (1 - p.salience_hysteresis))
    )
    return np.asarray(np.minimum(np.maximum(stringency + p.enabled * (up - down), 0), 1))


def audits(rate: F32, bound: F32, uniforms: F32, p: Parameters) -> BOOL:
    """Which developers are audited this month, ``(member, lab)``.

    Each regulator audits at the rate in its law as far as its capacity goes; where several bind a developer the most
    frequent counts, since audits are relied upon by the others.

    Parameters
    ----------
    rate : ndarray ``(member, lab, jurisdiction)``
        Rate in the law of every jurisdiction that binds the developer, 0 of those that do not.
    bound : ndarray ``(member, jurisdiction)``
        Number of developers bound by each.
    uniforms : ndarray ``(member, lab)``
    """
    capacity = (p.audit_capacity / np.maximum(bound, 1))[:, None, :]
    chance = np.maximum.reduce(np.minimum(rate, capacity), axis=2)
    return np.asarray(uniforms < chance * p.enabled)


def breach_probability(penalty_share: F32, rate: F32, access: F32, p: Parameters) -> F32:
    """Probability that a developer is in breach ``(member, lab)``.

    Falls with the expected penalty as a share of turnover.
    """
    expected = penalty_share * np.minimum(rate, 1) * p.detection * access
    return logistic(p.breach_base - p.breach_deterrence * expected)


def detected(in_breach: BOOL, audited: BOOL, access: F32, uniforms: F32, p: Parameters) -> BOOL:
    """Breaches that audits prove; detection depends on the access that auditors have."""
    return np.asarray(in_breach & audited & (uniforms < p.detection * access))


def penalties_due(pending: F32, p: Parameters) -> tuple[F32, F32]:
    """Penalties still pending and those paid this month, in USD, each ``(member, lab, jurisdiction)``.

    Cases close after an exponential lag of their jurisdiction. Sources G04, G11.
    """
    paid = pending * (1 - np.exp(-1 / p.enforcement_lag))[:, None, :]
    return np.asarray(pending - paid), np.asarray(paid)


def relocates(burden_home: F32, burden_least: F32, uniforms: F32, p: Parameters) -> BOOL:
    """Whether a developer moves to the least demanding jurisdiction this month, ``(member, lab)``."""
    excess = np.maximum(burden_home - burden_least, 0)
    return np.asarray(uniforms < p.enabled * p.relocation_rate * excess * p.relocation_burden)


def comes_back(excess: F32, uniforms: F32, p: Parameters) -> BOOL:
    """Whether a withdrawn service returns to a jurisdiction this month, ``(member, lab, jurisdiction)``.

    The lighter the burden beyond that of the least demanding one (`excess`), the likelier; never where it is so heavy
    that its weight exceeds one.
    """
    wish = np.maximum(1 - excess * p.relocation_burden[:, :, None], 0)
    return np.asarray(uniforms < (p.enabled * p.return_rate)[:, :, None] * wish)


def chilled(treaty: F32, p: Parameters) -> F32:
    """Share of what crosses a border between jurisdictions that export control (OOM) takes from the exchange of
    knowledge, in the shape of `treaty` ``(member, …)``.
    """
    chill = p.treaty_chill.reshape(-1, *([1] * (treaty.ndim - 1)))
    return np.asarray(1 - np.exp(-chill * treaty))
