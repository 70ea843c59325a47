"""Results as tables that people read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.cli.printing import table
from sim.counterfactuals import NO_AI
from sim.figures.numbers import Scale, scale
from sim.outcomes import HEADLINES, OUTCOMES
from sim.results import Comparison, Results
from sim.results.comparison import adjusted
from sim.statistics import Difference

COUNTERFACTUALS = {NO_AI: "the same policies without any AI uplift to misuse"}
SATURATION = 2031 * 12
BETTER = {"higher": "↑", "lower": "↓", "neutral": "·"}


def show_results(results: Results, everything: bool) -> None:
    """Print one row an outcome: mean, median and band of the runs."""
    for scenario, statistics in results.statistics().items():
        rows = []
        for name in shown(statistics, everything):
            row = statistics[name]
            unit = scale(OUTCOMES[name].unit, list(row.values()))
            numbers = (unit.bare(row[key]) for key in ("mean", "p05", "p50", "p95"))
            rows.append([label(name), *numbers, unit.unit])
        table(["", "mean", "5 %", "median", "95 %", "unit"], rows, _title(results, scenario), (1, 2, 3, 4))
    _footnotes(results)


def show_comparison(comparison: Comparison, everything: bool, interval: str) -> None:
    """Print scenarios side by side, then their paired differences, then margins against counterfactuals."""
    _side_by_side(comparison, everything)
    _difference_table(comparison, everything, interval)
    for name in comparison.counterfactuals:
        _margins(comparison, name, everything, interval)
    _footnotes(comparison.results)


def _side_by_side(comparison: Comparison, everything: bool) -> None:
    statistics = comparison.results.statistics()
    rows = []
    for name in shown(statistics[comparison.baseline], everything):
        by_scenario = [statistics[scenario][name] for scenario in comparison.scenarios]
        unit = scale(OUTCOMES[name].unit, [x for row in by_scenario for x in (row["mean"], row["p05"], row["p95"])])
        cells = [f"{unit.bare(r['mean'])} ({unit.bare(r['p05'])} to {unit.bare(r['p95'])})" for r in by_scenario]
        rows.append([label(name), unit.unit, *cells])
    headers = ["", "unit", *comparison.scenarios]
    title = "Mean and 90 % band of the runs (↑ higher is better, ↓ lower is better)"
    table(headers, rows, title, range(2, len(headers)))


def _difference_table(comparison: Comparison, everything: bool, interval: str) -> None:
    rows = []
    differences = comparison.differences(interval)
    corrected = {scenario: adjusted(outcomes) for scenario, outcomes in differences.items()}
    names = shown(comparison.results.monthly, everything)
    for name in names:
        unit = scale(OUTCOMES[name].unit, _values(outcomes[name] for outcomes in differences.values()))
        for scenario, outcomes in differences.items():
            row = outcomes[name]
            better = "–" if math.isnan(row.p_better) else f"{100 * row.p_better:.0f} %"
            cells = [unit.bare(row.mean, sign=True), _interval(row, unit), better, _p(corrected[scenario][name])]
            rows.append([label(name), scenario, *cells, _points(unit)])
    if rows:
        method = "paired t" if interval == "t" else "bootstrap (BCa)"
        title = f"\nDifference to {comparison.baseline} on the same luck, run by run; 95 % interval: {method}"
        headers = ["", "scenario", "difference", "95 % interval", "better in", "p (Holm)", "unit"]
        table(headers, _blank_repeats(rows), title, (2, 3, 4, 5))


def _margins(comparison: Comparison, counterfactual: str, everything: bool, interval: str) -> None:
    rows = []
    marginal = comparison.marginal(counterfactual, interval)
    for name in shown(comparison.results.monthly, everything):
        unit = scale(OUTCOMES[name].unit, _values(outcomes[name] for outcomes in marginal.values()))
        if any(outcomes[name].mean != 0 for outcomes in marginal.values()):
            rows.append(
                [label(name), _points(unit), *(_amount(outcomes[name], unit) for outcomes in marginal.values())]
            )
    headers = ["", "unit", *marginal]
    title = f"\nMarginal: scenario minus {_described(comparison, counterfactual)}; mean and 95 % interval"
    if not rows:
        print(f"{title}\nNo difference.")
        return
    table(headers, rows, title, range(2, len(headers)))


def _described(comparison: Comparison, counterfactual: str) -> str:
    """What a counterfactual assumes, with its coverage."""
    if counterfactual in COUNTERFACTUALS:
        return COUNTERFACTUALS[counterfactual]
    scenarios = comparison.counterfactuals[counterfactual].provenance.get("scenarios", {})
    title = scenarios.get(counterfactual, {}).get("title")
    return f"{counterfactual} ({title})" if title else counterfactual


def shown(names: Mapping[str, Any], everything: bool) -> list[str]:
    """The outcomes to show, headlines first."""
    headlines = [name for name in HEADLINES if name in names]
    return [*headlines, *(name for name in names if name not in headlines)] if everything else headlines


def label(name: str) -> str:
    """An outcome's words, with an arrow in the direction that is better."""
    return f"{OUTCOMES[name].label} {BETTER[OUTCOMES[name].direction]}"


