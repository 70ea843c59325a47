"""Values of policies in words that a lay reader understands."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim.axes import JURISDICTIONS
from sim.policies import Policy, ThresholdPolicy, month_name
from sim.policies.base import ComputeLine
from sim.regimes import RegimeRow, resolve
from sim.scenario_record import Scenario

PLACES = {"us": "the United States", "eu": "the European Union", "china": "China", "rest": "the rest of the world"}
COMMON = ("start", "end", "jurisdictions", "phase_in_months", "strength", "compliance_cost", "threshold")
SHARES = {
    "share": "%",
    "share/month": "% a month",
    "share of budget": "% of development budgets",
    "share of income": "% of income",
    "share of turnover": "% of turnover",
    "share of leader's run": "% of the leader's training run",
}
"""Units that are shown in percent."""


def amount(value: float, unit: str) -> str:
    """Return a number with its unit: shares in percent, orders of magnitude as powers of ten."""
    if unit in SHARES:
        return f"{100 * value:.4g} {SHARES[unit]}"
    if unit == "log10 FLOP":
        return f"10^{value:g} operations"
    if unit in ("OOM", "OOM/year"):
        return f"{value:g} {'order' if abs(value) == 1 else 'orders'} of magnitude{' a year' * (unit != 'OOM')}"
    if unit == "log10 factor":
        return f"{10**value:.3g} times the price"
    if unit == "factor":
        return f"{value:g} times"
    if unit == "access":
        box = {0.33: "black box", 0.67: "grey box", 0.85: "nearly white box", 1.0: "white box"}.get(round(value, 2), "")
        return f"{value:g} of 1" + (f", {box}" if box else "")
    if unit == "closed profits":
        return f"{value:g} times the profit of a closed release"
    return f"{value:g} {unit[:-1] if value == 1 and unit.endswith('s') else unit}"


def line(threshold: str, value: float) -> str:
    """Return which models a threshold binds."""
    if threshold == "training_flop":
        return f"models trained with 10^{value:g} operations or more"
    if threshold == "capability":
        return f"models worth 10^{value:g} operations or more at the efficiency of January 2024"
    if threshold == "distance_to_frontier":
        if value < 0:
            return f"models worth {100 * 10**value:.2g} % or more of the effective computing of the best model"
        return f"models that beat the best one by {amount(value, 'OOM')} or more"
    where = "in biology or chemistry" if threshold == "bio" else "in some domain of harm"
    side = "above" if value >= 0 else "below"
    return f"models from {amount(abs(value), 'OOM')} {side} the capability at which uplift begins {where}"


def kinds(names: Iterable[str], added: Iterable[RegimeRow] = ()) -> str:
    """Return rows of the regime table by their labels."""
    labels = {row.id: row.label for row in resolve(tuple(added))}
    return ", ".join(labels.get(name, name) for name in names)


def places(names: Iterable[str]) -> str:
    """Return where, in words."""
    given = tuple(names)
    if given == JURISDICTIONS:
        return "everywhere"
    *first, last = (PLACES[place] for place in given)
    return f"in {', '.join(first)} and {last}" if first else f"in {last}"


def dates(policy: Policy) -> str:
    """Return when, in words."""
    text = f"from {month_name(policy.start)}"
    text += f" until {month_name(policy.end)}" if policy.end is not None else ""
    return text + (f", phased in over {policy.phase_in_months} months" if policy.phase_in_months else "")


def field_texts(policy: Policy, scenario: Scenario) -> Iterator[str]:
    """Yield what a policy is set to: in words, with the key and the value of a scenario file behind."""
    if isinstance(policy, ThresholdPolicy):
        yield f"binds {line(policy.threshold, policy.value)} [threshold = {policy.threshold}, value = {policy.value:g}]"
    for item in dataclasses.fields(policy):
        value = getattr(policy, item.name)
        if item.name in COMMON or value is None or value == item.default == 0.0:
            continue
        if isinstance(policy, ThresholdPolicy) and item.name == "value":
            continue
        if item.metadata["type"] == "rows":
            yield f"{item.metadata['description']}: {kinds(value, scenario.regimes)} [{item.name}]"
        elif isinstance(policy, ComputeLine) and item.name == "value":
            yield f"binds {line('training_flop', value)} [value = {value:g}]"
        elif isinstance(value, float | int):
            yield f"{item.metadata['description']}: {_told(value, item.metadata)} [{item.name} = {value:g}]"
        else:
            yield f"{item.metadata['description']}: {value} [{item.name}]"
    for name, shown in (("strength", policy.strength < 1.0), ("compliance_cost", policy.compliance_cost > 0.0)):
        if shown:
            about = policy.__dataclass_fields__[name].metadata
            value = getattr(policy, name)
            yield f"{about['description']}: {_told(value, about)} [{name} = {value:g}]"


def _told(value: float, about: Mapping[str, Any]) -> str:
    """The amount, without its unit where the description has named what it is a share of."""
    of_what = about["unit"] in SHARES and about["description"].startswith("share of")
    return amount(value, "share" if of_what and about["unit"] != "share/month" else about["unit"])
