"""Builders choose base models, innovate, and publish derivatives that others download."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.actors.builders import BaseView
from sim.axes import JURISDICTIONS
from sim.duties import on_developers
from sim.initial import reference_frontier
from sim.kernels import innovation, picks
from sim.populations import type_parts
from sim.regimes import OPEN
from sim.roster import Roster
from sim.state import State, of_regime

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

PLACES = len(JURISDICTIONS)
"""Types of builders that differ by jurisdiction only stand next to each other."""
OF_BASES = ("customisability", "weights_access", "code_openness", "data_openness", "research_openness")
"""What builders look at in a base model."""
UNUSED = np.float32(1e-3)
"""Its square keeps the division by a total of nothing finite."""


def build(state: State, roster: Roster) -> None:
    """Choose base models, innovate, publish, download."""
    offers = base_offers(state)
    at_base, users = reconsider(state, roster, offers, state.market.available)
    innovate(state, offers, at_base, users)
    publish_derivatives(state)
    download(state)


def base_offers(state: State) -> dict[str, F32]:
    """Attributes of every option as base models, ``(member, option)`` each."""
    labs, offers = state.labs, state.market
    table = state.seen["innovation"]

    both = np.concatenate([labs.regime, labs.open_regime], axis=1)
    customisability, weights, code, data, research = table.of_rows(both, OF_BASES)
    floor = on_developers(state, "transparency_floor")
    slots = labs.active.shape[1]
    weights[:, :slots] *= weights[:, :slots] >= OPEN
    hosted = np.zeros(both.shape, np.float32)
    hosted[:, slots:] = 1
    return {
        "relative": np.asarray(offers.capability - state.flows.values["market_frontier"], np.float32),
        "price": offers.price,
        "customisability": customisability,
        "weights": weights,
        "code": code,
        "permissive": (code >= OPEN).astype(np.float32),
        "data": data,
        "research": np.maximum(research, np.concatenate([floor, floor], axis=1)),
        "hosted": hosted,
    }


def reconsider(state: State, roster: Roster, offers: dict[str, F32], available: BOOL) -> tuple[INT, F64]:
    """Some builders, and all whose base model has gone, choose anew.

    Returns the flat place of each builder in ``(member, 1 + option)``, and how many there are at each; the first column
    is for those without a base model.
    """
    builders, p = state.builders, state.parameters
    members, n = builders.base.shape
    width = available.shape[1] + 1
    at_base = picks.places(builders.base, width, first=1)
    users = picks.counted(at_base, None, members, width)
    utility, row = utilities(state, offers, available, users[:, 1:].astype(np.float32) / n)
    gone = np.ones((members, width), bool)
    gone[:, 1:] = ~available
    asks = state.draw("builder.reconsider", n) < p.innovation.reconsider_share
    # Only where somebody's base model has gone do builders have to be looked at one by one.
    left = np.flatnonzero(np.logical_or.reduce(gone & (users > 0), axis=1))
    asks[left] |= gone.take(at_base[left])
    at = np.flatnonzero(asks)
    m = at // n
    i = at - m * n
    uniforms = state.uniforms.at("builder.base", state.clock.absolute, m, i)
    chosen = roster.builders.base(BaseView(utility, m, row[i], uniforms, p))
    exists = np.logical_or.reduce(available, axis=1)
    base = np.where(exists[m], chosen, -1)
    before, now = at_base.take(at), base + 1 + m * width
    np.put(builders.base, at, base)
    np.put(at_base, at, now)
    return at_base, users + picks.counted(now, None, members, width) - picks.counted(before, None, members, width)


def utilities(state: State, offers: dict[str, F32], available: BOOL, popularity: F32) -> tuple[F32, INT]:
    """Utility of every base model, ``(member, row, option)``, and the row that holds for each builder.

    Types of builders differ by jurisdiction only where some of them ban hosting; one row serves all of them elsewhere.
    """
    need, budget, place = type_parts()
    row = state.builders.type
    usable = available[:, None, :]
    ban = state.levers["hosting_ban"][:, place]
    if (ban >= OPEN).any():
        usable = usable & ((offers["hosted"][:, None, :] < 1) | (ban[:, :, None] < OPEN))
    else:
        need, budget, row = need[::PLACES], budget[::PLACES], row // PLACES
    utility = innovation.base_utility(
        offers["relative"],
        offers["price"],
        offers["customisability"],
        offers["permissive"],
        popularity,
        usable,
        need,
        budget,
        state.parameters.innovation,
    )
    return utility, row


def innovate(state: State, offers: dict[str, F32], at_base: INT, users: F64) -> None:
    """Innovations by each builder this month in expectation; some come about. The last two are from `reconsider`."""
    builders, flows = state.builders, state.flows.values
    members, n = builders.base.shape
    table, row = rates(state, offers)
    options = table.shape[2] - 1
    rate = builders.skill * table.take(at_base + row * table[0].size)
    builders.made = builders.made + (state.draw("builder.innovate", n) < rate)
    flows["builder_rate"] = rate
    flows["innovation_rate"] = np.add.reduce(rate, axis=1, keepdims=True)
    slots = options // 2
    by_option = picks.counted(at_base, rate, members, options + 1)[:, 1:].astype(np.float32)
    flows["innovation_by_family"] = by_option[:, :slots] * offers["weights"][:, :slots] + by_option[:, slots:]
    shares = users[:, 1:].astype(np.float32) / n
    flows["builders_by_family"] = shares[:, :slots] * (offers["weights"][:, :slots] >= OPEN) + shares[:, slots:]
    flows["builders_by_option"] = shares


def rates(state: State, offers: dict[str, F32]) -> tuple[F32, INT]:
    """Innovations per builder of unit skill and month, ``(table, member, 1 + option)``, and each builder's table.

    The first option is that of builders without a base model: zero. Types of builders differ by jurisdiction only where
    some have liability downstream; one table serves all of them elsewhere.
    """
    builders, p = state.builders, state.parameters.innovation
    members, n = builders.base.shape
    need, _, place = type_parts()
    row = builders.type
    duty = np.minimum(state.levers["liability_downstream"], 1)[:, place]
    if not duty.any():
        need, row, duty = need[::PLACES], row // PLACES, duty[:, ::PLACES]
    access = innovation.follow_on(offers["weights"], offers["code"], offers["data"], offers["research"], p)
    stock = np.add.reduce(builders.made, axis=1, keepdims=True) / n
    rate = innovation.innovation_rate(
        offers["relative"],
        access,
        offers["customisability"],
        state.flows.values["market_frontier"],
        reference_frontier(state.parameters),
        stock,
        need,
        p,
    )
    table = np.zeros((len(need), members, 1 + rate.shape[2]), np.float32)
    table[:, :, 1:] = np.swapaxes(rate * (1 - duty[:, :, None] * p.liability_deterrence[:, :, None]), 0, 1)
    return table, row


def publish_derivatives(state: State) -> None:
    """Add this month's derivatives to the artefact table, as a block of rows that stand for real ones."""
    hub, p, clock = state.artefacts, state.parameters, state.clock
    family = state.flows.values["innovation_by_family"]
    n = state.builders.base.shape[1]
    total = np.add.reduce(family, axis=1, keepdims=True)
    real = total / n * p.initial.builders_real * p.innovation.publish_share
    months = hub.born.shape[0] // hub.block
    start = (clock.month % months) * hub.block
    block = slice(start, start + hub.block)
    hub.retired[:, 0] += np.add.reduce(hub.weight[:, block], axis=1)
    hub.retired[:, 1] += np.add.reduce(hub.weight[:, block] * hub.downloads[:, block], axis=1)
    cumulative = np.add.accumulate(family, axis=1) / np.maximum(total, UNUSED * UNUSED)
    u = state.draw("hub.family", hub.block)
    hub.family[:, block] = np.minimum(
        np.add.reduce(cumulative[:, None, :] <= u[:, :, None], axis=-1), family.shape[1] - 1
    )
    hub.log_quality[:, block] = p.innovation.quality_sd * stratified_normal(state, hub.block)
    hub.poisoned[:, block] = poisoned_at_birth(state, hub.family[:, block])
    hub.downloads[:, block] = 0
    hub.weight[:, block] = real / hub.block
    code = of_regime(state.regimes, "code_openness", state.labs.open_regime)
    hub.licence[:, block] = np.where(picks.rows(code, hub.family[:, block]) >= OPEN, 2, 1)
    hub.born[block] = clock.month
    state.flows.values["derivatives"] = real


