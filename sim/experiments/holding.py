"""Holding the directory of a sweep: whose it is, who may write into it, and what its manifest says."""

from __future__ import annotations

import fcntl
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from sim import __version__
from sim.errors import InputError
from sim.experiments.design import Design
from sim.experiments.store import FOLDER, FORMAT, MANIFEST, MONTHS, Store, model_digest, open_sweep
from sim.files import UNFINISHED, replacing


@contextmanager
def filled(directory: str | Path, design: Design, shard: tuple[int, int] = (1, 1)) -> Iterator[Store]:
    """Hold the store of a design for writing, made if it is missing; the hold dies with the process.

    A whole sweep holds the directory alone; shards of one number hold it together, each only once.

    Raises
    ------
    InputError
        If the directory holds something else, another design, or runs of another model, or is being written into.
    """
    root, where = Path(directory), f"sweep {str(directory)[:200]}"
    try:
        _check_ours(root, where)
        for folder in (FOLDER, *((MONTHS,) if design.monthly else ())):
            (root / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"it cannot be written ({error.strerror or error})."
        raise InputError(where, problem, "Name a directory elsewhere.") from error
    whole = shard[1] == 1
    own = root / f".lock-{shard[0]}-of-{shard[1]}"
    with _lock(root / ".lock", where, alone=whole) as hold, _lock(own, where, alone=True):
        if whole:
            clear_unfinished(root)
        manifest = record(design)
        old = open_sweep(root).manifest if (root / MANIFEST).is_file() else {}
        if old:
            _check_same(old, manifest, where)
        if old and len(design) > old["runs"]:  # a longer design is cut in other places: nobody may be at work
            _hold(hold, where, alone=True)
        if old != manifest:
            with replacing(root / MANIFEST) as stage:
                stage.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
        _hold(hold, where, alone=whole)
        yield Store(root, manifest)


def clear_unfinished(root: Path) -> None:
    """Remove what kills left under other names; only for who holds the directory alone."""
    for folder in (root, root / FOLDER, root / MONTHS):
        for left in folder.glob(UNFINISHED):
            left.unlink()


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Hold a store alone, to change how it is kept; raises InputError if a sweep is writing into it."""
    where = f"sweep {str(store.directory)[:200]}"
    with _lock(store.directory / ".lock", where, alone=True):
        clear_unfinished(store.directory)
        yield


@contextmanager
def _lock(path: Path, where: str, alone: bool) -> Iterator[IO[str]]:
    with open(path, "a") as handle:
        _hold(handle, where, alone)
        yield handle


def _hold(handle: IO[str], where: str, alone: bool) -> None:
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        remedy = "Wait for it, or name another --out."
        raise InputError(where, "another sweep is writing into it.", remedy) from error


def _check_ours(root: Path, where: str) -> None:
    strange = root.exists() and not root.is_dir()
    if not strange and root.is_dir() and not (root / MANIFEST).is_file():
        strange = any(
            p.name not in (FOLDER, MONTHS) and not p.name.startswith((".lock", f".{MANIFEST}")) for p in root.iterdir()
        )
    if strange:
        raise InputError(where, "it holds something that is not a sweep.", "Name a new or an empty directory.")


def record(design: Design) -> dict[str, Any]:
    """Return what the manifest says of a design; its ``key`` names the design and the model that runs it now."""
    canonical = {**design.canonical(), "model": model_digest(), "numpy": np.__version__}
    key = hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()[:16]
    return {
        "format": FORMAT, "title": design.title, "key": key, "runs": len(design), "draws": design.draws,
        "replicates": design.replicates, "block": design.sample.block, "version": __version__,
        "python": platform.python_version(), **canonical,
    }  # fmt: skip


def _check_same(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> None:
    remedy = "Name another --out; the finished runs stay as they are."
    if old["model"] != new["model"] or old["numpy"] != new["numpy"]:
        problem = f"its runs come from another version of the model (then {old['version']}, NumPy {old['numpy']})."
        raise InputError(where, problem, remedy)
    for field in ("design", "second_order", "seed", "factors", "levers", "outcomes", "cases", "samples"):
        if old.get(field) != new.get(field):
            raise InputError(where, f"it holds another design: {field} differs.", remedy)
    if old["runs"] > new["runs"] or old["draws"] > new["draws"] or old["replicates"] > new["replicates"]:
        problem = f"it holds {old['draws']} draws x {old['replicates']} replicates, more than are asked for now."
        raise InputError(where, problem, remedy)
