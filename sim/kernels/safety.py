"""Safety effort: how developers split effort between performance and safety, and what accidents follow.

The default rule is the first-order condition of a race in which a developer maximises the probability that its model
causes no disaster times its share of the market, ``P(s) · share``, with ``P(s) = k s / (k s + 1 − s)`` and ``share ∝
(1 − s)^w``; the symmetric rest point is the quadratic race.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10, fermi, log10, logistic

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]

LEAST = np.float32(0.02)
"""Least effort, so that log-odds stay finite."""
MOST = np.float32(0.98)
"""Most effort, for the same reason."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; see ``sim/parameters/safety.toml``."""

    enabled: F32
    form: str
    enmity: F32
    race_scale: F32
    tradeoff_safety: F32
    tradeoff_performance: F32
    tradeoff_safety_returns: F32
    tradeoff_performance_returns: F32
    tradeoff_coupling: F32
    tradeoff_disaster: F32
    tradeoff_price: F32
    strategy_benefit: F32
    strategy_cost: F32
    strategy_prize: F32
    strategy_rounds: F32
    strategy_speed: F32
    strategy_risk: F32
    strategy_selection: F32
    safety_returns: F32
    decisiveness: F32
    openness_pressure: F32
    stake: F32
    adjustment: F32
    imitation_rate: F32
    imitation_intensity: F32
    initial_effort: F32
    initial_effort_sd: F32
    accident_rate: F32
    accident_capability: F32
    accident_reference: F32
    accident_flaws: F32
    white_box_gain: F32
    governance_initial: F32


def survival(effort: F32, returns: F32) -> F32:
    """Probability that no disaster follows: ``k s / (k s + 1 − s)``."""
    return np.asarray(returns * effort / (returns * effort + 1 - effort))


def effort_step(effort: F32, share: F32, closeness: F32, liability: F32, p: Parameters) -> F32:
    """Safety effort after one month of adjustment towards the better reply; ``(member, lab)``.

    Parameters
    ----------
    effort, share : ndarray ``(member, lab)``
        Share of effort given to safety, and market share.
    closeness : ndarray ``(member, 1)``
        How close the pursuers are to the leader, 0 to 1; it sharpens the race.
    liability : ndarray ``(member, lab)``
        Share of harm internalised; it adds to the developer's own stake in safety.
    """
    pull = effort_pull(effort, share, closeness, liability, p)
    logit = np.log(effort / (1 - effort)) + p.enabled * p.adjustment * np.minimum(np.maximum(pull, -1), 1)
    return np.asarray(np.minimum(np.maximum(logistic(logit), LEAST), MOST))


def effort_pull(effort: F32, share: F32, closeness: F32, liability: F32, p: Parameters) -> F32:
    """What a developer would gain by a little more safety, per log-odds of effort; zero where it rests.

    The derivative of ``ln P(s) + ln share``, with stakes as weights; shapes as in `effort_step`.
    """
    gain = (p.stake + liability) / (effort * (p.safety_returns * effort + 1 - effort))
    decisive = p.decisiveness * (1 + p.openness_pressure * closeness)
    cost = decisive * (1 - share) / (1 - effort)
    return np.asarray((gain - cost) * effort * (1 - effort))


RACE_BLIND, RACE_PRIVATE, RACE_PUBLIC = "race_blind", "race_private", "race_public"
"""Rival forms: the race of Armstrong, Bostrom & Shulman (2016) blind, with private and with public capability."""


TRADEOFF, TRADEOFF_WINNER, STRATEGIES = "tradeoff", "tradeoff_winner", "strategies"
"""Further rival forms, solved in `sim.kernels.races`: the trade-off of Jensen, Emery-Xu & Trager (2023), all safety or
the winner's alone counting, and the strategies of Han et al. (2020)."""


def race_effort(capability: F32, lead: F32, rivals: F32, p: Parameters) -> F32:
    """Safety in the equilibrium of the race of Armstrong, Bostrom & Shulman (2016), ``(member, lab)``.

    The highest capability minus safety wins, and all is well with a probability equal to the winner's safety; e is the
    enmity between teams, n their number, μ the scale of capability. Nobody knows anything: ``min(1, μ / (n e))``. Each
    knows its own: ``min(1, c / (e (n − 1) + 1))``. All know all: the leader ``min(1, Δ / e)``, Δ being its lead; those
    behind cannot win by any safety and take the least.

    Parameters
    ----------
    capability : ndarray ``(member, lab)``
        Own capability, 0 to μ.
    lead : ndarray ``(member, lab)``
        Lead over the best rival; negative for those behind.
    rivals : ndarray ``(member, 1)``
        Number of teams but one's own.
    """
    safety: F32
    if p.form == RACE_BLIND:
        safety = np.broadcast_to(p.race_scale / ((rivals + 1) * p.enmity), capability.shape)
    elif p.form == RACE_PRIVATE:
        safety = capability / (p.enmity * rivals + 1)
    else:
        safety = np.asarray(np.maximum(lead, 0) / p.enmity, np.float32)
    return np.asarray(np.minimum(safety, 1), np.float32)


def approach(effort: F32, wanted: F32, p: Parameters) -> F32:
    """Safety effort after one month on the way to what a rival form asks for; ``(member, lab)``."""
    moved = effort + p.enabled * p.adjustment * (wanted - effort)
    return np.asarray(np.clip(moved, LEAST, MOST))


def imitate(
    effort: F32, model_effort: F32, earnings: F32, model_earnings: F32, spread: F32, uniforms: F32, p: Parameters
) -> F32:
    """Copy the effort of a better-earning developer with the Fermi probability.

    Gains counted in spreads between developers.
    """
    gain = np.asarray((model_earnings - earnings) / np.maximum(spread, 1), np.float32)
    copies = uniforms < p.enabled * p.imitation_rate * fermi(gain, p.imitation_intensity)
    return np.asarray(np.where(copies, model_effort, effort))


def accident_hazard(capability: F32, effort: F32, flaws: F32, outside: F32, active: BOOL, p: Parameters) -> F32:
    """Monthly hazard of a serious accident at each developer; ``(member, lab)``.

    Rises with capability and unresolved flaws, falls with safety effort and with safety research done outside on
    models that can be studied in depth (`outside`, 0 to 1).
    """
    scale = p.accident_rate * exp10(p.accident_capability * (capability - p.accident_reference))
    unsafe = 1 - survival(effort, p.safety_returns)
    return np.asarray(
        p.enabled * active * scale * unsafe * (1 + p.accident_flaws * flaws) * (1 - p.white_box_gain * outside)
    )


def performance_lost(effort: F32) -> F32:
    """Capability in OOM that effort given to safety costs: resources for performance are the share ``1 − s``.

    Never positive.
    """
    return log10(1 - np.minimum(effort, MOST))
