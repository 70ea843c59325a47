"""Where surplus arises, and how old the models are with which harm is done."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS, ROUTE_COLUMNS
from sim.outcomes.measures import total
from sim.stages.misusing import API, OPEN_WEIGHTS, STOLEN
from sim.stages.trading import LEAST_REACHED
from sim.state import State

F64 = NDArray[np.float64]

GENERATION = 1.0
"""Width of a generation of models in OOM: about what the frontier gains in a year."""


def surplus(state: State) -> dict[str, F64]:
    """Consumer surplus by home of users, whose wishes are alike but not what is offered where they live.

    That of a developer's own service falls to the jurisdictions where it is sold, that of hosted models to those where
    hosting is not banned, in proportion to their users; together they are all of it.
    """
    labs, offers, slots = state.labs, state.market, state.labs.active.shape[1]
    people = state.parameters.initial.exposure_share
    value = np.add.reduce(offers.share * offers.surplus_usd[:, :, None], axis=1)
    sold = labs.sells.transpose(2, 0, 1).copy()  # jurisdictions in front: sums over the few are slow when last
    reach = np.add.reduce(sold * people.T[:, :, None], axis=0)
    nowhere = reach <= LEAST_REACHED
    everybody = np.add.reduce(people, axis=1, keepdims=True)
    each = value[:, :slots] / np.where(nowhere, everybody, reach)
    hosted = 1 - np.minimum(state.levers["hosting_ban"], 1) + LEAST_REACHED
    rate = np.add.reduce(value[:, slots:], axis=1, keepdims=True)
    rate = rate / np.add.reduce(hosted * people, axis=1, keepdims=True)
    by_place = people * (np.add.reduce(each * (sold | nowhere), axis=2).T + rate * hosted)
    return {f"surplus_{place}": by_place[:, j].astype(np.float64) for j, place in enumerate(JURISDICTIONS)}


def generations(state: State) -> dict[str, F64]:
    """Harm done with AI beyond what would be done without, by whether the model is of the latest generation."""
    flows, stolen = state.flows.values, state.knowledge.stolen
    added = np.maximum(flows["harm_ai_by_column"], 0)
    level = np.zeros((*stolen.shape[::2], ROUTE_COLUMNS), np.float32)
    level[..., API], level[..., OPEN_WEIGHTS] = flows["level_api"], flows["level_open"]
    level[..., STOLEN:] = stolen.swapaxes(1, 2)
    latest = level > state.public.frontier[:, :, None] - np.float32(GENERATION)
    return {"harm_latest_models": total(added * latest), "harm_older_models": total(added * ~latest)}
