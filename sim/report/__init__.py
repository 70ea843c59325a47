"""The report: one HTML file that opens offline and asks for nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.parts import Signs
    from sim.results import Comparison, Results

__all__ = ["document", "write"]


def write(source: Comparison | Results, path: str | Path, *, signs: Signs | None = None) -> None:
    """Write the report of a comparison, or of runs without a baseline.

    Parameters
    ----------
    source : Comparison or Results
        What to report.
    path : str or Path
        File to write; one that exists is replaced.
    signs : mapping of str to mapping of str to float, optional
        Probability that openness improves an outcome: by shown name of the form of the contested kernels, then of the
        outcome; ``None`` where undefined.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    Path(path).write_text(document(source, signs=signs), encoding="utf-8")


def document(source: Comparison | Results, *, signs: Signs | None = None) -> str:
    """Return the report that `write` writes, as text."""
    from sim.figures.view import View
    from sim.report.page import page

    return page(View.of(source), signs)
