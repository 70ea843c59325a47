"""Oversight: outside evaluators find flaws, flaws are fixed as far as fixes reach, and knowledge of attacks spreads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; see ``sim/parameters/oversight.toml``."""

    enabled: F32
    flaws_per_release: F32
    flaws_capability: F32
    flaws_reference: F32
    find_rate: F32
    access_exponent: F32
    documentation_gain: F32
    commons_gain: F32
    independence: F32
    fix_rate_closed: F32
    uptake_rate_open: F32
    attack_transfer: F32
    fix_transfer: F32
    attack_decay: F32
    inheritance: F32


def flaws_at_release(capability: F32, effort_survival: F32, inherited: F32, p: Parameters) -> F32:
    """Latent flaws of a new model ``(member, lab)``.

    More with capability, fewer with safety effort, part taken over from the last model.
    """
    scale = p.flaws_per_release * exp10(p.flaws_capability * (capability - p.flaws_reference))
    return np.asarray(scale * (2 - effort_survival) / 2 + p.inheritance * inherited)


def found(hidden: F32, access: F32, documentation: F32, evaluators: F32, open_builders: F32, p: Parameters) -> F32:
    """Flaws that outsiders find in a month, ``(member, lab)``.

    Parameters
    ----------
    hidden : ndarray ``(member, lab)``
        Flaws not found yet.
    access, documentation : ndarray ``(member, lab)``
        Audit access (0.33 black box, 0.67 grey box, 1 white box) and documentation, 0 to 1.
    evaluators : ndarray ``(member, 1)``
        Outside evaluators relative to those of 2024 (funding, bounties, mandates).
    open_builders : ndarray ``(member, lab)``
        Share of builders who work on this developer's open weights: many eyes.
    """
    reach = np.exp(p.access_exponent * np.log(np.maximum(access, LEAST_ACCESS)))
    eyes = evaluators * p.independence + p.commons_gain * open_builders
    rate = p.find_rate * reach * eyes * (1 - p.documentation_gain * (1 - documentation))
    return np.asarray(p.enabled * hidden * (1 - np.exp(-rate)))


LEAST_ACCESS = np.float32(0.01)
"""Even without access something is learnt from a model's public effects."""


def resolve(known: F32, new: F32, weights: F32, p: Parameters) -> tuple[F32, F32]:
    """Known flaws that stay in use and flaws fixed in a month, each ``(member, lab)``.

    Behind an interface a fix reaches everybody at once; in open weights it spreads as far as downstream users take it
    up, so known flaws proliferate. `weights` is the share of use on weights that are out.
    """
    rate = p.fix_rate_closed * (1 - weights) + p.uptake_rate_open * weights
    pool = known + new
    fixed = pool * rate
    return np.asarray(pool - fixed), np.asarray(fixed)


def attack_knowledge_step(knowledge: F32, found_open: F32, fixed_open: F32, p: Parameters) -> F32:
    """Knowledge of attacks that also work on closed models ``(member, 1)``, in log-odds of a jailbreak.

    Attacks found on open weights transfer in part, and so do the fixes developed there; the sum can be negative.
    """
    gained = p.attack_transfer * found_open - p.fix_transfer * fixed_open
    return np.asarray(knowledge * (1 - p.attack_decay) + p.enabled * gained)
