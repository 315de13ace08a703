"""One row more in a hand-kept table: judged by the table's own schema, then written in one step, all else untouched."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from wareconomy import release
from wareconomy.catalog import Catalog
from wareconomy.checks import schemas
from wareconomy.errors import Finding, InputError, Locked
from wareconomy.settings import Settings
from wareconomy.sources import manual

NUMBERED = re.compile(r"([A-Z])([0-9]{3})")
APART = 900
"""Rows from this number on were added beside the others; the next row continues the run below it."""


def next_id(path: Path, letter: str) -> str:
    """The id after the last of the run (C324: C325). Raises InputError when the three digits are used up."""
    taken = {
        int(found[2])
        for row in _rows(path)
        if (found := NUMBERED.fullmatch(row.get("id", ""))) and found[1] == letter
    }
    free = max((number for number in taken if number < APART), default=0) + 1
    while free in taken:
        free += 1
    return f"{letter}{free:03d}"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True, slots=True)
class Row:
    """A row that its table would take: the file as it stood, its bytes with the row, and the number of the row's line."""

    path: Path
    before: bytes
    data: bytes
    line: int

    def write(self) -> None:
        """Put the file with the row in place of the file without it, in one step.

        Raises Locked when somebody else has written to the file since it was judged.
        """
        with release.storage_errors(self.path.parent):
            if self.path.read_bytes() != self.before:
                raise Locked(
                    f"{self.path.name} was changed at this moment by somebody else; run the command again"
                )
            _replace(self.path, self.data)


def judged(here: Settings, catalog: Catalog, table: str, cells: Mapping[str, str], today: date) -> Row:
    """A row at the end of a table, judged and not yet written.

    Raises InputError with a finding for every cell that the table's schema refuses. Line ends, quoting and every byte
    that stands in the file stay as they are.
    """
    path = here.manual / catalog.tables[table].file
    before = path.read_bytes()
    after = before + _line(before, list(catalog.tables[table].columns), cells)
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        (aside / path.name).write_bytes(after)
        dialects = here.manual / manual.DIALECTS
        if dialects.is_file():
            (aside / manual.DIALECTS).write_bytes(dialects.read_bytes())
        read = manual.read_all(aside, catalog, only=[table])
        lines = read[table].lines
        own = lines[-1] if lines else 0
        wrong = [item for item in schemas.validate(read, catalog, today) if item.line in (0, own)]
    if wrong:
        raise InputError([_told(item) for item in wrong])
    return Row(path, before, after, own)


def _told(item: Finding) -> Finding:
    """A finding about a row that stands in no file yet: what to set, instead of where."""
    if not item.line:
        return item
    return replace(item, line=0, advice=f"{item.advice}; give it with --set {item.column}=VALUE")


def _line(before: bytes, columns: list[str], cells: Mapping[str, str]) -> bytes:
    end = "\r\n" if b"\r\n" in before[:4096] else "\n"
    out = io.StringIO(newline="")
    csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator=end).writerow(
        {key: " ".join(value.split()) for key, value in cells.items()}
    )
    gap = "" if before.endswith(b"\n") or not before else end
    return (gap + out.getvalue()).encode("utf-8")


def _replace(path: Path, data: bytes) -> None:
    """All of the new file or all of the old one, whatever happens in between; its permissions stay."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        aside.chmod(path.stat().st_mode & 0o777)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
