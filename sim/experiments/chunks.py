"""Chunks: rectangles of draws and replicates into which a design is cut, and those that are still missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.experiments.design import Design

CHUNK, REPLICATES = 128, 64
"""Runs of a whole chunk, and most replicates of one draw among them."""


class Chunk(NamedTuple):
    """Runs of one case: draws and replicates from the first to before the last."""

    case: int
    draw: int
    draw_end: int
    replicate: int
    replicate_end: int

    def __len__(self) -> int:
        return (self.draw_end - self.draw) * (self.replicate_end - self.replicate)

    def overlaps(self, other: Chunk) -> bool:
        """Whether some run is in both."""
        draws = self.draw < other.draw_end and other.draw < self.draw_end
        replicates = self.replicate < other.replicate_end and other.replicate < self.replicate_end
        return self.case == other.case and draws and replicates


def plan(design: Design) -> list[Chunk]:
    """Cut a design into chunks, all of the same size but the last of a row."""
    replicates = min(design.replicates, REPLICATES)
    draws = CHUNK // replicates
    chunks = []
    for case, draw, replicate in itertools.product(
        range(len(design.cases)), range(0, design.draws, draws), range(0, design.replicates, replicates)
    ):
        ends = min(draw + draws, design.draws), min(replicate + replicates, design.replicates)
        chunks.append(Chunk(case, draw, ends[0], replicate, ends[1]))
    return chunks


def missing(wanted: Iterable[Chunk], present: Iterable[Chunk]) -> list[Chunk]:
    """Return the parts of wanted chunks that no present chunk covers, as chunks."""
    by_block: dict[tuple[int, int], list[Chunk]] = {}
    for chunk in present:
        for draw in range(chunk.draw, chunk.draw_end):
            by_block.setdefault((chunk.case, draw), []).append(chunk)
    left: list[Chunk] = []
    for chunk in wanted:
        covered = np.zeros((chunk.draw_end - chunk.draw, chunk.replicate_end - chunk.replicate), bool)
        for i, draw in enumerate(range(chunk.draw, chunk.draw_end)):
            for other in by_block.get((chunk.case, draw), ()):
                first, last = (max(r - chunk.replicate, 0) for r in (other.replicate, other.replicate_end))
                covered[i, first:last] = True
        left += _rectangles(chunk, ~covered)
    return left


def _rectangles(chunk: Chunk, open_: Any) -> Iterator[Chunk]:
    """Yield the open cells of a chunk as rectangles: runs of draws that lack the same replicates."""
    edges = [0, *(i for i in range(1, len(open_)) if not np.array_equal(open_[i], open_[i - 1])), len(open_)]
    for first, last in itertools.pairwise(edges):
        steps = np.flatnonzero(np.diff(np.concatenate(([False], open_[first], [False])).astype(np.int8)))
        for a, b in zip(steps[::2], steps[1::2], strict=True):
            yield Chunk(chunk.case, chunk.draw + first, chunk.draw + last, chunk.replicate + int(a),
                        chunk.replicate + int(b))  # fmt: skip
