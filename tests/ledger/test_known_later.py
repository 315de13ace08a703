"""Cells that came later than their row: no view as of a day shows what could not be known on it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT, TODAY

from wareconomy import catalog
from wareconomy.analysis import stored
from wareconomy.checks import schemas
from wareconomy.errors import UnknownName
from wareconomy.ledger import build, changes, query
from wareconomy.publish import explain
from wareconomy.publish.export import resources
from wareconomy.sources import manual

TABLES = catalog.load().tables
IN_ADDRESS = re.compile(r"/(20\d\d)/(\d\d?)/(\d\d?)(?:/|$)")


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with query.connect(ledger_path) as connection:
        yield connection


def row(con: duckdb.DuckDBPyConnection, macro: str, name: str, day: str) -> dict[str, Any]:
    found = query.records(
        con, f"SELECT * FROM {macro}($day) WHERE id = $id", {"day": date.fromisoformat(day), "id": name}
    )
    return found[0]


def later(name: str, rows: list[dict[str, Any]], day: date) -> list[str]:
    """Cells that say when they are of, and say a later day; what is announced and how the row is kept apart."""
    found = []
    for column in TABLES[name].columns.values():
        if column.record or column.future:
            continue
        for line in rows:
            text = str(line.get(column.name) or "")
            if column.type in ("date", "partial_date", "month") and text[:10] > day.isoformat()[: len(text)]:
                found.append(f"{name} {line['file_line']} {column.name} {text}")
            for match in IN_ADDRESS.findall(text) if column.type == "url" else ():
                if date(*map(int, match)) > day:
                    found.append(f"{name} {line['file_line']} {column.name} {text}")
    return found


@settings(max_examples=25, deadline=None)
@given(day=st.dates(date(2022, 1, 1), date(2026, 12, 31)))
def test_no_view_of_a_day_shows_a_later_day(con: duckdb.DuckDBPyConnection, day: date) -> None:
    wrong = []
    for name in TABLES:
        rows = query.records(con, f'FROM manual."{name}_as_of"($day)', {"day": day})
        assert all(line["known"] <= day for line in rows)
        wrong += later(name, rows, day)
    assert wrong == []


def test_a_view_of_the_last_day_is_the_table(con: duckdb.DuckDBPyConnection) -> None:
    for name, spec in TABLES.items():
        cells = ", ".join(f'"{column.name}"' for column in spec.columns.values() if not column.undated)
        known = f'SELECT file_line, {cells} FROM manual."{name}" WHERE known IS NOT NULL'
        view = f"SELECT file_line, {cells} FROM manual.\"{name}_as_of\"(DATE '9999-12-31')"
        assert con.execute(f"SELECT count(*) FROM ({known} EXCEPT {view})").fetchall() == [(0,)], name
        assert con.execute(f"SELECT count(*) FROM ({view} EXCEPT {known})").fetchall() == [(0,)], name


def test_a_measurement_published_after_a_statement_is_not_beside_it_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    before, after = (row(con, "claims_as_of", "C152", day) for day in ("2026-01-02", "2026-01-03"))
    assert before["quantity"] == after["quantity"] == 6460
    cells = ("compared_value", "compared_unit", "compared_source", "compared_url", "source_verdict")
    assert [before[name] for name in cells] == [None] * 5
    assert [after[name] for name in cells[:3]] == ["5600", "km2", "AFP-ISW"]
    assert before["source_url"] == after["source_url"]
    assert before["audit_result"] == after["audit_result"]


def test_a_month_counts_from_its_end(con: duckdb.DuckDBPyConnection) -> None:
    assert row(con, "claims_as_of", "C174", "2026-01-30")["compared_value"] is None
    assert row(con, "claims_as_of", "C174", "2026-01-31")["compared_value"] == "33000"


def test_a_law_is_in_force_from_its_day_and_a_bill_adopted_from_its_reading(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert row(con, "acts_as_of", "L098", "2025-12-31")["stage"] == "signed"
    assert row(con, "acts_as_of", "L098", "2026-01-01")["stage"] == "in_force"
    assert row(con, "acts_as_of", "L051", "2024-02-28")["stage"] == "signed"  # in force in February 2024
    assert row(con, "acts_as_of", "L051", "2024-02-29")["stage"] == "in_force"
    assert row(con, "acts_as_of", "L091", "2025-10-21")["adopted_on"] is None
    assert row(con, "acts_as_of", "L091", "2025-10-22")["adopted_on"] == "2025-10-22"
    assert row(con, "acts_as_of", "L099", "2026-07-03")["afterwards"] is None
    assert row(con, "acts_as_of", "L099", "2026-07-04")["afterwards"].startswith("Cancelled by 228-FZ")
    replaced = "SELECT count(superseded_by) FROM manual.provisions_as_of($day)"
    assert con.execute(replaced, {"day": date(2026, 7, 3)}).fetchall() == [(3,)]
    assert con.execute(replaced, {"day": date(2026, 7, 4)}).fetchall() == [(5,)]


def test_a_build_of_a_day_holds_and_exports_what_the_views_of_that_day_show(
    ledger_path: Path, tmp_path: Path
) -> None:
    day = date(2025, 12, 31)
    declared = catalog.load()
    tables = manual.read_all(ROOT / "data" / "raw" / "manual", declared)
    path = tmp_path / "day.duckdb"
    meta = {"as_of": day.isoformat(), "input_digest": "0" * 64, "as_of_asked": day.isoformat()}
    rows = build.rows(tables, declared, TODAY)
    build.write(path, tables, rows, declared, meta, as_of=day, results=stored.results)
    shutil.copy(ledger_path, tmp_path / "whole.duckdb")
    with duckdb.connect(str(path)) as of_day, duckdb.connect(str(tmp_path / "whole.duckdb")) as whole:
        for name in TABLES:
            view = query.table(whole, f'FROM manual."{name}_as_of"($day) ORDER BY file_line', {"day": day})
            assert query.table(of_day, f'FROM manual."{name}" ORDER BY file_line') == view, name
        made = resources.materialise(of_day, day)
        assert resources.materialise(whole, day) is not made
        for item in made:
            exported = query.table(of_day, f"FROM {item.table}")
            assert query.table(whole, f"FROM {item.table}") == exported, item.name
            assert exported[1], item.name


@pytest.mark.parametrize("day", [date(2025, 12, 30), date(2026, 7, 3)])
def test_no_export_of_a_day_holds_a_later_day(ledger_path: Path, tmp_path: Path, day: date) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(ledger_path, copy)
    with duckdb.connect(str(copy)) as con:
        wrong = []
        for item in resources.materialise(con, day):
            if item.home[0] == "manual":
                wrong += later(item.name, query.records(con, f"FROM {item.table}"), day)
        assert wrong == []


def test_explain_of_an_earlier_day_leaves_out_what_came_later(con: duckdb.DuckDBPyConnection) -> None:
    told = {
        day: str(explain.explain(con, "claims:C152", day).as_dict())
        for day in (date(2025, 12, 30), date(2026, 1, 3))
    }
    assert [text in told[date(2026, 1, 3)] for text in ("5600", "2026/01/03", "4,336")] == [True] * 3
    assert [text in told[date(2025, 12, 30)] for text in ("5600", "2026/01/03", "4,336")] == [False] * 3


def test_what_becomes_known_of_a_row_is_news_and_no_correction(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        said = [item.sentence() for item in changes.between(con, date(2025, 12, 31), date(2026, 1, 3))]
    assert any(
        text.startswith("Since known beside claims:C152") and "5,600 km2, AFP-ISW" in text for text in said
    )
    assert any(text.startswith("Law 425-FZ of Russia came into force on 1 January 2026") for text in said)
    assert not any("was changed" in text for text in said)


def test_a_first_reading_is_news_of_a_bill_and_no_correction(con: duckdb.DuckDBPyConnection) -> None:
    found = [
        item
        for item in changes.between(con, date(2025, 10, 1), date(2025, 10, 31))
        if "acts:L091" in item.figures
    ]
    assert [(item.kind, item.later) for item in found] == [("followed", "first reading on 22 October 2025")]


def test_a_row_without_a_day_is_in_no_view_of_a_day(con: duckdb.DuckDBPyConnection) -> None:
    assert explain.explain(con, "acts:L122").kind == "row"
    with pytest.raises(UnknownName):
        explain.explain(con, "acts:L122", date(2025, 12, 30))


def test_a_later_cell_without_its_day_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "manual"
    shutil.copytree(ROOT / "data" / "raw" / "manual", folder)
    path = folder / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",2026-01-03,", ",,", 1), encoding="utf-8")
    declared = catalog.load()
    found = schemas.validate(manual.read_all(folder, declared), declared, TODAY + timedelta(days=1))
    assert {(item.file, item.column, item.rule) for item in found} == {
        ("claims.csv", name, "undated")
        for name in ("compared_value", "compared_unit", "compared_source", "compared_url", "source_verdict")
    }
    assert all("compared_on" in item.advice for item in found)
