"""Reading the first member of a batch as plain numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


def member(array: Any) -> Any:
    """The first member's row as plain numbers."""
    row = array[0].tolist()
    return row[0] if isinstance(row, list) and len(row) == 1 else row


def columns(record: Any, names: tuple[str, ...], n: int) -> list[dict[str, Any]]:
    """One dictionary an agent from arrays ``(agent,)`` or ``(member, agent, …)``."""
    found = {}
    for name in names:
        array = getattr(record, name)
        found[name] = (array if array.shape[0] == n and array.ndim == 1 else array[0]).tolist()
    return [{name: values[i] for name, values in found.items()} for i in range(n)]


def plain(record: Any) -> dict[str, Any]:
    """A record of one member's parameters as numbers, and lists along their index."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value if isinstance(value, str) else member(value) for name, value in values.items()}


def releases(ledger: Any) -> list[dict[str, Any]]:
    """Releases so far."""
    names = ("lab", "month", "size", "regime", "log10_flop", "capability", "offset", "opens_month", "open_month")
    n = int(ledger.count[0])
    values = zip(*(getattr(ledger, name)[0, :n].tolist() for name in names), strict=True)
    rows = [dict(zip(names, row, strict=True)) for row in values]
    return [{**row, "flop": row["log10_flop"], "open": row["open_month"] >= 0} for row in rows]


def regimes(table: Any) -> list[dict[str, float]]:
    """The regimes, one dictionary a row."""
    return [{name: float(a[0, r]) for name, a in table.attributes.items()} for r in range(len(table.ids))]
