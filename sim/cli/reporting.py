"""``report``: draw the report of saved results again."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

from sim.errors import InputError


def register(commands: Any) -> None:
    """Add the commands of this group."""
    parser = commands.add_parser(
        "report", help="write the report of saved results", description="Write report.html from a saved directory."
    )
    parser.add_argument("directory", metavar="DIR", help="written by --out, or by save() in Python")
    parser.add_argument("--output", metavar="FILE", help="where to write it (default DIR/report.html)")
    parser.set_defaults(handler=report)


def report(args: argparse.Namespace) -> int:
    """Write one self-contained HTML file."""
    from sim import report as writer
    from sim.results import open_results

    results = open_results(args.directory)
    target = Path(args.output or Path(args.directory) / "report.html")
    stage = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        writer.write(results, stage)
        os.replace(stage, target)
    except OSError as error:
        problem = f"it cannot be written ({error.strerror or error})."
        raise InputError(f"report {str(target)!r}", problem, "Name a file elsewhere.") from error
    finally:
        stage.unlink(missing_ok=True)
    print(target)
    return 0
