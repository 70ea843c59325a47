"""Populations at month 0: misusers, defenders and builders, stratified so that their number hardly matters.

Fixed traits are laid out evenly over the agents and skills are evenly spaced quantiles, so a sum over agents has no
sampling noise of its own: bands of results come from members, not from how many agents stand for the real ones.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import state as st
from sim.axes import DOMAINS, JURISDICTIONS, ROUTE_COLUMNS
from sim.kernels import misuse
from sim.kernels.picks import counted, grouped, places
from sim.setting import Parameters

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

CLASSES = len(JURISDICTIONS) * 4
"""Classes of defenders: jurisdiction × small or large × not or self-hosting, in this order of significance."""
CELLS = len(DOMAINS) * CLASSES * ROUTE_COLUMNS
"""Cells of a member's table of log-odds: domain, class of defenders, column of a route."""
TYPES = 4 * len(JURISDICTIONS)
"""Types of builders: need to customise × budget × jurisdiction."""
ROOT = 1.085070245491451
"""Real root of x⁹ = x + 1, a golden ratio of eight dimensions: steps by its inverse powers fill all of them evenly."""
FIRST, SECOND, THIRD, ACTIVE, USING, SKILL, BUDGET = range(7)
"""Dimensions in which traits of agents are laid out; one agent's traits of two dimensions are unrelated."""


@cache
def class_parts() -> tuple[INT, INT, INT]:
    """Jurisdiction, size (1 large) and self-hosting (1 yes) of each class, each ``(class,)``."""
    index = np.arange(CLASSES)
    jurisdiction, size, own = index // 4, index // 2 % 2, index % 2
    for part in (jurisdiction, size, own):  # they are kept for all callers
        part.flags.writeable = False
    return jurisdiction, size, own


def even(n: int, dimension: int) -> NDArray[np.float64]:
    """Places of `n` agents in one dimension, 0 to 1, so that all dimensions together are filled evenly.

    An additive recurrence of eight dimensions: the first agents are the same however many there are.
    """
    step = 1.0
    for _ in range(dimension + 1):
        step /= ROOT
    return np.asarray((0.5 + np.arange(1, n + 1) * step) % 1.0)


def by_share(share: NDArray[np.floating[Any]], n: int, dimension: int) -> INT:
    """Categories of `n` agents in proportion to `share`; those of other dimensions are unrelated."""
    cumulative = np.cumsum(np.asarray(share, np.float64))
    place = np.searchsorted(cumulative / cumulative[-1], even(n, dimension), side="right")
    return np.asarray(place.clip(0, len(cumulative) - 1))


def quantiles(groups: INT, dimension: int) -> F32:
    """Evenly spaced standard normal quantiles within each group, ``(n,)``, in an order unrelated to other traits."""
    out, order = np.zeros(len(groups)), even(len(groups), dimension)
    for group in np.unique(groups):
        member = np.flatnonzero(groups == group)
        out[member[np.argsort(order[member], kind="stable")]] = ndtri((np.arange(len(member)) + 0.5) / len(member))
    return out.astype(np.float32)


def misusers(n: int, years: float, p: Parameters) -> st.Misusers:
    """Misusers at month 0, `years` after January 2024: some of them active, some of these with AI already.

    Traits stand for all members alike; that some classes of defenders are larger than others is in the weights, which
    differ between members.
    """
    members = p.initial.misusers_real.shape[0]
    kind = by_share(p.initial.kind_share[0], n, FIRST)
    domain = by_share(p.initial.domain_share[0], n, SECOND)
    target = by_share(np.ones(CLASSES), n, THIRD)
    strata = domain * 8 + kind
    skill = quantiles(strata, SKILL)[None, :] * p.misuse.skill_sd + p.misuse.kind_skill[:, kind]
    weight = np.ascontiguousarray(class_shares(p)[:, target] * np.float32(CLASSES / n), np.float32)
    active = st_active(n, p)
    at_start = np.asarray(
        misuse.success(skill + p.misuse.base_log_odds[:, domain]) * p.misuse.entry_share * weight, np.float32
    )
    events = (
        grouped(np.broadcast_to(domain, at_start.shape), at_start, len(DOMAINS)) * p.initial.misusers_real
    ).astype(np.float32)
    loss = p.misuse.harm_initial_usd / 12 / np.maximum(events, 1e-9)
    none = np.zeros((members, n), np.float32)
    rank = even(n, USING).astype(np.float32)[None, :]
    using = np.minimum(
        p.initial.ai_users_share * np.exp(np.log(p.initial.ai_users_growth) * np.float32(years)), np.float32(0.9)
    )
    column = np.where(rank < using * p.initial.ai_users_open, 2, np.where(rank < using, 1, 0)).astype(np.int8)
    tier = np.where(kind == 2, 0, np.where(kind == 1, 1, 2))
    return st.Misusers(
        kind,
        domain,
        target,
        weight,
        tier,
        skill.astype(np.float32),
        none,
        active,
        active_number(domain, active),
        (domain * CLASSES + target) * ROUTE_COLUMNS + np.arange(0, members * CELLS, CELLS)[:, None] + column,
        np.zeros((members, n), bool),
        np.zeros((members, n), bool),
        column,
        loss.astype(np.float32),
        events,
    )


def st_active(n: int, p: Parameters) -> NDArray[np.bool_]:
    """Who is active at month 0: an even selection of the share in `misuse.entry_share`."""
    return np.asarray(even(n, ACTIVE)[None, :].astype(np.float32) < p.misuse.entry_share)


