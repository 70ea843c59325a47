"""What happens to developers of the object model besides the market: leaks, evaluation, audits, regulators, hazards."""

from __future__ import annotations

from math import exp, expm1, log
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.objects import rules, threats
from benchmarks.objects.developers import OPEN, Developer
from benchmarks.objects.people import API, OPEN_WEIGHTS
from sim.axes import DOMAINS, JURISDICTIONS
from sim.initial import usual_places
from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel

VETTED = 0.1
PLACES = len(JURISDICTIONS)
HAZARDS = ("misuse", "accident", "correlated")


def decide(model: ObjectModel) -> None:
    """Regulators form salience from last month's reports, and decide how strict to be."""
    p, noise = model.p["enforcement"], model.normals("regulator.observation")
    for place in range(PLACES):
        model.reports[place] = [model.public["reported"][place], *model.reports[place][:-1]]
        lag = min(max(round(p["observation_lag"][place]) - 1, 0), len(model.reports[place]) - 1)
        felt = twins.salience(model.salience[place], model.reports[place][lag], 1.0, noise[place], place, p)
        model.salience[place] = felt
        model.stringency[place] = twins.stringency(
            model.stringency[place], felt, model.public["concentration"], place, p
        )


def open_staged(model: ObjectModel) -> None:
    """Staged releases that are due open, unless flaws or the law stop them for another month."""
    due = [row for row, item in enumerate(model.ledger) if 0 <= item["opens_month"] <= model.month]
    uniforms = model.noise("diffusion.staged", ids=len(model.ledger)) if due else []
    p, usual = model.p["release"], model.p["misuse"]["incident_rate_initial"]
    surge = max(log(max(model.public["incidents"], 1.0) / usual), 0.0)
    for row in due:
        item = model.ledger[row]
        lab, target = model.developers[item["lab"]], model.opens_to[item["regime"]]
        stopped = 1 - exp(-p["staged_stop_hazard"] * lab.flaws_known - p["staged_stop_incidents"] * surge)
        if not item["open"] and uniforms[row] >= stopped and lab.may(item, target):
            item["open"] = True
            lab.open({**item, "regime": target})
            if lab.capability == item["capability"]:
                lab.regime = target


def steal(model: ObjectModel) -> None:
    """Thieves take weights, which reach one tier of attackers after another; what is shared with few leaks to all."""
    p, uniforms, tiers = model.p["security"], model.noise("diffusion.theft"), model.noise("diffusion.tiers", ids=2)
    model.thefts = 0
    for lab in model.developers:
        lab.security_level = rules.security_level(lab.security_level, lab.capability, lab.duty("security_floor"), p)
        shared = lab.sees("security", "weights_access")
        rate, level, years = lab.sees("security", "theft_per_year"), lab.security_level, model.year - 2024
        crime = rate * p["crime_theft_share"] * exp(-p["theft_level_effect"] * (level - p["level_reference"]))
        able = [rules.theft_hazard(x, level, years, p) for x in (rate, crime)]
        if not lab.active or shared >= OPEN or uniforms[lab.number] >= max(able):
            continue
        model.thefts += 1
        loot = [lab.capability + offset for offset in lab.offset]
        for tier in range(1 + (uniforms[lab.number] < able[1])):
            model.stolen[tier] = [max(a, b) for a, b in zip(model.stolen[tier], loot, strict=True)]
        if shared > VETTED:
            _leak(model, lab)
    for tier, name in enumerate(("diffusion_crime_months", "diffusion_public_months")):
        if tiers[tier] < 1 - exp(-1 / p[name]):
            pairs = zip(model.stolen[tier], model.stolen[tier + 1], strict=True)
            model.stolen[tier + 1] = [max(a, b) for a, b in pairs]


def _leak(model: ObjectModel, lab: Developer) -> None:
    mine = [item for item in model.ledger if item["lab"] == lab.number and item["size"] == 0 and not item["open"]]
    if mine:
        mine[-1]["open"] = True
        lab.open(mine[-1])


