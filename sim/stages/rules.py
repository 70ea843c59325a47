"""Policies set levers; regulators' stringency is combined with them once a month."""

from __future__ import annotations

import numpy as np

from sim import policies
from sim.levers import Levers, stack
from sim.stages.evaluations import Observed
from sim.state import State


def set_levers(state: State) -> None:
    """Fold the policies of every scenario into the levers in force this month."""
    state.flows.values.clear()
    rows = len(state.regimes.ids)
    parts = []
    for (scenario, start, stop), memory in zip(state.groups, state.memory, strict=True):
        seen = Observed(state, start, stop)
        parts.append(
            policies.fold(scenario.policies, stop - start, state.regimes.ids, seen, state.clock.absolute, memory)
        )
    everywhere = policies.neutral(state.members, rows)
    state.levers = under_stringency(stack(parts, everywhere), state)
    assert state.levers["forbidden_above"].shape[2] == rows


def under_stringency(levers: Levers, state: State) -> Levers:
    """Levers with what regulators' own stringency adds: audits, reports, identity checks and their cost."""
    p, stringency = state.parameters.enforcement, state.regulators.stringency
    return levers.replace(
        {
            "audit_rate": levers["audit_rate"] + stringency * p.stringency_audit,
            "incident_reporting": np.maximum(levers["incident_reporting"], stringency * p.stringency_reporting),
            "know_your_customer": np.maximum(levers["know_your_customer"], stringency * p.stringency_customers),
            "compliance_cost": levers["compliance_cost"] + stringency * p.stringency_compliance,
        }
    )
