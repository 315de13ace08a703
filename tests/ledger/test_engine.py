"""The engine a reading command loads, the native module where it can, and a connection that only reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from wareconomy.errors import LedgerError, UsageError
from wareconomy.ledger import engine, query

READ = """
import sys
from pathlib import Path
from wareconomy.errors import UsageError
from wareconomy.ledger import query
with query.connect(Path(sys.argv[1])) as con:
    print(query.table(con, "SELECT 1 AS one, [DATE '2026-02-10'] AS days, 1.50 AS price, NULL AS nothing"))
    print(len(query.figures(con, "ru.budget.balance")))
    for wrong in ("SELEC", "SELECT * FROM nowhere", "-- nothing"):
        try:
            query.table(con, wrong)
        except UsageError as error:
            print(error)
    print("package loaded:", "duckdb" in sys.modules)
    import duckdb
    print(type(con) is duckdb.DuckDBPyConnection, con.sql("SELECT 2 AS two").fetchall())
"""
RENAMED = """
from wareconomy.ledger import engine
engine.NEEDED = ("connect", "a name that the native module lost")
"""


def run(code: str, ledger: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(ledger)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.smoke
def test_a_reading_command_does_without_the_package_and_the_package_may_come_later(ledger_path: Path) -> None:
    lines = run(READ, ledger_path)
    assert lines[0] == (
        "(['one', 'days', 'price', 'nothing'], [(1, [datetime.date(2026, 2, 10)], Decimal('1.50'), None)])"
    )
    assert int(lines[1]) > 50
    assert lines[2].startswith("the query failed: Parser Error")
    assert lines[3].startswith("the query failed: Catalog Error")
    assert lines[4] == "the query is empty"
    assert lines[5:] == ["package loaded: False", "True [(2,)]"]


def test_without_the_native_name_the_package_answers_alike(ledger_path: Path) -> None:
    native, package = run(READ, ledger_path), run(RENAMED + READ, ledger_path)
    assert package[5] == "package loaded: True"
    assert package[:5] + package[6:] == native[:5] + native[6:]


def test_two_ways_to_load_one_set_of_errors() -> None:
    code = "from wareconomy.ledger import engine; native = engine.load(); import duckdb; " + (
        "print(native.__name__, native.Error is duckdb.Error, "
        "native.CatalogException is duckdb.CatalogException, engine.load() is duckdb)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["_duckdb", "True", "True", "True"]


def test_the_same_process_may_read_the_file_in_its_own_way(ledger_path: Path) -> None:
    sql = "SELECT count(*) FROM observations"
    with query.connect(ledger_path) as ours, duckdb.connect(str(ledger_path), read_only=True) as plain:
        assert ours.execute(sql).fetchall() == plain.execute(sql).fetchall()
        with query.connect(ledger_path) as again:
            assert again.execute(sql).fetchall() == plain.execute(sql).fetchall()


def test_nothing_is_written_through_a_reader(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        for sql in ("CREATE TABLE mine AS SELECT 1", "DELETE FROM observations", "DROP VIEW latest"):
            with pytest.raises(UsageError, match="read-only"):
                query.table(con, sql)


@pytest.mark.parametrize(
    "name", ["o'clock; DROP TABLE observations.duckdb", "Запаси {1}.duckdb", "no.sqlite"]
)
def test_a_path_is_only_a_path(ledger_path: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / name
    shutil.copy(ledger_path, copy)
    with query.connect(copy) as con:
        assert query.table(con, "SELECT count(*) > 0 FROM observations")[1] == [(True,)]


def test_a_file_that_is_no_ledger_says_so(tmp_path: Path) -> None:
    for name, content in (("torn.duckdb", b"\0" * 5000), ("list.csv", b"a,b\n1,2\n"), ("empty.duckdb", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(LedgerError, match="Run: wareconomy build"), query.connect(path):
            pass


@pytest.mark.parametrize("code", engine.REFUSED)
def test_what_the_disk_refuses_is_told_from_other_errors_of_the_engine(code: int) -> None:
    path = Path("wareconomy.duckdb")
    told = engine.system_error(duckdb.IOException(f'Could not write file "x": {os.strerror(code)}'), path)
    assert told
    assert (told.errno, told.filename) == (code, "wareconomy.duckdb")
    assert engine.system_error(duckdb.ParserException("syntax error at or near SELEC"), path) is None
