"""``export-explorer``: runs made beforehand, in one page for readers without Python."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import add_work
from sim.cli.reporting import written
from sim.cli.requests import Request, check_budget, read_number_or_draws

if TYPE_CHECKING:
    from sim.explorer import Plan

DRAWS = "calibrated:32"


def register(commands: Any) -> None:
    """Add the command of this group."""
    parser = commands.add_parser(
        "export-explorer",
        help="write one page of precomputed runs that opens without Python or a network",
        description="Run scenarios in several worlds, and a small grid of levers, and write one self-contained page.",
    )
    parser.add_argument(
        "scenarios", metavar="SCENARIO", nargs="*", help="shipped names or files (default: closed, between, open)"
    )
    parser.add_argument("--out", required=True, metavar="FILE.html", help="where to write it")
    parser.add_argument("--baseline", default="status_quo", metavar="SCENARIO", help="(default status_quo)")
    offered = parser.add_argument_group("what the page offers")
    offered.add_argument(
        "--world", dest="worlds", action="append", default=[], metavar="WORLD",
        help="a world to choose, see 'aperture list --worlds'; repeatable (default: four)",
    )  # fmt: skip
    offered.add_argument(
        "--lever", dest="levers", action="append", metavar="POLICY.FIELD=V,V,…",
        help="a lever on top of the baseline, with its steps; 'off' leaves the policy out; repeatable, at most three "
        "(default: staged_release.delay_months and licensing.value where a scenario has them)",
    )  # fmt: skip
    offered.add_argument("--no-levers", action="store_true", help="no levers")
    add_work(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    parser.set_defaults(handler=export, replicates=1, draws=DRAWS)


def export(args: argparse.Namespace) -> int:
    """Run everything and write the page."""
    from sim import explorer
    from sim.cli.printing import progress

    levers = [] if args.no_levers else args.levers
    plan = explorer.plan_of(args.scenarios, args.worlds, levers, args.baseline, args.months)
    draws = read_number_or_draws(args.draws)
    first = next(iter(plan.scenarios.values()))
    request = Request(first, plan.baseline, args.replicates, draws, args.seed, first[0].months, args.workers, "")
    check_budget(request, plan.cells - len(first), args.yes, args.quiet)
    target = Path(args.out)
    with written(f"export-explorer {args.out!r}", target) as stage, progress("runs", args.quiet) as told:
        explorer.write(
            plan, stage, replicates=args.replicates, draws=draws, seed=args.seed, workers=args.workers,
            command=command(args, plan), progress=told,
        )  # fmt: skip
    print(target)
    return 0


def command(args: argparse.Namespace, plan: Plan) -> str:
    """Write the command that makes the same file again, defaults spelt out."""
    from sim.explorer.plan import SCENARIOS

    words = ["aperture", "export-explorer", *(args.scenarios or SCENARIOS), "--baseline", args.baseline]
    words += [word for world in plan.scenarios for word in ("--world", world)]
    words += [word for lever in plan.levers for word in ("--lever", lever.written)] or ["--no-levers"]
    words += ["--replicates", str(args.replicates), "--draws", args.draws, "--seed", str(args.seed)]
    words += ["--months", str(next(iter(plan.scenarios.values()))[0].months), "--out", args.out]
    return shlex.join(words)
