"""Validation as documents: what commands print, what is kept beside the code, and what pages show."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwo

from sim.parameters import REGISTRY
from sim.validation.calibration import CUT, FITTED, Calibration, drivers, implausibility, unit
from sim.validation.hindcast import Hindcast
from sim.validation.patterns import PATTERNS, Pattern

F64 = NDArray[np.float64]
STORED = "stored.json"
"""What was found when the draws that come with Aperture were made."""
DRIVERS = 4
"""Parameters named for each pattern."""
DIGITS = 4
"""Significant digits of draws in the file."""
FALSE_ALARM = 0.05
"""Chance that any parameter at all counts as informed when none is (Šidák 1967)."""


def pattern_rows(values: F64) -> list[dict[str, Any]]:
    """Patterns with what was obtained, from a table ``(run, pattern)``."""
    return [_pattern_row(pattern, values[:, i]) for i, pattern in enumerate(PATTERNS)]


def _pattern_row(pattern: Pattern, column: F64) -> dict[str, Any]:
    usable = column[np.isfinite(column)]
    low, middle, high = (float(q) for q in np.quantile(usable, [0.05, 0.5, 0.95])) if len(usable) else (None,) * 3
    agrees = middle is not None and pattern.low <= middle <= pattern.high
    return {
        "pattern": pattern.name,
        "label": pattern.label,
        "unit": pattern.unit,
        "target": pattern.target,
        "tolerance": [pattern.low, pattern.high],
        "median": middle,
        "interval90": [low, high],
        "agrees": agrees,
        "required": pattern.required and not pattern.predicted,
        "predicted": pattern.predicted,
        "facts": list(pattern.facts),
    }


def score_rows(found: Hindcast) -> list[dict[str, Any]]:
    """Scores of the hindcast, with the naive forecasts beside them."""
    return [
        {
            "pattern": score.pattern.name,
            "label": score.pattern.label,
            "unit": score.pattern.unit,
            "observed": score.pattern.target,
            "median": float(np.median(score.sample)),
            "interval90": [float(q) for q in np.quantile(score.sample, [0.05, 0.95])],
            "crps": score.crps,
            "crps_last_value": score.last,
            "crps_trend": score.trend,
            "in50": score.in50,
            "in90": score.in90,
            "facts": list(score.pattern.facts),
        }
        for score in found.scores
    ]


def calibration_document(found: Calibration) -> dict[str, Any]:
    """How calibration went: what was kept, what each pattern ruled out, which parameters were informed."""
    prior, last = found.waves[0], found.waves[-1]
    ruled = implausibility(prior.mean, prior.chance) > CUT
    left = implausibility(last.mean, prior.chance) > CUT
    moved = drivers(prior, DRIVERS)
    return {
        "runs": [len(wave.mean) for wave in found.waves],
        "kept": list(found.kept),
        "patterns": [
            {
                "pattern": PATTERNS[i].name,
                "ruled_out_of_prior": float(ruled[:, j].mean()),
                "ruled_out_of_last_wave": float(left[:, j].mean()),
                "chance_sd": float(np.sqrt(prior.chance[j])),
                "explained": moved[j][0],
                "drivers": [{"parameter": name, "slope": slope} for name, slope in moved[j][1]],
            }
            for j, i in enumerate(FITTED)
        ],
        "parameters": len(found.accepted),
        "informed": informed(found.accepted),
    }


def informed(accepted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parameters whose distribution the patterns changed, the most changed first.

    Distances are between the accepted draws and the even prior; ``shift`` is the change of the mean in half ranges,
    ``spread`` the standard deviation left over that of the prior.
    """
    rows, block = [], unit(accepted)
    limit = telling(*block.shape)
    for name, column in zip(accepted, block.T, strict=True):
        ordered = np.sort((column + 1) / 2)
        n = len(ordered)
        steps = np.arange(n + 1) / n
        distance = float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))
        if distance >= limit:
            spread = float(column.std() / np.sqrt(1 / 3))
            rows.append({"parameter": name, "distance": distance, "shift": float(column.mean()), "spread": spread})
    return sorted(rows, key=lambda row: -float(str(row["distance"])))


def telling(draws: int, parameters: int) -> float:
    """Distance between the distribution of a parameter before and after (Kolmogorov–Smirnov) from which on it counts
    as informed, so that chance makes no parameter count in all but 5 % of calibrations that inform none.
    """
    each = 1 - (1 - FALSE_ALARM) ** (1 / max(parameters, 1))
    return float(kstwo.isf(each, draws))


def draws_text(accepted: Mapping[str, Any]) -> str:
    """Draws as CSV, a column a parameter."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["draw", *accepted])
    columns = [_rounded(name, values) for name, values in accepted.items()]
    for number, row in enumerate(zip(*columns, strict=True)):
        writer.writerow([number, *row])
    return stream.getvalue()


def _rounded(name: str, values: Any) -> list[str]:
    low, high = REGISTRY[name].low, REGISTRY[name].high
    short = [float(f"{value:.{DIGITS}g}") for value in np.asarray(values, np.float64).tolist()]
    return [f"{min(max(value, low or value), high or value):.6g}" for value in short]


def stored() -> dict[str, Any]:
    """What was found when the shipped draws were made; empty before they were."""
    place = files("sim.validation") / STORED
    return dict(json.loads(place.read_text("utf-8"))) if place.is_file() else {}
