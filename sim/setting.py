"""What a batch runs under and does not change: the records of all kernels, and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.kernels import (
    capability,
    catastrophe,
    defence,
    enforcement,
    innovation,
    market,
    misuse,
    oversight,
    release,
    safety,
    security,
)

if TYPE_CHECKING:
    from sim import channels
    from sim.initial import table


@dataclass(frozen=True, eq=False)
class Parameters:
    """One frozen record of columns per kernel, and those of the world at month 0 and of channels."""

    capability: capability.Parameters
    release: release.Parameters
    safety: safety.Parameters
    security: security.Parameters
    market: market.Parameters
    innovation: innovation.Parameters
    oversight: oversight.Parameters
    misuse: misuse.Parameters
    defence: defence.Parameters
    catastrophe: catastrophe.Parameters
    enforcement: enforcement.Parameters
    initial: table.Parameters
    channels: channels.Parameters


@dataclass
class Clock:
    """Where the run stands: `month` since the start, `start` in absolute months (year · 12 + month − 1)."""

    start: int
    months: int
    month: int = 0

    @property
    def absolute(self) -> int:
        """Absolute month."""
        return self.start + self.month

    @property
    def year(self) -> float:
        """Calendar year with fraction."""
        return self.absolute / 12

    @property
    def years(self) -> float:
        """Years since the start."""
        return self.month / 12
