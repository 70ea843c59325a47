"""Published models of popularity."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import innovation
from sim.validation.docking.records import Input, Published, one, reduced

STEP = 0.005
"""Growth of everything that has ever been downloaded in one step; the smaller, the closer to continuous growth."""
STEPS = 2400
"""Steps: twelve factors of e."""


def popularity_growth(new_item_share: float) -> dict[str, Any]:
    """Exponent of the density of sizes when growth is either a new item or goes to items in proportion to their size.

    An item has size one when it appears: nobody has downloaded it, and its weight is its size. All items of a step are
    one row; the exponent comes from the line through size and rank over the middle rows.
    """
    p = reduced(innovation.Parameters, popularity_exponent=1, discovery_decay=0)
    weight: Any = np.zeros((1, STEPS + 1))
    downloads: Any = np.zeros((1, STEPS + 1))
    # What was there before: as many items as a world of size one has, so that growth is even from the first step on.
    weight[0, 0], downloads[0, 0] = new_item_share, 1 / new_item_share - 1
    nothing: Any = np.zeros_like(weight)
    for step in range(STEPS):
        total = float(np.sum(weight * (1 + downloads))) * STEP
        copied = one((1 - new_item_share) * total)
        downloads = innovation.popularity_step(nothing, nothing, downloads, weight, copied, p)
        downloads *= weight > 0
        weight[0, step + 1] = new_item_share * total
    rank = np.cumsum(weight[0])
    middle = slice(STEPS // 4, 3 * STEPS // 4)
    slope = np.polyfit(np.log(1 + downloads[0, middle]), np.log(rank[middle]), 1)[0]
    return {"pdf_exponent": 1 - float(slope)}


MODELS = (
    Published(
        "popularity_growth", "Growth in proportion to size", "Simon 1955",
        "Downloads of artefacts of equal quality that never age, with linear attachment.",
        ("innovation.popularity_step",),
        (Input("new_item_share", "share of growth that is a new item", 0.001, 0.9, "share"),),
        popularity_growth,
    ),
)  # fmt: skip
