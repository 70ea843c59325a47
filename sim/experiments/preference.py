"""Stated preferences: weights that make one utility of several outcomes, and the weights at which a ranking turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.outcomes import OUTCOMES

F64 = NDArray[np.float64]
GOALS = {"innovation": "cumulative_innovation", "concentration": "concentration_index", "harm": "cumulative_harm"}
"""The three outcomes that a preference is about unless it names others, by the words for them."""
SCALES = ("swing", "percent", "unit")


@dataclass(frozen=True)
class Preference:
    """How much outcomes count.

    Attributes
    ----------
    weights : dict of str to float
        By outcome; what they add up to does not matter. More of an outcome counts for or against as its direction says.
    scale : str
        What a weight is per. ``swing``: the mean distance, over futures, between the best and the worst policy, so
        that equal weights let the typical stakes of the choice count alike (swing weights, Edwards and Barron 1994).
        ``percent``: one per cent of the mean under the first policy. ``unit``: a unit of the outcome.
    """

    weights: Mapping[str, float]
    scale: str = "swing"

    def __post_init__(self) -> None:
        where = "preference"
        for name, weight in self.weights.items():
            if name not in OUTCOMES:
                raise InputError(where, f"there is no outcome {name[:60]!r}.", "'aperture outcomes' lists them.")
            if OUTCOMES[name].direction == "neutral":
                raise InputError(where, f"neither more nor less of {name} is better.", "Choose another outcome.")
            if not (np.isfinite(weight) and weight >= 0):
                raise InputError(where, f"{name} has the weight {weight!r}.", "Write 0 or a positive number.")
        if not any(self.weights.values()):
            raise InputError(where, "nothing counts.", "Give an outcome a positive weight.")
        if self.scale not in SCALES:
            raise InputError(where, f"{self.scale[:40]!r} is no scale.", f"Choose one of {', '.join(SCALES)}.")

    def parts(self, outcomes: Mapping[str, F64]) -> dict[str, F64]:
        """Return what one unit of weight on each outcome adds to utility, larger being better.

        Parameters
        ----------
        outcomes : mapping of str to ndarray (policies, futures)
        """
        return {name: _scaled(name, outcomes[name], self.scale) for name in self.weights}

    def utility(self, outcomes: Mapping[str, F64]) -> F64:
        """Return the utility of each policy in each future, weights made to add up to one, ``(policies, futures)``."""
        parts, total = self.parts(outcomes), sum(self.weights.values())
        utility: F64 = np.add.reduce([weight / total * parts[name] for name, weight in self.weights.items()])
        return utility

    def words(self) -> str:
        """Say the weights in a line."""
        per = {
            "swing": "per typical distance between the best and the worst policy",
            "percent": "per cent of the mean under the first policy",
            "unit": "per unit",
        }[self.scale]
        return ", ".join(f"{OUTCOMES[name].label} {weight:g}" for name, weight in self.weights.items()) + f" ({per})"


EQUAL = Preference(dict.fromkeys(GOALS.values(), 1.0))
"""Innovation, concentration and harm count alike, by what is typically at stake."""


def read_preference(text: str | None, scale: str = "swing") -> Preference:
    """Read ``harm=2,innovation=1``; names are those of `GOALS` or of outcomes.

    Raises
    ------
    InputError
        For what is no such list.
    """
    if text is None:
        return Preference(EQUAL.weights, scale)
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        name = GOALS.get(name, name)
        try:
            weight = float(number)
        except ValueError:
            equals = ""
        if not equals or name in weights:
            problem = f"{part.strip()[:60]!r} is not NAME=WEIGHT, or names something twice."
            raise InputError("--prefer", problem, "Write for example innovation=1,concentration=1,harm=2.")
        weights[name] = weight
    return Preference(weights, scale)


def _scaled(name: str, values: F64, scale: str) -> F64:
    sign = -1.0 if OUTCOMES[name].direction == "lower" else 1.0
    if scale == "unit":
        return sign * values
    size = np.ptp(values, axis=0).mean() if scale == "swing" else abs(values[0].mean()) / 100
    if not size > 0:
        if scale == "swing":
            return np.zeros_like(values)
        raise InputError(f"preference: {name}", "its mean under the first policy is 0.", "Choose another scale.")
    scaled: F64 = sign * values / size
    return scaled


@dataclass(frozen=True)
class Turn:
    """Weight of an outcome from which another policy has the best mean.

    Attributes
    ----------
    outcome, policy : str or int
        Which outcome, and place of the policy that takes the lead.
    stated, weight : float
        Weight as stated, and where the ranking turns, all other weights as they are.
    """

    outcome: str
    policy: int
    stated: float
    weight: float


def turns(preference: Preference, outcomes: Mapping[str, F64]) -> list[Turn]:
    """Return, for each outcome, the nearest weight above and below at which the policy of the best mean changes.

    Parameters
    ----------
    preference : Preference
    outcomes : mapping of str to ndarray (policies, futures)
    """
    means = {name: part.mean(axis=1) for name, part in preference.parts(outcomes).items()}
    total = np.add.reduce([weight * means[name] for name, weight in preference.weights.items()])
    leader = int(total.argmax())
    found = []
    for name, stated in preference.weights.items():
        slope = means[name] - means[name][leader]
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = (total[leader] - total) / slope  # where this rival draws level
        for side in (1.0, -1.0):
            reach = np.where((side * steps > 0) & np.isfinite(steps) & (stated + steps >= 0), side * steps, np.inf)
            rival = int(reach.argmin())
            if np.isfinite(reach[rival]):
                found.append(Turn(name, rival, stated, stated + float(steps[rival])))
    return found
