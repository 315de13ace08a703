"""Releases on disk: one folder per finished build, and a pointer that is swapped in one step.

    data/processed/releases/<id>/     wareconomy.duckdb, report/, exports/, release.json
    data/processed/current            link to the release people read
    data/processed/wareconomy.duckdb  link to current/wareconomy.duckdb
    reports/latest                    link to current/report

A build works in `releases/.building-*` and only a finished folder gets its name; a build killed at any moment
leaves the pointer where it was.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from wareconomy.errors import StorageError
from wareconomy.settings import Settings, versions

BUILDING = ".building-"
KEEP = 4
"""Ordinary releases that stay on disk, so that `diff` has something to compare with."""
EDITIONS = 12
"""Editions as of a day that stay: a year of months. Each takes what a release takes, and is made again on request."""
PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Release:
    """A finished build: its folder and what release.json says of it."""

    folder: Path
    facts: dict[str, Any]

    @property
    def database(self) -> Path:
        """Its ledger."""
        return self.folder / "wareconomy.duckdb"

    @property
    def report(self) -> Path:
        """Folder with the report in all its formats and the charts."""
        return self.folder / "report"

    @property
    def exports(self) -> Path:
        """Folder with the data package."""
        return self.folder / "exports"


def edition(as_of: date | None) -> str:
    """Name of the pointer: `current`, or `as-of-YYYY-MM-DD`."""
    return f"as-of-{as_of.isoformat()}" if as_of else "current"


def digest(settings: Settings, as_of: date | None, more: Iterable[str] = ()) -> str:
    """SHA-256 over everything a build depends on: hand-kept files, this package, library versions, the as-of day.

    `more` names further inputs: the documents that came, and the code of the sources that read them.
    """
    total = hashlib.sha256()

    def add(*parts: str | bytes) -> None:
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            total.update(len(data).to_bytes(8, "big") + data)

    add(edition(as_of), *versions(), *more)
    for root, patterns in (
        (settings.manual, ("*.csv", "*.toml")),
        (PACKAGE, ("*.py", "*.toml", "*.sql", "*.j2", "*.typ", "*.css")),
    ):
        for path in sorted({path for pattern in patterns for path in root.rglob(pattern)}):
            if path.is_symlink():
                add(path.relative_to(root).as_posix(), "link", os.readlink(path))
            elif path.is_file():
                add(path.relative_to(root).as_posix(), _hash(path))
    return total.hexdigest()


def _hash(path: Path) -> bytes:
    """SHA-256 in pieces, since a file may be larger than a table is allowed to be; nothing of one that cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except PermissionError:
        return b""  # whoever reads the table says so, with its name


