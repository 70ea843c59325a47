"""What misusers and defenders of the object model meet: routes, log-odds against each class, patches, harm."""

from __future__ import annotations

from itertools import accumulate
from math import exp, log, log10
from typing import TYPE_CHECKING

from benchmarks.objects import rules
from benchmarks.objects.developers import OPEN
from benchmarks.objects.people import API, OPEN_WEIGHTS, STOLEN
from sim.axes import DOMAINS
from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.developers import Developer
    from benchmarks.objects.model import ObjectModel

BIO, CYBER, INFLUENCE = (DOMAINS.index(name) for name in ("bio", "cyber", "influence"))
TRIED, HIDDEN = 1e-3, -99.0
TIERS, COLUMNS = 3, 6
BASE_YEAR, SAFEGUARD_YEAR = 2023, 2024
Cells = list[list[list[float]]]
"""By domain, class of defenders and column."""


def routes(model: ObjectModel) -> None:
    """What each route to capability offers this month."""
    p, labs, rows = model.p["misuse"], model.developers, model.rows["misuse"]
    offers = {lab: passed for lab in labs if (passed := _passed(model, lab)) is not None}
    model.misused, ways = [], {"api": [0.0] * len(DOMAINS), "passed": [0.0] * len(DOMAINS)}
    for d in range(len(DOMAINS)):
        best = max(offers, key=lambda lab: lab.capability + lab.offset[d] + offers[lab][1], default=labs[0])
        model.misused.append(best)
        if offers:
            ways["api"][d], ways["passed"][d] = best.capability + best.offset[d], offers[best][0]
    out = [lab for lab in labs if rows[lab.open_regime]["weights_access"] >= OPEN]
    ways["open"] = [max((lab.open_reach[d] for lab in out), default=0.0) for d in range(len(DOMAINS))]
    ways["stripped"] = [max((lab.stripped_reach[d] for lab in out), default=0.0) for d in range(len(DOMAINS))]
    model.misused_weights = max(out, key=lambda lab: max(lab.open_reach), default=labs[0])
    weights = rows[model.misused_weights.open_regime]
    model.guard = max(weights["safeguard_persistence"], model.misused_weights.duty("tamper_resistance"))
    model.ways = {**ways, "accepted": [_vetted(model, lab) for lab in model.misused]}
    model.ways.update(traced=rows[model.misused[INFLUENCE].regime]["provenance"], open_traced=weights["provenance"])
    model.friction = _frictions(model, model.misused_weights.open_log10_flop)
    nobody = [0.0] * len(DOMAINS)
    api = [p["detection_api"] * rows[lab.regime]["monitoring"] for lab in model.misused]
    hosts = [p["detection_api"] * weights["monitoring"]] * len(DOMAINS)
    model.watched = [nobody, api, hosts, nobody, nobody, nobody]


def _passed(model: ObjectModel, lab: Developer) -> tuple[float, float] | None:
    """Share of requests that gets past the safeguards of a developer's interface, and what that is in OOM; nothing
    where there is no interface, or the weights are out anyway.
    """
    row = model.rows["misuse"][lab.regime]
    if row["api_access"] * lab.active * (row["weights_access"] < OPEN) <= TRIED:
        return None
    years = max(model.year - SAFEGUARD_YEAR, 0.0)
    gap = (1 - row["safeguard_persistence"]) * (1 - lab.duty("safeguard_sharing"))
    share = twins.jailbreak_share(1 - gap, years, model.attacks, lab.flaws_left, model.p["misuse"])
    passed = _vetted(model, lab) * share
    return passed, log10(max(passed, TRIED))


def _vetted(model: ObjectModel, lab: Developer) -> float:
    """Share of users whom a developer's interface lets in."""
    return float(model.rows["misuse"][lab.regime]["false_accept"] * (1 - lab.duty("know_your_customer")))


def _frictions(model: ObjectModel, open_flop: float) -> list[list[float]]:
    """Friction of each route to each kind of misuser."""
    p, years = model.p["misuse"], max(model.year - BASE_YEAR, 0.0)
    none, api, weights, stolen = p["route_friction"]
    hosted = (1 - model.on_world("hosting_ban")) * (1 - model.on_world("host_safeguards"))
    largest = max((lab.log10_flop for lab in model.developers if lab.active), default=0.0)
    means = p["kind_resources"]
    own = [weights + twins.local_friction(open_flop, years, r, p) for r in means]
    return [
        [none for _ in means],
        [api for _ in means],
        [twins.open_friction(friction, api, hosted, p) for friction in own],
        [stolen + twins.local_friction(largest, years, r, p) for r in means],
    ]


