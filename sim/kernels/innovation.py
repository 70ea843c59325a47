"""Innovation downstream: builders choose a base model, innovate on it, and publish derivatives that others download."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]

ABSENT = np.float32(-1e4)
"""Utility of a base model that cannot be had."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; see ``sim/parameters/innovation.toml``."""

    enabled: F32
    reconsider_share: F32
    capability_weight: F32
    price_weight: F32
    customisability_weight: F32
    licence_weight: F32
    popularity_weight: F32
    framework_weight: F32
    newcomer_popularity: F32
    small_budget_factor: F32
    rate_per_month: F32
    skill_sd: F32
    capability_gain: F32
    frontier_gain: F32
    closure_penalty: F32
    customisability_gain: F32
    liability_deterrence: F32
    ideas_harder: F32
    quality_sd: F32
    popularity_exponent: F32
    discovery_decay: F32
    downloads_mean: F32
    publish_share: F32
    poisoned_share: F32
    poisoned_screening: F32
    poisoned_inheritance: F32
    commons_share: F32
    safety_tools_share: F32
    flywheel_gain: F32
    flywheel_builders: F32
    venture_elasticity: F32
    venture_reference: F32
    value_usd: F32


def base_utility(
    relative: F32,
    price: F32,
    customisability: F32,
    permissive: F32,
    popularity: F32,
    frameworks: F32,
    available: BOOL,
    need: F32,
    budget: F32,
    p: Parameters,
) -> F32:
    """Utility of every base model to every type of builder, ``(member, type, option)``.

    Parameters
    ----------
    relative, price, customisability, permissive, popularity, frameworks : ndarray ``(member, option)``
        Capability minus the frontier's (OOM), price (unit cost), customisability, 1 for a permissive licence, share of
        builders on the option, and software of its owner that others build on (0 to 1).
    available : ndarray of bool ``(member, type, option)``
    need, budget : ndarray ``(type,)``
        Need to customise (0 to 1) and 1 for a large budget, 0 for a small one.
    """

    def column(x: F32) -> F32:
        return x[:, :, None]

    sensitivity = column(p.price_weight) * (1 + (column(p.small_budget_factor) - 1) * (1 - budget)[None, :, None])
    value = column(p.capability_weight) * relative[:, None, :] - sensitivity * price[:, None, :]
    value = value + column(p.customisability_weight) * need[None, :, None] * customisability[:, None, :]
    value = value + (p.licence_weight * permissive + p.framework_weight * frameworks)[:, None, :]
    value = value + column(p.popularity_weight) * np.log(popularity + p.newcomer_popularity)[:, None, :]
    return np.asarray(np.where(available, value, ABSENT))


def cumulative_shares(utility: F32) -> F32:
    """Cumulative logit shares over the last axis; the last is 1."""
    top = np.maximum.reduce(utility, axis=-1, keepdims=True)
    weight = np.exp(utility - top)
    cumulative = np.add.accumulate(weight, axis=-1)
    return np.asarray(cumulative / cumulative[..., -1:])


def follow_on(weights: F32, code: F32, data: F32, research: F32, p: Parameters) -> F32:
    """Factor on follow-on innovation from four inputs, each open (1) or closed (0): ``∏ (1 − c (1 − x))``. Sources F03,
    F04.
    """
    c = p.closure_penalty
    factor = (1 - c * (1 - weights)) * (1 - c * (1 - code))
    return np.asarray(factor * (1 - c * (1 - data)) * (1 - c * (1 - research)))


def innovation_rate(
    relative: F32,
    access: F32,
    customisability: F32,
    frontier: F32,
    reference: F32,
    stock: F32,
    need: F32,
    p: Parameters,
) -> F32:
    """Innovations per builder of unit skill and month, ``(member, type, option)``.

    New capability opens opportunities; each innovation made (`stock`, per builder, ``(member, 1)``) makes the next one
    harder.
    """
    opened = exp10(p.frontier_gain * (frontier - reference)) * np.exp(-p.ideas_harder * np.log(1 + stock))
    quality_of_base = exp10(p.capability_gain * np.minimum(relative, 0)) * access
    fit = 1 + (p.customisability_gain * customisability)[:, None, :] * need[None, :, None]
    return np.asarray((p.enabled * p.rate_per_month * opened)[:, :, None] * quality_of_base[:, None, :] * fit)


def ventures(innovations: F32, p: Parameters) -> F32:
    """Builders who come with a model of their own, relative to January 2024, ``(member, 1)``.

    ``(i / i_0)^η`` of the innovations that a builder makes in a month; 1 where builders do not innovate in the model.
    """
    relative = innovations / (p.rate_per_month * p.venture_reference)
    risen = np.exp(p.venture_elasticity * np.log(np.maximum(relative, TINY)))
    return np.asarray(np.where(p.enabled > 0, risen, np.float32(1)))


def returned(flywheel: F32, use: F32, builders: F32, p: Parameters) -> F32:
    """Gain in knowledge of each owner in OOM a year from what others do with its models, ``(member, lab)``.

    Parameters
    ----------
    flywheel : ndarray ``(member, lab)``
        Share that returns under the regime of the flagship.
    use, builders : ndarray ``(member, lab)``
        Shares of all use, and of all builders, that are on the owner's models; builders on its open weights only.
    """
    return np.asarray(p.flywheel_gain * flywheel * (use + p.flywheel_builders * builders))


def popularity_step(log_quality: F32, age_months: F32, downloads: F32, weight: F32, total: F32, p: Parameters) -> F32:
    """Downloads of every artefact after one month, in real units; ``(member, artefact)``.

    Discovery weight ``quality · (1 + downloads)^γ · e^(−δ age)``. Linear or stronger attachment together with a spread
    of quality would let one item take everything, so γ is below one. Source C01.

    Parameters
    ----------
    weight : ndarray ``(member, artefact)``
        Number of real artefacts that a row stands for.
    total : ndarray ``(member, 1)``
        Downloads of the month over all artefacts.
    """
    appeal = 1 + downloads
    np.log(appeal, out=appeal)
    appeal *= p.popularity_exponent
    appeal += log_quality
    appeal -= p.discovery_decay * age_months
    np.exp(appeal, out=appeal)
    appeal *= weight > 0
    pool = np.add.reduce(appeal * weight, axis=-1, keepdims=True)
    appeal *= total
    appeal /= np.maximum(pool, TINY)
    appeal += downloads
    return np.asarray(appeal)


TINY = np.float32(1e-30)
"""Smallest total that a division is given."""


def poisoned_share(fresh: F32, family: F32, p: Parameters) -> F32:
    """Share of new derivatives that is poisoned: what is bad in itself, and part of what their family carries."""
    return np.asarray(np.minimum(fresh + p.poisoned_inheritance * family, 1), np.float32)


def poisoned_exposure(downloads: F32, weight: F32, poisoned: F32, screening: F32, p: Parameters) -> F32:
    """Share of downloads that reach poisoned derivatives, ``(member, 1)``; screening of hubs and outside review find
    part of them.
    """
    amount = downloads * weight
    total = np.add.reduce(amount, axis=-1, keepdims=True)
    bad = np.add.reduce(amount * poisoned, axis=-1, keepdims=True)
    found = np.clip(p.poisoned_screening * (1 + screening), 0, 1)
    return np.asarray(bad / np.maximum(total, 1) * (1 - found))
