"""Commands that hold the model against what others published: ``dock``."""

from __future__ import annotations

import argparse
from typing import Any

from sim.cli.arguments import add_json
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
    return f"{value:.6g}" if isinstance(value, float | int) else str(value)
