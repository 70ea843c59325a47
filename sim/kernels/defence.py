"""Defence: the kernel that decides the sign, so it is nested and never one form.

Every quarter-OOM slice of capability exposes vulnerabilities. A share ``f`` of a slice persists (a level model: who
is ahead stays ahead); the rest can be patched from the month in which a class of defenders can use a model of that
capability (a vintage model: a head start decides). Tools are a separate capped stock. The sibling forms leave one of
these parts out: ``level`` has no patching (f is 1), ``vintage`` has no tools, ``nested`` is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/defence.toml``."""

    enabled: F32
    form: str
    slice_patch_rate: F32
    never_patched: F32
    persistent_share: F32
    tool_per_oom: F32
    tool_cap: F32
    tool_adoption: F32
    tool_commons_gain: F32
    self_hosting_share: F32
    large_share: F32
    exposure_sd: F32
    budget_sd: F32
    api_refusal: F32
    self_hosting_gain: F32
    breach_class: str
    investment_weight: F32
    investment_speed: F32
    breach_productivity: F32
    innovation_decay: F32
    information_gain: F32
    patch_hazard_per_day: F32
    patch_effort_gain: F32
    exploit_days_initial: F32
    exploit_capability: F32
    zero_day_lead: F32


LEVEL, VINTAGE, NESTED = "level", "vintage", "nested"
FIRST, SECOND = "first", "second"
"""Classes of breach functions of Gordon & Loeb (2002)."""


def patched(unpatched: F32, reachable: F32, speed: F32, p: Parameters) -> F32:
    """Unpatched share of every slice after one month, ``(member, domain, class, slice)``.

    Parameters
    ----------
    reachable : ndarray ``(member, domain, class, slice)``
        Share of the class that can use a model of that capability (or was given a head start), 0 to 1.
    speed : ndarray ``(member, domain, class)``
        Patching effort relative to the median defender.

    Notes
    -----
    Decays to a floor that is never patched: ``n + (x − n) e^(−μ)``.
    """
    rate = p.enabled[:, :, None] * p.slice_patch_rate[:, :, None] * speed
    floor = p.never_patched[:, :, None, None]
    kept = np.exp(-rate)[..., None]
    change = unpatched - floor
    change *= reachable
    change *= 1 - kept
    return np.asarray(np.subtract(unpatched, change, out=change))


def exposed(unpatched: F32, p: Parameters) -> F32:
    """Exposed part of every slice: ``f + (1 − f) · unpatched``; the form decides what f is."""
    share = p.persistent_share[:, :, None, None]
    if p.form == LEVEL:
        return np.asarray(np.ones_like(unpatched))
    exposed = (1 - share) * unpatched
    exposed += share
    return np.asarray(exposed)


def exposed_margin(unpatched: F32, within: F32, class_share: F32, p: Parameters) -> F32:
    """Capability of which holes are still open, in OOM, ``(member, domain)``: slice by slice, averaged over classes.

    Parameters
    ----------
    unpatched : ndarray ``(member, domain, class, slice)``
    within : ndarray ``(member, domain, slice)``
        Part of each slice, in OOM, between the domain's threshold and the model that is evaluated.
    class_share : ndarray ``(member, class)``
        Share of each class in exposure.
    """
    open_part = np.add.reduce(exposed(unpatched, p) * class_share[:, None, :, None], axis=2)
    return np.asarray(np.add.reduce(open_part * within, axis=2))


def accumulate(exposed_slices: F32, from_threshold: F32, step: float) -> F32:
    """Exposed capability up to each slice in OOM, from the domain's threshold on.

    `from_threshold` ``(member, domain, slice)`` is the part of each slice above the threshold, 0 to 1.
    """
    # Slices in front, as the state holds them: then slice by slice is many times faster than `np.add.accumulate`.
    part = exposed_slices.transpose(-1, 0, 1, 2) * (from_threshold * np.float32(step)).transpose(2, 0, 1)[..., None]
    for b in range(1, len(part)):
        part[b] += part[b - 1]
    return part.transpose(1, 2, -1, 0)


def tool_target(capability: F32, gain: F32, threshold: F32, commons: F32, p: Parameters) -> F32:
    """Defensive tools in log-odds towards which each class goes in each domain, ``(member, domain, class)``: capped.

    Parameters
    ----------
    capability : ndarray ``(member, domain, class)``
        Best model in the domain that the class may use, in OOM.
    gain : ndarray ``(member, class)``
        What the class makes of it, as a factor.
    threshold : ndarray ``(member, domain)``
        Capability from which models matter in the domain.
    commons : ndarray ``(member, 1)``
        Tools that come out of open innovation, as a factor.
    """
    strength = p.tool_per_oom[:, :, None] * gain[:, None, :]
    target = strength * np.maximum(capability - threshold[:, :, None], 0)
    target = target * (1 + p.tool_commons_gain * commons)[:, :, None]
    return np.asarray(np.minimum(target, p.tool_cap[:, :, None]))


