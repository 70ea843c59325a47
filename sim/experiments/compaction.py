"""Compaction: many small files of a finished sweep become few, with the same rows, while nobody writes.

A compacted file is a chunk like others: a rectangle of draws and replicates that its name says. A kill leaves its parts
beside it, which readers pass over and the next compaction removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.experiments.chunks import Chunk
from sim.experiments.holding import held
from sim.experiments.store import Store, encoding, file_name
from sim.files import replacing

LARGEST = 8192
"""Runs of a compacted file."""
Part = tuple[Chunk, Path]


def compact(store: Store) -> tuple[int, int]:
    """Join chunks of the same case and replicates whose draws follow each other.

    Parameters
    ----------
    store : Store
        A sweep that is not being written into. Failed chunks stay as they are.

    Returns
    -------
    pair of int
        Files before and after.

    Raises
    ------
    InputError
        If a sweep is writing into the directory, or a chunk is damaged.
    """
    with held(store):
        before = len(list(store.folder.glob("*.parquet")))
        for parts in _groups(store):
            if len(parts) > 1:
                _join(store, parts)
        kept = {path for _, path, _ in store.chunks()}
        for _, path, _ in store.found():
            if path not in kept:
                store.remove(path)
        return before, len(kept)


def _groups(store: Store) -> Iterator[list[Part]]:
    """Yield chunks that make one rectangle of at most `LARGEST` runs, cut at the same draws whatever is there."""

    def group(part: Part) -> tuple[int, ...]:
        chunk = part[0]
        width = max(1, LARGEST // (chunk.replicate_end - chunk.replicate))
        return chunk.case, chunk.replicate, chunk.replicate_end, chunk.draw // width

    parts = sorted(((chunk, path) for chunk, path, failed in store.chunks() if not failed), key=lambda p: (group(p), p))
    for _, members in groupby(parts, group):
        together: list[Part] = []
        for part in members:
            if together and part[0].draw != together[-1][0].draw_end:
                yield together
                together = []
            together.append(part)
        yield together


def _join(store: Store, parts: list[Part]) -> None:
    """Write one file for several, a part at a time, months first."""
    first, last = parts[0][0], parts[-1][0]
    target = store.folder / file_name(first.until(last.draw_end), store.key)
    if store.monthly:
        _write(store.months_of(target), parts, lambda part: store.read_months(part[1], part[0]))
    _write(target, parts, lambda part: store.read(part[1], part[0]))
    for _, path in parts:
        if path != target:
            store.remove(path)


def _write(target: Path, parts: list[Part], read: Callable[[Part], Any]) -> None:
    from pyarrow import parquet

    with replacing(target) as stage:
        writer = None
        for part in parts:
            table = read(part)
            writer = writer or parquet.ParquetWriter(stage, table.schema, **encoding(table.schema))
            writer.write_table(table)
        if writer is not None:
            writer.close()
