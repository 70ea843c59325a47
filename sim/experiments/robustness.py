"""Robustness: how policies rank over futures whose chances nobody knows, by several rules of decision.

Rules: mean (Laplace), worst case (Wald), Hurwicz's mixture of worst and best, regret (Savage 1951) at its largest and
at its 90th percentile, satisficing over the domain of futures (Starr), and the mean less a multiple of the spread. A
policy that is first by all of them needs no agreement on a rule. McPhail and others (2018, Earth's Future 6) compare
such rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

F64 = NDArray[np.float64]
RULES = {
    "expected value": "mean over futures",
    "worst case": "least gain in any future",
    "Hurwicz": "mixture of the least and the largest gain",
    "largest regret": "most that another policy would have gained more, in any future; less is better",
    "regret, 90th percentile": "regret that one future in ten exceeds; less is better",
    "satisficing": "share of futures in which the gain reaches the target",
    "mean less spread": "mean less a multiple of the standard deviation",
}
"""Rules by name, with what they compute from gains, of which more is better."""
SMALLER_IS_BETTER = ("largest regret", "regret, 90th percentile")
RESAMPLES = 1000


@dataclass(frozen=True)
class Settings:
    """What the rules leave open.

    Attributes
    ----------
    optimism : float
        Hurwicz's weight of the best case, 0 to 1.
    spread : float
        Standard deviations that the mean is lowered by.
    target : float or None
        Gain that satisfices; the median over all policies and futures when None.
    """

    optimism: float = 0.5
    spread: float = 1.0
    target: float | None = None


@dataclass(frozen=True)
class Robustness:
    """How policies do by each rule.

    Attributes
    ----------
    policies : tuple of str
    futures : int
    target : float
        Gain that satisfices.
    scores : dict of str to ndarray (policies,)
        By rule, in the unit of the gains (satisficing: a share).
    ranks : dict of str to ndarray (policies,)
        1 is best; equals share the mean of their ranks.
    first : dict of str to ndarray (policies,)
        Share of bootstrap resamples of futures in which each policy is first; equals share it.
    agreement : ndarray (rules, rules)
        Kendall's tau-b between rankings; NaN where a ranking is all ties.
    """

    policies: tuple[str, ...]
    futures: int
    target: float
    scores: dict[str, F64]
    ranks: dict[str, F64]
    first: dict[str, F64]
    agreement: F64


def rank_robustly(
    gains: F64, policies: Sequence[str], settings: Settings | None = None, resamples: int = RESAMPLES, seed: int = 1
) -> Robustness:
    """Score and rank policies by every rule.

    Parameters
    ----------
    gains : ndarray (policies, futures)
        Larger is better; every policy in the same futures.
    policies : sequence of str
    settings : Settings, optional
    resamples, seed : int
        Of the bootstrap over futures.

    Raises
    ------
    InputError
        With fewer than two policies or two futures, numbers that are not finite, or settings out of range.
    """
    from scipy.stats import kendalltau

    known = settings or Settings()
    _check(gains, known)
    target = float(np.median(gains)) if known.target is None else known.target
    scores = _scores(gains, known, target)
    ranks = {rule: _ranks(_better(rule, score)) for rule, score in scores.items()}
    rng = np.random.default_rng(seed)
    first = {rule: np.zeros(len(gains)) for rule in RULES}
    for _ in range(resamples):
        again = _scores(gains[:, rng.integers(0, gains.shape[1], gains.shape[1])], known, target)
        for rule, score in again.items():
            better = _better(rule, score)
            leaders = better == better.max()
            first[rule] += leaders / leaders.sum() / resamples
    pairs = [[kendalltau(a, b).statistic if np.ptp(a) and np.ptp(b) else np.nan for b in ranks.values()]
             for a in ranks.values()]  # fmt: skip
    return Robustness(tuple(policies), gains.shape[1], target, scores, ranks, first, np.array(pairs))


def regret(gains: F64) -> F64:
    """How much more the best policy of each future gains, ``(policies, futures)``."""
    most: F64 = gains.max(axis=0) - gains
    return most


def _scores(gains: F64, known: Settings, target: float) -> dict[str, F64]:
    missed = regret(gains)
    low, high, mean = gains.min(axis=1), gains.max(axis=1), gains.mean(axis=1)
    found = (
        mean,
        low,
        (1 - known.optimism) * low + known.optimism * high,
        missed.max(axis=1),
        np.quantile(missed, 0.9, axis=1),
        (gains >= target).mean(axis=1),
        mean - known.spread * gains.std(axis=1),
    )
    return dict(zip(RULES, found, strict=True))


def _better(rule: str, score: F64) -> F64:
    return -score if rule in SMALLER_IS_BETTER else score


def _ranks(better: F64) -> F64:
    from scipy.stats import rankdata

    return np.asarray(rankdata(-better, method="average"), np.float64)


def _check(gains: F64, known: Settings) -> None:
    policies, futures = gains.shape
    if policies < 2 or futures < 2:
        problem = f"there are {policies} policies in {futures} futures."
        raise InputError("robustness", problem, "Two of each are the least; hundreds of futures are better.")
    if not np.isfinite(gains).all():
        raise InputError("robustness", "some gains are not finite.", "Leave such outcomes out.")
    if not (0 <= known.optimism <= 1):
        raise InputError("--optimism", f"{known.optimism:g} is out of range.", "Write a number from 0 to 1.")
    if not (known.spread >= 0 and np.isfinite(known.spread)):
        raise InputError("--spread", f"{known.spread:g} is out of range.", "Write 0 or a positive number.")
