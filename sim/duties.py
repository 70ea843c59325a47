"""What binds whom: duties on developers hold at home and wherever they sell, the strictest first."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS
from sim.kernels.picks import rows
from sim.levers import LEVERS
from sim.populations import CLASSES, class_parts
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

PLACES = np.arange(len(JURISDICTIONS))
BITS = 1 << PLACES
"""Sets of jurisdictions are numbers of these bits."""
PLAIN = {name: lever for name, lever in LEVERS.items() if name != "forbidden_above"}
"""Levers with one value a jurisdiction."""


def where_bound(state: State) -> BOOL:
    """Jurisdictions whose rules bind each developer: home and every one where it sells.

    Shape ``(member, lab, jurisdiction)``, with jurisdictions first in memory: sums over a short last axis are slow.
    """
    return _bound(state).transpose(1, 2, 0)


def _bound_now(state: State) -> BOOL:
    """The same, ``(jurisdiction, member, lab)``."""
    home = state.labs.jurisdiction == PLACES[:, None, None]
    home |= np.ascontiguousarray(state.labs.sells.transpose(2, 0, 1))
    return np.asarray(home)


def on_developers(state: State, name: str) -> F32:
    """A lever as it binds each developer, ``(member, lab)``; for ``forbidden_above`` ``(member, lab, regime, kind)``.

    The strictest of the jurisdictions that bind: the smallest value of a lever that combines by the minimum, else the
    largest. Worked out once a month; nobody may write into it.
    """
    if name not in state.levers.moved:
        return _neutral(name, state.labs.active.shape + state.levers[name].shape[2:])
    known = _known(state)
    if name not in known:
        if name in PLAIN:
            known.update(_all_strictest(state))
        else:
            known[name] = _strictest(name, np.moveaxis(state.levers[name], 1, 0)[:, :, None], _bound(state))
    return cast(F32, known[name])


def on_some(state: State, name: str, member: INT, lab: INT) -> F32:
    """The same for some developers only, ``(event, …)``."""
    if name not in state.levers.moved:
        return _neutral(name, member.shape + state.levers[name].shape[2:])
    if name in PLAIN or name in _known(state):
        return np.asarray(on_developers(state, name)[member, lab])
    return _strictest(name, state.levers[name][member].swapaxes(0, 1), _bound(state)[:, member, lab])


def at_home(state: State, name: str) -> F32:
    """A lever of each developer's home only, ``(member, lab)``: what a state levies, lends or withholds at work."""
    if name not in state.levers.moved:
        return _neutral(name, state.labs.active.shape)
    return rows(state.levers[name], state.labs.jurisdiction)


def on_classes(state: State, name: str) -> F32:
    """A lever as it binds each class of defenders, by the jurisdiction where they are; ``(member, class)``."""
    if name not in state.levers.moved:
        return _neutral(name, (state.members, CLASSES))
    return state.levers[name].take(class_parts()[0], axis=1)


def on_world(state: State, name: str, weights: F32) -> F32:
    """A lever averaged over jurisdictions with `weights` ``(member, jurisdiction)``; ``(member, 1)``."""
    if name not in state.levers.moved:
        return _neutral(name, (len(weights), 1))
    total = np.add.reduce(weights, axis=-1, keepdims=True)
    return np.asarray(np.add.reduce(state.levers[name] * weights, axis=-1, keepdims=True) / total)


def _known(state: State) -> dict[str, Any]:
    """What has been worked out this month: flows are emptied at the start of each."""
    found = state.flows.values.get("duties")
    if found is None:
        found = state.flows.values["duties"] = {}  # type: ignore[assignment]
    return cast(dict[str, Any], found)


def _bound(state: State) -> BOOL:
    """Where developers are bound, ``(jurisdiction, member, lab)``; worked out anew when one has moved."""
    known, labs = _known(state), state.labs
    home, sells, _ = known.get("bound", (None, None, None))
    if home is not labs.jurisdiction or sells is not labs.sells:
        known["bound"] = (labs.jurisdiction, labs.sells, _bound_now(state))
    return cast(BOOL, known["bound"][2])


def _all_strictest(state: State) -> dict[str, F32]:
    """Every plain lever that is moved anywhere, as it binds each developer: together, to save calls.

    Worked out for every set of jurisdictions, since sets are fewer than developers.
    """
    found: dict[str, F32] = {}
    members, sets = state.members, 1 << len(PLACES)
    bound = BITS.dot(_bound(state).reshape(len(PLACES), -1)).reshape(members, -1)
    for strictest, names, neutral in _moved(state.levers.moved):
        values = np.array([state.levers[name] for name in names]).swapaxes(1, 2)
        of_sets = np.empty((len(names), sets, members), np.float32)
        of_sets[:, 0] = neutral
        for place, bit in enumerate(BITS.tolist()):  # sets with one more jurisdiction, from those without it
            strictest(of_sets[:, :bit], values[:, place, None], out=of_sets[:, bit : 2 * bit])
        taken = of_sets.reshape(len(names), -1).take(bound * members + np.arange(members)[:, None], axis=1)
        found.update(zip(names, taken, strict=True))
    return found


@lru_cache(maxsize=256)
def _moved(moved: frozenset[str]) -> list[tuple[np.ufunc, list[str], F32]]:
    """Plain levers among some, by what makes the strictest, with their neutral values ``(lever, 1)``."""
    found: list[tuple[np.ufunc, list[str], F32]] = []
    for strictest, by_minimum in ((np.minimum, True), (np.maximum, False)):
        names = [name for name in PLAIN if name in moved and (PLAIN[name].combine == "min") == by_minimum]
        if names:
            neutral = np.array([PLAIN[name].neutral for name in names], np.float32)
            found.append((strictest, names, neutral[:, None]))
    return found


def _strictest(name: str, value: F32, binds: BOOL) -> F32:
    """Reduce `value` ``(jurisdiction, …)`` over the jurisdictions in `binds`, whose axes are the first of `value`."""
    lever = LEVERS[name]
    binds = binds.reshape(*binds.shape, *([1] * (value.ndim - binds.ndim)))
    strictest = np.minimum if lever.combine == "min" else np.maximum
    return cast(F32, strictest.reduce(np.where(binds, value, np.float32(lever.neutral)), axis=0))


@lru_cache(maxsize=1024)
def _neutral(name: str, shape: tuple[int, ...]) -> F32:
    full = np.full(shape, LEVERS[name].neutral, np.float32)
    full.flags.writeable = False
    return full
