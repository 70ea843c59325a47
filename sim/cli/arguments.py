"""Arguments that several commands share, and strict readings of what stands behind them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

MOST_SEED = 2**63 - 1
MOST_REPLICATES = 100_000
MOST_DRAWS = 100_000
MOST_MONTHS = 600
MOST_WORKERS = 256


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers: digits and nothing else, so that ``2.5``, ``1e3`` and ``true`` are refused."""

    def read(text: str) -> int:
        shown = text if len(text) <= 40 else text[:40] + "…"
        if not re.fullmatch(r"-?[0-9]{1,40}", text, re.ASCII):
            raise argparse.ArgumentTypeError(f"{shown!r} is not a whole number from {least} to {most}")
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{shown} is out of range, give {least} to {most}")
        return int(text)

    return read


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add what changes a scenario: worlds and single settings."""
    group = parser.add_argument_group("assumptions")
    group.add_argument(
        "--with", dest="worlds", action="append", default=[], metavar="WORLD",
        help="a set of assumptions, see 'aperture list --worlds'; repeatable, later ones win",
    )  # fmt: skip
    group.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="PATH=VALUE",
        help="a parameter (misuse.exposure_growth=1.2), population.misusers=500 or start=2025-01; repeatable",
    )  # fmt: skip


def add_work(parser: argparse.ArgumentParser) -> None:
    """Add how many runs, which, and how they are carried out."""
    group = parser.add_argument_group("runs")
    group.add_argument(
        "-r", "--replicates", type=whole(1, MOST_REPLICATES), default=32, metavar="N",
        help="runs of each parameter draw that differ by chance alone (default 32)",
    )  # fmt: skip
    group.add_argument(
        "--draws", default="1", metavar="N|FILE.csv|NAME",
        help="parameter draws: 1 is the defaults, more sample every range; a file with a column a parameter; or "
        "calibrated, the draws that agree with what is known to 2024; NAME:N is the first N of them",
    )  # fmt: skip
    group.add_argument("--seed", type=whole(0, MOST_SEED), default=0, metavar="N", help="names the luck (default 0)")
    group.add_argument(
        "--months", type=whole(1, MOST_MONTHS), metavar="N", help="months to simulate (default: the scenario's)"
    )
    group.add_argument(
        "--workers", type=whole(1, MOST_WORKERS), default=1, metavar="N", help="processes (default 1); same numbers"
    )
    group.add_argument("--yes", action="store_true", help="go ahead with work that takes long or much memory")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add where results go."""
    group = parser.add_argument_group("output")
    group.add_argument("--out", metavar="DIR", help="save Parquet, CSV, provenance and report.html in a directory")
    add_json(group)  # type: ignore[arg-type]
    group.add_argument("--monthly", action="store_true", help="with --json: add the mean of every outcome by month")
    group.add_argument("--all", action="store_true", help="show every outcome, not the headline ones only")
    group.add_argument("--quiet", action="store_true", help="no progress and no notes")
