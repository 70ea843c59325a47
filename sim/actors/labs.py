"""Decisions of developers: safety effort, price, training budget, and how to release."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.actors.assets import at_hand
from sim.actors.racing import wanted_effort
from sim.axes import BUSINESS_MODELS, SEGMENTS
from sim.duties import on_developers, on_some
from sim.exemptions import relief, relief_of_flagships
from sim.kernels import capability, market, release, safety
from sim.kernels.choice import RECORDS
from sim.kernels.picks import rows
from sim.regime_table import of_regime
from sim.regimes import OPEN
from sim.setting import Parameters
from sim.state import Candidates, Public, State

F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]
INT = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)

LEAST = np.float32(1e-6)  # keeps shares finite where nobody is near the frontier
GIANT = BUSINESS_MODELS.index("platform_giant")


class LabView:
    """What the developers of some columns may read.

    Their own columns, the public record, the levers that bind them, and their uniforms.

    Attributes
    ----------
    public : Public
        Last month's public record.
    parameters : Parameters
        Columns ``(member, 1)``.
    """

    def __init__(self, state: State, columns: INT | slice) -> None:
        self._state, self._columns = state, columns
        self.public: Public = state.public
        self.parameters: Parameters = state.parameters
        self.regimes = state.regimes
        self.year = state.clock.year

    def take(self, array: NDArray[Scalar]) -> NDArray[Scalar]:
        """The own columns of an array ``(member, lab, …)``, contiguous."""
        return np.ascontiguousarray(array[:, self._columns])

    def own(self, name: str) -> F32:
        """An own state, ``(member, column)``; names are those of `sim.state.Labs`."""
        return np.asarray(self.take(getattr(self._state.labs, name)))

    def at_hand(self, name: str) -> F32:
        """A complementary asset that they can use, their own or by rules, ``(member, column)``."""
        return self.take(at_hand(self._state, name))

    def known(self, name: str) -> F32:
        """The own columns of a public record that has one column a developer."""
        return np.asarray(self.take(getattr(self.public, name)))

    def lever(self, name: str) -> F32:
        """A lever as it binds these developers, ``(member, column, …)``."""
        return np.asarray(self.take(on_developers(self._state, name)))

    def liability(self) -> F32:
        """Share of harm that these developers must internalise for their flagships, ``(member, column)``."""
        state = self._state
        if "liability_exemption" not in state.levers.moved:
            return self.lever("liability_developer")
        weights = of_regime(state.regimes, "weights_access", state.labs.regime) >= OPEN
        freed = relief_of_flagships(state, "liability_developer", "liability_exemption") * weights
        return np.asarray(self.take(on_developers(state, "liability_developer") * (1 - freed)))

    def uniforms(self, stream: str, each: int = 1) -> F32:
        """Own uniforms of this month, ``(member, column)`` or ``(member, column, each)``."""
        slots = self._state.labs.active.shape[1]
        drawn = self._state.draw(stream, slots * each).reshape(-1, slots, each)
        own = self.take(drawn if each > 1 else drawn[:, :, 0])
        return np.asarray(own)

    def uniforms_of(self, stream: str, member: INT, column: INT, each: int) -> F32:
        """The uniforms of some own columns only, ``(event, each)``; those of `uniforms` at these places."""
        slots = np.arange(self._state.labs.active.shape[1])[self._columns][column]
        ids = slots[:, None] * each + np.arange(each)
        return self._state.uniforms.at(stream, self._state.clock.absolute, member[:, None], ids)

    def normals(self, stream: str) -> F32:
        """Own standard normals of this month, ``(member, column)``."""
        return np.asarray(self.take(self._state.normal(stream, self._state.labs.active.shape[1])))

    @property
    def candidates(self) -> Candidates:
        """Models trained this month."""
        found = self._state.candidates
        assert found is not None
        return found

    def attribute(self, name: str, channel: str) -> F32:
        """An attribute of every row as a kernel sees it, ``(member, regime)``."""
        return self._state.seen[channel][name]


class LabDecisions:
    """How developers decide.

    Override one method to teach a developer something else; it then works in every way of running.

    Each method gets a `LabView` and returns one value for each own column.
    """

    def effort(self, view: LabView) -> F32:
        """Share of effort given to safety, ``(member, column)``."""
        p = view.parameters.safety
        rival = self._rival(view)
        effort = safety.imitate(
            view.own("effort"),
            rows(view.public.effort, rival),
            view.known("earnings_usd"),
            rows(view.public.earnings_usd, rival),
            _spread(view.public.earnings_usd, view.public.capability > 0),
            view.uniforms("lab.imitate"),
            p,
        )
        if p.form != "quadratic":
            raced = safety.approach(effort, wanted_effort(view), p)
            return np.asarray(np.maximum(raced, np.minimum(view.lever("safety_floor"), safety.MOST)))
        closeness = view.public.closeness * view.parameters.channels.safety
        stepped = safety.effort_step(effort, view.known("use_share"), closeness, view.liability(), p)
        return np.asarray(np.maximum(stepped, np.minimum(view.lever("safety_floor"), safety.MOST)))

    def _rival(self, view: LabView) -> INT:
        there = view.public.capability > 0  # each looks at one of those who have a model
        number = np.add.reduce(there, axis=1, keepdims=True)
        place = np.minimum((view.uniforms("lab.rival") * number).astype(np.int64), np.maximum(number - 1, 0))
        return rows(np.argsort(~there, axis=1, kind="stable"), place)

    def price(self, view: LabView) -> F32:
        """Price of the own service in units of the frontier's serving cost, ``(member, column)``."""
        p = view.parameters.market
        cost = market.serving_cost(view.own("capability"), view.public.frontier, view.at_hand("cloud"), p)
        return market.price_step(view.own("price"), cost, view.known("sold_share"), _sensitivity(p), p)

    def budget(self, view: LabView) -> F32:
        """Yearly budget of final training runs in USD, ``(member, column)``."""
        p = view.parameters.market
        everyone = market.prospect(view.public.capability, view.public.frontier, p) * (view.public.capability > 0)
        total = np.maximum(np.add.reduce(everyone, axis=1, keepdims=True), LEAST)
        share = np.asarray(market.prospect(view.own("capability"), view.public.frontier, p) / total, np.float32)
        yearly = view.known("earnings_usd") * 12
        earned = np.add.reduce(view.public.earnings_usd, axis=1, keepdims=True) * 12
        promised = market.promise(view.public.market_usd, earned, p)
        return market.budget_step(view.own("budget_usd"), yearly, promised, share, p)

    def regime(self, view: LabView) -> INT:
        """Row of the regime table for each trained model, ``(member, column, size)``; read `view.candidates`."""
        due = view.take(view.candidates.due)
        payoff, permitted = view.take(view.candidates.payoff), view.take(view.candidates.permitted)
        sizes, choices = payoff.shape[2:]
        m, column = np.nonzero(due)
        noise = view.uniforms_of("lab.regime", m, column, sizes * choices).reshape(-1, sizes, choices)
        chosen = np.zeros(payoff.shape[:3], np.int64)
        p = view.parameters.release
        p = of_members(p, m, ("choice_noise", "enabled"))
        chosen[m, column] = release.choose(payoff[m, column], permitted[m, column], noise, p)
        return chosen


