"""Decisions of defenders: how much protection to buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels import defence
from sim.setting import Parameters

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


@dataclass(frozen=True)
class InvestmentView:
    """What defenders see when they decide on protection; columns are defenders.

    Attributes
    ----------
    invested : ndarray ``(member, defender)``
        Protection bought so far, in log-odds.
    loss_ratio : ndarray ``(member, domain)``
        Losses per exposure in each domain over those at the start, as they are known.
    domain : ndarray of int64 ``(defender,)``
        In which each defender is attacked.
    home : ndarray of int64 ``(member, defender)``
        Flat place of each defender's domain and jurisdiction in tables ``(member, domain, jurisdiction)``.
    budget : ndarray ``(member, defender)``
        Budget relative to need, subsidies included.
    information : ndarray ``(member, domain, jurisdiction)``
        Share of losses that is known.
    gained : ndarray ``(member, domain)``
        OOM by which the best model in attackers' reach has grown this month.
    parameters : Parameters
    """

    invested: F32
    loss_ratio: F32
    domain: INT
    home: INT
    budget: F32
    information: F32
    gained: F32
    parameters: Parameters


class DefenderDecisions:
    """How defenders decide; override to teach them something else."""

    def invest(self, view: InvestmentView) -> F32:
        """Protection bought, in log-odds, ``(member, defender)``."""
        p = view.parameters.defence
        spent = defence.spending(view.loss_ratio, view.information, p).take(view.home) * view.budget
        lost = defence.aged(view.gained, p).take(view.domain, axis=1)
        return defence.investment_step(view.invested, spent, lost, p)
