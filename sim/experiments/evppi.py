"""Expected value of partial perfect information: what knowing one assumption would be worth to a choice of policy.

Utilities of policies in the same futures are regressed on one assumption at a time, as Strong, Oakley and Brennan
(2014, Medical Decision Making 34) do; here on natural cubic splines, whose size leaving one out chooses. The value of
knowing the assumption is the mean over futures of the best conditional mean, less the best mean. Permuting futures
says how large a value chance alone gives to the luckiest of all assumptions (the maximum of Westfall and Young 1993).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

F64 = NDArray[np.float64]
KNOTS = ((), (0.5,), (0.25, 0.75))
"""Quantiles of the knots that each larger spline adds to the two ends; the spaces are nested: 1, 2 and 4 columns."""
FEWEST = 20
"""Fewest futures for a regression."""


@dataclass(frozen=True)
class Basis:
    """Orthonormal columns for one assumption, without the constant.

    Attributes
    ----------
    columns : ndarray (futures, size)
    sizes : tuple of int
        Numbers of leading columns that make a model to choose from, the empty one first.
    """

    columns: F64
    sizes: tuple[int, ...]


def basis(values: NDArray[np.generic]) -> Basis:
    """Return the regressors of an assumption: nested natural splines of numbers, one column a category of text.

    Parameters
    ----------
    values : ndarray (futures,)
    """
    if values.dtype.kind in "fiu":
        x = position(values)
        blocks = [_natural(x, KNOTS[: i + 1]) for i in range(len(KNOTS))] if np.ptp(x) > 0 else []
    else:
        blocks = [np.stack([values == name for name in np.unique(values)[1:]], axis=1, dtype=np.float64)]
    columns = np.empty((len(values), 0))
    sizes = [0]
    for block in blocks:
        columns = _extended(columns, block)
        if columns.shape[1] > sizes[-1]:
            sizes.append(columns.shape[1])
    return Basis(columns, tuple(sizes))


def position(values: NDArray[np.generic]) -> F64:
    """Return numbers on the scale on which they are regressed: logarithms where those are less skewed."""
    x = np.asarray(values, np.float64)
    if not x.size or x.min() <= 0 or np.ptp(x) == 0:
        return x
    logarithm = np.log(x)
    return logarithm if _skewness(logarithm) < _skewness(x) else x


def _skewness(x: F64) -> float:
    centred = x - x.mean()
    spread = float(np.mean(centred**2))
    return abs(float(np.mean(centred**3))) / float(spread**1.5)


def _natural(x: F64, knots: tuple[tuple[float, ...], ...]) -> F64:
    """Natural cubic splines: linear beyond the outer knots (Hastie, Tibshirani and Friedman 2009, section 5.2.1)."""
    z = (x - x.min()) / np.ptp(x)
    places = np.unique(np.quantile(z, [0.0, 1.0, *(q for added in knots for q in added)]))
    last, before = places[-1], places[-2]

    def part(knot: float) -> F64:
        cubic: F64 = (np.maximum(z - knot, 0) ** 3 - np.maximum(z - last, 0) ** 3) / (last - knot)
        return cubic

    return np.stack([z, *(part(knot) - part(before) for knot in places[:-2])], axis=1)


def _extended(columns: F64, block: F64) -> F64:
    """Orthonormal columns with those directions added that a block has and they lack."""
    centred = block - block.mean(axis=0)
    rest = centred - columns @ (columns.T @ centred)
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    scale = float(np.linalg.norm(centred)) or 1.0
    return np.concatenate([columns, left[:, sizes > 1e-8 * scale]], axis=1)


def fitted(regressors: Basis, gains: F64) -> tuple[F64, int]:
    """Return conditional means of gaps, and the size of the model that leaving one future out prefers.

    Parameters
    ----------
    regressors : Basis
    gains : ndarray (policies, futures)
        Utilities.

    Returns
    -------
    ndarray (policies, futures), int
        Utility beyond that of the first policy, given the assumption.
    """
    found, sizes = _fits(regressors, (gains - gains[:1])[:, None, :])
    return found[:, 0], int(sizes[0])


def _fits(regressors: Basis, gaps: F64) -> tuple[F64, NDArray[np.int64]]:
    """Conditional means of gaps ``(policies, copies, futures)``, and the size chosen for each copy."""
    columns, futures = regressors.columns, gaps.shape[-1]
    means = gaps.mean(axis=-1, keepdims=True)
    centred = gaps - means
    spread = np.maximum(centred.var(axis=-1), 1e-300)
    weights = centred @ columns
    leverage = np.concatenate([np.zeros((futures, 1)), np.cumsum(columns**2, axis=1)], axis=1) + 1 / futures
    best, chosen = np.full(gaps.shape[1], np.inf), np.zeros(gaps.shape[1], np.int64)
    found = np.zeros_like(gaps)
    for size in regressors.sizes:
        fit = weights[..., :size] @ columns[:, :size].T
        left_out = ((centred - fit) / np.maximum(1 - leverage[:, size], 1e-9)) ** 2
        error = (left_out.mean(axis=-1) / spread).sum(axis=0)
        better = error < best * (1 - 1e-12)
        best, chosen = np.where(better, error, best), np.where(better, size, chosen)
        found = np.where(better[None, :, None], fit, found)
    return found + means, chosen


def value(conditional: F64) -> F64:
    """Mean of the best less the best mean, over the last axis.

    Parameters
    ----------
    conditional : ndarray (policies, ..., futures)
        Conditional means of the policies.

    Returns
    -------
    ndarray (...)
        Never negative.
    """
    worth: F64 = conditional.max(axis=0).mean(axis=-1) - conditional.mean(axis=-1).max(axis=0)
    return np.maximum(worth, 0.0)


@dataclass(frozen=True)
class Information:
    """What knowing each assumption is worth.

    Attributes
    ----------
    worth : dict of str to float
        Expected value of partial perfect information, in units of utility.
    chance : dict of str to float
        How often the luckiest of all assumptions would be worth as much if none mattered (a p-value over all).
    floor : float
        What the luckiest is worth in 95 of 100 such cases.
    everything : float
        Expected value of knowing every assumption; an upper bound, since chance within futures counts as knowledge.
    """

    worth: dict[str, float]
    chance: dict[str, float]
    floor: float
    everything: float


def information(
    gains: F64, assumptions: Mapping[str, NDArray[np.generic]], permutations: int = 200, seed: int = 1
) -> Information:
    """Work out what knowing each assumption is worth.

    Parameters
    ----------
    gains : ndarray (policies, futures)
        Utility of each policy in each future; futures must be a sample of what is believed.
    assumptions : mapping of str to ndarray (futures,)
        Values of what is not known; text for choices.
    permutations : int
        Reshuffled copies from which chance is judged.
    seed : int
        Of the shuffles.

    Raises
    ------
    InputError
        With fewer than two policies or `FEWEST` futures, or utilities that are not finite.
    """
    checked(gains)
    rng = np.random.default_rng(seed)
    gaps = gains - gains[:1]
    shuffles = np.stack([rng.permutation(gains.shape[1]) for _ in range(permutations)])
    copies = np.concatenate([gaps[:, None, :], gaps[:, shuffles]], axis=1)
    worth: dict[str, float] = {}
    luckiest = np.zeros(permutations)
    for name, values in assumptions.items():
        found = value(_fits(basis(values), copies)[0])
        worth[name] = float(found[0])
        luckiest = np.maximum(luckiest, found[1:])
    chance = {name: float((1 + np.count_nonzero(luckiest >= v)) / (1 + permutations)) for name, v in worth.items()}
    return Information(worth, chance, float(np.quantile(luckiest, 0.95)), float(value(gains)))


def checked(gains: F64) -> None:
    """Refuse utilities from which nothing can be learnt."""
    policies, futures = gains.shape
    if policies < 2:
        raise InputError("policies", "there is only one, so nothing to choose.", "Name two or more.")
    if futures < FEWEST:
        raise InputError("futures", f"{futures} are too few.", f"Sweep {FEWEST} draws or more; 256 are better.")
    if not np.isfinite(gains).all():
        problem = f"{np.count_nonzero(~np.isfinite(gains))} utilities are not finite."
        raise InputError("futures", problem, "Leave such outcomes out.")


def explained(
    outputs: F64, assumptions: Mapping[str, NDArray[np.generic]], seed: int = 1, permutations: int = 100
) -> tuple[dict[str, float], float]:
    """Share of the variance of an output that each assumption explains alone: its first-order index, by regression.

    Parameters
    ----------
    outputs : ndarray (futures,)
    assumptions : mapping of str to ndarray (futures,)
    seed, permutations : int
        Of the shuffles.

    Returns
    -------
    dict of str to float, float
        Shares, and what the luckiest assumption gets in 95 of 100 cases in which none matters.
    """
    rng = np.random.default_rng(seed)
    shuffles = np.stack([rng.permutation(len(outputs)) for _ in range(permutations)])
    copies = np.concatenate([outputs[None], outputs[shuffles]])[None]
    shares: dict[str, float] = {}
    luckiest = np.zeros(permutations)
    for name, values in assumptions.items():
        found = _fits(basis(values), copies)[0][0].var(axis=-1) / outputs.var()
        shares[name] = float(found[0])
        luckiest = np.maximum(luckiest, found[1:])
    return shares, float(np.quantile(luckiest, 0.95))