def age(model: ObjectModel) -> None:
    """What the best model in attackers' reach has gained, in OOM, by which protection ages."""
    model.gained = [0.0] * len(DOMAINS)
    for d, met in enumerate(model.met):
        ways, reached = model.ways, max(model.ways["stripped"][d], model.stolen[TIERS - 1][d])
        if ways["api"][d] > 0:
            reached = max(reached, ways["api"][d] + log10(max(ways["passed"][d], TRIED)))
        reached *= model.p["misuse"]["enabled"]
        if met > 0:
            model.gained[d] = max(reached - met, 0.0)
        model.met[d] = max(met, reached)


def table(model: ObjectModel) -> None:
    """Log-odds of success in each domain against each class by each column; skill comes on top."""
    p, ways = model.p["misuse"], model.ways
    window = log(_window(model) / model.window_at_start)
    for d in range(len(DOMAINS)):
        per_oom, cap, persistent = p["uplift_per_oom"][d], p["uplift_cap"][d], model.p["defence"]["persistent_share"][d]
        base = p["base_log_odds"][d] + (window if d == CYBER else 0.0)
        levels = [ways["api"][d], ways["stripped"][d], ways["open"][d], *(model.stolen[t][d] for t in range(TIERS))]
        for c in range(model.classes):
            slices = zip(model.unpatched[d][c], model.above[d], strict=True)
            reach = list(accumulate((persistent + (1 - persistent) * left) * a for left, a in slices))
            api, stripped, whole, *stolen = (
                twins.uplift(rules.interpolated(reach, model.first, model.step_oom, x) * model.step_oom, per_oom, cap)
                for x in levels
            )
            unprotected = base - model.protection[d][c]
            kept = twins.through_safeguards(whole, 1 - model.guard)
            odds = model.log_odds[d][c]
            odds[0] = unprotected
            by_api, by_weights = twins.through_safeguards(api, ways["passed"][d]), max(stripped, kept)
            if d == INFLUENCE:
                duty = model.levers["provenance"][model.places[c]]
                by_api = max(by_api - p["provenance_gain"] * max(ways["traced"], duty), 0.0)
                by_weights = max(by_weights - p["provenance_gain"] * max(ways["open_traced"], duty), 0.0)
            odds[API], odds[OPEN_WEIGHTS] = unprotected + by_api, unprotected + by_weights
            for tier, gained in enumerate(stolen):
                odds[STOLEN + tier] = unprotected + gained


def _window(model: ObjectModel) -> float:
    invested = sum(person.invested for person in model.defenders) / len(model.defenders)
    effort = (1 + model.p["defence"]["patch_effort_gain"] * invested) * (1 + model.on_world("patch_mandate"))
    reached = max(model.ways["api"][CYBER], model.ways["open"][CYBER])
    return rules.exploit_window(effort, reached, model.reference_frontier, model.p["defence"], model.p["misuse"])


def clear_accounts(model: ObjectModel) -> None:
    """Nothing has been tried yet this month."""
    cells = range(model.classes)
    model.events = [[[0.0] * COLUMNS for _ in cells] for _ in DOMAINS]
    model.without = [[[0.0] * COLUMNS for _ in cells] for _ in DOMAINS]
    model.domains = [{"active": 0, "won": 0.0, "alone": 0.0} for _ in DOMAINS]


