"""The time axis that figures share: dates, the mark where policies start, the shade and the note beyond 2030."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BEYOND = 2031 * 12
"""The first absolute month that is beyond 2030."""
BEYOND_NOTE = "beyond 2030: rests on saturation assumptions"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Measure:
    """What a figure shows: an outcome's name, label, unit, and whether ``higher``, ``lower`` or neither is better."""

    name: str
    label: str
    unit: str
    direction: str = "neutral"
    description: str = ""


@dataclass(frozen=True)
class Horizon:
    """The months that a figure spans.

    Parameters
    ----------
    start : int
        Absolute month (year × 12 + month − 1) of the first column.
    months : int
        How many.
    policy_start : int or None
        Absolute month in which the first policy that differs from the baseline begins.
    """

    start: int
    months: int
    policy_start: int | None = None

    def dates(self) -> list[str]:
        """Return the first day of every month, as ISO dates."""
        return [iso(self.start + i) for i in range(self.months)]

    @property
    def end(self) -> int:
        """Absolute month of the last column."""
        return self.start + self.months - 1

    def marks_policy(self) -> bool:
        """Return whether the start of policies lies within the months shown."""
        return self.policy_start is not None and self.start <= self.policy_start <= self.end


def iso(month: int) -> str:
    """Return the first day of an absolute month as an ISO date."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}-01"


def spoken(month: int) -> str:
    """Return an absolute month as people write it, for example ``Jan 2027``."""
    return f"{MONTHS[month % 12]} {month // 12}"


def shapes(horizon: Horizon) -> list[dict[str, Any]]:
    """Return the line where policies start and the shade beyond 2030, over the full height of the plot."""
    found: list[dict[str, Any]] = []
    if horizon.end >= BEYOND:
        first = iso(max(BEYOND, horizon.start))
        found.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": first,
                "x1": iso(horizon.end),
                "y0": 0,
                "y1": 1,
                "line": {"width": 0},
            }
        )
    if horizon.marks_policy():
        at = iso(int(horizon.policy_start or 0))
        found.append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "line": {"width": 1.5, "dash": "dot"},
            }
        )
    return found


def notes(horizon: Horizon) -> list[dict[str, Any]]:
    """Return the texts above the plot that say what line and shade mean, on two rows so that they never meet."""
    base = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    found: list[dict[str, Any]] = []
    if horizon.end >= BEYOND:
        found.append(base | {"text": BEYOND_NOTE + " ▾", "xref": "paper", "x": 1, "xanchor": "right", "yshift": 17})
    if horizon.marks_policy():
        month = int(horizon.policy_start or 0)
        late = (month - horizon.start) > 0.6 * horizon.months
        text = f"policies start {spoken(month)}"
        found.append(
            base
            | {
                "text": f"{text} ▾" if late else f"▾ {text}",
                "xref": "x",
                "x": iso(month),
                "xanchor": "right" if late else "left",
                "xshift": 5 if late else -5,
                "yshift": 2,
            }
        )
    return found


def axis(horizon: Horizon, **more: Any) -> dict[str, Any]:
    """Return the time axis: years as ticks, months in hover, exactly the months of the horizon."""
    return (
        {
            "type": "date",
            "range": [iso(horizon.start), iso(horizon.end)],
            "hoverformat": "%b %Y",
            "tickangle": 0,
            "showgrid": False,
            "ticks": "outside",
            "minor": {"dtick": "M12", "ticks": "outside"},
        }
        | _ticks(horizon)
        | more
    )


def _ticks(horizon: Horizon) -> dict[str, Any]:
    """Return labels that fit narrow screens: every second year, every year when there are few, else months."""
    if horizon.months <= 18:
        return {"tickformat": "%b %Y", "dtick": "M6"}
    years = 1 if horizon.months <= 72 else 2 if horizon.months <= 180 else 5
    first = -(-horizon.start // 12)
    return {"tickformat": "%Y", "dtick": f"M{12 * years}", "tick0": iso(12 * first)}
