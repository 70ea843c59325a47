"""Misuse: which route misusers take to capability, how often they succeed, and who enters, learns and is stopped.

Success is ``logistic(skill + base + uplift − protection)``; uplift saturates. Harm is exposure times successes; it
grows without any AI at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import gumbel, log10, logistic

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]

ABSENT = np.float32(-1e4)
"""Utility of a route that does not exist."""
LEAST = np.float32(0.01)
"""Smallest share, ratio or time that a logarithm or a division is given."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` or ``(member, index)``; see ``sim/parameters/misuse.toml``."""

    enabled: F32
    base_log_odds: F32
    skill_sd: F32
    uplift_per_oom: F32
    uplift_cap: F32
    uplift_threshold: F32
    zero_day_share: F32
    provenance_gain: F32
    exposure_growth: F32
    harm_initial_usd: F32
    severity_sd: F32
    reconsider_share: F32
    route_friction: F32
    detection_aversion: F32
    route_noise: F32
    local_compute_friction: F32
    hosted_friction: F32
    fine_tuning_cost_factor: F32
    affordable_log10_flop: F32
    affordable_growth: F32
    safeguard_trend: F32
    jailbreak_skill: F32
    jailbreak_flaws: F32
    detection_api: F32
    detection_other: F32
    ban_stops: F32
    ban_months: F32
    disruption_months: F32
    learning: F32
    forgetting: F32
    entry_share: F32
    entry_elasticity: F32
    turnover: F32
    kind_skill: F32
    kind_resources: F32
    kind_persistence: F32
    incident_elasticity: F32
    incident_rate_initial: F32
    incident_reference: F32
    reporting_unseen: F32


def slices_reached(capability: F32, first: float, step: float, slices: int) -> int:
    """Number of slices up to the one in which the largest of these capabilities lies: no other matters for `uplift`."""
    highest = (np.maximum.reduce(capability, axis=None) - first) / step
    return int(min(max(highest, 0), slices - 1)) + 1


def uplift(cumulative: F32, first: float, step: float, capability: F32, p: Parameters) -> F32:
    """Uplift in log-odds from a model of given capability against every class of defenders,
    ``(…, member, domain, class)``.

    Parameters
    ----------
    cumulative : ndarray ``(member, domain, class, slice)``
        Exposed capability up to each slice in OOM: persistent part plus what is not patched yet, from the domain's
        threshold on.
    first, step : float
        Capability at which the first slice begins, and width of a slice (OOM).
    capability : ndarray ``(…, member, domain)``
        Capability of the model in each domain; several models stand along axes in front.

    Notes
    -----
    ``cap · (1 − exp(−u x / cap))``: linear at first, never above the cap.
    """
    slices, classes = cumulative.shape[-1], cumulative.shape[-2]
    place = np.clip((capability - np.float32(first)) / np.float32(step), 0, slices)
    whole = np.minimum(place.astype(np.int64), slices - 1)
    part = (place - whole.astype(np.float32))[..., None]
    # Rows of classes, slices in front: the order in which the state holds them.
    rows = cumulative.transpose(-1, 0, 1, 2).reshape(-1, classes)
    each = len(rows) // slices
    at = whole * each + np.arange(each).reshape(cumulative.shape[:-2])
    upper = rows.take(at, axis=0)
    lower = rows.take(np.maximum(at - each, 0), axis=0) * (whole > 0)[..., None]
    exposed = lower + part * (upper - lower)
    cap = p.uplift_cap[:, :, None]
    return np.asarray(p.enabled[:, :, None] * cap * (1 - np.exp(-p.uplift_per_oom[:, :, None] * exposed / cap)))


def through_safeguards(full: F32, passed: F32) -> F32:
    """Uplift in log-odds when only a share `passed` of requests gets past the safeguards: ``ln(1 + q (e^u − 1))``."""
    return np.asarray(np.log(1 + passed * (np.exp(full) - 1)))


def jailbreak_share(persistence: F32, years: float, attack_knowledge: F32, flaws: F32, p: Parameters) -> F32:
    """Share of a skilled misuser's requests that gets past an interface's safeguards.

    `persistence` is the attribute of the regime; safeguards harden with a trend per year (E08), attack knowledge and
    unresolved flaws of the model soften them. `flaws` is their number relative to that of a new model without safety
    effort, less what it was at the start.
    """
    held = np.clip(persistence, LEAST, 1 - LEAST)
    odds = np.log((1 - held) / held) + p.jailbreak_skill + attack_knowledge - p.safeguard_trend * np.float32(years)
    return logistic(odds + p.jailbreak_flaws * flaws)


def success(log_odds: F32) -> F32:
    """Monthly probability of success of one misuser."""
    return logistic(log_odds)


def route_choice(
    log_success: F32, friction: F32, detection: F32, available: BOOL, uniforms: F32, p_noise: F32, p_aversion: F32
) -> INT:
    """Logit choice of a route by those who reconsider, ``(event,)``.

    Parameters
    ----------
    log_success, friction, detection : ndarray ``(event, route)``
        Log probability of success, friction in utility, and monthly risk of detection by each route.
    """
    value = log_success - friction - p_aversion * detection + p_noise * gumbel(uniforms)
    return np.asarray(np.argmax(np.where(available, value, ABSENT), axis=-1))


