"""One picture of a comparison as SVG, made without a browser: ``python -m sim.report.picture OUT.svg DIR``.

To the left an outcome over time, to the right the paired differences of all scenarios to the baseline.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

import numpy as np

from sim.errors import InputError
from sim.figures.captions import bands
from sim.figures.differences import Effect, is_stretched
from sim.figures.fan import LEVELS
from sim.figures.numbers import F64, quantiles, scale
from sim.figures.theme import styles
from sim.figures.timeline import BEYOND, spoken
from sim.figures.view import View
from sim.report.svg import document, line, points, tag, text
from sim.results import Comparison, open_results

WIDTH = 1000
LEFT, RIGHT = (64, 452), (636, 968)
"""Horizontal extent of the two plots."""
TOP, BOTTOM = 112, 448
BETTER = {"higher": "↑", "lower": "↓", "neutral": ""}
"""Which direction is better."""
MOST = 9
"""Outcomes beside the fan."""
DASHES = {"solid": "", "dash": "9 5", "dashdot": "9 4 2 4", "longdash": "14 5", "dot": "2 4", "longdashdot": "14 4 2 4"}


@dataclass(frozen=True)
class Axis:
    """A linear axis from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def picture(comparison: Comparison, outcome: str = "cumulative_harm") -> str:
    """Return the picture of a comparison as SVG.

    Parameters
    ----------
    comparison : Comparison
        With at least one scenario besides the baseline.
    outcome : str
        What to show over time.

    Raises
    ------
    InputError
        If the outcome was not recorded or there is nothing to compare.
    """
    view = View.of(comparison)
    if outcome not in view.results.monthly:
        raise InputError("outcome", f"{outcome!r} was not recorded.", "`aperture outcomes` lists them.")
    if not view.others:
        raise InputError("comparison", "there is nothing besides the baseline.", "Compare at least two scenarios.")
    height = BOTTOM + 86 + 20 * len(_legend_rows(view))
    title = f"Release policies against {view.shown_baseline}"
    caption = f"{bands(view.results)} A conditional comparison, not a forecast."
    body = [
        text(24, 38, title, 19, bold=True),
        text(24, 60, caption, 12, kind="muted"),
        *_fan(view, outcome),
        *_dots(view),
        *_legend(view, BOTTOM + 66),
    ]
    description = f"Left: {view.measure(outcome).label} over time. Right: paired differences to the baseline. {caption}"
    return document(WIDTH, height, title, description, body)


def _fan(view: View, outcome: str) -> Iterator[str]:
    """Yield the plot over time: shade, grid, bands, medians."""
    measure, horizon = view.monthly_measure(outcome), view.horizon
    found = {name: quantiles(values, LEVELS) for name, values in view.monthly(outcome).items()}
    finite = np.concatenate([b[np.isfinite(b)] for b in found.values()])
    shown = scale(measure.unit, finite)
    ticks = _ticks(min(0.0, float(finite.min()) * shown.factor), float(finite.max()) * shown.factor)
    across = Axis(0, max(horizon.months - 1, 1), *LEFT)
    up = Axis(ticks[0], ticks[-1], BOTTOM, TOP)
    yield text(LEFT[0], TOP - 14, f"{measure.label}, {shown.unit}", 13, bold=True)
    yield from _months(view, across)
    for tick in ticks:
        yield line(LEFT[0], up(tick), LEFT[1], up(tick))
        yield text(LEFT[0] - 6, up(tick) + 4, f"{tick:,g}", 11, "end", "muted")
    looks = styles(list(found), view.shown_baseline)
    order = sorted(found, key=lambda name: name != view.shown_baseline)
    for name in order:
        yield _band(found[name] * shown.factor, across, up, looks[name][0])
    for name in order:
        middle = points((across(i), up(v)) for i, v in enumerate(found[name][2] * shown.factor) if math.isfinite(v))
        colour, dash, _ = looks[name]
        yield tag(
            "polyline", points=middle, fill="none", stroke=colour, stroke_width=2.5, stroke_dasharray=DASHES[dash]
        )


def _band(values: F64, across: Axis, up: Axis, colour: str) -> str:
    there = [(across(i), up(v)) for i, v in enumerate(values[4].tolist()) if math.isfinite(v)]
    back = [(across(i), up(v)) for i, v in enumerate(values[0].tolist()) if math.isfinite(v)]
    return tag("polygon", points=points(there + back[::-1]), fill=colour, fill_opacity=0.11)


