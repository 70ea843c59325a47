"""Release: what each regime is worth to a developer, which regimes the law permits, and the choice.

Payoffs are in units of the developer's expected closed profit. Nothing here knows which regime is "open": payoffs read
the attributes of the row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10, gumbel, logistic

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]

NEVER = np.float32(-1e9)
"""Utility of a forbidden regime."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/release.toml``."""

    enabled: F32
    profit_weight: F32
    capability_weight: F32
    host_substitution: F32
    complement_gain: F32
    complement_stake: F32
    ecosystem_gain: F32
    reputation_gain: F32
    secrecy_gain: F32
    launch_cost: F32
    launch_fading: F32
    openness_taste: F32
    public_preference: F32
    disposition_sd: F32
    choice_noise: F32
    risk_midpoint: F32
    risk_width: F32
    risk_noise: F32
    risk_aversion: F32
    liability_weight: F32
    compliance_burden: F32
    staged_delay_default: F32
    staged_stop_hazard: F32
    staged_stop_incidents: F32
    head_start_delay: F32
    sibling_gap: F32
    sibling_flop_gap: F32
    sibling_cannibalisation: F32
    offset_sd: F32
    narrow_share: F32
    narrow_offset: F32


def true_risk(capability: F32, p: Parameters) -> F32:
    """Danger of releasing a model of this capability without safeguards, 0 to 1; ``(member, lab)``."""
    return logistic((capability - p.risk_midpoint) / p.risk_width)


def estimated_risk(capability: F32, noise: F32, evidence_share: F32, p: Parameters) -> F32:
    """Risk as it reaches the decision: a private noisy estimate, of which a share gets there (0 or 1 in the model).

    With n developers who each see their own noise, the chance that one of them opens is ``1 − Φ(·)^n``: the
    unilateralist's curse (Bostrom, Douglas & Sandberg 2016).
    """
    seen = logistic((capability - p.risk_midpoint) / p.risk_width + p.risk_noise * noise)
    return np.asarray(seen * evidence_share)


def expected_share(capability: F32, current: F32, active: BOOL, open_best: F32, p: Parameters) -> F32:
    """Market share that a developer expects from a model, rivals standing where they stand; ``(member, lab)``.

    The best open model counts as one more rival, so that closed profit is worth less where good weights are free;
    `open_best` is 0 where there is none. Strengths are relative to the strongest, so that they stay finite.
    """
    best = np.maximum(np.maximum.reduce(np.maximum(current, capability), axis=-1, keepdims=True), open_best)
    strength = exp10((current - best) * p.capability_weight) * active
    mine = exp10((capability - best) * p.capability_weight)
    free = exp10((open_best - best) * p.capability_weight) * (open_best > 0)
    rivals = np.add.reduce(strength, axis=-1, keepdims=True) - strength
    return np.asarray(mine / (mine + rivals + free))


def launch_left(market_usd: F32, reference_usd: F32, p: Parameters) -> F32:
    """Cost of launching a service of one's own in a market of this size, relative to closed profit; ``(event, 1)``.

    It does not grow with the market as closed profit does, the unit of all payoffs:
    ``cost · (market / reference)^(−fading)``. Sources B13, B15.
    """
    relative = np.maximum(market_usd, SMALLEST_USD) / np.maximum(reference_usd, SMALLEST_USD)
    return np.asarray(p.launch_cost * np.exp(-p.launch_fading * np.log(relative)), np.float32)


SMALLEST_USD = np.float32(1)
"""Keeps the logarithm of the size of a market finite."""


def payoffs(
    share: F32,
    stake: F32,
    taste: F32,
    risk: F32,
    liability: F32,
    liability_cap: F32,
    relief: F32,
    prize: F32,
    compliance: F32,
    row: dict[str, F32],
    p: Parameters,
) -> F32:
    """Payoff of every regime ``(member, lab, regime)``.

    Parameters
    ----------
    share, stake, taste, risk, liability, liability_cap, relief, prize, compliance : ndarray ``(member, lab)``
        Expected market share; gain on complements (with bonus); openness disposition with public preference; estimated
        risk; share of harm that must be internalised, its cap, and the share of it that a release of weights is
        relieved of; prize for opening; burden of compliance per unit of monitoring duty.
    row : dict of ndarray ``(member, regime)``
        Attributes as this kernel sees them.
    """

    def lab(x: F32) -> F32:
        return x[:, :, None]

    def regime(name: str) -> F32:
        return row[name][:, None, :]

    weights, served = regime("weights_access"), regime("api_access")
    kept = np.maximum(served - lab(p.host_substitution) * weights, 0)
    profit = lab(p.profit_weight) * lab(share) * kept
    complement = lab(stake) * weights
    ecosystem = lab(p.ecosystem_gain) * regime("customisability") * regime("flywheel")
    reputation = lab(p.reputation_gain) * regime("research_openness")
    secrecy = lab(p.secrecy_gain) * (1 - regime("knowledge_spillover")) * (1 - served)
    exposed = (1 - regime("safeguard_persistence")) * (1 - regime("revocability"))
    harm = lab(p.risk_aversion) * lab(risk) * exposed
    owed: F32 = np.zeros_like(served)
    if liability.any():  # else half the work on risks would be for nothing
        owed = lab(p.liability_weight) * lab(liability) * lab(risk) * (1 - regime("monitoring"))
        owed = np.minimum(owed * (1 - lab(relief) * weights), lab(liability_cap))
    burden = lab(p.compliance_burden) * lab(compliance) * served
    launch = lab(p.launch_cost) * served * (1 - weights)
    gains = profit + complement + ecosystem + reputation + secrecy + (lab(taste) + lab(prize)) * weights
    return np.asarray(gains - harm - owed - burden - launch)


