"""Plain Python values into tables of the ledger, each cast to the type its column declares.

Numbers travel as doubles, lists as JSON and everything else as text, in arrays DuckDB reads in place: a build then needs
no data frames, and every figure arrives as it was, to the last bit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np

Rows = Sequence[Mapping[str, object]]
Results = Mapping[str, Rows]
"""Rows by table of schema.sql; a column a row does not name is NULL."""


def kinds(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The type of each column of a table, in its order."""
    return {name: kind for name, kind, *_ in con.execute(f"DESCRIBE {table}").fetchall()}


def insert(
    con: duckdb.DuckDBPyConnection,
    table: str,
    declared: Mapping[str, str],
    columns: Mapping[str, Sequence[object]],
    order: str = "",
) -> None:
    """Insert rows given as columns of equal length; `declared` names the type of each; None is NULL, in a DOUBLE NaN too.

    A column of the table that is not given is NULL. `order` is the order the rows are kept in.
    """
    casts = ", ".join(f"{_cast(name, declared[name])} AS {_named(name)}" for name in columns)
    con.execute(
        "SET pandas_analyze_sample = 0"
    )  # DuckDB 1 takes an array of objects for a pandas column else
    con.register("incoming", {name: _array(declared[name], cells) for name, cells in columns.items()})
    try:
        con.execute(f"INSERT INTO {table} BY NAME SELECT {casts} FROM incoming {order}")
    finally:
        con.unregister("incoming")
        con.execute("RESET pandas_analyze_sample")


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Rows, into: str = "") -> None:
    """Insert rows into a table of schema.sql; `into` names another table of the same shape."""
    if rows:
        declared = kinds(con, table)
        insert(con, into or table, declared, {name: [row.get(name) for row in rows] for name in declared})


def _array(kind: str, cells: Sequence[object]) -> np.ndarray:
    import numpy as np

    if kind == "DOUBLE":
        return np.array(cells, dtype=np.float64)
    array = np.empty(len(cells), dtype=object)
    array[:] = [cell if cell is None or type(cell) is str else _text(cell) for cell in cells]
    return array


def _text(cell: object) -> str:
    if isinstance(cell, list | tuple):
        return json.dumps(cell, default=str, ensure_ascii=False, allow_nan=False)
    return str(cell)


def _cast(name: str, kind: str) -> str:
    given = f"CAST({_named(name)} AS JSON)" if kind.endswith("[]") else _named(name)
    return f"CAST({given} AS {kind})"


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
