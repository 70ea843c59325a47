"""Checks after every month: shares sum to one, money adds up, nothing open is un-released, numbers stay finite."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.state import State

TOLERANCE = 1e-3  # relative, of single precision summed up


class ConservationError(AssertionError):
    """The state contradicts itself: a defect of the program, never of the input."""


def check(state: State) -> None:
    """Check the state of a finished month.

    Raises
    ------
    ConservationError
        Naming the month and what does not hold.
    """
    for name, holds in CHECKS.items():
        if not holds(state):
            raise ConservationError(f"month {state.clock.month}: {name}")


def shares_sum_to_one(state: State) -> bool:
    """Shares of use in every segment sum to one where anything is on offer."""
    total = np.add.reduce(state.market.share, axis=2)
    offered = np.logical_or.reduce(state.market.available, axis=1)[:, None]
    return _all((np.abs(total - 1) < TOLERANCE) | ~offered)


def money_is_accounted_for(state: State) -> bool:
    """What users have paid is what developers and hosts have received."""
    gap = np.abs(state.market.paid_in_usd - state.market.paid_out_usd)
    return _all(gap <= TOLERANCE * np.maximum(state.market.paid_in_usd, 1))


def open_stays_open(state: State) -> bool:
    """The open frontier never falls."""
    history = state.public.open_history
    here = state.clock.month + history.shape[1] - state.clock.months
    return _all(history[:, here] >= history[:, here - 1]) and _all(
        state.labs.stripped_reach <= state.labs.open_reach + TOLERANCE
    )


def ledger_is_in_order(state: State) -> bool:
    """Nobody opens what has not been released, and every row belongs to a developer."""
    ledger = state.ledger
    rows = int(ledger.count.max(initial=0))
    # Read without its sign the month of what has not opened, -1, is later than any other.
    opened, released = (months[:, :rows].view(np.uint64) for months in (ledger.open_month, ledger.month))
    return _all(opened >= released)


def numbers_are_finite(state: State) -> bool:
    """Capability, money and protection are finite."""
    arrays = (
        state.labs.capability,
        state.labs.cash_usd,
        state.labs.knowledge,
        state.defenders.protection,
        state.market.payments,
    )
    return all(_all(np.isfinite(array)) for array in arrays)


def types_are_kept(state: State) -> bool:
    """Real numbers of the state stay float32: a stray float64 would make a member's bits depend on its batch."""
    for group in (
        state.labs,
        state.market,
        state.knowledge,
        state.misusers,
        state.defenders,
        state.builders,
        state.artefacts,
        state.public,
    ):
        for name, array in vars(group).items():
            if type(array) is np.ndarray and array.dtype is DOUBLE and name not in SUMS:
                return False
    return True


DOUBLE = np.dtype(np.float64)


SUMS = ("paid_in_usd", "paid_out_usd", "skills")
"""Running sums, which are float64 on purpose."""


def _all(holds: NDArray[np.bool_]) -> bool:
    return bool(np.logical_and.reduce(holds, axis=None))


CHECKS: dict[str, Callable[[State], bool]] = {
    "shares of use do not sum to one": shares_sum_to_one,
    "payments and receipts differ": money_is_accounted_for,
    "something open was un-released": open_stays_open,
    "the ledger is out of order": ledger_is_in_order,
    "a number is not finite": numbers_are_finite,
    "a number is not float32": types_are_kept,
}
