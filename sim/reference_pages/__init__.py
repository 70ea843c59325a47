"""Pages and parts of pages that are written from the tables of the model, so that no number stands in two places.

``python -m sim.reference_pages`` writes them. Whole pages lie in ``docs/reference``; in other pages a part between two
marks is written, and the prose around it is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sim.reference_pages.channels import channel_table
from sim.reference_pages.constants import constants_page
from sim.reference_pages.coverage import coverage_page
from sim.reference_pages.drawings import expected_obtained, race_zones
from sim.reference_pages.evidence import facts_page
from sim.reference_pages.hypotheses import hypotheses_page
from sim.reference_pages.odd import KERNELS, kernel_parameters, month_body, start_parameters
from sim.reference_pages.outcomes import outcomes_page
from sim.reference_pages.parameters import parameters_page
from sim.reference_pages.policies import policies_page
from sim.reference_pages.ranking import ranking_page
from sim.reference_pages.regimes import regimes_page
from sim.reference_pages.scenarios import scenarios_page
from sim.reference_pages.sensitivity import sensitivity_page
from sim.reference_pages.study import study_page
from sim.reference_pages.validation import docking_page, validation_page

DOCS = Path(__file__).parents[2] / "docs"
"""Where the pages lie in a checkout."""

PAGES: dict[str, Callable[[], str]] = {
    "reference/parameters.md": parameters_page,
    "reference/constants.md": constants_page,
    "reference/outcomes.md": outcomes_page,
    "reference/levers_and_policies.md": policies_page,
    "reference/regimes.md": regimes_page,
    "reference/scenarios.md": scenarios_page,
    "reference/facts.md": facts_page,
    "reference/coverage.md": coverage_page,
    "reference/docking.md": docking_page,
    "reference/validation.md": validation_page,
    "reference/hypotheses.md": hypotheses_page,
    "images/race_zones.svg": race_zones,
    "images/docking.svg": expected_obtained,
    "reference/ranking.md": ranking_page,
    "reference/sensitivity.md": sensitivity_page,
    "studies/open_or_closed/index.md": study_page,
}
"""Pages that are written as a whole, by their path in the documentation."""

PARTS: dict[str, Callable[[], str]] = {
    "month": month_body,
    "channels": channel_table,
    "parameters of the start": start_parameters,
    **{f"parameters of {name}": partial(kernel_parameters, name) for name in KERNELS},
}
"""Parts of other pages, by the name that stands in their mark."""

MARK = re.compile(r"(<!-- begin generated: ([a-z ]+) -->\n).*?(<!-- end generated -->)", re.DOTALL)


def with_parts(text: str) -> str:
    """Return a page with its generated parts written anew.

    Parameters
    ----------
    text : str
        Markdown with marks ``<!-- begin generated: NAME -->`` and ``<!-- end generated -->`` around each part.

    Raises
    ------
    KeyError
        When a mark names a part that does not exist.
    """
    return MARK.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[3]}", text)


def changes(docs: Path = DOCS) -> dict[Path, str]:
    """Return the pages that are not what they would be if they were written now, each with its new text."""
    wanted = {docs / name: page() for name, page in PAGES.items()}
    for path in sorted(docs.rglob("*.md")):
        if path not in wanted:
            wanted[path] = with_parts(path.read_text("utf-8"))
    return {path: text for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text}


def write(docs: Path = DOCS) -> list[Path]:
    """Write the pages that have changed and return their paths."""
    found = changes(docs)
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return sorted(found)
