"""Make the calibrated draws and the validation results that come with Aperture: ``python -m sim.validation.publish``.

Run it after a change that moves numbers; ``python -m sim.reference_pages`` then writes the pages anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from sim import __version__
from sim.draw_files import CALIBRATED, read_draws
from sim.validation import documents
from sim.validation.calibration import calibrate
from sim.validation.early import early_rows
from sim.validation.hindcast import hindcast
from sim.validation.history import histories
from sim.validation.patterns import AllPatterns

HERE = Path(__file__).parent
WANTED = 128
"""Draws that are kept."""
REPLICATES = 4
"""Runs of each draw in what is published."""
SINGLE = 128
"""Runs of the defaults."""


def main(arguments: list[str]) -> int:
    """Calibrate, validate, hindcast, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2048, help="draws of each wave (default 2048)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep-draws", action="store_true", help="validate the draws that are there, without new ones")
    args = parser.parse_args(arguments)

    def say(label: str, done: int, total: int) -> None:
        print(f"\r{label}: {done} of {total} runs", end="", file=sys.stderr)

    if args.keep_draws:
        calibration = documents.stored()["calibration"]
    else:
        found = calibrate(args.runs, WANTED, args.seed, args.workers, say)
        CALIBRATED.write_text(documents.draws_text(found.accepted), "utf-8")
        calibration = documents.calibration_document(found)
    text = json.dumps(_short(_results(calibration, args.seed, args.workers)), indent=1, allow_nan=False) + "\n"
    (HERE / documents.STORED).write_text(text, "utf-8")
    print(f"\nwritten to {HERE}", file=sys.stderr)
    return 0


def _results(calibration: Any, seed: int, workers: int) -> dict[str, Any]:
    """What the draws beside the code give, and the defaults, with how calibration went."""
    draws: dict[str, Any] = dict(read_draws(CALIBRATED))
    predicted = hindcast(draws, REPLICATES, seed, workers)
    default = np.concatenate(histories(AllPatterns(), 3, SINGLE, 1, seed, workers))
    fitted = np.concatenate(histories(AllPatterns(), 3, REPLICATES, draws, seed, workers))
    return {
        "version": __version__,
        "seed": seed,
        "draws": len(next(iter(draws.values()))),
        "replicates": REPLICATES,
        "calibration": calibration,
        "defaults": documents.pattern_rows(default),
        "calibrated": documents.pattern_rows(fitted),
        "hindcast": documents.score_rows(predicted),
        "early": early_rows(draws, REPLICATES, seed, workers),
        "early_defaults": early_rows(1, SINGLE, seed, workers),
        "predicted": predicted.predicted,
    }


def _short(value: Any) -> Any:
    """The same with numbers of five digits."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.5g}") if np.isfinite(value) else None
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
