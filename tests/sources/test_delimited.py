"""Files as spreadsheets save them, and files that are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wareconomy.sources import delimited

EXPECTED = ("month", "value", "note")
ROWS = [["2025-01", "1.5", "plain"], ["2025-02", "2", 'with "quotes", and comma'], ["2025-03", "3", "рубли"]]


def written(delimiter: str = ",", newline: str = "\n") -> str:
    def quote(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell

    lines = [EXPECTED, *ROWS]
    return newline.join(delimiter.join(map(quote, line)) for line in lines) + newline


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_save_reads_the_same(bom: str, newline: str, delimiter: str) -> None:
    cells = delimited.read((bom + written(delimiter, newline)).encode(), "t.csv", EXPECTED)
    assert cells.findings == []
    assert cells.rows == ROWS
    assert cells.lines == [2, 3, 4]


def test_a_sep_line_of_excel_is_taken_off_and_lines_still_count_from_the_file() -> None:
    cells = delimited.read(("sep=;\n" + written(";")).encode(), "t.csv", EXPECTED)
    assert cells.rows == ROWS
    assert cells.lines == [3, 4, 5]


def test_line_numbers_survive_cells_with_line_breaks() -> None:
    data = b'month,value,note\n2025-01,1,"two\nlines"\n\n2025-02,2,x\n'
    cells = delimited.read(data, "t.csv", EXPECTED)
    assert cells.lines == [2, 5]


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"", "empty file", 0),
        (b"  \n\n", "empty file", 0),
        ("month,value,note\n2025-01,1,прибыль\n".encode("cp1251"), "encoding: Windows-1251", 2),
        ("month,value,note\n2025-01,1,café\n".encode("latin-1"), "encoding: not UTF-8", 2),
        (written().encode("utf-16"), "encoding", 0),
        (b"month,value,note\n2025-01,1\x00,x\n", "NUL byte", 2),
        (b"month,value,note\n2025-01,1\n", "row width", 2),
        (b'month,value,note\n2025-01,1,"open\n', "quoting", 2),
        (b"month,value\n2025-01,1\n", "missing column", 1),
        (b"month,value,note,extra\n", "unknown column", 1),
        (b"month,value,note,value\n", "repeated column", 1),
        (b"month,value,note\n2025-01,1," + b"x" * 30_000 + b"\n", "cell too long", 2),
        (b"x" * (delimited.MAX_BYTES + 1), "file too large", 0),
    ],
)
def test_broken_files_are_refused_with_a_place_and_a_rule(data: bytes, rule: str, line: int) -> None:
    findings = delimited.read(data, "t.csv", EXPECTED).findings
    assert [(finding.rule, finding.line) for finding in findings] == [(rule, line)]
    assert findings[0].advice


@given(st.binary(max_size=400))
def test_any_bytes_end_in_rows_or_findings(data: bytes) -> None:
    cells = delimited.read(data, "t.csv", EXPECTED)
    assert len(cells.rows) == len(cells.lines)
    assert all(len(row) == len(EXPECTED) for row in cells.rows)
    assert cells.rows or cells.findings or cells.header


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_named_with_and_without_their_mark(encoding: str, mark: str) -> None:
    (found,) = delimited.read((mark + written()).encode(encoding), "t.csv", EXPECTED).findings
    assert (found.rule, found.line) == ("encoding", 0)
    assert encoding[:6].upper() in found.advice
