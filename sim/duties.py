"""What binds whom: duties on developers hold at home and wherever they sell, the strictest first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS
from sim.levers import LEVERS
from sim.state import State

F32 = NDArray[np.float32]


def where_bound(state: State) -> NDArray[np.bool_]:
    """Jurisdictions whose rules bind each developer: home and every one where it sells; ``(member, lab, jurisdiction)``."""
    home = state.labs.jurisdiction[:, :, None] == np.arange(len(JURISDICTIONS))
    return np.asarray(state.labs.sells | home)


def on_developers(state: State, name: str) -> F32:
    """A lever as it binds each developer, ``(member, lab)``; for ``forbidden_above`` ``(member, lab, regime, kind)``.

    The strictest of the jurisdictions that bind: the smallest value of a lever that combines by the minimum, else the largest.
    """
    cache: dict[str, Any] = state.flows.values.setdefault("duties", {})
    if name not in cache:
        lever = LEVERS[name]
        value = state.levers[name][:, None]
        binds = where_bound(state)
        binds = binds.reshape(*binds.shape, *([1] * (value.ndim - 3)))
        strictest = np.minimum if lever.combine == "min" else np.maximum
        cache[name] = strictest.reduce(np.where(binds, value, np.float32(lever.neutral)), axis=2)
    return np.asarray(cache[name])


def on_world(state: State, name: str, weights: F32) -> F32:
    """A lever averaged over jurisdictions with `weights` ``(member, jurisdiction)``; ``(member, 1)``."""
    total = np.add.reduce(weights, axis=-1, keepdims=True)
    return np.asarray(np.add.reduce(state.levers[name] * weights, axis=-1, keepdims=True) / total)
