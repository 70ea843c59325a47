"""Developers, one object each: they decide, train, release, spend and leave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchmarks.objects import rules
from benchmarks.objects.duties import OPEN, Bound
from sim.axes import BUSINESS_MODELS, DOMAINS, SIZES
from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel

COMMUNITY, GIANT = BUSINESS_MODELS.index("community"), BUSINESS_MODELS.index("platform_giant")
LEAST_INTERVAL = 3


class Developer(Bound):
    """A developer: the slot `number`, with its state as attributes of the names in `sim.state.Labs`."""

    model: ObjectModel
    active: bool
    jurisdiction: int
    business_model: int
    cloud: float
    data: float
    distribution: float
    labour: float
    frameworks: float
    disposition: float
    governance: float
    knowledge: float
    capability: float
    log10_flop: float
    offset: list[float]
    regime: int
    budget_usd: float
    cash_usd: float
    revenue_usd: float
    complement_usd: float
    shared_usd: float
    price: float
    brand: float
    effort: float
    next_run: int
    flaws_hidden: float
    flaws_known: float
    open_capability: float
    open_log10_flop: float
    open_reach: list[float]
    open_regime: int
    stripped_reach: list[float]
    sells: list[bool]
    security_level: float
    pending_usd: list[float]
    use_share: float
    sold_share: float

    def __init__(self, model: ObjectModel, number: int, **attributes: Any) -> None:
        super().__init__(model)
        self.number = number
        self.__dict__.update(attributes)

    def decide(self) -> None:
        """Choose effort, price and budget; nothing changes until everybody has."""
        if not self.active:
            return
        model, public = self.model, self.model.public
        p, noise = model.p["safety"], model.noise
        there = [lab.number for lab in model.developers if lab.active and lab.capability > 0] or [0]
        rival = there[min(int(noise("lab.rival")[self.number] * len(there)), len(there) - 1)]
        effort = twins.copy_effort(
            {"effort": self.effort, "earnings": public["revenue"][self.number]},
            {"effort": public["effort"][rival], "earnings": public["revenue"][rival]},
            public["revenue_spread"],
            noise("lab.imitate")[self.number],
            p,
        )
        closeness = public["closeness"] * model.p["channels"]["safety"]
        liability = self.duty("liability_developer")
        liability *= 1 - self.freed_now("liability_developer", "liability_exemption")
        effort = twins.adjust_effort(effort, self.use_share, closeness, liability, p)
        effort = max(effort, min(self.duty("safety_floor"), 0.98))
        market = model.p["market"]
        cost = twins.serving_cost(self.capability, public["frontier"], self.at_hand("cloud"), market)
        price = twins.price(self.price, cost, self.sold_share, model.sensitivity, market)
        share = rules.prospect(self.capability, public["frontier"], market) / public["positions"]
        yearly = public["revenue"][self.number] * 12
        budget = twins.training_budget(self.budget_usd, yearly, public["promise"], share, market)
        self.decided = effort, price, budget

    def commit(self) -> None:
        """Put into effect what was decided."""
        if self.active:
            self.effort, self.price, self.budget_usd = self.decided

    def at_hand(self, name: str) -> float:
        """A complementary asset that it can use, its own or by rules of access."""
        own: float = getattr(self, name)
        return own + self.duty("complement_access") * max(self.model.public[f"best_{name}"] - own, 0.0)

    @property
    def flaws_left(self) -> float:
        """Unresolved flaws relative to those of a new model without safety effort, less what they were at the start."""
        p = self.model.p
        return (self.flaws_hidden + self.flaws_known) / p["oversight"]["flaws_per_release"] - p["initial"][
            "flaws_share"
        ]

    @property
    def spending(self) -> float:
        """Yearly budget after compliance, USD."""
        return self.budget_usd * (1 - min(self.duty("compliance_cost"), 0.9))

    def train(self) -> None:
        """If a run is due, train a family of models and choose a regime for each."""
        model, now = self.model, self.model.month
        self.family: list[dict[str, Any]] = []
        if not self.active:
            self.next_run = max(self.next_run, now)
            return
        p, siblings = model.p["capability"], model.p["release"]
        flop = self._flop()
        base = flop + self.knowledge + p["capability_shock"] * model.normals("training.capability")[self.number]
        base += math.log10(1 - min(self.effort, 0.98))
        base -= p["enabled"] * p["data_shortfall"] * (1 - self.at_hand("data"))
        copied = p["api_teacher_discount"] * rules.distillation(base, model.best_api, p)
        held = siblings["head_start_delay"] * self.duty("defender_head_start_months")
        best = base + max(copied, rules.distillation(base, model.best_open, p))
        best -= held * rules.grown_lately(model.history)
        flop -= held * rules.grown_lately(model.flop_history)
        at_frontier = best >= model.public["frontier"] - p["frontier_reach"]
        if at_frontier and model.takes_part[self.number] < self.duty("pause"):
            self.next_run += 1
        if self.next_run > now:
            return
        self.family = [
            {"capability": best - gap, "flop": flop - less, "offset": offset, "size": size}
            for size, (gap, less, offset) in enumerate(
                zip(siblings["sibling_gap"], siblings["sibling_flop_gap"], self._offsets(), strict=True)
            )
        ]
        for item in self.family:
            item["regime"] = self._choose_regime(item)
        self._next_run(best, self.family[0])

    def _flop(self) -> float:
        model, p = self.model, self.model.p["capability"]
        spend = max(self.spending, self.at_home("public_compute") * model.leader_spend)
        levy = self.at_home("compute_price_factor") + self.at_home("export_control")
        shock = model.normals("training.compute")[self.number]
        community = (self.business_model == COMMUNITY) * (1 - self.at_home("collective_relief"))
        cap = self.duty("compute_cap_log10_flop")
        return rules.training_flop(spend, model.dollar_buys, model.largest_run, levy, cap, community, shock, p)

    def _next_run(self, best: float, first: dict[str, Any]) -> None:
        model = self.model
        near = rules.position(best, model.public["frontier"])
        wait = rules.training_interval(near, model.noise("training.interval")[self.number], model.p["capability"])
        delay = self.duty("licence_delay_months") * self._licensed("licence_delay_months", first)
        self.next_run = model.month + max(round(wait + delay), LEAST_INTERVAL)

    def _offsets(self) -> list[list[float]]:
        model, p, domains = self.model, self.model.p["release"], len(DOMAINS)
        normals = model.normals("training.offset", domains)
        general = [p["offset_sd"] * x for x in normals[domains * self.number : domains * (self.number + 1)]]
        narrow, which = model.noise("training.narrow", 2)[2 * self.number : 2 * self.number + 2]
        out = [list(general) for _ in SIZES]
        if narrow < p["narrow_share"]:
            out[-1][min(int(which * domains), domains - 1)] += p["narrow_offset"]
        return out

    def _choose_regime(self, item: dict[str, Any]) -> int:
        model, p, size = self.model, self.model.p["release"], item["size"]
        level = item["capability"]
        allowed = model.choosable
        if "forbidden_above" in model.moved:
            allowed = twins.permitted(self._measures(item), self._limits(), model.choosable)
        rivals = [lab.capability for lab in model.developers if lab.active and lab is not self]
        free = model.public["open_best"] * model.p["channels"]["release"]
        share = twins.expected_share(self.family[0]["capability"], rivals, free, p)
        voice = self.governance + (1 - self.governance) * self.duty("governance")
        noise = model.normals("training.risk")[self.number]
        evidence = float(model.noise("training.evidence")[self.number] < voice)
        bonus = self.duty("complement_bonus") * (self.business_model == GIANT)
        heard = p["public_preference"] * (1 + self.duty("public_voice"))
        taste = p["openness_taste"][self.business_model] + heard + self.disposition
        risk = twins.estimated_risk(level, noise, evidence, p)
        near = rules.position(level, model.public["frontier"])
        me = {
            "share": share * p["sibling_cannibalisation"][size],
            "stake": p["complement_gain"] * p["complement_stake"][self.business_model] * self.cloud + bonus,
            "taste": taste,
            "risk": risk,
            "liability": self.duty("liability_developer"),
            "liability_cap": self.duty("liability_cap"),
            "relief": self.freed("liability_developer", "liability_exemption", item["flop"]),
            "prize": self.duty("open_prize") + self.duty("open_prize_indexed") * near,
            "compliance": self.duty("compliance_cost"),
        }
        market = model.public["market_usd"] / model.p["market"]["revenue_initial_usd"]
        launch = twins.launch_left(market, p)
        p = {**p, "risk_aversion": p["risk_aversion"] * (1 + self.duty("harm_weight")), "launch_cost": launch}
        allowed = twins.tolerated(risk, self.duty("risk_ceiling"), self._exposed(), allowed)
        payoffs = [twins.regime_payoff(me, row, p) for row in model.rows["release"]]
        rows = len(payoffs)
        first = (self.number * len(SIZES) + size) * rows
        uniforms = model.noise("lab.regime", len(SIZES) * rows)[first : first + rows]
        return twins.choose_regime(payoffs, allowed, uniforms, p)

    def release(self) -> None:
        """Put out what was trained."""
        if not self.family:
            return
        model = self.model
        if self.family[0]["capability"] > self.capability:
            self._replace_flagship(self.family[0])
        for item in self.family:
            is_open = model.rows["regimes"][item["regime"]]["weights_access"] >= OPEN
            staged = model.opens_to[item["regime"]] != item["regime"]
            delay = max(model.p["release"]["staged_delay_default"], self.duty("staged_delay_months"))
            opens = model.month + round(delay) if staged else -1
            row = {**item, "lab": self.number, "month": model.month, "open": is_open, "opens_month": opens}
            model.ledger.append(row)
            if is_open:
                self.open(item)

    def _replace_flagship(self, first: dict[str, Any]) -> None:
        model = self.model
        survival = twins.survival(self.effort, model.p["safety"]["safety_returns"])
        flaws = rules.flaws_at_release(
            first["capability"], survival, self.flaws_hidden + self.flaws_known, model.p["oversight"]
        )
        flaws *= 1 - self.duty("licence_strictness") * self._licensed("licence_strictness", first)
        seen = self.duty("assessment_share") * (first["flop"] >= self.duty("assessment_above_log10_flop"))
        self.flaws_hidden, self.flaws_known = flaws * (1 - seen), flaws * seen
        self.capability, self.log10_flop = first["capability"], first["flop"]
        self.offset, self.regime = first["offset"], first["regime"]

    def open(self, item: dict[str, Any]) -> None:
        """Raise the open frontier by a model whose weights are out."""
        level = item["capability"]
        if level > self.open_capability:
            self.open_capability, self.open_log10_flop = level, item["flop"]
            self.open_regime = item["regime"]
        self.open_reach = [max(r, level + o) for r, o in zip(self.open_reach, item["offset"], strict=True)]

    def leak(self, place: int, public: float) -> float:
        """What its models leak in a year to a jurisdiction where so much is public."""
        published = self.sees("capability", "research_openness")
        floor = max(self.duty("transparency_floor"), published) / max(published, 0.01)
        control = max(self.at_home("export_control"), self.model.levers["export_control"][place])
        chilled = math.exp(-self.model.p["enforcement"]["treaty_chill"] * control * (self.jurisdiction != place))
        gap = max(self.knowledge - public, 0.0) * self.active
        return self.sees("capability", "knowledge_spillover") * floor * chilled * gap

    def learn(self) -> None:
        """A month of research, absorption and what outside work returns."""
        model, p = self.model, self.model.p["capability"]
        if self.active:
            research = self.budget_usd * model.p["market"]["research_multiple"]
            research *= 1 - min(self.duty("compliance_cost"), 0.9)
            research *= 1 - p["labour_shortfall"] * (1 - self.labour)
            public, frontier = model.known[0][self.jurisdiction], model.known[1]
            known = rules.knowledge(self.knowledge, research, model.commons_code, public, frontier, p)
            q, builders = model.p["innovation"], model.builders_by_family[self.number]
            outside = self.use_share + q["flywheel_builders"] * builders
            gain = q["flywheel_gain"] * self.sees("capability", "flywheel") * outside
            self.knowledge = known + p["enabled"] * gain / 12

    def strip(self) -> None:
        """Perhaps somebody publishes copies of the open weights without safeguards."""
        model = self.model
        if any(s < r for s, r in zip(self.stripped_reach, self.open_reach, strict=True)):
            hazard = rules.strip_hazard(self.open_log10_flop, self.duty("tamper_resistance"), model.p["security"])
            hazard *= 1 - model.on_world("fine_tuning_screening")
            if model.noise("diffusion.strip")[self.number] < hazard:
                self.stripped_reach = list(self.open_reach)

    def settle(self, margin: float, complements: float) -> None:
        """Earn, spend, raise money, or leave."""
        if not self.active:
            self.complement_usd = self.shared_usd = 0.0
            return
        model, p = self.model, self.model.p["market"]
        self.complement_usd = complements
        self.shared_usd = (self.revenue_usd * margin + complements) * min(self.duty("benefit_share"), 1.0)
        income = self.revenue_usd * margin + complements - self.shared_usd
        outlay = self.budget_usd * (1 + p["research_multiple"]) / 12
        cash = self.cash_usd + income - outlay
        runway = cash / max(outlay - income, 1.0)
        uniform = model.noise("market.funding")[self.number]
        if rules.finds_funds(runway, self.capability, model.public["frontier"], uniform, p):
            cash += p["raise_months"] * outlay
        self.active = cash >= 0 or p["enabled"] <= 0
        if not self.active:
            cash = self.budget_usd = self.revenue_usd = self.shared_usd = 0.0
        self.cash_usd = cash
