"""Commands that run scenarios: ``run`` and ``compare``."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import MOST_DRAWS, add_output, add_settings, add_work, whole

if TYPE_CHECKING:
    from sim.cli.requests import Request
    from sim.results import Comparison, Results
    from sim.scenario import Scenario
    from sim.signs import Signs


def register(commands: Any) -> None:
    """Add the commands of this group."""
    run_ = commands.add_parser("run", help="run one scenario", description="Run one scenario and summarise its runs.")
    run_.add_argument("scenario", metavar="SCENARIO", help="a shipped name, or a file (with / or .toml)")
    compare_ = commands.add_parser(
        "compare",
        help="compare scenarios with a baseline",
        description="Run scenarios on the same luck and show how they differ from a baseline.",
    )
    compare_.add_argument("scenarios", metavar="SCENARIO", nargs="+", help="shipped names or files")
    compare_.add_argument(
        "--baseline", default="status_quo", metavar="SCENARIO", help="what to compare with (default status_quo)"
    )
    compare_.add_argument(
        "--interval", choices=("t", "bca"), default="t", help="paired t interval or bootstrap (default t)"
    )
    for parser, handler in ((run_, run), (compare_, compare)):
        add_settings(parser)
        add_work(parser)
        add_output(parser)
        parser.set_defaults(handler=handler)
    compare_.add_argument(
        "--counterfactuals",
        action=argparse.BooleanOptionalAction,
        help="also measure against closed-only and no AI (default: yes, except with --json alone)",
    )
    compare_.add_argument(
        "--signs",
        type=whole(2, MOST_DRAWS),
        metavar="N",
        help="also say on which outcomes openness helps over N draws of the prior, per form of the contested kernel",
    )


def run(args: argparse.Namespace) -> int:
    """Run one scenario."""
    from sim.cli.printing import document
    from sim.cli.requests import check_budget, read_request

    request = read_request(args, [args.scenario])
    check_budget(request, 0, args.yes, args.quiet)
    results = _simulate(request, request.scenarios, args.quiet)
    if args.out is not None:
        _save(results, args.out)
    if args.json:
        document(results.document(monthly=args.monthly))
    else:
        from sim.cli.summaries import show_results

        show_results(results, args.all)
        _closing(args, request)
    return 0


def compare(args: argparse.Namespace) -> int:
    """Compare scenarios with a baseline."""
    from sim.cli.printing import document
    from sim.cli.requests import check_budget, read_request
    from sim.counterfactuals import counterfactuals
    from sim.results import Comparison

    request = read_request(args, args.scenarios, args.baseline)
    wanted = args.counterfactuals if args.counterfactuals is not None else bool(args.out) or not args.json
    baseline = request.baseline or request.scenarios[0].name
    others = counterfactuals(request.scenarios, baseline) if wanted else {}
    new = {name: part for name, part in others.items() if not set(part) <= set(request.scenarios)}
    check_budget(request, sum(map(len, new.values())), args.yes, args.quiet)
    results = _simulate(request, request.scenarios, args.quiet)
    runs = {
        name: _simulate(request, part, args.quiet, f"counterfactual {name}") if name in new else results.select(name)
        for name, part in others.items()
    }
    comparison = Comparison(results, baseline, runs)
    signs = _signs(args, request) if args.signs else None
    if args.out is not None:
        _save(comparison, args.out, signs)
    if args.json:
        document(comparison.document(args.monthly, args.interval))
    else:
        from sim.cli.summaries import show_comparison, show_signs

        show_comparison(comparison, args.all, args.interval)
        if signs:
            show_signs(signs, args.signs)
        _closing(args, request)
    return 0


def _simulate(request: Request, scenarios: tuple[Scenario, ...], quiet: bool, label: str = "scenarios") -> Results:
    """Run scenarios and say in the provenance how to do it again."""
    from sim import runner
    from sim.cli.printing import progress

    with progress(label, quiet) as report:
        results: Results = runner.run(
            list(scenarios),
            replicates=request.replicates,
            draws=request.draws,
            seed=request.seed,
            months=request.months,
            workers=request.workers,
            progress=report,
        )
    return dataclasses.replace(results, provenance={**results.provenance, "command": request.command})


def _signs(args: argparse.Namespace, request: Request) -> Signs:
    """On which outcomes openness helps, over the prior."""
    from sim.cli.printing import progress
    from sim.signs import chance_open_improves

    with progress("signs over the prior", args.quiet) as report:
        return chance_open_improves(args.signs, request.seed, request.workers, request.months, progress=report)


def _save(results: Results | Comparison, directory: str, signs: Signs | None = None) -> None:
    """Save data and report; the directory appears whole or not at all."""
    from sim import report
    from sim.results.saving import staged, write_files

    with staged(directory) as stage:
        write_files(results, stage)
        report.write(results, stage / "report.html", signs=signs)


def _closing(args: argparse.Namespace, request: Request) -> None:
    print(f"\nReproduce: {request.command}")
    if args.out is not None:
        print(f"Saved: {args.out} (report.html, data as CSV and Parquet)")
