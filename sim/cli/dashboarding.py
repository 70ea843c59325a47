"""The command ``dashboard``: the pages in a browser."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from sim.cli.arguments import whole
from sim.errors import InputError


def register(commands: Any) -> None:
    """Add the command."""
    dashboard_ = commands.add_parser(
        "dashboard",
        help="explore and compare in a browser",
        description="Serve the dashboard on this machine and open it in a browser. Ctrl+C ends it.",
    )
    dashboard_.add_argument(
        "--port", type=whole(0, 65_535), default=8050, metavar="N", help="port (default 8050; 0 takes a free one)"
    )
    dashboard_.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS",
        help="address to listen at (default 127.0.0.1, this machine only); any other asks visitors for a token",
    )  # fmt: skip
    dashboard_.add_argument(
        "--sweeps", metavar="DIR", help="directory with the sweeps of the page Sweep (default: sweeps, below this one)"
    )
    dashboard_.add_argument("--no-browser", action="store_true", help="open no browser")
    dashboard_.set_defaults(handler=dashboard)


def dashboard(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if args.sweeps is not None:
        os.environ["APERTURE_SWEEPS"] = str(Path(args.sweeps).absolute())
    try:
        from dashboard.app import serve
    except ImportError as error:
        remedy = "Install Aperture with the extra [dashboard]."
        raise InputError("dashboard", f"{error.name or error} is not installed.", remedy) from error

    def ready(address: str) -> None:
        print(f"Aperture is at {address} (Ctrl+C ends it)", flush=True)
        if not args.no_browser:
            import webbrowser

            if not webbrowser.open(address):
                print("No browser was found: open the address yourself.", file=sys.stderr)

    serve(args.host, args.port, ready)
    return 0