def account(model: ObjectModel) -> None:
    """Harm by domain, class and column with and without AI, and what enters next: turnover by domain."""
    p, real = model.p["misuse"], model.p["initial"]["misusers_real"]
    growth = exp(log(p["exposure_growth"]) * (model.year - BASE_YEAR))
    stopped = model.p["catastrophe"]["misuse_screening"]
    cells: Cells = [[] for _ in DOMAINS]
    added: Cells = [[] for _ in DOMAINS]
    counts: Cells = [[] for _ in DOMAINS]
    for d, count in enumerate(model.domains):
        loss = model.loss_usd[d] * growth
        for c in range(model.classes):
            screening = model.levers["synthesis_screening"][model.places[c]] * stopped if d == BIO else 0.0
            scale = real * (1 - screening)
            events = [x * scale for x in model.events[d][c]]
            harm = [x * loss for x in events]
            harm[OPEN_WEIGHTS] *= 1 + model.poisoned * model.p["misuse"]["enabled"]
            cells[d].append(harm)
            added[d].append([h - x * scale * loss for h, x in zip(harm, model.without[d][c], strict=True)])
            counts[d].append(events)
        total = sum(map(sum, cells[d]))
        model.public["loss_ratio"][d] = total / max(loss * model.events_initial[d], 1.0)
        share = count["active"] / max(model.potential[d], 1)
        target = twins.entry_target(count["won"] / max(count["alone"], 1e-15), p)
        count["leave"], count["enter"] = twins.leave_and_enter(share, target, p)
    model.harm = {
        "all_cells": cells,
        "cells": added,
        "counts": counts,
        "bio_events": [sum(row[k] for row in counts[BIO]) for k in range(COLUMNS)],
        "all": [sum(map(sum, rows)) for rows in cells],
        "ai": [sum(map(sum, rows)) for rows in added],
    }


def prepare_defence(model: ObjectModel) -> None:
    """Which model each class may use, and what everybody's tools draw on."""
    p, labs, rows = model.p["defence"], model.developers, model.rows["defence"]
    domains = range(len(DOMAINS))
    weights = [0.0] * len(DOMAINS)
    interface = [[0.0] * len(model.levers["hosting_ban"]) for _ in domains]
    for lab in labs:
        opened = rows[lab.open_regime]
        if opened["weights_access"] >= OPEN and opened["local_inference"] >= OPEN:
            weights = [max(w, r) for w, r in zip(weights, lab.open_reach, strict=True)]
        if lab.active and rows[lab.regime]["api_access"] >= OPEN:
            for place, sold in enumerate(lab.sells):
                if sold:
                    for d in domains:
                        interface[d][place] = max(interface[d][place], lab.capability + lab.offset[d])
    best = max(labs, key=lambda lab: lab.open_capability)
    tunable = rows[best.open_regime]["fine_tuning"]
    for c, place in enumerate(model.places):
        for d in domains:
            hosted = weights[d] if model.levers["hosting_ban"][place] < OPEN else 0.0
            through = max(interface[d][place] - p["api_refusal"], hosted)
            model.reach[d][c] = weights[d] if model.hosts_itself[c] else through
        model.own_gain[c] = 1 + p["self_hosting_gain"] * tunable * model.hosts_itself[c]
        model.subsidy[c] = model.levers["defender_subsidy"][place]
    made = sum(builder.made for builder in model.builders)
    innovated = model.p["innovation"]["safety_tools_share"] * sum(model.family_innovation)
    model.commons = innovated / max(made, 1.0) * 12
    model.speed = [[0.0] * model.classes for _ in DOMAINS]
    model.left = [[0.0] * model.classes for _ in DOMAINS]
    model.tool_sums = [0.0] * len(DOMAINS)


def patch_and_protect(model: ObjectModel) -> None:
    """Classes patch the slices that they can reach; their protection is what their defenders have left open."""
    p, step = model.p["defence"], model.step_oom
    model.tools = [x / max(n, 1) for x, n in zip(model.tool_sums, model.defended, strict=True)]
    growth = max(model.history[-1] - model.history[-13], 0.0) / 12
    for c, place in enumerate(model.places):
        share = model.levers["head_start_share"][place]
        lead = model.levers["defender_head_start_months"][place] * growth
        hurry = (1 + model.levers["patch_mandate"][place]) * model.own_gain[c]
        for d in range(len(DOMAINS)):
            floor = p["never_patched"][d] if isinstance(p["never_patched"], list) else p["never_patched"]
            rate = p["slice_patch_rate"][d] if isinstance(p["slice_patch_rate"], list) else p["slice_patch_rate"]
            gone = 1 - exp(-p["enabled"] * rate * model.speed[d][c] * hurry)
            slices, level = model.unpatched[d][c], model.reach[d][c]
            ahead = max(level, model.public["frontier"] if share > 0 else 0.0) + lead
            for number in range(len(model.above[0])):
                lower = model.first + number * step
                if lower >= max(level, ahead):
                    break
                usable = min(max((level - lower) / step, 0.0), 1.0)
                early = min(max((ahead - lower) / step, 0.0), 1.0)
                slices[number] -= (usable + (early - usable) * share) * (slices[number] - floor) * gone
            left = model.left[d][c]
            model.protection[d][c] = -log(left if left > 0 else 1.0) + model.levers["resilience"][place]
