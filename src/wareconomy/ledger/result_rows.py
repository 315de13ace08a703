"""Rows that later stages found in the ledger, written into tables whose columns schema.sql declares.

The ledger stores them and knows nothing of how they came: a build hands them in (build.write, `results`), an
export of another day writes them into a table of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

Rows = Sequence[Mapping[str, object]]
Results = Mapping[str, Rows]
"""Rows by table of schema.sql; a column a row does not name is NULL."""


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Rows, into: str = "") -> None:
    """Insert rows, each value cast to the type `table` declares; `into` names another table of the same shape."""
    import pandas as pd

    if not rows:
        return
    held = con.execute(f"DESCRIBE {table}").fetchall()
    frame = pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=object) for name, *_ in held}
    )
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind, *_ in held)
    con.register("incoming", frame)
    con.execute(f"INSERT INTO {into or table} SELECT {casts} FROM incoming")
    con.unregister("incoming")
