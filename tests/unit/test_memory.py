"""Freed memory stays with the process, also where the environment asks the C library to give it back at once."""

import os
import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
import numpy as np
from sim.memory import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
np.ones(1 << 18)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    np.ones(1 << 18)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="there is nothing to set in other C libraries")
def test_freed_arrays_cost_no_page_faults() -> None:
    faults = {}
    for how in ("keep", "give"):
        environment = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"}
        command = [sys.executable, "-c", PROGRAM, how]
        found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        faults[how] = int(found.stdout)
    assert faults["keep"] < 1000 < faults["give"]
