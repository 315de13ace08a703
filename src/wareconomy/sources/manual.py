"""The hand-kept tables of `data/raw/manual/`: every row read as text, corrected where a correction is open, converted.

A table never stops another one: everything wrong with all files is collected as findings and reported at once.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy.catalog import Catalog, Column, Table
from wareconomy.errors import Finding
from wareconomy.sources import delimited
from wareconomy.sources.convert import Unfit, convert

if TYPE_CHECKING:
    import pandas as pd

DIALECTS = "dialects.toml"
CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one file of this folder is kept: its decimal mark, and whether it may be without rows."""

    decimal: str = "."
    may_be_empty: bool = False


@dataclass(slots=True)
class ManualTable:
    """One table as read: typed columns, the text as printed, and where each row stands.

    `values[c]` and `printed[c]` are lists of equal length, one entry a row; `lines` are line numbers. `whole` is false
    when rows of the file could not be read: nobody can say then that a row is not in it.
    """

    spec: Table
    sha256: str
    size: int
    lines: list[int] = field(default_factory=list)
    values: dict[str, list[str | float | int | None]] = field(default_factory=dict)
    printed: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True

    def frame(self) -> pd.DataFrame:
        """The typed rows: numbers as float64 or Int64, everything else text (dates in ISO form), blank as missing."""
        import pandas as pd

        columns = {
            name: pd.Series(self.values[name], dtype=_dtype(column.type))
            for name, column in self.spec.columns.items()
            if name in self.values
        }
        return pd.DataFrame(columns)


def _dtype(kind: str) -> str:
    return {"number": "float64", "integer": "Int64"}.get(kind, "object")


def read_all(folder: Path, catalog: Catalog, only: Iterable[str] = ()) -> dict[str, ManualTable]:
    """Every declared table found in `folder` (or just those in `only`), corrections applied.

    A declared table without a file, and a file nobody declared, are findings of their own. Tables that are not in
    `only` are read where corrections lead to or from them, since a row counts as it was corrected.
    """
    asked = list(only) or list(catalog.tables)
    more = catalog.tables if CORRECTIONS in asked else {CORRECTIONS} & catalog.tables.keys()
    names = dict.fromkeys([*asked, *more])
    dialects, problems = _dialects(folder, catalog)
    tables = {}
    for name in names:
        spec, dialect = catalog.tables[name], dialects.get(name, Dialect())
        tables[name] = read(folder / spec.file, spec, dialect.decimal, dialect.may_be_empty)
    if not only and folder.is_dir():
        declared = {table.file for table in catalog.tables.values()}
        for path in sorted(folder.glob("*.csv")):
            if path.name not in declared:
                advice = (
                    f"no table of that name; declare it in catalog/tables/{path.stem}.toml or move the file"
                )
                problems.append(Finding(path.name, 0, "", "", "undeclared file", advice))
    if tables:
        next(iter(tables.values())).findings.extend(problems)
    if CORRECTIONS in tables:
        _correct(tables, everything=CORRECTIONS in asked)
    return {name: tables[name] for name in asked}


def read(path: Path, spec: Table, decimal: str = ".", may_be_empty: bool = False) -> ManualTable:
    """One table, with a finding for every cell that does not fit its declared type.

    A header without rows is a finding too, unless the declaration of the table or `may_be_empty` allows it.
    """
    data, finding = _bytes(path)
    table = ManualTable(spec, hashlib.sha256(data).hexdigest(), len(data))
    if finding:
        table.findings.append(finding)
        table.whole = False
        return table
    cells = delimited.read(data, path.name, list(spec.columns))
    if not (cells.rows or cells.findings or spec.may_be_empty or may_be_empty):
        advice = (
            f"only the header is there; restore the rows, or say that none are kept: in {DIALECTS} "
            f"[{spec.name}] and below it may_be_empty = true"
        )
        cells.findings.append(Finding(path.name, 0, "", "", "no rows", advice))
    table.findings.extend(cells.findings)
    table.whole = not cells.findings
    if not cells.header or (cells.findings and not cells.rows):
        return table
    table.lines = cells.lines
    position = {name: index for index, name in enumerate(cells.header)}
    for name, column in spec.columns.items():
        index = position[name]
        printed = [row[index] for row in cells.rows]
        values: list[str | float | int | None] = []
        for line, text in zip(cells.lines, printed, strict=True):
            values.append(_value(column, text, decimal, path.name, line, table.findings) if text else None)
        table.printed[name], table.values[name] = printed, values
    return table


