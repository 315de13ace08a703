"""The data of the ledger in the formats people open: CSV, Parquet, JSON, one workbook, and the papers that
go with them.

Same ledger, day and digest: same bytes. In CSV and XLSX a text cell that a spreadsheet would take for a
formula has an apostrophe before it; Parquet and JSON hold the text as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy.errors import UsageError
from wareconomy.ledger import engine
from wareconomy.publish.export import datapackage, resources, workbook

if TYPE_CHECKING:
    import duckdb

FORMATS = ("csv", "parquet", "json", "xlsx")
COPY = {
    "csv": "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', DATEFORMAT '%Y-%m-%d'",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "json": "FORMAT json, ARRAY true",
}


def export(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    as_of: date,
    digest: str,
    formats: Sequence[str] | None = None,
) -> list[Path]:
    """Write the package into `folder` (made when missing) and return its files, by name.

    Everything is as known on `as_of`; `digest` names the inputs in the papers. `formats` are some of FORMATS,
    all when None; datapackage.json, dataset.jsonld, CITATION.cff and LICENSES.md are always written. Raises
    UsageError for a format that does not exist.
    """
    wanted = tuple(dict.fromkeys(formats or FORMATS))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise UsageError(f"no export format {unknown[0]!r}; there are {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    made = resources.materialise(con, as_of)
    try:
        files = _files(con, folder, made, wanted, as_of, digest)
        papers = datapackage.write(con, folder, files, made, as_of, digest)
    finally:
        resources.discard(con)
    return sorted([item.path for item in files] + papers)


def _files(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    made: Sequence[resources.Resource],
    wanted: Sequence[str],
    as_of: date,
    digest: str,
) -> list[datapackage.File]:
    """The data files. DuckDB writes its three formats while Python writes the workbook from rows already
    read."""
    sheets = workbook.read(con, made) if "xlsx" in wanted else []
    pairs = [(item, kind) for item in made for kind in COPY if kind in wanted]
    with ThreadPoolExecutor(1) as other:
        copying = other.submit(lambda: [_copy(con, item, kind, folder) for item, kind in pairs])
        files = []
        if sheets:
            path = folder / "wareconomy.xlsx"
            workbook.write(path, sheets, as_of, digest)
            files = [datapackage.File(path, "xlsx", None)]
        paths = copying.result()
    return [
        datapackage.File(path, kind, item) for path, (item, kind) in zip(paths, pairs, strict=True)
    ] + files


def _copy(con: duckdb.DuckDBPyConnection, item: resources.Resource, kind: str, folder: Path) -> Path:
    """One table in one format, in the order of its resource."""
    path = folder / f"{item.name}.{kind}"
    columns = con.execute(f"DESCRIBE {item.table}").fetchall()
    shown = ", ".join(safe_sql(name, held) for name, held, *_ in columns) if kind == "csv" else "*"
    target = str(path).replace("'", "''")
    try:
        con.execute(f"COPY (SELECT {shown} FROM {item.table}) TO '{target}' ({COPY[kind]})")
    except engine.load().Error as error:
        if refused := engine.system_error(error, path):
            raise refused from error
        raise
    return path


def safe_sql(name: str, held: str) -> str:
    """SQL for a column as a spreadsheet may see it: text defused, lists joined with semicolons."""
    quoted = f'"{name}"'
    if held.endswith("[]"):
        return f"{resources.defused_sql(f'array_to_string({quoted}, chr(59))')} AS {quoted}"
    return f"{resources.defused_sql(quoted)} AS {quoted}" if held == "VARCHAR" else quoted
