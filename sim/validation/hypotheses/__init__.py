"""Signs that the literature claims, looked for in the model under common random numbers.

Claims stand as the literature has them, contradictions included. `evaluate` runs what a hypothesis needs and judges
every contrast with a chance of `records.FALSE_ALARM` that any of them all is called by mistake. ``python -m
sim.validation.hypotheses`` works all of them out anew and keeps the result beside the code for the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sim.runner import run
from sim.scenario import load
from sim.validation.hypotheses import full, narrow
from sim.validation.hypotheses.records import Contrast, Found, Hypothesis, Monthly, critical, judge, overall

__all__ = ["HYPOTHESES", "Result", "critical", "evaluate", "evaluate_all", "stored"]

HYPOTHESES: tuple[Hypothesis, ...] = (*full.HYPOTHESES, *narrow.HYPOTHESES)
"""Every hypothesis."""
COUNT = sum(len(h.contrasts) + len(h.flips) for h in HYPOTHESES)
"""Contrasts of all hypotheses, for which false alarms are controlled together."""
REPLICATES = 48
"""Paired runs behind what is published."""
SMALL = ("population.misusers=200", "population.defenders=128", "population.builders=200")
"""Simulated people: expectations do not depend on their number."""
STORED = "found.json"


@dataclass(frozen=True)
class Result:
    """A hypothesis beside what was found.

    Attributes
    ----------
    hypothesis : Hypothesis
    contrasts, flips : tuple of Found
    verdict : str
        Of the contrasts alone.
    """

    hypothesis: Hypothesis
    contrasts: tuple[Found, ...]
    flips: tuple[Found, ...]
    verdict: str


def evaluate(hypothesis: Hypothesis, replicates: int = REPLICATES, seed: int = 1, workers: int = 1) -> Result:
    """Run the variants of a hypothesis on the same random numbers and judge its contrasts."""
    runs = _runs(hypothesis, replicates, seed, workers)

    def judged(contrasts: Iterable[Contrast]) -> tuple[Found, ...]:
        return tuple(judge(contrast, contrast.values(runs), COUNT) for contrast in contrasts)

    found = judged(hypothesis.contrasts)
    return Result(hypothesis, found, judged(hypothesis.flips), overall(found))


def evaluate_all(replicates: int = REPLICATES, seed: int = 1, workers: int = 1) -> tuple[Result, ...]:
    """Evaluate every hypothesis."""
    return tuple(evaluate(hypothesis, replicates, seed, workers) for hypothesis in HYPOTHESES)


def _runs(hypothesis: Hypothesis, replicates: int, seed: int, workers: int) -> Mapping[str, Monthly]:
    if not hypothesis.variants:
        return {}
    base = load("status_quo", settings=(*SMALL, f"months={hypothesis.months}"))
    scenarios = [
        base.replace(
            name=name,
            policies=(*base.policies, *variant.policies),
            parameters={**base.parameters, **variant.parameters},
        )
        for name, variant in hypothesis.variants.items()
    ]
    results = run(scenarios, replicates=replicates, seed=seed, workers=workers, details=False)
    return {name: results.select(name).monthly for name in hypothesis.variants}


def document(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Results as plain data, numbers with four digits."""

    def plain(found: Found) -> dict[str, Any]:
        short = {key: float(f"{getattr(found, key):.4g}") for key in ("mean", "error")}
        return {"label": found.label, "sign": found.sign, **short, "verdict": found.verdict}

    return [
        {
            "name": result.hypothesis.name,
            "verdict": result.verdict,
            "contrasts": [plain(found) for found in result.contrasts],
            "flips": [plain(found) for found in result.flips],
        }
        for result in results
    ]


def stored() -> list[dict[str, Any]]:
    """What was found when the page was made."""
    place = files(__package__) / STORED
    return list(json.loads(place.read_text("utf-8"))) if place.is_file() else []
