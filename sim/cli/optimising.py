"""The commands ``optimise``, which searches policy packages, and ``table``, which writes a table for a paper."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import MOST_MONTHS, MOST_SEED, MOST_WORKERS, add_json, add_settings, whole
from sim.cli.sweeps_read import add_figure, add_policies, add_sweep, check_figure, names, opened, write_figures
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments.packages import Budget
    from sim.scenario import Scenario

LEVER = re.compile(r"(?P<path>[a-z0-9_]+\.[a-z0-9_]+)=(?P<low>[^:=]+):(?P<high>[^:=]+)", re.ASCII)
GOALS = ["innovation", "concentration", "harm"]


def register(commands: Any) -> None:
    """Add the commands of this group."""
    _register_optimise(commands)
    parser = commands.add_parser(
        "table", help="write a table for a paper from a sweep",
        description="Write levels and paired differences with standard errors, as CSV or LaTeX.",
    )  # fmt: skip
    add_sweep(parser)
    add_policies(parser, "scenarios (default: all)")
    parser.add_argument("--outcomes", type=names, metavar="A,B", help="default innovation, concentration, harm")
    parser.add_argument("--baseline", metavar="NAME", help="what others are compared with (default: the first)")
    parser.add_argument("--worlds", type=names, metavar="A,B", help="default: all")
    parser.add_argument("--format", choices=("csv", "latex"), default="csv", help="default csv")
    parser.add_argument("--caption", default="", metavar="TEXT", help="of the LaTeX table")
    parser.add_argument("--output", metavar="FILE", help="where to write it (default: standard output)")
    parser.set_defaults(handler=table, figure=None)


def _register_optimise(commands: Any) -> None:
    parser = commands.add_parser(
        "optimise", help="search the levers of a scenario for packages that nothing dominates",
        description="Search fields of policies with NSGA-II or NSGA-III, and weigh what is found again over many "
        "futures. See docs/how-to/analyse_a_sweep.md.",
    )  # fmt: skip
    parser.add_argument("scenario", metavar="SCENARIO", help="a shipped name, or a file (with / or .toml)")
    parser.add_argument(
        "--lever", dest="levers", action="append", required=True, metavar="POLICY.FIELD=LOW:HIGH",
        help="a field of a policy of the scenario and its range (staged_release.delay_months=0:24); repeatable",
    )  # fmt: skip
    parser.add_argument("--outcomes", type=names, default=GOALS, metavar="A,B", help=f"default {', '.join(GOALS)}")
    add_settings(parser)
    group = parser.add_argument_group("budget")
    for option, default, most, text in (
        ("futures", 16, 100_000, "futures over which the search compares"),
        ("confirmed", 1000, 1_000_000, "futures over which packages are weighed again"),
        ("size", 20, 10_000, "packages in a generation"),
        ("generations", 8, 100_000, "generations"),
        ("seeds", 2, 100, "searches from scratch"),
        ("packages", 10, 10_000, "most packages that are weighed again"),
    ):
        group.add_argument(f"--{option}", type=whole(1, most), default=default, metavar="N",
                           help=f"{text} (default {default})")  # fmt: skip
    group.add_argument("--months", type=whole(1, MOST_MONTHS), metavar="N", help="horizon, if not the scenario's")
    group.add_argument("--seed", type=whole(1, MOST_SEED), default=1, metavar="N", help="names futures and searches")
    group.add_argument("--workers", type=whole(1, MOST_WORKERS), default=1, metavar="N", help="processes (default 1)")
    group.add_argument("--yes", action="store_true", help="go ahead with work that takes long")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    add_figure(parser)
    add_json(parser)
    parser.set_defaults(handler=optimise)


def optimise(args: argparse.Namespace) -> int:
    """Search packages."""
    from sim.cli.analysis_tables import show_packages
    from sim.cli.printing import document, progress
    from sim.cli.requests import load_all
    from sim.experiments.documents import packages_document
    from sim.experiments.packages import Budget
    from sim.experiments.packages import optimise as search
    from sim.experiments.preference import GOALS
    from sim.report.analyses import draw_study

    check_figure(args.figure)
    scenario = load_all([args.scenario], args.worlds, args.settings)[0]
    if args.months:
        scenario = replace(scenario, months=args.months)
    ranges = dict(_lever(text) for text in args.levers)
    budget = Budget(args.futures, args.confirmed, args.size, args.generations, args.seeds, args.packages)
    _check_work(args, scenario, budget)
    outcomes = [GOALS.get(name, name) for name in args.outcomes]
    with progress("runs", args.quiet) as report:
        found = search(scenario, ranges, outcomes, budget, args.seed, args.workers, report)
    write_figures(draw_study(found), args.figure)
    if args.json:
        document(packages_document(found))
    else:
        show_packages(found)
    return 0


def _lever(text: str) -> tuple[str, tuple[float | str, float | str]]:
    match = LEVER.fullmatch(text.strip())
    if match is None:
        remedy = "Write POLICY.FIELD=LOW:HIGH, such as staged_release.delay_months=0:24."
        raise InputError(f"--lever {text[:60]!r}", "it is not a field and a range.", remedy)
    return match["path"], (_end(match["low"]), _end(match["high"]))


def _end(text: str) -> float | str:
    """A number, or a month that the reader of levers checks."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _check_work(args: argparse.Namespace, scenario: Scenario, budget: Budget) -> None:
    from sim.cli.requests import Request, check_budget

    request = Request((scenario,), None, 1, budget.runs(), args.seed, scenario.months, args.workers, "")
    check_budget(request, 0, args.yes, args.quiet)


def table(args: argparse.Namespace) -> int:
    """Write a table for a paper."""
    from dataclasses import asdict

    from sim.cli.printing import document
    from sim.experiments.documents import plain
    from sim.experiments.preference import GOALS
    from sim.experiments.tabulation import NAMES, tabulate
    from sim.files import replacing
    from sim.report.papers import as_csv, as_latex

    outcomes = [GOALS.get(name, name) for name in args.outcomes or NAMES]
    rows = tabulate(opened(args), outcomes, args.baseline, args.policies, args.worlds)
    if args.json:
        document({"cells": [plain(asdict(row)) for row in rows]})
        return 0
    text = as_csv(rows) if args.format == "csv" else as_latex(rows, args.caption)
    if args.output is None:
        print(text, end="")
        return 0
    with replacing(Path(args.output)) as stage:
        stage.write_text(text, "utf-8")
    print(args.output)
    return 0
