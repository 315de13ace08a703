"""Reading the ledger: connections that never block a build, and the questions every other part asks.

Rows come back as plain tuples or dictionaries; `wareconomy.api` makes pandas frames of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.errors import LedgerError, UnknownName, UsageError
from wareconomy.ledger import engine
from wareconomy.model import Period, label, period

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FAR = date(9999, 12, 31)
ASKING = ("SELECT", "EXPLAIN", "MULTI")
"""Statements that ask; MULTI is a PIVOT."""
ANALYZE = re.compile(r"\bANALY[ZS]E\b", re.IGNORECASE)
FIRST = date(1990, 1, 1)
"""No figure and no act of the ledger is older."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SCHEMA_VERSION = "5"
FIGURE = "series, period_start, period_end, vintage, value, status, basis, source, inputs"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as known on a day. `inputs` holds observation ids, or derived figures for a derived series."""

    series: str
    period: Period
    vintage: date
    value: float | None
    status: str
    basis: str
    source: str
    inputs: tuple[str, ...]

    @property
    def id(self) -> str:
        """What `wareconomy explain` takes: series@period."""
        return f"{self.series}@{self.period}"

    @property
    def derived(self) -> bool:
        """True when wareconomy computed it."""
        return self.basis == "derived"


@contextmanager
def connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a finished ledger; the path is resolved, so a swap never changes it under us."""
    duckdb = engine.load()
    real = Path(os.path.realpath(path))
    if not real.is_file():
        raise LedgerError(f"no ledger at {path}. Make one with: wareconomy build")
    try:
        con = duckdb.connect(str(real), read_only=True)
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise LedgerError(f"{path} cannot be opened ({first}). Run: wareconomy build") from error
    try:
        try:
            version = con.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        except duckdb.Error:
            version = None
        if not version or version[0] != SCHEMA_VERSION:
            raise LedgerError(f"{path} was made by another version of wareconomy. Run: wareconomy build")
        yield con
    finally:
        con.close()


def frame(con: duckdb.DuckDBPyConnection, sql: str, params: Any = None) -> pd.DataFrame:
    """The result of a query as a pandas frame."""
    import duckdb

    try:
        return _run(con, sql, params).df()
    except duckdb.Error as error:
        raise UsageError(f"the query failed: {str(error).splitlines()[0]}") from error


