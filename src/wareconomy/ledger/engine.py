"""The database engine for those who only ask: DuckDB's native module, without the package built around it.

Loading the package costs three times what the native module costs, for relations, expressions and Arrow sources that a
command which prints an answer never touches. The native module's name is private, so the package stands in for it
wherever it cannot be loaded, and is taken as it is wherever it was loaded already. Errors and connections are of the
same classes either way, and the package may be imported later.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

NEEDED = ("connect", "Error", "CatalogException")


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