def read(folder: Path) -> Release | None:
    """The release in a folder (or behind a pointer), None unless it is complete."""
    real = Path(os.path.realpath(folder))
    try:
        facts = json.loads((real / "release.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = isinstance(facts, dict) and all(
        (real / name).exists() for name in facts.get("files", ["wareconomy.duckdb"])
    )
    return Release(real, facts) if complete else None


def current(settings: Settings, as_of: date | None = None) -> Release | None:
    """The release people read, None when there is none."""
    return read(settings.pointer(edition(as_of)))


def sweep(settings: Settings) -> None:
    """Remove what killed builds left; call it only with the lock held."""
    if settings.releases.is_dir():
        for path in settings.releases.iterdir():
            if path.name.startswith(BUILDING):
                shutil.rmtree(path, ignore_errors=True)


def workspace(settings: Settings) -> Path:
    """A fresh folder to build in, on the same file system as the releases."""
    folder = settings.releases / f"{BUILDING}{os.getpid()}"
    folder.mkdir(parents=True)
    return folder


def publish(settings: Settings, built: Path, name: str, facts: dict[str, Any], as_of: date | None) -> Release:
    """Give the built folder its name and point readers at it. Older releases beyond a few are removed."""
    files = sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())
    body = {**facts, "files": files}
    (built / "release.json").write_text(json.dumps(body, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    target = settings.releases / name
    again = 1
    while target.exists():  # readers may be in it: a forced rebuild gets a folder of its own
        again += 1
        target = settings.releases / f"{name}-{again}"
    os.replace(built, target)
    point(settings, target, as_of)
    prune(settings)
    return Release(target, body)


def point(settings: Settings, target: Path, as_of: date | None) -> None:
    """Swap the pointer to a finished release; the stable links beside it are made when missing."""
    pointer, *shelves = _links(settings, target, as_of)
    _link(*pointer)
    os.utime(target)
    settings.reports.mkdir(parents=True, exist_ok=True)
    for path, leads_to in shelves:
        _link(path, leads_to)


def pointed(settings: Settings, target: Path, as_of: date | None) -> bool:
    """Whether every link leads to this release; a build killed between two links leaves one behind."""
    return all(_leads(path, leads_to) for path, leads_to in _links(settings, target, as_of))


def _links(settings: Settings, target: Path, as_of: date | None) -> list[tuple[Path, Path]]:
    """The links of an edition and where each leads: first the pointer, which decides what people read."""
    pointer = settings.pointer(edition(as_of))
    shelf = settings.reports / ("latest" if as_of is None else edition(as_of))
    links = [
        (pointer, Path("releases") / target.name),
        (shelf, Path(os.path.relpath(settings.processed, settings.reports)) / pointer.name / "report"),
    ]
    if as_of is None:
        links.append((settings.database, Path("current", "wareconomy.duckdb")))
    return links


def _leads(path: Path, target: Path) -> bool:
    return path.is_symlink() and os.readlink(path) == str(target)


def _link(path: Path, target: Path) -> None:
    if _leads(path, target):
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, path)


def prune(settings: Settings) -> None:
    """Keep the newest ordinary releases and editions as of a day; what is open stays readable until it is closed.

    What a pointer names stays, but for the oldest editions as of a day, which go with their links.
    """
    pointers = {
        Path(os.path.realpath(path)).name: path for path in settings.processed.iterdir() if path.is_symlink()
    }
    ordinary, editions = [], []
    for folder in _folders(settings):
        made = read(folder)
        if made and made.facts.get("as_of_asked"):
            editions.append(folder)
        elif made or folder.name in pointers:
            ordinary.append(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)  # a part of it is missing, and nobody is led to it
    for folder in ordinary[KEEP:]:
        if folder.name not in pointers:
            shutil.rmtree(folder, ignore_errors=True)
    named = [folder for folder in editions if folder.name in pointers]
    for folder in editions:
        if folder not in named[:EDITIONS]:
            if folder in named:
                _unlink(settings, pointers[folder.name])
            shutil.rmtree(folder, ignore_errors=True)


def _unlink(settings: Settings, pointer: Path) -> None:
    """Take away the links of an edition as of a day, before the folder they lead to."""
    for path in (settings.reports / pointer.name, pointer):
        if path.is_symlink():
            path.unlink()


def _folders(settings: Settings) -> list[Path]:
    """Folders of releases on disk, newest first."""
    if not settings.releases.is_dir():
        return []
    found = [path for path in settings.releases.iterdir() if path.is_dir()]
    finished = [path for path in found if not path.name.startswith(BUILDING)]
    return sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)


def same(settings: Settings, digest: str, as_of: date | None) -> Release | None:
    """The newest complete release on disk that was built from these inputs; None when there is none."""
    asked = as_of.isoformat() if as_of else None
    made = filter(None, map(read, _folders(settings)))
    return next(
        (
            item
            for item in made
            if item.facts.get("digest") == digest and item.facts.get("as_of_asked") == asked
        ),
        None,
    )


def history(settings: Settings) -> list[Release]:
    """Releases on disk that were not made for an as-of day, newest first."""
    return [item for item in map(read, _folders(settings)) if item and not item.facts.get("as_of_asked")]


@contextmanager
def storage_errors(where: Path) -> Iterator[None]:
    """Turn what the disk refuses into one line with what to do."""
    advice = {
        errno.ENOSPC: "the disk is full; free some space and run the same command again",
        errno.EDQUOT: "the disk quota is used up; free some space and run the same command again",
        errno.EROFS: "the folder is read-only; set WARECONOMY_HOME to a copy you can write to",
        errno.EACCES: "no permission to write there; check the owner of the folder",
        errno.EIO: "the disk failed while writing; check it, then run the same command again",
        errno.EFBIG: "a file grew beyond the allowed size; check the limits of this account",
        errno.EPERM: "no permission to write there; check the owner of the folder",
        errno.EEXIST: "something that is no folder has that name; name another folder",
        errno.ENOTDIR: "something on the way there is no folder; name another folder",
        errno.EISDIR: "a folder has the name of a file or link that is to be written; move it away",
        errno.ENOENT: "no file or folder can be made there; name another folder",
        errno.ENAMETOOLONG: "the name is too long; name another folder",
    }
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno is None:
            raise
        place = error.filename or where
        said = advice.get(error.errno, error.strerror)
        raise StorageError(f"{place}: {said}. What was published before is untouched.") from error
