"""Checking a sweep: every file is read again, and a few runs are carried out again."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError
from sim.experiments.chunks import CHUNK, Chunk
from sim.experiments.design import Design
from sim.experiments.holding import record
from sim.experiments.store import Store, encode
from sim.experiments.tasks import carry_out, task_of

RECOMPUTED = 3
"""Chunks that a check runs again, spread evenly."""


def verify(store: Store, design: Design | None = None, repair: bool = False) -> list[str]:
    """Read every chunk again, and with a design carry a few out again and compare their bytes.

    Parameters
    ----------
    store : Store
        What to check.
    design : Design, optional
        The design of the store; `RECOMPUTED` chunks of it are run again, of a compacted one the first runs.
    repair : bool
        Whether to remove damaged chunks, so that the next sweep runs them again.

    Returns
    -------
    list of str
        One sentence for every damaged chunk.

    Raises
    ------
    InputError
        If the design, or the model as it is now, is not that of the store.
    """
    if design is not None and record(design)["key"] != store.key:
        remedy = "Name the design of the sweep, with the version that ran it."
        raise InputError(f"sweep {store.directory}", "its runs are not of this design and this model.", remedy)
    faults: dict[Path, str] = {}
    sound: list[tuple[Chunk, Path]] = []
    for chunk, path, failed in store.chunks():
        try:
            store.read(path, chunk)
            if store.monthly and not failed:
                store.read_months(path, chunk)
        except InputError as error:
            faults[path] = error.problem
        else:
            sound += [] if failed else [(chunk, path)]
    if design is not None:
        for chunk, path in sound[:: max(1, -(-len(sound) // RECOMPUTED))]:
            if not _same(store, design, chunk, path):
                faults[path] = "running it again gives other bytes."
    if repair:
        for path in faults:
            store.remove(path)
    return [f"{path.name}: {problem}" for path, problem in faults.items()]


def _same(store: Store, design: Design, chunk: Chunk, path: Path) -> bool:
    """Whether the first runs of a chunk, as many as one is carried out with, come out again as they are stored."""
    draws = max(1, CHUNK // (chunk.replicate_end - chunk.replicate))
    first = chunk.until(min(chunk.draw + draws, chunk.draw_end))
    again = carry_out(task_of(design, first))
    if len(first) == len(chunk):
        months = store.months_of(path).read_bytes() if store.monthly else None
        return (again.data, again.months) == (path.read_bytes(), months)
    table = store.read(path, chunk).slice(0, len(first))
    if encode(dict(zip(table.column_names, table.columns, strict=True))) != again.data:
        return False
    if not store.monthly:
        return True
    table = store.read_months(path, chunk)
    table = table.slice(0, len(table) // len(chunk) * len(first))
    return encode(dict(zip(table.column_names, table.columns, strict=True))) == again.months
