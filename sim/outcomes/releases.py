"""Outcomes measured on the ledger of releases, as observers count them: shares by openness and scale, and contents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.axes import PERMISSIVE
from sim.kernels.picks import rows
from sim.outcomes.measures import YEAR, ratio, total
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.stages.trading import LEAST_SERVED
from sim.state import State

F64 = NDArray[np.float64]

FLOORS = (("", 0.0), ("_1e23", 23.0), ("_1e25", 25.0))
"""Scales from which open shares of releases are counted, log10 FLOP."""
LARGE_BY_START = 24.0
"""Scale, log10 FLOP, from which no share is counted while nothing has been released."""
DESCRIBED = ("release_components", "release_documentation", "release_safeguards")
OF_MODELS = ("weights_access", "code_openness", "research_openness", "safeguard_persistence")


def releases(state: State) -> dict[str, F64]:
    """Open shares of the releases of the last twelve months; before the first, of the developers in business."""
    ledger, labs, table, now = state.ledger, state.labs, state.regimes, state.clock.month
    window = _recent(state)
    recent = (ledger.month[:, window] > now - YEAR) & (ledger.month[:, window] >= 0)
    is_open = recent & (ledger.open_month[:, window] >= 0)
    flagship = recent & (ledger.size[:, window] == 0)
    hidden = flagship & ~is_open & (of_regime(table, "api_access", ledger.regime[:, window]) <= LEAST_SERVED)
    large = [recent & (ledger.log10_flop[:, window] >= floor) for _, floor in FLOORS]
    # Numbers of rows are exact in any order, so all are counted in one call.
    counts = counted(recent, flagship, hidden, *large, *(rows_large & is_open for rows_large in large))
    every, flagships, unseen, number, opened = counts[0], counts[1], counts[2], counts[3:6], counts[6:9]
    weights = of_regime(table, "weights_access", labs.regime) >= OPEN
    served = of_regime(table, "api_access", labs.regime) > LEAST_SERVED
    firms, with_weights, without_service = counted(labs.active, weights & labs.active, ~served & labs.active)
    out = {"models_per_year": every * YEAR / min(now + 1, YEAR)}
    before, unserved = ratio(with_weights, firms), ratio(without_service, firms)
    for place, (suffix, floor) in enumerate(FLOORS):
        start = before if floor < LARGE_BY_START else np.zeros_like(before)
        out[f"open_release_share{suffix}"] = np.where(number[place] > 0, ratio(opened[place], number[place]), start)
    out["unreleased_share"] = np.where(flagships > 0, ratio(unseen, flagships), unserved)
    out["leaked_releases"] = counted(ledger.leaked[:, : window.stop])[0]
    return {**out, **contents(state, recent, window)}


def contents(state: State, recent: NDArray[np.bool_], window: slice) -> dict[str, F64]:
    """What came with the releases `recent` in the columns `window`, on average; before the first, with the models of
    developers in business.
    """
    ledger, labs, table = state.ledger, state.labs, state.regimes
    number, permissive = counted(recent, recent & (ledger.licence[:, window] == PERMISSIVE))
    described = np.empty((len(DESCRIBED), *recent.shape), np.float32)
    described[0] = np.bitwise_count(ledger.components[:, window])
    described[1], described[2] = ledger.documentation[:, window], ledger.safeguard[:, window]
    described *= recent
    # In double precision these sums are exact, so that they do not depend on how many columns a batch looks at.
    sums = np.add.reduce(described, axis=2, dtype=np.float64)
    out = {name: ratio(summed, number) for name, summed in zip(DESCRIBED, sums, strict=True)}
    out["permissive_release_share"] = ratio(permissive, number)
    if (number > 0).all():
        return out
    weights, code, research, safeguards = table.of_rows(labs.regime, OF_MODELS)
    current = {
        "release_components": np.bitwise_count(rows(state.components, labs.regime)),
        "permissive_release_share": (weights >= OPEN) & (code >= OPEN),
        "release_documentation": research,
        "release_safeguards": safeguards,
    }
    firms = counted(labs.active)[0]
    return {name: np.where(number > 0, out[name], ratio(total(x * labs.active), firms)) for name, x in current.items()}


def counted(*masks: NDArray[np.bool_]) -> F64:
    """Number of columns where each of the masks ``(member, column)`` holds, ``(mask, member)``."""
    return np.asarray(np.add.reduce(np.stack(masks), axis=2, dtype=np.int16), np.float64)


def _recent(state: State) -> slice:
    """Columns of the ledger that hold every release of the last twelve months, in any member."""
    ledger = state.ledger
    filled = max(int(ledger.count.max(initial=0)), 1)
    recent = np.logical_or.reduce(ledger.month[:, :filled] > state.clock.month - YEAR, axis=0)
    return slice(int(np.argmax(recent)), filled)
