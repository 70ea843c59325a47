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
    budget : ndarray ``(member, defender)``
        Budget relative to need, subsidies included.
    information : ndarray ``(member, 1)``
        Share of losses that is known.
    parameters : Parameters
    """

    invested: F32
    loss_ratio: F32
    domain: INT
    budget: F32
    information: F32
    parameters: Parameters


class DefenderDecisions:
    """How defenders decide; override to teach them something else."""

    def invest(self, view: InvestmentView) -> F32:
        """Protection bought, in log-odds, ``(member, defender)``."""
        return defence.investment_step(
            view.invested, view.loss_ratio, view.domain, view.budget, view.information, view.parameters.defence
        )
