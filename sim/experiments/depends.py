"""What an outcome, or the difference between two policies, depends on: a sweep's screening, indices and tails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.experiments.evppi import explained
from sim.experiments.factors import DUMMY
from sim.experiments.futures import F64, Futures, read_futures
from sim.experiments.indices import (
    FEWEST_CASES,
    Effects,
    Indices,
    elementary_effects,
    share_of_chance,
    tail_indices,
    variance_indices,
)
from sim.experiments.reading import dataframe
from sim.experiments.samples import MORRIS_LEVELS
from sim.experiments.store import Store
from sim.outcomes import OUTCOMES

LOG_POINTS = "log points"


@dataclass(frozen=True)
class Dependence:
    """What an outcome depends on.

    Attributes
    ----------
    outcome : str
    policies : tuple of str
        One policy, or two whose difference, second minus first, is looked at.
    unit : str
        Of the outcome or difference.
    mean, deviation : float
        Over draws, as a mean over replicates.
    draws, replicates : int
    effects : Effects or None
        Of a design of Morris.
    indices : Indices or None
        Of a design of Saltelli.
    tails : dict of str to float
        PAWN index of each assumption; of a design of Morris, none.
    alone : dict of str to float
        First-order index of each assumption by regression on splines; of a sample that is neither screening nor
        blocks.
    luck : float
        What the luckiest of them gets in 95 of 100 cases in which none matters; NaN where there are none.
    chance : float
        Share of the variance of single runs that the seed makes; NaN with one replicate.
    """

    outcome: str
    policies: tuple[str, ...]
    unit: str
    mean: float
    deviation: float
    draws: int
    replicates: int
    effects: Effects | None
    indices: Indices | None
    tails: dict[str, float]
    alone: dict[str, float]
    luck: float
    chance: float

    @property
    def sound(self) -> bool:
        """Whether the dummy, which no run reads, has no share of the variance beyond its interval."""
        i = self.indices
        if i is None or DUMMY not in i.names:
            return True
        place = i.names.index(DUMMY)
        return bool(i.total[place] <= i.total_half[place])


def sensitivity(
    store: Store,
    outcome: str,
    policies: Sequence[str] | None = None,
    world: str | None = None,
    relative: bool = False,
    seed: int = 1,
) -> Dependence:
    """Work out what an outcome, or the difference between two policies, depends on.

    Parameters
    ----------
    store : Store
        A sweep of kind ``morris`` (elementary effects), ``saltelli`` (Sobol' indices and tails) or any sample
        (first-order indices by regression, and tails).
    outcome : str
    policies : one or two names, optional
        All of a sweep with one or two scenarios when None.
    world : str, optional
        Needed where the sweep has several.
    relative : bool
        Whether to take logarithms: of an outcome that spans orders of magnitude a few draws make most of the variance.
        A difference is then one in log points, hundredths of the logarithm of the ratio and nearly per cent.
    seed : int
        Of bootstraps, 1 or more.

    Raises
    ------
    InputError
        If the sweep is not finished, runs are undefined, or the design has nothing to say on it.
    """
    found = read_futures(store, [outcome], policies, [world] if world else None)
    _check(found, store)
    values = found.outcomes[outcome]
    unit = LOG_POINTS if relative else OUTCOMES[outcome].unit
    values = _logarithms(values, outcome) if relative else values
    outputs = values[0] if len(values) == 1 else values[1] - values[0]
    mean = outputs.mean(axis=1)
    factors = list(store.factors)
    effects = indices = None
    tails: dict[str, float] = {}
    if found.kind == "morris":
        table = _table(store, found, factors).reshape(-1, found.block, len(factors))
        effects = elementary_effects(table, mean.reshape(-1, found.block), factors, MORRIS_LEVELS, seed)
    if found.kind == "saltelli":
        indices = variance_indices(_first_order(mean, found.block, len(factors)), factors, seed)
    blocks = len(mean) // found.block
    if found.kind != "morris" and (found.block == 1 or 2 * blocks >= FEWEST_CASES):
        tails = _tails(found, outputs, seed)
    alone, luck = explained(mean, found.believed().assumptions, seed) if found.block == 1 else ({}, math.nan)
    return Dependence(
        outcome, found.policies, unit, float(mean.mean()), float(mean.std(ddof=1)), len(mean), outputs.shape[1],
        effects, indices, tails, alone, luck, share_of_chance(outputs),
    )  # fmt: skip


def _logarithms(values: F64, outcome: str) -> F64:
    if not (values > 0).all():
        problem = f"{outcome} is 0 or less in {np.count_nonzero(values <= 0)} runs."
        raise InputError("--relative", problem, "Leave it out, or choose an outcome that is always positive.")
    logarithms: F64 = 100 * np.log(values)
    return logarithms


def _check(found: Futures, store: Store) -> None:
    if len(found.policies) > 2:
        problem = f"the sweep has {', '.join(found.policies)}."
        raise InputError("policies", problem, "Name one, or two whose difference is looked at.")
    worlds = list(dict.fromkeys(found.worlds.tolist()))
    if len(worlds) > 1:
        raise InputError("worlds", f"the sweep has {', '.join(worlds)}.", "Name one with --world.")
    if not store.factors:
        raise InputError(f"sweep {store.directory}", "nothing differs between its draws.", "Sweep a sampled design.")
    if found.block > 1 and (found.left_out or len(found) != int(store.manifest["draws"])):
        problem = f"{int(store.manifest['draws']) - len(found)} of {store.manifest['draws']} draws are missing."
        raise InputError(f"sweep {store.directory}", problem, "Blocks must be whole: finish the sweep first.")


def _table(store: Store, found: Futures, factors: Sequence[str]) -> F64:
    """Values of the factors, ``(draws, factors)``; the order of levels in place of words."""
    frame = dataframe(store, factors).drop_duplicates("draw").set_index("draw").loc[found.draws]
    columns = [frame[name] for name in factors]
    return np.stack(
        [c.to_numpy(np.float64) if c.dtype.kind in "fiu" else np.unique(c, return_inverse=True)[1] for c in columns],
        axis=1,
    ).astype(np.float64)


def _first_order(outputs: F64, block: int, factors: int) -> F64:
    """Blocks without the rows that effects of pairs need, ``(blocks, factors + 2)``."""
    rows = outputs.reshape(-1, block)
    return np.ascontiguousarray(np.concatenate([rows[:, : factors + 1], rows[:, -1:]], axis=1))


def _tails(found: Futures, outputs: F64, seed: int) -> dict[str, float]:
    """PAWN indices of the draws that are a sample, with a dummy that is drawn anew."""
    place = found.draws % found.block
    keep = (place == 0) | (place == found.block - 1)
    known = {name: np.asarray(v[keep], np.float64) for name, v in found.numbers().items()}
    known[DUMMY] = np.random.default_rng(seed).random(int(keep.sum()))
    index = tail_indices(np.stack(list(known.values()), axis=1), outputs[keep].mean(axis=1), list(known))
    return dict(zip(known, index.tolist(), strict=True))


def next_design(
    found: Sequence[Dependence], store: Store, top: int, blocks: int, replicates: int = 2, also: Sequence[str] = ()
) -> str:
    """Write the design of kind saltelli that a screening or a sample leads to.

    Parameters
    ----------
    found : sequence of Dependence
        Of a screening (the largest elementary effects count) or of a sample (the largest first-order indices).
    store : Store
        Its sweep.
    top : int
        How many assumptions an outcome.
    blocks : int
        A power of two.
    replicates : int
        Two or more to tell the share of the seed.
    also : sequence of str
        Assumptions to add.

    Raises
    ------
    InputError
        If the sweep has blocks already, or `blocks` is no power of two.
    """
    if blocks & (blocks - 1):
        raise InputError("--blocks", f"{blocks} is no power of two.", "Write 256 or 512.")
    chosen = set(also) - {DUMMY}
    for one in found:
        chosen |= set(_largest(one)[:top])
    quoted = ",\n    ".join(f'"{name}"' for name in sorted(chosen))
    scenarios = ", ".join(f'"{name}"' for name in found[0].policies)
    goals = ", ".join(one.outcome for one in found)
    return (
        f"# The {top} assumptions an outcome that seem to move it most{', and others' if also else ''}.\n"
        f'schema_version = 1\ntitle = "Sobol indices: {goals}"\nscenarios = [{scenarios}]\ndesign = "saltelli"\n'
        f"samples = {blocks}\nreplicates = {replicates}\nseed = {int(store.manifest['seed']) + 1}\n"
        f"parameters = [\n    {quoted},\n]\n"
    )


def _largest(one: Dependence) -> list[str]:
    """Assumptions from the most important on."""
    if one.effects is not None:
        size = dict(zip(one.effects.names, one.effects.absolute.tolist(), strict=True))
    elif one.alone:
        size = one.alone
    else:
        raise InputError("--next", "the sweep has blocks already.", "Sweep a design of kind morris or sobol first.")
    return [name for name in sorted(size, key=lambda name: -size[name]) if name != DUMMY]
