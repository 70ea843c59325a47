"""Names in words of domains, routes and other axes."""

from __future__ import annotations

from collections.abc import Sequence

LABELS = {
    "fraud": "fraud and impersonation",
    "cyber": "cyber intrusion",
    "influence": "influence and intimate imagery",
    "bio": "biological or chemical",
    "no_ai": "no AI",
    "api": "hosted interface",
    "open_weights": "open weights",
    "stolen": "stolen weights",
    "us": "United States",
    "eu": "European Union",
    "china": "China",
    "rest": "rest of the world",
}


def label(name: str) -> str:
    """Return an identifier in words."""
    return LABELS.get(name, name.replace("_", " "))


def labels(names: Sequence[str]) -> tuple[str, ...]:
    """Return identifiers in words, in order."""
    return tuple(label(name) for name in names)


def readable(name: str) -> str:
    """Return an identifier as the beginning of a sentence."""
    words = label(name)
    return words[:1].upper() + words[1:]
