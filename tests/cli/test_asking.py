"""What `query`, `explain`, `series` and `study` do with what is asked by mistake, and what a machine reads of them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from wareconomy.settings import Settings


@pytest.fixture
def run(built_home: Settings, monkeypatch: pytest.MonkeyPatch, called: Any) -> Any:
    monkeypatch.setenv("WARECONOMY_HOME", str(built_home.root))

    return called


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("COPY (SELECT 1 AS a) TO '{path}'", "COPY"),
        ("EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '{path}'", "EXPLAIN ANALYZE"),
        ("explain (analyze) COPY (SELECT 1 AS a) TO '{path}'", "EXPLAIN ANALYZE"),
        ("EXPLAIN (ANALYZE /* ) SELECT 1 -- */) COPY (SELECT 1 AS a) TO '{path}'", "EXPLAIN ANALYZE"),
        ("PRAGMA import_database('{path}')", "PRAGMA"),
        ("FROM read_csv('{path}')", "disabled by configuration"),
        ("COPY (PIVOT range(3) ON range) TO '{path}'", ""),
        ("ATTACH '{path}' AS n", "ATTACH"),
        ("EXPORT DATABASE '{path}'", "EXPORT"),
        ("INSTALL httpfs", "LOAD"),
        ("SET memory_limit = '1KB'", "SET"),
        ("CREATE TEMP TABLE t AS SELECT 1", "CREATE"),
        ("SELECT 1; COPY (SELECT 1 AS a) TO '{path}'", "several statements"),
    ],
)
def test_a_query_only_asks(run: Any, tmp_path: Path, sql: str, kind: str) -> None:
    path = tmp_path / "written"
    code, out, err = run("query", sql.format(path=path))
    assert (code, out) == (2, "")
    assert kind in err
    assert not path.exists()


def test_a_function_that_would_write_a_log_writes_none(run: Any, tmp_path: Path) -> None:
    run("query", f"FROM enable_logging(storage = 'file', storage_config = {{'path': '{tmp_path}/log'}})")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        *("FROM range(2)", "SHOW TABLES", "DESCRIBE acts", "SUMMARIZE claims", "-- why\nEXPLAIN SELECT 1"),
        *(
            "EXPLAIN SELECT 1",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "PIVOT range(3) ON range",
            "EXPLAIN (SELECT 1) UNION (SELECT 2)",
            "VALUES (1)",
        ),
    ],
)
def test_every_way_of_asking_is_answered(run: Any, sql: str) -> None:
    code, out, _ = run("query", sql)
    assert code == 0
    assert out


@pytest.mark.parametrize("name", ["con", "columns", "sql", "duckdb", "os"])
def test_a_name_is_never_taken_for_a_variable_of_the_program(run: Any, name: str) -> None:
    code, _, err = run("query", f"SELECT * FROM {name}")
    assert code == 2
    assert "does not exist" in err
    assert run("explain", f"{name}:1")[0] == 4


def test_json_keeps_columns_of_the_same_name_and_every_type(run: Any) -> None:
    sql = (
        "SELECT 1 AS a, 2 AS a, 2.5 AS half, 3.0 AS three, uuid() AS u, 'a'::BLOB AS b, TIME '10:00' AS t, "
        "INTERVAL 1 DAY AS i, 'inf'::DOUBLE AS far, 'nan'::DOUBLE AS none, DATE '2026-07-04' AS d, [1.5, NULL] AS l"
    )
    (row,) = json.loads(run("query", sql, "--json")[1])
    assert len(row.pop("u")) == 36
    assert row == {
        "a": 1, "a_1": 2, "half": 2.5, "three": 3, "b": "61", "t": "10:00:00", "i": "1 day, 0:00:00",
        "far": "inf", "none": None, "d": "2026-07-04", "l": [1.5, None],
    }  # fmt: skip


def test_csv_in_a_pipe_has_every_digit(run: Any) -> None:
    values = "98765432109876::DOUBLE AS a, 44069.7041645::DOUBLE AS b, 0.1::DOUBLE + 0.2::DOUBLE AS c, 20::DOUBLE AS d"
    (row,) = csv.DictReader(io.StringIO(run("query", f"SELECT {values}")[1]))
    assert row == {"a": "98765432109876", "b": "44069.7041645", "c": "0.30000000000000004", "d": "20"}
    plan = {
        row["period"]: row["value"]
        for row in csv.DictReader(io.StringIO(run("series", "ru.budget.expenditure.plan")[1]))
    }
    assert plan["2026"] == "44069.7041645"


@pytest.mark.parametrize(
    "command", [["build"], ["series"], ["report"], ["explain", "ru.budget.balance"], ["study"]]
)
def test_a_day_that_lies_ahead_or_before_everything_is_refused(run: Any, command: list[str]) -> None:
    tomorrow = str(date.today() + timedelta(days=1))
    for day, words in (
        (tomorrow, "lies ahead"),
        ("9999-12-31", "lies ahead"),
        ("0001-01-01", "before everything"),
    ):
        code, out, err = run(*command, "--as-of", day)
        assert (code, out) == (2, "")
        assert words in err
    assert run(*command, "--as-of", "2026-W07-2")[0] == 2


def test_a_study_begins_where_the_ledger_does(run: Any) -> None:
    code, _, err = run("study", "--from", "0001-01-01")
    assert code == 2
    assert "begin on 2" in err
    code, _, err = run("study", "--from", "2026-07-05", "--as-of", "2026-07-04")
    assert code == 2
    assert "is after" in err


def test_a_computed_series_has_no_prints(run: Any) -> None:
    code, _, err = run("series", "ru.budget.balance.rolling12", "--vintages")
    assert code == 2
    assert "has no prints" in err


def test_a_calculation_is_explained_from_the_report_of_its_day(run: Any, built_home: Settings) -> None:
    name = "calc:assumed-share"
    today = json.loads(run("explain", name, "--json")[1])
    newest = json.loads((built_home.pointer() / "release.json").read_text(encoding="utf-8"))["as_of"]
    assert json.loads(run("explain", name, "--as-of", newest, "--json")[1]) == today
    code, out, err = run("explain", name, "--as-of", "2026-07-03")
    assert (code, out) == (4, "")
    assert "wareconomy build --as-of 2026-07-03" in err
