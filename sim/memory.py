"""Memory that arrays give back is kept for the arrays that follow."""

from __future__ import annotations

from functools import cache

import numpy as np

LARGEST = 1 << 24
"""Bytes up to which freed arrays are kept; far more than any array of a batch has."""


@cache
def keep_freed_memory() -> None:
    """Let the allocator keep what is freed, once a process.

    The C library of GNU returns the top of its heap to the system whenever more than a quarter of a mebibyte or so is
    free, and every month would begin with thousands of page faults. It raises that limit to twice the size of the
    largest mapped block that was ever freed: so free one. Elsewhere this does nothing.
    """
    np.empty(LARGEST, np.uint8)
