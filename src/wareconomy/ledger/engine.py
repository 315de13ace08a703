"""The database engine for those who only ask: DuckDB's native module, without the package built around it.

Loading the package costs three times what the native module costs, for relations, expressions and Arrow sources that a
command which prints an answer never touches. The native module's name is private, so the package stands in for it
wherever it cannot be loaded, and is taken as it is wherever it was loaded already. Errors and connections are of the
same classes either way, and the package may be imported later.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

NEEDED = ("connect", "Error", "CatalogException")
REFUSED = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.ENOENT,
)
"""What a disk refuses; DuckDB tells it in the system's words, in errors of its own."""


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


def system_error(error: Exception, path: Path) -> OSError | None:
    """What the disk refused when DuckDB wrote to `path`, as the system error it is; None for any other error."""
    code = next((code for code in REFUSED if os.strerror(code) in str(error)), None)
    return OSError(code, os.strerror(code), str(path)) if code else None
