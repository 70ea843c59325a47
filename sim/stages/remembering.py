"""What the months before the first one left behind: a hub of derivatives that people already download."""

from __future__ import annotations

import numpy as np

from sim.stages.building import download, publish_derivatives
from sim.state import State


def remember(state: State) -> None:
    """Fill the artefact table with the derivatives of the months that its window covers before the start.

    Builders on open weights innovate at their basic rate, evenly over the developers whose weights are out, and less
    the longer ago.
    """
    labs, p, flows = state.labs, state.parameters, state.flows.values
    window = len(state.artefacts.born) // state.artefacts.block
    out = (labs.open_capability > 0).astype(np.float32)
    each = out / np.maximum(np.add.reduce(out, axis=1, keepdims=True), 1)
    builders = np.float32(state.builders.base.shape[1])
    rate = p.innovation.enabled * p.innovation.rate_per_month * p.initial.builders_open_before * builders
    for month in range(-window, 0):
        state.clock.month = month
        flows["innovation_by_family"] = np.asarray(
            each * rate * np.exp2(month / p.initial.derivatives_doubling_months), np.float32
        )
        publish_derivatives(state)
        download(state)
    state.clock.month = 0
    flows.clear()
