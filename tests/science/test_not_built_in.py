"""The rule that makes the model worth trusting: the net effect of openness is an output.

Regimes differ in attributes only; with every channel shut openness changes nothing; over the declared prior no headline
outcome knows its sign beforehand; the worlds of offence and defence disagree.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim.axes import JURISDICTIONS
from sim.outcomes import HEADLINES, OUTCOMES
from sim.parameters import REGISTRY
from sim.policies.openness import ForbidAbove
from sim.regimes import REGIMES, RegimeRow
from sim.results import Results
from sim.runner import run
from sim.scenario import Scenario, load
from tests.support import differing, small

PAIR = ("closed_frontier", "open_by_default")
CHANNELS = tuple(entry.name for entry in REGISTRY.table("channels"))
SHUT = dict.fromkeys(CHANNELS, 0.0)

COUNTS = {
    "open_capability": "best model among those whose row lets the weights out",
    "capability_beyond_recall": "the same, or stolen and public",
    "capability_lag_months": "frontier against the open frontier",
    "compute_lag_months": "largest run against the largest open run",
    "elo_gap": "frontier against the open frontier",
    "open_release_share": "rows of the ledger whose weights are out",
    "open_release_share_1e23": "the same from 1e23 FLOP",
    "open_release_share_1e25": "the same from 1e25 FLOP",
    "unreleased_share": "rows of the ledger that nobody can use",
    "release_components": "components that the rows in the ledger publish",
    "permissive_release_share": "licences of the rows in the ledger",
    "release_documentation": "documentation of the rows in the ledger",
    "release_safeguards": "safeguards of the rows in the ledger",
    "leader_open": "row of the leader's flagship",
    "open_usage_share": "use of flagships by whether their row lets the weights out",
    "open_usage_share_enterprise": "the same in enterprise segments",
    "open_usage_share_developer": "the same in the developer segment",
}
"""Outcomes that count openness itself: they read the rows that were chosen, not what follows from them."""


def only(row: str, months: int = 36, name: str = "", added: tuple[RegimeRow, ...] = (), **fields: object) -> Scenario:
    """From the first month on, every developer everywhere must release under one row."""
    base = small(months=months)
    forbidden = tuple(other for other in (*REGIMES.ids, *(new.id for new in added)) if other != row)
    policy = ForbidAbove(
        start=base.start,
        threshold="training_flop",
        value=0.0,
        regimes=forbidden,
        jurisdictions=JURISDICTIONS,
        compliance_cost=0.0,
    )
    return base.replace(name=name or row, policies=(policy,), regimes=added, **fields)


ROWS = tuple(row for row in REGIMES.ids if row not in {other.opens_to for other in REGIMES})
"""Rows that can be chosen; the others are what a staged release turns into."""


@pytest.mark.parametrize("row", ROWS)
def test_equal_attributes_give_equal_outcomes(row: str) -> None:
    twin = RegimeRow("elsewhere", "the same under another name", like=row, opens_to=REGIMES[row].opens_to)
    named, other = (only(chosen, 30, f"only_{chosen}", (twin,)) for chosen in (row, "elsewhere"))
    results = run([named, other], replicates=2)
    assert not differing(results.select(named.name).monthly, results.select(other.name).monthly)
    details = results.select(named.name).details, results.select(other.name).details
    assert not differing(*details)


@pytest.mark.parametrize(("closed", "open_"), [("r2", "r7"), ("r0", "r9"), ("r5", "r8"), ("r6", "r7")])
def test_with_every_channel_shut_openness_changes_nothing(closed: str, open_: str) -> None:
    pair = [only(row, 48, parameters=SHUT) for row in (closed, open_)]
    results = run(pair, replicates=3)
    changed = differing(results.select(closed).monthly, results.select(open_).monthly)
    assert changed <= set(COUNTS)
    assert "open_capability" in changed or open_ == "r6"
    assert not differing(results.select(closed).details, results.select(open_).details)


def test_with_every_channel_shut_nothing_matters_over_the_prior_either() -> None:
    pair = [only(row, 24, parameters=SHUT) for row in ("r2", "r8")]
    results = run(pair, replicates=1, draws=12)
    assert differing(results.select("r2").monthly, results.select("r8").monthly) <= set(COUNTS)


ALONE = tuple(channel for channel in CHANNELS if channel not in {"channels.release", "channels.catastrophe"})


@pytest.mark.parametrize("channel", ALONE)
def test_each_channel_alone_matters(channel: str) -> None:
    pair = [only(row, 36, parameters={**SHUT, channel: 1.0}) for row in ("r2", "r7")]
    results = run(pair, replicates=2, details=False)
    changed = differing(results.select("r2").monthly, results.select("r7").monthly)
    assert changed - set(COUNTS)


def test_release_sees_openness_only_through_its_channel() -> None:
    # Where only this channel is open, developers choose otherwise, and nothing follows from it.
    free = small(months=36)
    pair = [
        free.replace(name=name, parameters={**SHUT, "channels.release": x}) for name, x in (("shut", 0.0), ("on", 1.0))
    ]
    results = run(pair, replicates=2, details=False)
    changed = differing(results.select("shut").monthly, results.select("on").monthly)
    assert {"open_capability", "open_release_share"} <= changed <= set(COUNTS)


def test_catastrophe_sees_that_access_is_irrevocable() -> None:
    # Its channel matters where misusers can use open weights at all.
    some = {**SHUT, "channels.misuse": 1.0}
    pair = [
        only("r7", 36, name, parameters={**some, "channels.catastrophe": x}) for name, x in (("shut", 0.0), ("on", 1.0))
    ]
    results = run(pair, replicates=2, details=False)
    shut, on = results.select("shut").monthly, results.select("on").monthly
    assert differing(shut, on) <= {"catastrophe_misuse", "catastrophe_probability", "catastrophes"}
    assert (on["catastrophe_misuse"][:, -1] > shut["catastrophe_misuse"][:, -1]).all()


FORMS = REGISTRY["defence.form"].options or ()


DAMAGE = ("cumulative_harm", "ai_attributable_harm", "catastrophe_probability")
ASKED = {form: (96, HEADLINES) if form == "nested" else (32, DAMAGE) for form in FORMS}
"""Draws, and outcomes, by form of the contested kernel; the other forms change only harm. Of 96 draws at least one goes
the other way with probability .99 when one in twenty does."""


def better_when_open(form: str, draws: int) -> Mapping[str, float]:
    """Share of draws from the prior in which opening improves each headline outcome; ties count half."""
    names = ("closed_frontier", "open_by_default")
    pair = [small(name, 120, (f"defence.form={form}",)) for name in names]
    results = run(pair, replicates=1, draws=draws, details=False)
    closed, opened = (results.select(name).summary() for name in names)
    out = {}
    for name in HEADLINES:
        gain = opened[name] - closed[name] if OUTCOMES[name].direction == "higher" else closed[name] - opened[name]
        out[name] = float(np.mean(gain > 0) + np.mean(gain == 0) / 2)
    return out


@pytest.mark.parametrize("form", FORMS)
def test_no_sign_is_built_in(form: str) -> None:
    draws, asked = ASKED[form]
    chance = better_when_open(form, draws)
    print(f"\nP(open better) over the prior, defence.form = {form}")
    print("\n".join(f"  {name:26s} {value:.3f}" for name, value in chance.items()))
    assert {name: p for name, p in chance.items() if name in asked and not 0 < p < 1} == {}


@cache
def pair(world: str, shut: str | None = None) -> Results:
    """A closed frontier and everything open, run by run; perhaps with a channel shut."""
    settings = (f"{shut}=0",) if shut else ()
    return run([load(name, (world,), settings) for name in PAIR], replicates=96, details=False)


def harm(world: str, shut: str | None = None) -> tuple[float, float]:
    """Expected harm with everything open over that with a closed frontier, pair by pair: mean and standard error."""
    closed, opened = (pair(world, shut).select(name).summary()["cumulative_harm"] for name in PAIR)
    x = opened / closed
    return float(x.mean()), float(x.std() / np.sqrt(len(x)))


def test_openness_adds_harm_in_the_world_of_offence() -> None:
    mean, error = harm("offence_dominant")
    assert mean - 2 * error > 1


def test_openness_lowers_harm_in_the_world_of_defence() -> None:
    mean, error = harm("defence_dominant")
    assert mean + 2 * error < 1


def test_the_sign_in_the_world_of_offence_comes_through_misuse() -> None:
    # Where nobody misuses open weights more than an interface, openness lowers harm there too.
    mean, error = harm("offence_dominant", "channels.misuse")
    assert mean + 2 * error < 1


def test_the_sign_in_the_world_of_defence_comes_through_defence() -> None:
    # Where defenders get nothing from open weights, openness adds harm there too.
    mean, error = harm("defence_dominant", "channels.defence")
    assert mean - 2 * error > 1


def test_patches_and_tools_are_what_openness_gives_defenders() -> None:
    # By these a report shows the channel: holes close earlier and protection rises, against more harm by open weights.
    closed, opened = (pair("defence_dominant").select(name).summary() for name in PAIR)
    assert opened["unpatched_share"].mean() < closed["unpatched_share"].mean()
    assert opened["protection"].mean() > closed["protection"].mean()
    assert opened["harm_route_open_weights"].mean() > closed["harm_route_open_weights"].mean()
    assert opened["harm_route_stolen"].mean() < closed["harm_route_stolen"].mean()
