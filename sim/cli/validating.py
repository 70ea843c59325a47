"""Commands that hold the model against what others published and what was observed: ``dock`` and ``validate``."""

from __future__ import annotations

import argparse
from typing import Any

from sim.cli.arguments import MOST_REPLICATES, MOST_SEED, MOST_WORKERS, add_json, whole
from sim.errors import InputError

FAILED = 1
"""Exit code when a check fails."""


def register(commands: Any) -> None:
    """Add the commands of this group."""
    dock_ = commands.add_parser("dock", help="reduce the kernels to a published model and compare")
    dock_.add_argument("model", metavar="MODEL", nargs="?", help="a published model; without one, list them")
    dock_.add_argument("inputs", metavar="KEY=VALUE", nargs="*", help="its inputs; lists as JSON, such as [2,2,2]")
    dock_.add_argument("--all", action="store_true", help="run every shipped case; exit code 1 if one is off")
    add_json(dock_)
    dock_.set_defaults(handler=dock)
    validate_ = commands.add_parser(
        "validate", help="hold histories against observed patterns, or predict 2025 and 2026"
    )
    validate_.add_argument(
        "--hindcast", action="store_true", help="predictions for 2025 and 2026, scored where facts are at hand"
    )
    validate_.add_argument(
        "--draws",
        metavar="N|FILE.csv|NAME",
        help="parameter draws (default 1, the default parameters; with --hindcast the calibrated draws)",
    )
    validate_.add_argument(
        "-r",
        "--replicates",
        type=whole(1, MOST_REPLICATES),
        metavar="N",
        help="runs of each draw (default 4; 128 of a single draw)",
    )
    validate_.add_argument(
        "--seed", type=whole(0, MOST_SEED), default=0, metavar="N", help="names the luck (default 0)"
    )
    validate_.add_argument(
        "--workers", type=whole(1, MOST_WORKERS), default=1, metavar="N", help="processes (default 1); same numbers"
    )
    validate_.add_argument("--quiet", action="store_true", help="no progress")
    add_json(validate_)
    validate_.set_defaults(handler=validate)


def dock(args: argparse.Namespace) -> int:
    """Dock one model, all of them, or list them."""
    from sim.cli.printing import document, table
    from sim.validation import docking

    if args.all:
        if args.model is not None:
            raise InputError("dock --all", "takes no model.", "Leave out either --all or the model.")
        return _all(args.json)
    if args.model is None:
        rows = [[m.name, " ".join(i.name for i in m.inputs), m.source] for m in docking.MODELS.values()]
        if args.json:
            document([dict(zip(("name", "inputs", "source"), row, strict=True)) for row in rows])
        else:
            table(["model", "inputs", "source"], rows)
        return 0
    given = {}
    for text in args.inputs:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InputError(f"dock {args.model}", f"{text[:60]!r} is not KEY=VALUE.", "Write for example n=5.")
        if name in given:
            raise InputError(f"dock {args.model}: {name}", "is given twice.", "Give each input once.")
        given[name] = docking.parsed(value)
    document(docking.dock(args.model, given))
    return 0


def _all(as_json: bool) -> int:
    from sim.cli.printing import document, table
    from sim.validation import docking

    checks = list(docking.checks())
    if as_json:
        keys = ("model", "inputs", "output", "expected", "obtained", "tolerance", "holds")
        document([{key: getattr(check, key) for key in keys} for check in checks])
    else:
        rows = [
            [c.model, _given(c.inputs), c.output, _shown(c.expected), _shown(c.obtained), f"{c.tolerance:g}",
             "agrees" if c.holds else "OFF"]
            for c in checks
        ]  # fmt: skip
        table(["model", "inputs", "output", "expected", "obtained", "tolerance", "verdict"], rows, numbers=(3, 4, 5))
    return 0 if all(check.holds for check in checks) else FAILED


def _given(inputs: Any) -> str:
    return " ".join(f"{name}={_shown(value)}" for name, value in inputs.items())


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def validate(args: argparse.Namespace) -> int:
    """Print patterns with verdicts, or the hindcast."""
    from sim.cli.printing import document, progress, table
    from sim.cli.requests import read_number_or_draws
    from sim.validation import documents
    from sim.validation.hindcast import hindcast
    from sim.validation.history import histories
    from sim.validation.patterns import AllPatterns

    draws = read_number_or_draws(args.draws or ("calibrated" if args.hindcast else "1"))
    replicates = args.replicates or (SINGLE if draws == 1 else FEW)
    with progress("Histories", args.quiet) as report:
        if args.hindcast:
            found = hindcast(draws, replicates, args.seed, args.workers, report)
        else:
            import numpy as np

            values = np.concatenate(histories(AllPatterns(), YEARS, replicates, draws, args.seed, args.workers, report))
    if args.hindcast:
        if args.json:
            document(found.predicted)
        else:
            table(*_score_table(documents.score_rows(found)), numbers=(1, 2, 3, 4, 5, 6))
        return 0
    rows = documents.pattern_rows(values)
    if args.json:
        document(rows)
    else:
        table(*_pattern_table(rows), numbers=(1, 2, 3, 4))
    return 0 if all(row["agrees"] for row in rows if row["required"]) else FAILED


YEARS = 3
"""2023 to 2025: what is calibrated to, and what is predicted."""
SINGLE, FEW = 128, 4
"""Runs of a single draw, and of each of several."""


def _pattern_table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    heads = ["pattern", "target", "tolerance", "median", "90 % of runs", "unit", "verdict", "facts"]
    return heads, [
        [row["label"], _shown(row["target"]), _between(row["tolerance"]), _shown(row["median"]),
         _between(row["interval90"]), row["unit"], _verdict(row), " ".join(row["facts"])]
        for row in rows
    ]  # fmt: skip


def _verdict(row: dict[str, Any]) -> str:
    note = "" if row["required"] else ", predicted" if row["predicted"] else ", not required"
    return ("agrees" if row["agrees"] else "MISS") + note


def _score_table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    heads = [
        "predicted",
        "observed",
        "median",
        "90 % of runs",
        "CRPS",
        "last value",
        "trend",
        "unit",
        "in 50 %",
        "in 90 %",
    ]
    return heads, [
        [row["label"], _shown(row["observed"]), _shown(row["median"]), _between(row["interval90"]), _shown(row["crps"]),
         _shown(row["crps_last_value"]), _shown(row["crps_trend"]), row["unit"], _yes(row["in50"]), _yes(row["in90"])]
        for row in rows
    ]  # fmt: skip


def _between(pair: list[Any]) -> str:
    return f"{_shown(pair[0])} to {_shown(pair[1])}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
