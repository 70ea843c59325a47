"""What a hypothesis about signs is, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policies import Policy
from sim.statistics import t_quantile

F64 = NDArray[np.float64]
Monthly = Mapping[str, NDArray[np.float64]]

FALSE_ALARM = 0.05
"""Chance that any contrast of a set is called when none of them is there (Šidák 1967)."""
HOLDS, TURNED, NOISE = "as claimed", "the other way", "not told from noise"


@dataclass(frozen=True)
class Variant:
    """What a run has besides the status quo.

    Attributes
    ----------
    policies : tuple of Policy
    parameters : dict of str to number or str
    """

    policies: tuple[Policy, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contrast:
    """A difference whose sign a hypothesis claims.

    Attributes
    ----------
    label : str
    sign : int
        1 or −1.
    values : callable
        From the monthly outcomes of the variants, by name, to one value a run; or without any run, to numbers that the
        kernels give.
    """

    label: str
    sign: int
    values: Callable[[Mapping[str, Monthly]], F64]


@dataclass(frozen=True)
class Hypothesis:
    """A claim of the literature about a sign.

    Attributes
    ----------
    name, claim, source : str
    setting : str
        Where it is looked for, in words.
    contrasts : tuple of Contrast
        All must go as claimed.
    variants : dict of str to Variant
        What is run, by name. Empty where kernels alone are asked.
    flips : tuple of Contrast
        The same claim under another assumption.
    assumption : str
        That assumption, in words, and why the model differs without it.
    months : int
    """

    name: str
    claim: str
    source: str
    setting: str
    contrasts: tuple[Contrast, ...]
    variants: Mapping[str, Variant] = field(default_factory=dict)
    flips: tuple[Contrast, ...] = ()
    assumption: str = ""
    months: int = 72


@dataclass(frozen=True)
class Found:
    """A contrast with what was found: mean over runs, its standard error, and the verdict."""

    label: str
    sign: int
    mean: float
    error: float
    verdict: str


def critical(contrasts: int, runs: int, false_alarm: float = FALSE_ALARM) -> float:
    """Standard errors from which on one of several contrasts counts: paired t, two-sided, Šidák-corrected."""
    each = 1 - (1 - false_alarm) ** (1 / max(contrasts, 1))
    return t_quantile(1 - each / 2, max(runs - 1, 1))


def judge(contrast: Contrast, values: F64, contrasts: int) -> Found:
    """Compare the sign of paired differences with the claimed one, as one of so many contrasts.

    Numbers of kernels have no spread and are called by their sign.
    """
    sample = np.asarray(values, np.float64).reshape(-1)
    mean = float(sample.mean())
    error = float(sample.std(ddof=1) / np.sqrt(len(sample))) if len(sample) > 1 else 0.0
    if mean == 0 or abs(mean) <= critical(contrasts, len(sample)) * error:
        return Found(contrast.label, contrast.sign, mean, error, NOISE)
    same = (mean > 0) == (contrast.sign > 0)
    return Found(contrast.label, contrast.sign, mean, error, HOLDS if same else TURNED)


def overall(found: tuple[Found, ...]) -> str:
    """Verdict on a hypothesis: as its worst contrast, contradiction before noise."""
    verdicts = {one.verdict for one in found}
    return TURNED if TURNED in verdicts else NOISE if NOISE in verdicts else HOLDS


def mean_of(outcome: str, first: int = 0, last: int | None = None) -> Callable[[Monthly], F64]:
    """Mean over months of an outcome, one value a run."""
    return lambda monthly: np.asarray(monthly[outcome][:, first:last].mean(axis=1))


def between(what: Callable[[Monthly], F64], changed: str, base: str) -> Callable[[Mapping[str, Monthly]], F64]:
    """Paired difference of a variant and its base."""
    return lambda runs: np.asarray(what(runs[changed]) - what(runs[base]))


def relative(what: Callable[[Monthly], F64], changed: str, base: str) -> Callable[[Mapping[str, Monthly]], F64]:
    """Paired logarithm of the ratio of a variant to its base."""
    return lambda runs: np.asarray(np.log(what(runs[changed]) / what(runs[base])))
