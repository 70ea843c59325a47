"""Channels: switches that let a kernel see what a regime is, or show it an ordinary interface instead."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.regime_table import RegimeTable

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)`` of 0 or 1; see ``sim/parameters/channels.toml``."""

    release: F32
    capability: F32
    security: F32
    market: F32
    innovation: F32
    oversight: F32
    misuse: F32
    defence: F32
    enforcement: F32
    safety: F32
    catastrophe: F32


def seen(regimes: RegimeTable, p: Parameters) -> dict[str, RegimeTable]:
    """The table of regimes as each kernel sees it."""
    return {field.name: regimes.seen(getattr(p, field.name)) for field in fields(p)}
