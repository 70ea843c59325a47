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
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.roster import Roster
from sim.state import State

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

NEEDS = np.array([0, 1], np.float32)
"""Need to customise, of which types of builders have one or the other."""
PLACES = len(JURISDICTIONS)
"""Types of builders that differ by jurisdiction only stand next to each other."""
OF_BASES = ("customisability", "weights_access", "code_openness", "data_openness", "research_openness")
"""What builders look at in a base model."""
UNUSED = np.float32(1e-3)
"""Its square keeps the division by a total of nothing finite."""


def build(state: State, roster: Roster) -> None:
    """Choose base models, innovate, publish, download."""
    offers = base_offers(state)
    reconsider(state, roster, offers, state.market.available)
    innovate(state, offers)
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
        "frameworks": np.concatenate([labs.frameworks, labs.frameworks], axis=1),
    }


def reconsider(state: State, roster: Roster, offers: dict[str, F32], available: BOOL) -> None:
    """Some builders, and all whose base model has gone, choose anew."""
    builders, p = state.builders, state.parameters
    n = builders.base.shape[1]
    users = builders.users
    utility, row = utilities(state, offers, available, users[:, 1:].astype(np.float32) / n)
    asks = state.draw("builder.reconsider", n) < p.innovation.reconsider_share
    gone: BOOL = np.ones(users.shape, bool)
    gone[:, 1:] = ~available
    # Only where somebody's base model has gone do builders have to be looked at one by one.
    left = np.flatnonzero(np.logical_or.reduce(gone & (users > 0), axis=1))
    asks[left] |= gone.take(builders.base[left] + (left * gone.shape[1] + 1)[:, None])
    at = picks.where(asks)
    m = at // n
    i = at - m * n
    uniforms = state.uniforms.at("builder.base", state.clock.absolute, m, i)
    chosen = roster.builders.base(BaseView(utility, m, row[i], uniforms, p))
    exists = np.logical_or.reduce(available, axis=1)
    move(state, at, chosen if exists.all() else np.where(exists[m], chosen, -1))


def move(state: State, at: INT, base: INT) -> None:
    """Builders at flat places `at` move to the base models `base`, each ``(event,)``."""
    builders = state.builders
    step = base - builders.base.take(at)
    moved = picks.where(step != 0)
    at = at.take(moved)
    old = builders.cell.take(at)
    new, skill = old + step.take(moved), builders.skill.take(at).astype(np.float64)
    builders.base.reshape(-1)[at] = base.take(moved)
    builders.cell.reshape(-1)[at] = new
    for sums, amounts in ((builders.number, np.ones_like(at)), (builders.skills, skill)):
        np.add.at(sums.reshape(-1), new, amounts)
        np.subtract.at(sums.reshape(-1), old, amounts)
    builders.users = np.add.reduce(builders.number, axis=1)


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
        offers["frameworks"],
        usable,
        need,
        budget,
        state.parameters.innovation,
    )
    return utility, row


def innovate(state: State, offers: dict[str, F32]) -> None:
    """Innovations by each builder this month in expectation; some come about."""
    builders, flows = state.builders, state.flows.values
    n = builders.base.shape[1]
    table = rates(state, offers)
    rate = table.take(builders.cell)
    rate *= builders.skill
    builders.made += state.draw("builder.innovate", n) < rate
    builders.all_made = np.add.reduce(builders.made, axis=1, keepdims=True)
    flows["builder_rate"] = rate
    by_option = np.add.reduce(table * builders.skills, axis=1)
    flows["innovation_rate"] = np.add.reduce(by_option, axis=1, keepdims=True).astype(np.float32)
    by_base = by_option[:, 1:].astype(np.float32)
    shares = builders.users[:, 1:].astype(np.float32) / n
    slots = state.labs.active.shape[1]
    flows["innovation_by_family"] = by_base[:, :slots] * offers["weights"][:, :slots] + by_base[:, slots:]
    flows["builders_by_family"] = shares[:, :slots] * (offers["weights"][:, :slots] >= OPEN) + shares[:, slots:]
    flows["builders_by_option"] = shares


def rates(state: State, offers: dict[str, F32]) -> F32:
    """Innovations per builder of unit skill and month, ``(member, type, 1 + option)``.

    The first option is that of builders without a base model: zero.
    """
    builders, p = state.builders, state.parameters.innovation
    need, _, place = type_parts()
    access = innovation.follow_on(offers["weights"], offers["code"], offers["data"], offers["research"], p)
    stock = builders.all_made / builders.made.shape[1]
    rate = innovation.innovation_rate(
        offers["relative"],
        access,
        offers["customisability"],
        state.flows.values["market_frontier"],
        reference_frontier(state.parameters),
        stock,
        NEEDS,
        p,
    )
    table = np.zeros(builders.number.shape, np.float32)
    table[:, :, 1:] = rate.take(need.astype(np.int64), axis=1)
    if "liability_downstream" in state.levers.moved:
        duty = np.minimum(state.levers["liability_downstream"], 1)[:, place]
        table *= (1 - duty * p.liability_deterrence)[:, :, None]
    return table


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
    cumulative[:, -1] = np.inf
    u = state.draw("hub.family", hub.block)
    owner = np.argmax(cumulative[:, None, :] > u[:, :, None], axis=-1)
    hub.family[:, block], hub.place[:, block] = owner, picks.places(owner, family.shape[1])
    hub.log_quality[:, block] = p.innovation.quality_sd * stratified_normal(state, hub.block)
    hub.poisoned[:, block] = poisoned_at_birth(state, hub.family[:, block])
    hub.downloads[:, block] = 0
    hub.weight[:, block] = real / hub.block
    code = of_regime(state.regimes, "code_openness", state.labs.open_regime)
    hub.permissive[:, block] = hub.weight[:, block] * (picks.rows(code, hub.family[:, block]) >= OPEN)
    hub.born[block] = clock.month
    state.flows.values["derivatives"] = real


def poisoned_at_birth(state: State, family: INT) -> F32:
    """Share of each new row that is poisoned: some uploads are bad in themselves, others inherit from their family.

    Shape ``(member, row)``; `family` is that of the new rows.
    """
    hub, p = state.artefacts, state.parameters.innovation
    slots = state.labs.active.shape[1]
    known = hub.weight * hub.downloads
    total = picks.counted(hub.place, known, state.members, slots)
    bad = picks.counted(hub.place, known * hub.poisoned, state.members, slots)
    among = np.divide(bad, total, out=np.zeros_like(bad), where=total > 0).astype(np.float32)
    fresh = state.draw("hub.poisoned", hub.block) < p.poisoned_share * CAMPAIGN
    return innovation.poisoned_share(fresh.astype(np.float32) / CAMPAIGN, picks.rows(among, family), p)


CAMPAIGN = np.float32(10)
"""Poisoned uploads come in campaigns: a tenth of a row at once, ten times as seldom."""


def stratified_normal(state: State, n: int) -> F32:
    """Normals whose order is random and whose quantiles are even: one in each n-th part of the distribution."""
    u = state.draw("hub.quality", n)
    place = (np.arange(n, dtype=np.float32)[None, :] + u) / n
    # The last of these can round to one, whose quantile is infinite.
    return np.asarray(ndtri(np.minimum(place.astype(np.float32), BELOW_ONE)), np.float32)


BELOW_ONE = np.nextafter(np.float32(1), np.float32(0))


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
