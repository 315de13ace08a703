"""What a build leaves in the ledger: the same values as computed, readable by any DuckDB client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wareconomy.analysis import coincidence, questions, stored
from wareconomy.analysis.claims import checks
from wareconomy.analysis.claims import stored as stored_checks
from wareconomy.ledger import query


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[Any]:
    with query.connect(ledger_path) as opened:
        yield opened


def test_stored_checks_are_the_computed_ones(con: Any) -> None:
    computed, read = checks.check_all(con), stored_checks.all_checks(con)
    assert [item.as_dict() for item in read] == [item.as_dict() for item in computed]
    assert [item.stated for item in read] == [item.stated for item in computed]
    assert [item.estimates for item in read] == [item.estimates for item in computed]


def test_another_day_is_computed(con: Any) -> None:
    day = date(2025, 12, 31)
    found = {(item.claim, item.view): item for item in stored_checks.all_checks(con, day)}
    assert found["C154", "now"].as_of == day
    assert found["C154", "now"].verdict == "consistent"
    assert all(answer.as_of == day for answer in stored.answers(con, day))


def test_stored_answers_are_the_computed_ones(con: Any) -> None:
    assert stored.answers(con) == questions.ask_all(con)


def test_p_is_adjusted_over_the_questions_and_never_smaller(con: Any) -> None:
    answers = stored.answers(con)
    tested = [answer for answer in answers if answer.p is not None]
    adjusted = coincidence.adjust([answer.p or 1.0 for answer in tested], "by")
    assert [answer.p_families for answer in tested] == adjusted
    for answer in answers:
        assert answer.all_tries == sum(item.tries for item in answers)
        if answer.p is None:
            assert answer.p_families is None
            assert answer.verdict == "not tested"
        else:
            runs = [run for run in answer.runs if run.part == "record" and run.result is not None]
            assert answer.p == max(questions.p_of(run.result) for run in runs)
            assert answer.p_families is not None
            assert answer.p_families >= answer.p


def test_a_plain_client_reads_both_tables(ledger_path: Path) -> None:
    with duckdb.connect(str(ledger_path), read_only=True) as plain:
        row = plain.execute(
            "SELECT verdict, round(ratio, 1), round(ratio_low, 1), round(ratio_high, 1), reasons, inputs "
            "FROM claim_checks WHERE claim = 'C154' AND view = 'now'"
        ).fetchall()[0]
        assert row[:4] == ("overstated", 1.7, 1.1, 2.6)
        assert "definition_dependent" in row[4]
        assert row[5][0] == "claims:C154"
        assert len(row[5]) > 2
        kinds = dict(plain.execute("SELECT kind, count(*) FROM links GROUP BY 1").fetchall())
        assert set(kinds) == {"coincidence", "event_study", "near_dates"}
        assert plain.execute("SELECT count(*) FROM links WHERE p <= 0 OR p_families <= 0").fetchall() == [
            (0,)
        ]
        same = plain.execute("SELECT count(*), count(DISTINCT link) FROM links").fetchall()[0]
        assert same[0] == same[1]
        every = plain.execute(
            "SELECT count(*) FROM claims c LEFT JOIN claim_checks k ON k.claim = c.id AND k.view = 'now' "
            "WHERE k.claim IS NULL"
        ).fetchall()
        assert every == [(0,)]
        missing = plain.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name IN ('claim_checks', 'links') "
            "AND comment IS NULL AND NOT internal"
        ).fetchall()
        assert missing == []


def test_every_row_a_check_rests_on_is_in_the_ledger(con: Any) -> None:
    ids = {row[0] for row in con.execute("SELECT DISTINCT unnest(inputs) FROM claim_checks").fetchall()}
    ids |= {row[0] for row in con.execute("SELECT DISTINCT unnest(inputs) FROM links").fetchall()}
    known = {row[0] for row in con.execute("SELECT observation FROM observations").fetchall()}
    assert [name for name in sorted(ids - known) if not query.manual_row(con, name)] == []
