"""Analyses of a sweep: how many runs are enough, robustness, scenario discovery and cruxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from sim.errors import InputError
from sim.experiments.boxes import Discovery, find_box
from sim.experiments.crux import EXAMINED, Cruxes, find_cruxes
from sim.experiments.enough import Enough, enough_runs
from sim.experiments.futures import F64, Futures, read_futures
from sim.experiments.preference import EQUAL, Preference, Turn, turns
from sim.experiments.robustness import Robustness, Settings, rank_robustly
from sim.experiments.store import Store
from sim.outcomes import OUTCOMES

HAPPENINGS = "events"
"""Unit of the outcomes that count what happened, few of which are little to go by."""


def replicates(
    store: Store, outcome: str, policies: Sequence[str] | None = None, world: str | None = None, target: float = 0.0
) -> Enough:
    """Judge whether a sweep has runs enough to know the difference between two policies.

    Parameters
    ----------
    store : Store
        From `sim.open_sweep`.
    outcome : str
    policies : two names, optional
        Second minus first; the first and the last of the sweep when None.
    world : str, optional
        Needed where the sweep has several.
    target : float
        Half-width of the 95 % interval that is wanted, in the outcome's unit; half of the difference that matters.

    Raises
    ------
    InputError
        See `sim.experiments.enough.enough_runs` and `sim.experiments.futures.read_futures`.
    """
    found = read_futures(store, [outcome], policies, [world] if world else None).believed()
    first, last = _pair(found, policies)
    _one_world(found)
    values = found.outcomes[outcome]
    events = int(values[[first, last]].sum()) if OUTCOMES[outcome].unit == HAPPENINGS else None
    return enough_runs(values[last] - values[first], target, events)


@dataclass(frozen=True)
class Ranked:
    """Robustness of policies by each outcome and by the stated preference over them.

    Attributes
    ----------
    futures : Futures
    preference : Preference
    tables : dict of str to Robustness
        By outcome, and ``"preference"``. Gains are outcomes, negative where less is better.
    """

    futures: Futures
    preference: Preference
    tables: dict[str, Robustness]


def robust(
    store: Store,
    preference: Preference = EQUAL,
    policies: Sequence[str] | None = None,
    worlds: Sequence[str] | None = None,
    settings: Settings | None = None,
    seed: int = 1,
) -> Ranked:
    """Rank the policies of a sweep by rules of decision, over all its worlds and draws alike.

    Parameters
    ----------
    store : Store
    preference : Preference
        Outcomes to rank by, and their weights.
    policies, worlds : sequence of str, optional
        All when None.
    settings : Settings, optional
        What the rules leave open; a target holds for the preference.
    seed : int
        Of the bootstrap.
    """
    found = read_futures(store, list(preference.weights), policies, worlds).believed()
    means = found.means()
    given = settings or Settings()
    free = Settings(given.optimism, given.spread)
    tables = {
        name: rank_robustly(_signed(name, values), found.policies, free, seed=seed) for name, values in means.items()
    }
    tables["preference"] = rank_robustly(preference.utility(means), found.policies, given, seed=seed)
    return Ranked(found, preference, tables)


@dataclass(frozen=True)
class Discovered:
    """Boxes in which a statement holds, with the statement in words."""

    futures: Futures
    statement: str
    found: Discovery


def discover(
    store: Store,
    preference: Preference,
    policies: Sequence[str] | None = None,
    world: str | None = None,
    patterns: Sequence[str] = ("*",),
    seed: int = 1,
) -> Discovered:
    """Find the box of assumptions in which the first policy is better than the last.

    Parameters
    ----------
    store : Store
    preference : Preference
        What better means: one outcome or several.
    policies : two names, optional
        The first and the last of the sweep when None.
    world : str, optional
        Needed where the sweep has several.
    patterns : sequence of str
        Assumptions to search among.
    seed : int
        Of the halves.
    """
    found = read_futures(store, list(preference.weights), policies, [world] if world else None).believed()
    _one_world(found)
    first, last = _pair(found, policies)
    utility = preference.utility(found.means())
    known = {n: v for n, v in found.numbers().items() if any(fnmatchcase(n, pattern) for pattern in patterns)}
    if not known:
        raise InputError("--parameters", "no assumption that differs matches.", "Leave it out to search all.")
    goals = " and ".join(OUTCOMES[name].label.lower() for name, weight in preference.weights.items() if weight)
    statement = f"{found.policies[first]} is better than {found.policies[last]} by {goals}"
    return Discovered(found, statement, find_box(known, utility[first] > utility[last], seed=seed))


@dataclass(frozen=True)
class Turning:
    """What a choice between policies turns on: assumptions, and weights of the preference.

    Attributes
    ----------
    futures : Futures
    preference : Preference
    found : Cruxes
    turns : list of Turn
        Weights at which the best policy changes.
    """

    futures: Futures
    preference: Preference
    found: Cruxes
    turns: list[Turn]


def cruxes(
    store: Store,
    preference: Preference = EQUAL,
    policies: Sequence[str] | None = None,
    worlds: Sequence[str] | None = None,
    examined: int = EXAMINED,
    permutations: int = 200,
    seed: int = 1,
) -> Turning:
    """Find the assumptions on which the choice between policies turns.

    Parameters
    ----------
    store : Store
        A sweep whose draws are a sample of what is believed.
    preference : Preference
    policies, worlds : sequence of str, optional
        All when None; several worlds count alike, and which it is is one more assumption.
    examined : int
        Assumptions to look at closely.
    permutations, seed : int
        See `sim.experiments.evppi.information`.
    """
    found = read_futures(store, list(preference.weights), policies, worlds).believed()
    means = found.means()
    differing = {n: v for n, v in found.assumptions.items() if len(np.unique(v)) > 1}
    if not differing:
        raise InputError("assumptions", "none differs in the sweep.", "Sweep a design that samples parameters.")
    answer = find_cruxes(preference.utility(means), differing, examined, permutations, seed)
    return Turning(found, preference, answer, turns(preference, means))


def _signed(name: str, values: F64) -> F64:
    return -values if OUTCOMES[name].direction == "lower" else values


def named_pair(store: Store, policies: Sequence[str] | None = None) -> tuple[str, str]:
    """Names of the two policies that `replicates` and `discover` look at."""
    present = list(dict.fromkeys(name.rpartition("@")[0] for name, _ in store.manifest["cases"]))
    chosen = list(policies or present)
    return chosen[0], chosen[-1]


def _pair(found: Futures, policies: Sequence[str] | None) -> tuple[int, int]:
    if len(found.policies) < 2:
        raise InputError("policies", "there is only one.", "Name two.")
    if policies is not None and len(found.policies) != 2:
        raise InputError("policies", f"{len(found.policies)} are named.", "Name two.")
    return 0, len(found.policies) - 1


def _one_world(found: Futures) -> None:
    worlds = list(dict.fromkeys(found.worlds.tolist()))
    if len(worlds) > 1:
        raise InputError("worlds", f"the sweep has {', '.join(worlds)}.", "Name one with --world.")
