"""Memory that arrays give back is kept for the arrays that follow."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache

LARGEST = 1 << 25
"""Bytes up to which freed arrays are kept, the most that the C library accepts; far more than any array of a batch."""
TRIM, MAP = -1, -3
"""Names of the two limits in ``malloc.h`` of the C library of GNU."""


@cache
def keep_freed_memory() -> None:
    """Let the allocator keep what is freed, once a process.

    The C library of GNU maps large blocks one by one and returns the top of its heap to the system as soon as a little
    is free (Dask's workers set the least there is), so that every month would begin with thousands of page faults: a
    third of the time of a sweep. Where there is no such library this does nothing.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(MAP, LARGEST)
        library.mallopt(TRIM, 2 * LARGEST)
