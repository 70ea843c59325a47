"""What studies found, as JSON documents: names in place of positions, undefined numbers null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.experiments.crux import Crux
from sim.experiments.depends import Dependence
from sim.experiments.enough import Enough
from sim.experiments.futures import Futures
from sim.experiments.packages import Packages
from sim.experiments.preference import Preference
from sim.experiments.prim import Box
from sim.experiments.robustness import Robustness
from sim.experiments.store import Store
from sim.experiments.studies import Discovered, Ranked, Turning
from sim.experiments.words import crux_sentence


def plain(value: Any) -> Any:
    """Turn arrays, tuples and numbers that are not finite into what JSON has."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def provenance(store: Store) -> dict[str, Any]:
    """Say which sweep a document is about, and which model ran it."""
    keys = ("title", "key", "version", "model", "design", "seed", "draws", "replicates")
    return {key: store.manifest[key] for key in keys}


def enough_document(found: Enough, outcome: str, policies: tuple[str, ...]) -> dict[str, Any]:
    """The document of `sim.experiments.replicates`."""
    return {"outcome": outcome, "policies": list(policies), **dict(plain(asdict(found)))}


def ranked_document(ranked: Ranked) -> dict[str, Any]:
    """The document of `sim.experiments.robust`."""
    return {
        **_head(ranked.futures, ranked.preference),
        "tables": {name: _rules(table) for name, table in ranked.tables.items()},
    }


def _rules(table: Robustness) -> dict[str, Any]:
    def by_policy(values: Any) -> dict[str, Any]:
        return dict(zip(table.policies, plain(values), strict=True))

    rules = {
        rule: {
            "score": by_policy(score),
            "rank": by_policy(table.ranks[rule]),
            "first": by_policy(table.first[rule]),
        }
        for rule, score in table.scores.items()
    }
    return {"target": table.target, "rules": rules, "agreement": plain(table.agreement)}


def discovered_document(discovered: Discovered, preference: Preference) -> dict[str, Any]:
    """The document of `sim.experiments.discover`."""
    found = discovered.found
    return {
        **_head(discovered.futures, preference),
        "statement": discovered.statement,
        "true_in": found.interest,
        "box": _box(found.chosen),
        "held_out": _box(found.checked),
        "chance": plain(found.chances),
        "reproduced": plain(found.reproduced),
        "overlap": plain(found.overlap),
        "trajectory": [
            {"learnt": _box(a), "held_out": _box(b)} for a, b in zip(found.trajectory, found.held_out, strict=True)
        ],
        "tree": [_box(leaf) for leaf in found.tree],
    }


def _box(box: Box) -> dict[str, Any]:
    return dict(plain(asdict(box)))


def turning_document(turning: Turning) -> dict[str, Any]:
    """The document of `sim.experiments.cruxes`."""
    found, policies = turning.found, turning.futures.policies
    return {
        **_head(turning.futures, turning.preference),
        "best": policies[found.leader],
        "mean_utility": dict(zip(policies, found.means, strict=True)),
        "best_in": dict(zip(policies, found.best, strict=True)),
        "everything": found.everything,
        "luck": found.floor,
        "cruxes": [_crux(crux, policies) for crux in found.cruxes],
        "others": dict(found.others),
        "weights": [
            {"outcome": t.outcome, "stated": t.stated, "turns_at": t.weight, "then": policies[t.policy]}
            for t in turning.turns
        ],
    }


def _crux(crux: Crux, policies: tuple[str, ...]) -> dict[str, Any]:
    return {
        "assumption": crux.name,
        "worth": crux.worth,
        "interval": [crux.low, crux.high],
        "chance": crux.chance,
        "lead": list(crux.lead),
        "words": crux_sentence(crux, policies),
        "stretches": [
            {"policy": policies[s.policy], "low": plain(s.low), "high": plain(s.high), "share": s.share,
             "options": list(s.names)} for s in crux.stretches
        ],
        "thresholds": [
            {"below": policies[t.below], "above": policies[t.above], "value": plain(t.value),
             "interval": plain([t.low, t.high]), "support": t.support} for t in crux.thresholds
        ],
    }  # fmt: skip


def dependence_document(found: Dependence) -> dict[str, Any]:
    """The document of `sim.experiments.sensitivity`."""
    document = {key: plain(value) for key, value in asdict(found).items() if key not in ("effects", "indices")}
    document["effects"] = document["indices"] = None
    if found.effects is not None:
        e = found.effects
        columns = zip(e.names, e.mean, e.absolute, e.half_width, e.spread, strict=True)
        document["effects"] = {
            name: {"mean": float(m), "absolute": float(a), "half_width": float(h), "spread": float(s)}
            for name, m, a, h, s in columns
        }
        document["trajectories"] = e.trajectories
    if found.indices is not None:
        i = found.indices
        rows = zip(i.names, i.first, i.first_half, i.total, i.total_half, i.total_of_half, strict=True)
        keys = ("first", "first_half_width", "total", "total_half_width", "total_of_half_the_blocks")
        document["indices"] = {name: dict(zip(keys, map(float, numbers), strict=True)) for name, *numbers in rows}
        document |= {"blocks": i.blocks, "settled": i.settled}
    return document


def packages_document(found: Packages) -> dict[str, Any]:
    """The document of `sim.experiments.optimise`."""
    rows = zip(found.settings, found.means, found.differences, found.half, strict=True)
    packages = [
        {
            "levers": dict(zip(found.levers, settings.tolist(), strict=True)),
            "means": dict(zip(found.outcomes, means.tolist(), strict=True)),
            "differences": {
                name: [float(d - h), float(d), float(d + h)]
                for name, d, h in zip(found.outcomes, gap, half, strict=True)
            },
        }
        for settings, means, gap, half in rows
    ]
    return {
        "scenario": found.scenario,
        "outcomes": list(found.outcomes),
        "as_it_is": dict(zip(found.outcomes, found.reference.tolist(), strict=True)),
        "packages": packages,
        "hypervolumes": list(found.hypervolumes),
        "weighed": found.weighed,
        "dominated": found.dominated,
        "budget": asdict(found.budget),
        "evaluations": found.evaluations,
    }


def _head(futures: Futures, preference: Preference) -> dict[str, Any]:
    return {
        "policies": list(futures.policies),
        "worlds": list(dict.fromkeys(futures.worlds.tolist())),
        "futures": len(futures),
        "left_out": futures.left_out,
        "preference": {"weights": dict(preference.weights), "scale": preference.scale},
    }
