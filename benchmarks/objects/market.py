"""The market of the object model: what is on offer, who buys, who is paid; and the artefacts that builders publish."""

from __future__ import annotations

from itertools import accumulate
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.objects import rules
from benchmarks.objects.developers import OPEN, Developer
from sim.axes import JURISDICTIONS, SEGMENTS
from sim.initial import usual_places
from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel
    from benchmarks.objects.people import Builder

LEAST_SERVED, LEAST_REACHED = 0.05, 1e-3
CAMPAIGN = 10.0
"""Poisoned uploads come in campaigns: a tenth of a row at once, ten times as seldom."""
NORMAL = NormalDist()


def of_segment(value: Any, segment: int) -> float:
    """A parameter that may differ between segments."""
    return value[segment] if isinstance(value, list) else value


def offer(model: ObjectModel) -> None:
    """Options of the month: each developer's own service, then each developer's open weights on hosts."""
    labs, p = model.developers, model.p["market"]
    reachable = [_reachable(lab) for lab in labs]
    best = max(reachable)
    base, copied = reachable.index(best), best - model.p["capability"]["copy_gap"]
    frontier = max(max((lab.capability for lab in labs if lab.active), default=0.0), best)
    near = frontier - p["serving_gap"]
    usual = sum(lab.distribution for lab in labs) / len(labs)
    own, hosted = [], []
    for lab, level in zip(labs, reachable, strict=True):
        copies = lab.active and copied > lab.capability and best > 0
        offered = lab.active and (lab.sees("market", "api_access") > LEAST_SERVED or copies)
        free = lab.sees("market", "weights_access") >= OPEN
        host_price = p["host_markup"] * twins.unit_cost(level, frontier, p)
        price = min(lab.price, host_price) if free and not copies else lab.price
        ways = lab.at_hand("distribution")
        mine, family = (copied, base) if copies else (lab.capability, lab.number)
        own.append(_option(lab, lab.regime, mine, offered and mine > near, frontier, price, family, ways))
        own[-1]["hosted"] = float(free or family != lab.number)
        own[-1]["serves_open"] = float(free and family == lab.number)
        there = level > near and level > 0
        hosted.append(_option(lab, lab.open_regime, level, there, frontier, host_price, lab.number, usual))
        hosted[-1]["hosted"] = 1.0
    model.options, model.frontier = own + hosted, frontier


def _reachable(lab: Developer) -> float:
    is_open = lab.model.rows["market"][lab.open_regime]["weights_access"] >= OPEN
    return lab.open_capability if is_open else 0.0


def _option(
    lab: Developer, regime: int, level: float, there: bool, frontier: float, price: float, family: int, ways: float
) -> dict[str, Any]:
    rows = lab.model.rows
    return {
        "lab": lab,
        "regime": regime,
        "relative": level - frontier if there else 0.0,
        "price": price,
        "customisability": rows["market"][regime]["customisability"],
        "distribution": ways,
        "frameworks": lab.frameworks,
        "available": there,
        "family": family,
    }


def _users_reached(lab: Developer) -> float:
    """Share of users where the developer offers its own service."""
    places = lab.model.p["initial"]["exposure_share"]
    return sum(share for share, sold in zip(places, lab.sells, strict=True) if sold)


def clear(model: ObjectModel) -> None:
    """Users choose, pay, and developers settle their accounts."""
    p, options = model.p["market"], model.options
    family = [o["family"] for o in options]
    there = [o["available"] for o in options]
    reached = [log(max(_users_reached(lab), LEAST_REACHED)) for lab in model.developers]
    drawn = [p["ecosystem_weight"] * share for share in model.builders_by_family]
    own = zip(reached, drawn, options, strict=False)
    added = [r + (d - p["host_convenience"]) * o["serves_open"] for r, d, o in own] + drawn
    freed = model.on_world("interoperability")
    model.demand = rules.segment_sizes(model.frontier, model.reference_frontier, p)
    model.sizes = list(model.demand)
    paid, used = [0.0] * len(options), [0.0] * model.slots
    known = any(any(shares) for shares in model.shares)
    for segment in range(len(SEGMENTS)):
        utilities = [
            value if value is None else value + added[place] + _name(model, place, segment)
            for place, value in enumerate(twins.market_utilities(options, segment, p))
        ]
        outside, nest = of_segment(p["outside_utility"], segment), of_segment(p["nest_dissimilarity"], segment)
        wanted, gained = twins.segment_shares(utilities, family, outside, nest)
        shares = twins.clear_segment(model.shares[segment], wanted, there, freed, p)
        model.shares[segment], model.bought[segment] = shares, 1 - exp(-gained)
        used = [u + share * p["segment_weight"][segment] for u, share in zip(used, shares, strict=False)]
        sensitivity = of_segment(p["price_sensitivity"], segment)
        reference = of_segment(p["reference_price"], segment)
        response = rules.demand_response(shares, [o["price"] for o in options], reference, p)
        model.sizes[segment] = model.demand[segment] * response
        model.surplus[segment] = model.demand[segment] * (1 + response) / 24 * gained / (sensitivity * reference)
        prices = [o["price"] for o in options]
        for place, usd in enumerate(twins.payments(shares, prices, model.sizes[segment], reference)):
            paid[place] += usd
    model.paid = paid
    for lab, share in zip(model.developers, used, strict=True):
        lab.brand = twins.become_known(lab.brand, share, known, p)
    settle(model, paid)


