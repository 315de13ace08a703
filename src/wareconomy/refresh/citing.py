"""Which documents figures lead back to: those are never pruned."""

from __future__ import annotations

from wareconomy import release
from wareconomy.errors import LedgerError
from wareconomy.ledger import query
from wareconomy.settings import Settings

SQL = (
    "SELECT DISTINCT document FROM observations WHERE document IS NOT NULL UNION SELECT document FROM posts "
    "UNION SELECT document FROM candidates"
)


def cited(here: Settings) -> set[str]:
    """Hashes of documents that a figure, a post or a candidate of any release on disk was read from.

    Raises LedgerError when there is no release, or one that cannot be read: then nothing is known to be uncited.
    """
    folders = (
        [path for path in here.releases.iterdir() if (path / "release.json").exists()]
        if here.releases.is_dir()
        else []
    )
    if not folders:
        raise LedgerError("there is no release, so it is not known what figures cite; run: wareconomy build")
    found: set[str] = set()
    for folder in folders:
        made = release.read(folder)
        if made is None:
            raise LedgerError(
                f"{folder} is not complete, so it is not known what it cites; remove it or run: wareconomy build"
            )
        found |= _of(made, made.folder == _current(here))
    return found


def _current(here: Settings) -> object:
    made = release.current(here)
    return made.folder if made else None


def _of(made: release.Release, needed: bool) -> set[str]:
    try:
        with query.connect(made.database) as con:
            return {row[0] for row in con.execute(SQL).fetchall()}
    except LedgerError:
        if needed:
            raise
        return set()  # a release of an older version is not read by anything any more
