"""In which futures a statement is true: boxes by the patient rule, checked on futures that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.experiments.cart import grow
from sim.experiments.prim import F64, Bools, Box, choose, inside, measured, needless, paste, peel

FEWEST = 10
"""Fewest cases of interest, and fewest others, in each half."""
RESAMPLES = 20
ADMITTED = 0.05
"""Chance from which a limit is dropped as needless."""
SCREENED = 12
"""Assumptions that are searched: those whose ranks go most with the statement on the learning half. Among hundreds,
peeling would follow luck."""


@dataclass(frozen=True)
class Discovery:
    """Boxes and how far they can be relied upon.

    Attributes
    ----------
    futures, interest : int
        How many, and in how many of them the statement is true.
    trajectory : tuple of Box
        What the last peeling went through, measured on the half that it learnt from.
    held_out : tuple of Box
        The same boxes on the other half.
    chosen : Box
        The box that is proposed, pasted and without needless limits, on the learning half.
    checked : Box
        The same box on the held-out half.
    chances : dict of str to float
        Quasi-p-value of each of its limits.
    reproduced : dict of str to float
        Share of resamples in which each of its assumptions is limited on the same side again.
    overlap : float
        Mean, over resamples, of the cases in both boxes over the cases in either.
    tree : tuple of Box
        Leaves of a classification tree, on the held-out half, as a check.
    """

    futures: int
    interest: int
    trajectory: tuple[Box, ...]
    held_out: tuple[Box, ...]
    chosen: Box
    checked: Box
    chances: dict[str, float]
    reproduced: dict[str, float]
    overlap: float
    tree: tuple[Box, ...]


def find_box(
    assumptions: Mapping[str, F64],
    interest: Bools,
    screened: int = SCREENED,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> Discovery:
    """Find the box of assumptions in which a statement is mostly true.

    Parameters
    ----------
    assumptions : mapping of str to ndarray (futures,)
        Numbers only.
    interest : ndarray of bool (futures,)
        Where the statement is true.
    screened : int
        How many assumptions are searched; see `SCREENED`.
    resamples, seed : int
        Halves that are drawn anew to see what is found again.

    Raises
    ------
    InputError
        If the statement is true, or false, in too few futures.
    """
    for count, word in ((interest.sum(), "true"), ((~interest).sum(), "false")):
        if count < 2 * FEWEST:
            problem = f"the statement is {word} in {count} of {len(interest)} futures."
            raise InputError("futures", problem, f"{2 * FEWEST} are the least: sweep more draws, or state another.")
    rng = np.random.default_rng(seed)
    learn = _half(interest, rng)
    seen = screen(assumptions, interest, learn, screened)
    unseen = {name: assumptions[name][~learn] for name in seen}
    limits, box = _search(seen, interest[learn])
    trajectory = tuple(measured(box, seen, interest[learn]) for box in limits)
    held_out = tuple(measured(box, unseen, interest[~learn]) for box in limits)
    halves = [_half(interest, rng) for _ in range(resamples)]
    reproduced, overlap = _again(box, assumptions, interest, halves, screened)
    leaves = grow(seen, interest[learn])
    return Discovery(
        len(interest), int(interest.sum()), trajectory, held_out, measured(box, seen, interest[learn]),
        measured(box, unseen, interest[~learn]), needless(box, seen, interest[learn]), reproduced, overlap,
        tuple(measured(leaf.limits, unseen, interest[~learn]) for leaf in leaves),
    )  # fmt: skip


def _half(interest: Bools, rng: np.random.Generator) -> Bools:
    """A random half of the futures, with half of those of interest."""
    chosen = np.zeros(len(interest), np.bool_)
    for group in (np.flatnonzero(interest), np.flatnonzero(~interest)):
        chosen[rng.permutation(group)[: -(-len(group) // 2)]] = True
    return chosen


def _search(
    cases: Mapping[str, F64], interest: Bools
) -> tuple[list[dict[str, tuple[float, float]]], dict[str, tuple[float, float]]]:
    """Peel, drop the assumption whose limit luck explains best, and peel again until luck explains none; then paste."""
    left = dict(cases)
    while True:
        trajectory = peel(left, interest)
        box = trajectory[choose([measured(limits, left, interest) for limits in trajectory])]
        chances = needless(box, left, interest)
        worst = max(chances, key=lambda name: chances[name], default="")
        if not worst or chances[worst] < ADMITTED:
            return trajectory, paste(box, left, interest)
        del left[worst]


def screen(assumptions: Mapping[str, F64], interest: Bools, rows: Bools, number: int) -> dict[str, F64]:
    """Return the chosen rows of the assumptions whose ranks go most with the statement there, in their order."""
    from scipy.stats import rankdata

    if len(assumptions) <= number:
        return {name: values[rows] for name, values in assumptions.items()}
    table = np.stack([values[rows] for values in assumptions.values()])
    true = interest[rows]
    ranks = rankdata(table, axis=1)
    strength = np.abs(ranks[:, true].mean(axis=1) - ranks[:, ~true].mean(axis=1))
    kept = set(np.argsort(-strength, kind="stable")[:number].tolist())
    return {name: table[i] for i, name in enumerate(assumptions) if i in kept}


def _again(
    box: Mapping[str, tuple[float, float]], assumptions: Mapping[str, F64], interest: Bools, halves: Sequence[Bools],
    screened: int,
) -> tuple[dict[str, float], float]:  # fmt: skip
    """How often other halves limit the same assumptions on the same side, and how much their boxes overlap."""
    again = dict.fromkeys(box, 0.0)
    overlaps = []
    own = inside(box, assumptions, len(interest))
    for half in halves:
        seen = screen(assumptions, interest, half, screened)
        other = _search(seen, interest[half])[1]
        for name, ends in box.items():
            there = other.get(name, (-np.inf, np.inf))
            same = any(np.isfinite(a) and np.isfinite(b) for a, b in zip(ends, there, strict=True))
            again[name] += same / len(halves)
        rival = inside(other, assumptions, len(interest))
        overlaps.append((own & rival).sum() / max((own | rival).sum(), 1))
    return again, float(np.mean(overlaps)) if overlaps else float("nan")
