"""Derived series against hand arithmetic and published figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from wareconomy import catalog
from wareconomy.ledger import build, query


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with query.connect(ledger_path) as connection:
        yield connection


def value(con: duckdb.DuckDBPyConnection, series: str, period: str, day: date | None = None) -> float:
    found = query.figure(con, series, period, day).value
    assert found is not None
    return found


def test_monthly_flows_are_differences_within_one_edition(con: duckdb.DuckDBPyConnection) -> None:
    november = value(con, "ru.budget.balance", "2025-01..2025-11")
    assert value(con, "ru.budget.balance.month", "2025-12") == pytest.approx(
        value(con, "ru.budget.balance", "2025") - november
    )
    mixed = con.execute(
        "SELECT d.series, d.period_start FROM derived d, unnest(d.inputs) AS u (id) "
        "JOIN observations o ON o.observation = u.id "
        "WHERE d.series LIKE 'ru.budget.%.month' GROUP BY ALL HAVING count(DISTINCT o.edition) > 1 "
        "OR count(DISTINCT year(o.period_start)) > 1"
    ).fetchall()
    assert mixed == []


def test_the_twelve_months_of_a_year_add_up_to_the_year(con: duckdb.DuckDBPyConnection) -> None:
    for year in range(2020, 2026):
        assert value(con, "ru.budget.balance.rolling12", str(year)) == pytest.approx(
            value(con, "ru.budget.balance", str(year)), abs=0.2
        )


def test_monthly_oil_and_gas_revenue_equals_the_one_keyed_from_the_same_file(
    con: duckdb.DuckDBPyConnection,
) -> None:
    keyed = {f.period: f.value for f in query.figures(con, "ru.energy.oil_gas_revenue")}
    ours = {f.period: f.value for f in query.figures(con, "ru.budget.revenue_oil_gas.month")}
    both = keyed.keys() & ours.keys()
    assert len(both) > 70
    far = [(str(p), keyed[p], ours[p]) for p in both if abs((keyed[p] or 0) - (ours[p] or 0)) > 0.16]
    assert far == []


def test_the_fund_in_december_2024_splits_as_the_ministry_printed(con: duckdb.DuckDBPyConnection) -> None:
    parts = {
        name: value(con, f"ru.nwf.liquid.change{name}", "2024-12")
        for name in ("", ".sales", ".revaluation", ".placements")
    }
    assert parts[""] == pytest.approx(3809.8668 - 5792.0148)
    assert parts[".sales"] == -1300
    assert parts[".revaluation"] == pytest.approx(-434.41)
    assert sum(parts[name] for name in (".sales", ".revaluation", ".placements")) == pytest.approx(parts[""])


def test_a_month_without_a_printed_sale_is_nil_only_where_a_longer_total_says_so(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert value(con, "ru.nwf.sales.month", "2025-06") == 0
    assert value(con, "ru.nwf.sales.month", "2026-02") == pytest.approx(244.4168)
    known = {str(f.period) for f in query.figures(con, "ru.nwf.sales.month")}
    assert "2026-07" not in known
    assert "2020-12" not in known


def test_runway_at_the_pace_of_february_2026(con: duckdb.DuckDBPyConnection) -> None:
    assert value(con, "ru.nwf.months_left.last_month", "2026-03-01") == pytest.approx(4004.9669 / 244.4168)


def test_area_changes_equal_those_deepstate_published(con: duckdb.DuckDBPyConnection) -> None:
    months = {"2025-11": 505, "2025-12": 445, "2026-01": 245}
    for month, published in months.items():
        assert value(con, "territory.occupied.deepstate.net_month", month) == pytest.approx(published, abs=1)
    assert value(con, "territory.occupied.deepstate.net_year", "2025") == pytest.approx(4336, abs=5)


def test_no_area_change_is_computed_across_a_missing_map(con: duckdb.DuckDBPyConnection) -> None:
    days = {f.period.start for f in query.figures(con, "territory.occupied.deepstate.net_day")}
    assert date(2025, 1, 1) not in days
    assert date(2025, 1, 2) not in days


def test_plan_outcome_keeps_every_plan_of_2025(con: duckdb.DuckDBPyConnection) -> None:
    plans = con.execute(
        "SELECT plan FROM plan_outcome_as_of(DATE '2026-11-22') WHERE plan_series = 'ru.budget.balance.plan' "
        "AND year(period_start) = 2025 ORDER BY plan_vintage"
    ).fetchall()
    numbers = [row[0] for row in plans]
    assert numbers[0] > numbers[-1]
    assert any(abs(plan + 1173) < 2 for plan in numbers)
    assert any(abs(plan + 3792) < 5 for plan in numbers)
    assert any(abs(plan + 5737) < 2 for plan in numbers)


def test_real_terms_appear_when_a_deflator_does(ledger_path: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "with_prices.duckdb"
    shutil.copy(ledger_path, copy)
    con = duckdb.connect(str(copy))
    assert con.execute("SELECT count(*) FROM real_terms_as_of(DATE '2026-11-22')").fetchall() == [(0,)]
    con.execute(
        "INSERT INTO observations BY NAME SELECT 'x:1' AS observation, 'ru.prices.cpi' AS series, 'rosstat' AS source, "
        "DATE '2025-06-01' AS period_start, DATE '2025-06-30' AS period_end, DATE '2025-07-10' AS vintage, 125 AS value, "
        "'A' AS status, 'published' AS basis, 'e' AS edition, '125' AS printed, 'primary' AS confidence"
    )
    build.settle(con)
    nominal, real = (
        con.execute(
            "SELECT value FROM everything_as_of(DATE '2026-11-22') WHERE series = $s AND period_start = DATE '2025-06-01'",
            {"s": s},
        ).fetchall()[0][0]
        for s in ("ru.budget.expenditure.month", "ru.budget.expenditure.month.real")
    )
    con.close()
    assert real == pytest.approx(nominal / 1.25)


def test_every_derived_row_names_inputs_that_exist(con: duckdb.DuckDBPyConnection) -> None:
    lost = con.execute(
        "SELECT d.series, u.id FROM derived d, unnest(d.inputs) AS u (id) "
        "LEFT JOIN observations o ON o.observation = u.id "
        "WHERE o.observation IS NULL AND split_part(u.id, '@', 1) NOT IN (SELECT series FROM derived)"
    ).fetchall()
    assert lost == []
    assert con.execute("SELECT count(*) FROM derived WHERE len(inputs) = 0 OR value IS NULL").fetchall() == [
        (0,)
    ]


def test_every_derived_series_is_declared_with_its_formula(con: duckdb.DuckDBPyConnection) -> None:
    made = {row[0] for row in con.execute("SELECT DISTINCT series FROM derived").fetchall()}
    declared = catalog.load().derived
    assert made <= set(declared)
    without = {name for name in set(declared) - made if not name.endswith(".real")}
    assert without == set()


def test_official_identities_hold(con: duckdb.DuckDBPyConnection) -> None:
    held = con.execute(
        "SELECT name, count(*), bool_and(passed) FROM checks WHERE note LIKE 'official%' GROUP BY 1"
    ).fetchall()
    assert {name: (count > 70, passed) for name, count, passed in held} == {
        "revenue - expenditure = balance": (True, True),
        "oil and gas + other = revenue": (True, True),
    }
