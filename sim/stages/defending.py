"""Defenders patch, adopt tools, invest; outside evaluators find flaws, and fixes spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.actors.defenders import InvestmentView
from sim.axes import DOMAINS
from sim.duties import on_developers, on_world
from sim.kernels import defence, oversight, picks
from sim.populations import CLASSES, class_parts
from sim.roster import Roster
from sim.stages.training import OPEN
from sim.state import State, of_regime

F32 = NDArray[np.float32]


def defend(state: State, roster: Roster) -> None:
    """One month of defence."""
    capability = access(state)
    adopt_tools(state, capability)
    invest(state, roster)
    patch(state, capability)
    protect(state)


def access(state: State) -> F32:
    """Best model that each class of defenders may use, in OOM, ``(member, class)``."""
    labs, p, table = state.labs, state.parameters.defence, state.seen["defence"]
    jurisdiction, _, own = class_parts()
    out = (of_regime(table, "weights_access", labs.open_regime) >= OPEN) & (of_regime(table, "local_inference", labs.open_regime) >= OPEN)
    weights = np.maximum.reduce(np.where(out, labs.open_capability, np.float32(0)), axis=1, keepdims=True)
    served = labs.active & (of_regime(table, "api_access", labs.regime) >= OPEN)
    here = served[:, :, None] & labs.sells
    interface = np.maximum.reduce(np.where(here, labs.capability[:, :, None], np.float32(0)), axis=1)[:, jurisdiction]
    hosted = np.where(state.levers["hosting_ban"][:, jurisdiction] < OPEN, weights, np.float32(0))
    through = np.maximum(interface - p.api_refusal, hosted)
    state.defenders.capability = np.where(own[None, :] == 1, weights, through)
    return state.defenders.capability


def adopt_tools(state: State, capability: F32) -> None:
    """Tools come gradually from the best model that this defender may use, and from what open innovation leaves behind."""
    people, p = state.defenders, state.parameters
    domain, group = people.domain, people.group
    commons = p.innovation.safety_tools_share * state.flows.values["innovation_by_family"]
    commons = np.add.reduce(commons, axis=1, keepdims=True) / np.maximum(np.add.reduce(state.builders.made, axis=1, keepdims=True), 1) * 12
    _, _, own = class_parts()
    gain = 1 + p.defence.self_hosting_gain * own[None, :]
    people.tools = defence.tool_step(
        people.tools,
        capability[:, group],
        p.misuse.uplift_threshold[:, domain],
        commons,
        p.defence,
        (p.defence.tool_per_oom[:, domain] * gain[:, group]).astype(np.float32),
        p.defence.tool_cap[:, domain],
    )


def invest(state: State, roster: Roster) -> None:
    """Defenders buy protection against the losses that they know of."""
    people = state.defenders
    jurisdiction, _, _ = class_parts()
    subsidy = state.levers["defender_subsidy"][:, jurisdiction][:, people.group]
    losses = np.maximum(state.public.loss_ratio, 1)[:, people.domain]
    view = InvestmentView(people.invested, losses, people.budget * (1 + subsidy), state.public.information, state.parameters)
    people.invested = roster.defenders.invest(view)


def patch(state: State, capability: F32) -> None:
    """Every class patches the slices of capability that it can use a model for; a head start brings slices forward."""
    people, p = state.defenders, state.parameters.defence
    jurisdiction, _, own = class_parts()
    upper = np.float32(st.FIRST_SLICE + st.SLICE) + np.arange(st.SLICES, dtype=np.float32) * np.float32(st.SLICE)
    month = state.clock.month + st.HISTORY
    growth = np.maximum(state.public.frontier_history[:, month - 1] - state.public.frontier_history[:, month - 13], 0) / 12
    lead = state.levers["defender_head_start_months"][:, jurisdiction] * growth[:, None]
    share = state.levers["head_start_share"][:, jurisdiction]
    ahead = np.maximum(capability, np.where(share > 0, state.public.frontier, np.float32(0))) + lead
    usable = np.clip((capability[:, :, None] - upper) / np.float32(st.SLICE) + 1, 0, 1)
    early = np.clip((ahead[:, :, None] - upper) / np.float32(st.SLICE) + 1, 0, 1)
    reach = usable + (early - usable) * share[:, :, None]
    effort = people.budget * (1 + p.patch_effort_gain * people.invested)
    cells = people.domain * CLASSES + people.group
    total = picks.grouped(np.broadcast_to(cells, effort.shape), people.exposure * effort, len(DOMAINS) * CLASSES)
    speed = total.reshape(-1, len(DOMAINS), CLASSES).astype(np.float32)
    mandate = 1 + state.levers["patch_mandate"][:, jurisdiction]
    speed = speed * (mandate * (1 + p.self_hosting_gain * own[None, :]))[:, None, :]
    people.unpatched = defence.patched(people.unpatched, reach[:, None], speed.astype(np.float32), p)


def protect(state: State) -> None:
    """Protection that an attacker meets in each class: success is averaged over exposure, so the weak count for more."""
    people = state.defenders
    jurisdiction, _, _ = class_parts()
    left = people.exposure * np.exp(-(people.tools + people.invested))
    cells = people.domain * CLASSES + people.group
    mean = picks.grouped(np.broadcast_to(cells, left.shape), left, len(DOMAINS) * CLASSES).reshape(-1, len(DOMAINS), CLASSES)
    public = state.levers["resilience"][:, jurisdiction]
    people.protection = (-np.log(np.where(mean > 0, mean, 1)).astype(np.float32) + public[:, None, :]).astype(np.float32)


def oversee(state: State) -> None:
    """Outside evaluators find flaws with the access they have; fixes reach interfaces at once and open weights slowly."""
    labs, p, table = state.labs, state.parameters.oversight, state.seen["oversight"]
    given = of_regime(table, "audit_access", labs.regime)
    access = np.maximum(given, np.maximum(on_developers(state, "researcher_access"), on_developers(state, "audit_access")))
    documents = np.maximum(of_regime(table, "research_openness", labs.regime), on_developers(state, "transparency_floor"))
    weights = of_regime(table, "weights_access", labs.regime)
    evaluators = 1 + on_world(state, "red_team_funding", state.parameters.initial.exposure_share)
    eyes = state.flows.values["builders_by_family"] * state.parameters.channels.oversight
    new = oversight.found(labs.flaws_hidden * labs.active, access, documents, evaluators, eyes, p)
    labs.flaws_hidden = labs.flaws_hidden - new
    labs.flaws_known, fixed = oversight.resolve(labs.flaws_known, new, weights, p)
    open_found = np.add.reduce(new * weights, axis=1, keepdims=True)
    open_fixed = np.add.reduce(fixed * weights, axis=1, keepdims=True)
    state.knowledge.attacks = oversight.attack_knowledge_step(state.knowledge.attacks, open_found, open_fixed, p)
    state.flows.values["findings"] = np.add.reduce(new, axis=1, keepdims=True)
