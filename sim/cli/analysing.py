"""Commands that read a sweep: how many runs are enough, robustness, scenario discovery, cruxes, sensitivity."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sim.cli.arguments import whole
from sim.cli.sweeps_read import add_figure, add_policies, add_preference, add_sweep, names, number, opened, preference
from sim.cli.sweeps_read import write_figures as write

MANUAL = "See docs/how-to/analyse_a_sweep.md for the methods."


def register(commands: Any) -> None:
    """Add the commands of this group."""
    _register_replicates(commands)
    _register_robust(commands)
    _register_discover(commands)
    _register_cruxes(commands)
    _register_sensitivity(commands)


def _command(commands: Any, word: str, help_: str, handler: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        word, help=help_, description=f"{help_.capitalize()}. {MANUAL}"
    )
    add_sweep(parser)
    add_figure(parser)
    parser.set_defaults(handler=handler)
    return parser


def _register_replicates(commands: Any) -> None:
    parser = _command(commands, "replicates", "judge whether the runs of a sweep are enough", replicates)
    add_policies(parser, "two scenarios, second minus first (default: first and last of the sweep)")
    parser.add_argument("--outcome", default="cumulative_harm", metavar="NAME", help="default cumulative_harm")
    parser.add_argument("--world", metavar="NAME", help="needed where the sweep has several")
    parser.add_argument(
        "--half-width", type=number, required=True, metavar="X",
        help="half-width of the 95 %% interval that is wanted: half of the difference that matters",
    )  # fmt: skip


def _register_robust(commands: Any) -> None:
    parser = _command(commands, "robust", "rank policies by several rules of decision over all futures", robust)
    add_policies(parser, "scenarios to rank (default: all)")
    add_preference(parser)
    parser.add_argument("--worlds", type=names, metavar="A,B", help="worlds to count, all alike (default: all)")
    parser.add_argument("--optimism", type=number, default=0.5, metavar="X", help="Hurwicz's weight of the best case")
    parser.add_argument(
        "--spread", type=number, default=1.0, metavar="X", help="standard deviations taken off the mean"
    )
    parser.add_argument("--target", type=number, metavar="X", help="utility that satisfices (default: the median)")


def _register_discover(commands: Any) -> None:
    parser = _command(commands, "discover", "find the futures in which one policy is better than another", discover)
    add_policies(parser, "two scenarios: where is the first better? (default: first and last of the sweep)")
    add_preference(parser, "harm=1")
    parser.add_argument("--world", metavar="NAME", help="needed where the sweep has several")
    parser.add_argument("--parameters", type=names, default=["*"], metavar="A,B", help="names or patterns to search")
    parser.add_argument("--seed", type=whole(1, 2**31), default=1, metavar="N", help="of the halves")


def _register_cruxes(commands: Any) -> None:
    parser = _command(commands, "cruxes", "find the assumptions on which the choice of a policy turns", cruxes)
    add_policies(parser, "scenarios to choose from (default: all)")
    add_preference(parser)
    parser.add_argument("--worlds", type=names, metavar="A,B", help="worlds to count, all alike (default: all)")
    parser.add_argument("--top", type=whole(1, 100), default=3, metavar="N", help="how many to tell of (default 3)")


def _register_sensitivity(commands: Any) -> None:
    parser = _command(commands, "sensitivity", "say what an outcome, or a difference, depends on", sensitivity)
    add_policies(parser, "one scenario, or two whose difference is looked at (default: those of the sweep)")
    parser.add_argument("--outcomes", type=names, default=["harm"], metavar="A,B", help="one or several (default harm)")
    parser.add_argument("--world", metavar="NAME", help="needed where the sweep has several")
    parser.add_argument("--relative", action="store_true", help="take logarithms: differences in log points, nearly %%")
    parser.add_argument("--top", type=whole(1, 1000), default=12, metavar="N", help="rows of a table (default 12)")
    parser.add_argument(
        "--next", metavar="FILE.toml",
        help="write the design of kind saltelli over the top assumptions of every outcome",
    )  # fmt: skip
    parser.add_argument("--blocks", type=whole(16, 2**20), default=256, metavar="N", help="of --next (default 256)")
    parser.add_argument("--also", metavar="DESIGN", help="of --next: add the parameters of that design")
    parser.add_argument("--again", type=whole(1, 1000), default=2, metavar="N", help="replicates of --next (default 2)")


def replicates(args: argparse.Namespace) -> int:
    """Judge whether runs are enough; exit code 1 unless they are."""
    from sim.cli.printing import document
    from sim.experiments.documents import enough_document, provenance
    from sim.experiments.studies import named_pair, replicates
    from sim.experiments.words import enough_sentence
    from sim.outcomes import OUTCOMES
    from sim.report.analyses import draw_precision

    store = opened(args)
    found = replicates(store, args.outcome, args.policies, args.world, args.half_width)
    word = "draws" if int(store.manifest["draws"]) > 1 else "replicates"
    write(draw_precision(found, args.outcome, word), args.figure)
    pair = named_pair(store, args.policies)
    if args.json:
        document({**enough_document(found, args.outcome, pair), "sweep": provenance(store)})
    else:
        outcome = OUTCOMES[args.outcome]
        print(f"{outcome.label}: {pair[1]} minus {pair[0]}")
        print(enough_sentence(found, outcome.unit, word))
        if found.between == found.between and found.within == found.within:
            print(f"Variance between draws {found.between:.3g}, between replicates of a draw {found.within:.3g}.")
        print("".join(f"Warning: {warning}\n" for warning in found.warnings), end="")
    return 0 if found.verdict == "enough" else 1


def robust(args: argparse.Namespace) -> int:
    """Rank policies by rules of decision."""
    from sim.cli.analysis_tables import show_ranked
    from sim.cli.printing import document
    from sim.experiments.documents import provenance, ranked_document
    from sim.experiments.robustness import Settings
    from sim.experiments.studies import robust
    from sim.report.analyses import draw_study

    store, wanted = opened(args), preference(args)
    found = robust(store, wanted, args.policies, args.worlds, Settings(args.optimism, args.spread, args.target))
    write(draw_study(found), args.figure)
    if args.json:
        document({**ranked_document(found), "sweep": provenance(store)})
    else:
        show_ranked(found)
    return 0


def discover(args: argparse.Namespace) -> int:
    """Find the box of futures in which a policy is better."""
    from sim.cli.analysis_tables import show_discovered
    from sim.cli.printing import document
    from sim.experiments.documents import discovered_document, provenance
    from sim.experiments.studies import discover
    from sim.report.analyses import draw_study

    store, wanted = opened(args), preference(args)
    found = discover(store, wanted, args.policies, args.world, args.parameters, args.seed)
    write(draw_study(found), args.figure)
    if args.json:
        document({**discovered_document(found, wanted), "sweep": provenance(store)})
    else:
        show_discovered(found)
    return 0


def cruxes(args: argparse.Namespace) -> int:
    """Find what a choice turns on."""
    from sim.cli.analysis_tables import show_turning
    from sim.cli.printing import document
    from sim.experiments.documents import provenance, turning_document
    from sim.experiments.studies import cruxes
    from sim.report.analyses import draw_study

    store, wanted = opened(args), preference(args)
    found = cruxes(store, wanted, args.policies, args.worlds, examined=max(args.top, 12))
    write(draw_study(found), args.figure)
    if args.json:
        document({**turning_document(found), "sweep": provenance(store)})
    else:
        show_turning(found, args.top)
    return 0


def sensitivity(args: argparse.Namespace) -> int:
    """Say what outcomes depend on; exit code 1 if a dummy seems to matter."""
    from sim.cli.analysis_tables import show_dependence
    from sim.cli.printing import document
    from sim.experiments.depends import next_design, sensitivity
    from sim.experiments.design import read_design
    from sim.experiments.documents import dependence_document, provenance
    from sim.experiments.preference import GOALS
    from sim.files import replacing
    from sim.report.analyses import draw_study

    store = opened(args)
    outcomes = [GOALS.get(name, name) for name in args.outcomes]
    found = [sensitivity(store, name, args.policies, args.world, args.relative) for name in outcomes]
    drawn = [(one.outcome, draw_study(one)) for one in found]
    write(
        {f"{outcome}: {name}": drawing for outcome, figures in drawn for name, drawing in figures.items()}, args.figure
    )
    if args.next is not None:
        also = [factor.name for factor in read_design(args.also).factors] if args.also else []
        with replacing(Path(args.next)) as stage:
            stage.write_text(next_design(found, store, args.top, args.blocks, args.again, also), "utf-8")
    if args.json:
        document({"analyses": [dependence_document(one) for one in found], "sweep": provenance(store)})
    else:
        for place, one in enumerate(found):
            print("\n" * (place > 0), end="")
            show_dependence(one, args.top)
    return 0 if all(one.sound for one in found) else 1