def _value(
    column: Column, text: str, decimal: str, file: str, line: int, findings: list[Finding]
) -> str | float | int | None:
    try:
        return convert(column, text, decimal)
    except Unfit as unfit:
        findings.append(Finding(file, line, column.name, text, unfit.rule, unfit.advice))
        return None


def _bytes(path: Path) -> tuple[bytes, Finding | None]:
    """The file's bytes, never through a link and never more than a table may have."""

    def refuse(rule: str, advice: str) -> tuple[bytes, Finding]:
        return b"", Finding(path.name, 0, "", "", rule, advice)

    if path.is_symlink():
        return refuse(
            "symbolic link", "hand-kept tables must be plain files inside the folder; copy the file here"
        )
    if not path.exists():
        return refuse(
            "missing file", f"restore it, or start from the template: wareconomy check --template {path.stem}"
        )
    if not path.is_file():
        return refuse("not a file", "replace it by the CSV")
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > delimited.MAX_BYTES:
                size = os.fstat(stream.fileno()).st_size / 1e6
                limit = delimited.MAX_BYTES / 1e6
                return refuse(
                    "file too large",
                    f"{size:.0f} MB; a hand-kept table may have {limit:.0f} MB. "
                    "Machine-made data belongs to a source of its own.",
                )
            return stream.read(), None
    except OSError as error:
        return refuse("not readable", f"{error.strerror}; check the file's permissions")


def _dialects(folder: Path, catalog: Catalog) -> tuple[Mapping[str, Dialect], list[Finding]]:
    """What `dialects.toml` says of tables: `[table]`, then `decimal = ","` or `may_be_empty = true`, or both."""
    path = folder / DIALECTS
    if not path.is_file():
        return {}, []
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return {}, [Finding(DIALECTS, 0, "", "", "broken file", str(error))]
    advice = "one table per section, with decimal = '.' or ',', may_be_empty = true, or both"
    problems = [
        Finding(DIALECTS, 0, name, str(entry), "dialect", advice)
        for name, entry in body.items()
        if name not in catalog.tables or not _is_dialect(entry)
    ]
    return {name: Dialect(**entry) for name, entry in body.items() if not problems}, problems


def _is_dialect(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and 0 < len(entry) == len(entry.keys() & {"decimal", "may_be_empty"})
        and entry.get("decimal", ".") in (".", ",")
        and isinstance(entry.get("may_be_empty", True), bool)
    )


def _correct(tables: Mapping[str, ManualTable], everything: bool) -> None:
    """Apply open corrections: the cell must still hold `expect`, else the correction itself is the finding.

    Without `everything` only some tables were read, and corrections of the others are passed over.
    """
    table = tables[CORRECTIONS]
    for row, line in enumerate(table.lines):
        entry = {name: column[row] for name, column in table.printed.items()}
        if entry.get("status") not in {"open", "reported"}:
            continue

        def refuse(column: str, value: str, rule: str, advice: str, line: int = line) -> None:
            table.findings.append(Finding(table.spec.file, line, column, value, rule, advice))

        target = tables.get(entry["table"])
        if target is None and not everything:
            continue
        if target and not target.whole and not target.lines:
            continue  # its own finding says why; whether the correction fits is not known
        if target is None or entry["column"] not in target.printed:
            refuse("table", entry["table"], "unknown target", "name a table and one of its columns")
            continue
        key = entry["row_key"].split("|")
        rows = [
            index
            for index in range(len(target.lines))
            if [target.printed[name][index] for name in target.spec.key] == key
        ]
        if not rows and not target.whole:
            continue  # the row may be one of those that could not be read
        if len(rows) != 1:
            refuse("row_key", entry["row_key"], "unknown row", f"the key is {'|'.join(target.spec.key)}")
            continue
        current = target.printed[entry["column"]][rows[0]]
        if current != entry["expect"]:
            refuse(
                "expect",
                entry["expect"],
                "correction no longer fits",
                f"{target.spec.file}:{target.lines[rows[0]]} now holds {current!r}; "
                "if the source has fixed itself, set status to fixed_upstream",
            )
            continue
        column = target.spec.columns[entry["column"]]
        value = entry["value"]
        target.printed[column.name][rows[0]] = value
        target.values[column.name][rows[0]] = (
            _value(column, value, ".", table.spec.file, line, table.findings) if value else None
        )
