"""The recorder: what is kept of every month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import OUTCOMES, harms, hub, measures, places, releases
from sim.state import State

F64 = NDArray[np.float64]


class Recorder:
    """Monthly outcomes of a batch, ``(member, month)`` float64 each, and the breakdowns behind figures.

    Parameters
    ----------
    members, months : int
    details : bool
        Whether to keep breakdowns too.
    """

    def __init__(self, members: int, months: int, *, details: bool = True) -> None:
        self._table = np.empty((len(OUTCOMES), members, months))
        self.monthly: dict[str, F64] = dict(zip(OUTCOMES, self._table, strict=True))
        self.months, self.keep_details = months, details
        self.details: dict[str, NDArray[np.float32]] = {}

    def record(self, state: State) -> None:
        """Measure the month that has just ended."""
        month = state.clock.month
        values: dict[str, F64] = {}
        for measure in MEASURES:
            values.update(measure(state))
        values["innovation_index"] = innovation_index(state, values)
        everything = np.concatenate([values[name] for name in OUTCOMES])
        self._table[:, :, month] = everything.reshape(len(OUTCOMES), -1)
        if self.keep_details:
            for name, detail in breakdowns(state).items():
                kept = self.details.setdefault(
                    name, np.zeros((len(detail), self.months, *detail.shape[1:]), np.float32)
                )
                kept[:, month] = detail


def innovation_index(state: State, values: dict[str, F64]) -> F64:
    """Geometric mean, times 100, of two quantities that no policy scales.

    The innovation rate over that of builders on a fully open frontier model in January 2023, and a year's consumer
    surplus over a year's demand at the reference price.
    """
    rate = values["innovation_rate"] / measures.column(state.parameters.innovation.rate_per_month)
    surplus = 12 * values["consumer_surplus"] / measures.total(state.flows.values["demand_usd"])
    return np.asarray(100 * np.sqrt(np.maximum(rate * surplus, 0)))


MEASURES = (
    measures.innovation,
    measures.market_structure,
    measures.openness,
    releases.releases,
    hub.downloads,
    measures.lags,
    measures.governance,
    harms.harm,
    harms.resilience,
    harms.catastrophe,
    places.surplus,
    places.generations,
)
"""Everything that measures the state of a finished month."""


def breakdowns(state: State) -> dict[str, NDArray[np.float64] | NDArray[np.float32]]:
    """Breakdowns of the month; the axes after the member are in `DETAIL_AXES`."""
    ranked = np.sort(state.public.use_share, axis=1)[:, ::-1]
    top = ranked[:, :3]
    rest = np.add.reduce(ranked[:, 3:], axis=1, keepdims=True)
    return {
        "harm_by_domain_route": harms.by_route(state),
        "harm_channels": harms.channels(state),
        "lab_shares": np.concatenate([top, rest], axis=1),
    }


DETAIL_AXES = {"harm_by_domain_route": ("domain", "route"), "harm_channels": ("channel",), "lab_shares": ("lab",)}
"""Axes of breakdowns after the month."""
LAB_RANKS = ("leader", "second", "third", "all others")
"""Labels of the axis ``lab``: developers by rank of use in the month."""
