"""Controls of levers: a slider with a number beside it, a choice, a list of boxes."""

from __future__ import annotations

import json
import math
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.levers import LATER, Instrument, Lever
from sim import figures

STEPS = 100
"""Steps of a slider from one end to the other, unless it moves in whole numbers."""


def ident(page: str, part: str, path: str) -> dict[str, str]:
    """Return the id of a part of a lever's control."""
    return {"type": f"{page}-{part}", "path": path}


def text_of(name: dict[str, str]) -> str:
    """Return the id that Dash gives the element of a dictionary id, for labels."""
    return json.dumps(name, sort_keys=True, separators=(",", ":"))


def control(page: str, lever: Lever) -> Any:
    """Return the control of a lever."""
    body = {"date": _date, "choice": _choice, "places": _list, "rows": _list}.get(lever.type, _number)(page, lever)
    help_ = html.Div(lever.help, className="lever-help") if lever.help else None
    return html.Div([*body, help_], className="lever", **{"data-path": lever.path})


def _head(page: str, lever: Lever, target: str, *beside: Any) -> Any:
    unit = html.Span(f" ({lever.unit})", className="lever-unit") if lever.unit else None
    reset = html.Button(
        "↺",
        id=ident(page, "reset", lever.path),
        className="lever-reset",
        title="Back to the preset",
        **{"aria-label": f"Reset {lever.label}", "data-path": lever.path},
    )
    return html.Div([html.Label([lever.label, unit], htmlFor=target), *beside, reset], className="lever-head")


def _number(page: str, lever: Lever) -> list[Any]:
    name = ident(page, "number", lever.path)
    whole = lever.type == "integer"
    low, high = (math.log10(lever.low), math.log10(lever.high)) if lever.logarithmic else (lever.low, lever.high)
    missing = lever.value is None
    value = high if missing else math.log10(max(lever.value, lever.low)) if lever.logarithmic else lever.value
    step = 1 if whole else _step(high - low)
    box = dmc.NumberInput(
        id=name,
        value="" if missing else lever.value,
        min=lever.bounds[0],
        max=lever.bounds[1],
        step=step if not lever.logarithmic else lever.low,
        allowDecimal=not whole,
        hideControls=True,
        debounce=400,
        clampBehavior="blur",
        placeholder="none",
        size="xs",
        w=86,
    )
    slider = _slider(page, lever, min(max(value, low), high), low, high, step)
    return [_head(page, lever, text_of(name), box), slider]


def _step(span: float) -> float:
    """Return a round step of about a hundredth of a range."""
    power = 10 ** math.floor(math.log10(span / STEPS)) if span > 0 else 1.0
    return float(next(power * m for m in (1, 2, 5, 10) if power * m * STEPS >= span))


def _slider(page: str, lever: Lever, value: float, low: float, high: float, step: float) -> Any:
    return dmc.Slider(
        id=ident(page, "slider", lever.path),
        value=value,
        min=low,
        max=high,
        step=step,
        precision=6,
        label=None,
        thumbLabel=lever.label,
        updatemode="drag",
        size="sm",
        className="lever-slider",
    )


def _date(page: str, lever: Lever) -> list[Any]:
    high = lever.high + (1 if lever.optional else 0)
    value = high if lever.value is None else min(max(float(lever.value), lever.low), high)
    shown = "never" if lever.value is None else figures.spoken(int(lever.value))
    text = html.Output(shown, id=ident(page, "date", lever.path), className="lever-date", **{"data-path": lever.path})
    return [_head(page, lever, "", text), _slider(page, lever, value, lever.low, high, 1)]


def _choice(page: str, lever: Lever) -> list[Any]:
    name = ident(page, "choice", lever.path)
    data = [{"value": value, "label": label} for value, label in lever.options]
    select = dmc.Select(id=name, data=data, value=lever.value, size="xs", allowDeselect=False)
    return [_head(page, lever, text_of(name)), select]


def _list(page: str, lever: Lever) -> list[Any]:
    name = ident(page, "list", lever.path)
    data = [{"value": value, "label": label} for value, label in lever.options]
    several = dmc.MultiSelect(id=name, data=data, value=list(lever.value), size="xs")
    return [_head(page, lever, text_of(name)), several]


def instrument(page: str, item: Instrument) -> Any:
    """Return an instrument with its levers and a button that drops it."""
    main = [lever for lever in item.levers if lever.path.partition(".")[2] not in LATER]
    later = [lever for lever in item.levers if lever not in main]
    drop = html.Button(
        "Remove",
        id={"type": f"{page}-drop", "kind": item.kind},
        className="plain-button small",
        **{"aria-label": f"Remove {item.title}"},
    )
    several = f" (all {item.count})" if item.count > 1 else ""
    more = html.Details([html.Summary("More"), *(control(page, lever) for lever in later)]) if later else None
    body = [html.P(item.description, className="lever-help"), *(control(page, lever) for lever in main), more, drop]
    return html.Details(
        [html.Summary(item.title + several), *body], open=item.own, className="instrument", **{"data-kind": item.kind}
    )
