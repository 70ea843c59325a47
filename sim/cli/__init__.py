"""The command line ``aperture``: one module a group of commands, each of which registers its commands with the parser.

Nothing here imports NumPy, Mesa or the model before a command needs it. Exit codes: 0 done, 1 a check failed, 2 bad
input, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from sim.errors import InputError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name; those of the process when not given.

    Returns
    -------
    int
        Exit code.
    """
    from sim.cli.parser import parse

    _open_streams()
    try:
        args = parse(sys.argv[1:] if argv is None else list(argv))
        code = int(args.handler(args))
        sys.stdout.flush()
        return code
    except InputError as error:
        return _refuse(str(error))
    except MemoryError:
        return _refuse("not enough memory. Ask for fewer runs or months.")
    except KeyboardInterrupt:
        print("aperture: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _give_up_output()
        return 0
    except OSError as error:
        _give_up_output()
        return _refuse(f"{error.filename or 'output'}: {error.strerror or error}.")
    except SystemExit as end:  # --help and --version
        return end.code if isinstance(end.code, int) else 0


def _give_up_output() -> None:
    """Send the rest of standard output nowhere, else the interpreter complains when it flushes it at the end."""
    if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())


def _refuse(message: str) -> int:
    print(f"aperture: {message}", file=sys.stderr)
    return 2


def _open_streams() -> None:
    """Give closed standard streams somewhere to go, and let no terminal choke on a dash that it cannot write."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - lives as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
