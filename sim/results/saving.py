"""Saved results: a directory of Parquet, CSV and JSON that appears whole or not at all.

::

    provenance.json               marks the directory as ours; version, seed, scenarios, shapes, how to reproduce
    monthly.parquet, .csv         one row a run and month, one column an outcome
    summary.parquet, .csv         one row a run
    details/NAME.parquet          one row a run, month and cell of the detail's axes
    counterfactuals/NAME/         the same files for the runs of a counterfactual
    document.json                 statistics and differences, as ``--json`` prints them
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.results.comparison import Comparison
from sim.results.documents import dumps
from sim.results.frames import KEYS, axis_names, columns, detail_columns
from sim.results.runs import Results

FORMAT = "aperture-results"
FORMAT_VERSION = 1
MARK = "provenance.json"
OURS = (
    "monthly.parquet", "monthly.csv", "summary.parquet", "summary.csv", "details", "counterfactuals", "document.json",
    "report.html", MARK,
)  # fmt: skip
"""Everything that we put into a directory; the mark last, because it says that the rest is there."""


def save(results: Results | Comparison, directory: str | Path) -> None:
    """Write results or a comparison into a directory.

    Raises
    ------
    InputError
        If the directory holds something else than saved results, or cannot be written.
    """
    with staged(directory) as stage:
        write_files(results, stage)


def check_directory(directory: str | Path) -> Path:
    """Refuse a directory that is not ours to write into; leave nothing behind.

    Raises
    ------
    InputError
        If it is a file, holds something else, or lies where nothing can be created.
    """
    target = Path(directory)
    where = f"output directory {str(directory)!r}"
    try:
        if target.exists() or target.is_symlink():
            if not target.is_dir():
                raise InputError(where, "it is not a directory.", "Name a new directory.")
            if any(target.iterdir()) and not _is_ours(target):
                problem = "it holds files that are not saved results."
                raise InputError(where, problem, "Name a new or an empty directory.")
        ancestor = next(p for p in (target, *target.absolute().parents) if p.exists())
        probe = ancestor / _stage_name()
        probe.mkdir()
        probe.rmdir()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(where, f"it cannot be used ({_reason(error)}).", "Name a directory elsewhere.") from error
    return target


def _is_ours(directory: Path) -> bool:
    """Whether a directory bears our mark."""
    try:
        mark = json.loads((directory / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(mark, dict) and mark.get("format") == FORMAT


def _stage_name() -> str:
    return f".aperture.{secrets.token_hex(4)}.partial"


@contextmanager
def staged(directory: str | Path) -> Iterator[Path]:
    """Give an empty directory beside the target, or in it if it exists, and publish its files if all goes well."""
    target = check_directory(directory)
    made: list[Path] = []
    try:
        parent = target if target.exists() else target.absolute().parent
        made = [p for p in (parent, *parent.parents) if not p.exists()]
        parent.mkdir(parents=True, exist_ok=True)
        stage = parent / _stage_name()
        made.insert(0, stage)
        stage.mkdir()
        yield stage
        _publish(stage, target)
    except OSError as error:
        problem = f"it cannot be written ({_reason(error)})."
        raise InputError(f"output directory {str(directory)!r}", problem, "Name a directory elsewhere.") from error
    finally:
        _clear(made)


def _publish(stage: Path, target: Path) -> None:
    """Move the files of a finished stage into the target, which may hold older results of ours."""
    if not target.exists():
        stage.rename(target)
        return
    for name in OURS:
        old, new = target / name, stage / name
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        if new.exists():
            new.replace(old)
        elif old.exists():
            old.unlink()


def _clear(made: list[Path]) -> None:
    """Remove the stage, and the parents that were made for it if nothing came to stand in them."""
    for path in made:
        try:
            shutil.rmtree(path) if path.suffix == ".partial" else path.rmdir()
        except OSError:
            continue


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def write_files(results: Results | Comparison, directory: Path) -> None:
    """Write the files of results or of a comparison into an existing directory, the mark last."""
    runs = results.results if isinstance(results, Comparison) else results
    mark: dict[str, Any] = {"format": FORMAT, "format_version": FORMAT_VERSION, **runs.provenance}
    mark |= {"start": runs.start, "months": runs.months}
    for name, monthly in (("monthly", True), ("summary", False)):
        _write_table(columns(runs, monthly), directory / name, csv=True)
    mark["details"] = {}
    for name, array in runs.details.items():
        (directory / "details").mkdir(exist_ok=True)
        _write_table(detail_columns(runs, name), directory / "details" / name)
        mark["details"][name] = {"shape": array.shape[2:], "axes": axis_names(runs, name)}
    if isinstance(results, Comparison):
        mark |= {"baseline": results.baseline, "counterfactuals": list(results.counterfactuals)}
        for name, other in results.counterfactuals.items():
            (directory / "counterfactuals" / name).mkdir(parents=True)
            write_files(other, directory / "counterfactuals" / name)
    (directory / "document.json").write_text(dumps(results.document()) + "\n", encoding="utf-8")
    (directory / MARK).write_text(dumps(mark) + "\n", encoding="utf-8")


def _write_table(table: Mapping[str, NDArray[Any]], path: Path, csv: bool = False) -> None:
    """Write columns as Parquet, and as CSV if asked; undefined numbers are empty cells."""
    import pyarrow as pa
    from pyarrow import csv as pa_csv
    from pyarrow import parquet

    arrays = {name: pa.array(x, from_pandas=True) for name, x in table.items()}
    parquet.write_table(pa.table(arrays), path.with_suffix(".parquet"), compression="zstd")
    if csv:
        arrays["scenario"] = pa.array([_defused(name) for name in table["scenario"]])
        options = pa_csv.WriteOptions(quoting_style="needed")
        pa_csv.write_csv(pa.table(arrays), path.with_suffix(".csv"), options)


def _defused(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def open_results(directory: str | Path) -> Results | Comparison:
    """Read what `save` wrote.

    Raises
    ------
    InputError
        If the directory holds no saved results, those of a newer version, or damaged files.
    """
    path = Path(directory)
    where = f"results {str(directory)!r}"
    if not _is_ours(path):
        raise InputError(where, "there are no saved results here.", "Name a directory written by --out or save().")
    try:
        mark = json.loads((path / MARK).read_text(encoding="utf-8"))
        if mark["format_version"] > FORMAT_VERSION:
            problem = f"they have format {mark['format_version']}."
            raise InputError(where, problem, f"This version reads formats up to {FORMAT_VERSION}.")
        runs = _read_results(path, mark)
        if "baseline" not in mark:
            return runs
        others = {name: path / "counterfactuals" / name for name in mark["counterfactuals"] if name.isidentifier()}
        counterfactuals = {name: open_results(place) for name, place in others.items()}
        return Comparison(runs, mark["baseline"], {k: v for k, v in counterfactuals.items() if isinstance(v, Results)})
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"a file is missing or damaged ({_reason(error)})."
        raise InputError(where, problem, "Run the scenarios again.") from error


def _read_results(path: Path, mark: Mapping[str, Any]) -> Results:
    from pyarrow import parquet

    table = parquet.read_table(path / "monthly.parquet")
    months = int(mark["months"])
    monthly = {
        name: table[name].to_numpy().astype(np.float64).reshape(-1, months)
        for name in table.column_names
        if name not in (*KEYS, "month")
    }
    first = table.take(np.arange(0, table.num_rows, months))
    details, axes = {}, {}
    for name, record in mark["details"].items():
        if not name.isidentifier():
            raise ValueError(f"detail {name!r}")
        values = parquet.read_table(path / "details" / f"{name}.parquet", columns=["value"])["value"].to_numpy()
        details[name] = values.reshape(first.num_rows, months, *record["shape"])
        axes[name] = tuple(record["axes"])
    ours = ("format", "format_version", "details", "baseline", "counterfactuals")
    provenance = {key: value for key, value in mark.items() if key not in ours}
    keys = {name: first[name].to_numpy() for name in KEYS}
    scenario = tuple(keys["scenario"].tolist())
    return Results(monthly, scenario, keys["draw"], keys["replicate"], provenance, details, axes)