def permitted(metrics: F32, thresholds: F32, choosable: BOOL) -> BOOL:
    """Which regimes the binding rules permit.

    Parameters
    ----------
    metrics : ndarray ``(member, lab, kind)``
        The model measured in each kind of threshold (`sim.axes.THRESHOLDS`).
    thresholds : ndarray ``(member, lab, regime, kind)``
        Lowest value at which the regime is forbidden, over the jurisdictions that bind this developer.
    choosable : ndarray of bool ``(regime,)``
        Rows that can be chosen at release.

    Returns
    -------
    ndarray ``(member, lab, regime)``
        The first row, the closest of all, is permitted always: nobody is forced to publish.
    """
    allowed = choosable & (metrics[:, :, :1] < thresholds[..., 0])
    for kind in range(1, metrics.shape[-1]):  # one at a time, since a reduction over a short last axis is slow
        allowed &= metrics[:, :, kind, None] < thresholds[..., kind]
    allowed[:, :, 0] |= ~np.logical_or.reduce(allowed, axis=-1)
    return np.asarray(allowed)


def licensed(capability: F32, strictness: F32, row: dict[str, F32], p: Parameters) -> BOOL:
    """Which regimes a licence admits for a model, ``(event, size, regime)``.

    The assessed risk of a release is the danger of the model as far as the regime leaves it unguarded and beyond
    recall; a licence of strictness λ admits what stays at or below ``1 − λ``.

    Parameters
    ----------
    capability : ndarray ``(event, size)``
    strictness : ndarray ``(event, size, regime)``
        Of the licence that binds the model under a regime; 0 where none does.
    row : dict of ndarray ``(event, regime)``
        Attributes of the regimes.
    """
    exposed = (1 - row["safeguard_persistence"]) * (1 - row["revocability"])
    residual = true_risk(capability, p)[:, :, None] * exposed[:, None, :]
    return np.asarray(residual <= 1 - strictness)


def tolerated(risk: F32, ceiling: F32, exposed: F32, permitted: BOOL) -> BOOL:
    """Which of the permitted regimes a developer can make a safety case for, by its own estimate of risk.

    Parameters
    ----------
    risk, ceiling : ndarray ``(member, lab)``
        Estimated risk of a release without safeguards, and the largest risk with which a release is acceptable.
    exposed : ndarray ``(member, regime)``
        Share of that risk which a regime exposes others to, 0 to 1.
    permitted : ndarray of bool ``(member, lab, regime)``

    Returns
    -------
    ndarray ``(member, lab, regime)``
        The first row, the closest of all, is tolerated always.
    """
    allowed = permitted & (risk[:, :, None] * exposed[:, None, :] <= ceiling[:, :, None])
    allowed[:, :, 0] |= ~np.logical_or.reduce(allowed, axis=-1)
    return np.asarray(allowed)


def held_back(months: F32, growth: F32, p: Parameters) -> F32:
    """What a head start of vetted defenders costs a developer, in OOM of whatever grows by `growth` a month;
    ``(member, lab)``.

    While defenders are ahead nobody else may use the model, so that a model which comes out is the part of `months`
    older than it would be, by which the head start exceeds what would pass between training and release anyway. Use and
    position go to rivals who need not wait.
    """
    return np.asarray(p.head_start_delay * months * growth)


def choose(utility: F32, allowed: BOOL, uniforms: F32, p: Parameters) -> INT:
    """Logit choice among permitted regimes; ``(member, lab)``. With the submodel off, the first permitted row."""
    noise = p.choice_noise[:, :, None] * gumbel(uniforms)
    value = np.where(p.enabled[:, :, None] > 0, utility + noise, np.float32(0))
    return np.asarray(np.argmax(np.where(allowed, value, NEVER), axis=-1))


def staged_opens(uniforms: F32, flaws: F32, surge: F32, p: Parameters) -> BOOL:
    """Whether a staged release opens when it is due, or incidents and evaluations stop it for another month.

    Parameters
    ----------
    uniforms, flaws : ndarray ``(event, 1)``
        Uniforms, and known unresolved flaws of the developer's flagship.
    surge : ndarray ``(event, 1)``
        Logarithm of last month's incidents over those of 2023, 0 or more.
    """
    hazard = p.staged_stop_hazard * flaws + p.staged_stop_incidents * surge
    return np.asarray(uniforms >= 1 - np.exp(-hazard))
