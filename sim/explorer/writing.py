"""Run a plan, world by world, and write the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim import runner
from sim.explorer.document import document
from sim.explorer.page import page
from sim.explorer.plan import Plan
from sim.figures.view import View
from sim.results.comparison import Comparison

Progress = Callable[[int, int], None]


def write(
    plan: Plan,
    path: str | Path,
    *,
    replicates: int = 1,
    draws: int | Mapping[str, Any] = 32,
    seed: int = 0,
    workers: int = 1,
    command: str = "",
    progress: Progress | None = None,
) -> None:
    """Run everything that a plan offers and write it as one HTML file.

    Parameters
    ----------
    plan : Plan
        Scenarios, worlds and levers.
    path : str or Path
        File to write; one that exists is replaced.
    replicates, draws, seed, workers
        As `sim.runner.run` takes them.
    command : str
        The command that makes the same file again, for the page to show.
    progress : callable, optional
        Called with the number of finished runs and of all runs.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    views: dict[str, View] = {}
    done = 0
    for world in plan.scenarios:
        scenarios = plan.runs_of(world)

        def told(finished: int, total: int, before: int = done, size: int = len(scenarios)) -> None:
            if progress is not None:
                progress(before + finished * size // total, plan.cells)

        results = runner.run(
            scenarios, replicates=replicates, draws=draws, seed=seed, workers=workers, progress=told, details=False
        )
        views[world] = View.of(Comparison(results, plan.baseline))
        done += len(scenarios)
    text = page(plan, document(plan, views), next(iter(views.values())), command)
    Path(path).write_text(text, encoding="utf-8")