def local_friction(model_log10_flop: F32, years: float, resources: F32, p: Parameters) -> F32:
    """Friction of running and adapting a model of given scale on one's own machines, less for those with resources;
    ``(member, kind)``.

    What a person can afford grows with the price-performance of hardware. Sources A19, A21, E01, E02.
    """
    affordable = p.affordable_log10_flop + log10(p.affordable_growth) * np.float32(years)
    excess = np.maximum(model_log10_flop - affordable, 0)
    return np.asarray(p.local_compute_friction * p.fine_tuning_cost_factor * excess * (1 - resources))


def open_friction(own: F32, interface: F32, hosted: F32, p: Parameters) -> F32:
    """Friction of using open weights, ``(member, kind)``: the easier of one's own machine and a host.

    Parameters
    ----------
    own : ndarray ``(member, kind)``
        Friction of setting up and running the model oneself.
    interface, hosted : ndarray ``(member, 1)``
        Friction of an interface, which a host has too, and share of hosting that is open to such users; where it is
        banned only the own machine is left.
    """
    through_host = np.minimum(own, interface + p.hosted_friction)
    return np.asarray(hosted * through_host + (1 - hosted) * own)


def exposure(years: float, p: Parameters) -> F32:
    """Factor on harm from growth of exposure alone since the start, ``(member, 1)``. Source E29."""
    return np.asarray(np.exp(np.log(p.exposure_growth) * np.float32(years)))


def turnover_thresholds(active_share: F32, target: F32, p: Parameters) -> tuple[F32, F32]:
    """Monthly probabilities to give up, and (of the inactive) to enter; per domain, ``(member, domain)``.

    Activity moves towards its target at the rate `turnover`.
    """
    gap = target - active_share
    leave = p.turnover * np.maximum(-gap, 0) / np.maximum(active_share, LEAST)
    enter = p.turnover * np.maximum(gap, 0) / np.maximum(1 - active_share, LEAST)
    return np.asarray(np.minimum(leave, 1)), np.asarray(np.minimum(enter, 1))


def found(seen: F32, p: Parameters) -> tuple[F32, F32]:
    """Monthly probabilities to be stopped altogether, and to be shut out of the interface only.

    Police may stop anybody; of those whom the interface finds, with the probability `seen` ``(member, domain, column
    of a route)``, most lose their account and nothing else.
    """
    stopped = p.ban_stops[:, :, None] * seen
    return np.asarray(p.detection_other[:, :, None] + stopped), np.asarray(seen - stopped)


def accepted_again(accepted: F32, p: Parameters) -> F32:
    """Monthly probability that somebody who is shut out gets an account again; `accepted` is the share of users whom
    vetting lets in.
    """
    return np.asarray(1 - np.exp(-accepted / p.ban_months))


def gives_up(leave: F32, persistence: F32) -> F32:
    """Monthly probability of some misusers to give up: the more persistent their kind, the less."""
    return np.asarray(leave * (1 - persistence))


def entry_target(profit_ratio: F32, p: Parameters) -> F32:
    """Share of potential misusers who are active: grows with success relative to success without AI, at an
    elasticity.
    """
    target = p.entry_share * np.exp(p.entry_elasticity * np.log(np.maximum(profit_ratio, LEAST)))
    return np.asarray(np.clip(target, 0, 1))


def incidents(ai_events: F32, p: Parameters) -> F32:
    """Incidents in the public record per month, ``(member, 1)``: concave in AI-enabled events (media report counts)."""
    ratio = np.maximum(ai_events / p.incident_reference, LEAST * LEAST)
    return np.asarray(p.incident_rate_initial * np.exp(p.incident_elasticity * np.log(ratio)))


def reported_share(monitoring: F32, duty: F32, p: Parameters) -> F32:
    """Share of harmful events that become known, ``(member, domain, jurisdiction, column of a route)``: what is
    monitored is seen, of the rest only some, more under a reporting duty.

    Parameters
    ----------
    monitoring : ndarray ``(member, domain, column)``
        Share of use that whoever runs the model sees.
    duty : ndarray ``(member, jurisdiction)``
        Strength of the duty to report incidents.
    """
    seen = (monitoring + (1 - monitoring) * p.reporting_unseen[:, :, None])[:, :, None]
    return np.asarray(seen + (1 - seen) * duty[:, None, :, None])


def realised(expected: F32, events: F32, spread: F32, normal: F32) -> F32:
    """Harm that comes about in a month: a compound Poisson sum around its expectation in its large-number form.

    The relative spread is ``sqrt((1 + σ²) / events)`` with σ the coefficient of variation of one event's loss; it
    depends on the number of real events, never on the number of simulated agents.
    """
    relative = np.sqrt((1 + spread * spread) / np.maximum(events, 1))
    scale = np.sqrt(np.log(1 + relative * relative))
    return np.asarray(expected * np.exp(scale * normal - scale * scale / 2))


def exposure_window(exploit_days: F32, patch_days: F32, p: Parameters) -> F32:
    """Probability that an exploited vulnerability meets an unpatched defender: zero days always, others in a race.
    Source E20.

    Two exponential clocks: weaponisation ``λ = 1 / exploit time`` against patching ``μ = 1 / patch time``;
    ``λ / (λ + μ)``.
    """
    race = patch_days / (patch_days + np.maximum(exploit_days, LEAST))
    return np.asarray(p.zero_day_share + (1 - p.zero_day_share) * race)
