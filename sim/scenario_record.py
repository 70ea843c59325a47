"""What a scenario is once it is read: frozen, complete, checked, and the same wherever it came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError
from sim.outcomes.records import OUTCOMES
from sim.parameters import REGISTRY, check_value
from sim.policies import Policy, absolute_month, month_name, ordered
from sim.policies.fields import checked, integer, near
from sim.regimes import REGIMES, RegimeRow, resolve

SCHEMA_VERSION = 1
DEFAULT_START = absolute_month(2024, 1)
DEFAULT_MONTHS = 120
START: dict[str, Any] = {
    "type": "date",
    "default": DEFAULT_START,
    "low": absolute_month(2015, 1),
    "high": absolute_month(2100, 12),
    "unit": "month",
}
MONTHS: dict[str, Any] = {"type": "integer", "default": DEFAULT_MONTHS, "low": 1, "high": 600, "unit": "months"}


class Frozen(Mapping[str, Any]):
    """A mapping that cannot be changed, hashed and pickled by value."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True, kw_only=True)
class Population:
    """How many of each actor are simulated; each stands for a weight of real ones, so harm does not grow with them."""

    labs: int = integer(12, 2, 64, "labs", "developers at the start")
    slots: int = integer(24, 2, 64, "labs", "most developers at any time, entrants included")
    misusers: int = integer(2000, 1, 2_000_000, "agents", "simulated misusers")
    defenders: int = integer(500, 1, 100_000, "agents", "simulated defenders")
    builders: int = integer(2000, 1, 200_000, "agents", "simulated builders")

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = checked(f"population.{item.name}", getattr(self, item.name), item.metadata)
            object.__setattr__(self, item.name, value)
        if self.labs > self.slots:
            problem = f"{self.labs} labs do not fit into {self.slots} slots."
            raise InputError("population.labs", problem, "Raise slots (up to 64) or lower labs.")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A dated package of policies on a population, with the parameters that differ from their defaults.

    Attributes
    ----------
    name, title, question, story, tension : str
        Identifier and prose.
    sources : tuple of str
        Where the idea comes from.
    baseline : str or None
        Shipped scenario whose policies were inherited and with which it is compared.
    start : int
        First month, absolute.
    months : int
        Horizon.
    population : Population
        Numbers of agents.
    parameters : mapping of str to float or str
        Differences from the registry's defaults.
    policies : tuple of Policy
        Own and inherited ones; their order is of no consequence.
    regimes : tuple of RegimeRow
        Rows added to the regime table.
    expects : tuple of str
        Outcomes that should rise or fall against the baseline: a name, a space, and ``+`` or ``-``.
    worlds : tuple of str
        Worlds that were merged into `parameters`.
    notes : tuple of str
        What was odd while it was read.

    Raises
    ------
    InputError
        If anything is unknown or out of range.
    """

    name: str
    title: str = ""
    question: str = ""
    story: str = ""
    sources: tuple[str, ...] = ()
    tension: str = ""
    baseline: str | None = None
    start: int = DEFAULT_START
    months: int = DEFAULT_MONTHS
    population: Population = field(default_factory=Population)
    parameters: Mapping[str, float | str] = field(default_factory=Frozen)
    policies: tuple[Policy, ...] = ()
    regimes: tuple[RegimeRow, ...] = ()
    expects: tuple[str, ...] = ()
    worlds: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        start, months = (
            checked(f"{self.name}: start", self.start, START),
            checked(f"{self.name}: months", self.months, MONTHS),
        )
        values = {key: check_value(key, value, f"{self.name}: parameters") for key, value in self.parameters.items()}
        changes: dict[str, Any] = {"start": start, "months": months, "parameters": Frozen(values)}
        changes |= {
            key: tuple(getattr(self, key)) for key in ("sources", "policies", "regimes", "expects", "worlds", "notes")
        }
        for key, value in changes.items():
            object.__setattr__(self, key, value)
        for text in self.expects:
            if (name := text.partition(" ")[0]) not in OUTCOMES:
                raise InputError(f"{self.name}: expects", f"there is no outcome {name!a:.60}.", near(name, OUTCOMES))
        known = [row.id for row in resolve(self.regimes, f"{self.name}: regimes")] if self.regimes else REGIMES.ids
        for policy in self.policies:
            for where, row in named_rows(policy):
                if row not in known:
                    raise InputError(f"{self.name}: {where}", f"there is no regime {row!a:.60}.", near(row, known))

    @property
    def end(self) -> int:
        """First month after the horizon, absolute."""
        return self.start + self.months

    def replace(self, **changes: Any) -> Scenario:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def canonical(self) -> dict[str, Any]:
        """Return what decides the numbers in canonical form: no prose, policies in order, no value that is default."""
        full = resolved(self.replace(policies=ordered(self.policies)))
        kept = {key: full[key] for key in ("start", "months", "population", "policies", "regimes")}
        kept["parameters"] = {k: v for k, v in sorted(self.parameters.items()) if v != REGISTRY[k].default}
        return kept

    def digest(self) -> str:
        """Return the SHA-256 of the canonical form; scenarios with equal digests give equal numbers."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def named_rows(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each row of the regime table that a policy names, with the field that names it."""
    for item in dataclasses.fields(policy):
        if item.metadata["type"] == "rows":
            yield from ((f"{policy.kind}.{item.name}", row) for row in getattr(policy, item.name))


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a plain document that stands alone: everything inherited or merged is written out.

    Reading the document gives an equal scenario (see `sim.scenario.from_document`).
    """
    document: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "resolved": True}
    for key in ("name", "title", "question", "story", "tension", "baseline"):
        if (value := getattr(scenario, key)) not in (None, ""):
            document[key] = value
    document |= {"sources": list(scenario.sources), "worlds": list(scenario.worlds)}
    document |= {"start": month_name(scenario.start), "months": scenario.months}
    document["population"] = dataclasses.asdict(scenario.population)
    document["parameters"] = dict(scenario.parameters)
    if scenario.expects:
        document["expects"] = list(scenario.expects)
    document["policies"] = [policy_document(policy) for policy in scenario.policies]
    document["regimes"] = [_regime_document(row) for row in scenario.regimes]
    return document


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return a policy as a plain table, as scenario files write it."""
    table: dict[str, Any] = {"kind": policy.kind}
    for item in dataclasses.fields(policy):
        value = getattr(policy, item.name)
        if value is None:
            continue
        if item.metadata["type"] == "date":
            value = month_name(value)
        table[item.name] = list(value) if isinstance(value, tuple) else value
    return table


def _regime_document(row: RegimeRow) -> dict[str, Any]:
    optional = {key: value for key in ("like", "opens_to") if (value := getattr(row, key)) is not None}
    return {
        "id": row.id,
        "label": row.label,
        **optional,
        "attributes": {k: float(v) for k, v in row.attributes.items()},
    }
