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
    years = max(model.year - SAFEGUARD_YEAR, 0.0)
    offers = []
    for lab in labs:
        row = rows[lab.regime]
        served = row["api_access"] * lab.active * (row["weights_access"] < OPEN)
        if served <= TRIED:
            continue
        vetted = row["false_accept"] * (1 - lab.duty("know_your_customer"))
        gap = (1 - row["safeguard_persistence"]) * (1 - lab.duty("safeguard_sharing"))
        passed = vetted * twins.jailbreak_share(1 - gap, years, model.attacks, lab.flaws_left, p)
        offers.append((lab, passed, log10(max(passed, TRIED))))
    ways: dict[str, list[float]] = {"api": [], "passed": [], "monitored": []}
    traced: list[float] = []
    for d in range(len(DOMAINS)):
        if not offers:
            ways["api"].append(0.0)
            ways["passed"].append(0.0)
            ways["monitored"].append(rows[labs[0].regime]["monitoring"])
            traced.append(rows[labs[0].regime]["provenance"])
            continue
        lab, passed, _ = max(offers, key=lambda o: o[0].capability + o[0].offset[d] + o[2])
        ways["api"].append(lab.capability + lab.offset[d])
        ways["passed"].append(passed)
        ways["monitored"].append(rows[lab.regime]["monitoring"])
        traced.append(rows[lab.regime]["provenance"])
    out = [lab if rows[lab.open_regime]["weights_access"] >= OPEN else None for lab in labs]
    ways["open"] = [max((lab.open_reach[d] for lab in out if lab), default=0.0) for d in range(len(DOMAINS))]
    ways["stripped"] = [max((lab.stripped_reach[d] for lab in out if lab), default=0.0) for d in range(len(DOMAINS))]
    first = max((lab for lab in out if lab), key=lambda lab: max(lab.open_reach), default=labs[0])
    row = rows[first.open_regime]
    model.guard = max(row["safeguard_persistence"], first.duty("tamper_resistance"))
    model.ways = {**ways, **_frictions(model, first.open_log10_flop)}
    model.ways.update(traced=traced[INFLUENCE], open_traced=row["provenance"])
    watched = p["detection_other"] + p["detection_api"] * row["monitoring"]
    model.ways["open_detection"] = watched - p["detection_other"]
    plain = [p["detection_other"]] * len(DOMAINS)
    api = [p["detection_other"] + p["detection_api"] * seen for seen in ways["monitored"]]
    model.detection = [plain, api, [watched] * len(DOMAINS), plain, plain, plain]


def _frictions(model: ObjectModel, open_flop: float) -> dict[str, list[float]]:
    p, years = model.p["misuse"], max(model.year - BASE_YEAR, 0.0)
    hosted = (1 - model.on_world("hosting_ban")) * (1 - model.on_world("host_safeguards"))
    largest = max((lab.log10_flop for lab in model.developers if lab.active), default=0.0)
    local = [twins.local_friction(open_flop, years, r, p) for r in p["kind_resources"]]
    return {
        "open_friction": [hosted * min(x, p["hosted_friction"]) + (1 - hosted) * x for x in local],
        "stolen_friction": [twins.local_friction(largest, years, r, p) for r in p["kind_resources"]],
    }


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
