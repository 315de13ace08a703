"""The archive of documents: each kept once under the SHA-256 of its bytes, beside the receipts of how it came.

    data/raw/documents/
        receipts.jsonl
        3f/3fa9c1...e2.gz        bytes of one document, packed; `read` gives the original bytes back
        .incoming/               bodies not yet accepted; emptied when the archive is opened for writing

A document is written aside, brought to the disk, renamed, and only then named by a receipt. A crash at any moment
leaves either both, or a document without a receipt, which the next `prune` takes away.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wareconomy.collect.receipts import DOCUMENT, PRUNED, Receipt, Receipts, now
from wareconomy.errors import LedgerError, Locked, StorageError
from wareconomy.settings import Settings

LEVEL = 6
LOCK_SECONDS = 2
PIECE = 1 << 20
ORPHAN_AGE = 3600.0


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the archive found; all well when nothing is missing or damaged."""

    documents: int
    receipts: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    unreceipted: tuple[str, ...]
    bad_lines: tuple[int, ...]

    @property
    def sound(self) -> bool:
        """True when every receipt's document gives back its bytes."""
        return not (self.missing or self.damaged or self.bad_lines)


class Archive:
    """Documents and receipts of one data directory. Reading needs no lock; writing does (`locked`)."""

    def __init__(self, here: Settings) -> None:
        self.folder = here.documents
        self.receipts = Receipts(self.folder / "receipts.jsonl", here.processed / "receipts.sqlite")

    def close(self) -> None:
        """Close the index of receipts."""
        self.receipts.close()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the only right to write. The system frees it when a process dies, so a crash never blocks a run."""
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.folder / ".lock"))
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise Locked(
                f"another refresh is running (it holds {self.folder / '.lock'}); wait for it, then run again"
            ) from None
        try:
            for path in self.incoming().iterdir():
                path.unlink(missing_ok=True)
            yield
        finally:
            lock.release()

    def incoming(self) -> Path:
        """The folder for bodies on their way in, on the archive's own file system."""
        folder = self.folder / ".incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def place(self, sha256: str) -> Path:
        """Where a document stands."""
        return self.folder / sha256[:2] / f"{sha256}.gz"

    def has(self, sha256: str) -> bool:
        """Whether the document is kept."""
        return self.place(sha256).is_file()

    # -------------------------------------------------------------------- writing

    def keep(self, body: Path, sha256: str) -> bool:
        """Take a file into the archive; False when the same bytes are kept already. The file is used up."""
        target = self.place(sha256)
        try:
            if target.is_file():
                return False
            # Two sources may bring the same bytes at the same moment, so the name is that of this body alone.
            aside = self.incoming() / f"{sha256}.{body.name}.gz"
            with body.open("rb") as source, aside.open("wb") as raw:
                # No name and no time inside, so that the same bytes make the same file.
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=LEVEL, mtime=0) as out:
                    shutil.copyfileobj(source, out, PIECE)
                raw.flush()
                os.fsync(raw.fileno())
            target.parent.mkdir(exist_ok=True)
            os.replace(aside, target)
            _settle(target.parent)
            return True
        finally:
            body.unlink(missing_ok=True)

    def record(self, receipt: Receipt) -> None:
        """Append a receipt. A receipt for a document that is not kept is refused."""
        if receipt.outcome == DOCUMENT and not (receipt.sha256 and self.has(receipt.sha256)):
            raise StorageError(
                f"{receipt.source}: no document {receipt.sha256} for its receipt; nothing was recorded"
            )
        self.receipts.append(receipt)

    # -------------------------------------------------------------------- reading

    def read(self, sha256: str) -> bytes:
        """The original bytes. Raises LedgerError when they are missing or no longer what they were."""
        place = self.place(sha256)
        try:
            data = gzip.decompress(place.read_bytes())
        except FileNotFoundError:
            raise LedgerError(f"the archive has no document {sha256}; restore {place} from a copy") from None
        except (OSError, EOFError, zlib.error) as error:
            raise LedgerError(
                f"{place} is damaged ({error}); restore it from a copy, or run: wareconomy archive verify"
            ) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise LedgerError(f"{place} does not hold the bytes of its name; restore it from a copy")
        return data

    def kept(self) -> Iterator[str]:
        """Hashes of all documents on disk."""
        if not self.folder.is_dir():
            return
        for shelf in sorted(path for path in self.folder.iterdir() if len(path.name) == 2 and path.is_dir()):
            for entry in sorted(os.scandir(shelf), key=lambda item: item.name):
                if entry.name.endswith(".gz") and len(entry.name) == 67:
                    yield entry.name.removesuffix(".gz")

    def verify(self, step: Callable[[int], None] = lambda _: None) -> Verified:
        """Read every document and every receipt, and say what does not hold."""
        bad = tuple(number for number, receipt in self.receipts.lines() if receipt is None)
        receipts = sum(1 for _, receipt in self.receipts.lines() if receipt)
        wanted = self.receipts.hashes()
        damaged, found = [], set()
        for number, sha256 in enumerate(self.kept(), 1):
            found.add(sha256)
            try:
                if _hash(self.place(sha256)) != sha256:
                    damaged.append(sha256)
            except (OSError, EOFError, zlib.error):
                damaged.append(sha256)
            step(number)
        return Verified(
            len(found),
            receipts,
            tuple(sorted(wanted - found)),
            tuple(damaged),
            tuple(sorted(found - wanted)),
            bad,
        )

    def prune(self, cited: set[str], before: str, dry_run: bool = False) -> list[str]:
        """Remove documents that no figure cites, that are not the newest of their ask, and that came before a day.

        Documents without a receipt go too once they are an hour old. Receipts stay, and each removal gets one.
        Call it with the lock held.
        """
        came = self.receipts.came()
        newest = {(item.source, item.ask): item.sha256 for item in came}
        last = {item.sha256: item.retrieved_at for item in came}
        kept = cited | set(newest.values()) | {sha for sha, day in last.items() if day >= before}
        gone = []
        for sha256 in list(self.kept()):
            receipted = sha256 in last
            if sha256 in kept or (
                not receipted and time.time() - self.place(sha256).stat().st_mtime < ORPHAN_AGE
            ):
                continue
            gone.append(sha256)
            if dry_run:
                continue
            if receipted:
                self.receipts.append(Receipt("archive", sha256, "", now(), now(), PRUNED, sha256))
            self.place(sha256).unlink()
        return gone


def _hash(path: Path) -> str:
    total = hashlib.sha256()
    with gzip.open(path, "rb") as stream:
        while piece := stream.read(PIECE):
            total.update(piece)
    return total.hexdigest()


def _settle(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
