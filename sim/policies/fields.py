"""Declared fields of policies: each number with its unit, its admissible range, its default and a plain description.

The same declarations check a policy built in Python, a scenario file, a form and the published schema.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.axes import JURISDICTIONS
from sim.errors import InputError

OPEN_ROWS = ("r7", "r8", "r9", "r5_opened")
"""Rows of the regime table whose weights anybody may download."""

EARLIEST, LATEST = 2000 * 12, 2200 * 12 - 1
"""Absolute months between which a date may lie."""


def absolute_month(year: int, month: int) -> int:
    """Absolute number of a calendar month: ``year * 12 + month - 1``."""
    return year * 12 + month - 1


def month_name(month: int) -> str:
    """Write an absolute month as ``YYYY-MM``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def number(default: float | None, low: float, high: float, unit: str, description: str) -> Any:
    """Declare a number; a default of None makes it optional."""
    return _declare("number", default, unit=unit, low=low, high=high, description=description)


def integer(default: int, low: int, high: int, unit: str, description: str) -> Any:
    """Declare a whole number."""
    return _declare("integer", default, unit=unit, low=low, high=high, description=description)


def date(default: int | None, description: str) -> Any:
    """Declare a month; None means open-ended."""
    return _declare("date", default, unit="month", low=EARLIEST, high=LATEST, description=description)


def choice(default: str, options: tuple[str, ...], description: str) -> Any:
    """Declare one word out of several."""
    return _declare("choice", default, unit="word", options=options, description=description)


def places(default: tuple[str, ...], description: str) -> Any:
    """Declare a list of jurisdictions."""
    return _declare("places", default, unit="jurisdictions", options=JURISDICTIONS, description=description)


def rows(default: tuple[str, ...], description: str) -> Any:
    """Declare a list of rows of the regime table."""
    return _declare("rows", default, unit="regimes", description=description)


def _declare(type_: str, default: object, **metadata: object) -> Any:
    return dataclasses.field(default=default, metadata={"type": type_, "default": default, **metadata})


def near(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known words, or all of them if they are few."""
    known = sorted(known)
    close = difflib.get_close_matches(word[:80], known, n=2, cutoff=0.55)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(known)}." if len(known) <= 40 else ""


def checked(where: str, value: object, metadata: Mapping[str, Any]) -> object:
    """Return a value in its canonical form.

    Parameters
    ----------
    where : str
        Policy and field, for the message.
    value : object
        What was given.
    metadata : mapping
        The declaration of the field.

    Returns
    -------
    object
        A float, int, str, tuple of str, or None.

    Raises
    ------
    InputError
        If the value has the wrong type or lies outside its range.
    """
    type_ = metadata["type"]
    if value is None and metadata["default"] is None:
        return None
    if type_ in ("places", "rows"):
        return _words(where, value, metadata)
    if type_ == "choice":
        if not isinstance(value, str) or value not in metadata["options"]:
            raise InputError(
                where, f"{value!a:.80} is not one of the possible words.", near(str(value), metadata["options"])
            )
        return value
    return _numeric(where, value, metadata)


def _numeric(where: str, value: object, metadata: Mapping[str, Any]) -> float | int:
    low, high, whole = metadata["low"], metadata["high"], metadata["type"] != "number"
    allowed = range_text(metadata)
    if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
        raise InputError(where, f"{value!a:.80} is not a number.", allowed)
    try:
        amount = float(value)
    except (OverflowError, ValueError, TypeError):
        amount = math.inf
    if not low <= amount <= high:
        raise InputError(where, f"{value!a:.80} is outside the range.", range_text(metadata, amount))
    if whole and amount != int(amount):
        raise InputError(where, f"{value!a:.80} is not a whole number.", allowed)
    return int(amount) if whole else amount + 0.0


def range_text(metadata: Mapping[str, Any], amount: float = 0.0) -> str:
    """Say what a number may be, and what was probably meant by a plain number where a power of ten is wanted."""
    if metadata["type"] == "date":
        return f"Allowed: {month_name(metadata['low'])} to {month_name(metadata['high'])}."
    text = f"Allowed: {metadata['low']:.10g} to {metadata['high']:.10g} ({metadata['unit']})."
    if "log10" in metadata["unit"] and 1e9 < amount < 1e60:
        return f"{text} The unit is the power of ten: write {math.log10(amount):.4g}."
    return text


def _words(where: str, value: object, metadata: Mapping[str, Any]) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise InputError(where, f"{value!a:.80} is not a list of words.", 'Write for example ["us", "eu"].')
    words = tuple(value)
    known = metadata.get("options")
    for word in words:
        if not isinstance(word, str) or (known and word not in known):
            raise InputError(where, f"{word!a:.80} is unknown.", near(str(word), known or ()))
        if not re.fullmatch(r"[a-z0-9_]{1,40}", word):
            raise InputError(
                where, f"{word!a:.80} is not an identifier.", "Use lower-case letters, digits and underscores."
            )
    if not words:
        raise InputError(where, "the list is empty.", "Name at least one, or leave the policy out.")
    order = {word: i for i, word in enumerate(known or sorted(set(words)))}
    return tuple(sorted(set(words), key=order.__getitem__))
