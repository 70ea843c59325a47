"""Samples of designs: the values of every factor in every draw, made a stretch at a time so that memory stays flat.

Each kind of design is a function from a stretch of draws to points in the unit cube, ``(factors, draws)``. None depends
on what was asked for before, so that any stretch can be made alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.factors import Factor
from sim.parameters.sampling import uniforms

Unit = NDArray[np.float64]
STRETCH = 4096
"""Draws that are held at once."""
MORRIS_LEVELS = 4
"""Levels of the grid on which elementary effects are taken."""
LARGEST_SOBOL = 21_201
"""Dimensions for which direction numbers are known."""


@dataclass(frozen=True)
class Kind:
    """A kind of sampled design.

    Attributes
    ----------
    unit : callable
        From names, first and last draw, all draws, and the seed to points ``(factors, last - first)``.
    block : callable
        From the number of factors to the draws that belong together.
    grows : bool
        Whether the first draws stay when more are asked for.
    power : bool
        Whether `samples` must be a power of two.
    """

    unit: Callable[[Sequence[str], int, int, int, int], Unit]
    block: Callable[[int], int] = lambda factors: 1
    grows: bool = True
    power: bool = False


def streams(names: Sequence[str], first: int, last: int, draws: int, seed: int) -> Unit:
    """One scrambled van der Corput stream for each name; see `sim.parameters.sampling`."""
    return uniforms(names, last, seed, first)


def halton(names: Sequence[str], first: int, last: int, draws: int, seed: int) -> Unit:
    """Halton's sequence after Owen's scrambling, the n-th prime for the n-th factor (Owen 2017, arXiv:1706.02808)."""
    from scipy.stats import qmc

    engine = qmc.Halton(len(names), scramble=True, rng=seed)
    engine.fast_forward(first)
    return np.ascontiguousarray(engine.random(last - first).T)


def hypercube(names: Sequence[str], first: int, last: int, draws: int, seed: int) -> Unit:
    """Latin hypercube (McKay, Beckman and Conover 1979): a random order of `draws` strata for each name."""
    found = np.empty((len(names), last - first))
    for i, name in enumerate(names):
        rng = _generator(f"latin hypercube/{name}", seed)
        order = rng.permutation(draws)[first:last]
        found[i] = (order + rng.random(draws)[first:last]) / draws
    return found


def saltelli(names: Sequence[str], first: int, last: int, draws: int, seed: int, second_order: bool = False) -> Unit:
    """Saltelli's blocks (Saltelli 2002; Saltelli et al. 2010): A, A with each factor from B, then B.

    A and B are the two halves of a joint Sobol sequence after scrambling, one point a block; with `second_order` also B
    with each factor from A.
    """
    from scipy.stats import qmc

    factors = len(names)
    rows = 2 * factors + 2 if second_order else factors + 2
    begin, end = first // rows, -(-last // rows)
    engine = qmc.Sobol(2 * factors, scramble=True, rng=seed)
    if begin:
        engine.fast_forward(begin)
    head = engine.random(0 if begin else 1)  # SciPy warns of a first stretch that is no power of two
    points = np.concatenate([head, engine.random(end - begin - len(head))])
    a, b = points[:, :factors].T, points[:, factors:].T  # (factors, blocks)
    cross = np.eye(factors, dtype=bool)[:, None, :]
    parts = [a[..., None], np.where(cross, b[..., None], a[..., None])]
    parts += [np.where(cross, a[..., None], b[..., None])] if second_order else []
    found = np.concatenate([*parts, b[..., None]], axis=2).reshape(factors, -1)
    return found[:, first - begin * rows : last - begin * rows]


def morris(names: Sequence[str], first: int, last: int, draws: int, seed: int) -> Unit:
    """Trajectories of one step a factor over a grid of `MORRIS_LEVELS` levels, in random order and direction.

    Morris 1991, with the step of p / (2 (p - 1)) that visits all levels alike.
    """
    rows = len(names) + 1
    step = MORRIS_LEVELS // 2
    blocks = []
    for number in range(first // rows, -(-last // rows)):
        rng = _generator(f"trajectory {number}", seed)
        base = rng.integers(0, MORRIS_LEVELS, len(names))
        moved = np.where(base < step, base + step, base - step)
        turn = rng.permutation(len(names))  # the step at which each factor moves
        blocks.append(np.where(np.arange(rows) > turn[:, None], moved[:, None], base[:, None]))
    found = np.concatenate(blocks, axis=1) / (MORRIS_LEVELS - 1)
    offset = first // rows * rows
    return np.asarray(found[:, first - offset : last - offset], np.float64)


def _generator(name: str, seed: int) -> np.random.Generator:
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _second_order(names: Sequence[str], first: int, last: int, draws: int, seed: int) -> Unit:
    return saltelli(names, first, last, draws, seed, second_order=True)


KINDS = {
    "sobol": Kind(streams, power=True),
    "latin_hypercube": Kind(hypercube, grows=False),
    "halton": Kind(halton),
    "saltelli": Kind(saltelli, lambda factors: factors + 2, power=True),
    "saltelli_second_order": Kind(_second_order, lambda factors: 2 * factors + 2, power=True),
    "morris": Kind(morris, lambda factors: factors + 1),
}
"""Sampled kinds of designs."""


class Sample:
    """The draws of a design.

    Attributes
    ----------
    factors : tuple of Factor
        What differs between draws, in order.
    draws : int
        How many there are; 1 without factors.
    block : int
        Draws that belong together: 1, or those of a block of Saltelli or of a trajectory of Morris.
    grows : bool
        Whether more samples begin with the same draws.
    """

    def __init__(self, factors: Sequence[Factor], draws: int, block: int = 1, grows: bool = False) -> None:
        self.factors, self.draws, self.block, self.grows = tuple(factors), draws, block, grows
        self._held: tuple[int, dict[str, Any]] = (-1, {})

    def rows(self, first: int, last: int) -> dict[str, Any]:
        """Values of every factor in draws `first` to before `last`, by name."""
        parts = []
        for number in range(first // STRETCH, -(-last // STRETCH)):
            if self._held[0] != number:
                start, self._held = number * STRETCH, (-1, {})  # the last stretch makes room first
                self._held = number, self._make(start, min(start + STRETCH, self.draws))
            begin = max(first - number * STRETCH, 0)
            parts.append({name: column[begin : last - number * STRETCH] for name, column in self._held[1].items()})
        if len(parts) == 1:
            return parts[0]
        return {factor.name: np.concatenate([part[factor.name] for part in parts]) for factor in self.factors}

    def _make(self, first: int, last: int) -> dict[str, Any]:
        return {}

    def digest(self) -> str:
        """SHA-256 of every value, for samples that do not grow."""
        digest = hashlib.sha256()
        for first in range(0, self.draws, STRETCH):
            rows = self.rows(first, min(first + STRETCH, self.draws))
            for name in sorted(rows):
                column = rows[name]
                digest.update(name.encode() + b"\0")
                digest.update(
                    "\0".join(map(repr, column.tolist())).encode() if column.dtype.kind == "U" else column.tobytes()
                )
        return digest.hexdigest()


class Sampled(Sample):
    """Draws from ranges and distributions, by one of `KINDS`."""

    def __init__(self, kind: str, factors: Sequence[Factor], samples: int, seed: int) -> None:
        block = KINDS[kind].block(len(factors))
        super().__init__(factors, samples * block, block, KINDS[kind].grows)
        self.kind, self.seed = kind, seed

    def _make(self, first: int, last: int) -> dict[str, Any]:
        unit = KINDS[self.kind].unit([f.name for f in self.factors], first, last, self.draws, self.seed)
        return {factor.name: factor.values(u) for factor, u in zip(self.factors, unit, strict=True)}


class Grid(Sample):
    """Every combination of the levels of the factors; the last one changes fastest."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.shape = tuple(len(factor.levels or ()) for factor in factors)
        super().__init__(factors, math.prod(self.shape))

    def _make(self, first: int, last: int) -> dict[str, Any]:
        places = np.unravel_index(np.arange(first, last), self.shape)
        return {f.name: np.array(f.levels)[place] for f, place in zip(self.factors, places, strict=True)}


class Listed(Sample):
    """Draws that are given, such as those of a file."""

    def __init__(self, factors: Sequence[Factor], columns: Mapping[str, NDArray[Any]]) -> None:
        super().__init__(factors, len(next(iter(columns.values()))))
        self.columns = dict(columns)

    def _make(self, first: int, last: int) -> dict[str, Any]:
        return {name: column[first:last] for name, column in self.columns.items()}
