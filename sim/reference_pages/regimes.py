"""The page of release regimes."""

from __future__ import annotations

from collections.abc import Sequence

from sim.openness import (
    COMPONENTS,
    MOF_CLASSES,
    kapoor_properties,
    mof_class,
    released_components,
    solaiman_level,
    widder_affordances,
)
from sim.parameters import REGISTRY
from sim.reference_pages.evidence import linked
from sim.reference_pages.markdown import code, number, page, table, words
from sim.reference_pages.policies import readers
from sim.regimes import REGIMES, Attribute, Regime

INTRODUCTION = """Release regimes are rows of one table, `sim/regimes.toml`. They differ in attributes only; kernels
read attributes, never the name of a row, so two rows with equal attributes are the same regime. A scenario may add
rows; a row whose weights are open must not be revocable and must allow local inference.

Each value is a parameter with the name `regimes.ROW_ATTRIBUTE`, such as `regimes.r3_monitoring`: it can be set and,
where it has a range, draws sample it."""

DERIVED = """## What the literature would call them

Derived from the attributes for people to read; no kernel uses it. The level is that of the gradient of release
(Solaiman 2023), the class that of the Model Openness Framework (White et al. 2024), the five properties those of
Kapoor et al. (2024), the affordances those of Widder, West and Whittaker (2023), here as shares. Thresholds between
words are judgements and stand in `sim/openness.py`."""

VALUES = """## Values

In brackets the range, where there is one; *opens to* names the row that a staged release turns into."""

PROPERTIES = "## The five properties of open models\n\nAfter Kapoor et al. (2024)."

COMPONENTS_TEXT = """## The 17 components of the Model Openness Framework

A component counts as released from the threshold on of the attribute that it belongs to. A class also requires the
components of the classes before it; optional ones are not required."""


def regimes_page() -> str:
    """Return the page of regimes: attributes, ranges, and what the literature would call them."""
    rows = list(REGIMES)
    half = (len(rows) + 1) // 2
    heads = ["Attribute", "Unit", "What it is", "Source and reasoning", "Read by (in `sim/`)"]
    parts = [
        INTRODUCTION,
        "## Attributes",
        table(heads, map(_attribute, REGIMES.attributes.values())),
        VALUES,
        _values(rows[:half]),
        _values(rows[half:]),
        DERIVED,
        table(["Row", "Label", "Level of release", "Class", *_affordances(rows[0])], map(_derived, rows)),
        PROPERTIES,
        table(["Row", *kapoor_properties(rows[0])], map(_properties, rows)),
        COMPONENTS_TEXT,
        _components(rows),
    ]
    return page("Release regimes", *parts)


def _attribute(attribute: Attribute) -> list[str]:
    source = f"{linked(attribute.source)}. {attribute.reasoning}".strip()
    return [code(attribute.name), attribute.unit, attribute.description, source, readers(attribute.name)]


def _values(rows: Sequence[Regime]) -> str:
    heads = ["Attribute", *(f"{row.id}: {row.label}" for row in rows)]
    body = [[code(name), *(_value(row, name) for row in rows)] for name in REGIMES.attributes]
    return table(heads, [*body, ["*opens to*", *(code(row.opens_to) if row.opens_to else "–" for row in rows)]])


def _value(row: Regime, attribute: str) -> str:
    entry = REGISTRY[f"regimes.{row.id}_{attribute}"]
    shown = number(float(entry.default))
    if not entry.uncertain or entry.low is None or entry.high is None:
        return shown
    return f"{shown} ({number(entry.low)} to {number(entry.high)})"


def _affordances(row: Regime) -> list[str]:
    return [name.capitalize() for name in widder_affordances(row)]


def _derived(row: Regime) -> list[str]:
    reached = mof_class(row)
    named = f"{reached}: {MOF_CLASSES[reached]}" if reached else "none"
    shares = [f"{share:.2f}" for share in widder_affordances(row).values()]
    return [code(row.id), row.label, solaiman_level(row), named, *shares]


def _properties(row: Regime) -> list[str]:
    return [code(row.id), *("yes" if has else "no" for has in kapoor_properties(row).values())]


def _components(rows: Sequence[Regime]) -> str:
    released = {row.id: released_components(row) for row in rows}
    heads = ["Component", "Class", "Attribute and threshold", *(row.id for row in rows)]
    body = [
        [
            component.name,
            component.mof_class + " (optional)" * component.optional,
            f"{words(component.dimension)} ≥ {number(component.threshold)}",
            *("●" if component.name in released[row.id] else "" for row in rows),
        ]
        for component in COMPONENTS
    ]
    return table(heads, body)