def _name(model: ObjectModel, place: int, segment: int) -> float:
    """What the name of a developer adds to its own service."""
    weight = model.p["market"]["brand_weight"][segment]
    return weight * model.developers[place].brand if place < model.slots else 0.0


def settle(model: ObjectModel, paid: list[float]) -> None:
    """Developers earn from their own service, hosts from open weights, and owners of complements a share of that."""
    labs, p, slots = model.developers, model.p["market"], model.slots
    hosts = sum(paid[slots:])
    stakes = [model.p["release"]["complement_stake"][lab.business_model] * lab.cloud for lab in labs]
    total = max(sum(stake for stake, lab in zip(stakes, labs, strict=True) if lab.active), 1e-6)
    for lab, stake, option, usd in zip(labs, stakes, model.options, paid, strict=False):
        level = model.frontier + option["relative"]
        cost = twins.serving_cost(level, model.frontier, lab.at_hand("cloud"), p)
        margin = max(1 - cost / max(option["price"], cost), 0.0)
        lab.revenue_usd = usd
        lab.settle(margin, p["complement_return"] * stake * hosts / total)


def found(model: ObjectModel) -> None:
    """Perhaps a builder with a model of its own fills one spare slot."""
    p, public = model.p["market"], model.public
    spare = [lab for lab in model.developers if not lab.active]
    seen = public["open_best"] if model.p["channels"]["market"] > 0 else 0.0
    open_use = public["open_use"] * model.p["channels"]["market"]
    eased = {**p, "entry_rate": p["entry_rate"] * (1 + model.on_world("entry_support"))}
    ventures = rules.ventures(sum(model.innovated) / len(model.builders), model.p["innovation"])
    hazard = rules.entry_hazard(seen, public["frontier"], open_use, ventures, eased)
    if not spare or model.noise("market.entry")[0] >= hazard:
        return
    lab = next((lab for lab in spare if lab.capability == 0), spare[0])
    rivals = [other.budget_usd for other in model.developers if other.active]
    lab.budget_usd = max(sum(rivals) / max(len(rivals), 1) * p["entry_budget_share"], 1.0)
    lab.cash_usd = lab.budget_usd * (1 + p["research_multiple"]) / 12 * model.p["initial"]["cash_months"]
    lab.active, lab.capability, lab.log10_flop, lab.regime = True, 0.0, 0.0, 0
    founder = _founder(model)
    lab.jurisdiction = founder.type % len(JURISDICTIONS)
    lab.brand = 0.0
    lab.sells = [bool(sold) for sold in usual_places(np.array([lab.jurisdiction]))[0]]
    lab.knowledge = model.public_next[lab.jurisdiction] - p["entry_knowledge_gap"]
    lab.next_run = model.month + rules.training_interval(0.5, 0.5, model.p["capability"])
    lab.price = of_segment(p["reference_price"], 0)


def _founder(model: ObjectModel) -> Builder:
    """The builder who founds: the likelier the more it innovates."""
    summed = list(accumulate(builder.rate for builder in model.builders))
    aim = model.noise("market.founder", ids=1)[0] * summed[-1]
    return next((b for b, x in zip(model.builders, summed, strict=True) if x > aim), model.builders[0])


