"""``completion``: scripts that complete commands, options and scenario names, made from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

SCENARIO_COMMANDS = ("show", "check", "resolve", "run", "compare")
"""Commands whose arguments are scenarios."""


def register(commands: Any) -> None:
    """Add the commands of this group."""
    parser = commands.add_parser(
        "completion",
        help="print a script that completes aperture in a shell",
        description='Print a completion script, for example: eval "$(aperture completion bash)"',
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="which shell")
    parser.set_defaults(handler=completion)


def completion(args: argparse.Namespace) -> int:
    """Print the script."""
    from sim.cli.parser import build

    commands = next(a for a in build()._actions if isinstance(a, argparse._SubParsersAction))
    helps = {choice.dest: choice.help or "" for choice in commands._choices_actions}
    script = {"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell]
    print("\n".join(script(dict(commands.choices), helps)))
    return 0


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [name for action in parser._actions for name in action.option_strings]


def _bash(parsers: dict[str, argparse.ArgumentParser], helps: dict[str, str]) -> Iterator[str]:
    """A function that offers options after a dash, and otherwise what the command takes."""
    yield "_aperture() {"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words=""'
    yield "  if (( COMP_CWORD == 1 )); then"
    yield f'    COMPREPLY=($(compgen -W "{" ".join(parsers)} --help --version" -- "$word")); return'
    yield "  fi"
    yield '  case "$previous" in'
    yield '    --with) COMPREPLY=($(compgen -W "$(aperture list --worlds --names 2>/dev/null)" -- "$word")); return;;'
    yield '    --baseline) COMPREPLY=($(compgen -W "$(aperture list --names 2>/dev/null)" -- "$word")); return;;'
    yield '    --out|--output|--draws) COMPREPLY=($(compgen -f -- "$word")); return;;'
    yield "  esac"
    yield '  case "${COMP_WORDS[1]}" in'
    for name, parser in parsers.items():
        yield f'    {name}) words="{" ".join(_options(parser))}";;'
    yield "  esac"
    yield '  case "$word" in'
    yield '    -*) COMPREPLY=($(compgen -W "$words" -- "$word")); return;;'
    yield "  esac"
    yield '  case "${COMP_WORDS[1]}" in'
    yield f"    {'|'.join(SCENARIO_COMMANDS)})"
    yield '      COMPREPLY=($(compgen -W "$(aperture list --names 2>/dev/null)" -- "$word")'
    yield '                 $(compgen -f -X "!*.toml" -- "$word") $(compgen -d -- "$word"));;'
    yield '    *) COMPREPLY=($(compgen -f -- "$word"));;'
    yield "  esac"
    yield "}"
    yield "complete -F _aperture aperture"


def _zsh(parsers: dict[str, argparse.ArgumentParser], helps: dict[str, str]) -> Iterator[str]:
    """The script of bash through zsh's own emulation."""
    yield "autoload -Uz bashcompinit && bashcompinit"
    yield from _bash(parsers, helps)


def _fish(parsers: dict[str, argparse.ArgumentParser], helps: dict[str, str]) -> Iterator[str]:
    """One line a command and option."""
    yield "complete -c aperture -f"
    for name, parser in parsers.items():
        yield f"complete -c aperture -n __fish_use_subcommand -a {name} -d {_quoted(helps[name])}"
        inside = f"-n '__fish_seen_subcommand_from {name}'"
        for action in parser._actions:
            flags = [f"-s {flag[1]}" for flag in action.option_strings if not flag.startswith("--")]
            flags += [f"-l {flag[2:]}" for flag in action.option_strings if flag.startswith("--")]
            if flags:
                takes = " -r" if action.nargs != 0 else ""
                yield f"complete -c aperture {inside} {' '.join(flags)}{takes} -d {_quoted(action.help or '')}"
    names = f"-n '__fish_seen_subcommand_from {' '.join(SCENARIO_COMMANDS)}'"
    yield f"complete -c aperture {names} -a '(aperture list --names 2>/dev/null)'"
    yield f"complete -c aperture {names} -F"
    yield "complete -c aperture -l with -x -a '(aperture list --worlds --names 2>/dev/null)'"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
