"""Levers of a scenario and of its assumptions, read from the registries: a new one of either needs nothing here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sim
from dashboard.variants import START, shipped, written
from dashboard.views import ViewState
from sim import figures

LATER = ("end", "phase_in_months", "jurisdictions", "compliance_cost")
"""Fields that every instrument has and that stand behind "More"."""
UNSAID = ("word", "jurisdictions", "regimes", "month")
"""Units that a control shows without saying them."""
LOGARITHMIC = 50
"""A range of which the ends differ by more than this factor moves in steps of equal ratio."""


@dataclass(frozen=True)
class Lever:
    """One control: what it sets, in words, and what it may be.

    Parameters
    ----------
    path : str
        ``kind.field`` of a policy, or the full name of a parameter.
    scope : {"policy", "assumption"}
    type : str
        number, integer, date, choice, places or rows.
    label, help, unit : str
    default, value : object
        Of the preset, and now.
    low, high : float
        Ends of the slider; months for dates.
    bounds : tuple of float
        What may be typed.
    options : tuple of (str, str)
        Values and words of a choice or a list.
    optional : bool
        Whether a date may be left open.
    """

    path: str
    scope: str
    type: str
    label: str
    help: str
    unit: str
    default: Any
    value: Any
    low: float = 0.0
    high: float = 1.0
    bounds: tuple[float, float] = (0.0, 1.0)
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False

    @property
    def logarithmic(self) -> bool:
        """Whether the slider moves in steps of equal ratio."""
        return self.type == "number" and self.low > 0 and self.high / self.low > LOGARITHMIC

    def described(self) -> dict[str, Any]:
        """Return what the script of the page needs to know."""
        return {
            "scope": self.scope,
            "type": self.type,
            "label": self.label,
            "default": written(self.default, self.path),
            "low": self.low,
            "high": self.high,
            "log": self.logarithmic,
            "optional": self.optional,
        }


def policy_levers(policy: Any, original: Any, start: int, end: int) -> list[Lever]:
    """Return the levers of a policy; `original` is the one of the preset, or the default one."""
    found = []
    for item in fields(policy):
        declared: Mapping[str, Any] = item.metadata
        path = f"{policy.kind}.{item.name}"
        low, high = _ends(policy, item.name, declared, start, end)
        found.append(
            Lever(
                path,
                "policy",
                declared["type"],
                figures.readable(item.name),
                declared["description"],
                "" if declared["unit"] in UNSAID or declared["unit"] in item.name else declared["unit"],
                getattr(original, item.name),
                getattr(policy, item.name),
                low,
                high,
                (low, high),
                _options(declared),
                declared["type"] == "date" and declared["default"] is None,
            )
        )
    return found


def _ends(policy: Any, name: str, declared: Mapping[str, Any], start: int, end: int) -> tuple[float, float]:
    if declared["type"] == "date":
        return float(start), float(end)
    ranges = getattr(policy, "RANGES", {})
    if name == "value" and ranges:
        low, high = ranges[policy.threshold]
        return max(low, declared["low"]), min(high, declared["high"])
    return float(declared.get("low", 0.0)), float(declared.get("high", 1.0))


def _options(declared: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if declared["type"] == "rows":
        return tuple((row.id, row.label) for row in sim.REGIMES)
    return tuple((word, figures.readable(word)) for word in declared.get("options", ()))


def parameter_lever(name: str, value: Any) -> Lever:
    """Return the lever of a parameter."""
    p = sim.REGISTRY[name]
    if p.structural:
        options = tuple((word, figures.readable(word)) for word in p.options)
        return Lever(name, "assumption", "choice", p.description, "", "", p.default, value, options=options)
    low, high = float(p.low), float(p.high)
    low, high = (low, high) if low < high else p.bounds
    return Lever(name, "assumption", "number", p.description, "", p.unit, p.default, value, low, high, tuple(p.bounds))


@dataclass(frozen=True)
class Instrument:
    """An instrument of a scenario with its levers; `own` if the baseline's rules do not contain it."""

    kind: str
    title: str
    description: str
    own: bool
    count: int
    levers: tuple[Lever, ...]


def instruments(state: ViewState) -> Iterator[Instrument]:
    """Yield the instruments of the first scenario, its own ones first."""
    variant = state.scenarios[0]
    scenario = variant.scenario(state.worlds, state.months)
    originals = {policy.kind: policy for policy in reversed(shipped(variant.preset).policies)}
    books = {policy.kind for policy in shipped(START).policies}
    groups: dict[str, list[Any]] = {}
    for policy in scenario.policies:
        groups.setdefault(policy.kind, []).append(policy)
    for own in (True, False):
        for kind, group in groups.items():
            if (kind not in books or kind in variant.add) == own:
                first = originals.get(kind) if kind not in variant.add else None
                yield _instrument(group, first or sim.POLICIES[kind](), own, scenario)


def _instrument(group: list[Any], original: Any, own: bool, scenario: Any) -> Instrument:
    policy = group[0]
    found = policy_levers(policy, original, scenario.start, scenario.end)
    kept = found if own else [lever for lever in found if lever.path.endswith(".strength")]
    return Instrument(policy.kind, policy.title, policy.description, own, len(group), tuple(kept))


def assumptions(state: ViewState, featured: tuple[str, ...] = ()) -> list[Lever]:
    """Return the levers of the assumptions that are set, and of those that a page features."""
    names = dict.fromkeys((*featured, *state.assumptions))
    return [parameter_lever(name, state.assumptions.get(name, sim.REGISTRY[name].default)) for name in names]


def oddities(state: ViewState) -> list[str]:
    """Return what is odd about the first scenario as it is set: instruments without effect, implausible values."""
    usual = set(sim.warnings(shipped(state.scenarios[0].preset, state.worlds).replace(months=state.months)))
    return [text for text in sim.warnings(state.first()) if text not in usual]
