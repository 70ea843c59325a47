"""Golden bytes: digests of what the model gives, for one class of platform at a time.

``python -m tests.contracts.golden`` writes those of this platform anew. They may change only together with a line under
**Results** in the changelog.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import OUTCOMES
from sim.runner import run
from tests.support import small

FILE = Path(__file__).with_name("golden.json")
SCENARIOS = ("status_quo", "open_by_default", "closed_frontier_universal")
MONTHS, REPLICATES, DRAWS = 18, 2, 2


def platform_class() -> str:
    """What last bits hang on besides the model: processor, system, and the minor version of NumPy."""
    return f"{platform.system()} {platform.machine()} numpy {'.'.join(np.__version__.split('.')[:2])}"


def digest(monthly: Mapping[str, NDArray[np.float64]], group: str) -> str:
    """Digest of the outcomes of a group, in the order of their names."""
    hashed = hashlib.sha256()
    for name in sorted(name for name, outcome in OUTCOMES.items() if outcome.group == group):
        hashed.update(name.encode() + np.ascontiguousarray(monthly[name], "<f8").tobytes())
    return hashed.hexdigest()[:24]


def digests() -> dict[str, str]:
    """Digest of each group of outcomes: shipped scenarios side by side, at the defaults and at draws."""
    scenarios = [small(name, MONTHS, start="2026-06") for name in SCENARIOS]
    found = {}
    for label, draws in (("defaults", 1), ("draws", DRAWS)):
        monthly = run(scenarios, replicates=REPLICATES, draws=draws, seed=1, details=False).monthly
        for group in sorted({outcome.group for outcome in OUTCOMES.values()}):
            found[f"{label} {group}"] = digest(monthly, group)
    return found


def known() -> dict[str, dict[str, str]]:
    """Digests that are kept, by class of platform."""
    return dict(json.loads(FILE.read_text("utf-8"))) if FILE.is_file() else {}


def main() -> int:
    """Write the digests of this platform; those of others are of an older model then, and go."""
    FILE.write_text(json.dumps({platform_class(): digests()}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
