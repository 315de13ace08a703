"""Sheets of an XLSX workbook as rows of plain values, each with its place (`Sheet!B14`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from wareconomy.sources import zipped
from wareconomy.sources.markup import squeeze
from wareconomy.sources.source import Malformed

Value = object
MAX_CELLS = 5_000_000
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]{0,400}?\br\s*=\s*["'](\d{1,7})["']""")
COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})\d""")
PARTS = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0][0]` is cell A1; an empty cell is ""."""

    name: str
    rows: list[list[Value]]

    def place(self, row: int, column: int) -> str:
        """`Sheet!B14` for the zero-based row and column."""
        return f"{self.name}!{letters(column)}{row + 1}"

    def find(self, wanted: Callable[[list[str]], bool], within: int = 60) -> int:
        """The first row whose texts fit, -1 when none does: header rows move from release to release."""
        for index, row in enumerate(self.rows[:within]):
            if wanted([label(value) for value in row]):
                return index
        return -1


def letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def label(value: Value) -> str:
    """A cell's text on one line, "" for a number."""
    return squeeze(value) if isinstance(value, str) else ""


def sheets(data: bytes, source: str, wanted: Callable[[str], bool]) -> Iterator[Sheet]:
    """The sheets whose names are wanted, in workbook order.

    Raises Malformed for a broken workbook and for a sheet whose farthest cell would make a table of more than
    `MAX_CELLS` cells (one cell in the last corner is enough for that).
    """
    from python_calamine import CalamineError, CalamineWorkbook

    packed = zipped.repacked(data, source, lambda name: bool(PARTS.fullmatch(name)))
    _no_giant_sheet(packed, source)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(packed))
        for name in workbook.sheet_names:
            if wanted(name):
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield Sheet(name, [list(row) for row in rows])
    except (CalamineError, ValueError, OSError, OverflowError, UnicodeError) as error:
        raise Malformed(source, f"the workbook cannot be read: {error}") from error
    except BaseException as error:
        # A panic of the reader's native code is no Exception, and no reason to end the process.
        if type(error).__name__ != "PanicException":
            raise
        raise Malformed(source, "the workbook breaks its reader") from error


def _no_giant_sheet(packed: bytes, source: str) -> None:
    for name, body in zipped.members(packed, source, lambda part: part.startswith("xl/worksheets/")).items():
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise Malformed(source, f"{name} has a document type")
        bottom = max((int(row) for row in ROW.findall(body)), default=1)
        right = max((_index(column) for column in set(COLUMN.findall(body))), default=1)
        if bottom * right > MAX_CELLS:
            raise Malformed(source, f"{name} spans {bottom:,} rows and {right:,} columns: refused")


def _index(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
