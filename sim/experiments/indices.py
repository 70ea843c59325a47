"""Indices of sensitivity from model outputs, by SALib, behind checks of what it takes without a word.

SALib answers zero for everything if one output is not a number, ignores a seed of 0, and does not know whether the
rows of a block were run on the same luck. Elementary effects are those of Morris (1991) with the absolute means of
Campolongo, Cariboni and Saltelli (2007); first-order and total indices are the estimators of Saltelli and others (2010)
and Jansen (1999); for the whole distribution, tails included, PAWN (Pianosi and Wagener 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

F64 = NDArray[np.float64]
RESAMPLES = 500
SLICES = 8
"""Slices of an assumption in PAWN."""
FEWEST_BLOCKS, FEWEST_TRAJECTORIES, FEWEST_CASES = 16, 4, 5 * SLICES


@dataclass(frozen=True)
class Effects:
    """Elementary effects over trajectories.

    Attributes
    ----------
    names : tuple of str
    mean, absolute, half_width, spread : ndarray (factors,)
        Mean effect of crossing the whole range of quantiles, mean absolute effect with the half-width of its 95 %
        interval, and standard deviation (large where effects are not linear or not additive).
    trajectories : int
    """

    names: tuple[str, ...]
    mean: F64
    absolute: F64
    half_width: F64
    spread: F64
    trajectories: int


@dataclass(frozen=True)
class Indices:
    """Shares of the variance of an output.

    Attributes
    ----------
    names : tuple of str
    first, total : ndarray (factors,)
        Share that an assumption explains alone, and with all its interactions.
    first_half, total_half : ndarray (factors,)
        Half-widths of their 95 % bootstrap intervals over blocks.
    total_of_half : ndarray (factors,)
        Total indices from the first half of the blocks, to see whether they have settled.
    blocks : int
    """

    names: tuple[str, ...]
    first: F64
    first_half: F64
    total: F64
    total_half: F64
    total_of_half: F64
    blocks: int

    @property
    def settled(self) -> bool:
        """Whether no total index moved by more than its half-width, or 0.05, when blocks doubled."""
        moved = np.abs(self.total - self.total_of_half)
        return bool((moved <= np.maximum(self.total_half, 0.05)).all())


def elementary_effects(values: F64, outputs: F64, names: Sequence[str], levels: int, seed: int = 1) -> Effects:
    """Summarise trajectories in which one factor after the other takes one step.

    Parameters
    ----------
    values : ndarray (trajectories, factors + 1, factors)
        Anything that grows with the quantile of a factor.
    outputs : ndarray (trajectories, factors + 1)
    names : sequence of str
    levels : int
        Of the grid of quantiles.
    seed : int
        Of the bootstrap, 1 or more.

    Raises
    ------
    InputError
        With outputs that are not finite or all alike, a seed of 0, or too few trajectories.
    """
    trajectories = _checked(outputs, names, seed, FEWEST_TRAJECTORIES, "trajectories")
    x = np.ascontiguousarray(values.reshape(-1, len(names)), np.float64)
    found = _salib("morris").analyze(
        _problem(names), x, outputs.ravel(), num_resamples=RESAMPLES, num_levels=levels, seed=seed
    )
    mean, absolute, half, spread = (_column(found, key) for key in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return Effects(tuple(names), mean, absolute, half, spread, trajectories)


def variance_indices(outputs: F64, names: Sequence[str], seed: int = 1) -> Indices:
    """Work out Sobol' indices from Saltelli's blocks.

    Parameters
    ----------
    outputs : ndarray (blocks, factors + 2)
        A, A with each factor from B in turn, B; the rows of a block on the same luck.
    names : sequence of str
    seed : int
        Of the bootstrap, 1 or more.

    Raises
    ------
    InputError
        If the number of blocks is no power of two or below 16, outputs are not finite or all alike, or the seed is 0.
    """
    blocks = _checked(outputs, names, seed, FEWEST_BLOCKS, "blocks")
    if blocks & (blocks - 1):
        problem = f"{blocks} are no power of two."
        raise InputError("blocks", problem, "Only then is every factor covered evenly: finish the sweep.")
    full, half = _sobol(outputs, names, seed), _sobol(outputs[: blocks // 2], names, seed)
    first, first_half, total, total_half = (_column(full, key) for key in ("S1", "S1_conf", "ST", "ST_conf"))
    return Indices(tuple(names), first, first_half, total, total_half, _column(half, "ST"), blocks)


def _sobol(outputs: F64, names: Sequence[str], seed: int) -> Any:
    return _salib("sobol").analyze(
        _problem(names), outputs.ravel(), calc_second_order=False, num_resamples=RESAMPLES, seed=seed
    )


def _column(found: Any, key: str) -> F64:
    return np.asarray(found[key], np.float64)


def tail_indices(values: F64, outputs: F64, names: Sequence[str]) -> F64:
    """PAWN: the largest distance between the distribution of outputs and that within a slice of an assumption.

    Parameters
    ----------
    values : ndarray (cases, factors)
        Include a dummy: what it gets is what luck gives, since the index is never 0 in a finite sample.
    outputs : ndarray (cases,)

    Returns
    -------
    ndarray (factors,)
        From 0 to 1, the largest over `SLICES` slices.
    """
    _checked(outputs[:, None], (), 1, FEWEST_CASES, "runs")
    found = _salib("pawn").analyze(_problem(names), np.asarray(values, np.float64), outputs, S=SLICES)
    return np.asarray(found["maximum"], np.float64)


def share_of_chance(outputs: F64) -> float:
    """Share of the variance of single runs that the seed makes, alone and with whatever it interacts with.

    Parameters
    ----------
    outputs : ndarray (cases, replicates)
        Every case on the same luck.

    Returns
    -------
    float
        The total index of the seed, were it a factor; NaN with one replicate.
    """
    if outputs.shape[1] < 2 or not outputs.var() > 0:
        return float("nan")
    within = outputs.var(axis=1, ddof=1).mean()
    between = max(outputs.mean(axis=1).var(ddof=1) - within / outputs.shape[1], 0.0)
    return float(within / (within + between))


def _checked(outputs: F64, names: Sequence[str], seed: int, fewest: int, word: str) -> int:
    wrong = int(np.count_nonzero(~np.isfinite(outputs)))
    if wrong:
        problem = f"{wrong} of {outputs.size} are not finite; every index would be 0."
        raise InputError("outputs", problem, "Choose an outcome that every run defines, or mend failed runs.")
    if np.ptp(outputs) == 0:
        raise InputError("outputs", "all are alike, so nothing can matter.", "Choose another outcome.")
    if seed < 1:
        raise InputError("seed", f"{seed} would be ignored.", "Write 1 or more.")
    if len(outputs) < fewest:
        raise InputError(word, f"{len(outputs)} are too few.", f"Sweep {fewest} or more.")
    return len(outputs)


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _salib(method: str) -> Any:
    try:
        return import_module(f"SALib.analyze.{method}")
    except ImportError:
        remedy = "Install the extra: pip install 'aperture-release-policy[experiments]'."
        raise InputError("sensitivity", "SALib is not installed.", remedy) from None
