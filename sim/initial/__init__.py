"""The world at month 0, for any start date."""

from __future__ import annotations

import numpy as np

from sim import channels, populations
from sim import state as st
from sim.axes import JURISDICTIONS
from sim.initial import labs, record
from sim.initial.labs import SLOTS, homes, usual_places
from sim.initial.record import NARROWEST_INTERVAL
from sim.initial.table import KNOWLEDGE_YEAR, Parameters, parameters, reference_frontier
from sim.levers import Levers
from sim.members import Members
from sim.openness import component_masks
from sim.setting import Clock
from sim.streams import Uniforms

__all__ = [
    "NARROWEST_INTERVAL",
    "SLOTS",
    "Parameters",
    "homes",
    "parameters",
    "reference_frontier",
    "usual_places",
    "world",
]


LONGEST_LAG = 24
"""Months for which reports are kept for regulators; no lag of observation is longer."""


def world(members: Members, rng: str = "hash") -> st.State:
    """Build the state of a batch at month 0."""
    p = parameters(members)
    scenario = members.scenario[0]
    size = scenario.population
    regimes = members.regimes()
    clock = Clock(scenario.start, scenario.months)
    uniforms = Uniforms(members.keys, rng=rng)
    first = labs.labs(size.labs, size.slots, clock, uniforms, regimes, p)
    groups = members.groups()
    state = st.State(
        clock=clock,
        parameters=p,
        regimes=regimes,
        seen=channels.seen(regimes, p.channels),
        components=component_masks(regimes),
        uniforms=uniforms,
        levers=Levers.neutral(len(members), len(regimes.ids)),
        groups=groups,
        memory=[{} for _ in groups],
        labs=first,
        ledger=record.ledger(len(members), size.slots, clock.months),
        market=record.market(first, p),
        knowledge=record.knowledge(first, p),
        misusers=populations.misusers(size.misusers, clock.start / 12 - KNOWLEDGE_YEAR, p),
        defenders=populations.defenders(size.defenders, labs.frontiers(first), p),
        builders=populations.builders(size.builders, 2 * size.slots, p),
        artefacts=record.artefacts(len(members), size.slots),
        regulators=st.Regulators(
            p.enforcement.stringency_initial.copy(),
            np.zeros_like(p.enforcement.stringency_initial),
            np.zeros((len(members), len(JURISDICTIONS), LONGEST_LAG + 1), np.float32),
        ),
        public=record.public(first, clock, p),
        catastrophe={name: np.zeros(len(members)) for name in ("misuse", "accident", "correlated")},
    )
    return state
