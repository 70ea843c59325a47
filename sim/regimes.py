"""Release regimes: rows of a table whose columns are attributes. Kernels read attributes, never the name of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sim.errors import InputError
from sim.parameters.entries import number
from sim.parameters.regime_table import attribute_bounds, regime_document

REFERENCE = "r2"
"""The row that a kernel sees in place of all others when its channel is shut: an ordinary API."""
OPEN = 0.5
"""Share of requesters served from which on an attribute counts as open: of weights, an interface, code."""
MOST_REVOCABLE_WHEN_OPEN = 0.05
LEAST_LOCAL_INFERENCE_WHEN_OPEN = 0.5


@dataclass(frozen=True)
class Attribute:
    """One column of the table: its unit, its admissible interval and where its values come from."""

    name: str
    unit: str
    description: str
    bounds: tuple[float, float]
    source: str
    reasoning: str


@dataclass(frozen=True)
class Regime:
    """One row of the table: default value of every attribute, and the row that it turns into after a staged delay."""

    id: str
    label: str
    attributes: Mapping[str, float]
    opens_to: str | None = None


@dataclass(frozen=True)
class RegimeRow:
    """A row that a scenario adds.

    Attributes
    ----------
    id, label : str
        Identifier (lower-case letters, digits and underscores) and the words for it.
    like : str or None
        Row whose attributes it has unless it states its own.
    attributes : mapping of str to float
        Its own attributes; all of them when `like` is None.
    opens_to : str or None
        Row that it turns into after the staged delay.
    """

    id: str
    label: str
    like: str | None = None
    attributes: Mapping[str, float] = field(default_factory=dict)
    opens_to: str | None = None


class Regimes:
    """The shipped rows and attributes, read on first use."""

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """The attributes by name, in order."""
        return {
            name: Attribute(
                name,
                spec["unit"],
                spec["description"],
                attribute_bounds(spec),
                spec["source"],
                spec.get("reasoning", ""),
            )
            for name, spec in regime_document()["attributes"].items()
        }

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of each attribute in `RegimeTable.block`."""
        return {name: place for place, name in enumerate(self.attributes)}

    @cached_property
    def _rows(self) -> dict[str, Regime]:
        return {
            row: Regime(
                row,
                cells["label"],
                {name: float(cells[name]["value"]) for name in self.attributes},
                cells.get("opens_to"),
            )
            for row, cells in regime_document()["regimes"].items()
        }

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the rows, in order."""
        return tuple(self._rows)

    def __iter__(self) -> Iterator[Regime]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    def __getitem__(self, row: str) -> Regime:
        return self._rows[row]

    def index(self, row: str) -> int:
        """Place of a row; `KeyError` when there is none."""
        return {name: place for place, name in enumerate(self._rows)}[row]


REGIMES = Regimes()
"""The shipped release regimes."""


def resolve(added: Sequence[RegimeRow] = (), where: str = "regimes") -> tuple[Regime, ...]:
    """The shipped rows followed by the rows that a scenario adds, each complete and consistent.

    Parameters
    ----------
    added : sequence of RegimeRow
        In order; a row may be like one before it.
    where : str
        File and field, for messages.

    Raises
    ------
    InputError
        When a row is incomplete, out of range, or contradicts itself.
    """
    rows = {row.id: row for row in REGIMES}
    targets = (*rows, *(row.id for row in added))
    for place, row in enumerate(added):
        here = f"{where}[{place}] {row.id}"
        if not isinstance(row.id, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", row.id):
            raise InputError(
                f"{here}: id", f"{row.id!r} is no identifier.", "Use lower-case letters, digits and underscores."
            )
        if row.id in rows:
            raise InputError(f"{here}: id", "there is a regime of that name.", "Give the added regime another id.")
        if row.opens_to is not None and row.opens_to not in targets:
            raise _unknown(f"{here}: opens_to", "regime", row.opens_to, targets)
        rows[row.id] = Regime(row.id, row.label, _attributes(row, rows, here), row.opens_to)
    return tuple(rows.values())


def _attributes(row: RegimeRow, rows: Mapping[str, Regime], where: str) -> dict[str, float]:
    if row.like is not None and row.like not in rows:
        raise _unknown(f"{where}: like", "regime", row.like, rows)
    for name, value in row.attributes.items():
        if name not in REGIMES.attributes:
            raise _unknown(where, "attribute", name, REGIMES.attributes)
        low, high = REGIMES.attributes[name].bounds
        if not number(value) or not low <= value <= high:
            unit = REGIMES.attributes[name].unit
            raise InputError(
                f"{where}: {name}", f"cannot be {value!r}.", f"Write a number from {low:g} to {high:g} ({unit})."
            )
    inherited = rows[row.like].attributes if row.like is not None else {}
    missing = [name for name in REGIMES.attributes if name not in inherited and name not in row.attributes]
    if missing:
        raise InputError(
            where, f"lacks {', '.join(missing)}.", 'State them, or write like = "r7" to take them from another regime.'
        )
    found = {name: float(row.attributes.get(name, inherited.get(name, 0.0))) for name in REGIMES.attributes}
    check_consistent(found, where)
    return found


def check_consistent(attributes: Mapping[str, float], where: str) -> None:
    """Raise `InputError` when weights are open and yet access can be withdrawn, or nobody can run the model."""
    if attributes["weights_access"] < OPEN:
        return
    if attributes["revocability"] > MOST_REVOCABLE_WHEN_OPEN:
        problem = f"= {attributes['revocability']:g}, but weights that are open cannot be recalled."
        remedy = f"Use at most {MOST_REVOCABLE_WHEN_OPEN:g}, or weights_access below {OPEN:g}."
        raise InputError(f"{where}: revocability", problem, remedy)
    if attributes["local_inference"] < LEAST_LOCAL_INFERENCE_WHEN_OPEN:
        problem = f"= {attributes['local_inference']:g}, but whoever has the weights can run them."
        remedy = f"Use at least {LEAST_LOCAL_INFERENCE_WHEN_OPEN:g}, or weights_access below {OPEN:g}."
        raise InputError(f"{where}: local_inference", problem, remedy)


def _unknown(where: str, what: str, name: object, known: Any) -> InputError:
    near = get_close_matches(str(name), list(known), n=1)
    return InputError(
        where, f"there is no {what} {name!r}.", f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    )
