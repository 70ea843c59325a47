"""Search for packages that nothing dominates, by NSGA-II or NSGA-III of pymoo.

NSGA-II (Deb and others 2002) for two objectives, NSGA-III (Deb and Jain 2014) for more. Fronts of several seeds are
compared by their hypervolume (Zitzler and Thiele 1999).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

F64 = NDArray[np.float64]
Evaluate = Callable[[F64], F64]
"""From settings ``(packages, levers)`` to objectives ``(packages, objectives)``, of which less is better."""
PARTITIONS = {3: 6, 4: 4}
"""Divisions of each axis by which NSGA-III spreads its directions, by number of objectives."""


@dataclass(frozen=True)
class Front:
    """What one search found.

    Attributes
    ----------
    settings : ndarray (packages, levers)
    objectives : ndarray (packages, objectives)
        As the search saw them.
    evaluations : int
    """

    settings: F64
    objectives: F64
    evaluations: int


def search(
    evaluate: Evaluate, low: F64, high: F64, objectives: int, size: int = 24, generations: int = 12, seed: int = 1
) -> Front:
    """Search a box of levers.

    Parameters
    ----------
    evaluate : callable
        See `Evaluate`.
    low, high : ndarray (levers,)
        Ends of the levers.
    objectives : int
        How many numbers `evaluate` gives, 2 to 4.
    size, generations : int
        Packages in a generation, and generations.
    seed : int
        1 or more.

    Raises
    ------
    InputError
        If something is out of range, or pymoo is not installed.
    """
    _check(low, high, objectives, size, generations, seed)
    core = {name: _pymoo(f"core.{name}") for name in ("problem", "evaluator")}

    class Levers(core["problem"].Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=len(low), n_obj=objectives, xl=low, xu=high)

        def _evaluate(self, x: F64, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
            out["F"] = evaluate(x)

    found = _pymoo("optimize").minimize(
        Levers(), _algorithm(objectives, size), ("n_gen", generations), seed=seed, verbose=False, copy_algorithm=False
    )
    order = np.lexsort(np.atleast_2d(found.F).T[::-1])
    settings, values = np.atleast_2d(found.X)[order], np.atleast_2d(found.F)[order]
    return Front(settings, values, int(found.algorithm.evaluator.n_eval))


def _algorithm(objectives: int, size: int) -> Any:
    if objectives == 2:
        return _pymoo("algorithms.moo.nsga2").NSGA2(pop_size=size)
    directions = _pymoo("util.ref_dirs").get_reference_directions(
        "das-dennis", objectives, n_partitions=PARTITIONS[objectives]
    )
    return _pymoo("algorithms.moo.nsga3").NSGA3(pop_size=max(size, len(directions)), ref_dirs=directions)


def undominated(objectives: F64) -> NDArray[np.bool_]:
    """Which rows no other row beats: none is as good in every column and better in one, ``(rows,)``.

    Parameters
    ----------
    objectives : ndarray (rows, objectives)
        Less is better.
    """
    no_worse = (objectives[:, None, :] <= objectives[None, :, :]).all(axis=2)
    better = (objectives[:, None, :] < objectives[None, :, :]).any(axis=2)
    return ~np.asarray((no_worse & better).any(axis=0), np.bool_)


def hypervolume(objectives: F64, worst: F64) -> float:
    """Volume that a front dominates below a worst point.

    Parameters
    ----------
    objectives : ndarray (packages, objectives)
        Less is better.
    worst : ndarray (objectives,)
        What every package is measured against.
    """
    indicator = _pymoo("indicators.hv").Hypervolume(ref_point=worst, norm_ref_point=False)
    return float(indicator(np.minimum(objectives, worst)))


def _check(low: F64, high: F64, objectives: int, size: int, generations: int, seed: int) -> None:
    if not len(low) or not (low < high).all():
        raise InputError("levers", "there is none, or one has no range.", "Give each a low below its high.")
    if not 2 <= objectives <= 4:
        raise InputError("objectives", f"{objectives} are asked for.", "Name two to four outcomes.")
    for word, value, least in (("size", size, 4), ("generations", generations, 1), ("seed", seed, 1)):
        if value < least:
            raise InputError(word, f"{value} is too small.", f"Write {least} or more.")


def _pymoo(module: str) -> Any:
    try:
        return import_module(f"pymoo.{module}")
    except ImportError:
        remedy = "Install the extra: pip install 'aperture-release-policy[experiments]'."
        raise InputError("optimise", "pymoo is not installed.", remedy) from None
