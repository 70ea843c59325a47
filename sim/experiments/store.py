"""The store of a sweep: one Parquet file a chunk of runs, whose presence is the record that the chunk is finished.

A file is written under another name, flushed to disk and renamed, so that a kill at any moment leaves either nothing or
all of a chunk. Its name holds a key of the design and of the model, so that runs of another model never mix in.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.experiments.chunks import Chunk
from sim.files import replacing

if TYPE_CHECKING:
    import pandas
    import xarray

FORMAT = "aperture-sweep-2"
MANIFEST = "manifest.json"
FOLDER, MONTHS = "runs", "months"
"""Where the chunks are, and their months if a design keeps them."""
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


def encoding(schema: Any) -> dict[str, Any]:
    """How Parquet is written: compressed, with page checksums, floats with their bytes side by side."""
    floats = [field.name for field in schema if str(field.type) in ("double", "float")]
    others = [name for name in schema.names if name not in set(floats)]
    return {
        "compression": "zstd",
        "write_page_checksum": True,
        "use_dictionary": others,
        "use_byte_stream_split": floats,
    }


def encode(columns: Mapping[str, Any]) -> bytes:
    """Write columns as Parquet; the same columns give the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    buffer = io.BytesIO()
    table = pa.table(dict(columns))
    parquet.write_table(table, buffer, **encoding(table.schema))
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

    @property
    def monthly(self) -> bool:
        """Whether outcomes are kept month by month too."""
        return bool(self.manifest["outcomes"] == "monthly")

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of what differs between draws, in the order of the design; each is a column."""
        return tuple(self.manifest["factors"])

    @property
    def block(self) -> int:
        """Draws that belong together: draw d is row ``d % block`` of block ``d // block`` of Saltelli or Morris."""
        return int(self.manifest["block"])

    def chunks(self) -> Iterator[tuple[Chunk, Path, bool]]:
        """Yield every chunk with its file and whether it failed, in order."""
        last: Chunk | None = None
        for chunk, path, failed in self.found():
            if last is None or not chunk.within(last):  # parts of a compacted chunk that a kill left beside it
                last = chunk
                yield chunk, path, failed

    def found(self) -> list[tuple[Chunk, Path, bool]]:
        """Every file of a chunk, with those that a larger one covers, in order and the larger first."""
        found = []
        for path in self.folder.iterdir():
            match = NAME.fullmatch(path.name)
            if match and match["key"] == self.key:
                found.append((Chunk(*(int(match[i]) for i in range(2, 7))), path, bool(match["failed"])))
        return sorted(found, key=lambda item: (item[0].case, item[0].draw, item[0].replicate, -item[0].draw_end))

    def months_of(self, path: Path) -> Path:
        """File of the months of a chunk."""
        return self.directory / MONTHS / path.name

    def write(self, chunk: Chunk, data: bytes, failed: bool = False, months: bytes | None = None) -> None:
        """Put a finished chunk in place, whole or not at all; its own file last, for it says that the chunk is done."""
        path = self.folder / file_name(chunk, self.key, failed)
        for target, content in ((self.months_of(path), months), (path, data)):
            if content is not None:
                with replacing(target) as stage:
                    stage.write_bytes(content)

    def remove(self, path: Path) -> None:
        """Take a chunk away, its own file first."""
        path.unlink()
        self.months_of(path).unlink(missing_ok=True)

    def read(self, path: Path, chunk: Chunk, columns: Sequence[str] | None = None) -> Any:
        """Read one chunk, its keys and the columns asked for, or all.

        Raises
        ------
        InputError
            If the file is damaged or does not hold the runs that its name says.
        """
        table = self._read(path, path, None if columns is None else [*KEYS, *columns])
        draws = np.repeat(np.arange(chunk.draw, chunk.draw_end), chunk.replicate_end - chunk.replicate)
        replicates = np.tile(np.arange(chunk.replicate, chunk.replicate_end), chunk.draw_end - chunk.draw)
        same = np.array_equal(table["draw"].to_numpy(), draws)
        if not (same and np.array_equal(table["replicate"].to_numpy(), replicates)):
            raise self._damaged(path, "it does not hold the runs that its name says.")
        return table

    def read_months(self, path: Path, chunk: Chunk) -> Any:
        """Read the months of one chunk, one row a run and month; raises InputError as `read` does."""
        table = self._read(self.months_of(path), path)
        months, rest = divmod(len(table), len(chunk))
        replicates = np.tile(np.arange(chunk.replicate, chunk.replicate_end), chunk.draw_end - chunk.draw)
        if rest or not np.array_equal(table["replicate"].to_numpy(), np.repeat(replicates, months)):
            raise self._damaged(path, "its months are not those of the runs that its name says.")
        return table

    def _read(self, path: Path, named: Path, columns: list[str] | None = None) -> Any:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            table = parquet.ParquetFile(path, page_checksum_verification=True).read(columns)
            if not {"draw", "replicate"} <= set(table.column_names):
                raise KeyError("columns are missing")
        except (OSError, KeyError, pa.ArrowException) as error:
            raise self._damaged(named, f"it is damaged ({str(error)[:100]}).") from error
        return table

    def _damaged(self, path: Path, problem: str) -> InputError:
        remedy = f"Remove damaged chunks with 'aperture sweep verify {self.directory} --repair', then sweep again."
        return InputError(str(path), problem, remedy)

    def to_dataframe(self, columns: Sequence[str] | None = None, draws: int | None = None) -> pandas.DataFrame:
        """Return all finished runs, one row each.

        Parameters
        ----------
        columns : sequence of str, optional
            Factors and outcomes to read; all when not given. Keys are always there.
        draws : int, optional
            Leave out chunks that begin with this draw or a later one.

        Returns
        -------
        DataFrame
            ``run``, ``scenario``, ``world``, ``draw``, ``replicate``, ``error`` (empty unless the run failed), a
            column a factor and a column an outcome; by scenario and world, draw and replicate.
        """
        from sim.experiments.reading import dataframe

        return dataframe(self, columns, draws)

    def to_months(self) -> pandas.DataFrame:
        """Return one row a run and month of a sweep with ``outcomes = "monthly"``: keys, ``month`` and the outcomes."""
        from sim.experiments.reading import months

        return months(self)

    def to_xarray(self) -> xarray.Dataset:
        """Return outcomes (scenario, world, draw, replicate), by month where months are kept, and factors (draw)."""
        from sim.experiments.reading import dataset

        return dataset(self)

    def sql(self, query: str) -> pandas.DataFrame:
        """Answer a SELECT over the tables ``runs`` and, if kept, ``months``; see `sim.experiments.reading.select`."""
        from sim.experiments.reading import select

        return select(self, query)

    def status(self) -> dict[str, Any]:
        """Count what was asked for, what is finished and what failed."""
        finished = failed = size = 0
        for chunk, path, broken in self.chunks():
            finished, failed = finished + (0 if broken else len(chunk)), failed + (len(chunk) if broken else 0)
            size += path.stat().st_size + (self.months_of(path).stat().st_size if self.monthly and not broken else 0)
        asked = int(self.manifest["runs"])
        return {
            "title": self.manifest["title"], "runs": asked, "finished": finished, "failed": failed,
            "missing": max(asked - finished - failed, 0), "bytes": size,
        }  # fmt: skip


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
