"""How an as-of query grows with the ledger: the real ledger, and copies of it with its observations many times over.

A question costs the opening of the file, the query for one series and the closing, in a process that has DuckDB loaded.
Beside it stands what DuckDB alone takes to open and close an empty database in memory: the floor.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SERIES = "ru.budget.balance"
DAY = "2026-02-10"
FLOOR = "empty database in memory, opened and closed"
QUERIES = {
    "observations_as_of": f"SELECT * FROM observations_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
    "figures_as_of": f"SELECT * FROM figures_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of the ledger, and for each question there the median seconds of waiting and of processor time."""

    times: int
    rows: int
    megabytes: float
    costs: dict[str, tuple[float, float]]


def replicate(real: Path, target: Path, times: int) -> None:
    """A copy of the ledger with `times - 1` copies of its observations, each copy in series of its own."""
    import duckdb

    shutil.copyfile(real, target)
    con = duckdb.connect(str(target), config={"memory_limit": "2GB", "temp_directory": str(target.parent)})
    try:
        con.execute("CREATE TEMP TABLE once AS SELECT * FROM observations ORDER BY rowid")
        con.execute("CREATE TEMP TABLE choice AS SELECT * FROM series_sources")
        con.execute("BEGIN")
        for copy in range(1, times):
            renamed = f"SELECT * REPLACE ('x{copy:04d}.' || series AS series) FROM"
            con.execute(f"INSERT INTO observations {renamed} once")
            con.execute(f"INSERT INTO series_sources {renamed} choice")
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
    finally:
        con.close()


def ask(path: Path | None, sql: str = "", name: str = "") -> tuple[float, float, int]:
    """Seconds and processor seconds of opening the ledger, one question and closing it; and the rows of the answer.

    Without a path an empty database in memory is opened and closed.
    """
    import duckdb

    start, used = time.perf_counter(), time.process_time()
    con = duckdb.connect(str(path), read_only=True) if path else duckdb.connect(":memory:")
    rows = con.execute(sql, {"name": name}).fetchall() if path else []
    con.close()
    return time.perf_counter() - start, time.process_time() - used, len(rows)


def grow(real: Path, folder: Path, sizes: Sequence[int], runs: int = 15) -> list[Growth]:
    """Median cost of each question, and of the floor, in turn at each size. The series stands in the middle of the ledger.

    Raises AssertionError when an answer at some size is not the answer of the real ledger.
    """
    import duckdb

    found = []
    for times in sizes:
        path = folder / f"x{times}.duckdb"
        replicate(real, path, times)
        name = f"x{times // 2:04d}.{SERIES}" if times > 1 else SERIES
        for query, sql in QUERIES.items():
            expected = ask(real, sql, SERIES)[2]
            assert expected > 0, f"{query} found nothing"
            assert ask(path, sql, name)[2] == expected, f"{query} at x{times} lost rows"
        taken: dict[str, list[tuple[float, float, int]]] = {FLOOR: [], **{query: [] for query in QUERIES}}
        for _ in range(runs):
            taken[FLOOR].append(ask(None))
            for query, sql in QUERIES.items():
                taken[query].append(ask(path, sql, name))
        costs = {
            query: (
                statistics.median(run[0] for run in all_runs),
                statistics.median(run[1] for run in all_runs),
            )
            for query, all_runs in taken.items()
        }
        with duckdb.connect(str(path), read_only=True) as con:
            counted = con.execute("SELECT count(*) FROM observations").fetchone()
        found.append(Growth(times, counted[0] if counted else 0, path.stat().st_size / 2**20, costs))
        path.unlink()
    return found
