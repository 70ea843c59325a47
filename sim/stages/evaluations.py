"""Evaluations that policies wait for: how dangerous the frontier is, and how much of that is still exposed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from sim import state as st
from sim.kernels import defence
from sim.state import State

F32 = NDArray[np.float32]


class Observed(SimpleNamespace):
    """Last month's public record as the policies of some members see it; `exposed_danger` is worked out when asked."""

    def __init__(self, state: State, start: int, stop: int) -> None:
        public = state.public
        super().__init__(
            dangerous_capability=public.dangerous_capability[start:stop, 0],
            incidents=public.incidents[start:stop, 0],
            frontier=public.frontier[start:stop, 0],
            open_best=public.open_best[start:stop, 0],
            reported=public.reported[start:stop],
        )
        self._state, self._rows = state, slice(start, stop)

    @property
    def exposed_danger(self) -> F32:
        """Largest margin over domains that is still exposed at the frontier, OOM ``(member,)``."""
        return exposed_danger(self._state)[self._rows]


def exposed_danger(state: State) -> F32:
    """Capability of the frontier above the threshold of a domain of which nothing has closed the holes yet, in OOM.

    The mean over classes of defenders, the largest over domains; ``(member,)``.
    """
    known = state.flows.values
    if "exposed_danger" not in known:
        people, p = state.defenders, state.parameters
        lower = np.float32(st.FIRST_SLICE) + np.arange(st.SLICES, dtype=np.float32) * np.float32(st.SLICE)
        upper = lower + np.float32(st.SLICE)
        top = np.minimum(upper, state.public.frontier)[:, None, :]
        within = np.maximum(top - np.maximum(lower, p.misuse.uplift_threshold[:, :, None]), 0)
        left = defence.exposed_margin(people.unpatched, within, people.class_exposure, p.defence)
        known["exposed_danger"] = np.maximum.reduce(left, axis=1)
    return np.asarray(known["exposed_danger"], np.float32)
