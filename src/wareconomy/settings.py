"""Where things are: one frozen object with the folders of a data directory.

The data directory is the checkout, or any folder that holds `data/raw/manual`. It is found from
`WARECONOMY_HOME`, else by walking up from the working directory, else beside the installed source.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from wareconomy.errors import LedgerError

MANUAL = Path("data", "raw", "manual")
LIBRARIES = ("duckdb", "pandas", "pandera", "matplotlib", "jinja2", "babel", "xlsxwriter", "typst")
"""Libraries that shape what a build writes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders of one data directory; nothing is created until something is written."""

    root: Path

    @property
    def manual(self) -> Path:
        """Hand-kept CSVs."""
        return self.root / MANUAL

    @property
    def documents(self) -> Path:
        """Documents from publishers, by hash, with the receipts of every request."""
        return self.root / "data" / "raw" / "documents"

    @property
    def articles(self) -> Path:
        """What a person reads, by hash, with the receipts of how it came."""
        return self.root / "data" / "raw" / "articles"

    @property
    def processed(self) -> Path:
        """What builds write: releases, the pointer to the current one, the lock and the run log."""
        return self.root / "data" / "processed"

    @property
    def releases(self) -> Path:
        """One folder per finished build."""
        return self.processed / "releases"

    @property
    def readings(self) -> Path:
        """Rows already read from documents; disposable."""
        return self.processed / "readings.sqlite"

    @property
    def last_refresh(self) -> Path:
        """What the last refresh came to, source by source (JSON)."""
        return self.processed / "refresh.json"

    @property
    def reports(self) -> Path:
        """Where people look for reports and charts."""
        return self.root / "reports"

    @property
    def run_log(self) -> Path:
        """Append-only record of every build, failed ones too (JSON lines)."""
        return self.processed / "runs.jsonl"

    def pointer(self, edition: str = "current") -> Path:
        """The link that names the release people read: `current`, or `as-of-YYYY-MM-DD`."""
        return self.processed / edition

    @property
    def database(self) -> Path:
        """The DuckDB file of the current release (a link that is swapped, never written to)."""
        return self.processed / "wareconomy.duckdb"


def find(start: Path | None = None) -> Settings:
    """The data directory for this process.

    Raises LedgerError when there is none, with what to do.
    """
    named = os.environ.get("WARECONOMY_HOME")
    if named:
        root = Path(named).expanduser().resolve()
        if not (root / MANUAL).is_dir():
            raise LedgerError(f"WARECONOMY_HOME is {root}, which has no {MANUAL}. Point it at a checkout.")
        return Settings(root)
    here = (start or Path.cwd()).resolve()
    beside_source = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, beside_source):
        if (folder / MANUAL).is_dir():
            return Settings(folder)
    raise LedgerError(
        f"no data directory: neither {here} nor a folder above it has {MANUAL}. "
        "Run inside a checkout, or set WARECONOMY_HOME to one."
    )


def versions() -> list[str]:
    """`name version` of every library that shapes an output; `absent` for one not installed."""
    from importlib import metadata  # a fifth of a query's time, when imported at the top

    def version(name: str) -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return "absent"

    return [f"{name} {version(name)}" for name in LIBRARIES]