def prepare_builders(model: ObjectModel) -> None:
    """What every type of builder finds: shares of base models, and how likely it innovates on each."""
    p, builders = model.p["innovation"], model.builders
    for option, count in zip(model.options, model.users, strict=True):
        row, hosted = model.rows["innovation"][option["regime"]], option is not model.options[option["lab"].number]
        option["popularity"] = count / len(builders)
        option["permissive"] = float(row["code_openness"] >= OPEN)
        weights = row["weights_access"] if hosted or row["weights_access"] >= OPEN else 0.0
        research = max(row["research_openness"], option["lab"].duty("transparency_floor"))
        option["weights"] = weights
        option["access"] = twins.follow_on((weights, row["code_openness"], row["data_openness"], research), p)
    stock = sum(builder.made for builder in builders) / len(builders)
    exists = any(option["available"] for option in model.options)
    places = len(JURISDICTIONS)
    for kind in range(len(model.cumulative)):
        need, large, place = float(kind // (2 * places)), kind // places % 2 == 1, kind % places
        banned = model.levers["hosting_ban"][place] >= OPEN
        options = [{**o, "available": False} for o in model.options[model.slots :]] if banned else None
        offered = model.options if options is None else model.options[: model.slots] + options
        utilities = twins.base_utilities(offered, need, large, p)
        top = max(utilities)
        summed = list(accumulate(exp(u - top) for u in utilities))
        model.cumulative[kind] = [x / summed[-1] for x in summed] if exists else None
        liable = 1 - p["liability_deterrence"] * min(model.levers["liability_downstream"][place], 1.0)
        model.rates[kind] = [liable * _innovation(model, option, stock, need) for option in model.options]
    model.innovated, model.users = [0.0] * len(model.options), [0] * len(model.options)


def _innovation(model: ObjectModel, option: dict[str, Any], stock: float, need: float) -> float:
    """Probability that a builder of unit skill innovates on an option."""
    relative, access, custom = option["relative"], option["access"], option["customisability"]
    levels = model.frontier, model.reference_frontier
    return twins.innovation_rate(1.0, relative, access, custom, *levels, stock, need, model.p["innovation"])


def _poisoned_by_family(model: ObjectModel) -> list[float]:
    """Share of downloads so far that is poisoned, by family of base weights."""
    known, bad = [0.0] * model.slots, [0.0] * model.slots
    for artefact in model.artefacts:
        amount = artefact["weight"] * artefact["downloads"]
        known[artefact["family"]] += amount
        bad[artefact["family"]] += amount * artefact["poisoned"]
    return [b / k if k > 0 else 0.0 for b, k in zip(bad, known, strict=True)]


def publish_derivatives(model: ObjectModel) -> None:
    """New rows of the artefact table replace the oldest; then the month's downloads fall on all of them."""
    p, n = model.p["innovation"], len(model.builders)
    by_option = zip(model.innovated, model.options, strict=True)
    each = [made * (o["weights"] if place < model.slots else 1.0) for place, (made, o) in enumerate(by_option)]
    slots = model.slots
    model.family_innovation = [a + b for a, b in zip(each[:slots], each[slots:], strict=True)]
    model.builders_by_family = [
        (n if o["weights"] >= OPEN else 0) / len(model.builders) + hosted / len(model.builders)
        for n, o, hosted in zip(model.users, model.options, model.users[slots:], strict=False)
    ]
    total = sum(model.family_innovation)
    real = total / n * model.p["initial"]["builders_real"] * p["publish_share"]
    cumulative = [x / max(total, 1e-6) for x in accumulate(model.family_innovation)]
    block, quality, family = model.block, model.noise("hub.quality"), model.noise("hub.family")
    start = model.month % (len(model.artefacts) // block) * block
    for artefact in model.artefacts[start : start + block]:
        artefact["weight"] = 0.0
    among = _poisoned_by_family(model)
    for k in range(block):
        artefact = model.artefacts[start + k]
        artefact["log_quality"] = p["quality_sd"] * NORMAL.inv_cdf((k + quality[k]) / block)
        artefact["family"] = min(sum(x <= family[k] for x in cumulative), slots - 1)
        artefact["weight"], artefact["downloads"], artefact["born"] = real / block, 0.0, model.month
        fresh = (model.noise("hub.poisoned")[k] < p["poisoned_share"] * CAMPAIGN) / CAMPAIGN
        carried = among[artefact["family"]]
        artefact["poisoned"] = min(fresh + p["poisoned_inheritance"] * carried, 1.0)
    for artefact in model.artefacts:
        artefact["age_months"] = model.month - artefact["born"]
    after = twins.download(model.artefacts, p["downloads_mean"] * real, p)
    new = [(x - a["downloads"]) * a["weight"] for x, a in zip(after, model.artefacts, strict=True)]
    bad = sum(x * a["poisoned"] for x, a in zip(new, model.artefacts, strict=True))
    found = min(max(p["poisoned_screening"] * (1 + model.public["builders_open"]), 0.0), 1.0)
    model.poisoned = bad / max(sum(new), 1.0) * (1 - found)
    for x, artefact in zip(after, model.artefacts, strict=True):
        artefact["downloads"] = x
