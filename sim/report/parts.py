"""Sections about parts of an outcome: harm by route, domain and channel, market shares, margins, signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.figures import harm, market
from sim.figures.about import about
from sim.figures.differences import Effect
from sim.figures.numbers import F64, Scale, scale
from sim.figures.signs import signs
from sim.figures.timeline import spoken
from sim.figures.view import View
from sim.figures.words import points, share
from sim.outcomes import OUTCOMES
from sim.report.html import Charts, esc, grid, paragraph, section, table
from sim.statistics import Difference

COVERAGE = {"no_ai": ("no AI uplift", "The same policies without any AI uplift to misuse; background harm stays.")}
"""Name and coverage of a counterfactual that is not a scenario of its own."""

Signs = Mapping[str, Mapping[str, float | None]]
"""Form of the contested kernels to outcome to the probability that openness improves it."""


def harms(view: View, charts: Charts) -> str:
    """Return how harm divides by route and domain, and where differences come from."""
    drawings = []
    if harm.DETAIL in view.results.details:
        drawings.append(_shares(view, charts, "route", "Harm by the route to capability"))
        drawings.append(_shares(view, charts, "domain", "Harm by domain"))
        if view.baseline and view.others:
            drawings += [_differences(view, charts, part) for part in harm.PARTS]
    if harm.CHANNELS in view.results.details and view.baseline and view.others:
        sums = {name: array.sum(axis=1) for name, array in view.detail(harm.CHANNELS).items()}
        data = _difference_table(view, view.axis(harm.CHANNELS, 0), view.paired(sums))
        drawing = harm.differences_by_channel(view)
        drawings.append(charts.chart(drawing, "Difference in harm by channel of the model", DOTS, data))
    text = "Expected harm summed over all months. A share is of the total, which includes harm done without any AI."
    return section("harm", "Where harm comes from", paragraph(text), grid(drawings)) if drawings else ""


DOTS = "Marks: mean paired difference to the baseline; lines: its 95 % interval."


def _shares(view: View, charts: Charts, part: str, title: str) -> str:
    means = {view.shown[name]: array.mean(axis=0) for name, array in harm.amounts(view, part).items()}
    drawing = harm.by_route(view) if part == "route" else harm.by_domain(view)
    return charts.chart(
        drawing, title, "Mean over the runs.", _share_table(means, harm.parts(view, part), harm.unit(view))
    )


def _share_table(means: Mapping[str, F64], parts: Sequence[str], unit: str) -> str:
    shown = scale(unit, np.array(list(means.values())).ravel())
    rows = []
    for name, values in means.items():
        total = float(values.sum())
        cells = [f"{100 * v / total if total else 0:.1f} %<small>{esc(shown.text(v))}</small>" for v in values.tolist()]
        rows.append([esc(name), *cells])
    return table(["Scenario", *map(esc, parts)], rows, "Share of harm, and amount")


def _differences(view: View, charts: Charts, part: str) -> str:
    data = _difference_table(view, harm.parts(view, part), view.paired(harm.amounts(view, part)))
    return charts.chart(harm.differences_by(view, part), f"Difference in harm by {part}", DOTS, data)


def _difference_table(view: View, parts: Sequence[str], found: Mapping[str, Sequence[Difference]]) -> str:
    shown = scale(harm.unit(view), [v for rows in found.values() for d in rows for v in (d.mean, d.low, d.high)])
    rows = [[esc(part), *(_cell(shown, found[name][i]) for name in found)] for i, part in enumerate(parts)]
    caption = f"Mean difference to {view.shown_baseline} and 95 % interval, {shown.unit}"
    return table(["Part", *map(esc, found)], rows, caption)


def _cell(shown: Scale, difference: Difference) -> str:
    interval = f"{shown.bare(difference.low, sign=True)} to {shown.bare(difference.high, sign=True)}"
    return f"{shown.bare(difference.mean, sign=True)}<small>{interval}</small>"


def markets(view: View, charts: Charts) -> str:
    """Return whose models are used, one chart a scenario."""
    if market.SHARES not in view.results.details:
        return ""
    drawings = []
    for name, title in view.shown.items():
        means, parts = market.shares(view, name)
        months = [i for i in range(len(means)) if (view.horizon.start + i) % 12 == 11 or i == len(means) - 1]
        rows = [[spoken(view.horizon.start + i), *(share(v) for v in means[i].tolist())] for i in months]
        data = table(["Month", *map(esc, parts)], rows, f"Shares of use, {title}")
        drawings.append(charts.chart(market.market(view, name), title, "", data))
    text = "Mean shares of use. Developers are ranked anew every month of every run: leaders may change."
    return section("market", "Whose models are used", paragraph(text), grid(drawings))


def margins(view: View) -> str:
    """Return outcomes minus those of the paired counterfactuals, with the coverage of each named."""
    pieces = []
    for name in view.counterfactuals:
        title, coverage = _coverage(view, name)
        pieces.append(f"<h3>Minus {esc(title)}</h3>{paragraph(coverage)}{_margin_table(view, name, title)}")
    text = "Each scenario minus its counterfactual, with the same parameters and the same luck."
    return section("margins", "Against counterfactuals", paragraph(text), *pieces) if pieces else ""


def _margin_table(view: View, name: str, title: str) -> str:
    """Return mean differences with their intervals, an outcome a row, a scenario a column."""
    by_scenario = [view.marginal(name, scenario, view.headlines) for scenario in view.shown]
    rows = []
    for effects in zip(*by_scenario, strict=True):
        if all(e.mean == e.low == e.high == 0 for e in effects):
            continue
        shown = scale(effects[0].measure.unit, [v for e in effects for v in (e.mean, e.low, e.high)])
        unit = points(f"1 {shown.unit}", effects[0].measure.unit).removeprefix("1 ")
        rows.append(
            [f"{esc(effects[0].measure.label)}<small>{esc(unit)}</small>", *(_margin(shown, e) for e in effects)]
        )
    headers = ["Outcome", *map(esc, view.shown.values())]
    caption = f"Mean difference to {title} and its 95 % interval; outcomes that do not differ are left out"
    return table(headers, rows, caption) if rows else paragraph("No headline outcome differs.", "note")


def _margin(shown: Scale, effect: Effect) -> str:
    if effect.mean == effect.low == effect.high == 0:
        return "identical"
    interval = f"{shown.bare(effect.low, sign=True)} to {shown.bare(effect.high, sign=True)}"
    return f'<span class="{effect.verdict}">{shown.bare(effect.mean, sign=True)}</span><small>{interval}</small>'


def _coverage(view: View, name: str) -> tuple[str, str]:
    """Return the name of a counterfactual and what it covers."""
    if name in COVERAGE:
        return COVERAGE[name]
    known = view.counterfactuals[name]
    facts = [about(scenario, known.provenance) for scenario in known.scenarios]
    if len(facts) > 1:
        return name.replace("_", " "), f"Counterparts: {'; '.join(fact.title for fact in facts)}."
    return facts[0].title, facts[0].story or facts[0].question


def sign_table(charts: Charts, chances: Signs | None) -> str:
    """Return the probability that openness improves each outcome under each form of the contested kernels."""
    if not chances:
        return ""
    chances = {
        form: {OUTCOMES[name].label if name in OUTCOMES else name: p for name, p in column.items()}
        for form, column in chances.items()
    }
    outcomes = list(dict.fromkeys(name for column in chances.values() for name in column))
    rows = [[esc(name), *(_sign(column.get(name)) for column in chances.values())] for name in outcomes]
    data = table(["Outcome", *map(esc, chances)], rows, "Probability that openness improves the outcome")
    text = "A number near 50 means that what we do not know, not openness, decides the sign."
    title = "Chance in percent that openness improves an outcome, by form of the contested kernels"
    drawn = charts.chart(signs(chances), title, text, data, least=150 + 62 * len(chances))
    return section("signs", "Does openness help?", drawn)


def _sign(p: float | None) -> str:
    return "–" if p is None else share(p)
