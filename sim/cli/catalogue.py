"""Commands that list what there is: ``list``, ``parameters``, ``outcomes``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from sim.cli.arguments import add_json
from sim.errors import InputError

PATTERN = "names to show, with * for anything (default all)"


def register(commands: Any) -> None:
    """Add the commands of this group."""
    list_ = commands.add_parser("list", help="list shipped scenarios or worlds")
    list_.add_argument("--worlds", action="store_true", help="sets of assumptions instead of scenarios")
    list_.add_argument("--names", action="store_true", help="names only, one a line")
    list_.set_defaults(handler=list_shipped)
    parameters_ = commands.add_parser("parameters", help="list parameters with range and source")
    parameters_.add_argument("--describe", action="store_true", help="descriptions instead of ranges")
    parameters_.set_defaults(handler=parameters)
    outcomes_ = commands.add_parser("outcomes", help="list outcomes with unit and direction")
    outcomes_.set_defaults(handler=outcomes)
    for parser in (parameters_, outcomes_):
        parser.add_argument("patterns", metavar="PATTERN", nargs="*", help=PATTERN)
    for parser in (list_, parameters_, outcomes_):
        add_json(parser)


def list_shipped(args: argparse.Namespace) -> int:
    """List scenarios or worlds by name and title."""
    from sim import scenario
    from sim.cli.printing import document, table

    names = scenario.world_names() if args.worlds else scenario.scenario_names()
    if args.names:
        print("\n".join(names))
        return 0
    read = (lambda name: scenario.load_world(name)[1]) if args.worlds else scenario.load
    rows = [{"name": name, "title": item.title, "question": item.question} for name in names for item in (read(name),)]
    if args.json:
        document(rows)
    else:
        table(["name", "title"], [[row["name"], row["title"]] for row in rows])
    return 0


def parameters(args: argparse.Namespace) -> int:
    """List parameters."""
    from sim.cli.printing import document, table
    from sim.parameters import REGISTRY

    entries = [REGISTRY[name] for name in _matching(REGISTRY.names(), args.patterns, "parameter")]
    if args.json:
        keys = ("name", "unit", "default", "low", "high", "distribution", "source", "kernel", "description")
        document([{key: getattr(entry, key) for key in keys} for entry in entries])
    elif args.describe:
        table(["name", "unit", "description"], [[e.name, e.unit, e.description] for e in entries])
    else:
        rows = [[e.name, _shown(e.default), _range(e), e.unit, e.source] for e in entries]
        table(["name", "default", "range", "unit", "source"], rows, numbers=(1,))
    return 0


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | int) else str(value)


def _range(entry: Any) -> str:
    if entry.options:
        return " | ".join(entry.options)
    return f"{_shown(entry.low)} to {_shown(entry.high)}" if entry.uncertain else "fixed"


def outcomes(args: argparse.Namespace) -> int:
    """List outcomes."""
    from sim.cli.printing import document, table
    from sim.outcomes import OUTCOMES

    records = [OUTCOMES[name] for name in _matching(OUTCOMES, args.patterns, "outcome")]
    keys = ("name", "unit", "direction", "summary", "group", "label", "description")
    if args.json:
        document([{key: getattr(record, key) for key in keys} for record in records])
    else:
        columns = ("name", "unit", "direction", "summary", "label")
        table(["name", "unit", "better", "months", "label"], [[getattr(r, key) for key in columns] for r in records])
    return 0


def _matching(names: Iterable[str], patterns: list[str], what: str) -> list[str]:
    """Names that match one of the patterns; all if there is none."""
    from sim.cli.parser import near

    names = list(names)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            close = near(pattern, names) if len(pattern) < 80 else ""
            suggestion = close if close.startswith("Did") else f"'aperture {what}s' lists them."
            raise InputError(f"{what} {pattern[:60]!r}", "there is none of that name.", suggestion)
    return [name for name in names if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)]
