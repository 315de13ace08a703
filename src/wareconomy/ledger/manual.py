"""The hand-kept tables in the ledger: typed rows with the day each could be known, and a view of each as it stood on a day.

A row is shown from the day it could be known. Some of its cells came later still (what a measurer published about a
statement, what replaced a provision): the catalog names the day of each (`since`), and a view as of an earlier day leaves
them blank. What says how the row is kept (`record`: the page cited, when it was read, notes) stays with it in every view,
though a page may be younger than the day: no row is shown without its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from wareconomy.catalog import Column, Table
from wareconomy.ledger import loading
from wareconomy.ledger.observations import Observation
from wareconomy.model import partial_date
from wareconomy.sources.manual import ManualTable

if TYPE_CHECKING:
    import duckdb

SQL_TYPES = {"number": "DOUBLE", "integer": "BIGINT", "date": "DATE", "yesno": "BOOLEAN", "list": "VARCHAR[]"}
ON_A_DAY = {
    # A law signed and not yet in force; the rule for rows without dates is that of the table's description.
    ("acts", "stage"): "CASE WHEN stage = 'in_force' AND NOT {in_force_on} THEN CASE "
    "WHEN signed_on IS NOT NULL THEN 'signed' WHEN adopted_on IS NOT NULL THEN 'adopted' "
    "WHEN act_type IN ('federal_law', 'federal_constitutional_law', 'law_ukraine', 'eu_regulation') THEN 'adopted' "
    "ELSE 'signed' END ELSE stage END",
}
"""Cells that say something else on an earlier day, as SQL over the row and `as_of`; {column}: its date was over."""
TOMORROW = "strftime(least(CAST(as_of AS DATE), DATE '9998-12-31') + 1, '%Y-%m-%d')"
"""The day after the one asked for, as text: dates are compared as text, which DuckDB plans in a fifth of the time."""


def write(
    con: duckdb.DuckDBPyConnection, table: ManualTable, seen: Mapping[str, date], as_of: date | None
) -> None:
    """One hand-kept table as manual.<name>, and the macro manual.<name>_as_of(day); with `as_of` as it stood that day.

    `seen` holds the day the first figure of a row became known, by locator (see first_vintages).
    """
    days = [
        seen.get(f"{table.spec.file} line {line}") or known_day(table, row)
        for row, line in enumerate(table.lines)
    ]
    kept = [row for row, day in enumerate(days) if as_of is None or (day is not None and day <= as_of)]
    declared = table.spec.columns.values()
    kinds = {column.name: SQL_TYPES.get(column.type, "VARCHAR") for column in declared}
    columns = {column.name: _typed(column.type, table.values[column.name], kept) for column in declared}
    kinds |= {"known": "DATE", "file_line": "BIGINT"}
    columns |= {"known": [days[row] for row in kept], "file_line": [table.lines[row] for row in kept]}
    name = f'manual."{table.spec.name}"'
    typed = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
    con.execute(f"CREATE TABLE {name} ({typed})")
    loading.insert(con, name, kinds, columns, "ORDER BY file_line")
    macro = f'manual."{table.spec.name}_as_of"'
    con.execute(f"CREATE MACRO {macro}(as_of) AS TABLE {_on_a_day(table.spec)}")
    if as_of is not None and _dated(table.spec):
        con.execute(f"CREATE TEMP TABLE stood AS SELECT * FROM {macro}($day)", {"day": as_of})
        con.execute(f"DELETE FROM {name}")
        con.execute(f"INSERT INTO {name} SELECT * FROM stood ORDER BY file_line")
        con.execute("DROP TABLE stood")
    _comment(con, table.spec)


def _on_a_day(spec: Table) -> str:
    """The rows known on a day, each as it stood: what came later is blank."""
    replaced = ", ".join(f'{sql} AS "{name}"' for name, sql in _dated(spec).items())
    cells = f"* REPLACE ({replaced})" if replaced else "*"
    return f'SELECT {cells} FROM manual."{spec.name}" WHERE known <= as_of'


def _dated(spec: Table) -> dict[str, str]:
    """SQL by column, for the cells that are not the same on every day."""
    columns = spec.columns
    others = {column.since for column in columns.values() if column.since != column.name}
    over = {name: _over(column) for name, column in columns.items()}
    shown = {name: over[name] if name in others else _told(column) for name, column in columns.items()}
    blank = {
        column.name: f'CASE WHEN {shown[column.since]} THEN "{column.name}" END'
        for column in columns.values()
        if column.since
    }
    other = {column: sql.format(**over) for (table, column), sql in ON_A_DAY.items() if table == spec.name}
    return blank | other


def _over(column: Column) -> str:
    """SQL for whether a date was over on the day: what is known from a month on counts from its end."""
    cell = f'"{column.name}"'
    return f"{cell} <= as_of" if column.type == "date" else f"{cell} < left({TOMORROW}, length({cell}))"


def _told(column: Column) -> str:
    """SQL for whether an event of the row may be told: with the row where it had begun by then, else when it was over."""
    cell = f'"{column.name}"'
    if column.type == "date":
        return _over(column)
    return f"({cell} <= left(strftime(known, '%Y-%m-%d'), length({cell})) OR {_over(column)})"


def _comment(con: duckdb.DuckDBPyConnection, spec: Table) -> None:
    name = f'manual."{spec.name}"'
    con.execute(f"COMMENT ON TABLE {name} IS {quote(f'{spec.title}. {spec.about}')}")
    notes = {column.name: column.about for column in spec.columns.values()}
    notes |= {
        "known": "Day the public could know the row; blank when it cannot be said.",
        "file_line": "Line of the file.",
    }
    for column, note in notes.items():
        con.execute(f'COMMENT ON COLUMN {name}."{column}" IS {quote(note)}')
    words = f"Rows of {spec.name} known on a day, each as it stood: what came later is blank."
    con.execute(f'COMMENT ON MACRO TABLE manual."{spec.name}_as_of" IS {quote(words)}')


def first_vintages(made: Sequence[Observation]) -> dict[str, date]:
    """The day the first figure of each row became known, by locator: a row is never known later than its figures."""
    first: dict[str, date] = {}
    for row in made:
        first[row.locator] = min(row.vintage, first.get(row.locator, row.vintage))
    return first


def known_day(table: ManualTable, row: int) -> date | None:
    """The day a row could be known: known_on, the table's own date columns, published_on, retrieved_on."""
    for name in ("known_on", *table.spec.known, "published_on", "retrieved_on"):
        text = table.printed[name][row]
        if text:
            return partial_date(text.split("..")[-1] or text.split("..")[0]).end
    return None


def _typed(kind: str, cells: Sequence[object], kept: Sequence[int]) -> list[object]:
    """The cells of a column that are kept, as values of its type."""
    wanted = [cells[row] for row in kept]
    if kind == "yesno":
        return [None if cell is None else cell == "yes" for cell in wanted]
    if kind == "list":
        return [None if cell is None else str(cell).split(";") for cell in wanted]
    return wanted


def quote(text: str) -> str:
    """A text literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
