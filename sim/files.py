"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".*.partial"
"""Names of files that a kill left unfinished."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give another name to write under; what was written takes the place of `target` if all goes well.

    It is flushed to disk first, so that a crash leaves the old file or the new one.
    """
    stage = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        yield stage
        with open(stage, "rb+") as handle:
            os.fsync(handle.fileno())
        os.replace(stage, target)
    finally:
        stage.unlink(missing_ok=True)
