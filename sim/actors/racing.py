"""Safety effort that published races ask for: what developers head for when a scenario selects a rival form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.kernels import capability, races, safety
from sim.kernels.choice import exp10

if TYPE_CHECKING:
    from sim.actors.labs import LabView

F32 = NDArray[np.float32]

FEWEST_RIVALS = np.float32(1)
"""Races are between two at least."""


def wanted_effort(view: LabView) -> F32:
    """Share of effort that the selected form asks for, ``(member, column)``."""
    form = view.parameters.safety.form
    if form in (safety.TRADEOFF, safety.TRADEOFF_WINNER):
        return _tradeoff(view)
    return _strategies(view) if form == safety.STRATEGIES else _armstrong(view)


def _rivals(view: LabView) -> F32:
    there = np.add.reduce(view.public.capability > 0, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(there - 1)


def _armstrong(view: LabView) -> F32:
    """Safety in the race of Armstrong, Bostrom & Shulman, capability being closeness to the frontier."""
    p, public = view.parameters.safety, view.public
    own = p.race_scale * capability.position(view.own("capability"), public.frontier)
    everyone = p.race_scale * np.sort(capability.position(public.capability, public.frontier), axis=1)
    best, second = everyone[:, -1:], everyone[:, -2:-1]
    lead = np.asarray(own - np.where(own >= best, second, best), np.float32)
    return safety.race_effort(own, lead, np.maximum(_rivals(view), 0), p)


def _tradeoff(view: LabView) -> F32:
    """Share of inputs spent on safety: levies make inputs dearer, liability adds to the cost of a disaster."""
    p = view.parameters.safety
    rivals = np.maximum(_rivals(view), FEWEST_RIVALS)
    levies, liabilities = view.lever("compute_price_factor"), view.lever("liability_developer")
    columns = [
        races.tradeoff_equilibrium(
            rivals,
            p.tradeoff_safety,
            p.tradeoff_performance,
            p.tradeoff_safety_returns,
            p.tradeoff_performance_returns,
            p.tradeoff_coupling,
            p.tradeoff_disaster + liabilities[:, [column]],
            p.tradeoff_price * exp10(levies[:, [column]]),
            p.form == safety.TRADEOFF_WINNER,
        )[2]
        for column in range(levies.shape[1])
    ]
    return np.concatenate(columns, axis=1).astype(np.float32)


def _strategies(view: LabView) -> F32:
    """Time that a population of developers spends with strategies that begin safe.

    Pursuers level with the leader shorten the race as they sharpen the contest of the default form; a developer that
    pays for harm counts on it as if disasters were likelier.
    """
    p, slots = view.parameters.safety, view.public.effort.shape[1]
    close = view.public.closeness * view.parameters.channels.safety
    population = np.maximum(_rivals(view), FEWEST_RIVALS) + 1
    liabilities = view.lever("liability_developer")
    columns = []
    for column in range(liabilities.shape[1]):
        payoff = races.race_payoffs(
            p.strategy_benefit,
            p.strategy_cost,
            p.strategy_prize,
            p.strategy_rounds / (1 + p.openness_pressure * close),
            p.strategy_speed,
            np.minimum(p.strategy_risk * (1 + liabilities[:, [column]]), 1),
        )
        shares = races.stationary_shares(payoff, population, p.strategy_selection, slots)
        columns.append(shares[:, [races.SAFE]] + shares[:, [races.CONDITIONAL]])
    return np.concatenate(columns, axis=1).astype(np.float32)
