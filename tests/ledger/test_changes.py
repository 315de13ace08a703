"""What changed between two days or two ledgers: golden sentences, grouping, and that nothing is lost or
explained away."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from wareconomy.errors import UsageError
from wareconomy.ledger import build, changes, query, wording
from wareconomy.ledger.changes import Change

FIRST, LAST = date(2015, 1, 1), date(2026, 10, 31)
CAUSAL = re.compile(r"\b(because|caused|in response to|led to|triggered|so that|due to)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with query.connect(ledger_path) as connection:
        yield connection


def told(con: duckdb.DuckDBPyConnection, earlier: date, later: date, kind: str = "") -> list[str]:
    return [item.sentence() for item in changes.between(con, earlier, later) if kind in ("", item.kind)]


@pytest.fixture
def copy(ledger_path: Path, tmp_path: Path) -> Path:
    path = tmp_path / "second.duckdb"
    shutil.copyfile(ledger_path, path)
    return path


@pytest.mark.smoke
def test_a_law_is_one_sentence_for_each_value_it_sets(con: duckdb.DuckDBPyConnection) -> None:
    found = told(con, date(2026, 7, 3), date(2026, 7, 4))
    title = "the VAT exemption threshold for the simplified tax"
    assert f"Law 228-FZ, signed 4 July 2026, sets {title} of 2027 at 20 mn RUB; it stood at 15." in found
    assert (
        f"Law 228-FZ, signed 4 July 2026, sets {title} of 2028 to 2029 at 20 mn RUB; it stood at 10." in found
    )
    assert f"Law 228-FZ, signed 4 July 2026, keeps {title} of 2026 at 20 mn RUB." in found
    assert any(
        line.startswith("Law 228-FZ of Russia, known 4 July 2026: “USN VAT threshold frozen")
        for line in found
    )


def test_a_revision_names_both_values_and_who(con: duckdb.DuckDBPyConnection) -> None:
    before, after = date(2024, 12, 30), date(2024, 12, 31)
    found = [
        item
        for item in changes.between(con, before, after)
        if "ru.budget.balance@2023-01..2023-05" in item.figures
    ]
    assert [item.kind for item in found] == ["revised"]
    one = Change(
        "revised",
        "ru.budget.balance",
        "Federal budget balance",
        date(2023, 1, 1),
        date(2023, 5, 31),
        (after, after),
        ("ru.budget.balance@2023-01..2023-05",),
        (-3410.0, -3410.0),
        (-3029.5, -3029.5),
        "RUB bn",
        "Ministry of Finance",
        True,
    )
    assert one.sentence() == (
        "The federal budget balance of January to May 2023 was revised from −3,410 to −3,029.5 bn RUB "
        "(Ministry of Finance, known 31 December 2024, assumed)."
    )


def test_many_figures_are_one_sentence(con: duckdb.DuckDBPyConnection) -> None:
    found = changes.between(con, date(2025, 1, 1), date(2026, 8, 31))
    daily = [
        item for item in found if item.subject == "territory.occupied.deepstate" and item.kind == "known"
    ]
    assert len(daily) == 1
    assert len(daily[0].figures) > 500
    words = r"\d{3} figures of the occupied area of Ukraine, DeepState map, .* became known, between"
    assert re.match(words, daily[0].sentence())
    parts = [
        item for item in found if item.subject == "territory.occupied.deepstate.*" and item.kind == "known"
    ]
    assert len(parts) == 1
    assert "by part (11 series)" in parts[0].sentence()


def test_nothing_is_lost_between_the_ends(con: duckdb.DuckDBPyConnection) -> None:
    found = changes.between(con, FIRST, LAST)
    figures = con.execute("SELECT count(*) FROM figures_as_of($day)", {"day": LAST}).fetchall()[0][0]
    earlier = con.execute("SELECT count(*) FROM figures_as_of($day)", {"day": FIRST}).fetchall()[0][0]
    of_series = [item for item in found if item.subject not in changes.ROW_SUBJECTS]
    assert sum(len(item.figures) for item in of_series) == figures - earlier
    ids = [name for item in of_series for name in item.figures]
    assert len(set(ids)) == len(ids)
    claims = con.execute("SELECT count(*) FROM claims_as_of($day)", {"day": LAST}).fetchall()[0][0]
    assert sum(item.kind == "claimed" for item in found) == claims
    assert changes.between(con, LAST, LAST) == []


def test_a_bill_is_never_told_as_enacted(con: duckdb.DuckDBPyConnection) -> None:
    found = changes.between(con, date(2025, 10, 21), date(2025, 10, 22))
    assert not any("threshold" in item.sentence() and item.kind == "enacted" for item in found)
    proposed = {
        f"acts:{row[0]}"
        for row in con.execute("SELECT id FROM manual.acts WHERE stage = 'proposed'").fetchall()
    }
    enacted = {
        name for item in changes.between(con, FIRST, LAST) if item.kind == "enacted" for name in item.figures
    }
    assert not proposed & enacted


def test_sentences_are_clean_and_claim_no_cause(con: duckdb.DuckDBPyConnection) -> None:
    found = changes.between(con, FIRST, LAST)
    for item in found:
        text = item.sentence()
        own = re.sub(r"“.*”", "", text)
        assert not CAUSAL.search(own), text
        assert text.endswith((".", "”.")), text
        assert "None" not in own, text
        assert "  " not in text, text
        assert "\n" not in text, text
    assert json.loads(json.dumps([item.as_dict() for item in found], allow_nan=False))


def test_the_days_must_be_in_order(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match="earlier day first"):
        changes.between(con, LAST, FIRST)


def test_two_alike_ledgers_differ_in_nothing(ledger_path: Path, copy: Path) -> None:
    with query.connect(ledger_path) as first, query.connect(copy) as second:
        assert changes.builds(first, second) == []


def test_two_ledgers(ledger_path: Path, copy: Path) -> None:
    writer = duckdb.connect(str(copy))
    one = "series = 'ru.budget.balance' AND period_start = '2023-01-01' AND period_end = '2023-05-31'"
    writer.execute(f"UPDATE observations SET value = -3000 WHERE {one} AND value = -3029.5")
    writer.execute("DELETE FROM observations WHERE series = 'ru.key_rate' AND period_start = '2023-12-15'")
    writer.execute("UPDATE manual.claims SET summary = 'Said otherwise ''quoted'' ї' WHERE id = 'C152'")
    writer.execute("DELETE FROM manual.acts WHERE id = 'L001'")
    writer.execute("UPDATE manual.acts SET file_line = file_line + 1")
    writer.execute(
        "INSERT INTO observations (observation, series, source, period_start, period_end, vintage, value, "
        "status, basis, "
        "edition, publisher) VALUES ('x:1', 'x.undeclared', 'nobody', '2020-01-01', '2020-12-31', "
        "'2021-01-01', 1.5, 'A', "
        "'published', 'e', 'Nobody')"
    )
    build.settle(writer)
    writer.close()
    with query.connect(ledger_path) as first, query.connect(copy) as second:
        found = changes.builds(first, second)
        assert second.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchall() == [(0,)]
    sentences = {(item.kind, item.figures[0]): item.sentence() for item in found}
    assert set(sentences) == {
        ("corrected", "ru.budget.balance@2023-01..2023-05"),
        ("gone", "ru.key_rate@2023-12-15"),
        ("corrected", "claims:C152"),
        ("gone", "acts:L001"),
        ("known", "x.undeclared@2020"),
    }
    assert "from −3,029.5 to −3,000 bn RUB" in sentences["corrected", "ru.budget.balance@2023-01..2023-05"]
    assert "is no longer there; it stood at 16 percent" in sentences["gone", "ru.key_rate@2023-12-15"]
    assert "“Said otherwise 'quoted' ї”" in sentences["corrected", "claims:C152"]


def test_missing_values_are_told_as_missing(con: duckdb.DuckDBPyConnection) -> None:
    found = told(con, date(2026, 7, 3), date(2026, 8, 31), "missing")
    assert [line for line in found if "of Ukraine, DeepState map, 9 July 2026, was not published" in line]


def test_it_is_quick(con: duckdb.DuckDBPyConnection) -> None:
    def once() -> float:
        started = time.perf_counter()
        told(con, date(2026, 2, 10), date(2026, 7, 5))
        return time.perf_counter() - started

    assert min(once() for _ in range(3)) < 1


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 1, 1), date(2029, 12, 31), "2027 to 2029"),
        (date(2023, 5, 1), date(2023, 5, 31), "May 2023"),
        (date(2023, 1, 1), date(2023, 5, 31), "January to May 2023"),
        (date(2025, 11, 1), date(2026, 2, 28), "November 2025 to February 2026"),
        (date(2026, 7, 4), date(2026, 7, 4), "4 July 2026"),
        (date(2026, 7, 4), date(2026, 8, 22), "4 July to 22 August 2026"),
        (date(2022, 2, 24), date(2024, 4, 16), "24 February 2022 to 16 April 2024"),
        (date(2026, 6, 1), date(2026, 6, 1), "1 June 2026"),
    ],
)
def test_periods_in_words(first: date, last: date, text: str) -> None:
    assert wording.period(first, last) == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Federal budget balance", "the federal budget balance"),
        ("National Wealth Fund, total", "the National Wealth Fund, total"),
        ("VAT standard rate", "the VAT standard rate"),
        ("Urals oil price for tax", "the Urals oil price for tax"),
        ("Rate", "the rate"),
    ],
)
def test_titles_in_a_sentence(title: str, text: str) -> None:
    assert wording.named(title) == text


def test_numbers_in_words() -> None:
    assert wording.amount(-3029.5, "RUB bn") == "−3,029.5 bn RUB"
    assert wording.amount(9.3, "RUB bn per day") == "9.3 bn RUB per day"
    assert wording.amount(None, "percent") == "no value"
    assert wording.number(0.1 + 0.2) == "0.3"
