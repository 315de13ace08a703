"""Documents that are no data are refused by name; digits stay as printed; nothing is evaluated."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wareconomy.sources import python_repr, wire
from wareconomy.sources.source import Malformed


def zipped(name: str, data: bytes, times: int = 1) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(times):
            archive.writestr(name if not index else f"{index}{name}", data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  <!DOCTYPE html><p>Checking your browser", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "large-file"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": 1', "JSON"),
        (b'{"a": 1} x', "JSON"),
        (b"[" * 200_000, "deeply"),
        (b"[" + b"9" * 5_000 + b"]", "JSON"),
        ("[1]".encode("utf-16"), "UTF-8"),
        (b"[1]\0", "NUL"),
    ],
)
def test_what_is_no_json_is_named(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        wire.json_of("s", data)


def test_fractions_keep_their_digits() -> None:
    assert str(wire.json_of("s", b"[63864.64398969501]")[0]) == "63864.64398969501"
    assert str(wire.number("s", "82.010", "line 2", 0, 100)) == "82.010"


@pytest.mark.parametrize("text", ["", "1,5", "0x1", "1e999", "١", "NaN", "inf", "--1", "1_0", " 1"])
def test_a_number_is_plain(text: str) -> None:
    with pytest.raises(Malformed):
        wire.number("s", text, "line 2", -1e9, 1e9)


@pytest.mark.parametrize("value", [True, "5", None, 1.5, Decimal("Infinity"), Decimal(11)])
def test_a_json_number_is_a_number_within_bounds(value: object) -> None:
    with pytest.raises(Malformed):
        wire.bounded("s", value, "/0", 0, 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,c\n1,2\n", "missing column 'b'; new column 'c'"),
        ("a,b,b\n1,2,3\n", "repeated column 'b'"),
        ("a,b\n1\n", "line 2"),
        ('a,b\n1,"2\n', "broken CSV"),
        ("a,b\n1," + "x" * 140_000 + "\n", "line 2"),
        ("", "missing column"),
    ],
)
def test_a_changed_table_stops(text: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        list(wire.csv_rows("s", text, ("a", "b")))


def test_lines_are_those_of_the_file() -> None:
    made = list(wire.csv_rows("s", 'a,b\n1,"x\ny"\n\n2,z\n', ("a", "b")))
    assert [(row.line, row.cells["a"]) for row in made] == [(2, "1"), (5, "2")]


def test_an_error_object_is_told_by_its_own_words() -> None:
    with pytest.raises(Malformed, match="Invalid URL"):
        wire.records("s", {"error": {"code": 400, "message": "Invalid URL"}}, "days")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped("x.txt", b"1"), "0 files"),
        (zipped("x.csv", b"1", 2), "2 files"),
        (zipped("x.csv", b"0" * 3_000_000), "unpacks to"),
        (zipped("x.csv", bytes(range(256)) * 20)[:-40], "broken archive"),
        (b"PK\x03\x04 cut", "broken archive"),
    ],
)
def test_an_archive_holds_one_table_of_bounded_size(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said), wire.member("s", data, ".csv", 1_000_000) as stream:
        stream.read()


def test_a_damaged_member_is_found_while_reading() -> None:
    data = bytearray(zipped("x.csv", bytes(range(256)) * 20))
    data[60] ^= 0xFF
    with (
        pytest.raises(Malformed, match="broken archive"),
        wire.member("s", bytes(data), ".csv", 10_000) as stream,
    ):
        stream.read()


def test_python_cells_are_read_and_not_run() -> None:
    assert python_repr.parse("{'south': 61, 'north': NaN}") == {"south": 61.0, "north": None}
    assert python_repr.parse("{        'Kalibr': 'Black Sea'    }") == {"Kalibr": "Black Sea"}
    assert python_repr.parse("['a\\'b', \"c\", 1.5, None]") == ["a'b", "c", 1.5, None]


@pytest.mark.parametrize(
    "cell",
    [
        "__import__('os').system('true')",
        "['Odesa oblast', 'Kharkiv oblast]",
        "{'a': 1, 'a': 2}",
        "{'a' 1}",
        "{1: 2}",
        "{'a': 1",
        "[1 2]",
        "[" * 30 + "]" * 30,
        "[" * 19_000,
        "'" + "x" * 30_000 + "'",
        "1e5",
        "[1] [2]",
        "",
    ],
)
def test_other_cells_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        python_repr.parse(cell)


@given(st.text(alphabet="{}[]'\",:NaNone01. \\x", max_size=60))
def test_any_cell_ends_in_a_value_or_a_refusal(cell: str) -> None:
    with suppress(ValueError):
        python_repr.parse(cell)
