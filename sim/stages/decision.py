"""Everybody observes last month; then developers and regulators decide, together, before anything happens."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.actors.labs import LabView
from sim.actors.regulators import RegulatorView
from sim.axes import JURISDICTIONS
from sim.kernels import enforcement
from sim.kernels.choice import RECORDS
from sim.roster import Roster
from sim.state import State


def observe(state: State) -> None:
    """Regulators form salience from what was reported some months ago, each with its own lag and noise."""
    p, regulators = state.parameters.enforcement, state.regulators
    regulators.reports = np.concatenate([state.public.reported[:, :, None], regulators.reports[:, :, :-1]], axis=2)
    reported = regulators.reports.take(_reached(p, regulators.reports.shape))
    noise = state.normal("regulator.observation", len(JURISDICTIONS))
    regulators.salience = enforcement.salience_step(regulators.salience, reported, np.ones_like(noise), noise, p)


@lru_cache(maxsize=RECORDS)
def _reached(p: enforcement.Parameters, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Flat place of the reports that reach each regulator in an array of this shape, ``(member, jurisdiction)``."""
    lag = np.rint(p.observation_lag).astype(np.int64) - 1
    start = np.arange(0, np.prod(shape), shape[2]).reshape(shape[:2])
    return np.asarray(start + np.clip(lag, 0, shape[2] - 1))


def decide(state: State, roster: Roster) -> None:
    """Developers decide safety effort, price and budget; regulators decide stringency."""
    effort, price, budget = state.labs.effort.copy(), state.labs.price.copy(), state.labs.budget_usd.copy()
    for lab, columns in roster.labs:
        view = LabView(state, columns)
        effort[:, columns], price[:, columns], budget[:, columns] = lab.effort(view), lab.price(view), lab.budget(view)
    stringency = state.regulators.stringency.copy()
    for regulator, columns in roster.regulators:
        stringency[:, columns] = regulator.stringency(RegulatorView(state, columns))
    active = state.labs.active
    state.labs.effort = np.where(active, effort, state.labs.effort)
    state.labs.price = np.where(active, price, state.labs.price)
    state.labs.budget_usd = np.where(active, budget, np.float32(0))
    state.regulators.stringency = stringency