def tool_step(tools: F32, target: F32, p: Parameters) -> F32:
    """Defensive tools in log-odds after one month, ``(member, defender)``: adopted gradually."""
    speed = p.enabled * p.tool_adoption if p.form != VINTAGE else p.enabled * 0
    return np.asarray(tools + speed * (target - tools))


def gordon_loeb(vulnerability: F32, loss: F32, productivity: F32, exponent: F32) -> F32:
    """Optimal security spending of the first class of Gordon & Loeb (2002): ``z = [(v β α L)^(1/(β+1)) − 1] / α``,
    never negative.
    """
    z = (
        np.exp(np.log(np.maximum(vulnerability * exponent * productivity * loss, 1)) / (exponent + 1)) - 1
    ) / productivity
    return np.asarray(z)


def gordon_loeb_second(vulnerability: F32, loss: F32, productivity: F32) -> F32:
    """Optimal security spending of the second class of Gordon & Loeb (2002), whose breaches fall as ``v^(α z + 1)``:
    ``z = ln(−1 / (α v L ln v)) / (α ln v)``, never negative.
    """
    log_v = np.log(vulnerability)
    return np.asarray(np.log(np.maximum(-productivity * vulnerability * loss * log_v, 1)) / (-productivity * log_v))


def informed(reported: F32, p: Parameters) -> F32:
    """Share of losses that defenders know of, in the shape of `reported`, the share that is reported: their own, and
    of others' what is reported.
    """
    own = p.information_gain.reshape(-1, *([1] * (reported.ndim - 1)))
    return np.asarray(own + (1 - own) * reported)


def aged(gained: F32, p: Parameters) -> F32:
    """Share of bought protection that is lost in a month as offence innovates, in the shape of `gained`
    ``(member, domain)``, the OOM by which the best model in attackers' reach has grown.
    """
    return np.asarray(1 - np.exp(-p.innovation_decay * gained))


def spending(loss_ratio: F32, information: F32, p: Parameters) -> F32:
    """Optimal security spending with a budget of one, ``(member, domain, jurisdiction)``, relative to losses at the
    start.

    Parameters
    ----------
    loss_ratio : ndarray ``(member, domain)``
        Losses over those at the start.
    information : ndarray ``(member, domain, jurisdiction)``
        Share of their rise that is known.
    """
    unit = p.breach_productivity[:, :, None]
    known = 1 + information * (np.maximum(loss_ratio, 1) - 1)[:, :, None]
    if p.breach_class == SECOND:
        # Units of loss are such that nothing is spent at the start, and of vulnerability such that ln v is −1.
        vulnerability = np.exp(-np.ones_like(known))
        return unit * gordon_loeb_second(vulnerability, known / (unit * vulnerability), unit)
    exponent = (p.investment_weight / (1 - p.investment_weight))[:, :, None]
    return gordon_loeb(np.ones_like(known), known / (exponent * unit), unit, exponent)


def investment_step(invested: F32, spent: F32, lost: F32, p: Parameters) -> F32:
    """Protection bought, in log-odds, after one month; ``(member, defender)``.

    Parameters
    ----------
    spent : ndarray ``(member, defender)``
        `spending` times budget relative to need.
    lost : ndarray ``(member, defender)``
        Share of what was bought that has `aged` away.

    Notes
    -----
    A defender who spends what `gordon_loeb` asks for lowers the log-odds of a breach by ``β ln(α z + 1)``. Written in
    losses relative to the start this is a weight times the logarithm of the loss ratio. In the second class of breach
    functions the weight is one.
    """
    wanted = spent
    if p.breach_class != SECOND:
        exponent = p.investment_weight / (1 - p.investment_weight)
        wanted = exponent * np.log(p.breach_productivity * spent + 1)
    moved = p.investment_speed * (wanted - invested) - lost * invested
    return np.asarray(invested + p.enabled * moved)


def patch_days(effort: F32, p: Parameters) -> F32:
    """Median days until a published flaw is patched, by effort relative to the median; source E17."""
    return np.asarray(np.float32(LN2) / (p.patch_hazard_per_day * effort))


LN2 = 0.6931472
"""Natural logarithm of two: median of an exponential time is ln 2 over its rate."""


def unpatched_after(days: float, effort: F32, p: Parameters) -> F32:
    """Share of flaws that is still unpatched after so many days."""
    return np.asarray(np.exp(-p.patch_hazard_per_day * effort * np.float32(days)))


def exploit_days(capability: F32, reference: F32, p: Parameters) -> F32:
    """Typical days from disclosure to exploitation ``(member, 1)``; negative when attackers come first. Source E19.

    ``d · x − lead · (1 − x)`` with ``x = 10^(−κ (K − K_ref))``: the wait shrinks with offensive capability and ends in
    zero days.
    """
    remaining = exp10(-p.exploit_capability * np.maximum(capability - reference, 0))
    return np.asarray(p.exploit_days_initial * remaining - p.zero_day_lead * (1 - remaining))
