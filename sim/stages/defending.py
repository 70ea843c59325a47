"""Defenders patch, adopt tools, invest; outside evaluators find flaws, and fixes spread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.actors.defenders import InvestmentView
from sim.axes import DOMAINS
from sim.duties import on_classes, on_developers, on_world
from sim.kernels import defence, misuse, oversight, picks
from sim.populations import CLASSES, class_parts
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.roster import Roster
from sim.stages.head_starts import grown
from sim.stages.routes import by_domain
from sim.state import State

F32 = NDArray[np.float32]

MONTHS = np.float32(12)
"""Months of a year."""


def defend(state: State, roster: Roster) -> None:
    """One month of defence."""
    capability = access(state)
    adopt_tools(state, capability)
    invest(state, roster)
    patch(state, capability)
    protect(state)


def access(state: State) -> F32:
    """Best model in each domain that each class of defenders may use, in OOM, ``(member, domain, class)``.

    Like those who attack them, defenders take the model that is best in the domain.
    """
    labs, p, table = state.labs, state.parameters.defence, state.seen["defence"]
    jurisdiction, _, own = class_parts()
    out = np.logical_and.reduce(table.of_rows(labs.open_regime, ("weights_access", "local_inference")) >= OPEN)
    weights = np.maximum.reduce(by_domain(labs.open_reach) * out[:, None], axis=2)[:, :, None]
    served = labs.active & (of_regime(table, "api_access", labs.regime) >= OPEN)
    here = served[:, None] & labs.sells.swapaxes(1, 2).copy()
    level = labs.capability[:, None] + by_domain(labs.offset)
    best = np.maximum.reduce(np.where(here[:, None], level[:, :, None], np.float32(0)), axis=3)
    interface = best[:, :, jurisdiction] - p.api_refusal[:, :, None]
    hosted = np.where(on_classes(state, "hosting_ban")[:, None] < OPEN, weights, np.float32(0))
    state.defenders.capability = np.where(own == 1, weights, np.maximum(interface, hosted))
    return state.defenders.capability


def own_gain(state: State) -> F32:
    """Factor on patching and tools of classes that run their own models, ``(member, class)``.

    As far as the best open model can be fine-tuned.
    """
    labs = state.labs
    best = np.argmax(labs.open_capability, axis=1)[:, None]
    tunable = picks.rows(of_regime(state.seen["defence"], "fine_tuning", labs.open_regime), best)
    _, _, own = class_parts()
    return 1 + state.parameters.defence.self_hosting_gain * tunable * own.astype(np.float32)


def adopt_tools(state: State, capability: F32) -> None:
    """Tools come gradually from the best model that this defender may use, and from what open innovation leaves
    behind.
    """
    people, p = state.defenders, state.parameters
    shared = p.innovation.safety_tools_share * state.flows.values["innovation_by_family"]
    made = np.maximum(state.builders.all_made, 1)
    commons = np.asarray(np.add.reduce(shared, axis=1, keepdims=True) / made * MONTHS, np.float32)
    gain, threshold = own_gain(state), p.misuse.uplift_threshold
    target = defence.tool_target(capability, gain, threshold, commons, p.defence)
    people.tools = defence.tool_step(people.tools, target.take(people.place), p.defence)


def invest(state: State, roster: Roster) -> None:
    """Defenders buy protection against the losses that they know of."""
    people = state.defenders
    budget = people.budget
    if "defender_subsidy" in state.levers.moved:
        budget = budget * (1 + on_classes(state, "defender_subsidy").take(people.group, axis=1))
    losses, reached = state.public.loss_ratio, state.flows.values["reached"]
    gained = np.where(people.met > 0, np.maximum(reached - people.met, 0), np.float32(0))
    people.met = np.maximum(people.met, reached)
    known = state.public.information
    view = InvestmentView(people.invested, losses, people.domain, people.home, budget, known, gained, state.parameters)
    people.invested = roster.defenders.invest(view)


def patch(state: State, capability: F32) -> None:
    """Every class patches the slices of capability that it can use a model for; a head start brings slices forward."""
    people, p = state.defenders, state.parameters.defence
    vetted = "head_start_share" in state.levers.moved
    ahead = _with_head_start(state, capability) if vetted else capability
    # Slices above everybody's reach stay as they are.
    slices = misuse.slices_reached(ahead, st.FIRST_SLICE, st.SLICE, st.SLICES)
    reach = _within(capability, slices)
    if vetted:
        reach = reach + (_within(ahead, slices) - reach) * on_classes(state, "head_start_share")[:, None, :, None]
    speed = _by_cell(state, people.exposure * people.budget * (1 + p.patch_effort_gain * people.invested))
    mandate = 1 + on_classes(state, "patch_mandate")
    helped = 1 + on_classes(state, "defender_subsidy")
    speed = speed * (mandate * helped * own_gain(state))[:, None, :]
    people.unpatched[..., :slices] = defence.patched(people.unpatched[..., :slices], reach, speed, p)


def _with_head_start(state: State, capability: F32) -> F32:
    """Best model that vetted defenders may use, ``(member, domain, class)``: of what is to come, too."""
    public = state.public
    lead = on_classes(state, "defender_head_start_months") * grown(public.frontier_history, state.clock.month)[:, None]
    frontier = public.frontier * (on_classes(state, "head_start_share") > 0)
    return np.asarray(np.maximum(capability, frontier[:, None]) + lead[:, None])


def _within(level: F32, slices: int) -> F32:
    """Part of each slice up to a level ``(member, domain, class)``; ``(member, domain, class, slice)``."""
    upper = np.float32(st.FIRST_SLICE + st.SLICE) + np.arange(slices, dtype=np.float32) * np.float32(st.SLICE)
    part = np.clip((level - upper[:, None, None, None]) / np.float32(st.SLICE) + 1, 0, 1)
    return np.asarray(part.transpose(1, 2, -1, 0), np.float32)


def _by_cell(state: State, amounts: F32) -> F32:
    """Sum over the defenders of each domain and class, ``(member, domain, class)``."""
    total = picks.counted(state.defenders.place, amounts, len(amounts), len(DOMAINS) * CLASSES)
    return total.reshape(-1, len(DOMAINS), CLASSES).astype(np.float32)


def protect(state: State) -> None:
    """Protection that an attacker meets in each class: success is averaged over exposure, so the weak count for
    more.
    """
    people = state.defenders
    mean = _by_cell(state, people.exposure * np.exp(-(people.tools + people.invested)))
    public = on_classes(state, "resilience")
    people.protection = -np.log(np.where(mean > 0, mean, np.float32(1))) + public[:, None, :]


def oversee(state: State) -> None:
    """Outside evaluators find flaws with the access they have; fixes reach interfaces at once and open weights
    slowly.
    """
    labs, p, table = state.labs, state.parameters.oversight, state.seen["oversight"]
    given, published, weights = table.of_rows(labs.regime, ("audit_access", "research_openness", "weights_access"))
    access = np.maximum(
        given, np.maximum(on_developers(state, "researcher_access"), on_developers(state, "audit_access"))
    )
    documents = np.maximum(published, on_developers(state, "transparency_floor"))
    funded = on_world(state, "red_team_funding", state.parameters.initial.exposure_share)
    evaluators = 1 + funded + on_developers(state, "bug_bounty")
    outside = p
    if "evaluator_independence" in state.levers.moved:
        gained = (1 - p.independence) * on_developers(state, "evaluator_independence")
        outside = replace(p, independence=p.independence + gained)
    eyes = state.flows.values["builders_by_family"] * state.parameters.channels.oversight
    hidden = labs.flaws_hidden * labs.active
    new = oversight.found(hidden, access, documents, evaluators, eyes, outside)
    known = new
    if "internal_audit" in state.levers.moved:
        # A developer's own auditors see everything, but are not independent.
        everything, nobody = np.ones_like(access), np.zeros_like(eyes)
        own = on_developers(state, "internal_audit")
        known = new + oversight.found(hidden - new, everything, everything, own, nobody, p)
    labs.flaws_hidden = labs.flaws_hidden - known
    labs.flaws_known, fixed = oversight.resolve(labs.flaws_known, known, weights, p)
    open_found = np.add.reduce(new * weights, axis=1, keepdims=True)
    open_fixed = np.add.reduce(fixed * weights, axis=1, keepdims=True)
    state.knowledge.attacks = oversight.attack_knowledge_step(state.knowledge.attacks, open_found, open_fixed, p)
    state.flows.values["findings"] = np.add.reduce(new, axis=1, keepdims=True)
