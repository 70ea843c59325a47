"""The page of facts, and citations of them in other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from sim.evidence import Fact, facts
from sim.reference_pages.markdown import number, page, table

FACT = re.compile(r"\b[A-G][0-9]{2}\b")
"""What an identifier of a fact looks like."""

INTRODUCTION = """Parameters, scenarios and worlds cite these rows by their identifier. They are shipped as
`sim/evidence/facts.csv`. Every row says how well it was verified; a row marked *unverified* may set a wide range, and
is neither a target nor to be quoted as a fact. The last column says what the model does with the row: it sets an
input, it is something that calibration aims at, or it has to come out by itself."""


def cited(source: str) -> list[Fact]:
    """Return the facts that a source names, in its order; none for a judgement."""
    known = facts()
    return [known[part] for part in (word.strip() for word in source.split(",")) if part in known]


def linked(text: str, folder: str = "") -> str:
    """Return text in which every known fact is a link to its row; `folder` is the way to ``docs/reference``."""
    known = facts()
    return FACT.sub(
        lambda found: f"[{found[0]}]({folder}facts.md#{found[0].lower()})" if found[0] in known else found[0], text
    )


def bibliography(found: Iterable[Fact]) -> str:
    """Return the sources of facts as a list, each once, in order of their identifiers."""
    each = {fact.id: fact for fact in found}
    return "\n".join(
        f"- {linked(name)}: {fact.quantity}. {plain(fact.source)} ({fact.date}; *{fact.verification}*)"
        for name, fact in sorted(each.items())
    )


def plain(text: str) -> str:
    """Return text of a source in which Markdown finds nothing to set."""
    return re.sub(r"([_*<>])", r"\\\1", text)


def facts_page() -> str:
    """Return the page of all facts, by theme."""
    heads = ["Id", "Quantity", "Value", "Range", "Unit", "Date", "Source", "Verification", "Use"]
    parts = [INTRODUCTION]
    for theme, rows in groupby(facts().values(), key=lambda fact: fact.theme):
        parts += [f"## {theme}", table(heads, map(_row, rows))]
    return page("Facts", *parts)


def _row(fact: Fact) -> list[str]:
    limits = [number(limit) for limit in (fact.low, fact.high) if limit is not None]
    texts = [fact.quantity, fact.value, " to ".join(limits), fact.unit, fact.date, fact.source]
    return [
        f'<a id="{fact.id.lower()}"></a>{fact.id}',
        *map(plain, texts),
        f"*{fact.verification}*",
        plain(fact.use).replace(" | ", "; "),
    ]
