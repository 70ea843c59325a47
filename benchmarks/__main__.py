"""Measure the speed of the model: ``python -m benchmarks``, or ``python -m benchmarks profile``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.profiling import TOP, profile
from benchmarks.suite import LONG, QUICK, Plan, run
from benchmarks.sweeps import beside_batch_run, memory
from benchmarks.table import budgets, insert, ratios, render

RESULTS = Path("build") / "benchmarks.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when everything could be measured, whatever the figures."""
    asked = _parser().parse_args(arguments)
    if asked.command == "profile":
        print(profile(asked.members, asked.months, asked.top))
        return 0
    if asked.command == "sweep":
        print(json.dumps(beside_batch_run(asked.months, asked.objects, asked.runs, asked.rounds), indent=1))
        return 0
    if asked.command == "memory":
        print(json.dumps(memory(tuple(asked.draws)), indent=1))
        return 0
    plan = QUICK if asked.quick else LONG if asked.long else Plan()
    document = run(plan, lambda text: print(f"… {text}", file=sys.stderr, flush=True))
    print(render(document))
    document |= {"ratios": ratios(document), "budgets": [vars(line) for line in budgets(document)]}
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten to {asked.out}")
    if asked.page:
        asked.page.write_text(insert(asked.page.read_text(encoding="utf-8"), render(document)), encoding="utf-8")
        print(f"Put into {asked.page}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="fewer sizes, months and rounds")
    size.add_argument("--long", action="store_true", help="sweeps on two processes and a wide member too")
    parser.add_argument("--out", type=Path, default=RESULTS, help=f"JSON file of the results (default {RESULTS})")
    parser.add_argument("--page", type=Path, help="page of the documentation whose table is to be replaced")
    commands = parser.add_subparsers(dest="command")
    profiled = commands.add_parser("profile", help="where the time of a month goes")
    profiled.add_argument("--members", type=int, default=32)
    profiled.add_argument("--months", type=int, default=24)
    profiled.add_argument("--top", type=int, default=TOP, help="functions to list")
    swept = commands.add_parser("sweep", help="runs by mesa.batch_run of the object model beside those of a sweep")
    swept.add_argument("--months", type=int, default=120)
    swept.add_argument("--objects", type=int, default=1, help="runs of the object model in a round")
    swept.add_argument("--runs", type=int, default=128, help="runs of the sweep in a round")
    swept.add_argument("--rounds", type=int, default=3)
    held = commands.add_parser("memory", help="peak memory of sweeps of growing length")
    held.add_argument("draws", type=int, nargs="+", help="powers of two")
    return parser


if __name__ == "__main__":
    sys.exit(main())
