"""What must follow when a question is put in another way: other names, other units, other sizes, stricter rules."""

import itertools
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.axes import JURISDICTIONS
from sim.model import ReleaseModel
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import POLICIES, absolute_month
from sim.runner import run
from sim.scenario import Scenario
from sim.state import State
from tests.support import small

MONTHS = 30
LIVELY = {"misuse.reconsider_share": 0.15, "misuse.turnover": 0.2, "innovation.reconsider_share": 0.2}


class Renamed:
    """Uniforms in which the person who stands at a place is another: `order` says who."""

    def __init__(self, inner: Any, prefix: str, order: np.ndarray) -> None:
        self._inner, self._prefix, self._order = inner, prefix, order

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def draw(self, stream: str, month: int, ids: int) -> np.ndarray:
        drawn = self._inner.draw(stream, month, ids)
        return drawn[:, self._order] if stream.startswith(self._prefix) else drawn

    def at(self, stream: str, month: int, member: np.ndarray, ids: np.ndarray) -> np.ndarray:
        if stream.startswith(self._prefix):
            each = 4 if stream == "misuser.route" else 1
            ids = self._order[ids // each] * each + ids % each
        return np.asarray(self._inner.at(stream, month, member, ids))


def shuffled(state: State, people: str, prefix: str) -> None:
    """Give the people of one kind other places, each with its own traits, state and luck."""
    record = getattr(state, people)
    count = len(record.kind if people == "misusers" else record.skill[0])
    order = np.random.default_rng(3).permutation(count)
    for field in fields(record):
        array = getattr(record, field.name)
        if isinstance(array, np.ndarray) and array.shape[-1] == count:
            setattr(record, field.name, np.ascontiguousarray(array[..., order]))
    state.uniforms = Renamed(state.uniforms, prefix, order)


def monthly(change: Callable[[State], None] | None = None) -> dict[str, np.ndarray]:
    model = ReleaseModel(small(months=MONTHS, parameters=LIVELY), rng=4, members=2)
    if change is not None:
        change(model.state)
    for _ in range(MONTHS):
        model.step()
    return dict(model.monthly)


@pytest.mark.parametrize(("people", "prefix"), [("misusers", "misuser."), ("builders", "builder.")])
def test_names_of_agents_are_of_no_consequence(people: str, prefix: str) -> None:
    plain, other = monthly(), monthly(lambda state: shuffled(state, people, prefix))
    # Who founds a developer is drawn from builders in the order of their numbers: the same chances, another founder.
    founded = (np.cumsum(plain["entries"], axis=1) > plain["entries"]) & (people == "builders")
    assert founded.mean() < 0.5
    for name, series in plain.items():
        same = np.where(founded, series, other[name])
        assert_allclose(same, series, rtol=1e-6, atol=1e-9 * np.abs(series).max(), err_msg=name)
        assert_allclose(other[name], series, rtol=1e-3, atol=1e-4 * np.abs(series).max(), err_msg=name)


def test_luck_that_is_not_renamed_shows() -> None:
    def luck_stays(state: State) -> None:
        uniforms = state.uniforms
        shuffled(state, "misusers", "misuser.")
        state.uniforms = uniforms

    plain, other = monthly()["harm_route_api"], monthly(luck_stays)["harm_route_api"]
    assert np.abs(other / plain - 1).max() > 0.01


FACTOR = 4.0
"""New units of money to an old one: a power of two, so that rounding is the same."""


def priced_anew() -> dict[str, float]:
    """Parameters for money in other units: what counts it, or what a unit of it buys."""
    changed = {}
    for entry in REGISTRY:
        if entry.structural or "USD" not in entry.unit or entry.unit == "USD/USD":
            continue
        default = float(str(entry.default))
        if entry.unit == "log10 FLOP/USD":
            changed[entry.name] = default - float(np.log10(FACTOR))
        else:
            changed[entry.name] = default * FACTOR
    return changed


def test_units_of_money_are_of_no_consequence(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = priced_anew()
    assert {"market.revenue_initial_usd", "capability.flop_per_usd_log10", "misuse.harm_initial_usd_cyber"} <= set(
        changed
    )
    monkeypatch.setattr(type(REGISTRY), "check_value", lambda self, name, value, where: value)
    plain = run(small(months=MONTHS), replicates=3, details=False).monthly
    other = run(small(months=MONTHS, parameters=changed), replicates=3, details=False).monthly
    for name, series in plain.items():
        expected = series * (FACTOR if "USD" in OUTCOMES[name].unit else 1)
        assert_allclose(other[name], expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max(), err_msg=name)


EARLY = absolute_month(2000, 1)


def with_policy(kind: str, **fields_: Any) -> Scenario:
    policy = POLICIES[kind](start=EARLY, jurisdictions=JURISDICTIONS, **fields_)
    return small(months=6, name=f"{kind} {fields_}", policies=(policy,))


LADDERS: dict[str, tuple[str, tuple[float, ...]]] = {
    "forbid_above": ("value", (28.0, 26.0, 25.0, 24.0, 22.0)),
    "staged_release": ("value", (28.0, 26.0, 24.0)),
    "safety_case": ("ceiling", (0.5, 0.1, 0.02)),
    "mandate_open": ("value", (28.0, 26.0, 24.0)),
}


@pytest.mark.parametrize("kind", LADDERS)
def test_a_stricter_rule_permits_no_more_on_the_same_path(kind: str) -> None:
    """From the same state, what a stricter rule permits for the month's models is part of what a laxer one does."""
    field, rungs = LADDERS[kind]
    allowed = []
    for rung in rungs:
        model = ReleaseModel(with_policy(kind, **{field: rung}), rng=9, members=3)
        model.step()
        candidates = model.state.candidates
        assert candidates is not None and candidates.due.any()
        allowed.append(candidates.permitted.copy())
    first = allowed[0].sum()
    for laxer, stricter in itertools.pairwise(allowed):
        extra = stricter & ~laxer
        extra[..., 0] = False  # the closest row is permitted where no other is
        assert not extra.any()
    assert allowed[-1].sum() < first


@pytest.mark.parametrize(
    ("kind", "field", "rungs", "outcome"),
    [
        ("compute_cap", "value", (27.0, 26.0, 25.5, 25.0), "frontier_training_flop"),
        ("compute_levy", "oom", (0.05, 0.2, 0.4), "frontier_training_flop"),
        ("patch_mandate", "factor", (1.2, 1.5, 2.0, 3.0), "median_days_to_patch"),
        ("know_your_customer", "share", (0.1, 0.4, 0.7, 1.0), "jailbreak_share"),
    ],
)
def test_a_stricter_rule_does_more(kind: str, field: str, rungs: tuple[float, ...], outcome: str) -> None:
    scenarios = [with_policy(kind, **{field: rung}).replace(months=24, name=f"{rung:g}") for rung in rungs]
    results = run(scenarios, replicates=3, details=False)
    means = [results.select(scenario.name).monthly[outcome].mean() for scenario in scenarios]
    assert all(later <= earlier * (1 + 1e-6) for earlier, later in itertools.pairwise(means)), means
    assert means[-1] < means[0]
