"""The database engine for those who only ask: DuckDB's native module, and an engine started for one file alone.

Loading the package costs three times what the native module costs, for relations, expressions and Arrow sources that a
command which prints an answer never touches. The native module's name is private, so the package stands in for it
wherever it cannot be loaded, and is taken as it is wherever it was loaded already. Errors and connections are of the
same classes either way, and the package may be imported later.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

NEEDED = ("connect", "Error", "CatalogException")
# DuckDB 2 starts eight threads that read ahead from slow storage; a ledger is a few megabytes. DuckDB 1 has no such setting.
ONE_READER = {"async_threads": "1"}


def load() -> Any:
    """The engine: a module with `connect`, `Error` and the errors below it."""
    if "duckdb" not in sys.modules:
        try:
            native = import_module("_duckdb")
        except ImportError:
            native = None
        if native and all(hasattr(native, name) for name in NEEDED):
            return native
    return import_module("duckdb")


def attach(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads the ledger at `path` and nothing else; its tables need no prefix.

    The file is attached to an engine in memory, not opened by it: opened, the file would share the settings of every
    other connection to it in this process, and refuse those with others. Raises the engine's `Error` where the file is
    no database.
    """
    native = load()
    con: duckdb.DuckDBPyConnection
    try:
        con = native.connect(":memory:", config=ONE_READER)
    except native.Error:
        con = native.connect(":memory:")
    try:
        quoted = str(path).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS wareconomy (READ_ONLY, TYPE duckdb)")
        con.execute("USE wareconomy")
    except native.Error:
        con.close()
        raise
    return con
