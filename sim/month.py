"""The month: the order in which everything happens, and nothing else."""

from __future__ import annotations

from sim.conservation import check
from sim.initial import world
from sim.members import Members
from sim.memory import keep_freed_memory
from sim.roster import Roster
from sim.stages.building import build
from sim.stages.decision import decide, observe
from sim.stages.defending import defend, oversee
from sim.stages.diffusion import diffuse
from sim.stages.enforcing import enforce, hazards
from sim.stages.founding import found
from sim.stages.misusing import misuse_month
from sim.stages.publishing import publish_record
from sim.stages.remembering import remember
from sim.stages.rules import set_levers
from sim.stages.trading import clear_market
from sim.stages.training import publish, train
from sim.state import State


def month(state: State, roster: Roster) -> None:
    """Take every member one month forward."""
    set_levers(state)
    observe(state)
    decide(state, roster)
    train(state)
    publish(state, roster)
    diffuse(state)
    clear_market(state)
    build(state, roster)
    found(state)
    misuse_month(state, roster)
    oversee(state)
    defend(state, roster)
    enforce(state)
    hazards(state)
    publish_record(state)
    check(state)


def begin(members: Members, rng: str = "hash") -> State:
    """The world at month 0, with what earlier months left behind."""
    keep_freed_memory()
    state = world(members, rng)
    remember(state)
    return state
