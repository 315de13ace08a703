"""Folders of releases on disk: which stay, which go, and what is said when the disk refuses."""

from __future__ import annotations

import errno
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from wareconomy import release
from wareconomy.settings import Settings

DAY = date(2026, 1, 1)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """A data directory in which releases are only a ledger of a few bytes."""
    return Settings(tmp_path)


def published(here: Settings, name: str, as_of: date | None = None) -> release.Release:
    """A release made later than every other one."""
    folder = release.workspace(here)
    (folder / "wareconomy.duckdb").write_bytes(b"ledger")
    facts = {"digest": name, "as_of_asked": as_of.isoformat() if as_of else None}
    made = release.publish(here, folder, f"{name}-{release.edition(as_of)}" if as_of else name, facts, as_of)
    moment = 1_700_000_000 + len(list(here.root.glob("made-*")))
    (here.root / f"made-{moment}").touch()
    os.utime(made.folder, (moment, moment))
    return made


def names(here: Settings) -> set[str]:
    return {path.name for path in here.releases.iterdir()}


def test_editions_of_many_days_leave_the_release_before_for_diff(here: Settings) -> None:
    published(here, "first")
    published(here, "second")
    for days in range(8):
        published(here, "second", DAY + timedelta(days))
    assert [made.folder.name for made in release.history(here)] == ["second", "first"]


def test_only_the_newest_four_ordinary_releases_stay(here: Settings) -> None:
    for number in range(7):
        published(here, f"build{number}")
    assert names(here) == {f"build{number}" for number in (3, 4, 5, 6)}


def test_the_oldest_editions_go_with_their_links(here: Settings) -> None:
    for days in range(release.EDITIONS + 2):
        published(here, "build", DAY + timedelta(days))
    gone, kept = DAY + timedelta(1), DAY + timedelta(2)
    assert len(names(here)) == release.EDITIONS
    assert release.current(here, gone) is None
    assert not here.pointer(release.edition(gone)).is_symlink()
    assert not (here.reports / release.edition(gone)).is_symlink()
    assert release.current(here, kept) is not None
    assert (here.reports / release.edition(kept)).is_symlink()


def test_an_edition_built_anew_takes_the_place_of_the_one_before(here: Settings) -> None:
    published(here, "old", DAY)
    made = published(here, "new", DAY)
    assert names(here) == {made.folder.name}


def test_a_digest_reads_large_files_in_pieces(here: Settings) -> None:
    here.manual.mkdir(parents=True)
    large = here.manual / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(200_000_000)
    import tracemalloc

    tracemalloc.start()
    try:
        release.digest(here, None)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_may_not_be_read_is_left_to_the_check_of_its_table(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.manual.mkdir(parents=True)
    closed = here.manual / "nwf.csv"
    closed.write_bytes(b"item,date")
    readable = release.digest(here, None)
    opened = Path.open

    def refuse(path: Path, *rest: Any, **more: Any) -> Any:
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *rest, **more)

    monkeypatch.setattr(Path, "open", refuse)
    assert release.digest(here, None) != readable
