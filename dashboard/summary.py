"""What changed and through which channel, in sentences computed from the runs; nothing here knows what to expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from dashboard.picture import difference, narrowed, view_of
from sim import figures

F64 = NDArray[np.float64]
PARTS = {
    "innovation": ("innovation_on_open", "builders_open_share", "frontier_capability"),
    "concentration": ("open_usage_share", "active_labs", "effective_developers"),
    "harm": ("protection", "capability_beyond_recall", "median_days_to_patch"),
    "catastrophe": ("capability_beyond_recall", "unresolved_flaws", "safety_effort"),
    "lags": ("open_capability", "frontier_capability"),
}
"""Outcomes that lie on the way to those of a group; what the runs say of them is told, whatever it is."""
SURPLUS = ("surplus_enterprise", "surplus_developers", "surplus_consumers")
MOST = 3
"""Channels that are named."""
MOST_STEPS = 5
"""Outcomes on the way that are named, the best settled first."""
LEAST = 0.5
"""Percent of the baseline below which a difference is not worth a sentence."""


def summary(results: Any, baseline: str, scenario: str, outcomes: Sequence[str]) -> list[str]:
    """Return sentences: how the outcomes differ, through which channels, and what moved on the way.

    Parameters
    ----------
    results : Results
        With details.
    baseline, scenario : str
        Names of scenarios in them.
    outcomes : sequence of str
        What is shown.
    """
    if scenario == baseline:
        return ["The scenario is the baseline itself: move a lever or choose another scenario to see a difference."]
    wanted = dict.fromkeys((*outcomes, *(name for parts in PARTS.values() for name in parts), *SURPLUS))
    view = view_of(narrowed(results.select((baseline, scenario)), list(wanted)), baseline)
    sentences = [_moved(view, effect) for effect in view.effects(scenario, list(outcomes))]
    if all(effect.mean == 0 for effect in view.effects(scenario, list(outcomes))):
        return ["None of the outcomes shown differs from the baseline in any run."]
    groups = list(dict.fromkeys(sim.OUTCOMES[name].group for name in outcomes))
    if "harm" in groups or "catastrophe" in groups:
        sentences += _by_channel(results, baseline, scenario)
    if "consumer_surplus" in outcomes:
        sentences += _by_segment(view, scenario)
    return sentences + list(_on_the_way(view, scenario, groups, outcomes))


def _moved(view: Any, effect: Any) -> str:
    label, share = effect.measure.label, effect.p_better
    if effect.mean == effect.low == effect.high == 0:
        return f"{label}: the same in every run."
    moved = "higher" if effect.mean > 0 else "lower"
    if not effect.clear:
        return f"{label}: the runs do not settle a direction, {difference(view, effect)}."
    often = "" if share is None else f", better in {100 * share:.0f} % of paired runs"
    return f"{label}: {moved}, {difference(view, effect)}{often}."


def _by_channel(results: Any, baseline: str, scenario: str) -> list[str]:
    """Name the channels that carry most of the difference in harm with AI."""
    detail = results.details.get("harm_channels")
    if detail is None:
        return []
    names = list(results.provenance.get("channels", ()))
    own, base = (
        np.add.reduce(np.asarray(detail[results.rows(name)], np.float64), axis=1) for name in (scenario, baseline)
    )
    change = own - base
    mean = change.mean(axis=0)
    error = change.std(axis=0, ddof=1) / np.sqrt(len(change))
    order = [i for i in np.argsort(-np.abs(mean)) if abs(mean[i]) > 2 * error[i]][:MOST]
    if not order:
        return ["Harm with AI: no channel differs by more than chance."]
    unit = figures.scale("USD", mean)
    told = [f"{names[i]} {unit.text(float(mean[i]), sign=True)}" for i in order]
    return [f"Harm with AI, by channel (sum over the months, largest first): {'; '.join(told)}."]


def _by_segment(view: Any, scenario: str) -> list[str]:
    effects = [effect for effect in view.effects(scenario, SURPLUS) if effect.clear]
    if not effects:
        return []
    unit = figures.scale("USD", [effect.mean for effect in effects])
    told = [f"{effect.measure.label.lower()} {unit.text(effect.mean, sign=True)}" for effect in effects]
    return [f"Where consumer surplus changes: {'; '.join(told)}."]


def _on_the_way(view: Any, scenario: str, groups: Sequence[str], outcomes: Sequence[str]) -> Iterator[str]:
    names = [name for group in groups for name in PARTS.get(group, ()) if name not in outcomes]
    effects = [effect for effect in view.effects(scenario, list(dict.fromkeys(names))) if effect.clear and effect.mean]
    told = [e for e in effects if not e.drawable or abs(e.percent(e.mean)) >= LEAST]
    for effect in sorted(told, key=lambda e: -abs(e.mean) / max(e.high - e.low, 1e-300))[:MOST_STEPS]:
        moved = "higher" if effect.mean > 0 else "lower"
        label = effect.measure.label
        yield f"On the way: {label[:1].lower()}{label[1:]} {moved}, {difference(view, effect)}."