def evaluate(model: ObjectModel) -> None:
    """Outsiders find flaws, developers fix them, and knowledge of attacks on open weights carries over."""
    p, rows = model.p["oversight"], model.rows["oversight"]
    funded = 1 + model.on_world("red_team_funding")
    found_open, fixed_open, model.findings = 0.0, 0.0, 0.0
    for lab in model.developers:
        row = rows[lab.regime]
        access = max(row["audit_access"], lab.duty("researcher_access"), lab.duty("audit_access"))
        documents = max(row["research_openness"], lab.duty("transparency_floor"))
        eyes = model.builders_by_family[lab.number] * model.p["channels"]["oversight"]
        evaluators = funded + lab.duty("bug_bounty")
        dependent = (1 - p["independence"]) * (1 - lab.duty("evaluator_independence"))
        outside, hidden = {**p, "independence": 1 - dependent}, lab.flaws_hidden * lab.active
        new = rules.flaws_found(hidden, access, documents, evaluators, eyes, outside)
        inside = rules.flaws_found(hidden - new, 1.0, 1.0, lab.duty("internal_audit"), 0.0, p)
        weights = row["weights_access"]
        rate = p["fix_rate_closed"] * (1 - weights) + p["uptake_rate_open"] * weights
        fixed = (lab.flaws_known + new + inside) * rate
        lab.flaws_hidden, lab.flaws_known = lab.flaws_hidden - new - inside, lab.flaws_known + new + inside - fixed
        found_open, fixed_open = found_open + new * weights, fixed_open + fixed * weights
        model.findings += new
    gained = p["attack_transfer"] * found_open - p["fix_transfer"] * fixed_open
    model.attacks = model.attacks * (1 - p["attack_decay"]) + p["enabled"] * gained


def enforce(model: ObjectModel) -> None:
    """Audits, penalties, and developers who move away or withdraw their service."""
    labs, p = model.developers, model.p["enforcement"]
    free = [1 - lab.freed_now("audit_rate", "audit_exemption") for lab in labs]
    laws = [[rate * left for rate in _law(lab, "audit_rate")] for lab, left in zip(labs, free, strict=True)]
    bound = [sum(law[place] > 0 for law in laws) for place in range(PLACES)]
    model.audits = model.breaches = model.breaches_found = 0
    model.penalties = 0.0
    burden = [
        s * (1 - model.p["enforcement"]["stringency_compliance"]) + c
        for s, c in zip(model.stringency, model.levers["compliance_cost"], strict=True)
    ]
    for lab, law, left in zip(labs, laws, free, strict=True):
        rate = lab.duty("audit_rate") * lab.active * left
        uniforms = [model.noise(f"enforcement.{name}")[lab.number] for name in ("audit", "breach", "detect")]
        access = max(lab.sees("enforcement", "audit_access"), lab.duty("audit_access"))
        was_audited = lab.active and twins.audited(law, bound, uniforms[0], p)
        penalty = lab.duty("penalty_share")
        in_breach = lab.active and uniforms[1] < twins.breach_probability(penalty, rate, access, p)
        found = twins.proven(in_breach, was_audited, access, uniforms[2], p)
        threat = _law(lab, "penalty_share")
        lab.pending_usd[threat.index(max(threat))] += found * penalty * lab.revenue_usd * 12
        closed = [left * (1 - exp(-1 / lag)) for left, lag in zip(lab.pending_usd, p["enforcement_lag"], strict=True)]
        lab.pending_usd = [left - done for left, done in zip(lab.pending_usd, closed, strict=True)]
        paid = sum(closed)
        lab.cash_usd -= paid
        model.audits, model.breaches = model.audits + was_audited, model.breaches + in_breach
        model.breaches_found, model.penalties = model.breaches_found + found, model.penalties + paid
        _move(model, lab, burden)


def _law(lab: Developer, name: str) -> list[float]:
    """A lever of every jurisdiction that binds a developer, nothing of the others."""
    values = lab.model.levers[name]
    bound = [lab.active and (sold or place == lab.jurisdiction) for place, sold in enumerate(lab.sells)]
    return [value if binds else 0.0 for value, binds in zip(values, bound, strict=True)]


def _move(model: ObjectModel, lab: Developer, burden: list[float]) -> None:
    p, least = model.p["enforcement"], min(burden)
    speed = p["enabled"] * p["relocation_rate"] * p["relocation_burden"]
    excess = burden[lab.jurisdiction] - least
    if lab.active and model.noise("enforcement.relocate")[lab.number] < speed * excess:
        lab.jurisdiction = burden.index(least)
    uniforms, back = model.noise("enforcement.withdraw", PLACES), model.noise("enforcement.return", PLACES)
    usual = usual_places(np.arange(PLACES))[lab.jurisdiction]
    for place in range(PLACES):
        own = PLACES * lab.number + place
        gap = burden[place] - least if place != lab.jurisdiction else 0.0
        if lab.sells[place]:
            lab.sells[place] = uniforms[own] >= speed * gap
        elif lab.active and usual[place]:
            lab.sells[place] = back[own] < p["enabled"] * p["return_rate"] * max(1 - gap * p["relocation_burden"], 0.0)


