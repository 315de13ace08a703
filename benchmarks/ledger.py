"""How an as-of query grows with the ledger: the real ledger, and copies of it with its observations many times over.

A question costs the opening of the file and the query for one series, until its answer is in hand, in a process that has
DuckDB loaded; closing the file again is timed beside it, and what DuckDB takes to open and close an empty database: the
floor under every question.
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
FLOOR = "empty database in memory"
QUERIES = {
    "observations_as_of": f"SELECT * FROM observations_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
    "figures_as_of": f"SELECT * FROM figures_as_of(DATE '{DAY}') WHERE series = $name ORDER BY period_end",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of the ledger. `costs`: median seconds of each question until its answer, of closing, of processor time."""

    times: int
    rows: int
    megabytes: float
    costs: dict[str, tuple[float, float, float]]


def replicate(real: Path, target: Path, times: int) -> None:
    """A copy of the ledger with `times - 1` copies of its observations and figures, each copy in series of its own."""
    import duckdb

    from wareconomy.ledger import build

    shutil.copyfile(real, target)
    con = duckdb.connect(":memory:", config={"memory_limit": "2GB", "temp_directory": str(target.parent)})
    try:
        con.execute(f"ATTACH '{target}' AS ledger ({build.STORAGE})")
        con.execute("USE ledger")
        con.execute("CREATE TEMP TABLE once AS SELECT * FROM observations ORDER BY rowid")
        con.execute("CREATE TEMP TABLE preference AS SELECT * FROM series_sources")
        con.execute("CREATE TEMP TABLE choice AS SELECT * FROM figures")
        con.execute("BEGIN")
        for copy in range(1, times):
            renamed = f"SELECT * REPLACE ('x{copy:04d}.' || series AS series) FROM"
            con.execute(f"INSERT INTO observations {renamed} once")
            con.execute(f"INSERT INTO series_sources {renamed} preference")
            con.execute(f"INSERT INTO figures {renamed} choice")
        con.execute("COMMIT")
        con.execute("CHECKPOINT ledger")
    finally:
        con.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds until the answer, seconds of closing, processor seconds of both, and the rows of the answer."""

    answered: float
    closed: float
    used: float
    rows: int


def ask(path: Path | None, sql: str = "", name: str = "") -> Answer:
    """Open the ledger, ask one question, close it. Without a path an empty database in memory is opened and closed."""
    import duckdb

    start, used = time.perf_counter(), time.process_time()
    con = duckdb.connect(str(path), read_only=True) if path else duckdb.connect(":memory:")
    rows = con.execute(sql, {"name": name}).fetchall() if path else []
    answered = time.perf_counter()
    con.close()
    return Answer(answered - start, time.perf_counter() - answered, time.process_time() - used, len(rows))


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
            expected = ask(real, sql, SERIES).rows
            assert expected > 0, f"{query} found nothing"
            assert ask(path, sql, name).rows == expected, f"{query} at x{times} lost rows"
        taken: dict[str, list[Answer]] = {name: [] for name in (FLOOR, *QUERIES)}
        for _ in range(runs):
            taken[FLOOR].append(ask(None))
            for query, sql in QUERIES.items():
                taken[query].append(ask(path, sql, name))
        costs = {
            query: (
                statistics.median(run.answered for run in all_runs),
                statistics.median(run.closed for run in all_runs),
                statistics.median(run.used for run in all_runs),
            )
            for query, all_runs in taken.items()
        }
        with duckdb.connect(str(path), read_only=True) as con:
            counted = con.execute("SELECT count(*) FROM observations").fetchone()
        found.append(Growth(times, counted[0] if counted else 0, path.stat().st_size / 2**20, costs))
        path.unlink()
    return found
