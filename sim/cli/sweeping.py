"""The command ``sweep``: carry out a design file, and look after the directory that it fills."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import MOST_WORKERS, add_json, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments.design import Design

DESCRIPTION = """\
Carry out a design file, chunk by chunk, into a directory. A sweep that was interrupted goes on where it stopped, and
a longer one keeps the runs that are there.

  aperture sweep DESIGN --out DIR     run what DIR does not yet hold
  aperture sweep status DIR                how much is finished, how much failed
  aperture sweep verify DIR                read every chunk again; with --against DESIGN run a few again,
                                           with --repair remove the damaged ones
  aperture sweep compact DIR               join the many small files into few

sweep-status, sweep-verify and sweep-compact are the same as commands of one word.
"""


def register(commands: Any) -> None:
    """Add the commands of this group."""
    parser = commands.add_parser("sweep", help="carry out a design of many runs", description=DESCRIPTION)
    parser.add_argument(
        "design", metavar="DESIGN", help="a design file, or the name of a shipped design; or status, verify or compact"
    )
    parser.add_argument("directory", metavar="DIR", nargs="?", help="of status, verify and compact")
    parser.add_argument("--out", metavar="DIR", help="where the runs go")
    parser.add_argument(
        "--workers", type=whole(1, MOST_WORKERS), default=1, metavar="N", help="processes (default 1); same bytes"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler to use instead of processes of our own")
    parser.add_argument(
        "--shard", type=shard, default=(1, 1), metavar="i/N", help="the i-th of N jobs that share --out"
    )
    parser.add_argument(
        "--draws", metavar="FILE|NAME", help="take these draws instead of what the design samples; calibrated is a name"
    )
    parser.add_argument("--retry-failed", action="store_true", help="run again what failed")
    parser.add_argument("--against", metavar="DESIGN", help="verify: run a few chunks again and compare their bytes")
    parser.add_argument("--repair", action="store_true", help="verify: remove damaged chunks")
    parser.add_argument("--yes", action="store_true", help="go ahead with work that takes long or much space")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    add_json(parser)
    parser.set_defaults(handler=sweep)
    for word, help_ in (("status", "how far a sweep is"), ("verify", "check a sweep"), ("compact", "tidy a sweep")):
        _register_alias(commands, word, help_)


def _register_alias(commands: Any, word: str, help_: str) -> None:
    """Add ``sweep-WORD DIR`` beside ``sweep WORD DIR``."""
    parser = commands.add_parser(f"sweep-{word}", help=help_, description=f"The same as 'aperture sweep {word} DIR'.")
    parser.add_argument("directory", metavar="DIR", help="what a sweep filled")
    if word == "verify":
        parser.add_argument("--against", metavar="DESIGN", help="run a few chunks again and compare their bytes")
        parser.add_argument("--repair", action="store_true", help="remove damaged chunks")
    add_json(parser)
    parser.set_defaults(handler=ACTIONS[word])


def shard(text: str) -> tuple[int, int]:
    """Read ``i/N``."""
    match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text, re.ASCII)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not i/N with i from 1 to N")
    return int(match[1]), int(match[2])


def sweep(args: argparse.Namespace) -> int:
    """Carry out a design, or look after a directory."""
    if args.design in ACTIONS:
        if args.directory is None:
            raise InputError(f"sweep {args.design}", "DIR is missing.", "Name the directory of a sweep.")
        return ACTIONS[args.design](args)
    if args.directory is not None:
        raise InputError(f"sweep: {args.directory[:60]!r}", "this is one too many.", "See 'aperture sweep --help'.")
    if args.out is None:
        raise InputError("sweep", "--out is missing.", "Name a directory for the runs.")
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    from sim.cli.printing import progress
    from sim.experiments.design import read_design
    from sim.experiments.sweep import sweep as carry_out

    design = read_design(args.design, args.draws)
    check_work(args, design)
    with progress("runs", args.quiet) as report:
        store = carry_out(design, args.out, args.workers, args.dask, args.shard, args.retry_failed, report)
    code = _show(store.status(), args)
    if not args.json:
        words = ["aperture", "sweep", args.design, *(["--draws", args.draws] if args.draws else []), "--out", args.out]
        print(f"\nReproduce: {shlex.join(words)}")
        print(f"Read: sim.open_sweep({args.out!r}).to_dataframe()")
    return code


def check_work(args: argparse.Namespace, design: Design) -> None:
    """Say how much work a design is, and refuse what is long or large without ``--yes``."""
    from sim.cli.requests import ask
    from sim.experiments.cost import cost

    found = cost(design, args.workers)
    what = f"{len(design.cases)} scenarios and worlds × {design.draws} draws × {design.replicates} replicates"
    ask(what, found.agent_months, found.seconds, found.bytes, args.yes, args.quiet)


def _status(args: argparse.Namespace) -> int:
    from sim.experiments.store import open_sweep

    return _show(open_sweep(args.directory).status(), args)


def _verify(args: argparse.Namespace) -> int:
    from sim.cli.printing import document
    from sim.experiments.checking import verify
    from sim.experiments.design import read_design
    from sim.experiments.store import open_sweep

    design = None if args.against is None else read_design(args.against)
    faults = verify(open_sweep(Path(args.directory)), design, args.repair)
    if args.json:
        document({"faults": faults, "repaired": bool(faults) and args.repair})
    elif faults:
        print("\n".join(faults))
        print("Removed; sweep again to make them anew." if args.repair else "Add --repair to remove them.")
    else:
        print("Every chunk is sound.")
    return 1 if faults and not args.repair else 0


def _compact(args: argparse.Namespace) -> int:
    from sim.cli.printing import document
    from sim.experiments.compaction import compact
    from sim.experiments.store import open_sweep

    before, after = compact(open_sweep(args.directory))
    if args.json:
        document({"before": before, "after": after})
    else:
        print(f"{before} files were joined into {after}.")
    return 0


ACTIONS = {"status": _status, "verify": _verify, "compact": _compact}
"""What looks after a directory, by the word that stands for it."""


def _show(status: dict[str, Any], args: argparse.Namespace) -> int:
    from sim.cli.printing import document, table

    if args.json:
        document(status)
    else:
        rows = [[name, f"{status[name]:,}"] for name in ("runs", "finished", "failed", "missing", "bytes")]
        table(["", "count"], rows, status["title"], numbers=(1,))
    return 1 if status["failed"] else 0
