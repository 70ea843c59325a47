"""The object model: one Mesa agent for each developer, misuser, defender and builder, and the month in their words.

It starts from the state of a batch of one member and follows the same rules, equation by equation through the slow
twins of the tests, with the same uniforms; so months later its numbers are those of the batch, to rounding, which
`tests/unit/test_benchmarks.py` checks. Policies are folded into levers by the model's own code.
"""

from __future__ import annotations

from dataclasses import fields
from math import sqrt
from typing import Any

import mesa
import numpy as np

from benchmarks.objects import governance, market, rules, threats
from benchmarks.objects.developers import OPEN, Developer
from benchmarks.objects.mirror import columns, member, plain, regimes, releases
from benchmarks.objects.people import Builder, Defender, Misuser
from benchmarks.objects.record import record
from sim import state as st
from sim.axes import DOMAINS, SEGMENTS, SHAREABLE
from sim.initial import reference_frontier
from sim.kernels import capability
from sim.levers import LEVERS
from sim.populations import CLASSES, TYPES, class_parts
from sim.stages.rules import set_levers
from tests.reference import twins

MODULES = (
    *("capability", "release", "safety", "security", "market", "innovation"),
    *("oversight", "misuse", "defence", "enforcement"),
)
TABLES = (*MODULES, "catastrophe", "initial", "channels")
KNOWN = (
    *("frontier", "open_best", "api_best", "market_usd", "builders_open", "open_use", "incidents"),
    *("closeness", "information", "reported", "concentration"),
    *("best_cloud", "best_data", "best_distribution"),
)
"""Entries of the public record that are taken over."""