def table(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a query. A mistake in the SQL is a UsageError with DuckDB's first line."""
    duckdb = engine.load()
    try:
        result = _run(con, sql, params)
        columns = [item[0] for item in result.description or []]
        return columns, result.fetchall()
    except duckdb.Error as error:
        raise UsageError(f"the query failed: {str(error).splitlines()[0]}") from error


def refuse_writing(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """UsageError unless the SQL is one question: what copies, attaches, installs or sets is none.

    EXPLAIN ANALYZE is none either: it runs what it explains, whatever that is.
    """
    duckdb = engine.load()
    try:
        found = con.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"the query failed: {str(error).splitlines()[0]}") from error
    kinds = [item.type.name for item in found]
    if kinds[:-1] == ["CREATE"] * (len(kinds) - 1) and not any(item.query for item in found):
        kinds = kinds[-1:]  # DuckDB 1 makes two statements of one PIVOT
    if len(kinds) > 1:
        raise UsageError("ask one question at a time: this is several statements")
    if kinds and (kinds[0] not in ASKING or (kinds[0] == "EXPLAIN" and ANALYZE.search(sql))):
        what = "EXPLAIN ANALYZE" if kinds[0] == "EXPLAIN" else kinds[0]
        raise UsageError(
            f"the ledger is only read, and this is {what}; ask with SELECT, FROM, WITH, SHOW or SUMMARIZE"
        )


def shut_in(con: duckdb.DuckDBPyConnection) -> None:
    """From now on the connection reaches no file but the ledger, no network and no variable of this program."""
    for setting in (
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"SET {setting}")


def _run(con: duckdb.DuckDBPyConnection, sql: str, params: Any) -> duckdb.DuckDBPyConnection:
    result: duckdb.DuckDBPyConnection | None = con.execute(sql, params) if params else con.execute(sql)
    if result is None:  # nothing but blanks or a comment
        raise UsageError("the query is empty")
    return result


def records(con: duckdb.DuckDBPyConnection, sql: str, params: Any = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    columns, rows = table(con, sql, params)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def meta(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Facts about the build: input_digest, as_of, data_to, ..."""
    return dict(con.execute("SELECT key, value FROM meta").fetchall())


def as_of_day(con: duckdb.DuckDBPyConnection, day: date | None) -> date:
    """The day to read the ledger as of: the one asked for, else the newest the ledger holds."""
    return day or date.fromisoformat(meta(con)["as_of"])


def day_asked(text: str | None, today: date) -> date | None:
    """The day of `--as-of`; None without one. UsageError for a day that lies ahead: nothing is known on it yet."""
    day = parse_day(text) if text else None
    if day and day > today:
        raise UsageError(f"{day} lies ahead; the newest day to ask for is today")
    if day and day < FIRST:
        raise UsageError(f"{day} is before everything in the ledger; ask for a day from {FIRST} on")
    return day


def parse_day(text: str) -> date:
    """A day from the command line. UsageError when it is none."""
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day; write YYYY-MM-DD") from None


def describe(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """The catalog row of a series, with its sources. UnknownName lists the nearest ids."""
    found = records(con, "SELECT * FROM series WHERE series = $name", {"name": name})
    if not found:
        known = [row[0] for row in con.execute("SELECT series FROM series").fetchall()]
        raise UnknownName("series", name, known)
    sources = records(
        con,
        "SELECT s.* FROM sources s JOIN series_sources p USING (source) WHERE p.series = $name ORDER BY preference",
        {"name": name},
    )
    return {**found[0], "sources": sources}


def figures(
    con: duckdb.DuckDBPyConnection, name: str, as_of: date | None = None, start: date | None = None
) -> list[Figure]:
    """All figures of a series as known on a day, oldest period first, derived or printed."""
    entry = con.execute("SELECT formula FROM series WHERE series = $name", {"name": name}).fetchone()
    if entry is None:
        describe(con, name)  # raises with the nearest ids
    day = as_of_day(con, as_of)
    if entry and entry[0]:
        stored = date.fromisoformat(meta(con)["as_of"]) == day
        source = "derived" if stored else "derived_as_of($day)"
        sql = (
            "SELECT series, period_start, period_end, vintage, value, 'A' AS status, 'derived' AS basis, "
            f"'wareconomy' AS source, inputs FROM {source} WHERE series = $name ORDER BY period_start, period_end"
        )
        params: dict[str, Any] = {"name": name} if stored else {"name": name, "day": day}
    else:
        sql = (
            "SELECT series, period_start, period_end, vintage, value, status, basis, source, [observation] AS inputs "
            "FROM figures_as_of($day) WHERE series = $name ORDER BY period_start, period_end"
        )
        params = {"name": name, "day": day}
    rows = con.execute(sql, params).fetchall()
    made = [Figure(r[0], Period(r[1], r[2]), r[3], r[4], r[5], r[6], r[7], tuple(r[8])) for r in rows]
    return [item for item in made if start is None or item.period.start >= start]


def figure(con: duckdb.DuckDBPyConnection, name: str, span: str, as_of: date | None = None) -> Figure:
    """One figure by series and period text (2025, 2025-03, 2025-01..2025-06, a day).

    A period that is not in the series raises UnknownName with the nearest ones.
    """
    try:
        wanted = period(span)
    except ValueError as error:
        raise UsageError(f"{span!r} is not a period: {error}") from None
    found = figures(con, name, as_of)
    for item in found:
        if item.period == wanted or label(item.period.start, item.period.end) == span:
            return item
    inside = [item for item in found if item.period.start == wanted.start]
    if len(inside) == 1:
        return inside[0]
    raise UnknownName("figure", f"{name}@{span}", [item.id for item in found])


def observation(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any] | None:
    """One observation by its id (table:line), with its document's name and its source's words."""
    found = records(
        con,
        "SELECT o.*, d.name AS document_name, s.title AS source_title, s.licence, s.terms, e.unit, e.title AS series_title "
        "FROM observations o LEFT JOIN documents d USING (document) LEFT JOIN sources s ON s.source = o.source "
        "LEFT JOIN series e ON e.series = o.series WHERE o.observation = $name",
        {"name": name},
    )
    return found[0] if found else None


def manual_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the hand-kept tables in the ledger."""
    sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'manual' ORDER BY table_name"
    return [row[0] for row in con.execute(sql).fetchall()]


def has_manual(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the ledger has a hand-kept table; to list them all takes ten times as long.

    Its view of a day is asked for: a name of a table may be taken for a file or a variable, that of a macro is not.
    """
    if not name.isidentifier():
        return False
    try:
        con.execute(f'SELECT 1 FROM manual."{name}_as_of"($day) LIMIT 0', {"day": FAR})
    except engine.load().CatalogException:
        return False
    return True


def manual_row(
    con: duckdb.DuckDBPyConnection, name: str, as_of: date | None = None, undated: bool = False
) -> dict[str, Any] | None:
    """One row of a hand-kept table by `table:key` (acts:L001, claims:C152) or `table:line`.

    With `as_of` as it stood that day: None when it was not known yet, and what came later is blank. A row whose day
    cannot be said is in no view of a day; `undated` shows it all the same.
    """
    table_name, _, key = name.partition(":")
    if not key or not has_manual(con, table_name):
        return None
    columns = [row[0] for row in con.execute(f'DESCRIBE manual."{table_name}"').fetchall()]
    where = "file_line = TRY_CAST($key AS BIGINT)" + (' OR "id" = $key' if "id" in columns else "")
    params: dict[str, Any] = {"key": key}
    source = f'manual."{table_name}"'
    if as_of:
        more = f" UNION ALL FROM {source} WHERE known IS NULL" if undated else ""
        source = f'(FROM manual."{table_name}_as_of"($day){more})'
        params["day"] = as_of
    found = records(con, f"SELECT * FROM {source} WHERE {where}", params)
    return {"table": table_name, **found[0]} if found else None
