"""Commands about scenario files: ``show``, ``check``, ``resolve``, ``new``, ``schema``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from sim.cli.arguments import add_json, add_settings
from sim.errors import InputError


def register(commands: Any) -> None:
    """Add the commands of this group."""
    show_ = commands.add_parser("show", help="explain a scenario: policies by date, differences, warnings")
    show_.add_argument("--levers", action="store_true", help="print what each policy moves, by date, and nothing else")
    resolve_ = commands.add_parser("resolve", help="print a scenario as a file that stands alone")
    check_ = commands.add_parser("check", help="check scenario files")
    check_.add_argument("scenarios", metavar="SCENARIO", nargs="+", help="files or shipped names")
    new_ = commands.add_parser("new", help="write a commented scenario file to start from")
    new_.add_argument("file", metavar="FILE.toml", help="file to write; - is standard output")
    schema_ = commands.add_parser("schema", help="print the JSON Schema of scenario files, for editors")
    for parser, handler in ((show_, show), (resolve_, resolve)):
        parser.add_argument("scenario", metavar="SCENARIO", help="a shipped name, or a file (with / or .toml)")
        parser.set_defaults(handler=handler)
    for parser in (show_, resolve_, check_):
        add_settings(parser)
        add_json(parser)
    check_.set_defaults(handler=check)
    new_.set_defaults(handler=new)
    schema_.set_defaults(handler=schema)


def show(args: argparse.Namespace) -> int:
    """Explain a scenario."""
    from sim.cli.printing import document
    from sim.scenario import load, resolved
    from sim.scenario_explain import explain, levers_by_date, warnings

    scenario = load(args.scenario, args.worlds, args.settings)
    if args.json:
        document({**resolved(scenario), "digest": scenario.digest(), "warnings": list(warnings(scenario))})
    elif args.levers:
        print(levers_by_date(scenario), end="")
    else:
        baseline = scenario.baseline if scenario.baseline != scenario.name else None
        print(explain(scenario, load(baseline, args.worlds) if baseline else None), end="")
    return 0


def resolve(args: argparse.Namespace) -> int:
    """Print a scenario that stands alone."""
    from sim.cli.printing import document
    from sim.scenario import load, resolved
    from sim.scenario_text import to_toml

    whole = resolved(load(args.scenario, args.worlds, args.settings))
    if args.json:
        document(whole)
    else:
        print(to_toml(whole), end="")
    return 0


def check(args: argparse.Namespace) -> int:
    """Load scenarios and say what is wrong or odd, every one of them before giving up."""
    from sim.cli.printing import document
    from sim.scenario import load
    from sim.scenario_explain import warnings

    found = []
    for name in args.scenarios:
        try:
            scenario = load(name, args.worlds, args.settings)
            found.append({"scenario": name, "error": None, "warnings": list(warnings(scenario))})
        except InputError as error:
            found.append({"scenario": name, "error": str(error), "warnings": []})
    if args.json:
        document(found)
    for row in found:
        if row["error"]:
            print(f"aperture: {row['error']}", file=sys.stderr)
        elif not args.json:
            print("\n".join([f"{row['scenario']}: good", *(f"  warning: {text}" for text in row["warnings"])]))
    return 2 if any(row["error"] for row in found) else 0


def new(args: argparse.Namespace) -> int:
    """Write a scenario file to start from; never over an existing one."""
    from sim.scenario_text import template

    if args.file == "-":
        print(template("my_scenario"), end="")
        return 0
    path = Path(args.file if args.file.endswith(".toml") else f"{args.file}.toml")
    where = f"file {str(path)!r}"
    text = template(path.stem)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(where, "it exists already.", "Name a new file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(where, f"it cannot be written ({reason}).", "Name a file elsewhere.") from error
    print(f"{path}\nNext: aperture check ./{path.name} && aperture compare ./{path.name}")
    return 0


def schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema."""
    from sim.cli.printing import document
    from sim.scenario_models import json_schema

    document(json_schema())
    return 0
