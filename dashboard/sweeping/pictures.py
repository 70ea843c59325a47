"""Pictures and tables of points: what stands in each view of the page, and where a click leads."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sim
from dashboard.sweeping.points import Points, leading, spoken
from sim import figures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 8
"""Cells of a factor with more values than this."""
MOST_ROWS = 2000
MOST_AXES = 5


def measure(name: str) -> figures.Measure:
    """Return what figures must know of an outcome."""
    record = sim.OUTCOMES[name]
    return figures.Measure(record.name, record.label, record.unit, record.direction, record.description)


def sides(points: Points, rows: object, columns: object) -> tuple[str, str]:
    """Return the dimensions of the heatmap: those asked for if there are such, else what varies."""
    known = points.dimensions
    varied = [name for name in known if points.varied(name)] or known
    first = str(rows) if rows in known else next((n for n in varied if n == "scenario"), varied[0])
    others = [name for name in varied if name != first] or [name for name in known if name != first]
    preferred = others if first != "scenario" else [n for n in others if n != "world"] or others
    second = str(columns) if columns in known and columns != first else preferred[0]
    return first, second


def grouped(points: Points, name: str) -> tuple[NDArray[np.intp], list[str], list[Any]]:
    """Return the cell of every point along one dimension, labels of the cells, and the value in the middle of each."""
    import numpy as np

    column = points.table[name]
    if column.dtype.kind not in "fi" or column.nunique() <= BINS:
        values = list(dict.fromkeys(column if column.dtype.kind not in "fi" else sorted(column)))
        place = {value: i for i, value in enumerate(values)}
        return np.array([place[value] for value in column], np.intp), [spoken(name, v) for v in values], values
    edges = np.linspace(float(column.min()), float(column.max()), BINS + 1)
    cell = np.clip(np.searchsorted(edges, column.to_numpy(float), side="right") - 1, 0, BINS - 1)
    middle = (edges[1:] + edges[:-1]) / 2
    values = [round(float(v)) if column.dtype.kind == "i" else float(v) for v in middle]
    if column.dtype.kind == "i":
        return cell, [spoken(name, value) for value in values], values
    return cell, [f"{low:.3g}–{high:.3g}" for low, high in pairwise(edges)], values


def heatmap(points: Points, outcome: str, rows: str, columns: str, mode: str) -> figures.Figure:
    """Return means of an outcome over two dimensions."""
    import numpy as np

    i, row_labels, _ = grouped(points, rows)
    j, column_labels, _ = grouped(points, columns)
    shape = len(row_labels), len(column_labels)
    values = points.table[outcome].to_numpy(float)
    sums, counts = np.zeros(shape), np.zeros(shape)
    defined = np.isfinite(values)
    np.add.at(sums, (i[defined], j[defined]), values[defined])
    np.add.at(counts, (i[defined], j[defined]), 1)
    means = np.divide(sums, counts, out=np.full(shape, np.nan), where=counts > 0)
    numeric = [points.table[name].dtype.kind in "fi" for name in (rows, columns)]
    middle = float(np.nanmedian(means)) if all(numeric) and np.isfinite(means).any() else None
    return figures.cells(
        means, row_labels, column_labels, measure(outcome), names=(rows, columns), threshold=middle, mode=mode
    )


def cell_row(points: Points, rows: str, columns: str, place: tuple[int, int]) -> dict[str, Any]:
    """Return scenario, world and values of factors in the middle of a cell; raises sim.InputError if there is none."""
    found: dict[str, Any] = {}
    inside = points.table.index >= 0
    for name, number in ((rows, place[0]), (columns, place[1])):
        cell, labels, values = grouped(points, name)
        if not 0 <= number < len(labels):
            raise sim.InputError("cell", "there is no such cell.", "Click on one.")
        inside &= cell == number
        found[name] = values[number]
    part = points.table[inside]
    if part.empty:
        raise sim.InputError("cell", "there are no runs in it.", "Click on another one.")
    return {"scenario": part["scenario"].iloc[0], "world": part["world"].iloc[0], **found}


def lines(points: Points, outcomes: list[str], mode: str) -> figures.Figure:
    """Return parallel coordinates over the factors that go most with the first outcome, and the outcomes."""
    import numpy as np

    names = [*leading(points, outcomes[0], MOST_AXES), *outcomes]
    numeric = [name for name in names if points.table[name].dtype.kind in "fi"]
    values = points.table[numeric].to_numpy(float)
    kept = np.isfinite(values).all(axis=1)
    axes = [_axis(name, values[kept, i]) for i, name in enumerate(numeric)]
    groups = [str(name) for name in points.table["scenario"][kept]]
    return figures.parallel(axes, values[kept], groups, mode=mode)


def _axis(name: str, values: NDArray[np.float64]) -> figures.Axis:
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    if name in sim.OUTCOMES:
        shown = figures.scale(sim.OUTCOMES[name].unit, [low, high])
        return figures.Axis(f"{sim.OUTCOMES[name].label}, {shown.unit}", shown.bare(low), shown.bare(high))
    if name in sim.REGISTRY:
        return figures.Axis(_broken(name), figures.digits(low), figures.digits(high))
    return figures.Axis(_broken(name), spoken(name, _exact(low)), spoken(name, _exact(high)))


def _exact(value: float) -> float | int:
    return int(value) if value.is_integer() and value > 12_000 else value  # months count from the year 0


def _broken(name: str) -> str:
    """Return an identifier in words, so that it can be folded."""
    table, _, field = name.partition(".")
    return f"{table.replace('_', ' ')}: {field.replace('_', ' ')}"


def scatter(points: Points, across: str, up: str, mode: str) -> figures.Figure:
    """Return two outcomes against each other; a point carries its place in the table."""
    import numpy as np

    x, y = (points.table[name].to_numpy(float) for name in (across, up))
    kept = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    groups = [_case(points, int(i)) for i in kept]
    drawing = figures.trade_off(x[kept], y[kept], (measure(across), measure(up)), groups, mode=mode)
    for trace in drawing["data"]:
        if "customdata" in trace:
            trace["customdata"] = [int(kept[i]) for i in trace["customdata"]]
    return drawing


def _case(points: Points, place: int) -> str:
    row = points.table.iloc[place]
    several = points.varied("world")
    return f"{row['scenario']}, {row['world']}" if several else str(row["scenario"])


def grid(points: Points, outcomes: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows of the table: keys, the factors that go most with the first outcome, the outcomes."""
    names = leading(points, outcomes[0], MOST_AXES)
    columns: list[dict[str, Any]] = [
        {"field": "scenario", "pinned": "left", "width": 170},
        {"field": "world", "width": 150},
        {"field": "draw", "width": 90},
    ]
    columns += [{"field": f"f{i}", "headerName": name, "width": 170} for i, name in enumerate(names)]
    shown = {name: figures.scale(sim.OUTCOMES[name].unit, points.table[name].to_numpy(float)) for name in outcomes}
    for i, name in enumerate(outcomes):
        unit = f", {shown[name].unit}" if shown[name].unit else ""
        columns.append({"field": f"o{i}", "headerName": sim.OUTCOMES[name].label + unit, "type": "numericColumn"})
    rows = []
    for place, row in enumerate(points.table.head(MOST_ROWS).to_dict("records")):
        cells: dict[str, Any] = {"place": place, **{key: row[key] for key in ("scenario", "world", "draw")}}
        cells |= {f"f{i}": _number(row[name]) for i, name in enumerate(names)}
        cells |= {f"o{i}": _number(row[name] * shown[name].factor) for i, name in enumerate(outcomes)}
        rows.append(cells)
    return columns, rows


def _number(value: Any) -> Any:
    """Four digits are enough for a table; undefined is empty."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.4g}")
    return value


def row_of(points: Points, place: object) -> Mapping[str, Any]:
    """Return a point by its place in the table; raises sim.InputError if there is none."""
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(points.table):
        raise sim.InputError("point", "there is no such point.", "Click on one.")
    return {str(name): value for name, value in points.table.iloc[place].to_dict().items()}
