"""The store of a sweep: one Parquet file a chunk of runs, whose presence is the record that the chunk is finished.

A file is written under another name, flushed to disk and renamed, so that a kill at any moment leaves either nothing or
all of a chunk. Its name holds a key of the design and of the model, so that runs of another model never mix in.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import platform
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from sim import __version__
from sim.errors import InputError
from sim.experiments.chunks import Chunk
from sim.experiments.design import Design
from sim.files import UNFINISHED, replacing

if TYPE_CHECKING:
    import pandas

FORMAT = "aperture-sweep-1"
MANIFEST = "manifest.json"
FOLDER = "runs"
NAME = re.compile(r"(?P<key>[0-9a-f]{16})-c(\d{4})-d(\d{7})-(\d{7})-r(\d{6})-(\d{6})(?P<failed>\.failed)?\.parquet")
OUTSIDE = ("cli", "report", "reference_pages", "figures", "experiments", "validation", "evidence")
"""Parts of the package that decide no number of a run."""
KEYS = ("run", "scenario", "world", "draw", "replicate", "error")


def file_name(chunk: Chunk, key: str, failed: bool = False) -> str:
    """Name of the file of a chunk."""
    spans = f"c{chunk.case:04d}-d{chunk.draw:07d}-{chunk.draw_end:07d}-r{chunk.replicate:06d}-{chunk.replicate_end:06d}"
    return f"{key}-{spans}{'.failed' if failed else ''}.parquet"


@cache
def model_digest() -> str:
    """Return the SHA-256 of every file of the package that decides the numbers of a run."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".py", ".toml", ".csv"}):
        part = path.relative_to(root)
        if part.parts[0] not in OUTSIDE:
            digest.update(part.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def encode(columns: Mapping[str, Any]) -> bytes:
    """Write columns as Parquet with page checksums; the same columns give the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(pa.table(dict(columns)), buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


class Store:
    """The directory of a sweep.

    Parameters
    ----------
    directory : str or Path
        Where it is.
    manifest : dict
        What was asked for; see `filled` and `open_sweep`.
    """

    def __init__(self, directory: str | Path, manifest: Mapping[str, Any]) -> None:
        self.directory = Path(directory)
        self.manifest = dict(manifest)
        self.key = str(manifest["key"])

    @property
    def folder(self) -> Path:
        """Where the chunks are."""
        return self.directory / FOLDER

    def chunks(self) -> Iterator[tuple[Chunk, Path, bool]]:
        """Yield every chunk with its file and whether it failed, in order."""
        for path in sorted(self.folder.iterdir()):
            match = NAME.fullmatch(path.name)
            if match and match["key"] == self.key:
                yield Chunk(*(int(match[i]) for i in range(2, 7))), path, bool(match["failed"])

    def write(self, chunk: Chunk, data: bytes, failed: bool = False) -> None:
        """Put a finished chunk in place, whole or not at all."""
        with replacing(self.folder / file_name(chunk, self.key, failed)) as stage:
            stage.write_bytes(data)

    def read(self, path: Path, chunk: Chunk) -> Any:
        """Read one chunk.

        Raises
        ------
        InputError
            If the file is damaged or does not hold the runs that its name says.
        """
        import pyarrow as pa
        from pyarrow import parquet

        remedy = f"Remove damaged chunks with 'aperture sweep verify {self.directory} --repair', then sweep again."
        try:
            table = parquet.ParquetFile(path, page_checksum_verification=True).read()
            draw, replicate = table["draw"].to_numpy(), table["replicate"].to_numpy()
        except (OSError, KeyError, pa.ArrowException) as error:
            raise InputError(str(path), f"it is damaged ({str(error)[:100]}).", remedy) from error
        draws = np.repeat(np.arange(chunk.draw, chunk.draw_end), chunk.replicate_end - chunk.replicate)
        replicates = np.tile(np.arange(chunk.replicate, chunk.replicate_end), chunk.draw_end - chunk.draw)
        if not (np.array_equal(draw, draws) and np.array_equal(replicate, replicates)):
            raise InputError(str(path), "it does not hold the runs that its name says.", remedy)
        return table

    def to_dataframe(self) -> pandas.DataFrame:
        """Return all finished runs, one row each.

        Returns
        -------
        DataFrame
            ``run``, ``scenario``, ``world``, ``draw``, ``replicate``, ``error`` (empty unless the run failed), a
            column a varied parameter and a column an outcome; by scenario and world, draw and replicate.
        """
        import pandas as pd
        import pyarrow as pa

        places, tables = [], []
        for chunk, path, _ in self.chunks():
            tables.append(self.read(path, chunk))
            places.append(np.full(len(chunk), chunk.case))
        if not tables:
            return pd.DataFrame(columns=list(KEYS))
        frame: pandas.DataFrame = pa.concat_tables(tables, promote_options="default").to_pandas()
        order = np.lexsort((frame["replicate"], frame["draw"], np.concatenate(places)))
        rows: pandas.DataFrame = frame.iloc[order].reset_index(drop=True)
        return rows

    def status(self) -> dict[str, Any]:
        """Count what was asked for, what is finished and what failed."""
        finished = failed = size = 0
        for chunk, path, broken in self.chunks():
            finished, failed = finished + (0 if broken else len(chunk)), failed + (len(chunk) if broken else 0)
            size += path.stat().st_size
        asked = int(self.manifest["runs"])
        return {
            "title": self.manifest["title"], "runs": asked, "finished": finished, "failed": failed,
            "missing": max(asked - finished - failed, 0), "bytes": size,
        }  # fmt: skip


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
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"it cannot be written ({error.strerror or error})."
        raise InputError(where, problem, "Name a directory elsewhere.") from error
    whole = shard[1] == 1
    own = root / f".lock-{shard[0]}-of-{shard[1]}"
    with _lock(root / ".lock", where, alone=whole) as held, _lock(own, where, alone=True):
        if whole:
            for left in (*root.glob(UNFINISHED), *root.joinpath(FOLDER).glob(UNFINISHED)):
                left.unlink()
        manifest = record(design)
        old = open_sweep(root).manifest if (root / MANIFEST).is_file() else {}
        if old:
            _check_same(old, manifest, where)
        if old and len(design) > old["runs"]:  # a longer design is cut in other places: nobody may be at work
            _hold(held, where, alone=True)
        if old != manifest:
            with replacing(root / MANIFEST) as stage:
                stage.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
        _hold(held, where, alone=whole)
        yield Store(root, manifest)


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
        strange = any(p.name != FOLDER and not p.name.startswith((".lock", f".{MANIFEST}")) for p in root.iterdir())
    if strange:
        raise InputError(where, "it holds something that is not a sweep.", "Name a new or an empty directory.")


def record(design: Design) -> dict[str, Any]:
    """Return what the manifest says of a design; its ``key`` names the design and the model that runs it now."""
    canonical = {**design.canonical(), "model": model_digest(), "numpy": np.__version__}
    key = hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()[:16]
    return {
        "format": FORMAT, "title": design.title, "key": key, "runs": len(design), "draws": design.draws,
        "replicates": design.replicates, "version": __version__, "python": platform.python_version(), **canonical,
    }  # fmt: skip


def _check_same(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> None:
    remedy = "Name another --out; the finished runs stay as they are."
    if old["model"] != new["model"] or old["numpy"] != new["numpy"]:
        problem = f"its runs come from another version of the model (then {old['version']}, NumPy {old['numpy']})."
        raise InputError(where, problem, remedy)
    for field in ("design", "seed", "parameters", "cases", "samples"):
        if old.get(field) != new.get(field):
            raise InputError(where, f"it holds another design: {field} differs.", remedy)
    if old["runs"] > new["runs"] or old["draws"] > new["draws"] or old["replicates"] > new["replicates"]:
        problem = f"it holds {old['draws']} draws x {old['replicates']} replicates, more than are asked for now."
        raise InputError(where, problem, remedy)


def open_sweep(directory: str | Path) -> Store:
    """Open what `aperture sweep` wrote.

    Raises
    ------
    InputError
        If there is no sweep in the directory.
    """
    where = f"sweep {str(directory)[:200]}"
    try:
        manifest = json.loads((Path(directory) / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(where, "there is no sweep in it.", "Name a directory that 'aperture sweep' wrote.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(where, f"its format is not {FORMAT}.", "Sweep again into a new directory.")
    return Store(directory, manifest)
