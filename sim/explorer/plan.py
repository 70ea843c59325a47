"""What an explorer offers: scenarios, worlds, and a grid of a few levers on top of the baseline."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.errors import InputError
from sim.policies import POLICIES, Policy
from sim.policies.fields import near
from sim.scenario import Scenario, load
from sim.scenario_settings import apply_settings

SCENARIOS = ("closed_frontier", "staged_release", "compute_threshold_licensing", "open_by_default", "defender_first")
"""Policies that are shown unless others are named: closed, three between, open."""
WORLDS = ("default", "defence_dominant", "offence_dominant", "fast_progress")
LEVERS = ("staged_release.delay_months=off,3,6,12", "licensing.value=off,25,26,27")
OFF = "off"
MOST_LEVERS = 3
MOST_CELLS = 400
"""More make a file that browsers open slowly."""


@dataclass(frozen=True)
class Lever:
    """One lever of the grid.

    Attributes
    ----------
    path : str
        Policy and field, for example ``staged_release.delay_months``.
    policy : Policy
        The policy whose field is moved; its other fields are those of the scenario that it comes from.
    origin : str
        Title of that scenario.
    values : tuple of float or None
        Values of the field; ``None`` leaves the policy out.
    """

    path: str
    policy: Policy
    origin: str
    values: tuple[float | None, ...]

    @property
    def field(self) -> str:
        """Name of the field."""
        return self.path.partition(".")[2]

    @property
    def metadata(self) -> dict[str, Any]:
        """What the policy declares of the field: unit, description."""
        declared = next(item for item in dataclasses.fields(self.policy) if item.name == self.field)
        return dict(declared.metadata)

    @property
    def written(self) -> str:
        """The lever as the command line takes it."""
        return f"{self.path}={','.join(OFF if value is None else f'{value:g}' for value in self.values)}"

    def at(self, place: int) -> tuple[Policy, ...]:
        """Return the policy at the value in this place; nothing where it is left out."""
        value = self.values[place]
        changes: dict[str, Any] = {self.field: value}
        return () if value is None else (dataclasses.replace(self.policy, **changes),)


@dataclass(frozen=True)
class Plan:
    """All that is run for one explorer.

    Attributes
    ----------
    baseline : str
        Name of the scenario that all are compared with.
    scenarios : mapping of str to tuple of Scenario
        By world: the named scenarios, the baseline first.
    levers : tuple of Lever
        Axes of the grid; may be empty.
    """

    baseline: str
    scenarios: dict[str, tuple[Scenario, ...]]
    levers: tuple[Lever, ...]

    def grid(self, world: str) -> Iterator[Scenario]:
        """Yield the baseline with the levers at each combination of values but the one that changes nothing."""
        base = self.scenarios[world][0]
        for places in product(*(range(len(lever.values)) for lever in self.levers)):
            added = tuple(
                policy for lever, place in zip(self.levers, places, strict=True) for policy in lever.at(place)
            )
            if added:
                yield base.replace(name=cell_name(places), title=cell_name(places), policies=(*base.policies, *added))

    def runs_of(self, world: str) -> list[Scenario]:
        """Return every scenario that is run in a world."""
        return [*self.scenarios[world], *self.grid(world)]

    @property
    def cells(self) -> int:
        """How many scenarios are run, over all worlds."""
        return sum(len(self.runs_of(world)) for world in self.scenarios)


def cell_name(places: Sequence[int]) -> str:
    """Return the name of a cell of the grid from the places of its values."""
    return "grid_" + "_".join(map(str, places))


def plan_of(
    names: Sequence[str] = (),
    worlds: Sequence[str] = (),
    levers: Sequence[str] | None = None,
    baseline: str = "status_quo",
    months: int | None = None,
) -> Plan:
    """Return the plan of an explorer, checked.

    Parameters
    ----------
    names : sequence of str
        Shipped scenarios or files; `SCENARIOS` where none is named.
    worlds : sequence of str
        Worlds to choose from; `WORLDS` where none is named.
    levers : sequence of str, optional
        Each ``POLICY.FIELD=VALUE,VALUE,…``, a value may be ``off``. Without it, those of `LEVERS` whose policy one of
        the scenarios has.
    baseline : str
        What all are compared with.
    months : int, optional
        Horizon for all.

    Raises
    ------
    InputError
        For anything unknown, out of range, or too large.
    """
    wanted = [baseline, *(name for name in (names or SCENARIOS) if name != baseline)]
    loaded = {world: tuple(load(name, [world]) for name in wanted) for world in (worlds or WORLDS)}
    if months is not None:
        loaded = {world: tuple(item.replace(months=months) for item in row) for world, row in loaded.items()}
    first = next(iter(loaded.values()))
    _check_spans(first)
    found = _default_levers(first) if levers is None else tuple(_lever(text, first) for text in levers)
    _check_levers(found)
    plan = Plan(first[0].name, loaded, found)
    if plan.cells > MOST_CELLS:
        remedy = f"Name fewer scenarios, worlds or values: at most {MOST_CELLS} together."
        raise InputError("explorer", f"it would hold {plan.cells} sets of runs.", remedy)
    return plan


def _check_spans(scenarios: Sequence[Scenario]) -> None:
    names = [item.name for item in scenarios]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f"scenario {twice!r}", "it is named twice.", "Name each scenario once.")
    if len({(item.start, item.months) for item in scenarios}) > 1:
        raise InputError("scenarios", "they differ in start or months.", "Add --months N, and scenarios of one start.")


def _default_levers(scenarios: Sequence[Scenario]) -> tuple[Lever, ...]:
    own = {policy.kind for item in scenarios[1:] for policy in item.policies}
    return tuple(_lever(text, scenarios) for text in LEVERS if text.partition(".")[0] in own)


def _lever(text: str, scenarios: Sequence[Scenario]) -> Lever:
    """Read one lever; its policy is that of the first scenario that has it beyond the baseline."""
    where = f"--lever {text[:80]!r}"
    path, equals, listed = text.partition("=")
    kind, dot, field = path.strip().partition(".")
    if not equals or not dot or not listed.strip():
        raise InputError(where, "it is not of the form POLICY.FIELD=VALUE,VALUE.", f"For example {LEVERS[0]}.")
    if kind not in POLICIES:
        raise InputError(where, f"there is no policy {kind!r}.", near(kind, POLICIES))
    source = next((item for item in scenarios[1:] if _own(item, scenarios[0], kind)), None)
    if source is None:
        raise InputError(where, f"no scenario shown has the policy {kind}.", "Name a scenario that has it.")
    policy = _own(source, scenarios[0], kind)[0]
    values = tuple(_value(policy, f"{kind}.{field}", word.strip(), source) for word in listed.split(","))
    if len(values) < 2 or len(set(values)) < len(values):
        raise InputError(where, "it needs two or more different values.", f"For example {LEVERS[0]}.")
    return Lever(f"{kind}.{field}", policy, source.title, values)


def _own(scenario: Scenario, baseline: Scenario, kind: str) -> list[Policy]:
    return [p for p in scenario.policies if p.kind == kind and p not in baseline.policies]


def _value(policy: Policy, path: str, word: str, source: Scenario) -> float | None:
    """Read one value, checked by the rules for settings of scenarios."""
    if word == OFF:
        return None
    alone = source.replace(policies=(policy,))
    changed = getattr(apply_settings(alone, [f"{path}={word}"]).policies[0], path.partition(".")[2])
    if isinstance(changed, bool) or not isinstance(changed, int | float):
        raise InputError(f"--lever {path}", f"{word!r} is not a number.", "Levers of the explorer move numbers.")
    return float(changed)


def _check_levers(levers: Sequence[Lever]) -> None:
    kinds = [lever.policy.kind for lever in levers]
    twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    if twice:
        raise InputError("--lever", f"two levers move the policy {twice}.", "Give each lever a policy of its own.")
    if len(levers) > MOST_LEVERS:
        raise InputError("--lever", f"{len(levers)} levers are too many.", f"At most {MOST_LEVERS}.")
