"""Decisions of builders: which base model to build on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels import innovation, picks
from sim.setting import Parameters

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


@dataclass(frozen=True)
class BaseView:
    """What builders who reconsider see.

    Attributes
    ----------
    utility : ndarray ``(member, row, option)``
        Utility of every base model to those types of builder that see any difference.
    member, row : ndarray ``(event,)``
        Whose event it is, and which row holds for that builder.
    uniforms : ndarray ``(event,)``
    parameters : Parameters
    """

    utility: F32
    member: INT
    row: INT
    uniforms: F32
    parameters: Parameters


class BuilderDecisions:
    """How builders decide; override to teach them something else."""

    def base(self, view: BaseView) -> INT:
        """Option of each event: a logit choice."""
        cumulative = innovation.cumulative_shares(view.utility)
        return picks.pick(
            cumulative.reshape(-1, cumulative.shape[2]), view.member * cumulative.shape[1] + view.row, view.uniforms
        )
