"""Head starts of vetted defenders: how far ahead they are, and what that costs developers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.duties import on_developers
from sim.kernels import release
from sim.state import HISTORY, State

F32 = NDArray[np.float32]


def grown(history: F32, month: int) -> F32:
    """Growth a month of a public history over the year before `month`, ``(member,)``."""
    last = HISTORY + month - 1
    return np.asarray(np.maximum(history[:, last] - history[:, last - 12], 0) / 12)


def as_released(state: State, level: F32, flop: F32) -> tuple[F32, F32]:
    """Capability and log10 FLOP of what comes out now, older where vetted defenders had it first."""
    months = on_developers(state, "defender_head_start_months")
    if not months.any():
        return level, flop
    public, p, now = state.public, state.parameters.release, state.clock.month
    levels, flops = (grown(history, now)[:, None] for history in (public.frontier_history, public.flop_history))
    return level - release.held_back(months, levels, p), flop - release.held_back(months, flops, p)
