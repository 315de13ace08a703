"""From the bytes of a document to text, JSON values, CSV rows or a member of an archive; all else is Malformed.

What arrives from the network is never trusted: sizes and depths are bounded, nothing is evaluated, and a
web page, a pointer of a large-file store or a cut body where data was due is refused by name. Printed
digits are kept: JSON numbers become Decimal, CSV cells stay text.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NamedTuple

from wareconomy.sources.source import Malformed

MAX_CELL = 100_000
MAX_BYTES = 50_000_000
MAX_DIGITS = 40
MAX_RATIO = 400
"""A control file packs about 40 times; 400 leaves room, and no more."""
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)
PAGE = re.compile(rb"\s*(<!doctype html|<html|<head|<body)", re.IGNORECASE)
BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, OSError, OverflowError, ValueError),
)
"""All that the standard library raises over a damaged archive; a hostile offset is a ValueError."""
POINTER = b"version https://git-lfs"


class Row(NamedTuple):
    """One row of a CSV by column name, and the line it starts on (the header is line 1)."""

    line: int
    cells: Mapping[str, str]

    @property
    def locator(self) -> str:
        """`line 37`, as `explain` prints it."""
        return f"line {self.line}"


def checked(source: str, data: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """The same bytes, when they can be data at all: not empty, not too many, no web page, no large-file pointer."""
    if not data.strip():
        raise Malformed(source, "the document is empty")
    if len(data) > max_bytes:
        raise Malformed(source, f"{len(data):,} bytes, more than the {max_bytes:,} this document may have")
    if PAGE.match(data[:200]):
        raise Malformed(
            source, "a web page where data was due", advice="look at it: it may be a wall or a login page"
        )
    if data.startswith(POINTER):
        raise Malformed(source, "a pointer of a large-file store instead of the file itself")
    return data


def text_of(source: str, data: bytes, max_bytes: int = MAX_BYTES) -> str:
    """UTF-8 text without a byte-order mark. NUL bytes and other encodings are Malformed."""
    try:
        text = checked(source, data, max_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Malformed(source, "not UTF-8", f"line {line}") from None
    if "\0" in text:
        raise Malformed(
            source, "NUL bytes in the text", f"line {text[: text.index(chr(0))].count(chr(10)) + 1}"
        )
    return text


def json_of(source: str, data: bytes, max_bytes: int = MAX_BYTES, exact: bool = True) -> Any:
    """The value of a JSON document; fractions are Decimal, so their digits stay as printed.

    Refuses NaN and infinities, keys that stand twice in one object, endless nesting and anything after the value.
    `exact=False` is for bodies of coordinates: fractions are floats and a key that stands twice passes.
    """
    if not exact:
        return _loose(source, checked(source, data, max_bytes))
    text = text_of(source, data, max_bytes)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            raise ValueError("a key stands twice in one object")
        return made

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not a number")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_float=Decimal, parse_constant=constant)
    except RecursionError:
        raise Malformed(source, "nested too deeply") from None
    except (ValueError, InvalidOperation) as error:
        raise Malformed(source, f"not sound JSON ({error})", advice="a cut body looks like this") from None


def _loose(source: str, data: bytes) -> Any:
    """The value of a large body, by a faster library: fractions are floats."""
    import msgspec

    if b"\0" in data:
        raise Malformed(source, "NUL bytes in the text")
    try:
        return msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except RecursionError:
        raise Malformed(source, "nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError, ValueError) as error:
        raise Malformed(source, f"not sound JSON ({error})", advice="a cut body looks like this") from None


def csv_rows(source: str, text: str, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Rows of a CSV whose header must hold every `required` name and none beyond `optional`.

    Reads lazily; a broken quote, a row of the wrong width, an endless cell or a last line without an end is Malformed.
    """
    header, rows = csv_cells(source, text, required, optional)
    for line, cells in rows:
        yield Row(line, dict(zip(header, cells, strict=False)))