def _spread(revenue: F32, there: BOOL) -> F32:
    """Standard deviation of revenue between the developers that are `there`, ``(member, 1)``."""
    number = np.maximum(np.add.reduce(there, axis=1, keepdims=True), 1).astype(np.float32)
    gap = (revenue - np.add.reduce(revenue * there, axis=1, keepdims=True) / number) * there
    return np.asarray(np.sqrt(np.add.reduce(gap * gap, axis=1, keepdims=True) / number))


@lru_cache(maxsize=RECORDS)
def _sensitivity(p: market.Parameters) -> F32:
    """Price sensitivity averaged over segments by their weight, ``(member, 1)``."""
    weighted = p.price_sensitivity * p.segment_weight
    assert p.segment_weight.shape[-1] == len(SEGMENTS)
    return np.asarray(
        np.add.reduce(weighted, axis=1, keepdims=True) / np.add.reduce(p.segment_weight, axis=1, keepdims=True)
    )


def of_members(p: release.Parameters, member: INT, names: Iterable[str] = ()) -> release.Parameters:
    """The record of the release kernel with one row for each event, which belongs to a member.

    Only fields of these `names` have such rows if any are given, for equations that read no others.
    """
    if names:
        return release.Parameters(**{**vars(p), **{name: getattr(p, name).take(member, axis=0) for name in names}})
    block, places = _side_by_side(p)
    taken = block.take(member, axis=1)
    return release.Parameters(**{name: taken[place].T for name, place in places.items()})


