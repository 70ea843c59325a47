"""The same bytes as when the golden digests were written, on a platform of the same class."""

import numpy as np
import pytest

from sim.outcomes import OUTCOMES
from tests.contracts.golden import digest, digests, known, platform_class


def test_the_model_gives_the_golden_bytes() -> None:
    """Where this fails and a change of numbers was meant: say so under Results in the changelog, then run
    ``python -m tests.contracts.golden``."""
    kept = known()
    assert kept, "no golden bytes are kept"
    if platform_class() not in kept:
        pytest.skip(f"no golden bytes for {platform_class()}")
    found = digests()
    moved = sorted(name for name, value in kept[platform_class()].items() if found.get(name) != value)
    assert not moved and found.keys() == kept[platform_class()].keys()


def test_a_single_bit_shows() -> None:
    names = sorted(name for name, outcome in OUTCOMES.items() if outcome.group == "lags")
    monthly = {name: np.ones((2, 3)) for name in names}
    before = digest(monthly, "lags")
    monthly[names[-1]][1, 2] = np.nextafter(1.0, 2.0)
    assert digest(monthly, "lags") != before
