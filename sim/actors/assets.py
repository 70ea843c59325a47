"""Complementary assets that developers can use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.duties import on_developers
from sim.kernels.market import asset_at_hand
from sim.state import State

F32 = NDArray[np.float32]


def at_hand(state: State, name: str) -> F32:
    """A complementary asset that each developer can use, its own or by rules of access, ``(member, lab)``."""
    own: F32 = getattr(state.labs, name)
    if "complement_access" not in state.levers.moved:
        return own
    return asset_at_hand(own, getattr(state.public, f"best_{name}"), on_developers(state, "complement_access"))
