"""What goes into a table comes out as it was: every bit of a number, every character, every blank."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wareconomy import catalog
from wareconomy.ledger import build, loading
from wareconomy.sources import manual

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.none() | NUMBERS | st.integers(-(2**53), 2**53),
            "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
            "words": st.none() | TEXTS,
            "day": st.none() | st.dates(),
            "so": st.none() | st.booleans(),
            "numbers": st.none() | st.lists(st.none() | NUMBERS, max_size=3),
            "names": st.none() | st.lists(st.none() | TEXTS, max_size=3),
        }
    ),
    max_size=4,
)
DECLARED = (
    "number DOUBLE, whole BIGINT, words VARCHAR, day DATE, so BOOLEAN, numbers DOUBLE[], names VARCHAR[]"
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute(f"CREATE TABLE held ({DECLARED})")
        yield made


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_rows_come_back_as_they_went_in(
    con: duckdb.DuckDBPyConnection, rows: list[dict[str, object]]
) -> None:
    con.execute("DELETE FROM held")
    loading.insert_rows(con, "held", rows)
    found = con.execute("SELECT * FROM held").fetchall()
    names = list(loading.kinds(con, "held"))
    assert found == [tuple(row[name] for name in names) for row in rows]


def test_a_column_that_is_not_named_is_null_and_rows_keep_the_order_asked_for(
    con: duckdb.DuckDBPyConnection,
) -> None:
    columns: dict[str, list[object]] = {"number": [2.0, float("nan"), 1.0], "words": ["b", "c", "a"]}
    loading.insert(con, "held", loading.kinds(con, "held"), columns, "ORDER BY words")
    found = con.execute("SELECT number, words, day, names FROM held").fetchall()
    assert found == [(1.0, "a", None, None), (2.0, "b", None, None), (None, "c", None, None)]


def test_a_value_that_is_not_of_its_type_is_refused_and_nothing_of_it_stays(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.Error, match="yesterday"):
        loading.insert_rows(con, "held", [{"day": "2026-07-04"}, {"day": "yesterday"}])
    with pytest.raises(ValueError, match="not JSON compliant"):
        loading.insert_rows(con, "held", [{"numbers": [float("inf")]}])
    assert con.execute("SELECT count(*) FROM held").fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM duckdb_views() WHERE view_name = 'incoming'").fetchone() == (0,)


def test_a_ledger_is_written_without_data_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of a second and fifty MB of every build."""
    declared = catalog.load()
    tables = manual.read_all(Path(__file__).parents[2] / "data" / "raw" / "manual", declared)
    made = build.rows(tables, declared, date(2026, 11, 29))
    monkeypatch.setitem(sys.modules, "pandas", None)
    path = tmp_path / "ledger.duckdb"
    build.write(path, tables, made, declared, {"as_of": "2026-10-31"})
    with duckdb.connect(str(path), read_only=True) as con:
        kinds = {
            kind
            for table in ("decisions", "acts")
            for name, kind, *_ in con.execute(f"DESCRIBE manual.{table}").fetchall()
            if name == "file_line"
        }
    assert kinds == {"BIGINT"}, "a table without rows has the types of one with rows"