def csv_cells(
    source: str, text: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The same as header and bare rows with their lines, for tables so long that a mapping a row is felt."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Malformed(source, f"broken CSV ({error})", f"line {reader.line_num}") from None
    check_header(source, header, required, optional)
    if not text.endswith(("\n", "\r")):
        where = f"line {text.count(chr(10)) + 1}"
        raise Malformed(source, "the last line has no end", where, "a cut figure would read as another one")

    def rows() -> Iterator[tuple[int, list[str]]]:
        width, start = len(header), reader.line_num + 1
        try:
            for cells in reader:
                line, start = start, reader.line_num + 1
                if not any(cells):
                    continue
                if max(map(len, cells)) > MAX_CELL:
                    raise Malformed(source, f"a cell of more than {MAX_CELL:,} characters", f"line {line}")
                if len(cells) != width:
                    raise Malformed(source, f"{len(cells)} cells under {width} names", f"line {line}")
                yield line, cells
        except csv.Error as error:
            raise Malformed(source, f"broken CSV ({error})", f"line {reader.line_num}") from None

    return header, rows()


def check_header(
    source: str, header: Sequence[str], required: Sequence[str], optional: Sequence[str] = ()
) -> None:
    """Malformed when a column is missing, new or there twice, with the names."""
    missing = [name for name in required if name not in header]
    new = [name for name in header if name not in required and name not in optional]
    twice = sorted({name for name in header if header.count(name) > 1})
    parts = [
        f"{what} {', '.join(map(repr, names[:8]))}"
        for what, names in (("missing column", missing), ("new column", new), ("repeated column", twice))
        if names
    ]
    if parts:
        raise Malformed(source, "; ".join(parts), "line 1", "the table has changed: look before reading on")


def number(source: str, text: str, where: str, low: float, high: float) -> Decimal:
    """A plain decimal number within bounds, exactly as printed."""
    if not NUMBER.fullmatch(text):
        raise Malformed(source, f"{text[:60]!r} is not a number", where)
    return bounded(source, Decimal(text), where, low, high)


def real(source: str, text: str, where: str, low: float, high: float) -> float:
    """A plain decimal number within bounds as a float, for checks that need no digits."""
    if not NUMBER.fullmatch(text):
        raise Malformed(source, f"{text[:60]!r} is not a number", where)
    value = float(text)
    if not low <= value <= high:
        raise Malformed(source, f"{text[:60]} is outside {low:g} to {high:g}", where)
    return value


def whole(source: str, value: Any, where: str, low: int, high: int) -> int:
    """A JSON integer within bounds; a boolean, a fraction or text is Malformed."""
    if type(value) is not int:
        raise Malformed(source, f"{str(value)[:40]!r} where a whole number was due", where)
    if not low <= value <= high:
        raise Malformed(source, f"{value} is outside {low} to {high}", where)
    return value


def bounded(source: str, value: Any, where: str, low: float, high: float) -> Decimal:
    """A JSON number (int or Decimal, no boolean, no text) within bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Malformed(source, f"{str(value)[:60]!r} where a number was due", where)
    found = Decimal(value)
    if not found.is_finite() or not low <= found <= high:
        raise Malformed(source, f"{str(value)[:60]} is outside {low:g} to {high:g}", where)
    return found


def day(source: str, text: Any, where: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        if not isinstance(text, str) or len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(source, f"{str(text)[:40]!r} is not a day", where) from None


def records(source: str, value: Any, what: str, most: int = 200_000) -> list[dict[str, Any]]:
    """A JSON list of objects, not empty. An object with `error` or `message` is named as what it is."""
    if isinstance(value, dict) and ("error" in value or "message" in value):
        said = json.dumps(value.get("error", value.get("message")), default=str, ensure_ascii=False)
        raise Malformed(source, f"an error instead of {what}: {said[:200]}")
    if not isinstance(value, list) or not value:
        raise Malformed(source, f"no list of {what}")
    if len(value) > most:
        raise Malformed(source, f"{len(value):,} {what}, more than {most:,}")
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            raise Malformed(source, f"{what}: an entry is no object", f"/{index}")
    return value


@contextmanager
def member(source: str, data: bytes, suffix: str, max_bytes: int) -> Iterator[IO[bytes]]:
    """The one file of a ZIP archive whose name ends with `suffix`, as a stream that is never longer than `max_bytes`.

    Damage found while reading (a wrong checksum, a cut stream) is Malformed too.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            named = [item for item in archive.infolist() if item.filename.endswith(suffix)]
            if len(named) != 1:
                raise Malformed(source, f"{len(named)} files ending in {suffix} in the archive, one was due")
            item = named[0]
            if item.file_size > max_bytes or item.file_size > MAX_RATIO * max(len(data), 1):
                raise Malformed(
                    source, f"{item.filename[:80]} unpacks to {item.file_size:,} bytes", advice="refused"
                )
            with archive.open(item) as stream:
                yield stream
    except BROKEN_ARCHIVE as error:
        raise Malformed(source, f"broken archive ({error})") from None
