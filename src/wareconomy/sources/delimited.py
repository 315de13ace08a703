"""From the bytes of a hand-kept CSV to text cells with line numbers, whatever program saved it.

Takes what spreadsheets write (byte-order mark, semicolons or tabs, CRLF, `sep=;`), and refuses, with advice,
what would change figures in silence: another encoding, NUL bytes, rows of the wrong width, huge files.
Nothing is guessed about numbers here: cells stay text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wareconomy.errors import Finding

MAX_BYTES = 20_000_000
MAX_CELL = 20_000
CYRILLIC_WORD = re.compile(rb"[\xa8\xaa\xaf\xb2\xb3\xb8\xba\xbf\xc0-\xff]{3,}")
"""Three or more bytes in a row that Windows-1251 uses for Cyrillic letters."""

WIDE = {
    frozenset({1, 3}): "UTF-16",
    frozenset({0, 2}): "UTF-16",
    frozenset({1, 2, 3}): "UTF-32",
    frozenset({0, 1, 2}): "UTF-32",
}
"""Which bytes of four are zero in Latin letters, in either order of bytes."""


@dataclass(slots=True)
class Cells:
    """Header and rows of one file; `lines[i]` is the line on which row i starts."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(data: bytes, file: str, expected: Sequence[str]) -> Cells:
    """Cells of the file, with a finding for everything wrong about its form.

    `expected` are the declared column names: they decide the delimiter, and a missing, repeated or
    unknown column is a finding of its own.
    """
    cells = Cells()
    text = _decode(data, file, cells.findings)
    if text is None:
        return cells
    delimiter, body, skipped = _delimiter(text, expected)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    start = 1 + skipped
    try:
        for row in reader:
            line, start = start, reader.line_num + skipped + 1
            if not cells.header:
                cells.header = [name.strip() for name in row]
                _check_header(cells, file, expected)
                if cells.findings:
                    return cells
            elif any(cell.strip() for cell in row):
                _keep(cells, row, line, file)
    except csv.Error as error:
        advice = f"the CSV is broken here ({error}); check the quotes on and above this line"
        cells.findings.append(Finding(file, start, "", "", "quoting", advice))
    if not cells.header:
        cells.findings.append(Finding(file, 0, "", "", "empty file", "restore the header row and the rows"))
    return cells


def _keep(cells: Cells, row: list[str], line: int, file: str) -> None:
    width = len(cells.header)
    if len(row) != width:
        advice = f"this row has {len(row)} cells, the header {width}; quote any cell that holds the delimiter"
        cells.findings.append(Finding(file, line, "", "", "row width", advice))
        return
    for name, cell in zip(cells.header, row, strict=True):
        if len(cell) > MAX_CELL:
            advice = f"a cell may hold {MAX_CELL:,} characters; look for a missing closing quote"
            cells.findings.append(Finding(file, line, name, cell, "cell too long", advice))
            return
    cells.rows.append([cell.strip() for cell in row])
    cells.lines.append(line)


def _decode(data: bytes, file: str, findings: list[Finding]) -> str | None:
    def refuse(rule: str, advice: str) -> None:
        findings.append(Finding(file, 0, "", "", rule, advice))

    if len(data) > MAX_BYTES:
        refuse(
            "file too large",
            f"{len(data) / 1e6:.0f} MB; a hand-kept table may have {MAX_BYTES / 1e6:.0f} MB. "
            "Machine-made data belongs to a source of its own.",
        )
        return None
    if not data.strip():
        refuse("empty file", "restore the header row and the rows")
        return None
    if wide := _wide(data):
        refuse("encoding", f"the file is {wide}; save it as 'CSV UTF-8 (comma delimited)'")
        return None
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        findings.append(
            Finding(file, line, "", "", "NUL byte", "the file is damaged or not a CSV; restore this line")
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "Windows-1251" if CYRILLIC_WORD.search(data) else "not UTF-8"
        line = data[: error.start].count(b"\n") + 1
        advice = "save it again as 'CSV UTF-8' (Excel: Save As, type CSV UTF-8)"
        findings.append(Finding(file, line, "", "", f"encoding: {name}", advice))
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32, by the byte-order mark or by which bytes of the first letters (the header's) are zero."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the first begins like a mark of UTF-16
        return "UTF-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    head = data[:32]
    zero = frozenset(place for place in range(4) if head[place::4] and not any(head[place::4]))
    return WIDE.get(zero)


def _delimiter(text: str, expected: Sequence[str]) -> tuple[str, str, int]:
    """Delimiter, the text without a `sep=` line, and how many lines were taken off."""
    first, newline, rest = text.partition("\n")
    if newline and first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest, 1
    names = set(expected)
    known = {
        mark: sum(cell.strip().strip('"') in names for cell in first.strip().split(mark))
        for mark in (",", ";", "\t")
    }
    return max(known, key=lambda mark: known[mark]), text, 0


def _check_header(cells: Cells, file: str, expected: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in cells.header:
        if name in seen:
            cells.findings.append(
                Finding(file, 1, name, "", "repeated column", "keep one of the two columns")
            )
        elif name not in expected:
            advice = f"not declared for this table; declared are {', '.join(expected)}"
            cells.findings.append(Finding(file, 1, name, "", "unknown column", advice))
        seen.add(name)
    for name in expected:
        if name not in seen:
            advice = "add the column, blank where there is no value"
            cells.findings.append(Finding(file, 1, name, "", "missing column", advice))
