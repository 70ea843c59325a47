"""Published models of races and of research with spillovers, as sibling forms that a scenario can select.

Closed settings with few firms, solved within the month: they say what safety effort or research they ask for, and the
kernels of safety and capability move towards it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]

GRID = np.linspace(40, -40, 321)
"""Log safety that is looked through for a change of sign, from high to low."""
HALVINGS = 60
"""Steps of bisection: to the last bit of double precision."""
NOTHING = -1e30
"""Logarithm of nothing."""
TINY = np.float32(1e-30)
"""Keeps a logarithm finite."""
HALF_OF_NINE = 4.5
"""Profits of a Cournot duopoly are the square of the margin over nine; its derivative brings the two."""
REPLIES = 200
"""Rounds of damped best replies."""


def tradeoff_equilibrium(
    rivals: F32,
    safety_scale: F32,
    performance_scale: F32,
    safety_returns: F32,
    performance_returns: F32,
    coupling: F32,
    disaster: F32,
    price: F32,
    winner_only: bool,
) -> tuple[F32, F32, F32]:
    """Symmetric equilibrium of the safety–performance trade-off of Jensen, Emery-Xu & Trager (2023).

    Firms buy inputs at a price r: ``s = A X_s^α p^(−θ)``, ``p = B X_p^β``, the prize goes to i with ``p_i / Σ p``, and
    all is safe with ``∏ s / (1 + s)`` or with the winner's ``s / (1 + s)``. With S the safe probability and k = 1/n + d
    (or (1 + d)/n for the winner's alone), ``X_s = α S k / (r (1 + s))`` and
    ``X_p = β S [(n − 1)/n² − θ k / (1 + s)] / r``. Of the safety levels that solve both the largest is taken: the
    others are low-safety points at which more safety would pay.

    Parameters
    ----------
    rivals : ndarray ``(member, 1)``
        Number of firms but one's own, at least 1.
    safety_scale, performance_scale, safety_returns, performance_returns, coupling, disaster, price : ndarray
        A, B, α, β, θ, d and r, ``(member, 1)``.
    winner_only : bool
        Whether only the winner's safety counts.

    Returns
    -------
    tuple of ndarray ``(member, 1)``
        Safety s, performance p, and the share of inputs spent on safety; s is 0 where nothing solves both.
    """
    n = rivals + 1
    stake = (1 + disaster) / n if winner_only else 1 / n + disaster
    powers = 1 if winner_only else n

    def inputs(log_s: F32) -> tuple[F32, F32, F32]:
        """Logarithms of what is bought for safety and for performance, and whether any of the latter is."""
        s = np.exp(log_s)
        safe = powers * (log_s - np.log(1 + s)) - np.log(price)
        contest = (n - 1) / (n * n) - coupling * stake / (1 + s)
        secured = np.log(safety_returns * stake) + safe - np.log(1 + s)
        return secured, np.log(performance_returns * np.maximum(contest, TINY)) + safe, contest > 0

    def performed(log_bought: F32) -> F32:
        return np.asarray(np.log(performance_scale) + performance_returns * log_bought)

    def excess(log_s: F32) -> F32:
        """Log of the safety that these inputs give, less the safety assumed; negative above the largest solution."""
        secured, contested, there = inputs(log_s)
        found = np.log(safety_scale) + safety_returns * secured - coupling * performed(contested) - log_s
        return np.asarray(np.where(there, found, NOTHING))

    low, solved = _largest_root(excess, len(n), price.dtype)
    secured, contested, _ = inputs(low)
    found = np.exp(low), np.exp(np.minimum(performed(contested), GRID[0])), 1 / (1 + np.exp(contested - secured))
    safety, performance, share = (np.asarray(np.where(solved, x, 0), price.dtype) for x in found)
    return safety, performance, share


def _largest_root(excess: Callable[[F32], F32], members: int, kind: Any) -> tuple[F32, NDArray[np.bool_]]:
    """Largest place on the grid at which `excess` changes its sign from below, by bisection, and whether there is one.

    Both ``(member, 1)``.
    """
    grid = GRID.astype(kind)
    reached = excess(np.broadcast_to(grid, (members, len(grid)))) >= 0
    first = np.argmax(reached, axis=1)[:, None]
    low, high = grid[first], grid[np.maximum(first - 1, 0)]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = excess(middle) >= 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low, np.logical_or.reduce(reached, axis=1)[:, None]


SAFE, UNSAFE, CONDITIONAL = 0, 1, 2
"""Strategies of the race of Han et al.: always safe, always unsafe, safe first and then what the other did."""


def race_payoffs(benefit: F32, cost: F32, prize: F32, rounds: F32, speed: F32, risk: F32) -> F32:
    """Mean payoff a round of each strategy against each in the race of Han, Pereira, Santos & Lenaerts (2020).

    Two developers share a benefit b a round; safety costs c; who finishes `rounds` W first wins the prize B. Unsafe
    development is s times as fast, and loses everything with probability p_r.

    Returns
    -------
    ndarray ``(member, strategy, strategy)``
        Of the row against the column.
    """
    both_safe, both_unsafe = benefit / 2 - cost, benefit / 2
    safe_alone, unsafe_alone = benefit / (speed + 1) - cost, speed * benefit / (speed + 1)
    kept, last = 1 - risk, speed / rounds
    peace = both_safe + prize / (2 * rounds)
    war = kept * (last * prize / 2 + both_unsafe)
    answered = last * (safe_alone + (1 / last - 1) * both_unsafe)
    first = kept * (last * prize + last * (unsafe_alone + (1 / last - 1) * both_unsafe))
    rows = ((peace, safe_alone, peace), (kept * (last * prize + unsafe_alone), war, first), (peace, answered, peace))
    return np.stack([np.concatenate(row, axis=1) for row in rows], axis=1)


def takeover(payoff: F32, resident: int, mutant: int, population: F32, intensity: F32, most: int) -> F32:
    """Logarithm of the probability that a single mutant takes over a population of residents, ``(member, 1)``.

    Pairwise comparison with the Fermi probability (Traulsen et al. 2006):
    ``1 / (1 + Σ_i exp(−β Σ_{j ≤ i} (Π_mutant(j) − Π_resident(j))))``, in logarithms, since it may be very small.

    Parameters
    ----------
    payoff : ndarray ``(member, strategy, strategy)``
    resident, mutant : int
        Strategies.
    population, intensity : ndarray ``(member, 1)``
        Number of developers Z, at least 2, and intensity of selection β.
    most : int
        No population is larger; given, not measured, so that a member does not depend on its batch.
    """

    def pay(row: int, column: int) -> F32:
        return payoff[:, row, column][:, None]

    mutants = np.arange(1, most, dtype=payoff.dtype)[None, :]
    others = population - 1
    theirs = ((mutants - 1) * pay(mutant, mutant) + (population - mutants) * pay(mutant, resident)) / others
    ours = (mutants * pay(resident, mutant) + (others - mutants) * pay(resident, resident)) / others
    path = np.add.accumulate(-intensity * (theirs - ours), axis=1)
    path = np.where(mutants <= others, path, NOTHING)
    top = np.maximum(np.maximum.reduce(path, axis=1, keepdims=True), 0)
    total = np.add.reduce(np.exp(path - top), axis=1, keepdims=True) + np.exp(-top)
    return np.asarray(-(top + np.log(total)))


def stationary_shares(payoff: F32, population: F32, intensity: F32, most: int) -> F32:
    """Time that a population spends with each of three strategies when mutations are rare, ``(member, strategy)``.

    Each state weighs the sum over the trees that lead into it (Markov chain tree theorem). Parameters as in `takeover`.
    """

    def step(resident: int, mutant: int) -> F32:
        return takeover(payoff, resident, mutant, population, intensity, most)

    into = [
        np.concatenate([step(j, i) + step(k, i), step(k, i) + step(j, k), step(j, i) + step(k, j)], axis=1)
        for i, j, k in ((0, 1, 2), (1, 0, 2), (2, 0, 1))
    ]
    logs = np.stack(into, axis=1)
    top = np.maximum.reduce(np.maximum.reduce(logs, axis=2), axis=1)[:, None, None]
    weights = np.add.reduce(np.exp(logs - top), axis=2)
    return np.asarray(weights / np.add.reduce(weights, axis=1, keepdims=True))


def research_reply(rival: F32, spillover: F32, market: F32, cost: F32, joint: bool) -> F32:
    """Best research of one of two Cournot firms to that of the other, d'Aspremont & Jacquemin (1988).

    Demand ``a − b Q``, unit cost ``A − x_i − β x_j``, research at ``γ x² / 2``; in units in which b is one. Profit is
    ``[(a − A) + (2 − β) x_i + (2 β − 1) x_j]² / 9 − γ x_i² / 2``; joint research counts the rival's profit too.

    Parameters
    ----------
    rival, spillover, market, cost : ndarray ``(member, …)``
        x_j, β from 0 to 1, a − A, and b γ, large enough for a maximum (above 8/9).
    """
    own, cross = 2 - spillover, 2 * spillover - 1
    if joint:
        wanted = (own + cross) * market + 2 * own * cross * rival
        return np.asarray(wanted / (HALF_OF_NINE * cost - own * own - cross * cross))
    return np.asarray(own * (market + cross * rival) / (HALF_OF_NINE * cost - own * own))


def research_at_rest(spillover: F32, market: F32, cost: F32, joint: bool) -> F32:
    """Research of each of two equal firms where neither would do more or less: damped best replies, from none."""
    found: F32 = np.zeros_like(spillover)
    for _ in range(REPLIES):
        found = np.asarray((found + research_reply(found, spillover, market, cost, joint)) / 2, found.dtype)
    return np.asarray(found)
