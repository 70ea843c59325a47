"""What goes to the terminal: tables for people, JSON for programs, notes and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

Report = Callable[[int, int], None]
"""Called with the number of pieces of work that are done, and of all."""


def document(value: Any) -> None:
    """Print one JSON document."""
    from sim.results.documents import dumps

    print(dumps(value))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", numbers: Sequence[int] = ()) -> None:
    """Print a table: with lines and colour on a terminal, as plain columns elsewhere.

    Parameters
    ----------
    headers, rows : sequences of str
        Cells.
    title : str
        Line above it.
    numbers : sequence of int
        Columns that are aligned on the right.
    """
    if sys.stdout.isatty():
        _rich_table(headers, rows, title, numbers)
    else:
        print("\n".join(_plain_table(headers, rows, title, numbers)))


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]], title: str, numbers: Sequence[int]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    for i, name in enumerate(headers):
        grid.add_column(name, justify="right" if i in numbers else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    Console().print(grid)


def _plain_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], title: str, numbers: Sequence[int]
) -> Iterator[str]:
    lines = [headers, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    if title:
        yield title
    for line in lines:
        cells = (c.rjust(w) if i in numbers else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        yield "  ".join(cells).rstrip()


def note(text: str, quiet: bool = False) -> None:
    """Print a remark on standard error, if a person may be reading."""
    if not quiet and sys.stderr.isatty():
        print(text, file=sys.stderr)


@contextmanager
def progress(label: str, quiet: bool = False) -> Iterator[Report | None]:
    """Give a function that moves a progress bar on standard error; none where there is no terminal to show it on."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    rate = TextColumn("{task.fields[rate]}")
    with Progress(*columns, rate, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, rate="")
        first: list[tuple[float, int]] = []

        def report(done: int, total: int) -> None:
            now = monotonic()
            first[:] = first or [(now, done)]
            taken, made = now - first[0][0], done - first[0][1]  # what a sweep found finished has no rate
            bar.update(task, completed=done, total=total, rate=f"{made / taken:.3g}/s" if taken > 0 and made else "")

        yield report
