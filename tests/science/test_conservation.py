"""What must hold after every month, looked at from outside: nothing is lost, nothing returns, parts make the whole."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sim import conservation
from sim.axes import ASSETS, DOMAINS, JURISDICTIONS, ROUTES, SIZES
from sim.kernels.safety import LEAST, MOST
from sim.model import ReleaseModel
from sim.outcomes import OUTCOMES
from sim.runner import run
from sim.scenario import scenario_names
from sim.state import State
from tests.support import small

MONTHS, MEMBERS = 9, 2
NAMES = scenario_names()
FIXED = ("lab", "month", "size", "log10_flop", "capability", "safeguard", "jurisdiction", "offset", "opens_month")


def months(name: str, start: str = "2026-10", length: int = MONTHS) -> Iterator[tuple[State, State]]:
    """The state before and after every month."""
    model = ReleaseModel(small(name, length, start=start), rng=5, members=MEMBERS)
    for _ in range(length):
        before = deepcopy(model.state)
        model.step()
        yield before, model.state


def shares(before: State, after: State) -> None:
    market = after.market
    there = market.available.any(axis=1)[:, None]
    assert_allclose(market.share.sum(axis=2), np.broadcast_to(there, market.share.shape[:2]), atol=1e-5)
    assert (market.share >= 0).all()
    assert (np.where(market.available[:, None], 0, market.share) == 0).all()
    assert_allclose(after.public.use_share.sum(axis=1), there[:, 0], atol=1e-5)


def money(before: State, after: State) -> None:
    market, p = after.market, after.parameters.market
    asked = market.size[:, :, None] * market.share * market.price[:, None] / p.reference_price[:, :, None] / 12
    assert_allclose(market.payments, asked, rtol=1e-4)
    paid = market.payments.sum(axis=(1, 2), dtype=np.float64)
    slots = after.labs.active.shape[1]
    owners = market.payments[:, :, :slots].sum(axis=1, dtype=np.float64)
    left = before.labs.active & ~after.labs.active
    assert_allclose(np.where(left, owners, after.labs.revenue_usd), owners, rtol=1e-4)
    assert_allclose(owners.sum(axis=1) + market.host_revenue.sum(axis=1), paid, rtol=1e-4)
    assert_allclose(market.paid_in_usd - before.market.paid_in_usd, paid, rtol=1e-6)
    assert_allclose(market.paid_out_usd, market.paid_in_usd, rtol=1e-5)


def ledger(before: State, after: State) -> None:
    old, new = before.ledger, after.ledger
    assert (new.count >= old.count).all() and ((new.count - old.count) % len(SIZES) == 0).all()
    for m, rows in enumerate(old.count):
        for field in FIXED:
            assert_array_equal(getattr(new, field)[m, :rows], getattr(old, field)[m, :rows])
        opened = old.open_month[m, :rows] >= 0
        assert_array_equal(new.open_month[m, :rows][opened], old.open_month[m, :rows][opened])
        fresh = slice(rows, new.count[m])
        assert (new.month[m, fresh] == after.clock.month).all()
        assert (new.open_month[m, : new.count[m]] <= after.clock.month).all()


def nothing_returns(before: State, after: State) -> None:
    for field in ("open_reach", "open_capability", "stripped_reach"):
        assert (getattr(after.labs, field) >= getattr(before.labs, field)).all()
    assert (after.labs.stripped_reach <= after.labs.open_reach).all()
    assert (after.knowledge.stolen >= before.knowledge.stolen).all()
    assert (np.diff(after.knowledge.stolen, axis=1) <= 0).all()  # each tier has at most what the one before holds
    assert (after.knowledge.public >= before.knowledge.public).all()
    assert (after.labs.knowledge >= before.labs.knowledge)[before.labs.active & after.labs.active].all()
    assert (after.defenders.unpatched <= before.defenders.unpatched + 1e-6).all()
    assert (after.defenders.unpatched >= after.parameters.defence.never_patched[:, :, None, None] - 1e-6).all()
    assert (after.builders.made >= before.builders.made).all()
    for name, total in after.catastrophe.items():
        assert (total >= before.catastrophe[name]).all()


def firms(before: State, after: State) -> None:
    flows = after.flows.values
    change = after.labs.active.sum(axis=1) - before.labs.active.sum(axis=1)
    assert_array_equal(change, (flows["entries"] - flows["exits"])[:, 0])
    gone = ~after.labs.active
    for field in ("budget_usd", "cash_usd", "revenue_usd"):
        assert (getattr(after.labs, field)[gone] == 0).all()
    assert (after.labs.cash_usd >= 0).all() or after.labs.pending_usd.any()


def people(before: State, after: State) -> None:
    assert not (after.misusers.active & after.misusers.stopped).any()
    assert_array_equal(after.misusers.skill, before.misusers.skill)
    assert_array_equal(after.misusers.weight, before.misusers.weight)
    assert_allclose(after.misusers.weight.sum(axis=1), 1, rtol=0.05)  # targets are interleaved, nearly evenly
    assert (after.builders.base < after.market.available.shape[1]).all()
    exposure = after.defenders.class_exposure.sum(axis=1)
    assert_allclose(exposure, 1, rtol=1e-5)


def artefacts(before: State, after: State) -> None:
    def held(state: State) -> tuple[np.ndarray, np.ndarray]:
        hub = state.artefacts
        weight = hub.weight.astype(np.float64)
        here = np.stack([weight.sum(axis=1), (weight * hub.downloads).sum(axis=1)], axis=1)
        return here + hub.retired, here

    made = after.flows.values["derivatives"][:, 0]
    born = held(after)[0] - held(before)[0]
    assert_allclose(born[:, 0], made, rtol=1e-3, atol=1e-3 * held(after)[0][:, 0].max())
    fetched = after.parameters.innovation.downloads_mean[:, 0] * made
    assert_allclose(born[:, 1], fetched, rtol=1e-2, atol=1e-4 * held(after)[0][:, 1].max())


def bounds(before: State, after: State) -> None:
    labs = after.labs
    assert ((labs.effort >= LEAST - 1e-6) & (labs.effort <= MOST + 1e-6)).all()
    assert ((labs.security_level >= 1) & (labs.security_level <= 5)).all()
    for name in ASSETS:
        assert ((getattr(labs, name) >= 0) & (getattr(labs, name) <= 1)).all()
    assert (labs.price > 0).all() and (labs.pending_usd >= 0).all()
    assert (labs.flaws_hidden >= 0).all() and (labs.flaws_known >= 0).all()
    assert ((after.regulators.stringency >= 0) & (after.regulators.stringency <= 1)).all()
    assert (after.regulators.salience >= 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_month(name: str) -> None:
    for before, after in months(name):
        for check in (shares, money, ledger, nothing_returns, firms, people, artefacts, bounds):
            check(before, after)


def test_a_long_run() -> None:
    for before, after in months("status_quo", "2024-01", 72):
        if after.clock.month % 6 == 5:
            for check in (shares, money, ledger, nothing_returns, firms, people, artefacts, bounds):
                check(before, after)


@cache
def outcomes(name: str = "status_quo") -> dict[str, np.ndarray]:
    return run(small(name, 24, start="2026-01"), replicates=3, details=False).monthly


SUMS = {
    "domains": [f"harm_{name}" for name in DOMAINS],
    "routes": [f"harm_route_{name}" for name in ROUTES],
    "jurisdictions": [f"harm_{name}" for name in JURISDICTIONS],
    "sizes of defenders": ["harm_large_defenders", "harm_small_defenders"],
}


@pytest.mark.parametrize("whole", ["realised_harm", "ai_attributable_harm"])
def test_domains_make_the_whole(whole: str) -> None:
    assert_allclose(sum(outcomes()[f"{whole}_{name}"] for name in DOMAINS), outcomes()[whole], rtol=1e-6)


@pytest.mark.parametrize("parts", SUMS)
def test_parts_of_harm_make_the_whole(parts: str) -> None:
    assert_allclose(sum(outcomes()[name] for name in SUMS[parts]), outcomes()["cumulative_harm"], rtol=1e-6)


def test_parts_of_surplus_make_the_whole() -> None:
    names = ("surplus_enterprise", "surplus_developers", "surplus_consumers")
    assert_allclose(sum(outcomes()[name] for name in names), outcomes()["consumer_surplus"], rtol=1e-5)


def test_surplus_of_places_makes_the_whole() -> None:
    names = [f"surplus_{place}" for place in JURISDICTIONS]
    assert_allclose(sum(outcomes()[name] for name in names), outcomes()["consumer_surplus"], rtol=1e-5)


def test_harm_of_generations_is_that_with_ai() -> None:
    # What defence made worse for attackers than no AI at all is not subtracted, so the parts are never less.
    added = outcomes()["harm_latest_models"] + outcomes()["harm_older_models"]
    assert (added >= outcomes()["ai_attributable_harm"] * (1 - 1e-6)).all()
    assert_allclose(added, outcomes()["ai_attributable_harm"], rtol=0.05, atol=1e6)


def test_hazards_make_the_probability() -> None:
    none = np.prod([1 - outcomes()[f"catastrophe_{kind}"] for kind in ("misuse", "accident", "correlated")], axis=0)
    assert_allclose(outcomes()["catastrophe_probability"], 1 - none, rtol=1e-6)


MAY_BE_NEGATIVE = {"ai_attributable_harm_share"}
ONCE_A_MONTH = {"misusers_stopped", "misusers_shut_out"}


@pytest.mark.parametrize("name", ["status_quo", "open_by_default", "closed_frontier_universal"])
def test_shares_and_indices_stay_inside(name: str) -> None:
    wrong = {}
    for key, series in outcomes(name).items():
        low, high = {"share": (0, 1), "probability": (0, 1), "HHI": (0, 10_000)}.get(OUTCOMES[key].unit, (None, None))
        if (
            low is not None
            and key not in MAY_BE_NEGATIVE
            and not ((series >= low) & (series <= high * (1 + 1e-6))).all()
        ):
            wrong[key] = (series.min(), series.max())
    assert not wrong


@pytest.mark.parametrize("name", ["status_quo", "open_by_default"])
def test_what_cannot_fall_does_not_fall(name: str) -> None:
    for key in ("open_capability", "catastrophe_probability", "frontier_training_flop"):
        assert (np.diff(outcomes(name)[key], axis=1) >= -1e-9).all(), key


def broken(change: Callable[[State], None]) -> State:
    model = ReleaseModel(small(months=2), rng=1)
    model.step()
    model.step()
    change(model.state)
    return model.state


def _shares(state: State) -> None:
    state.market.share[0, 0] *= 0.9


def _money(state: State) -> None:
    state.market.paid_out_usd[0] *= 0.99


def _reach(state: State) -> None:
    state.labs.stripped_reach[0, 0, 0] = state.labs.open_reach[0, 0, 0] + 1


def _history(state: State) -> None:
    state.public.open_history[0, -1] -= 1


def _ledger(state: State) -> None:
    state.ledger.month[0, 0], state.ledger.open_month[0, 0] = 5, 3
    state.ledger.count[0] = max(state.ledger.count[0], 1)


def _finite(state: State) -> None:
    state.labs.cash_usd[0, 0] = np.nan


def _type(state: State) -> None:
    state.labs.price = state.labs.price.astype(np.float64)


BREAKS = {
    _shares: "shares", _money: "payments", _reach: "un-released", _history: "un-released", _ledger: "ledger",
    _finite: "finite", _type: "float32",
}  # fmt: skip


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__[1:])
def test_the_model_itself_notices(change: Callable[[State], None]) -> None:
    with pytest.raises(conservation.ConservationError, match=BREAKS[change]):
        conservation.check(broken(change))


def test_it_is_content_with_a_sound_state() -> None:
    conservation.check(broken(lambda state: None))
