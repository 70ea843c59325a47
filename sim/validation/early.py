"""History from January 2020: open and unreleased shares of years to which no parameter was fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.validation.history import Record, histories

F64 = NDArray[np.float64]

SCENARIO = "hindcast_2020"
FIRST, YEARS = 2020, 3
"""First year, and how many: later ones are fitted to."""
TOLERANCE = 0.10
"""Of the source for each year."""
OBSERVED: dict[str, tuple[str, tuple[float, ...], str]] = {
    "open_release_share": ("Open share of releases", (0.56, 0.53, 0.45), "B13"),
    "unreleased_share": ("Unreleased share of flagships", (0.42, 0.36, 0.40), "B15"),
}
"""Outcome: label, what was observed in each year, fact."""


class YearEnds:
    """Outcomes of `OBSERVED` at the end of each year, ``(member, outcome, year)``; they look back twelve months."""

    def __call__(self, record: Record) -> F64:
        """Return the table."""
        ends = np.arange(1, YEARS + 1) * 12 - 1
        return np.stack([record.monthly[name][:, ends] for name in OBSERVED], axis=1)


def early_rows(draws: int | Mapping[str, Any], replicates: int, seed: int, workers: int = 1) -> list[dict[str, Any]]:
    """Each outcome and year with what was observed, what the model gives, and whether the median agrees."""
    found = np.concatenate(histories(YearEnds(), YEARS, replicates, draws, seed, workers, scenario=SCENARIO))
    rows = []
    for i, (label, observed, fact) in enumerate(OBSERVED.values()):
        for j, target in enumerate(observed):
            low, middle, high = (float(q) for q in np.quantile(found[:, i, j], [0.05, 0.5, 0.95]))
            rows.append(
                {
                    "label": f"{label}, {FIRST + j}",
                    "target": target,
                    "median": middle,
                    "interval90": [low, high],
                    "agrees": abs(middle - target) <= TOLERANCE,
                    "fact": fact,
                }
            )
    return rows