def active_number(domain: INT, active: NDArray[np.bool_]) -> INT:
    """How many misusers are active in each domain, ``(member, domain)``."""
    return np.stack([np.add.reduce(active[:, domain == d], axis=1) for d in range(len(DOMAINS))], axis=1)


def class_shares(p: Parameters) -> F32:
    """Share of each class of defenders in exposure, ``(member, class)``."""
    jurisdiction, large, hosting = class_parts()
    size = np.where(large[None, :] == 1, p.defence.large_share, 1 - p.defence.large_share)
    own = np.where(hosting[None, :] == 1, p.defence.self_hosting_share, 1 - p.defence.self_hosting_share)
    return np.asarray(p.initial.exposure_share[:, jurisdiction] * size * own, np.float32)


def patched_before(frontier: tuple[F32, F32], p: Parameters) -> F32:
    """Unpatched share of every slice at month 0: slices within reach were patched since they came into reach.

    A class that hosts its own models has reached less than the others.
    """
    best, open_best = frontier
    _, _, own = class_parts()
    level = np.where(own[None, :] == 1, open_best, best - p.defence.api_refusal)
    upper = np.float32(st.FIRST_SLICE) + (np.arange(st.SLICES, dtype=np.float32) + 1) * np.float32(st.SLICE)
    months = np.maximum(level[:, :, None] - upper, 0) / p.initial.frontier_growth_before[:, :, None] * 12
    floor = p.defence.never_patched[:, :, None, None]
    kept = np.exp(-p.defence.slice_patch_rate[:, :, None, None] * months[:, None])
    return np.asarray(floor + (1 - floor) * kept, np.float32)


@cache
def defender_parts(n: int) -> tuple[INT, INT]:
    """Domain and class of each of so many defenders, ``(defender,)`` each: every class in every domain in turn."""
    cells = np.arange(n) % (len(DOMAINS) * CLASSES)
    parts = cells // CLASSES, cells % CLASSES
    for part in parts:
        part.flags.writeable = False
    return parts


def defenders(n: int, frontier: tuple[F32, F32], p: Parameters) -> st.Defenders:
    """Defenders at month 0: every class in every domain, no tools yet; `frontier` is that of all models and of open
    ones.
    """
    members = p.initial.misusers_real.shape[0]
    domain, group = defender_parts(n)
    cells, homes = domain * CLASSES + group, domain * len(JURISDICTIONS) + class_parts()[0][group]
    size = np.exp(quantiles(cells, SKILL)[None, :] * p.defence.exposure_sd)
    within = grouped(np.broadcast_to(cells, size.shape), size, len(DOMAINS) * CLASSES)
    exposure = (size / np.maximum(within, 1e-9)[:, cells]).astype(np.float32)
    budget = np.exp(quantiles(np.zeros(n, np.int64), BUDGET)[None, :] * p.defence.budget_sd).astype(np.float32)
    zero = np.zeros((members, n), np.float32)
    unpatched = np.moveaxis(np.moveaxis(patched_before(frontier, p), -1, 0).copy(), 0, -1)
    return st.Defenders(
        domain,
        group,
        exposure,
        budget,
        zero,
        zero.copy(),
        places(np.broadcast_to(cells, size.shape), len(DOMAINS) * CLASSES),
        places(np.broadcast_to(homes, size.shape), len(DOMAINS) * len(JURISDICTIONS)),
        unpatched,
        class_shares(p),
        np.zeros((members, len(DOMAINS), CLASSES), np.float32),
        np.zeros((members, len(DOMAINS), CLASSES), np.float32),
        np.zeros((members, len(DOMAINS)), np.float32),
    )


def builders(n: int, options: int, p: Parameters) -> st.Builders:
    """Builders at month 0, not yet on any base model."""
    members = p.initial.misusers_real.shape[0]
    need = by_share(np.array([1 - p.initial.need_share[0, 0], p.initial.need_share[0, 0]]), n, FIRST)
    budget = by_share(np.array([1 - p.initial.large_budget_share[0, 0], p.initial.large_budget_share[0, 0]]), n, SECOND)
    jurisdiction = by_share(p.initial.builder_share[0], n, THIRD)
    kind = need * 2 * len(JURISDICTIONS) + budget * len(JURISDICTIONS) + jurisdiction
    spread = quantiles(kind, SKILL)[None, :] * p.innovation.skill_sd
    skill = np.exp(spread - p.innovation.skill_sd * p.innovation.skill_sd / 2).astype(np.float32)
    cell = kind * (1 + options) + np.arange(0, members * TYPES * (1 + options), TYPES * (1 + options))[:, None]
    table = (members, TYPES, 1 + options)
    number = np.bincount(cell.reshape(-1), minlength=math.prod(table)).reshape(table)
    skills = counted(cell, skill, members, TYPES * (1 + options)).reshape(table)
    nothing = (
        np.full((members, n), -1, np.int16),
        np.zeros((members, n), np.float32),
        np.zeros((members, 1), np.float32),
    )
    return st.Builders(kind, skill, *nothing, cell, number, np.add.reduce(number, axis=1), skills)


@cache
def type_parts() -> tuple[F32, F32, INT]:
    """Need (0 or 1), budget (1 large) and jurisdiction of each type of builder, each ``(type,)``."""
    index = np.arange(TYPES)
    places = len(JURISDICTIONS)
    jurisdiction = index % places
    need, budget = (index // (2 * places)).astype(np.float32), (index // places % 2).astype(np.float32)
    for part in (need, budget, jurisdiction):
        part.flags.writeable = False
    return need, budget, jurisdiction