def poisoned_at_birth(state: State, family: INT) -> F32:
    """Share of each new row that is poisoned: some uploads are bad in themselves, others inherit from their family.

    Shape ``(member, row)``; `family` is that of the new rows.
    """
    hub, p = state.artefacts, state.parameters.innovation
    slots = state.labs.active.shape[1]
    known = hub.weight * hub.downloads
    place = picks.places(hub.family, slots)
    total = picks.counted(place, known, state.members, slots)
    bad = picks.counted(place, known * hub.poisoned, state.members, slots)
    among = np.divide(bad, total, out=np.zeros_like(bad), where=total > 0).astype(np.float32)
    fresh = state.draw("hub.poisoned", hub.block) < p.poisoned_share * CAMPAIGN
    return innovation.poisoned_share(fresh.astype(np.float32) / CAMPAIGN, picks.rows(among, family), p)


CAMPAIGN = np.float32(10)
"""Poisoned uploads come in campaigns: a tenth of a row at once, ten times as seldom."""


def stratified_normal(state: State, n: int) -> F32:
    """Normals whose order is random and whose quantiles are even: one in each n-th part of the distribution."""
    u = state.draw("hub.quality", n)
    place = (np.arange(n, dtype=np.float32)[None, :] + u) / n
    return np.asarray(ndtri(place.astype(np.float32)), np.float32)


def download(state: State) -> None:
    """Downloads of the month fall on artefacts by quality, popularity and age; poisoned ones reach some users."""
    hub, p = state.artefacts, state.parameters.innovation
    age = (state.clock.month - hub.born).astype(np.float32)[None, :]
    total = p.downloads_mean * state.flows.values["derivatives"]
    before = hub.downloads
    hub.downloads = innovation.popularity_step(hub.log_quality, age, before, hub.weight, total, p)
    screening = state.public.builders_open
    state.flows.values["poisoned"] = innovation.poisoned_exposure(
        hub.downloads - before, hub.weight, hub.poisoned, screening, p
    )