def _months(view: View, across: Axis) -> Iterator[str]:
    """Yield years, the shade beyond 2030 and the start of policies."""
    horizon = view.horizon
    if horizon.end >= BEYOND:
        x = across(max(BEYOND - horizon.start, 0))
        yield tag("rect", x=x, y=TOP, width=LEFT[1] - x, height=BOTTOM - TOP, kind="shade")
        for row, words in enumerate(("beyond 2030:", "rests on saturation", "assumptions")):
            yield text(LEFT[1] - 4, TOP + 14 + 12 * row, words, 10, "end", "muted")
    step = 1 if horizon.months <= 72 else 2
    for month in range(-(-horizon.start // 12) * 12, horizon.end + 1, 12 * step):
        x = across(month - horizon.start)
        yield line(x, BOTTOM, x, BOTTOM + 5, "axis")
        yield text(x, BOTTOM + 20, str(month // 12), 11, "middle", "muted")
    if horizon.marks_policy():
        x = across(int(horizon.policy_start or 0) - horizon.start)
        yield line(x, TOP, x, BOTTOM, "axis", stroke_dasharray="2 3", stroke_width=1.5)
        yield text(x + 5, TOP + 14, f"policies start {spoken(int(horizon.policy_start or 0))}", 10, kind="muted")


def _dots(view: View) -> Iterator[str]:
    """Yield the plot of differences: an outcome a row, a scenario a colour."""
    rows = _chosen(view)
    ends = np.array([[e.percent(e.low), e.percent(e.high)] for row in rows for e in row if e.drawable]).reshape(-1, 2)
    stretched = is_stretched(ends)
    low, high = min(float(ends.min(initial=-1.0)), 0.0), max(float(ends.max(initial=1.0)), 0.0)
    marks = _marks(low, high, stretched)
    edges = (_place(min(low, marks[0]), stretched), _place(max(high, marks[-1]), stretched))
    across = Axis(*edges, *RIGHT)
    note = " (stretched near zero)" if stretched else ""
    yield text(RIGHT[0] - 150, TOP - 14, f"Difference in % of the baseline{note}", 13, bold=True)
    for value in marks:
        x = across(_place(value, stretched))
        yield line(x, TOP, x, BOTTOM, "grid" if value else "axis")
        yield text(x, BOTTOM + 20, f"{value:+,g}".replace("-", "−") if value else "0", 11, "middle", "muted")
    looks = styles(list(view.shown.values()), view.shown_baseline)
    colours = [looks[view.shown[name]][0] for name in view.others]
    tall = (BOTTOM - TOP) / max(len(rows), 1)
    for place, row in enumerate(rows):
        yield from _row(row, colours, TOP + tall * (place + 0.5), tall, across, stretched)


def _marks(low: float, high: float, stretched: bool) -> list[float]:
    """Return the values in percent that are marked on the axis of differences."""
    if not stretched:
        return _ticks(low, high)
    return sorted({0.0, *(s * v for s in (-1.0, 1.0) for v in (10, 100, 1000, 10000) if low <= s * v <= high)})


def _row(
    row: Sequence[Effect], colours: Sequence[str], y: float, high: float, across: Axis, stretched: bool
) -> Iterator[str]:
    label = wrap(f"{row[0].measure.label}\u00a0{BETTER[row[0].measure.direction]}", 24)
    for i, words in enumerate(label):
        yield text(RIGHT[0] - 10, y + 4 + 13 * (i - (len(label) - 1) / 2), words, 12, "end")
    spread = min(9.0, 0.6 * high / len(row))
    for i, (effect, colour) in enumerate(zip(row, colours, strict=True)):
        if effect.drawable:
            mean, low, top = (
                across(_place(effect.percent(v), stretched)) for v in (effect.mean, effect.low, effect.high)
            )
            level = y + spread * (i - (len(row) - 1) / 2)
            yield line(low, level, top, level, "", stroke=colour, stroke_width=2)
            fill = {"fill": colour} if effect.clear else {"kind": "halo"}
            yield tag("circle", cx=mean, cy=level, r=4, stroke=colour, stroke_width=2, **fill)


def _chosen(view: View) -> list[list[Effect]]:
    """Return the effects of all scenarios in the first headline outcomes in which one direction is better."""
    names = [name for name in view.headlines if view.measure(name).direction != "neutral"][:MOST]
    by_scenario = [view.effects(name, names) for name in view.others]
    return [list(row) for row in zip(*by_scenario, strict=True)]


def _place(percent: float, stretched: bool) -> float:
    return math.asinh(percent / 5) if stretched else percent


def _ticks(low: float, high: float) -> list[float]:
    """Return four to eight round numbers that cover the values."""
    size = (high - low) or 1.0
    step = 10 ** math.floor(math.log10(size))
    step = next(s * step for s in (0.2, 0.25, 0.5, 1.0, 2.0) if size / (s * step) <= 7)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 10) for i in range(first, max(last, first + 1) + 1)]


def _legend_rows(view: View) -> list[list[str]]:
    """Return the scenarios in rows that fit the width."""
    rows: list[list[str]] = [[]]
    used = 0
    for name in view.shown.values():
        size = 58 + 7 * len(name)
        if used + size > WIDTH - 48 and rows[-1]:
            rows.append([])
            used = 0
        rows[-1].append(name)
        used += size
    return rows


def _legend(view: View, y: float) -> Iterator[str]:
    looks = styles(list(view.shown.values()), view.shown_baseline)
    for place, row in enumerate(_legend_rows(view)):
        x, level = 24.0, y + 20 * place
        for name in row:
            colour, dash, _ = looks[name]
            dashed = {"stroke_dasharray": DASHES[dash]}
            yield line(x, level - 4, x + 28, level - 4, "", stroke=colour, stroke_width=3, **dashed)
            yield text(x + 36, level, name, 12)
            x += 58 + 7 * len(name)
    words = "↑ ↓ the better direction; lines beside the dots: 95 % interval of the mean; hollow: direction not settled"
    yield text(24, y + 20 * len(_legend_rows(view)) + 4, words, 11, kind="muted")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the picture of a saved comparison; 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m sim.report.picture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("output", help="SVG file to write")
    parser.add_argument("directory", help="saved comparison")
    parser.add_argument("--outcome", default="cumulative_harm", help="what to show over time")
    args = parser.parse_args(arguments)
    try:
        if Path(args.output).suffix != ".svg":
            raise InputError("output", f"{args.output!r} is not an SVG file.", "End its name in .svg.")
        source = open_results(args.directory)
        if not isinstance(source, Comparison):
            raise InputError("directory", "it holds runs without a baseline.", "Save a comparison.")
        Path(args.output).write_text(picture(source, args.outcome), encoding="utf-8")
    except (InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
