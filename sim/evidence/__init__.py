"""The facts that parameters, scenarios and validation cite, each with its source and with how well it was verified."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import Any

from sim.errors import InputError

VERIFICATIONS = (
    "primary source",
    "computed from the data set named",
    "secondary source",
    "partly verified",
    "unverified",
)
"""How well a fact was verified, best first."""

TABLE = "sim/evidence/facts.csv"


@dataclass(frozen=True)
class Fact:
    """One row of ``facts.csv``, in the wording of its columns.

    ``value`` is text, because it may be a series or a comparison; ``low`` and ``high`` are in ``unit``, None where the
    source gives no range. ``use`` says whether the fact sets an input, is a target of calibration or has to come out.
    """

    id: str
    theme: str
    quantity: str
    value: str
    low: float | None
    high: float | None
    unit: str
    date: str
    source: str
    verification: str
    use: str

    @property
    def verified(self) -> bool:
        """Whether it may be stated as fact or calibrated to; an unverified one may only set a wide range."""
        return self.verification != "unverified"


@cache
def facts() -> MappingProxyType[str, Fact]:
    """Return the facts by id, in the order of the file.

    Raises
    ------
    InputError
        If an id stands twice or a row lacks a known verification status.
    """
    table: dict[str, Fact] = {}
    text = (files("sim.evidence") / "facts.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text)):
        limits = {limit: float(row[limit]) if row[limit] else None for limit in ("low", "high")}
        columns: dict[str, Any] = {**row, **limits}
        fact = Fact(**columns)
        if fact.id in table:
            raise InputError(TABLE, f"id {fact.id} stands twice.", "Give each fact an id of its own.")
        if fact.verification not in VERIFICATIONS:
            known = ", ".join(VERIFICATIONS)
            raise InputError(
                f"{TABLE}, {fact.id}", f"verification is {fact.verification!r}.", f"Write one of: {known}."
            )
        table[fact.id] = fact
    return MappingProxyType(table)


def verified(id: str) -> bool:
    """Return whether a fact may be stated as fact or calibrated to; KeyError if there is no such fact."""
    return facts()[id].verified
