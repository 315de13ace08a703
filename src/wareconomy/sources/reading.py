"""Documents to rows, each read once: rows are kept by document, ask, day and the digest of the code that read them.

    data/processed/readings.sqlite        disposable; what is missing is read again, on all cores when it is much

A document that cannot be read is a `Read` with an error and no rows; the others are not disturbed.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from wareconomy.collect.archive import Archive
from wareconomy.collect.ask import Document
from wareconomy.collect.receipts import Receipt
from wareconomy.errors import WareconomyError, shorten
from wareconomy.sources.registry import Registered
from wareconomy.sources.source import Candidate, Malformed, Post, Reading, Row

Key = tuple[str, str, str, str, str]
MUCH = 24
"""From so many unread documents on, reading is spread over processes."""
CHUNK = 8
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS readings "
    "(source, ask, sha, day, code, body BLOB, PRIMARY KEY (source, ask, sha, day, code))"
)
POST = [item.name for item in fields(Post)]
PLACE, KNOWN, POSTED = (
    *(Reading._fields.index(name) for name in ("locator", "known_on")),
    POST.index("posted_at"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of one document, or why it has none. `malformed` tells a document's fault from a parser's."""

    readings: tuple[Reading, ...] = ()
    posts: tuple[Post, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    error: str = ""
    malformed: bool = False

    @property
    def rows(self) -> int:
        """How many rows there are of all kinds."""
        return len(self.readings) + len(self.posts) + len(self.candidates)

    def content(self) -> tuple[Any, ...]:
        """What the document says, wherever it stands in it."""
        said = tuple((*row[:PLACE], *row[PLACE + 1 :]) for row in self.readings)
        posts = tuple((post.channel, post.number, post.stable_hash, post.edited) for post in self.posts)
        return (
            said,
            posts,
            tuple((item.table, *sorted(item.cells.items())) for item in self.candidates),
            self.error,
        )


def read(registered: Registered, document: Document) -> Read:
    """Read one document now."""
    try:
        return _sort(registered.load().read(document))
    except Malformed as error:
        return Read(error=str(error), malformed=True)
    except WareconomyError as error:
        return Read(error=f"{registered.id}: {error}", malformed=True)
    except RecursionError:
        return Read(error=f"{registered.id}: {document.name} is nested too deeply to be read", malformed=True)
    except Exception as error:
        return Read(error=f"{registered.id}: its parser failed on {document.name}: {_short(error)}")


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {shorten(str(error), 200)}"


def _sort(rows: Iterable[Row]) -> Read:
    readings: list[Reading] = []
    posts: list[Post] = []
    candidates: list[Candidate] = []
    for row in rows:
        if isinstance(row, Reading):
            for value in (row.value, row.low, row.high):
                if value is not None and not math.isfinite(value):
                    raise Malformed(
                        row.series, f"{row.printed!r} was read as {value}", row.locator, "No number is that"
                    )
            readings.append(row)
        elif isinstance(row, Post):
            posts.append(row)
        else:
            candidates.append(row)
    return Read(tuple(readings), tuple(posts), tuple(candidates))


class Rows(Mapping[Key, Read]):
    """Rows of many documents, held packed and unpacked when looked at."""

    def __init__(self, blobs: dict[Key, bytes]) -> None:
        self._blobs = blobs

    def __getitem__(self, key: Key) -> Read:
        return decode(self._blobs[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)


class Reader:
    """Reads archived documents through the store of rows. Threads may share it."""

    def __init__(self, path: Path, archive: Archive) -> None:
        self.archive = archive
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._con = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        for attempt in (1, 2):
            con = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            try:
                con.execute("PRAGMA journal_mode=WAL")
                con.execute("PRAGMA synchronous=NORMAL")
                con.execute(SCHEMA)
                return con
            except sqlite3.DatabaseError:
                con.close()
                if attempt == 2:
                    raise
                for stale in path.parent.glob(path.name + "*"):
                    stale.unlink()
        raise AssertionError

    def close(self) -> None:
        """Close the store."""
        self._con.close()

    def one(self, registered: Registered, receipt: Receipt, data: bytes | None = None) -> Read:
        """The rows of the document a receipt brought."""
        key = _key(registered, receipt)
        found = self._get(key)
        if found is not None:
            return decode(found)
        made = read(
            registered,
            document(receipt, data if data is not None else self.archive.read(receipt.sha256 or "")),
        )
        self._put([(key, encode(made))])
        return made

    def keep(self, registered: Registered, receipt: Receipt, made: Read) -> None:
        """Store rows read elsewhere."""
        self._put([(_key(registered, receipt), encode(made))])

    def many(
        self,
        work: Sequence[tuple[Registered, Receipt]],
        step: Callable[[int, int], None] = lambda done, all_: None,
    ) -> Rows:
        """The rows of many documents; those not yet read are read on all cores."""
        keys = [_key(registered, receipt) for registered, receipt in work]
        blobs = {key: blob for key in dict.fromkeys(keys) if (blob := self._get(key)) is not None}
        todo = {key: pair for key, pair in zip(keys, work, strict=True) if key not in blobs}
        for done, (key, blob) in enumerate(self._fresh(todo), 1):
            blobs[key] = blob
            step(done, len(todo))
        return Rows(blobs)

    def _fresh(self, todo: dict[Key, tuple[Registered, Receipt]]) -> Iterable[tuple[Key, bytes]]:
        jobs = [
            (
                registered.id,
                registered.target,
                registered.origin,
                str(self.archive.place(receipt.sha256 or "")),
                receipt.line(),
            )
            for registered, receipt in todo.values()
        ]
        cores = os.cpu_count() or 1
        batch: list[tuple[Key, bytes]] = []
        for key, blob in zip(
            todo,
            _spread(jobs, cores) if len(jobs) >= MUCH and cores > 1 else map(work_one, jobs),
            strict=True,
        ):
            batch.append((key, blob))
            if len(batch) >= 200:
                self._put(batch)
                batch = []
            yield key, blob
        self._put(batch)

    def _get(self, key: Key) -> bytes | None:
        with self._lock:
            row = self._con.execute(
                "SELECT body FROM readings WHERE source = ? AND ask = ? AND sha = ? AND day = ? AND code = ?",
                key,
            ).fetchone()
        return row[0] if row else None

    def _put(self, rows: Sequence[tuple[Key, bytes]]) -> None:
        with self._lock:
            self._con.execute("BEGIN")
            for key, blob in rows:
                self._con.execute(
                    "DELETE FROM readings WHERE source = ? AND ask = ? AND sha = ? AND day = ?", key[:4]
                )
                self._con.execute("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)", (*key, blob))
            self._con.execute("COMMIT")


def _spread(jobs: Sequence[tuple[str, str, str, str, bytes]], cores: int) -> Iterable[bytes]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("forkserver" if os.name == "posix" else "spawn")
    with ProcessPoolExecutor(cores, mp_context=context) as pool:
        yield from pool.map(work_one, jobs, chunksize=CHUNK)


def work_one(job: tuple[str, str, str, str, bytes]) -> bytes:
    """Read one archived document (in a worker or here)."""
    import gzip

    name, target, origin, place, line = job
    receipt = Receipt.read(line)
    assert receipt is not None
    try:
        data = gzip.decompress(Path(place).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        return encode(Read(error=f"{name}: {place} cannot be read ({error}); run: wareconomy archive verify"))
    return encode(read(_registered(name, target, origin), document(receipt, data)))


@cache
def _registered(name: str, target: str, origin: str) -> Registered:
    return Registered(name, target, origin)


def document(receipt: Receipt, data: bytes) -> Document:
    """A document as its source sees it."""
    return Document(
        receipt.ask,
        data,
        receipt.sha256 or "",
        receipt.final_url or receipt.url,
        receipt.time,
        receipt.media_type,
    )


def key_of(registered: Registered, receipt: Receipt) -> Key:
    """Under which key `many` returns the rows of a receipt."""
    return _key(registered, receipt)


def _key(registered: Registered, receipt: Receipt) -> Key:
    return registered.id, receipt.ask, receipt.sha256 or "", receipt.retrieved_at[:10], registered.digest()


def _reading(row: Reading) -> Sequence[Any]:
    """The row as JSON values."""
    day = row.known_on
    return (*row[:KNOWN], day.isoformat(), *row[KNOWN + 1 :]) if day else row


def _post(row: Post) -> list[Any]:
    cells = [getattr(row, name) for name in POST]
    cells[POSTED] = row.posted_at.isoformat()
    return cells


def encode(made: Read) -> bytes:
    """Rows as packed JSON."""
    body = {
        "readings": [_reading(row) for row in made.readings],
        "posts": [_post(row) for row in made.posts],
        "candidates": [[row.table, dict(row.cells), row.locator, row.why] for row in made.candidates],
        "error": made.error,
        "malformed": made.malformed,
    }
    return zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def decode(blob: bytes) -> Read:
    """Rows from packed JSON."""
    body = json.loads(zlib.decompress(blob))
    for cells in body["readings"]:
        if cells[KNOWN]:
            cells[KNOWN] = date.fromisoformat(cells[KNOWN])
    for cells in body["posts"]:
        cells[POSTED] = datetime.fromisoformat(cells[POSTED])
    return Read(
        tuple(Reading._make(cells) for cells in body["readings"]),
        tuple(Post(*cells) for cells in body["posts"]),
        tuple(Candidate(*cells) for cells in body["candidates"]),
        body["error"],
        body["malformed"],
    )
