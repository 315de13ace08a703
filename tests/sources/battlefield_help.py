"""What the tests of the battlefield sources share: documents made from fixtures, and readings by key."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from wareconomy.sources.source import Document, Post, Reading, Row, Source

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
READ_AT = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)


def document(data: bytes | str, name: str = "x", url: str = "", at: datetime = READ_AT) -> Document:
    """A document of these bytes, or of the fixture of that name (`folder/file`)."""
    body = (FIXTURES / data).read_bytes() if isinstance(data, str) else data
    return Document(name, body, hashlib.sha256(body).hexdigest(), url, at)


def rows(source: Source, found: Document) -> list[Row]:
    """All rows; reading twice must give the same."""
    made = list(source.read(found))
    assert made == list(source.read(found))
    return made


def readings(source: Source, found: Document) -> dict[tuple[str, str], Reading]:
    """Readings by series and period; two of one key would hide one another."""
    made = [row for row in rows(source, found) if isinstance(row, Reading)]
    keyed = {(row.series, row.period): row for row in made}
    assert len(keyed) == len(made)
    return keyed


def posts(source: Source, found: Document) -> list[Post]:
    """Posts alone."""
    return [row for row in rows(source, found) if isinstance(row, Post)]
