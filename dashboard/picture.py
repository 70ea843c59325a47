"""From runs to what a page shows: figures, headline numbers, tables, captions; pure functions of results."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import sim
from sim import figures

VERDICTS = {"better": "better", "worse": "worse", "unclear": "unclear", "changed": "changed"}


@dataclass(frozen=True)
class Headline:
    """One number of a scenario in words, with its difference from the baseline."""

    label: str
    value: str
    band: str
    difference: str
    verdict: str
    help: str

    def spoken(self) -> str:
        """Return the sentence that a screen reader says."""
        return f"{self.label}: {self.value}, {self.band}; {self.difference}."


def narrowed(results: Any, outcomes: Sequence[str]) -> Any:
    """Return results with a few outcomes only, so that nothing is computed for the others."""
    kept = [name for name in dict.fromkeys(outcomes) if name in results.monthly]
    return replace(results, monthly={name: results.monthly[name] for name in kept})


def view_of(results: Any, baseline: str) -> Any:
    """Return the view of a comparison for figures."""
    return figures.View.of(sim.Comparison(results, baseline))


def chart(view: Any, outcome: str, *, runs: bool = False, mode: str = "light") -> dict[str, Any]:
    """Return the fan chart of an outcome for a card, which says the title itself.

    Parameters
    ----------
    view : View
        From `view_of`.
    outcome : str
    runs : bool
        Single runs instead of bands.
    mode : {"light", "dark"}
    """
    found: dict[str, Any] = figures.fan(
        view.monthly(outcome),
        view.monthly_measure(outcome),
        view.horizon,
        baseline=view.shown_baseline,
        single_runs=32 if runs else 0,
        mode=mode,
    )
    return in_card(found)


def in_card(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure without title and height: the card has the title as its heading, and gives the height."""
    layout = {key: value for key, value in figure["layout"].items() if key not in ("title", "height")}
    layout["margin"] = layout["margin"] | {"t": 36, "l": 8, "r": 8, "b": 8}
    layout["uirevision"] = "kept"
    return {"data": figure["data"], "layout": layout}


def signature(figure: dict[str, Any]) -> str:
    """Return what must stay the same for new values to be painted into the traces that are there."""
    axis = figure["layout"]["yaxis"]
    names = [f"{trace.get('name', '')}/{trace.get('fill', '')}" for trace in figure["data"]]
    return "|".join([str(axis["title"]["text"]), str(axis.get("type", "")), *names])


def changes(figure: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the values of the traces of some scenarios: places, ``y``, and ``customdata`` of the medians."""
    places = [i for i, trace in enumerate(figure["data"]) if trace.get("legendgroup") in names]
    traces = [figure["data"][i] for i in places]
    return {
        "places": places,
        "y": [trace["y"] for trace in traces],
        "customdata": [trace.get("customdata") for trace in traces],
    }


def headlines(view: Any, scenario: str, outcomes: Sequence[str]) -> list[Headline]:
    """Return the headline numbers of a scenario: mean, the range of 90 % of runs, and the paired difference."""
    statistics = view.statistics[scenario]
    effects = view.effects(scenario, outcomes) if scenario != view.baseline else [None] * len(outcomes)
    return [_headline(view, name, statistics[name], effect) for name, effect in zip(outcomes, effects, strict=True)]


def _headline(view: Any, outcome: str, row: dict[str, float], effect: Any) -> Headline:
    measure = view.measure(outcome)
    unit = figures.scale(measure.unit, [row["mean"], row["p05"], row["p95"]])
    band = f"90 % of runs {unit.bare(row['p05'])} to {unit.bare(row['p95'])}"
    if effect is None:
        return Headline(
            measure.label, unit.text(row["mean"]), band, "this is the baseline", "unclear", measure.description
        )
    return Headline(
        measure.label, unit.text(row["mean"]), band, difference(view, effect), effect.verdict, measure.description
    )


def difference(view: Any, effect: Any) -> str:
    """Return a paired difference with its 95 % interval in words."""
    if effect.mean == effect.low == effect.high == 0:
        return f"no difference from {view.shown_baseline}"
    if not math.isfinite(effect.mean):
        return "difference undefined"
    relative = effect.drawable and not effect.measure.unit.startswith(("share", "probability", "OOM", "log10"))
    if relative:
        numbers = [
            figures.digits(effect.percent(v), sign=True, significant=2) for v in (effect.mean, effect.low, effect.high)
        ]
        unit = "%"
    else:
        shown = figures.scale(effect.measure.unit, [effect.mean, effect.low, effect.high])
        numbers = [shown.bare(v, sign=True) for v in (effect.mean, effect.low, effect.high)]
        unit = shown.unit.replace("%", "% points", 1)
    return f"{numbers[0]} {unit} ({numbers[1]} to {numbers[2]}) against {view.shown_baseline}"


def table(view: Any, outcome: str) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the table behind a chart: each January, median and range of 90 % of runs."""
    measure, start, months = view.monthly_measure(outcome), view.results.start, view.results.months
    bands = {name: figures.quantiles(values, (0.05, 0.5, 0.95)) for name, values in view.monthly(outcome).items()}
    unit = figures.scale(measure.unit, np.concatenate([band.ravel() for band in bands.values()]))
    head = ["Month", *(f"{name}, {unit.unit}" if unit.unit else name for name in bands)]
    places = sorted({i for i in range(months) if (start + i) % 12 == 0} | {months - 1})
    rows = []
    for i in places:
        cells = [f"{unit.bare(b[1, i])} ({unit.bare(b[0, i])} to {unit.bare(b[2, i])})" for b in bands.values()]
        rows.append([figures.spoken(start + i), *cells])
    return head, rows


def caption(results: Any, members: int, full: int, runs: bool) -> str:
    """Return what the bands show, over how many runs, and the seed."""
    text = str(figures.bands_caption(results))
    text = text.replace("Bands show", "Lines are single runs; they differ by", 1) if runs else text
    if not runs:
        text += " Dark band: half of the runs; light band: 90 %; line: median."
    return text if members == full else f"Preview with {members} of {full} runs. {text}"