@lru_cache(maxsize=RECORDS)
def _side_by_side(p: release.Parameters) -> tuple[F32, dict[str, slice]]:
    """All fields in one block ``(row, member)``, to be taken together, and where each stands in it."""
    fields = {name: value.T for name, value in vars(p).items()}
    ends = np.add.accumulate([len(rows) for rows in fields.values()]).tolist()
    places = {name: slice(end - len(rows), end) for (name, rows), end in zip(fields.items(), ends, strict=True)}
    return np.concatenate(list(fields.values())), places


def seen_risk(
    state: State, events: tuple[INT, INT], capabilities: F32, noise: F32, uniforms: F32, p: release.Parameters
) -> F32:
    """Risk of models as it reaches the decision of some developers, ``(event, size)``; see `release_payoffs`.

    Internal governance is the probability that evidence reaches it at all; `noise` and `uniforms` are ``(event,)``.
    """
    governance = state.labs.governance[events]
    heard = uniforms < governance + (1 - governance) * on_some(state, "governance", *events)
    return release.estimated_risk(capabilities, noise[:, None], heard[:, None].astype(np.float32), p)


def release_payoffs(
    state: State,
    events: tuple[INT, INT],
    capabilities: F32,
    log10_flop: F32,
    share: F32,
    risk: F32,
    p: release.Parameters,
) -> F32:
    """Payoff of every regime for the models that some developers have trained, ``(event, size, regime)``.

    Parameters
    ----------
    events : tuple of ndarray ``(event,)``
        Member and slot of each developer.
    capabilities, log10_flop, risk : ndarray ``(event, size)``
        Capability, training compute and estimated risk of each model of the family.
    share : ndarray ``(event,)``
        Market share expected from the flagship, of which opening a sibling endangers a part.
    p : Parameters
        One row for each event, see `of_members`.
    """
    m, labs = events[0], state.labs

    def one(x: NDArray[Any]) -> F32:
        return np.asarray(x[events][:, None])

    def duty(name: str) -> F32:
        return on_some(state, name, *events)[:, None]

    model = labs.business_model[events][:, None]
    stake = rows(p.complement_stake, model) * one(labs.cloud)
    bonus = duty("complement_bonus") * (model == GIANT).astype(np.float32)
    heard = p.public_preference * (1 + duty("public_voice"))
    taste = rows(p.openness_taste, model) + heard + one(labs.disposition)
    launch = release.launch_left(state.public.market_usd[m], state.parameters.market.revenue_initial_usd[m], p)
    averse = p.risk_aversion * (1 + duty("harm_weight"))
    p = release.Parameters(**{**vars(p), "launch_cost": launch, "risk_aversion": averse})
    return release.payoffs(
        share[:, None] * p.sibling_cannibalisation,
        p.complement_gain * stake + bonus,
        taste,
        risk,
        duty("liability_developer"),
        duty("liability_cap"),
        relief(state, "liability_developer", "liability_exemption", *events, log10_flop),
        _prize(state, events, capabilities),
        duty("compliance_cost"),
        state.seen["release"].of_members(m, RELEASE_ATTRIBUTES),
        p,
    )


def _prize(state: State, events: tuple[INT, INT], capabilities: F32) -> F32:
    """Prize for opening each model, of which a part falls with the distance to the frontier, ``(event, 1 or size)``."""
    prize = on_some(state, "open_prize", *events)[:, None]
    if "open_prize_indexed" not in state.levers.moved:
        return prize
    near = capability.position(capabilities, state.public.frontier[events[0]])
    return np.asarray(prize + on_some(state, "open_prize_indexed", *events)[:, None] * near)


RELEASE_ATTRIBUTES = (
    "weights_access",
    "api_access",
    "customisability",
    "flywheel",
    "research_openness",
    "knowledge_spillover",
    "safeguard_persistence",
    "revocability",
    "monitoring",
)
"""Attributes that a developer weighs."""
