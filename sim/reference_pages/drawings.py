"""Figures of the page of docking, as SVG: zones of a race, and expected beside obtained numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.figures.theme import PALETTE
from sim.report.svg import document, line, points, tag, text
from sim.validation import docking

WIDTH, HEIGHT = 720, 430
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 56, 52
SPEEDS = np.linspace(1.05, 3.0, 118)
"""Speed of unsafe development along the map."""
RACE = {"b": 4.0, "c": 1.0, "B": 1e4, "W": 100.0}
"""The published setting of the race of strategies."""
HARMS, HELPS, IDLE = PALETTE[1], PALETTE[2], PALETTE[5]


def _place(x: float, y: float, xs: tuple[float, float], ys: tuple[float, float]) -> tuple[float, float]:
    across = LEFT + (x - xs[0]) / (xs[1] - xs[0]) * (WIDTH - LEFT - RIGHT)
    return across, HEIGHT - BOTTOM - (y - ys[0]) / (ys[1] - ys[0]) * (HEIGHT - TOP - BOTTOM)


def _axes(
    xs: tuple[float, float], ys: tuple[float, float], across: Sequence[float], up: Sequence[float], names: Sequence[str]
) -> list[str]:
    body = []
    for x in across:
        place, foot = _place(x, ys[0], xs, ys)
        body += [line(place, foot, place, TOP), text(place, foot + 18, f"{x:g}", 12, "middle", "muted")]
    for y in up:
        left, place = _place(xs[0], y, xs, ys)
        body += [line(left, place, WIDTH - RIGHT, place), text(left - 8, place + 4, f"{y:g}", 12, "end", "muted")]
    body.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, names[0], 13, "middle"))
    body.append(text(LEFT, TOP - 12, names[1], 13))
    return body


def race_zones() -> str:
    """Return the map of when regulation of a race helps, changes nothing, or harms, over speed and risk."""
    found = [docking.dock("dsair_thresholds", {**RACE, "s": float(speed)}) for speed in SPEEDS]
    social, chosen = ([float(one[name]) for one in found] for name in ("p_r_social", "p_r_riskdom"))
    xs, ys = (float(SPEEDS[0]), float(SPEEDS[-1])), (0.0, 1.0)
    bottom, top = [0.0] * len(SPEEDS), [1.0] * len(SPEEDS)
    body = [text(LEFT, 26, "Forcing safety on a race", 16, bold=True)]
    for low, high, colour in ((bottom, social, HARMS), (social, chosen, HELPS), (chosen, top, IDLE)):
        edge = [_place(float(x), y, xs, ys) for x, y in zip(SPEEDS, low, strict=True)]
        edge += [_place(float(x), y, xs, ys) for x, y in zip(SPEEDS[::-1], high[::-1], strict=True)]
        body.append(tag("polygon", points=points(edge), fill=colour, fill_opacity=0.35))
    body += _axes(xs, ys, (1.5, 2, 2.5, 3), (0, 0.25, 0.5, 0.75, 1), NAMES)
    middle = len(SPEEDS) // 2
    for low, high, words in ((bottom, social, "harms"), (social, chosen, "helps"), (chosen, top, "changes nothing")):
        x, y = _place(float(SPEEDS[middle]), (low[middle] + high[middle]) / 2, xs, ys)
        body.append(text(x, y + 5, words, 14, "middle", bold=True))
    return document(WIDTH, HEIGHT, "Three zones of a race", ABOUT_ZONES, body)


NAMES = ("how much faster unsafe development is", "probability of a disaster that it brings")
ABOUT_ZONES = (
    "Below the lower line unsafe haste is worth its risk to both developers, so that rules which force safety harm. "
    "Between the lines both would be better off safe and neither chooses to be: rules help. Above the upper line "
    "developers are safe unasked."
)


def expected_obtained() -> str:
    """Return every docked number, what was obtained over what was expected, on logarithmic axes."""
    pairs = [
        (float(expected), float(obtained))
        for check in docking.checks()
        for expected, obtained in zip(_flat(check.expected), _flat(check.obtained), strict=True)
        if expected > 0 and obtained > 0
    ]
    logs = [(math.log10(expected), math.log10(obtained)) for expected, obtained in pairs]
    low, high = math.floor(min(x for x, _ in logs)), math.ceil(max(x for x, _ in logs))
    limits, ticks = (float(low), float(high)), range(low, high + 1, max((high - low) // 8, 1))
    body = [text(LEFT, 26, "Expected and obtained", 16, bold=True)]
    body += _axes(limits, limits, ticks, ticks, ("expected, log10", "obtained, log10"))
    body.append(line(*_place(low, low, limits, limits), *_place(high, high, limits, limits), kind="axis"))
    for x, y in logs:
        across, up = _place(x, y, limits, limits)
        body.append(tag("circle", cx=across, cy=up, r=4, fill=PALETTE[0], fill_opacity=0.6))
    about = f"{len(logs)} positive numbers of the cases lie on the line of equality."
    return document(WIDTH, HEIGHT, "Expected and obtained", about, body)


def _flat(value: object) -> list[float]:
    return [float(x) for x in value] if isinstance(value, list) else [float(str(value))]
