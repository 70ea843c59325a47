"""The table of regimes as the members of a batch see it, and how its attributes are gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import RECORDS
from sim.kernels.picks import rows
from sim.regimes import REFERENCE, REGIMES, RegimeRow, resolve

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RegimeTable:
    """The table as the members of a batch see it.

    Attributes
    ----------
    ids : tuple of str
        Rows, the shipped ones first.
    opens_to : ndarray of int64, (regimes,)
        Row that each turns into after the staged delay; its own index when it stays.
    block : ndarray of float32, (members, attributes, regimes)
        Every attribute, in the order of `REGIMES.attributes`.
    """

    ids: tuple[str, ...]
    opens_to: NDArray[np.int64]
    block: F32

    @cached_property
    def attributes(self) -> dict[str, F32]:
        """Every attribute ``(member, regime)`` by name."""
        return {name: np.ascontiguousarray(self.block[:, place]) for name, place in REGIMES.places.items()}

    @cached_property
    def choosable(self) -> NDArray[np.bool_]:
        """Rows that a developer can choose: not those that only a staged release turns into, ``(regime,)``."""
        found = np.ones(len(self.opens_to), bool)
        found[self.opens_to[self.opens_to != np.arange(len(self.opens_to))]] = False
        return found

    @cached_property
    def exposed(self) -> F32:
        """Share of a model's risk that each regime exposes others to, ``(member, regime)``.

        A staged release is judged by what it turns into.
        """
        share = (1 - self["safeguard_persistence"]) * (1 - self["revocability"])
        return np.asarray(np.maximum(share, share[:, self.opens_to]))

    def of_members(self, member: NDArray[np.int64], names: Sequence[str]) -> dict[str, F32]:
        """Some attributes of every row for events of these members, ``(event, regime)`` by name."""
        # Events last in memory: what is worked out from these rows is faster along many events than along few regimes.
        taken = _side_by_side(self, tuple(names)).take(member, axis=2)
        return {name: rows.T for name, rows in zip(names, taken, strict=True)}

    def of_rows(self, regime: NDArray[np.int64], names: Sequence[str]) -> F32:
        """Some attributes of the rows held in `regime` ``(member, …)``, in front: ``(attribute, member, …)``."""
        members, number, width = self.block.shape
        first = _first_places(members, number, width, tuple(names), regime.ndim)
        return np.asarray(self.block.reshape(-1).take(first + regime))

    @classmethod
    def build(cls, values: Mapping[str, Any], members: int, added: Sequence[RegimeRow] = ()) -> RegimeTable:
        """Lay out the table for members.

        Parameters
        ----------
        values : mapping of str to float or ndarray (members,)
            Values by full name (``regimes.r3_monitoring``); shipped attributes that are absent have their default, and
            an added row that is like another has the value which that row has in the same member.
        members : int
            Number of members.
        added : sequence of RegimeRow
            Rows that the scenario adds.

        Raises
        ------
        InputError
            When an added row is incomplete or contradicts itself.
        """
        rows = resolve(added)
        ids = tuple(row.id for row in rows)
        opens_to = np.array([ids.index(row.opens_to or row.id) for row in rows], np.int64)
        inherits = {
            (row.id, name): row.like for row in added for name in REGIMES.attributes.keys() - row.attributes.keys()
        }
        block = np.empty((members, len(REGIMES.places), len(rows)), np.float32)
        for name, attribute in REGIMES.places.items():
            array = block[:, attribute]
            for place, row in enumerate(rows):
                like = inherits.get((row.id, name))
                otherwise = row.attributes[name] if like is None else array[:, ids.index(like)]
                array[:, place] = values.get(f"regimes.{row.id}_{name}", otherwise)
        return cls(ids, opens_to, block)

    def __getitem__(self, attribute: str) -> F32:
        return self.attributes[attribute]

    def index(self, row: str) -> int:
        """Place of a row."""
        return self.ids.index(row)

    def rows(self, start: int, stop: int) -> RegimeTable:
        """The table of the members from `start` to `stop`."""
        return RegimeTable(self.ids, self.opens_to, self.block[start:stop])

    def seen(self, channel: F32) -> RegimeTable:
        """The table through a channel: at 1 as it is, at 0 every row exactly the reference row, between in proportion.

        Parameters
        ----------
        channel : ndarray of float32, (members, 1)
            Strength of the channel, 0 to 1.
        """
        open_, shut = np.asarray(channel, np.float32), np.float32(1) - np.asarray(channel, np.float32)
        place = self.ids.index(REFERENCE)
        reference = self.block[:, :, place : place + 1]
        return RegimeTable(self.ids, self.opens_to, self.block * open_[:, :, None] + reference * shut[:, :, None])


@lru_cache(maxsize=RECORDS)
def _side_by_side(table: RegimeTable, names: tuple[str, ...]) -> F32:
    """Some attributes of every row, ``(attribute, regime, member)``."""
    return np.stack([table[name].T for name in names])


@lru_cache(maxsize=256)
def _first_places(members: int, number: int, width: int, names: tuple[str, ...], axes: int) -> NDArray[np.int64]:
    """Flat place of the first row of attributes in a block, ``(attribute, member, 1, …)``; read-only."""
    places = np.array([REGIMES.places[name] for name in names])[:, None] * width
    made = (places + np.arange(0, members * number * width, number * width)).reshape(-1, members, *([1] * (axes - 1)))
    made.flags.writeable = False
    return made


def of_regime(table: RegimeTable, attribute: str, regime: INT) -> F32:
    """An attribute of the regime rows held in `regime` ``(m, …)``."""
    return rows(table[attribute], regime)