def _points(unit: Scale) -> str:
    """Unit of a difference: that of two percentages is a number of points."""
    return unit.unit.replace("%", "% points", 1)


def _p(value: float) -> str:
    return "–" if math.isnan(value) else "<0.001" if value < 0.001 else f"{value:.3f}"


def _amount(row: Difference, unit: Scale) -> str:
    """A difference with its interval, if it has one."""
    text = unit.bare(row.mean, sign=True)
    return text if row.low == row.high == row.mean else f"{text} ({_interval(row, unit)})"


def _interval(row: Difference, unit: Scale) -> str:
    return "–" if math.isnan(row.low) else f"{unit.bare(row.low, sign=True)} to {unit.bare(row.high, sign=True)}"


def _values(rows: Any) -> list[float]:
    return [x for row in rows for x in (row.mean, row.low, row.high)]


def _blank_repeats(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leave out an outcome's words where the row above has them."""
    return [["" if i and rows[i - 1][0] == row[0] else row[0], *row[1:]] for i, row in enumerate(rows)]


def _title(results: Results, scenario: str) -> str:
    title = results.provenance.get("scenarios", {}).get(scenario, {}).get("title", "")
    return f"{scenario}: {title}" if title else scenario


def _footnotes(results: Results) -> None:
    """Say what the numbers rest on."""
    draws, replicates = np.unique(results.draw).size, np.unique(results.replicate).size
    kind = "chance only, every parameter at its default" if draws == 1 else f"{draws} parameter draws × {replicates}"
    seed = results.provenance.get("seed")
    print(f"\n{draws * replicates} runs a scenario ({kind}), {results.months} months, seed {seed}.")
    worlds = results.provenance.get("worlds")
    if worlds:
        print(f"World: {', '.join(worlds)}.")
    if (draws if draws > 1 else replicates) < 100:
        print("With fewer than 100 independent runs, intervals of skewed outcomes cover less than 95 %.")
    if results.start + results.months > SATURATION:
        print("Months after 2030 rest on saturation assumptions.")


def show_signs(signs: Mapping[str, Mapping[str, float]], draws: int) -> None:
    """Print on which outcomes openness helps over the prior, by form of the contested kernel."""
    forms = list(signs)
    names = list(next(iter(signs.values())))
    rows = [[label(name), *(f"{signs[form][name]:.2f}" for form in forms)] for name in names]
    title = f"\nChance over {draws} draws of the prior that open_by_default does better than closed_frontier"
    table(["", *forms], rows, title, range(1, len(forms) + 1))
    fixed = [label(name) for name in names if not all(0.05 <= signs[form][name] <= 0.95 for form in forms)]
    if fixed:
        print("Outside 0.05 to 0.95 in some form, see docs/explanation/openness_channels.md: " + ", ".join(fixed))
