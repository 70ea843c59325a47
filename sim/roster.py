"""The roster: who decides for which columns of an actor's arrays.

The batch runner has one decider per kind over all columns; a Mesa model has one agent per developer and regulator,
each with its own column. A decision reads only its own columns, the public record and its own uniforms, so both give
the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.actors.builders import BuilderDecisions
from sim.actors.defenders import DefenderDecisions
from sim.actors.labs import LabDecisions
from sim.actors.misusers import MisuserDecisions
from sim.actors.regulators import RegulatorDecisions

Columns = NDArray[np.int64] | slice
EVERYONE = slice(None)


@dataclass(frozen=True)
class Roster:
    """Deciders and their columns; populations decide as groups."""

    labs: Sequence[tuple[LabDecisions, Columns]] = field(default_factory=lambda: [(LabDecisions(), EVERYONE)])
    regulators: Sequence[tuple[RegulatorDecisions, Columns]] = field(
        default_factory=lambda: [(RegulatorDecisions(), EVERYONE)]
    )
    misusers: MisuserDecisions = field(default_factory=MisuserDecisions)
    defenders: DefenderDecisions = field(default_factory=DefenderDecisions)
    builders: BuilderDecisions = field(default_factory=BuilderDecisions)


def roster(slots: int, labs: Mapping[int, type[LabDecisions]] | None = None) -> Roster:
    """A roster for the batch runner in which some slots have a decider of their own class.

    Parameters
    ----------
    slots : int
        Number of slots for developers.
    labs : mapping of int to class, optional
        Slot to subclass of `LabDecisions`.

    Raises
    ------
    ValueError
        If a slot does not exist.
    """
    special = dict(labs or {})
    unknown = [slot for slot in special if not 0 <= slot < slots]
    if unknown:
        raise ValueError(f"there is no slot {unknown[0]}: slots are 0 to {slots - 1}")
    if not special:
        return Roster()
    rest = np.array([slot for slot in range(slots) if slot not in special], np.int64)
    deciders: list[tuple[LabDecisions, Columns]] = [(LabDecisions(), rest)] if len(rest) else []
    deciders += [(decide_as(cls), np.array([slot], np.int64)) for slot, cls in sorted(special.items())]
    return Roster(labs=deciders)


def decide_as(cls: type[LabDecisions]) -> LabDecisions:
    """An instance that decides like `cls` without being an agent.

    A Mesa agent's class is used for its decisions only.
    """
    decider = LabDecisions.__new__(cls)
    return decider
