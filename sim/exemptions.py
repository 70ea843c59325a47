"""Exemptions of open weights from duties on developers, jurisdiction by jurisdiction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.duties import where_bound
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]

CEILING = "exemption_below_log10_flop"
"""Lever below whose value of training compute exemptions hold."""


def relief(state: State, duty: str, exemption: str, member: INT, lab: INT, log10_flop: F32) -> F32:
    """Share of a duty that developers are relieved of for open weights, ``(event, …)``.

    A jurisdiction exempts from its own duty only, so what is left is the strictest of what each leaves.

    Parameters
    ----------
    duty, exemption : str
        Names of levers; the duty must change nothing at 0.
    member, lab : ndarray ``(event,)``
        Who.
    log10_flop : ndarray ``(event, …)``
        Training compute of the models.
    """
    if not _applies(state, duty, exemption):
        return np.zeros(log10_flop.shape, np.float32)
    value, freed = state.levers[duty], state.levers[exemption]
    wide = (len(member), *([1] * (log10_flop.ndim - 1)), value.shape[1])
    value = np.where(where_bound(state)[member, lab], value[member], np.float32(0)).reshape(wide)
    covered = log10_flop[..., None] < state.levers[CEILING][member].reshape(wide)
    left = np.maximum.reduce(value * (1 - freed[member].reshape(wide) * covered), axis=-1)
    full = np.maximum.reduce(value, axis=-1)
    whole = np.ones(log10_flop.shape, np.float32)
    return np.asarray(1 - np.divide(left, full, out=whole, where=full > 0), np.float32)


def relief_of_flagships(state: State, duty: str, exemption: str) -> F32:
    """The same for every developer by the training compute of its flagship, ``(member, lab)``."""
    labs = state.labs
    if not _applies(state, duty, exemption):
        return np.zeros(labs.active.shape, np.float32)
    member, lab = np.indices(labs.active.shape).reshape(2, -1)
    flat = relief(state, duty, exemption, member, lab, labs.log10_flop.reshape(-1))
    return flat.reshape(labs.active.shape)


def _applies(state: State, duty: str, exemption: str) -> bool:
    """Whether there is a duty and an exemption anywhere in the batch."""
    levers = state.levers
    return exemption in levers.moved and bool((levers[exemption] > 0).any()) and bool((levers[duty] > 0).any())
