"""The engine a reading command loads: the native module where it can, the package where it must."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
