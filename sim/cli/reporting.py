"""Commands that write documents: ``report`` draws saved results again, ``marginal-risk`` assesses one threat."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.cli.arguments import add_work
from sim.errors import InputError
from sim.files import replacing

CLOSED = "closed_frontier"
"""What a marginal risk is measured against unless another scenario is named."""


def register(commands: Any) -> None:
    """Add the commands of this group."""
    parser = commands.add_parser(
        "report", help="write the report of saved results", description="Write report.html from a saved directory."
    )
    parser.add_argument("directory", metavar="DIR", help="written by --out, or by save() in Python")
    parser.add_argument("--output", metavar="FILE", help="where to write it (default DIR/report.html)")
    parser.set_defaults(handler=report)
    risk = commands.add_parser(
        "marginal-risk",
        help="assess the marginal risk of a scenario for one threat",
        description="Write the six steps of a marginal-risk assessment for a threat, from paired runs.",
    )
    risk.add_argument("scenario", metavar="SCENARIO", help="a shipped name, or a file (with / or .toml)")
    risk.add_argument("--threat", required=True, metavar="DOMAIN", help="fraud, cyber, influence or bio")
    risk.add_argument("--against", default=CLOSED, metavar="SCENARIO", help=f"the world without it (default {CLOSED})")
    risk.add_argument(
        "--output",
        metavar="FILE",
        help="where to write it, by its ending: .md, .html or .json (default: print Markdown)",
    )
    risk.add_argument("--json", action="store_true", help="print JSON and nothing else")
    add_work(risk)
    risk.add_argument("--quiet", action="store_true", help="no progress")
    risk.set_defaults(handler=marginal_risk)


def report(args: argparse.Namespace) -> int:
    """Write one self-contained HTML file."""
    from sim import report as writer
    from sim.results import open_results

    results = open_results(args.directory)
    target = Path(args.output or Path(args.directory) / "report.html")
    with written(f"report {str(target)!r}", target) as stage:
        writer.write(results, stage)
    print(target)
    return 0


def marginal_risk(args: argparse.Namespace) -> int:
    """Write the six steps for one threat, or print them."""
    from sim.cli.printing import document as print_json
    from sim.cli.printing import progress
    from sim.cli.requests import read_number_or_draws
    from sim.experiments.marginal_risk import assess
    from sim.report.marginal_page import record

    write = _writer(args.output) if args.output else None
    words = ["aperture", "marginal-risk", args.scenario, "--threat", args.threat, "--against", args.against]
    words += ["--replicates", str(args.replicates), "--draws", args.draws, "--seed", str(args.seed)]
    words += ["--months", str(args.months)] if args.months else []
    draws = read_number_or_draws(args.draws)
    with progress("paired runs", args.quiet or args.json) as report_progress:
        found = assess(
            args.scenario, args.against, args.threat, args.replicates, draws, args.seed, args.months, args.workers,
            report_progress,
        )  # fmt: skip
    command = shlex.join(words)
    if write is not None:
        with written(f"marginal-risk {args.output!r}", Path(args.output)) as stage:
            stage.write_text(write(found, command), "utf-8")
    if args.json:
        print_json(record(found, command))
    else:
        print(args.output if write is not None else _writer(".md")(found, command).rstrip("\n"))
    return 0


def _writer(target: str) -> Callable[[Any, str], str]:
    """What writes an assessment into a file of this name, by its ending."""
    from sim.report.marginal import document
    from sim.report.marginal_page import page, record
    from sim.results.documents import dumps

    kinds: dict[str, Callable[[Any, str], str]] = {
        ".md": document,
        ".html": page,
        ".json": lambda found, command: dumps(record(found, command)) + "\n",
    }
    ending = target[target.rfind(".") :] if "." in target else ""
    if ending not in kinds:
        raise InputError("--output", f"{target[:80]!r} ends in none of {', '.join(kinds)}.", "Name the file so.")
    return kinds[ending]


@contextmanager
def written(where: str, target: Path) -> Iterator[Path]:
    """Give a name to write under in place of `target`, and say it in one line if that cannot be done."""
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        with replacing(target) as stage:
            yield stage
    except OSError as error:
        problem = f"it cannot be written ({error.strerror or error})."
        raise InputError(where, problem, "Name a file elsewhere.") from error
