"""Decisions of regulators: how strict to be. They read reported harm, never harm itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import enforcement
from sim.setting import Parameters
from sim.state import Public, State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


class RegulatorView:
    """What the regulators of some columns may read."""

    def __init__(self, state: State, columns: INT | slice) -> None:
        self._state, self._columns = state, columns
        self.public: Public = state.public
        self.parameters: Parameters = state.parameters

    def own(self, name: str) -> F32:
        """An own state, ``(member, column)``; names are those of `sim.state.Regulators`."""
        return np.ascontiguousarray(getattr(self._state.regulators, name)[:, self._columns])

    def record(self) -> enforcement.Parameters:
        """The parameters of enforcement with those of each jurisdiction cut to the own columns."""
        p = self.parameters.enforcement
        if isinstance(self._columns, slice):  # all of them
            return p
        own = {name: np.ascontiguousarray(getattr(p, name)[:, self._columns]) for name in PER_JURISDICTION}
        return enforcement.Parameters(**{**vars(p), **own})


PER_JURISDICTION = ("salience_threshold", "response_speed", "reversal_speed", "stringency_initial", "capture")
"""Parameters that differ between jurisdictions."""


class RegulatorDecisions:
    """How regulators decide; override to teach one something else."""

    def stringency(self, view: RegulatorView) -> F32:
        """Stringency, 0 to 1, ``(member, column)``."""
        return enforcement.stringency_step(
            view.own("stringency"), view.own("salience"), view.public.concentration, view.record()
        )
