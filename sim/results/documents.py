"""Results and comparisons as JSON documents: undefined numbers are null, and every float keeps its bits."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.results.comparison import Comparison
from sim.results.runs import Results
from sim.statistics import Difference


def results_document(results: Results, monthly: bool) -> dict[str, Any]:
    """The document of runs without a comparison."""
    return _document(results, None, {}, monthly)


def comparison_document(comparison: Comparison, monthly: bool, interval: str) -> dict[str, Any]:
    """The document of a comparison, with ``marginal`` if there are counterfactuals."""
    differences = _differences(comparison.differences(interval))
    document = _document(comparison.results, comparison.baseline, differences, monthly)
    if comparison.counterfactuals:
        document["marginal"] = {
            name: _differences(comparison.marginal(name, interval), ("mean", "ci95"))
            for name in comparison.counterfactuals
        }
    return document


def _document(results: Results, baseline: str | None, differences: dict[str, Any], monthly: bool) -> dict[str, Any]:
    from sim import __version__

    known = results.provenance
    statistics = results.statistics()
    document: dict[str, Any] = {
        "version": known.get("version", __version__),
        "seed": known.get("seed"),
        "replicates": int(np.unique(results.replicate).size),
        "draws": int(np.unique(results.draw).size),
        "months": results.months,
        "baseline": baseline,
        "worlds": list(known.get("worlds", ())),
        "scenarios": plain(statistics),
        "differences": differences,
    }
    undefined = _undefined(results)
    if undefined:
        document["undefined_runs"] = undefined
    if monthly:
        means = {name: plain(results.monthly_means(name)) for name in results.scenarios}
        document["monthly"] = means if baseline is not None or len(means) != 1 else next(iter(means.values()))
    return document


def _undefined(results: Results) -> dict[str, dict[str, int]]:
    """How many runs of a scenario leave an outcome undefined, and so out of its statistics; only where some do."""
    found: dict[str, dict[str, int]] = {}
    summary = results.summary()
    for scenario in results.scenarios:
        rows = results.rows(scenario)
        counts = {name: int(np.count_nonzero(~np.isfinite(x[rows]))) for name, x in summary.items()}
        if any(counts.values()):
            found[scenario] = {name: count for name, count in counts.items() if count}
    return found


def _differences(
    rows: Mapping[str, Mapping[str, Difference]], keys: tuple[str, ...] = ("mean", "ci95", "p_better")
) -> dict[str, Any]:
    return {
        scenario: {outcome: {key: _statistic(row, key) for key in keys} for outcome, row in outcomes.items()}
        for scenario, outcomes in rows.items()
    }


def _statistic(row: Difference, key: str) -> Any:
    if key != "ci95":
        return plain(getattr(row, key))
    return None if math.isnan(row.low) else [plain(row.low), plain(row.high)]


def plain(value: Any) -> Any:
    """Turn mappings, arrays and floats into JSON types."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(part) for part in value]
    number = float(value)
    return number if math.isfinite(number) else None


def dumps(document: Any) -> str:
    """Write a document as ASCII text; floats in their shortest form that reads back as the same bits."""
    return json.dumps(document, allow_nan=False, indent=1)
