"""The parser: commands from every group, one message for every mistake, near misses suggested."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

from sim import __version__
from sim.cli import (
    analysing,
    catalogue,
    completion,
    dashboarding,
    exporting,
    optimising,
    reporting,
    running,
    scenario_files,
    sweeping,
    validating,
)
from sim.errors import InputError

GROUPS = (
    scenario_files,
    running,
    sweeping,
    analysing,
    optimising,
    reporting,
    exporting,
    dashboarding,
    validating,
    catalogue,
    completion,
)
"""Modules with a function ``register(commands)`` that adds their commands, in the order of the help."""

EXAMPLES = """\
examples:
  aperture list                                    scenarios that come with Aperture
  aperture run staged_release -r 64                one scenario, 64 runs
  aperture compare open_by_default closed_frontier --out results/
                                                   tables, data and a report, against the status quo
  aperture run ./mine.toml --with offence_dominant --set misuse.exposure_growth=1.2
"""


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are `InputError`, and which takes no abbreviation for an option."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print with the whole usage."""
        unknown = re.match(r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)$", message, re.DOTALL)
        if unknown:
            commands = re.findall(r"[\w-]+", unknown[2])
            raise InputError(f"command {clip(unknown[1])!r}", "there is no such command.", near(unknown[1], commands))
        missing = re.match(r"the following arguments are required: (.*)$", message)
        problem = f"{missing[1]} is missing." if missing else message.removeprefix("argument ") + "."
        remedy = "'aperture list' names scenarios. " if missing and "SCENARIO" in missing[1] else ""
        raise InputError(short(self.prog), problem, f"{remedy}See '{self.prog} --help'.")


def short(program: str) -> str:
    """Name of a command without that of the program, which stands before every message already."""
    return program.removeprefix("aperture").strip() or "arguments"


def clip(text: str, length: int = 60) -> str:
    """Text short enough for a message."""
    return text if len(text) <= length else text[:length] + "…"


def near(name: str, known: Iterable[str]) -> str:
    """Suggest what was meant: the nearest names, else all of them."""
    known = list(known)
    close = get_close_matches(name[:100], known, 2, 0.6)
    return f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(known)}."


def build() -> Parser:
    """Build the parser with the commands of every group."""
    parser = Parser(prog="aperture", description="Simulate policies on the release of AI models.", epilog=EXAMPLES)
    parser.add_argument("--version", action="version", version=f"aperture {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    for group in GROUPS:
        group.register(commands)
    for command in commands.choices.values():
        command.set_defaults(parser=command)
    return parser


def parse(argv: list[str]) -> argparse.Namespace:
    """Parse arguments.

    Parameters
    ----------
    argv : list of str
        Arguments after the program's name.

    Returns
    -------
    Namespace
        With ``handler``, the function that carries the command out.

    Raises
    ------
    InputError
        For every mistake that the parser can see.
    """
    parser = build()
    args, rest = parser.parse_known_args(argv)
    if args.command is None:
        args.handler = lambda _: print(parser.format_help(), end="") or 0
    names = getattr(args, "scenarios", None)
    if names and not any(word.startswith("-") for word in rest):
        args.scenarios, rest = [*names, *rest], []  # scenarios may stand on both sides of an option
    if rest:
        _refuse(getattr(args, "parser", parser), rest[0])
    return args


def _refuse(parser: argparse.ArgumentParser, word: str) -> NoReturn:
    options = [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
    where = f"{short(parser.prog)}: {clip(word)!r}"
    if not word.startswith("-"):
        raise InputError(where, "this is one too many.", f"See '{parser.prog} --help'.")
    raise InputError(where, "there is no such option.", near(word.partition("=")[0], options))