def hazards(model: ObjectModel) -> None:
    """The three hazards of the month, and whether they strike."""
    p, labs, public = model.p["catastrophe"], model.developers, model.public
    channels, events = model.p["channels"], model.harm["bio_events"]
    attempts = sum(events) / max(model.events_initial[threats.BIO], 1e-9)
    beyond = events[OPEN_WEIGHTS] / max(sum(events), 1e-12) * channels["catastrophe"]
    screening = model.by_exposure("synthesis_screening")
    tools = model.tools[threats.BIO]
    stopped = (1 - p["misuse_screening"] * screening) * exp(-p["misuse_defence"] * tools)
    misuse = p["enabled"] * p["misuse_rate"] * attempts * (1 + p["misuse_irrevocable"] * beyond) * stopped
    best = max(labs, key=lambda lab: lab.open_capability)
    depth = model.rows["safety"][best.open_regime]["audit_access"] if best.open_capability > 0 else 0.0
    outside = channels["safety"] * sum(model.builders_by_family) * depth
    laboratory = sum(rules.accident_hazard(lab, outside, model.p["safety"]) for lab in labs if lab.active)
    closeness = public["closeness"] * channels["safety"]
    accident = p["enabled"] * p["accident_share"] * laboratory * (1 + p["accident_race"] * closeness)
    known = sum(lab.use_share * (lab.flaws_hidden + lab.flaws_known) for lab in labs)
    correlated = rules.correlated_hazard([lab.use_share for lab in labs], public["frontier"], known, p)
    strikes = model.noise("catastrophe.strikes", ids=len(HAZARDS))
    for name, hazard, uniform in zip(HAZARDS, (misuse, accident, correlated), strikes, strict=True):
        model.catastrophe[name] += hazard
        model.struck[name] = uniform < 1 - exp(-hazard)


def report(model: ObjectModel) -> None:
    """What becomes known of harm: by jurisdiction, as incidents, and to defenders."""
    p, rows, weights = model.p["misuse"], model.rows["enforcement"], model.p["initial"]["exposure_share"]
    growth = exp(log(p["exposure_growth"]) * (model.year - threats.BASE_YEAR))
    trend = max(sum(x * e for x, e in zip(model.loss_usd, model.events_initial, strict=True)) * growth, 1.0)
    known, incidents, everywhere = [0.0] * PLACES, 0.0, range(len(DOMAINS))
    model.public["information"] = [[0.0] * PLACES for _ in everywhere]
    for d in everywhere:
        monitored = [0.0] * threats.COLUMNS
        monitored[API] = rows[model.misused[d].regime]["monitoring"]
        monitored[OPEN_WEIGHTS] = rows[model.misused_weights.open_regime]["monitoring"]
        lost, told = [0.0] * PLACES, [0.0] * PLACES
        for c, j in enumerate(model.places):
            share = [twins.reported(seen, model.levers["incident_reporting"][j], p) for seen in monitored]
            accounts = (model.harm[name][d][c] for name in ("all_cells", "cells", "counts"))
            for column, (harm, by_ai, count) in enumerate(zip(*accounts, strict=True)):
                lost[j] += harm
                told[j] += harm * share[column]
                known[j] += max(by_ai, 0.0) * share[column]
                incidents += count * share[column] if column else 0.0
        for j in range(PLACES):
            information = twins.informed(told[j] / max(lost[j], 1e-9), model.p["defence"])
            model.public["information"][d][j] = information
    ratio = max(incidents / max(sum(model.events_initial), 1e-9) / p["incident_reference"], 1e-4)
    model.public["reported"] = [x / (trend * w) for x, w in zip(known, weights, strict=True)]
    model.public["incidents"] = p["incident_rate_initial"] * exp(p["incident_elasticity"] * log(ratio))


def probabilities(model: ObjectModel) -> dict[str, float]:
    """Probability by now of each catastrophe, and of any."""
    out = {f"catastrophe_{name}": -expm1(-model.catastrophe[name]) for name in HAZARDS}
    out["catastrophe_probability"] = -expm1(-sum(model.catastrophe.values()))
    return out
