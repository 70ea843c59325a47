"""Misusers, defenders and builders, one object each."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import mesa

from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel

API, OPEN_WEIGHTS, STOLEN = 1, 2, 3
"""Columns of the table of log-odds besides 0, no AI; stolen weights have one for each tier."""


class Person(mesa.Agent):
    """An agent of a population with a number that names its uniforms, and attributes from the state."""

    model: ObjectModel

    def __init__(self, model: ObjectModel, number: int, **attributes: Any) -> None:
        super().__init__(model)
        self.number = number
        self.__dict__.update(attributes)


class Misuser(Person):
    """A misuser: reconsiders its route, tries, learns, and comes or goes."""

    kind: int
    domain: int
    target: int
    weight: float
    tier: int
    skill: float
    experience: float
    active: bool
    stopped: bool
    banned: bool
    column: int

    def reconsider(self) -> None:
        """Perhaps choose another route."""
        model, p = self.model, self.model.p["misuse"]
        if not self.active or model.noise("misuser.reconsider")[self.number] >= p["reconsider_share"]:
            return
        ways, d = model.ways, self.domain
        columns = (0, API, OPEN_WEIGHTS, STOLEN + self.tier)
        odds = model.log_odds[d][self.target]
        account = not self.banned and ways["api"][d] > 0
        there = (True, account, ways["open"][d] > 0, model.stolen[self.tier][d] > 0)
        detection = [p["detection_other"] + model.watched[column][d] for column in range(4)]
        uniforms = model.noise("misuser.route", 4)
        routes = [
            {
                "chance": twins.success(self.skill, self.experience, odds[columns[r]], 0.0, 0.0),
                "friction": model.friction[r][self.kind],
                "detection": detection[r],
                "available": there[r],
                "uniform": uniforms[4 * self.number + r],
            }
            for r in range(4)
        ]
        self.column = columns[twins.choose_route(routes, p)]

    def act(self) -> None:
        """Try: expected successes are booked with and without AI, and who succeeds learns."""
        model, d = self.model, self.domain
        wins = False
        if self.active:
            odds, count = model.log_odds[d][self.target], model.domains[d]
            chance = twins.success(self.skill, self.experience, odds[self.column], 0.0, 0.0)
            alone = twins.success(self.skill, self.experience, odds[0], 0.0, 0.0)
            model.events[d][self.target][self.column] += self.weight * chance
            model.without[d][self.target][self.column] += self.weight * alone
            count["active"] += 1
            count["won"] += self.weight * chance
            count["alone"] += self.weight * alone
            wins = model.noise("misuser.act")[self.number] < chance
        self.experience = twins.gain_experience(self.experience, wins, model.p["misuse"])

    def turn_over(self) -> None:
        """Be stopped or shut out, give up, enter or come back."""
        model, p = self.model, self.model.p["misuse"]
        leave, enter = model.domains[self.domain]["leave"], model.domains[self.domain]["enter"]
        watched = model.watched[self.column][self.domain]
        uniform = model.noise("misuser.turnover")[self.number]
        was_stopped = self.stopped
        self.active, self.stopped, shut_out = twins.turn_over(
            self.active, self.stopped, uniform, watched, leave, enter, self.kind, p
        )
        still = twins.stays_banned(self.banned, uniform, model.ways["accepted"][self.domain], p)
        self.banned = still or (shut_out and self.column == API)
        if shut_out or (self.stopped and not was_stopped):
            self.column = 0


class Defender(Person):
    """A defender: adopts tools, buys protection, and adds to the patching and protection of its class."""

    domain: int
    group: int
    exposure: float
    budget: float
    tools: float
    invested: float

    def protect_itself(self) -> None:
        """Adopt tools and invest."""
        model, p, d, c = self.model, self.model.p["defence"], self.domain, self.group
        self.tools = twins.adopt_tools(
            self.tools,
            model.reach[d][c],
            model.p["misuse"]["uplift_threshold"][d],
            model.commons,
            p["tool_per_oom"][d] * model.own_gain[c],
            p["tool_cap"][d],
            p,
        )
        loss = max(model.public["loss_ratio"][d], 1.0)
        budget = self.budget * (1 + model.subsidy[c])
        information = model.public["information"][d][model.places[c]]
        self.invested = twins.invest(self.invested, loss, budget, information, model.gained[d], p)
        effort = budget * (1 + p["patch_effort_gain"] * self.invested)
        model.tool_sums[d] += self.tools
        model.speed[d][c] += self.exposure * effort
        model.left[d][c] += self.exposure * math.exp(-(self.tools + self.invested))


class Builder(Person):
    """A builder: chooses a base model and innovates on it."""

    type: int
    skill: float
    base: int
    made: float
    rate: float

    def build(self) -> None:
        """Choose a base model if it is time, then innovate with some probability."""
        model = self.model
        gone = self.base < 0 or not model.options[self.base]["available"]
        share = model.p["innovation"]["reconsider_share"]
        if gone or model.noise("builder.reconsider")[self.number] < share:
            self.choose()
        self.rate = self.skill * model.rates[self.type][self.base] if self.base >= 0 else 0.0
        if model.noise("builder.innovate")[self.number] < self.rate:
            self.made += 1
        if self.base >= 0:
            model.innovated[self.base] += self.rate
            model.users[self.base] += 1

    def choose(self) -> None:
        """A logit choice from the cumulative shares of its type."""
        cumulative = self.model.cumulative[self.type]
        if cumulative is None:
            self.base = -1
            return
        place = bisect_right(cumulative, self.model.noise("builder.base")[self.number])
        self.base = min(place, len(cumulative) - 1)
