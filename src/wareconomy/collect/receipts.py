"""Receipts: one JSON line for every request or drop-in, append-only, and an index to find the last one at once.

    data/raw/documents/receipts.jsonl     the record; one write and one fsync for each line
    data/processed/receipts.sqlite        the index; disposable, caught up from the record when it is opened

A line torn by a crash has no end; it is cut off before the next line is written, and ignored until then.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

DOCUMENT = "document"
UNCHANGED = "unchanged"
NOTHING = "nothing"
PRUNED = "pruned"
ALWAYS = ("source", "ask", "url", "at", "retrieved_at", "outcome")

TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS came (id INTEGER PRIMARY KEY, source TEXT, ask TEXT, sha TEXT, at TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS came_by_ask ON came (source, ask, at, id);
CREATE INDEX IF NOT EXISTS came_by_sha ON came (sha);
CREATE TABLE IF NOT EXISTS latest (source TEXT, ask TEXT, checked TEXT, body TEXT, PRIMARY KEY (source, ask));
CREATE TABLE IF NOT EXISTS pruned (sha TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request (or drop-in) and what came back.

    `outcome` is `document` (bytes that differ from the last ones), `unchanged`, `nothing` (not published yet), or the
    name of the error; `sha256` is the document that stands for the ask after it. `at` and `retrieved_at` differ for a
    document handed in later. `follows` counts further asks the document named. Times are ISO, UTC.
    """

    source: str
    ask: str
    url: str
    at: str
    retrieved_at: str
    outcome: str
    sha256: str | None = None
    size: int | None = None
    status: int | None = None
    final_url: str | None = None
    hops: int = 0
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    via: str = "http"
    seconds: float | None = None
    follows: int = 0
    note: str = ""

    @property
    def time(self) -> datetime:
        """When the publisher's answer was taken."""
        return datetime.fromisoformat(self.retrieved_at)

    def line(self) -> bytes:
        """The receipt as one line; what is blank is left out."""
        kept = {
            key: value for key, value in asdict(self).items() if key in ALWAYS or value not in (None, "", 0)
        }
        return (json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    @classmethod
    def read(cls, text: str | bytes) -> Receipt | None:
        """A receipt from its line; None for a line that is none."""
        try:
            body = json.loads(text)
            return cls(**{item.name: body[item.name] for item in fields(cls) if item.name in body})
        except (ValueError, TypeError, AttributeError):
            return None


def now(today: date | None = None) -> str:
    """This moment in UTC, to the millisecond; on another day when `today` is not about now (rebuilds, tests)."""
    moment = datetime.now(UTC)
    if today and today not in (moment.date(), date.today()):  # here it may be tomorrow or yesterday already
        moment = moment.replace(year=today.year, month=today.month, day=today.day)
    return moment.isoformat(timespec="milliseconds")


class Receipts:
    """The record and its index. Many threads may use it; only the holder of the archive's lock may append."""

    def __init__(self, path: Path, index: Path) -> None:
        self.path = path
        self._index = index
        self._lock = threading.RLock()
        self._con = self._open()
        self._catch_up()

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            self._con.close()

    def _open(self) -> sqlite3.Connection:
        self._index.parent.mkdir(parents=True, exist_ok=True)
        for attempt in (1, 2):
            con = sqlite3.connect(self._index, check_same_thread=False, isolation_level=None, timeout=30)
            try:
                con.execute("PRAGMA journal_mode=WAL")
                con.execute("PRAGMA synchronous=NORMAL")
                con.executescript(TABLES)
                con.execute("SELECT count(*) FROM facts").fetchone()
                return con
            except sqlite3.DatabaseError:
                if attempt == 2:
                    raise
            con.close()
            for path in self._index.parent.glob(self._index.name + "*"):
                path.unlink()
        raise sqlite3.DatabaseError(f"{self._index} cannot be made")

    # -------------------------------------------------------------------- writing

    def append(self, receipt: Receipt) -> None:
        """Write one receipt: one write, one fsync, or nothing at all."""
        line = receipt.line()
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                size = self._mend(handle)
                try:
                    if os.write(handle, line) != len(line):
                        raise OSError(28, os.strerror(28), str(self.path))
                    os.fsync(handle)
                except OSError:
                    os.ftruncate(handle, size)
                    raise
            finally:
                os.close(handle)
            self._catch_up()

    @staticmethod
    def _mend(handle: int) -> int:
        """Cut off a line that a crash left without its end; the size of what is whole."""
        size = os.fstat(handle).st_size
        whole, step = size, 1 << 16
        while whole:
            start = max(0, whole - step)
            piece = os.pread(handle, whole - start, start)
            found = piece.rfind(b"\n")
            if found >= 0:
                whole = start + found + 1
                break
            whole = start
        if whole != size:
            os.ftruncate(handle, whole)
        return whole

    def _catch_up(self) -> None:
        """Read what the record has beyond what the index knows."""
        with self._lock:
            try:
                stream = self.path.open("rb")
            except FileNotFoundError:
                self._forget()
                return
            with stream:
                if not self._same_beginning(stream.read(512)):
                    self._forget()
                offset = int(self._fact("offset", "0"))
                size = os.fstat(stream.fileno()).st_size
                if size < offset:
                    self._forget()
                    offset = 0
                if size == offset:
                    return
                stream.seek(offset)
                self._con.execute("BEGIN IMMEDIATE")
                try:
                    chain = self._fact("chain", "")
                    for line in stream:
                        if not line.endswith(b"\n"):
                            break
                        offset += len(line)
                        if receipt := Receipt.read(line):
                            chain = self._take(receipt, line.decode().rstrip("\n"), chain)
                    self._set(offset=str(offset), chain=chain)
                    self._con.execute("COMMIT")
                except BaseException:
                    self._con.execute("ROLLBACK")
                    raise
                stream.seek(0)
                self._set(head=_head(stream.read(512)))

    def _same_beginning(self, head: bytes) -> bool:
        known = self._fact("head", "")
        return not known or _head(head) == known

    def _forget(self) -> None:
        for table in ("facts", "came", "latest", "pruned"):
            self._con.execute(f"DELETE FROM {table}")

    def _take(self, receipt: Receipt, text: str, chain: str) -> str:
        put = self._con.execute
        if receipt.outcome == PRUNED:
            put("INSERT OR IGNORE INTO pruned VALUES (?)", (receipt.sha256,))
            return hashlib.sha256(f"{chain}-{receipt.sha256}".encode()).hexdigest()
        put(
            "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?)",
            (receipt.source, receipt.ask, receipt.at, text),
        )
        if receipt.outcome != DOCUMENT or not receipt.sha256:
            return chain
        put("DELETE FROM pruned WHERE sha = ?", (receipt.sha256,))
        put(
            "INSERT INTO came (source, ask, sha, at, body) VALUES (?, ?, ?, ?, ?)",
            (receipt.source, receipt.ask, receipt.sha256, receipt.retrieved_at, text),
        )
        key = f"{chain}+{receipt.source}|{receipt.ask}|{receipt.sha256}|{receipt.retrieved_at[:10]}"
        return hashlib.sha256(key.encode()).hexdigest()

    def _fact(self, name: str, default: str) -> str:
        row = self._con.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def _set(self, **facts: str) -> None:
        self._con.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))

    # -------------------------------------------------------------------- reading

    def _receipts(self, sql: str, values: tuple[Any, ...] = ()) -> list[Receipt]:
        with self._lock:
            rows = self._con.execute(sql, values).fetchall()
        return [made for (text,) in rows if (made := Receipt.read(text))]

    def last_document(self, source: str, ask: str) -> Receipt | None:
        """The newest document that came for an ask."""
        found = self._receipts(
            "SELECT body FROM came WHERE source = ? AND ask = ? ORDER BY at DESC, id DESC LIMIT 1",
            (source, ask),
        )
        return found[0] if found else None

    def last_check(self, source: str, ask: str) -> Receipt | None:
        """The newest receipt of an ask, whatever came of it."""
        found = self._receipts("SELECT body FROM latest WHERE source = ? AND ask = ?", (source, ask))
        return found[0] if found else None

    def last_good(self, source: str) -> str | None:
        """When the source last answered as it should (a document, unchanged, or nothing yet); ISO, UTC."""
        with self._lock:
            row = self._con.execute(
                "SELECT max(at) FROM (SELECT checked AS at FROM latest WHERE source = ? "
                "AND json_extract(body, '$.outcome') IN (?, ?, ?) UNION ALL SELECT at FROM came WHERE source = ?)",
                (source, DOCUMENT, UNCHANGED, NOTHING, source),
            ).fetchone()
        return str(row[0]) if row and row[0] else None

    def checks(self) -> list[Receipt]:
        """The newest receipt of every ask."""
        return self._receipts("SELECT body FROM latest ORDER BY source, ask")

    def came(self, source: str | None = None) -> list[Receipt]:
        """Receipts that brought a document still kept, oldest first."""
        where, values = ("AND source = ?", (source,)) if source else ("", ())
        return self._receipts(
            f"SELECT body FROM came WHERE sha NOT IN (SELECT sha FROM pruned) {where} ORDER BY at, id", values
        )

    def sources(self) -> list[str]:
        """Sources with at least one document."""
        with self._lock:
            return [row[0] for row in self._con.execute("SELECT DISTINCT source FROM came ORDER BY source")]

    def changed(self) -> dict[str, str]:
        """When a document last came that differed from the one before, by source."""
        with self._lock:
            return dict(self._con.execute("SELECT source, max(at) FROM came GROUP BY source").fetchall())

    def hashes(self) -> set[str]:
        """Every document a receipt speaks of and nobody pruned."""
        with self._lock:
            rows = self._con.execute(
                "SELECT DISTINCT sha FROM came WHERE sha NOT IN (SELECT sha FROM pruned)"
            )
            return {row[0] for row in rows}

    def chain(self) -> str:
        """A digest over every document that came, in order; empty when none did."""
        with self._lock:
            return self._fact("chain", "")

    def lines(self) -> Iterator[tuple[int, Receipt | None]]:
        """Every whole line of the record with its number; None for one that is no receipt."""
        try:
            stream = self.path.open("rb")
        except FileNotFoundError:
            return
        with stream:
            for number, line in enumerate(stream, 1):
                if line.endswith(b"\n"):
                    yield number, Receipt.read(line)


def _head(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if len(data) == 512 else ""