class ObjectModel(mesa.Model):
    """The model as Mesa objects.

    Parameters
    ----------
    state : State
        A batch whose first member is taken; months that it has run are not run again. It keeps folding policies into
        levers, and is not used for anything else afterwards.
    """

    def __init__(self, state: st.State) -> None:
        super().__init__(rng=0)
        self._state = state
        self.p = {name: plain(getattr(state.parameters, name)) for name in TABLES}
        self.rows = {"regimes": regimes(state.regimes), **{name: regimes(state.seen[name]) for name in MODULES}}
        opens = set(state.regimes.opens_to[state.regimes.opens_to != range(len(state.regimes.ids))].tolist())
        self.opens_to = state.regimes.opens_to.tolist()
        self.choosable = [row not in opens for row in range(len(state.regimes.ids))]
        self.month, self._drawn = state.clock.month, dict[str, list[float]]()
        self._populate()
        self._surroundings()
        self._record()

    def _populate(self) -> None:
        state, slots = self._state, self._state.labs.active.shape[1]
        labs = columns(state.labs, tuple(field.name for field in fields(state.labs)), slots)
        shares = zip(member(state.public.use_share), member(state.public.sold_share), strict=True)
        for row, (use, sold) in zip(labs, shares, strict=True):
            row.update(use_share=use, sold_share=sold)
        people, hub = (state.misusers, state.defenders, state.builders), state.artefacts
        own = (
            (
                "kind",
                "domain",
                "target",
                "weight",
                "tier",
                "skill",
                "experience",
                "active",
                "stopped",
                "banned",
                "column",
            ),
            ("domain", "group", "exposure", "budget", "tools", "invested"),
            ("type", "skill", "base", "made"),
        )
        sizes = [people[0].skill.shape[1], people[1].tools.shape[1], people[2].base.shape[1]]
        rows = [columns(record, names, n) for record, names, n in zip(people, own, sizes, strict=True)]
        self.developers = [Developer(self, i, **row) for i, row in enumerate(labs)]
        self.misusers = [Misuser(self, i, **row) for i, row in enumerate(rows[0])]
        self.defenders = [Defender(self, i, **row) for i, row in enumerate(rows[1])]
        self.builders = [Builder(self, i, **row) for i, row in enumerate(rows[2])]
        names = ("log_quality", "born", "weight", "downloads", "family", "poisoned")
        self.artefacts = columns(hub, names, hub.downloads.shape[1])
        self.slots, self.block = slots, hub.block
        self._ids = {"misuser": sizes[0], "builder": sizes[2], "hub": hub.block}
        self.ledger = releases(state.ledger)

    def _surroundings(self) -> None:
        """Tables of classes and types, and what does not change."""
        state, defenders = self._state, self._state.defenders
        places, _, own = class_parts()
        self.classes, self.places, self.hosts_itself = CLASSES, places.tolist(), own.tolist()
        self.first, self.step_oom = st.FIRST_SLICE, st.SLICE
        self.unpatched, self.protection = member(defenders.unpatched), member(defenders.protection)
        ends = [self.first + (n + 1) * self.step_oom for n in range(st.SLICES)]
        thresholds = self.p["misuse"]["uplift_threshold"]
        self.above = [[min(max((end - t) / self.step_oom, 0.0), 1.0) for end in ends] for t in thresholds]
        self.log_odds = [[[0.0] * threats.COLUMNS for _ in range(CLASSES)] for _ in DOMAINS]
        self.reach = [[0.0] * CLASSES for _ in DOMAINS]
        self.own_gain, self.subsidy = [0.0] * CLASSES, [0.0] * CLASSES
        self.cumulative: list[list[float] | None] = [None] * TYPES
        self.rates: list[list[float]] = [[] for _ in range(TYPES)]
        domains = range(len(DOMAINS))
        self.potential = [sum(1 for person in self.misusers if person.domain == d) for d in domains]
        self.defended = [sum(1 for person in self.defenders if person.domain == d) for d in domains]
        self.class_exposure = member(defenders.class_exposure)
        self.loss_usd, self.events_initial = member(state.misusers.loss_usd), member(state.misusers.events_initial)
        self.reference_frontier = float(reference_frontier(state.parameters)[0, 0])
        defence, misuse = self.p["defence"], self.p["misuse"]
        clock = state.clock
        self.takes_part = state.uniforms.draw("training.pause", clock.start, self.slots)[0].tolist()
        self.window_at_start = rules.race(defence["exploit_days_initial"], 1.0, defence, misuse)

    def _record(self) -> None:
        """What is known of the month that the state has finished."""
        state, public = self._state, self._state.public
        self.public: dict[str, Any] = {name: member(getattr(public, name)) for name in KNOWN}
        self.public["loss_ratio"], self.met = member(public.loss_ratio), member(state.defenders.met)
        self.attacks, self.stolen = member(state.knowledge.attacks), member(state.knowledge.stolen)
        self.known = (member(state.knowledge.public), 0.0)
        self.shares, self.bought = member(state.market.share), [0.0] * len(SEGMENTS)
        self.surplus, self.sizes = [0.0] * len(SEGMENTS), member(state.market.size)
        self.history = member(public.frontier_history)[: st.HISTORY + self.month + 1]
        self.users = [0] * (2 * self.slots)
        for builder in self.builders:
            if builder.base >= 0:
                self.users[builder.base] += 1
        p, weights = self.p["market"], self.p["market"]["segment_weight"]
        priced = (market.of_segment(p["price_sensitivity"], s) * w for s, w in enumerate(weights))
        self.sensitivity = sum(priced) / sum(weights)
        self.salience, self.stringency = member(state.regulators.salience), member(state.regulators.stringency)
        self.reports = member(state.regulators.reports)
        self.catastrophe = {name: float(summed[0]) for name, summed in state.catastrophe.items()}
        self.struck: dict[str, bool] = {}
        self.outcomes: list[dict[str, float]] = []
        self.builders_by_family = member(public.builders_family)
        self.flop_history = member(public.flop_history)[: st.HISTORY + self.month + 1]
        self._publish(member(public.capability), member(public.effort), member(public.earnings_usd))

    def _publish(self, levels: list[float], effort: list[float], revenue: list[float]) -> None:
        frontier = self.public["frontier"]
        earned = [usd for usd, level in zip(revenue, levels, strict=True) if level > 0] or [0.0]
        mean = sum(earned) / len(earned)
        total = sum(rules.prospect(level, frontier, self.p["market"]) for level in levels if level > 0)
        self.public.update(effort=effort, revenue=revenue, positions=max(total, 1e-6))
        self.public["promise"] = twins.promise(self.public["market_usd"], sum(revenue) * 12, self.p["market"])
        self.public["revenue_spread"] = sqrt(sum((x - mean) ** 2 for x in earned) / len(earned))

    def noise(self, stream: str, each: int = 1, ids: int = 0) -> list[float]:
        """Uniforms of the month, `each` for an agent or `ids` of them: the same numbers that the batch draws."""
        if stream not in self._drawn:
            ids = ids or each * self._ids.get(stream.partition(".")[0], self.slots)
            self._drawn[stream] = self._state.draw(stream, ids)[0].tolist()
        return self._drawn[stream]

    def normals(self, stream: str, each: int = 1) -> list[float]:
        """Standard normals of the month."""
        if stream not in self._drawn:
            self._drawn[stream] = self._state.normal(stream, each * self.slots)[0].tolist()
        return self._drawn[stream]

    def on_world(self, name: str) -> float:
        """A lever averaged over jurisdictions by exposure."""
        if name not in self.moved:
            return LEVERS[name].neutral
        weights = self.p["initial"]["exposure_share"]
        return sum(v * w for v, w in zip(self.levers[name], weights, strict=True)) / sum(weights)

    def by_exposure(self, name: str) -> float:
        """A lever averaged over classes of defenders."""
        pairs = zip(self.places, self.class_exposure, strict=True)
        return sum(self.levers[name][place] * share for place, share in pairs)

    def step(self) -> None:
        """One month."""
        self._begin()
        labs, people = self.agents_by_type[Developer], self.agents_by_type
        labs.do("decide")
        labs.do("commit")
        governance.decide(self)
        self._prepare_training()
        labs.do("train")
        labs.do("release")
        self._prepare_learning()
        labs.do("learn")
        governance.open_staged(self)
        governance.steal(self)
        labs.do("strip")
        market.offer(self)
        market.clear(self)
        market.prepare_builders(self)
        people[Builder].do("build")
        market.publish_derivatives(self)
        market.found(self)
        threats.routes(self)
        threats.table(self)
        threats.clear_accounts(self)
        people[Misuser].do("reconsider")
        people[Misuser].do("act")
        threats.account(self)
        people[Misuser].do("turn_over")
        governance.evaluate(self)
        threats.age(self)
        threats.prepare_defence(self)
        people[Defender].do("protect_itself")
        threats.patch_and_protect(self)
        governance.enforce(self)
        governance.hazards(self)
        self._end()
        governance.report(self)
        self.outcomes.append(record(self))

    def _begin(self) -> None:
        clock = self._state.clock
        self.month += 1
        clock.month, self.year = self.month, (clock.start + self.month) / 12
        self._drawn = {}
        state, public = self._state, self.public
        state.regulators.stringency = np.array([self.stringency], np.float32)
        for name in ("frontier", "open_best", "reported"):
            setattr(state.public, name, np.array([public[name]], np.float32).reshape(1, -1))
        set_levers(state)
        self.moved = {name for name, array in state.levers.values.items() if (array != LEVERS[name].neutral).any()}
        self.levers = {name: array[0].tolist() for name, array in self._state.levers.values.items()}

    def _prepare_training(self) -> None:
        p, rows, year = self._state.parameters.capability, self.rows["capability"], self.year
        self.dollar_buys = float(capability.compute_price(year, p)[0, 0])
        self.largest_run = float(capability.largest_run(year, p)[0, 0])
        self.leader_spend = max(lab.spending for lab in self.developers)
        opened = (lab for lab in self.developers if rows[lab.open_regime]["weights_access"] >= OPEN)
        served = (lab for lab in self.developers if lab.active and lab.sees("capability", "api_access") >= OPEN)
        self.best_open = max((lab.open_capability for lab in opened), default=0.0)
        self.best_api = max((lab.capability for lab in served), default=0.0)

    def _prepare_learning(self) -> None:
        """Public knowledge and the best private one; the public stock grows by the strongest leak."""
        public = self.known[0]
        frontier = max((lab.knowledge for lab in self.developers if lab.active), default=-99.0)
        channel = self.p["channels"]["capability"]
        self.commons_code = self.public["builders_open"] * self.p["innovation"]["commons_share"] * channel
        self.known = (public, frontier)
        self.public_next = [
            known + max(lab.leak(j, known) for lab in self.developers) / 12 for j, known in enumerate(public)
        ]

    def _end(self) -> None:
        """Publish the record of the month."""
        labs, public, slots = self.developers, self.public, self.slots
        self.known = (self.public_next, self.known[1])
        levels = [lab.capability if lab.active else 0.0 for lab in labs]
        public["open_best"] = max(lab.open_capability for lab in labs)
        public["frontier"] = max(*levels, self.history[-1])
        served = [lab.sees("regimes", "api_access") >= OPEN for lab in labs]
        public["api_best"] = max((x for x, s in zip(levels, served, strict=True) if s), default=0.0)
        for name in SHAREABLE:
            public[f"best_{name}"] = max((getattr(lab, name) for lab in labs if lab.active), default=0.0)
        self.history.append(public["frontier"])
        self.flop_history.append(max(self.flop_history[-1], *(lab.log10_flop if lab.active else 0.0 for lab in labs)))
        public["closeness"] = rules.exp10(min(max(sorted(levels)[-2], public["open_best"]) - public["frontier"], 0.0))
        weights = self.p["market"]["segment_weight"]
        use = [sum(w * s[k] for w, s in zip(weights, self.shares, strict=True)) for k in range(2 * slots)]
        total, by_family, on_open = max(sum(use), 1e-9), [0.0] * slots, 0.0
        for share, option in zip(use, self.options, strict=True):
            by_family[option["family"]] += share / total
            on_open += share / total * option["hosted"]
        sold = zip(weights, self.shares, self.bought, strict=True)
        parts = [(w * bought, shares) for w, shares, bought in sold]
        for lab in labs:
            lab.use_share = by_family[lab.number]
            lab.sold_share = sum(w * shares[lab.number] for w, shares in parts) / sum(weights)
        public["concentration"] = sum((x / max(sum(by_family), 1e-9)) ** 2 for x in by_family)
        public["open_use"], public["market_usd"] = on_open, sum(self.demand)
        public["builders_open"] = sum(self.builders_by_family)
        self._publish(levels, [lab.effort for lab in labs], _earnings(labs))


def _earnings(labs: list[Developer]) -> list[float]:
    """What developers earn in a month and keep, USD."""
    return [lab.revenue_usd + lab.complement_usd - lab.shared_usd for lab in labs]
