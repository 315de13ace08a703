"""The ledger as one workbook: a first sheet that says what it is, then one sheet per table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.publish.export.resources import Resource, about, comments, defused_sql

if TYPE_CHECKING:
    import duckdb
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
LEFT_OUT = ("observations",)
"""All vintages are in the CSV and Parquet files; a sheet of them would slow down opening for a few readers'
need."""
UNUSED = {
    "figures": ("figure", "period_start", "publisher", "source_url", "title"),
    "derived": ("figure", "period_start", "title", "inputs"),
    "claim_checks": ("estimate_rows", "other_rows", "inputs"),
    "links": ("inputs",),
}
"""What other columns give (figure is series@period) or repeats: the sheet series, and the files, have it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, ready to be written without the ledger: `columns` are name and DuckDB type."""

    name: str
    words: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[tuple[Any, ...]]


def read(con: duckdb.DuckDBPyConnection, made: Sequence[Resource]) -> list[Sheet]:
    """The sheets in order; the figures of the territory have their own."""
    land = "starts_with(series, 'territory.')"
    by_name = {item.name: item for item in made}
    notes = comments(con)
    rest = [item for item in made if item.name not in ("series", "figures", "derived", *LEFT_OUT)]
    parts = [
        ("series", by_name["series"], "true"),
        ("figures", by_name["figures"], f"NOT {land}"),
        ("derived", by_name["derived"], f"NOT {land}"),
        ("territory", by_name["figures"], land),
        ("territory derived", by_name["derived"], f"{land} AND period_end - period_start > 7"),
        *((item.name, item, "true") for item in rest),
    ]
    return [
        _sheet(con, name, item, where, f"{item.title}. {about(item, notes)}") for name, item, where in parts
    ]


def _sheet(con: duckdb.DuckDBPyConnection, name: str, item: Resource, where: str, words: str) -> Sheet:
    described = con.execute(f"DESCRIBE {item.table}").fetchall()
    columns = tuple((row[0], row[1]) for row in described if row[0] not in UNUSED.get(item.name, ()))
    shown = ", ".join(_cell_sql(*column) for column in columns)
    rows = con.execute(f"SELECT {shown} FROM {item.table} WHERE {where}").fetchall()
    return Sheet(name, words, columns, rows)


def _cell_sql(name: str, held: str) -> str:
    """A date as its day number (so that no date object is made per cell), text defused and cut to what a
    cell holds."""
    quoted = f'"{name}"'
    if held == "DATE":
        return f"{quoted} - DATE '1899-12-30'"
    if held.endswith("[]"):
        return f"left({defused_sql(f'array_to_string({quoted}, chr(59))')}, {LONGEST_CELL})"
    return f"left({defused_sql(quoted)}, {LONGEST_CELL})" if held == "VARCHAR" else quoted


def write(path: Path, sheets: Sequence[Sheet], as_of: date, digest: str) -> None:
    """Write the workbook. Text is always a string cell; dates are dates; missing is an empty cell."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties(
        {"title": f"wareconomy, as known on {as_of}", "created": datetime(as_of.year, as_of.month, as_of.day)}
    )
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    _front(book.add_worksheet("README"), sheets, as_of, digest, bold)
    for item in sheets:
        _fill(book.add_worksheet(item.name), item, bold, day)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:  # the system's error in clothes of its own
        raise error.args[0] from error


def _front(sheet: Worksheet, sheets: Sequence[Sheet], as_of: date, digest: str, bold: Any) -> None:
    lines = [
        ("wareconomy", "A dated, sourced ledger of war-economy facts"),
        ("As known on", as_of.isoformat()),
        ("Input digest", digest),
        (
            "Licence",
            "CC BY 4.0 for the compilation; each figure keeps its publisher's terms (sheet sources, "
            "LICENSES.md)",
        ),
        ("Text cells", "An apostrophe was put before text that a spreadsheet would take for a formula"),
        ("Missing", "An empty cell is a value that is not known; it is never zero"),
        ("Figure ids", "series@period, for example ru.budget.balance@2025: what `wareconomy explain` takes"),
        (
            "Not in here",
            "All vintages (observations.csv), inputs and daily and weekly area changes (derived.csv)",
        ),
        ("", ""),
        *((item.name, item.words) for item in sheets),
    ]
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 110)
    for row, (left, right) in enumerate(lines):
        sheet.write_string(row, 0, left, bold)
        sheet.write_string(row, 1, right[:LONGEST_CELL])


def _fill(sheet: Worksheet, item: Sheet, bold: Any, day: Any) -> None:
    sheet.freeze_panes(1, 0)
    for place, (name, held) in enumerate(item.columns):
        sheet.set_column(place, place, 24 if held == "VARCHAR" else 12, day if held == "DATE" else None)
        sheet.write_string(0, place, name, bold)
    kinds = {"VARCHAR": sheet.write_string, "BOOLEAN": sheet.write_boolean}
    put = [
        sheet.write_string if held.endswith("[]") else kinds.get(held, sheet.write_number)
        for _, held in item.columns
    ]
    for line, cells in enumerate(islice(item.rows, MOST_ROWS), 1):
        for place, cell in enumerate(cells):
            if cell is not None:
                put[place](line, place, cell)
