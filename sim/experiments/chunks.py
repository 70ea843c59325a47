"""Chunks: rectangles of draws and replicates into which a design is cut, and those that are still missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.design import Design

CHUNK, REPLICATES = 128, 64
"""Runs of a whole chunk, and most replicates of one draw among them."""


STRETCH = 1024
"""Draws under which chunks are looked up together."""


@dataclass(frozen=True, order=True)
class Chunk:
    """Runs of one case: draws and replicates from the first to before the last."""

    case: int
    draw: int
    draw_end: int
    replicate: int
    replicate_end: int

    def __len__(self) -> int:
        return (self.draw_end - self.draw) * (self.replicate_end - self.replicate)

    def until(self, draw_end: int) -> Chunk:
        """The same from its first draw to before another one."""
        return Chunk(self.case, self.draw, draw_end, self.replicate, self.replicate_end)

    def within(self, other: Chunk) -> bool:
        """Whether every run is in the other."""
        draws = other.draw <= self.draw and self.draw_end <= other.draw_end
        replicates = other.replicate <= self.replicate and self.replicate_end <= other.replicate_end
        return self.case == other.case and draws and replicates

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
    by_stretch: dict[tuple[int, int], list[Chunk]] = {}
    for chunk in present:
        for stretch in _stretches(chunk):
            by_stretch.setdefault((chunk.case, stretch), []).append(chunk)
    left: list[Chunk] = []
    for chunk in wanted:
        covered = np.zeros((chunk.draw_end - chunk.draw, chunk.replicate_end - chunk.replicate), bool)
        for stretch in _stretches(chunk):
            for other in by_stretch.get((chunk.case, stretch), ()):
                draws = slice(*(max(d - chunk.draw, 0) for d in (other.draw, other.draw_end)))
                first, last = (max(r - chunk.replicate, 0) for r in (other.replicate, other.replicate_end))
                covered[draws, first:last] = True
        left += _rectangles(chunk, ~covered)
    return left


def _stretches(chunk: Chunk) -> range:
    return range(chunk.draw // STRETCH, -(-chunk.draw_end // STRETCH))


def _rectangles(chunk: Chunk, open_: Any) -> Iterator[Chunk]:
    """Yield the open cells of a chunk as rectangles: runs of draws that lack the same replicates."""
    edges = [0, *(i for i in range(1, len(open_)) if not np.array_equal(open_[i], open_[i - 1])), len(open_)]
    for first, last in itertools.pairwise(edges):
        steps = np.flatnonzero(np.diff(np.concatenate(([False], open_[first], [False])).astype(np.int8)))
        for a, b in zip(steps[::2], steps[1::2], strict=True):
            yield Chunk(chunk.case, chunk.draw + first, chunk.draw + last, chunk.replicate + int(a),
                        chunk.replicate + int(b))  # fmt: skip
