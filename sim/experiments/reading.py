"""Reading a sweep: tables, arrays and questions in SQL over its Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.chunks import Chunk
from sim.experiments.store import KEYS, Store
from sim.outcomes import OUTCOMES
from sim.policies.fields import near

if TYPE_CHECKING:
    import pandas
    import xarray

CORE = ("scenario", "world", "draw", "replicate")


def dataframe(store: Store, columns: Sequence[str] | None = None, draws: int | None = None) -> pandas.DataFrame:
    """One row a finished run; see `Store.to_dataframe`."""
    for name in columns or ():
        if name not in store.factors and name not in OUTCOMES:
            known = [*store.factors, *OUTCOMES]
            raise InputError(f"sweep {store.directory}", f"it has no column {name!a:.60}.", near(name, known))
    chunks = [(chunk, path) for chunk, path, _ in store.chunks() if draws is None or chunk.draw < draws]
    return _joined(store, [(chunk, store.read(path, chunk, columns)) for chunk, path in chunks])


def months(store: Store) -> pandas.DataFrame:
    """One row a finished run and month; see `Store.to_months`."""
    _need_months(store)
    good = [(chunk, path) for chunk, path, failed in store.chunks() if not failed]
    return _joined(store, [(chunk, store.read_months(path, chunk)) for chunk, path in good])


def _need_months(store: Store) -> None:
    if not store.monthly:
        remedy = 'Sweep into a new directory with outcomes = "monthly" in the design.'
        raise InputError(f"sweep {store.directory}", "it keeps no months.", remedy)


def _joined(store: Store, parts: list[tuple[Chunk, Any]]) -> pandas.DataFrame:
    """Tables of chunks in the order of cases, draws and replicates."""
    import pandas as pd
    import pyarrow as pa

    if not parts:
        return pd.DataFrame(columns=list(KEYS))
    cases = np.concatenate([np.full(len(table), chunk.case) for chunk, table in parts])
    frame: pandas.DataFrame = pa.concat_tables([table for _, table in parts], promote_options="default").to_pandas()
    order = np.lexsort((frame["replicate"], frame["draw"], cases))  # it keeps months in their order
    rows: pandas.DataFrame = frame.iloc[order].reset_index(drop=True)
    return rows


def dataset(store: Store) -> xarray.Dataset:
    """Arrays by scenario, world, draw and replicate; a run that failed or is missing is NaN.

    Factors are coordinates along ``draw``. Of a sweep that keeps months, outcomes have the axis ``month`` instead of
    one number a run.
    """
    import xarray as xr

    frame = months(store) if store.monthly else dataframe(store)
    if frame.empty:
        return xr.Dataset()
    axes = {name: frame[name].drop_duplicates().to_numpy() for name in (*CORE, *(("month",) if store.monthly else ()))}
    axes = {name: values if name in ("scenario", "world") else np.unique(values) for name, values in axes.items()}
    place = tuple(_places(axes[name], frame[name].to_numpy()) for name in axes)
    shape = tuple(len(values) for values in axes.values())
    variables: dict[str, Any] = {}
    for name in (name for name in OUTCOMES if name in frame):
        values = np.full(shape, np.nan, frame[name].to_numpy().dtype)
        values[place] = frame[name].to_numpy()
        variables[name] = (tuple(axes), values, {"units": OUTCOMES[name].unit, "long_name": OUTCOMES[name].label})
    coordinates: dict[str, Any] = dict(axes)
    if store.monthly:
        coordinates["month"] = np.array(axes["month"], "datetime64[M]").astype("datetime64[ns]")
    columns = dataframe(store) if store.monthly else frame
    first = columns.drop_duplicates("draw").set_index("draw").loc[axes["draw"]]
    coordinates |= {name: ("draw", first[name].to_numpy()) for name in store.factors}
    return xr.Dataset(variables, coordinates)


def _places(axis: NDArray[Any], values: NDArray[Any]) -> NDArray[np.intp]:
    order = np.argsort(axis)
    return np.asarray(order[np.searchsorted(axis[order], values)])


def select(store: Store, query: str) -> pandas.DataFrame:
    """Answer one SELECT with DuckDB, over the finished chunks as they are on disk.

    Parameters
    ----------
    store : Store
        Whose table ``runs`` has the columns of `dataframe`, and ``months`` those of `months`.
    query : str
        A single SELECT. It can read these files and nothing else, and change nothing.

    Returns
    -------
    DataFrame
        In the order that the query asks for; without ORDER BY, in any order.

    Raises
    ------
    InputError
        If DuckDB is not installed, or the query is not a single SELECT that these tables can answer.
    """
    try:
        import duckdb
    except ImportError:
        remedy = 'Install it with: pip install "aperture-release-policy[experiments]"'
        raise InputError("sql", "DuckDB is not installed.", remedy) from None
    try:
        with duckdb.connect(config={"python_enable_replacements": "false"}) as connection:
            statements = connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError("sql", "it is not a single SELECT.", "For example: SELECT count(*) FROM runs")
            for statement in _views(store):
                connection.execute(statement)
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            answer: pandas.DataFrame = connection.execute(statements[0]).df()
            return answer
    except duckdb.Error as error:
        raise InputError(
            "sql", str(error)[:400], "The tables are runs and months; DESCRIBE is to_dataframe()."
        ) from None


def _views(store: Store) -> Iterator[str]:
    """Yield what makes the tables, with their files as the only ones that may be read."""
    chunks = list(store.chunks())
    tables = {"runs": [path for _, path, _ in chunks]}
    if store.monthly:
        tables["months"] = [store.months_of(path) for _, path, failed in chunks if not failed]
    named = {name: [str(path.absolute()) for path in paths] for name, paths in tables.items() if paths}
    yield f"SET allowed_paths = {_list([path for paths in named.values() for path in paths])}"
    for name, paths in named.items():
        yield f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_list(paths)}, union_by_name = true)"


def _list(words: list[str]) -> str:
    quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"[{quoted}]"
