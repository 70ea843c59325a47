"""What binds whom: duties on developers hold at home and wherever they sell, the strictest first."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS
from sim.levers import LEVERS
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

PLACES = np.arange(len(JURISDICTIONS))


def where_bound(state: State) -> NDArray[np.bool_]:
    """Jurisdictions whose rules bind each developer: home and every one where it sells.

    Shape ``(member, lab, jurisdiction)``.
    """
    home = state.labs.jurisdiction[:, :, None] == PLACES
    return np.asarray(state.labs.sells | home)


def on_developers(state: State, name: str) -> F32:
    """A lever as it binds each developer, ``(member, lab)``; for ``forbidden_above`` ``(member, lab, regime, kind)``.

    The strictest of the jurisdictions that bind: the smallest value of a lever that combines by the minimum, else the
    largest. Worked out once a month; nobody may write into it.
    """
    known = _known(state)
    if name not in known:
        value = state.levers[name]
        if _is_neutral(state, name):
            known[name] = _neutral(name, (*state.labs.active.shape, *value.shape[2:]))
        else:
            known[name] = _strictest(name, value[:, None], _bound(state))
    return cast(F32, known[name])


def on_some(state: State, name: str, member: INT, lab: INT) -> F32:
    """The same for some developers only, ``(event, …)``."""
    known = _known(state)
    if name in known or _is_neutral(state, name):
        return np.asarray(on_developers(state, name)[member, lab])
    return _strictest(name, state.levers[name][member], _bound(state)[member, lab])


def on_world(state: State, name: str, weights: F32) -> F32:
    """A lever averaged over jurisdictions with `weights` ``(member, jurisdiction)``; ``(member, 1)``."""
    total = np.add.reduce(weights, axis=-1, keepdims=True)
    return np.asarray(np.add.reduce(state.levers[name] * weights, axis=-1, keepdims=True) / total)


def _known(state: State) -> dict[str, Any]:
    """What has been worked out this month: flows are emptied at the start of each."""
    flows = cast(dict[str, Any], state.flows.values)
    return cast(dict[str, Any], flows.setdefault("duties", {}))


def _bound(state: State) -> NDArray[np.bool_]:
    known = _known(state)
    if "bound" not in known:
        known["bound"] = where_bound(state)
    return cast(NDArray[np.bool_], known["bound"])


def _is_neutral(state: State, name: str) -> bool:
    """Whether a lever changes nothing anywhere in the batch."""
    return not bool((state.levers[name] != np.float32(LEVERS[name].neutral)).any())


def _strictest(name: str, value: F32, binds: NDArray[np.bool_]) -> F32:
    """Reduce `value` ``(…, jurisdiction, …)`` over the jurisdictions in `binds` ``(…, jurisdiction)``."""
    lever, axis = LEVERS[name], binds.ndim - 1
    binds = binds.reshape(*binds.shape, *([1] * (value.ndim - binds.ndim)))
    strictest = np.minimum if lever.combine == "min" else np.maximum
    return cast(F32, strictest.reduce(np.where(binds, value, np.float32(lever.neutral)), axis=axis))


@lru_cache(maxsize=256)
def _neutral(name: str, shape: tuple[int, ...]) -> F32:
    full = np.full(shape, LEVERS[name].neutral, np.float32)
    full.flags.writeable = False
    return full
