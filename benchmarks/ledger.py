"""How an as-of query grows with the ledger: the real observations copied into new series, the real macros over them.

A question costs the opening of the file, the query for one series and the closing, in a process that has DuckDB loaded.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wareconomy.ledger.build import HERE, STORAGE_VERSION

SERIES = "ru.budget.balance"
DAY = "2026-02-10"
QUERIES = {
    "observations_as_of": f"SELECT * FROM observations_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
    "figures_as_of": f"SELECT * FROM figures_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of the ledger and the median seconds of each question at that size."""

    times: int
    rows: int
    megabytes: float
    seconds: dict[str, float]


def replicate(real: Path, target: Path, times: int) -> None:
    """A ledger with the observations of `real` and `times - 1` copies of them, each copy in series of its own."""
    import duckdb

    con = duckdb.connect(":memory:", config={"memory_limit": "2GB", "temp_directory": str(target.parent)})
    try:
        con.execute(f"ATTACH '{real}' AS origin (READ_ONLY)")
        con.execute(f"ATTACH '{target}' AS ledger (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE ledger")
        con.execute((HERE / "schema.sql").read_text(encoding="utf-8"))
        for name, rows in (("observations", "rowid"), ("series_sources", "series, preference")):
            con.execute(f"INSERT INTO {name} SELECT * FROM origin.{name} ORDER BY {rows}")
            for copy in range(1, times):
                con.execute(
                    f"INSERT INTO {name} SELECT * REPLACE ('x{copy:04d}.' || series AS series) "
                    f"FROM origin.{name} ORDER BY {rows}"
                )
        con.execute((HERE / "as_of.sql").read_text(encoding="utf-8"))
        con.execute("CHECKPOINT ledger")
    finally:
        con.close()


def ask(path: Path, sql: str, name: str) -> tuple[float, int]:
    """Seconds for opening the ledger, one question and closing it; and the rows of the answer."""
    import duckdb

    start = time.perf_counter()
    con = duckdb.connect(str(path), read_only=True)
    rows = con.execute(sql, {"name": name}).fetchall()
    con.close()
    return time.perf_counter() - start, len(rows)


def grow(real: Path, folder: Path, sizes: Sequence[int], runs: int = 15) -> list[Growth]:
    """Median cost of each question at each size. The series asked for stands in the middle of the ledger.

    Raises AssertionError when an answer at some size is not the answer of the real ledger.
    """
    import duckdb

    found = []
    for times in sizes:
        path = folder / f"x{times}.duckdb"
        replicate(real, path, times)
        name = f"x{times // 2:04d}.{SERIES}" if times > 1 else SERIES
        seconds = {}
        for query, sql in QUERIES.items():
            expected = ask(real, sql, SERIES)[1]
            assert expected > 0, f"{query} found nothing"
            assert ask(path, sql, name)[1] == expected, f"{query} at x{times} lost rows"
            seconds[query] = statistics.median(ask(path, sql, name)[0] for _ in range(runs))
        with duckdb.connect(str(path), read_only=True) as con:
            counted = con.execute("SELECT count(*) FROM observations").fetchone()
        found.append(Growth(times, counted[0] if counted else 0, path.stat().st_size / 2**20, seconds))
        path.unlink()
    return found
