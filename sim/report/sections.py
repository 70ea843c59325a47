"""Sections about outcomes: headlines, differences, courses over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.figures.bars import headline
from sim.figures.captions import bands
from sim.figures.differences import Effect, differences
from sim.figures.fan import LEVELS, fan
from sim.figures.gap import gap
from sim.figures.numbers import F64, quantiles, scale
from sim.figures.theme import styles
from sim.figures.timeline import Horizon, Measure, spoken
from sim.figures.view import View
from sim.figures.words import chance, interval, percent, points, settled, share
from sim.report.html import Charts, esc, grid, paragraph, section, swatch, table

LAGS = ("elo_gap", "capability_lag_months")
OPENNESS = ("open_usage_share", "open_usage_share_developer", "open_release_share", "host_revenue_share")
BETTER = {"higher": "higher is better", "lower": "lower is better", "neutral": "neither direction is better"}


def headlines(view: View, charts: Charts) -> str:
    """Return the headline outcomes as small charts and one table."""
    drawings = []
    for name in view.headlines:
        measure = view.measure(name)
        drawing = headline(view.summary(name), measure, baseline=view.shown_baseline)
        caption = f"{sentence(measure.description)} {sentence(BETTER[measure.direction])}".strip()
        drawings.append(charts.chart(drawing, measure.label, caption, _spread_table(view, name)))
    text = (
        "Bars show the mean of the runs, whiskers the range that holds 90 % of them; the dotted line is the baseline."
    )
    pieces = [_headline_table(view, view.headlines), paragraph(text), grid(drawings, "small")]
    return section("headlines", "Headline outcomes", *pieces)


def sentence(text: str) -> str:
    """Return words as a sentence."""
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else ""


def _headline_table(view: View, outcomes: Sequence[str]) -> str:
    looks = styles(list(view.shown.values()), view.shown_baseline)
    names = [swatch(looks[title][0]) + esc(title) for title in view.shown.values()]
    rows = []
    for name in outcomes:
        stats = [view.statistics[scenario][name] for scenario in view.shown]
        shown = scale(view.measure(name).unit, [s[key] for s in stats for key in ("mean", "p05", "p95")])
        cells = [
            f"{shown.bare(s['mean'])}<small>{shown.bare(s['p05'])} to {shown.bare(s['p95'])}</small>" for s in stats
        ]
        rows.append([f"{esc(view.measure(name).label)}<small>{esc(shown.unit)}</small>", *cells])
    return table(["Outcome", *names], rows, "Mean of the runs, and the range that holds 90 % of them")


def _spread_table(view: View, outcome: str) -> str:
    """Return mean and quantiles of one outcome, a scenario a row."""
    stats = {title: view.statistics[name][outcome] for name, title in view.shown.items()}
    keys = ("mean", "p05", "p50", "p95")
    shown = scale(view.measure(outcome).unit, [s[key] for s in stats.values() for key in keys])
    rows = [[esc(title), *(shown.bare(s[key]) for key in keys)] for title, s in stats.items()]
    return table(["Scenario", "Mean", "5 %", "Median", "95 %"], rows, f"{view.measure(outcome).label}, {shown.unit}")


def compared(view: View, charts: Charts) -> str:
    """Return the paired differences of every scenario to the baseline."""
    if view.baseline is None or not view.others:
        return ""
    drawings = []
    for name in view.others:
        effects = view.effects(name, view.headlines)
        drawing = differences(effects, title=view.shown[name])
        rows = [effect_row(effect) for effect in effects]
        data = table(EFFECT_HEADERS, rows, f"{view.shown[name]} minus {view.shown_baseline}")
        drawings.append(charts.chart(drawing, view.shown[name], _omitted(effects), data))
    text = (
        "Each run of a scenario is compared with the baseline’s run that has the same parameters and the same luck. "
        "Dots are mean differences, lines their 95 % intervals. “Better in” counts the pairs in which the scenario "
        "does better, ties half."
    )
    if any(view.measure(name).unit.startswith(("OOM", "log10")) for name in view.headlines):
        text += " Orders of magnitude (OOM) are shown as percent of what they measure: −0.3 OOM is −50 %."
    return section(
        "differences", f"Compared with {view.shown_baseline}", paragraph(text), grid(drawings, "small"), _words(view)
    )


EFFECT_HEADERS = ("Outcome", "Difference", "95 % interval", "Of the baseline", "Better in")


def effect_row(effect: Effect) -> list[str]:
    """Return one difference as cells of HTML."""
    shown = scale(effect.measure.unit, [v for v in (effect.mean, effect.low, effect.high) if math.isfinite(v)])
    mean = points(shown.text(effect.mean, sign=True), effect.measure.unit)
    better = "–" if effect.p_better is None else share(effect.p_better)
    texts = [interval(effect, shown), percent(effect), better]
    return [esc(effect.measure.label), f'<span class="{effect.verdict}">{esc(mean)}</span>', *map(esc, texts)]


def _omitted(effects: Sequence[Effect]) -> str:
    names = [effect.measure.label for effect in effects if not effect.drawable]
    reason = "baseline is zero or undefined, or there are too few runs"
    return f"Not drawn because the {reason}: {', '.join(names)}." if names else ""


def _words(view: View) -> str:
    """Return the differences of all scenarios in words."""
    by_scenario = [view.effects(name, view.headlines) for name in view.others]
    rows = []
    for place, name in enumerate(view.headlines):
        row = [effects[place] for effects in by_scenario]
        cells = [_in_words(effect) for effect in row]
        rows.append([esc(view.measure(name).label), *cells])
    headers = ["Outcome", *(esc(view.shown[name]) for name in view.others)]
    return table(headers, rows, f"Differences to {view.shown_baseline} in words", "words")


def _in_words(effect: Effect) -> str:
    shown = f'<span class="{effect.verdict}">{esc(percent(effect))}, {esc(settled(effect))}</span>'
    return f"{shown}<small>{esc(chance(effect.p_better))}</small>"


def over_time(view: View, charts: Charts) -> str:
    """Return a fan chart for every headline outcome."""
    drawings = [_fan(view, charts, name) for name in view.headlines]
    return section("time", "Over time", paragraph(bands(view.results)), grid(drawings))


def _fan(view: View, charts: Charts, outcome: str) -> str:
    measure, series = view.monthly_measure(outcome), view.monthly(outcome)
    drawing = fan(series, measure, view.horizon, baseline=view.shown_baseline)
    caption = "Lines: medians; dark bands: 50 %, light bands: 90 % of the runs."
    title = f"{measure.label}, monthly" if measure.unit.endswith("/month") else measure.label
    return charts.chart(drawing, title, caption, years(series, measure, view.horizon))


def lags(view: View, charts: Charts) -> str:
    """Return how far open models trail, and how much they are used."""
    drawings = []
    if all(name in view.results.monthly for name in LAGS):
        measures = tuple(view.measure(name) for name in LAGS)
        series = tuple(view.monthly(name) for name in LAGS)
        drawing = gap(((measures[0], series[0]), (measures[1], series[1])), view.horizon, baseline=view.shown_baseline)
        data = "".join(years(values, measure, view.horizon) for values, measure in zip(series, measures, strict=True))
        caption = "Lines: medians; bands: 90 % of the runs. Measured on releases as outside trackers measure them."
        drawings.append(charts.chart(drawing, "How far the best open model trails the best closed one", caption, data))
    for name in OPENNESS:
        if name in view.results.monthly and name not in view.headlines:
            drawings.append(_fan(view, charts, name))
    return section("open", "Open and closed models", grid(drawings))


def years(series: dict[str, F64], measure: Measure, horizon: Horizon) -> str:
    """Return medians and 90 % ranges of every December and of the last month as a table."""
    months = [i for i in range(horizon.months) if (horizon.start + i) % 12 == 11 or i == horizon.months - 1]
    found = {name: quantiles(values, LEVELS)[:, months] for name, values in series.items()}
    shown = scale(measure.unit, np.concatenate([b.ravel() for b in found.values()]))
    rows = []
    for place, month in enumerate(months):
        cells = [b[:, place].tolist() for b in found.values()]
        texts = [f"{shown.bare(c[2])}<small>{shown.bare(c[0])} to {shown.bare(c[4])}</small>" for c in cells]
        rows.append([spoken(horizon.start + month), *texts])
    caption = f"{measure.label}, {shown.unit}: median and 90 % of the runs, every December and the last month"
    return table(["Month", *map(esc, found)], rows, caption)
