"""What the analyses of sweeps share: their arguments, the sweep to read, and where figures go."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import MOST_WORKERS, add_json, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments.preference import Preference
    from sim.experiments.store import Store

PREFER = "innovation=1,concentration=1,harm=1"


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Add the sweep that is read, which a design may make first."""
    parser.add_argument(
        "sweep", metavar="SWEEP", help="directory of a sweep; or a design, carried out into --out first"
    )
    parser.add_argument("--out", metavar="DIR", help="where the runs of a design go")
    parser.add_argument(
        "--workers", type=whole(1, MOST_WORKERS), default=1, metavar="N", help="processes for a design (default 1)"
    )
    parser.add_argument("--yes", action="store_true", help="go ahead with work that takes long or much space")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    add_json(parser)


def add_policies(parser: argparse.ArgumentParser, help_: str) -> None:
    """Add which scenarios of the sweep to look at."""
    parser.add_argument("--policies", type=names, metavar="A,B", help=help_)


def add_preference(parser: argparse.ArgumentParser, default: str = PREFER) -> None:
    """Add the stated preference."""
    parser.add_argument(
        "--prefer", default=default, metavar="NAME=WEIGHT,…",
        help=f"weights of innovation, concentration, harm, or of outcomes by name (default {default})",
    )  # fmt: skip
    parser.add_argument(
        "--scale", choices=("swing", "percent", "unit"), default="swing",
        help="what a weight is per: the typical distance between best and worst policy (default), one per cent of the "
        "mean of the first policy, or a unit of the outcome",
    )  # fmt: skip


def add_figure(parser: argparse.ArgumentParser) -> None:
    """Add where figures go."""
    parser.add_argument("--figure", metavar="FILE", help="write the figures, as .html to look at or as .json")


def names(text: str) -> list[str]:
    """Read names with commas between them."""
    found = [part.strip() for part in text.split(",")]
    if not all(found) or len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is no list of different names with commas between them")
    return found


def number(text: str) -> float:
    """Read a finite number."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e300:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a finite number")
    return value


def opened(args: argparse.Namespace) -> Store:
    """Open the sweep, after carrying the design out if that is what was named."""
    from sim.experiments.store import open_sweep

    check_figure(args.figure)
    if args.out is None:
        return open_sweep(args.sweep)
    from sim.cli.printing import progress
    from sim.cli.sweeping import check_work
    from sim.experiments.design import read_design
    from sim.experiments.sweep import sweep

    design = read_design(args.sweep)
    check_work(args, design)
    with progress("runs", args.quiet) as report:
        return sweep(design, args.out, args.workers, progress=report)


def preference(args: argparse.Namespace) -> Preference:
    """Read the stated preference."""
    from sim.experiments.preference import read_preference

    return read_preference(args.prefer, args.scale)


def check_figure(file: str | None) -> None:
    """Refuse a name under which no figure can be written, before the work is done."""
    path = Path(file or "figure.html")
    if path.suffix.lower() not in (".html", ".json"):
        raise InputError("--figure", f"{str(path)[:80]!r} is neither .html nor .json.", "Name such a file.")
    if not path.parent.is_dir():
        raise InputError("--figure", f"there is no directory {str(path.parent)[:80]!r}.", "Make it first.")


def write_figures(figures: Mapping[str, dict[str, Any]], file: str | None) -> None:
    """Write figures as one page or as one JSON document, if asked for."""
    if file is None:
        return
    from sim.files import replacing

    path = Path(file)
    if path.suffix.lower() == ".json":
        text = json.dumps(figures, allow_nan=False) + "\n"
    else:
        text = _page(figures)
    with replacing(path) as stage:
        stage.write_text(text, "utf-8")


def _page(figures: Mapping[str, dict[str, Any]]) -> str:
    from sim.figures import CONFIG, figure

    parts = [
        figure(drawing).to_html(full_html=False, include_plotlyjs=i == 0, config=CONFIG)
        for i, drawing in enumerate(figures.values())
    ]
    head = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Aperture</title></head>\n'
    return f'{head}<body style="max-width: 60rem; margin: 1rem auto">\n' + "\n".join(parts) + "\n</body></html>\n"
