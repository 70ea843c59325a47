"""The record of the object model: its month in the outcomes that cost most to measure, one number each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from math import exp, log
from typing import TYPE_CHECKING

from benchmarks.objects.governance import probabilities
from benchmarks.objects.threats import CYBER
from sim.axes import DOMAINS, JURISDICTIONS, ROUTES
from sim.populations import class_parts

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel


def record(model: ObjectModel) -> dict[str, float]:
    """Outcomes of the month that has ended, by the names of `sim.outcomes.OUTCOMES`."""
    return {**_innovation(model), **_market(model), **_downloads(model), **_harm(model), **_resilience(model)}


def _innovation(model: ObjectModel) -> dict[str, float]:
    n, p = len(model.builders), model.p["innovation"]
    rate = sum(model.innovated) / n
    made, surplus = rate * model.p["initial"]["builders_real"], sum(model.surplus)
    received = sum(lab.revenue_usd for lab in model.developers) + sum(model.paid[model.slots :])
    there = [option for option in model.options if option["available"]]
    return {
        "innovation_rate": rate,
        "cumulative_innovation": made,
        "innovation_on_open": sum(model.family_innovation) / (rate * n) if rate > 0 else 0.0,
        "consumer_surplus": surplus,
        "external_safety_findings": model.findings,
        "builders_open_share": model.public["builders_open"],
        "social_private_return": (surplus + made * p["value_usd"] + received) / received if received > 0 else 0.0,
        "flagship_price": max(there, key=lambda o: o["relative"])["price"] if there else 0.0,
    }


def _market(model: ObjectModel) -> dict[str, float]:
    labs, public = model.developers, model.public
    active = [lab for lab in labs if lab.active]
    effective = [10 ** (lab.capability - public["frontier"]) for lab in active if lab.capability > 0]
    effort = sum(lab.effort for lab in active)
    return {
        "usage_hhi": hhi(lab.use_share for lab in labs),
        "training_compute_hhi": hhi(10 ** (lab.log10_flop - 25) for lab in active if lab.log10_flop > 0),
        "data_hhi": hhi(lab.use_share * lab.data for lab in labs),
        "labour_hhi": hhi(lab.budget_usd * lab.labour for lab in labs),
        "framework_hhi": hhi(a + b for a, b in zip(model.users, model.users[model.slots :], strict=False)),
        "effective_developers": 1e4 / hhi(effective) if effective else 0.0,
        "active_labs": len(active),
        "open_usage_share": public["open_use"],
        "frontier_capability": model.history[-1],
        "training_cost_usd": max(lab.budget_usd for lab in labs),
        "audits": model.audits,
        "breaches": model.breaches,
        "breaches_found": model.breaches_found,
        "penalties_usd": model.penalties,
        "benefits_shared_usd": sum(lab.shared_usd for lab in labs),
        "stringency": sum(model.stringency) / len(model.stringency),
        "safety_effort": effort / len(active) if active else 0.0,
        "unresolved_flaws": sum((lab.flaws_hidden + lab.flaws_known) * lab.use_share for lab in labs),
    }


def hhi(amounts: Iterable[float]) -> float:
    """Herfindahl–Hirschman index, 0 to 10,000."""
    values = list(amounts)
    total = sum(values)
    return sum((value / total) ** 2 for value in values) * 1e4 if total > 0 else 0.0


def _downloads(model: ObjectModel) -> dict[str, float]:
    """Inequality of downloads, rows counted by the artefacts that they stand for."""
    ranked = sorted(model.artefacts, key=lambda a: -a["downloads"])
    weights = [a["weight"] for a in ranked]
    number = max(sum(weights), 1e-12)
    rank = [x / number for x in accumulate(weights)]
    parts = [a["weight"] * a["downloads"] for a in ranked]
    taken = list(accumulate(parts))
    everything = max(taken[-1], 1e-12)
    first, fifth = (min(sum(x < share for x in rank), len(rank) - 1) for share in (0.01, 0.2))
    steep = max(ranked[first]["downloads"], 1e-9) / max(ranked[fifth]["downloads"], 1e-9)
    lorenz = sum((t - part / 2) * w for t, part, w in zip(taken, parts, weights, strict=True)) / everything / number
    return {
        "download_top1pct_share": taken[first] / everything,
        "download_zero_share": sum(a["weight"] * exp(-a["downloads"]) for a in ranked) / number,
        "download_zipf_exponent": log(steep) / log(20),
        "download_gini": 2 * lorenz - 1,
    }


def _harm(model: ObjectModel) -> dict[str, float]:
    cells, p = model.harm["all_cells"], model.p["misuse"]
    _, large, _ = class_parts()
    by_domain = [sum(map(sum, rows)) for rows in cells]
    columns = [sum(row[k] for rows in cells for row in rows) for k in range(len(cells[0][0]))]
    by_route = [*columns[: len(ROUTES) - 1], sum(columns[len(ROUTES) - 1 :])]
    by_class = [sum(sum(rows[c]) for rows in cells) for c in range(model.classes)]
    everything, ai = sum(by_domain), sum(model.harm["ai"])
    growth = exp(log(p["exposure_growth"]) * (model.year - 2023))
    without = growth * sum(x * e for x, e in zip(model.loss_usd, model.events_initial, strict=True))
    places = [0.0] * len(JURISDICTIONS)
    for harm, place in zip(by_class, model.places, strict=True):
        places[place] += harm
    out = {
        "cumulative_harm": everything,
        "harm_index": 100 * everything / without,
        "ai_attributable_harm": ai,
        "ai_attributable_harm_share": ai / everything if everything > 0 else 0.0,
        "harm_large_defenders": sum(x for x, big in zip(by_class, large.tolist(), strict=True) if big),
        "harm_small_defenders": sum(x for x, big in zip(by_class, large.tolist(), strict=True) if not big),
        "incidents": model.public["incidents"],
        "active_misusers": sum(person.active for person in model.misusers) / len(model.misusers),
        "poisoned_downloads": model.poisoned,
        "thefts": model.thefts,
        "jailbreak_share": model.ways["passed"][CYBER],
    }
    out.update({f"harm_{name}": x for name, x in zip(DOMAINS, by_domain, strict=True)})
    out.update({f"harm_route_{name}": x for name, x in zip(ROUTES, by_route, strict=True)})
    out.update({f"harm_{name}": x for name, x in zip(JURISDICTIONS, places, strict=True)})
    return out


def _resilience(model: ObjectModel) -> dict[str, float]:
    threshold, frontier = model.p["misuse"]["uplift_threshold"][CYBER], model.public["frontier"]
    ends = [model.first + (n + 1) * model.step_oom for n in range(len(model.above[0]))]
    within = [n for n, end in enumerate(ends) if threshold < end <= frontier]
    slices = model.unpatched[CYBER]
    left = sum(share * sum(row[n] for n in within) for row, share in zip(slices, model.class_exposure, strict=True))
    protection = [value for rows in model.protection for value in rows]
    return {
        "protection": sum(protection) / len(protection),
        "unpatched_share": left / len(within) if within else 1.0,
        **probabilities(model),
    }
