"""Builders with a model of their own become developers, where a slot is spare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.axes import BUSINESS_MODELS
from sim.duties import on_world
from sim.initial import SLOTS, usual_places
from sim.kernels import capability, innovation, market
from sim.populations import type_parts
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

MODELS = np.array([BUSINESS_MODELS.index(model) for model, *_ in SLOTS])
"""Business model of each slot; more slots repeat the list."""


def found(state: State) -> None:
    """At most one spare slot of each member fills, at the hazard of all founders together."""
    labs, p = state.labs, state.parameters
    spare = ~labs.active
    builders = np.float32(state.builders.base.shape[1])
    made = np.asarray(state.flows.values["innovation_rate"] / builders, np.float32)
    seen = np.where(p.channels.market > 0, state.public.open_best, np.float32(0))
    eased = p.market
    if "entry_support" in state.levers.moved:
        support = on_world(state, "entry_support", p.initial.exposure_share)
        eased = replace(eased, entry_rate=eased.entry_rate * (1 + support))
    ventures = innovation.ventures(made, p.innovation)
    open_use = state.public.open_use * p.channels.market
    hazard = market.entry_hazard(seen, state.public.frontier, open_use, ventures, eased)
    comes = np.logical_or.reduce(spare, axis=1) & (state.draw("market.entry", 1)[:, 0] < hazard[:, 0])
    state.flows.values["entries"] = comes[:, None].astype(np.int64)
    m = np.flatnonzero(comes)
    if len(m):
        unused = spare[m] & (labs.capability[m] == 0)
        _begin(state, m, np.argmax(np.where(np.logical_or.reduce(unused, axis=1)[:, None], unused, spare[m]), axis=1))


def founders(state: State, member: INT) -> INT:
    """Which builder founds in each of these members, ``(event,)``: the likelier the more it innovates."""
    rate = np.add.accumulate(state.flows.values["builder_rate"][member], axis=1, dtype=np.float64)
    u = state.uniforms.at("market.founder", state.clock.absolute, member, np.zeros_like(member))
    return np.asarray(np.argmax(rate > (u * rate[:, -1])[:, None], axis=1))


def _begin(state: State, m: INT, slot: INT) -> None:
    """Start a developer in slot `slot` of member `m` each ``(event,)``.

    It begins where its founder lives, from public knowledge or the best open model, with a budget of its own.
    """
    labs, p = state.labs, state.parameters
    _, _, places = type_parts()
    home = places[state.builders.type[founders(state, m)]]
    count = np.maximum(np.add.reduce(labs.active[m], axis=1).astype(np.float32), 1)
    rivals = np.add.reduce(np.where(labs.active[m], labs.budget_usd[m], np.float32(0)), axis=1)
    budget = np.maximum(rivals / count * p.market.entry_budget_share[m, 0], np.float32(1))
    halfway = np.full((state.members, 1), 0.5, np.float32)
    wait = np.rint(capability.training_interval(halfway, halfway, p.capability))[m, 0]
    nothing = np.zeros(len(m), np.float32)
    first = {
        "active": np.ones(len(m), bool),
        "business_model": MODELS[slot % len(MODELS)],
        "jurisdiction": home,
        "sells": usual_places(home),
        "knowledge": state.knowledge.public[m, home] - p.market.entry_knowledge_gap[m, 0],
        "budget_usd": budget,
        "cash_usd": budget * (1 + p.market.research_multiple[m, 0]) / 12 * p.initial.cash_months[m, 0],
        "capability": nothing,
        "log10_flop": nothing,
        "brand": nothing,
        "regime": np.zeros(len(m), np.int64),
        "next_run": state.clock.month + wait.astype(np.int64),
        "price": p.market.reference_price[m, 0],
    }
    for name, value in first.items():
        array = getattr(labs, name).copy()
        array[m, slot] = value
        setattr(labs, name, array)
