"""What was known when: golden figures, and the rules of the as-of view."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wareconomy.ledger import build, query


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with query.connect(ledger_path) as connection:
        yield connection


def value(con: duckdb.DuckDBPyConnection, series: str, period: str, day: str) -> float | None:
    return query.figure(con, series, period, date.fromisoformat(day)).value


THRESHOLD = "ru.tax.usn_vat_exemption_threshold"


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("day", "schedule"),
    [
        ("2024-07-12", {"2025": 60}),
        ("2025-10-22", {"2025": 60}),  # the bill's 10 mn is a proposal, never law
        ("2025-11-28", {"2025": 60, "2026": 20, "2027": 15, "2028": 10}),
        ("2026-07-03", {"2026": 20, "2027": 15, "2028": 10, "2029": 10}),
        ("2026-07-05", {"2026": 20, "2027": 20, "2028": 20, "2029": 20, "2030": 15, "2031": 10}),
    ],
)
def test_the_vat_threshold_as_known_at_each_law(
    con: duckdb.DuckDBPyConnection, day: str, schedule: dict[str, float]
) -> None:
    known = {str(f.period): f.value for f in query.figures(con, THRESHOLD, date.fromisoformat(day))}
    assert schedule.items() <= known.items()
    if day < "2025-11-28":
        assert "2026" not in known


def test_the_bill_is_kept_as_a_proposal_and_nowhere_as_law(con: duckdb.DuckDBPyConnection) -> None:
    sql = (
        "SELECT value FROM provisions WHERE stage = 'proposed' AND parameter = 'usn_vat_exemption_threshold'"
    )
    assert con.execute(sql).fetchall() == [(10.0,)]
    assert 10.0 not in {f.value for f in query.figures(con, THRESHOLD, date(2025, 10, 31))}


def test_the_deficit_of_2025_as_first_printed_and_as_known_later(con: duckdb.DuckDBPyConnection) -> None:
    assert value(con, "ru.budget.balance", "2025", "2026-02-10") == pytest.approx(-5645, abs=1)
    assert value(con, "ru.budget.balance", "2025", "2026-11-22") == pytest.approx(-5626.5)


@pytest.mark.parametrize(
    ("series", "period", "expected"),
    [
        ("ru.nwf.total", "2026-06-01", 12955.2761),
        ("ru.nwf.liquid", "2026-06-01", 3412.3519),
        ("ru.budget.balance", "2026-01..2026-07", -6455.0),
        ("territory.net.deepstate_mirror_second", "2025-12", 445.53),
    ],
)
def test_figures_equal_those_in_the_documents(
    con: duckdb.DuckDBPyConnection, series: str, period: str, expected: float
) -> None:
    assert value(con, series, period, "2026-11-22") == pytest.approx(expected, abs=0.006)


def test_a_round_repeat_of_an_exact_figure_is_kept_but_never_shown_as_a_revision(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.execute(
        "SELECT r.value, r.printed, o.value, o.printed, r.vintage >= o.vintage "
        "FROM observations r JOIN observations o ON o.observation = r.restates"
    ).fetchall()
    assert rows
    for later, _, earlier, printed, in_order in rows:
        assert in_order
        assert len(printed) >= 1
        assert abs(later - earlier) <= 500


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2021, 1, 1), date(2026, 11, 22)))
def test_one_row_per_series_source_and_period_and_nothing_from_the_future(
    ledger_path: Path, day: date
) -> None:
    with query.connect(ledger_path) as con:
        twice = con.execute(
            "SELECT series, source, period_start, period_end FROM observations_as_of($day) GROUP BY ALL HAVING count(*) > 1",
            {"day": day},
        ).fetchall()
        late = con.execute(
            "SELECT count(*) FROM observations_as_of($day) WHERE vintage > $day", {"day": day}
        ).fetchone()
        doubled = con.execute(
            "SELECT series, period_start, period_end FROM everything_as_of($day) GROUP BY ALL HAVING count(*) > 1",
            {"day": day},
        ).fetchall()
        ahead = con.execute(
            "SELECT count(*) FROM derived_as_of($day) WHERE vintage > $day", {"day": day}
        ).fetchone()
    assert (twice, doubled, late, ahead) == ([], [], (0,), (0,))


RULE = """
SELECT observation FROM observations WHERE vintage <= $day AND restates IS NULL
QUALIFY row_number() OVER (
    PARTITION BY series, source, period_start, period_end
    ORDER BY vintage DESC, basis = 'assumed',
        CASE WHEN confidence IN ('primary', 'high') THEN 0 WHEN confidence IN ('secondary', 'medium') THEN 1 ELSE 2 END,
        length(printed) DESC, observation
) = 1 ORDER BY observation
"""
PREFERRED = """
SELECT o.observation FROM observations_as_of($day) AS o LEFT JOIN series_sources AS p USING (series, source)
QUALIFY row_number() OVER (
    PARTITION BY series, period_start, period_end ORDER BY value IS NULL, coalesce(preference, 99), source
) = 1 ORDER BY observation
"""


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2021, 1, 1), date(2026, 11, 22)))
def test_the_stored_day_of_succession_says_what_the_rule_says_when_asked_afresh(
    con: duckdb.DuckDBPyConnection, day: date
) -> None:
    for macro, afresh in (("observations_as_of", RULE), ("figures_as_of", PREFERRED)):
        stored = con.execute(f"SELECT observation FROM {macro}($day) ORDER BY observation", {"day": day})
        found = stored.fetchall()
        assert found == con.execute(afresh, {"day": day}).fetchall()


def test_a_better_source_that_comes_and_is_withdrawn_gives_its_place_back(
    ledger_path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(ledger_path, copy)
    con = duckdb.connect(str(copy))
    prints = [("poor", "2025-02-01", 1.0), ("good", "2025-03-01", 2.0), ("good", "2025-04-01", None)]
    for place, (source, day, value) in enumerate(prints):
        con.execute(
            "INSERT INTO observations (observation, series, source, period_start, period_end, vintage, value, basis, "
            "confidence, printed) VALUES (?, 'x.new', ?, '2025-01-01', '2025-01-31', ?, ?, 'published', 'high', '1')",
            [f"x:{place}", source, day, value],
        )
    con.execute("INSERT INTO series_sources VALUES ('x.new', 'good', 1), ('x.new', 'poor', 2)")
    build.settle(con)

    def shown(day: str) -> list[tuple[Any, ...]]:
        sql = "SELECT observation FROM figures_as_of(CAST($day AS DATE)) WHERE series = 'x.new'"
        return con.execute(sql, {"day": day}).fetchall()

    days = ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01", "2026-01-01")
    assert [shown(day) for day in days] == [[]] + [[("x:0",)]] * 2 + [[("x:1",)]] * 2 + [[("x:0",)]] * 2
    con.close()


def test_the_ledger_needs_no_code_of_ours(ledger_path: Path) -> None:
    plain = duckdb.connect(str(ledger_path), read_only=True)
    rows = plain.execute(
        "SELECT count(*) FROM observations_as_of(DATE '2026-02-10') WHERE series = 'ru.budget.balance'"
    ).fetchall()
    plain.close()
    assert rows[0][0] > 20


def test_a_query_may_give_its_own_parts_the_names_of_tables(con: duckdb.DuckDBPyConnection) -> None:
    tables = con.execute("SELECT DISTINCT table_name FROM duckdb_tables()").fetchall()
    macros = con.execute(
        "SELECT schema_name || '.' || function_name FROM duckdb_functions() "
        "WHERE NOT internal AND function_type = 'table_macro'"
    ).fetchall()
    parts = ", ".join(f'"{name}" AS (SELECT 1 AS other)' for (name,) in tables)
    assert len(macros) > 40
    for (name,) in macros:
        asked = f"SELECT count(*) FROM {name}(DATE '2026-02-10')"
        assert con.execute(f"WITH {parts} {asked}").fetchall() == con.execute(asked).fetchall(), name


def test_every_table_and_column_has_a_comment(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    assert con.execute(sql).fetchall() == []
    assert con.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == []
    assert (
        con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchall()
        == []
    )


def test_every_macro_has_a_comment(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT schema_name, function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NULL"
    assert con.execute(sql).fetchall() == []


def test_accepted_and_set_aside_rows_are_the_rows_read(con: duckdb.DuckDBPyConnection) -> None:
    tables = ("nwf", "budget_monthly", "strikes", "reserve_drawdowns", "energy", "occupied_area_daily")
    for table in tables:
        read = con.execute(f"SELECT count(*) FROM manual.{table}").fetchall()[0][0]
        accepted = con.execute(
            "SELECT count(DISTINCT regexp_extract(observation, ':([0-9]+)', 1)) FROM observations "
            "WHERE observation LIKE $name || ':%'",
            {"name": table},
        ).fetchall()[0][0]
        aside = con.execute(
            'SELECT count(*) FROM rejections WHERE "table" = $name', {"name": table}
        ).fetchall()[0][0]
        assert accepted + aside == read, table


def test_what_became_of_an_act_is_said_from_its_day_on_and_never_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    def said(day: str) -> dict[str, str | None]:
        query = "SELECT id, afterwards FROM acts_as_of($day) WHERE id IN ('L009', 'L099')"
        return dict(con.execute(query, {"day": date.fromisoformat(day)}).fetchall())

    assert said("2026-07-03") == {"L009": None, "L099": None}
    assert said("2026-07-04") == {
        "L009": None,
        "L099": "Cancelled by 228-FZ of 4 July 2026 before it took effect",
    }
