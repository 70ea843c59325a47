"""What the law permits: rules and licences that bind models."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actors.labs import of_members
from sim.axes import DOMAINS
from sim.duties import on_developers, on_some
from sim.exemptions import relief
from sim.kernels import release
from sim.regimes import OPEN
from sim.state import State

F32 = NDArray[np.float32]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

BIO = DOMAINS.index("bio")


def lawful(state: State, member: INT, lab: INT, level: F32, flop: F32, offset: F32) -> BOOL:
    """Regimes that the rules binding some models permit, ``(event, size, regime)``."""
    choosable = state.regimes.choosable
    if "forbidden_above" not in state.levers.moved:  # then whatever can be chosen is permitted at any level
        return release.permitted(level[:, :, None], np.full((1, 1, len(choosable), 1), np.inf, np.float32), choosable)
    floor = state.parameters.misuse.uplift_threshold[member][:, None, :]
    metrics = measures(flop, level, level - state.public.frontier[member], level[:, :, None] + offset - floor)
    return release.permitted(metrics, on_some(state, "forbidden_above", member, lab)[:, None], choosable)


def licensed(state: State, member: INT, lab: INT, level: F32, flop: F32) -> BOOL:
    """Regimes that the licences binding some models admit, ``(event, size, regime)``; all where none is needed.

    Exemptions of open weights loosen a licence for regimes that publish them. The closest regime is admitted always: it
    leaves nothing unguarded and beyond recall.
    """
    if "licence_strictness" not in state.levers.moved:
        return np.ones((*flop.shape, len(state.regimes.ids)), bool)
    covered = flop >= on_some(state, "licence_above_log10_flop", member, lab)[:, None]
    strictness = (on_some(state, "licence_strictness", member, lab)[:, None] * covered)[:, :, None]
    exempt = relief(state, "licence_strictness", "licence_exemption", member, lab, flop)[:, :, None]
    row = {name: state.regimes[name][member] for name in ("safeguard_persistence", "revocability", "weights_access")}
    left = strictness * (1 - exempt * (row["weights_access"] >= OPEN)[:, None, :])
    return release.licensed(level, left, row, of_members(state.parameters.release, member))


def measures(flop: F32, level: F32, distance: F32, margins: F32) -> F32:
    """Models in each kind of threshold ``(…, kind)``; `margins` are those above the threshold of each domain."""
    return np.stack([flop, level, distance, np.maximum.reduce(margins, axis=-1), margins[..., BIO]], axis=-1)


def licensed_flagships(state: State, duty: str, weights: BOOL) -> F32:
    """How far each of this month's flagships comes under a duty of licences, ``(member, lab)``."""
    candidates = state.candidates
    assert candidates is not None
    flop = candidates.log10_flop[:, :, 0]
    if "licence_above_log10_flop" not in state.levers.moved:
        return np.zeros(flop.shape, np.float32)
    covered = (flop >= on_developers(state, "licence_above_log10_flop")).astype(np.float32)
    m, lab = np.nonzero(weights)
    covered[m, lab] *= 1 - relief(state, duty, "licence_exemption", m, lab, flop[m, lab])
    return covered
