"""Which release policy is best on which outcome, over calibrated draws and rival forms of offence and defence.

``python -m sim.experiments.regime_ranking`` runs it and stores what the page shows. The sign of openness is an output:
this is where it is read off.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draw_files import CALIBRATED, read_draws
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.results import Results
from sim.runner import run
from sim.scenario import load

F64 = NDArray[np.float64]

SCENARIOS = (
    "closed_frontier_universal", "closed_frontier", "structured_access", "staged_release", "status_quo",
    "open_by_default", "open_science",
)  # fmt: skip
"""From closed to open."""
GOALS = {
    "innovation": "cumulative_innovation",
    "consumer surplus": "consumer_surplus",
    "frontier": "frontier_capability",
    "concentration": "concentration_index",
    "harm": "cumulative_harm",
    "AI-attributable harm": "ai_attributable_harm",
    "catastrophe": "catastrophe_probability",
}
"""Outcomes by what they stand for."""
THREE = ("innovation", "concentration", "harm")
"""Goals on which openness may win or lose at once."""
OPEN, CLOSED = "open_by_default", "closed_frontier"
FORM = "defence.form"
STORED = "regime_ranking.json"
HERE = Path(__file__).parent


def gains(results: Results) -> dict[str, F64]:
    """Return each goal, larger being better, as means over replicates, ``(scenario, draw)``."""
    draws = int(results.draw.max()) + 1
    found = {}
    for goal, outcome in GOALS.items():
        sign = -1.0 if OUTCOMES[outcome].direction == "lower" else 1.0
        found[goal] = sign * results.summary()[outcome].reshape(len(SCENARIOS), draws, -1).mean(axis=2)
    return found


def tally(found: dict[str, F64]) -> dict[str, Any]:
    """Count draws: which scenario is best on each goal, where open beats closed, and where on all three goals.

    Parameters
    ----------
    found : dict of str to ndarray (scenario, draw)
        As `gains` returns.
    """
    best = {
        goal: {name: float((values.argmax(axis=0) == i).mean()) for i, name in enumerate(SCENARIOS)}
        for goal, values in found.items()
    }
    better = {goal: values[SCENARIOS.index(OPEN)] > values[SCENARIOS.index(CLOSED)] for goal, values in found.items()}
    together = np.stack([better[goal] for goal in THREE])
    return {
        "draws": int(together.shape[1]),
        "best": best,
        "open_better": {goal: float(wins.mean()) for goal, wins in better.items()},
        "open_wins_all": float(together.all(axis=0).mean()),
        "open_loses_all": float((~together).all(axis=0).mean()),
    }


def corner(found: dict[str, F64], samples: dict[str, Any], most: int = 8) -> list[dict[str, Any]]:
    """Parameters by which draws in which open does less harm differ most from the others, by rank correlation."""
    margin = found["harm"][SCENARIOS.index(OPEN)] - found["harm"][SCENARIOS.index(CLOSED)]
    order = np.argsort(np.argsort(margin))
    rows = []
    for name, values in samples.items():
        if np.ptp(values) > 0:
            rank = np.argsort(np.argsort(values))
            rows.append({"parameter": name, "correlation": float(np.corrcoef(order, rank)[0, 1])})
    return sorted(rows, key=lambda row: -abs(float(str(row["correlation"]))))[:most]


def stored() -> dict[str, Any]:
    """What was found last."""
    return dict(json.loads(files("sim.experiments").joinpath(STORED).read_text("utf-8")))


def main(arguments: list[str]) -> int:
    """Run every form and store the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args(arguments)
    samples: dict[str, Any] = dict(read_draws(CALIBRATED))
    found: dict[str, Any] = {"replicates": args.replicates, "seed": args.seed, "forms": {}}
    for form in REGISTRY[FORM].options or ():
        scenarios = [load(name, settings=(f"{FORM}={form}",)) for name in SCENARIOS]
        results = run(scenarios, args.replicates, samples, args.seed, workers=args.workers, details=False)
        goals = gains(results)
        found["forms"][form] = {**tally(goals), "corner": corner(goals, samples)}
        print(form, found["forms"][form]["open_better"], file=sys.stderr)
    (HERE / STORED).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
