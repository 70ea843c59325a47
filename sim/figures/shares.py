"""Stacked shares: harm by route and by domain per scenario, and shares of the market over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.figures.numbers import F64, listed, scale
from sim.figures.theme import PALETTE, Figure, folded, layout, plain
from sim.figures.timeline import Horizon, axis, notes, shapes

GREYS = ("#8d949e", "#b9bfc7", "#6b727c")
PATTERNS = ("", "/", "\\", ".", "x", "-", "|", "+")
"""Hatching that repeats the distinction for readers who cannot tell the colours apart."""


def stacked_bars(
    amounts: Mapping[str, F64], parts: Sequence[str], *, title: str, unit: str, mode: str = "light"
) -> Figure:
    """Return one horizontal bar per scenario, divided by parts that sum to 100 %.

    Parameters
    ----------
    amounts : mapping of str to array (parts,)
        Shown name of the scenario to amounts in ``unit``; a scenario whose amounts sum to zero has an empty bar.
    parts : sequence of str
        Shown names of the parts.
    title, unit : str
        What is divided, and the unit of the amounts (shown in hover).
    mode : {"light", "dark"}
        Colours of the page.
    """
    names = list(amounts)[::-1]
    table = np.array([amounts[name] for name in names], dtype=np.float64).reshape(len(names), len(parts))
    shown = scale(unit, table)
    share = 100 * divide(table, table.sum(axis=1, keepdims=True))
    data = [_bar(names, part, i, share[:, i], [shown.text(v) for v in table[:, i]]) for i, part in enumerate(parts)]
    yaxis = {"ticksuffix": " ", "showgrid": False, "tickfont": {"size": 12}}
    xaxis = {"range": [0, 100], "ticksuffix": " %", "nticks": 6}
    height = 96 + 46 * len(names) + 24 * ((len(parts) + 2) // 3)
    found = layout(
        title,
        mode=mode,
        height=height,
        barmode="stack",
        bargap=0.35,
        uniformtext={"mode": "hide", "minsize": 10},
        xaxis=xaxis,
        yaxis=yaxis,
    )
    found["margin"] |= {"r": 30}
    return {"data": data, "layout": found}


def divide(part: F64, whole: F64) -> F64:
    """Return part over whole, and zero where the whole is zero."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole != 0)


def _bar(names: list[str], part: str, index: int, share: F64, amounts: list[str]) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(part),
        "x": listed(share),
        "y": [folded(name, 20) for name in names],
        "customdata": amounts,
        "marker": {
            "color": PALETTE[index % len(PALETTE)],
            "pattern": {
                "shape": PATTERNS[index % len(PATTERNS)],
                "size": 7,
                "solidity": 0.2,
                "fgcolor": "#ffffff",
                "fillmode": "overlay",
                "fgopacity": 0.5,
            },
            "line": {"width": 0},
        },
        "text": [f"{v:.0f} %" if v >= 8 else "" for v in share],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": "#ffffff" if index in (0, 1, 2) else "#1b2027", "size": 11},
        "hovertemplate": "%{y}<br>%{fullData.name}: <b>%{x:.1f} %</b> (%{customdata})<extra></extra>",
    }


def stacked_areas(shares: F64, parts: Sequence[str], horizon: Horizon, *, title: str, mode: str = "light") -> Figure:
    """Return shares over time of one scenario, stacked to 100 %.

    Parameters
    ----------
    shares : array (months, parts)
        Shares in [0, 1].
    parts : sequence of str
        Shown names, from the bottom of the stack.
    horizon : Horizon
        The months.
    """
    fills = (*PALETTE[:2], "#E69F00", GREYS[1], PALETTE[2], *PALETTE[3:])
    data = []
    for i, part in enumerate(parts):
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "shares",
                "name": plain(part),
                "x": horizon.dates(),
                "y": listed(100 * np.asarray(shares, dtype=np.float64)[:, i]),
                "line": {"width": 0.8, "color": "#ffffff"},
                "fillcolor": fills[i % len(fills)],
                "hovertemplate": "%{fullData.name}: <b>%{y:.1f} %</b><extra></extra>",
            }
        )
    found = layout(
        title,
        mode=mode,
        height=360,
        hovermode="x unified",
        above=34,
        xaxis=axis(horizon),
        yaxis={"range": [0, 100], "ticksuffix": " %"},
        shapes=[s | {"layer": "above"} for s in shapes(horizon)[-1:] if s["type"] == "line"],
        annotations=notes(horizon),
    )
    return {"data": data, "layout": found}


def ranked(lab_shares: F64, open_hosted: F64 | None = None) -> tuple[F64, tuple[str, ...]]:
    """Return mean shares of leader, second, third and the rest, and of open models on others' hosts, with their names.

    Parameters
    ----------
    lab_shares : array (runs, months, labs)
        Share of each laboratory; labs are ranked anew in every run and month.
    open_hosted : array (runs, months), optional
        Share of open models that others host; by default what the laboratories leave of the whole, if anything.

    Returns
    -------
    array (months, parts)
        Means over runs, each month summing to one where anything was sold.
    tuple of str
        Names of the parts.
    """
    order = np.nan_to_num(np.sort(np.asarray(lab_shares, dtype=np.float64), axis=2)[:, :, ::-1])
    order = np.concatenate([order, np.zeros((*order.shape[:2], max(0, 3 - order.shape[2])))], axis=2)
    sold = order.sum(axis=2)
    hosted = np.nan_to_num(open_hosted) if open_hosted is not None else np.where(sold > 0, np.clip(1 - sold, 0, 1), 0.0)
    parts = np.stack([order[:, :, 0], order[:, :, 1], order[:, :, 2], order[:, :, 3:].sum(axis=2), hosted], axis=2)
    parts = divide(parts, parts.sum(axis=2, keepdims=True))
    keep = 5 if float(hosted.max(initial=0.0)) > 1e-6 else 4
    return parts.mean(axis=0)[:, :keep], ("leader", "second", "third", "the rest", "open models on hosts")[:keep]
