"""Refreshes from the first to a revision in place, and what each outcome says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.collect.conftest import MONTHS, forget, good, page, table
from tests.collect.replay import LOGIN, WAF, Replay, Reply
from tests.conftest import TODAY

from wareconomy import catalog
from wareconomy.checks import drift
from wareconomy.errors import CollectError, UnknownName, UsageError
from wareconomy.refresh import dropin, outcome, state
from wareconomy.settings import Settings
from wareconomy.sources import registry
from wareconomy.sources.source import Reading

Run = Callable[..., Any]


def rows(home: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.database.resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def states(result: Any) -> dict[str, str]:
    return {item.source: item.state for item in result.outcomes}


def test_first_fills_second_rests_third_keeps_both_prints(
    run: Run, home: Settings, publisher: Replay
) -> None:
    first = run()
    assert states(first) == dict.fromkeys(("example_channel", "example_laws", "example_table"), "new")
    assert (first.build, first.exit_code) == ("published", outcome.ALL_WELL)
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(12,)]
    assert rows(home, "SELECT count(*) FROM posts") == [(3,)]
    assert rows(home, 'SELECT "table", cells FROM candidates') == [
        ("acts", '{"number": "1-ФЗ", "title": "О налоге"}')
    ]
    release = home.database.resolve()

    second = run()
    assert set(states(second).values()) == {"unchanged"}
    assert (second.build, second.exit_code) == ("unchanged", 0)
    assert home.database.resolve() == release

    publisher.serve("/data.csv", Reply(table(*MONTHS[:-1], "2026-10,107.5,2.5")))
    third = run("example_table", today=TODAY + timedelta(days=3))
    assert states(third) == {"example_table": "new"}
    found = rows(
        home,
        "SELECT value, basis, locator, length(document) FROM observations "
        "WHERE series = 'example.stock' AND period_end = DATE '2026-10-31' ORDER BY observation, value",
    )
    assert sorted(found) == [(106.0, "retrieved", "line 7", 64), (107.5, "retrieved", "line 7", 64)]
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(14,)]
    assert any("revised from 106 to 107.5" in sentence for sentence in third.changes), third.changes


def test_one_failure_stops_nobody_else(run: Run, home: Settings, publisher: Replay) -> None:
    publisher.serve("/s/example", Reply(WAF.encode(), 503, "text/html"))
    result = run()
    assert states(result) == {"example_channel": "blocked", "example_laws": "new", "example_table": "new"}
    assert (result.build, result.exit_code) == ("published", outcome.SOME_FAILED)
    (blocked,) = (item for item in result.outcomes if item.bad)
    assert "BotWall" in blocked.message
    assert "wareconomy add" in blocked.message
    publisher.serve("/list.csv", Reply(LOGIN.encode(), 200, "text/html"))
    again = run()
    assert states(again)["example_table"] == "blocked"
    assert again.build == "unchanged"
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(12,)]


def test_nothing_published_has_a_code_of_its_own(run: Run, home: Settings, publisher: Replay) -> None:
    for path in ("/list.csv", "/s/example", "/api/acts"):
        publisher.serve(path, Reply(b"no", 403, "text/plain"))
    result = run()
    assert set(states(result).values()) == {"blocked"}
    assert result.exit_code == outcome.NOTHING_PUBLISHED
    (home.manual / "acts.csv").write_text("this,is,no,table\n", encoding="utf-8")
    good_again = Reply(table(*MONTHS))
    publisher.serve("/list.csv", Reply(b"property,value\nstandardversion,3\ndata,/data.csv\n"))
    publisher.serve("/data.csv", good_again)
    result = run("example_table")
    assert states(result) == {"example_table": "new"}
    assert (result.build, result.exit_code) == ("failed", outcome.NOTHING_PUBLISHED)


def test_wrong_answers_are_never_changes(run: Run, home: Settings, publisher: Replay) -> None:
    run()
    before = (home.documents / "receipts.jsonl").read_text().count('"document"')
    release = home.database.resolve()
    for reply, word in (
        (Reply(b"<html>Maintenance</html>", 200, "text/html"), "malformed"),
        (Reply(b'{"error": {"code": 400}}', 200, "text/csv"), "malformed"),
        (Reply(table(*MONTHS) * 3, cut=40), "failed"),
        (Reply(b"", 200, "text/csv"), "malformed"),
        (Reply(b"month,", 500, "text/csv"), "failed"),
    ):
        publisher.serve("/data.csv", reply)
        result = run("example_table")
        assert states(result) == {"example_table": word}, result
        assert result.build == "unchanged"
    assert home.database.resolve() == release
    assert (home.documents / "receipts.jsonl").read_text().count('"document"') == before
    assert list((home.documents / ".incoming").iterdir()) == []


def test_a_renamed_column_stops_its_source_until_it_is_right_again(
    run: Run, home: Settings, publisher: Replay
) -> None:
    run()
    publisher.serve("/data.csv", Reply(table(*MONTHS).replace(b"stock", b"level")))
    for _ in range(2):  # also when the same bytes come again
        result = run()
        assert states(result)["example_table"] == "malformed"
        assert "header is" in next(item.message for item in result.outcomes if item.bad)
        assert result.exit_code == outcome.SOME_FAILED
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(12,)]
    assert any("header" in reason for (reason,) in rows(home, "SELECT reason FROM rejections"))
    publisher.serve("/data.csv", Reply(table(*MONTHS, "2026-11,107.0,1.0")))
    assert states(run(today=date(2026, 12, 9)))["example_table"] == "new"
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(14,)]


DRIFTS = {
    "rows_halved": table(*MONTHS[:2]),
    "series_gone": b"month,stock,flow\n"
    + b"".join(f"{row.rpartition(',')[0]},\n".encode() for row in MONTHS),
    "settled_value_moved": table("2026-05,130.0,1.0", *MONTHS[1:]),
}


@pytest.mark.parametrize("rule", DRIFTS)
def test_a_surprise_waits_until_somebody_says_why_it_is_right(
    run: Run, home: Settings, publisher: Replay, rule: str
) -> None:
    run()
    publisher.serve("/data.csv", Reply(DRIFTS[rule]))
    for _ in range(2):
        result = run("example_table")
        assert states(result) == {"example_table": "malformed"}
        (item,) = result.outcomes
        assert "wareconomy acknowledge example_table" in item.message
    before = rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'")
    assert before == [(12,)]
    with pytest.raises(UsageError):
        dropin.acknowledge(home, "example_table", " ", TODAY)
    with pytest.raises(UnknownName):
        dropin.acknowledge(home, "example_laws", "because", TODAY)
    (row,) = dropin.acknowledge(home, "example_table", "the publisher says so", TODAY)
    assert row["rule"] == rule
    kept = (home.manual / "acknowledgements.csv").read_text(encoding="utf-8")
    assert "the publisher says so" in kept
    assert states(run("example_table")) == {"example_table": "unchanged"}
    moved = rows(home, "SELECT value FROM observations WHERE value = 130")
    assert moved == ([(130.0,)] if rule == "settled_value_moved" else [])


def test_small_and_recent_changes_need_nobody() -> None:
    before = [Reading("s", f"2026-{m:02d}", 100.0, "100.0", f"line {m}") for m in range(1, 11)]
    day = date(2026, 11, 22)
    recent = [*before[:-1], Reading("s", "2026-10", 50.0, "50.0", "line 10")]
    small = [Reading("s", "2026-01", 119.0, "119.0", "line 1"), *before[1:]]
    assert drift.compare(before, recent, day) == []
    assert drift.compare(before, small, day) == []
    large = [Reading("s", "2026-01", 120.0, "120.0", "line 1"), *before[1:]]
    assert [item.rule for item in drift.compare(before, large, day)] == ["settled_value_moved"]
    other = [*before, Reading("t", "2026-01", 1.0, "1", "line 99")]
    assert [item.rule for item in drift.compare(before, other, day)] == ["new_series"]
    assert drift.compare(before, other, day, any_series=True) == []
    assert drift.compare(before, before[:2], day, any_series=True) == []
    assert drift.compare(before, [], day) == []  # a page whose message has scrolled off
    blank = [Reading("s", "2026-01", None, "", "line 1", status="M"), *before[1:]]
    assert [item.rule for item in drift.compare(before, blank, day)] == ["settled_value_blank"]


def test_what_has_no_figures_is_as_fresh_as_its_newest_document_or_post() -> None:
    known = {
        "collected": {
            "map": {"documents": 2, "rows": 0, "newest": "2026-11-20"},
            "table": {"documents": 1, "rows": 9},
        }
    }
    assert state._reaches(known, "map", "2026-08-22") == "2026-11-20"
    assert state._reaches(known, "table", "2026-08-22") == "2026-08-22"
    assert state._reaches({}, "map", None) is None


def test_only_what_is_planned_is_no_data_yet() -> None:
    series = catalog.load().series
    assert not series["ru.key_rate.in_force"].planned
    assert series["ru.budget.balance.plan"].planned


def test_a_document_without_rows_is_sound_where_the_source_says_so(
    run: Run, publisher: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = registry.choose(["example_laws"])[0].load()
    usual = source.asks
    terms: dict[str, Any] = {"empty_ok": False, "volatile": True}
    monkeypatch.setattr(
        type(source), "asks", lambda _, *days: [replace(ask, **terms) for ask in usual(*days)]
    )
    publisher.serve("/api/acts", Reply(b'{"total": 0, "items": []}', media="application/json"))
    result = run("example_laws")
    assert states(result) == {"example_laws": "malformed"}
    assert "holds no rows, though it should" in result.outcomes[0].message
    terms |= {"rowless": True, "name": "acts-now"}
    assert states(run("example_laws")) == {"example_laws": "new"}
    publisher.serve("/api/acts", Reply(b'{"total": 0,  "items": []}', media="application/json"))
    assert states(run("example_laws")) == {"example_laws": "unchanged"}


def test_posts_keep_their_wordings_and_their_disappearance(
    run: Run, home: Settings, publisher: Replay
) -> None:
    run("example_channel")
    same = page('<p id="1">One</p>', '<p id="2">Two</p>', '<p id="3">Three</p>', token="other")
    publisher.serve("/s/example", Reply(same, media="text/html"))
    result = run("example_channel")
    assert states(result) == {"example_channel": "unchanged"}
    assert result.build == "unchanged"
    edited = page('<p id="1">One</p>', '<p id="3" class="edited">Drei</p>', '<p id="4">Four</p>')
    publisher.serve("/s/example", Reply(edited, media="text/html"))
    run("example_channel", today=TODAY + timedelta(days=2))
    found = rows(
        home, 'SELECT "number", "text", edited, gone_on IS NOT NULL FROM posts ORDER BY "number", first_seen'
    )
    assert found == [
        (1, "One", False, False), (2, "Two", False, True), (3, "Three", False, False), (3, "Drei", True, False),
        (4, "Four", False, False),
    ]  # fmt: skip


def test_an_outage_longer_than_a_refresh_looks_back_leaves_no_gap(
    run: Run, publisher: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(registry.registered()["example_channel"].load())
    ordinary, asked = kind.asks, []

    def asks(self: Any, today: date, since: date | None = None) -> Any:
        asked.append(since)
        return ordinary(self, today, since)

    monkeypatch.setattr(kind, "asks", asks)
    monkeypatch.setattr(kind, "reach", timedelta(days=2), raising=False)
    run("example_channel")
    run("example_channel", today=TODAY + timedelta(days=1))
    publisher.serve("/s/example", Reply(b"", 503, "text/plain"))
    for day in (2, 4):
        assert (
            states(run("example_channel", today=TODAY + timedelta(days=day)))["example_channel"] == "failed"
        )
    good(publisher)
    assert run("example_channel", today=TODAY + timedelta(days=6)).exit_code == 0
    run("example_channel", today=TODAY + timedelta(days=7))
    # A failure stands where the last check stood, so the span begins with the last document: rather too early.
    assert asked == [None, None, None, TODAY, TODAY, None]
    run("example_channel", today=TODAY + timedelta(days=7), since=date(2026, 1, 1))
    assert asked[-1] == date(2026, 1, 1)


def test_a_filter_the_server_dropped_is_noticed(run: Run, publisher: Replay) -> None:
    publisher.serve("/api/acts", Reply(b'{"total": 1593675, "items": []}', media="application/json"))
    result = run("example_laws")
    assert states(result) == {"example_laws": "malformed"}
    assert "dropped the filter" in result.outcomes[0].message


def test_nothing_published_yet_is_neither_failure_nor_zero(
    run: Run, home: Settings, publisher: Replay
) -> None:
    publisher.serve("/api/acts", Reply(status=204, media=""))
    result = run("example_laws")
    assert states(result) == {"example_laws": "nothing_published_yet"}
    assert result.exit_code == 0
    publisher.serve("/api/acts", Reply(b'{"total": 0, "items": []}', media="application/json"))
    assert states(run("example_laws")) == {"example_laws": "nothing_published_yet"}


def test_secrets_stay_out_of_everything_written(run: Run, home: Settings, publisher: Replay) -> None:
    run()
    publisher.serve(
        "/api/acts", Reply(b'{"error": "s3cret-key-of-ours is not valid"}', media="application/json")
    )
    result = run("example_laws")
    assert result.outcomes[0].bad
    outcome.remember(home, result)
    assert any(
        "s3cret-key-of-ours" in value for _, _, headers in publisher.asked for value in headers.values()
    )
    said = repr(result).encode() + b"".join(
        path.read_bytes() for path in home.root.rglob("*") if path.is_file() and "site" not in path.parts
    )
    assert b"s3cret-key" not in said


def test_dry_run_asks_nobody_and_from_archive_neither(run: Run, home: Settings, publisher: Replay) -> None:
    result = run(dry_run=True)
    assert publisher.asked == []
    assert not home.documents.exists()
    assert set(states(result).values()) == {"planned"}
    assert "{env:EXAMPLE_KEY}" in next(i.message for i in result.outcomes if i.source == "example_laws")
    run()
    count = len(publisher.asked)
    shutil.rmtree(home.processed)
    result = run(from_archive=True)
    assert len(publisher.asked) == count
    assert (result.build, result.exit_code) == ("published", 0)
    assert rows(home, "SELECT count(*) FROM observations WHERE source = 'example_table'") == [(12,)]


def test_a_rebuild_from_the_archive_alone_gives_the_same_rows(
    run: Run, home: Settings, publisher: Replay
) -> None:
    run()
    publisher.serve("/data.csv", Reply(table(*MONTHS[:-1], "2026-10,107.5,2.5")))
    run(today=TODAY + timedelta(days=3))
    sql = "SELECT * FROM observations ORDER BY ALL"
    before, posts = rows(home, sql), rows(home, "SELECT * FROM posts ORDER BY ALL")
    shutil.rmtree(home.processed)
    run(from_archive=True, today=TODAY + timedelta(days=3))
    assert rows(home, sql) == before
    assert rows(home, "SELECT * FROM posts ORDER BY ALL") == posts


def test_stale_counts_unless_a_blackout_is_recorded(run: Run, home: Settings) -> None:
    run()
    late = date(2027, 3, 1)
    result = run("example_table", today=late)
    assert states(result) == {"example_table": "stale"}
    assert result.exit_code == outcome.SOME_FAILED
    assert "limit 60 days" in result.outcomes[0].message
    header = (home.manual / "blackouts.csv").read_text(encoding="utf-8")
    cells = "K01,,example_table,2026-11,,Everything,,Example publisher,,2026-11-20,,,,primary,\n"
    (home.manual / "blackouts.csv").write_text(header + cells, encoding="utf-8")
    assert states(run("example_table", today=late)) == {"example_table": "unchanged"}
    (standing,) = (item for item in state.standings(home, late) if item.source == "example_table")
    assert standing.state == "silent since 2026-11"
    assert (standing.data_to, standing.next_expected) == ("2026-10-31", "2026-12-10")
    assert (standing.documents, standing.accepted, standing.set_aside) == (2, 12, 0)
    assert standing.last_checked > standing.last_changed  # type: ignore[operator]


def test_a_document_handed_in_goes_the_same_way(
    run: Run, home: Settings, publisher: Replay, tmp_path: Path
) -> None:
    file = tmp_path / "saved.csv"
    file.write_bytes(table(*MONTHS[:5]))
    run()
    kwargs: dict[str, Any] = {
        "url": publisher.url + "/data.csv",
        "retrieved_on": date(2026, 10, 12),
        "today": TODAY,
    }
    made = dropin.add(home, "example_table", file, ask_name="data", **kwargs)
    assert (made.rows, made.known) == (10, False)
    found = rows(
        home, "SELECT count(*), min(vintage), max(vintage) FROM observations WHERE source = 'example_table'"
    )
    assert found == [(12, date(2026, 10, 12), TODAY)]
    assert rows(home, "SELECT via, count(*) FROM receipts GROUP BY ALL ORDER BY ALL") == [
        ("drop-in", 1),
        ("http", 4),
    ]
    assert dropin.add(home, "example_table", file, ask_name="data", **kwargs).known
    assert states(run("example_table")) == {"example_table": "unchanged"}
    file.write_bytes(table(*MONTHS[:4]))
    unnamed = dropin.add(home, "example_table", file, "", date(2026, 9, 12), TODAY)
    assert (unnamed.ask, unnamed.rows) == ("handed-in-csv", 8)
    file.write_bytes(WAF.encode())
    with pytest.raises(CollectError):
        dropin.add(home, "example_channel", file, "", TODAY, TODAY)
    with pytest.raises(UnknownName):
        dropin.add(home, "example_tabel", file, "", TODAY, TODAY)


def test_as_of_an_earlier_day_leaves_later_documents_out(run: Run, home: Settings, publisher: Replay) -> None:
    from wareconomy import pipeline

    run()
    publisher.serve("/data.csv", Reply(table(*MONTHS[:-1], "2026-10,107.5,2.5")))
    run(today=TODAY + timedelta(days=3))
    made = pipeline.build(home, TODAY + timedelta(days=3), as_of=TODAY).release
    with duckdb.connect(str(made.database), read_only=True) as con:
        values = con.execute(
            "SELECT value FROM latest WHERE series = 'example.stock' ORDER BY period_end DESC"
        ).fetchone()
        assert values == (106.0,)
        assert con.execute("SELECT count(*) FROM receipts WHERE ask = 'data'").fetchone() == (1,)


def test_a_source_that_cannot_be_loaded_stops_nobody(run: Run, home: Settings, example: Path) -> None:
    run()
    (example / "wareconomy_example" / "table.py").write_text("import no_such_module\n")
    forget()
    result = run()
    assert states(result) == {
        "example_channel": "unchanged",
        "example_laws": "unchanged",
        "example_table": "failed",
    }
    assert "no_such_module" in next(item.message for item in result.outcomes if item.bad)
    assert result.exit_code == outcome.SOME_FAILED


def test_a_parser_that_breaks_is_one_line_and_not_a_traceback(run: Run, example: Path) -> None:
    path = example / "wareconomy_example" / "table.py"
    path.write_text(path.read_text().replace("float(cell)", "float(cell) / 0"))
    forget()
    result = run()
    assert states(result)["example_table"] == "malformed"
    message = next(item.message for item in result.outcomes if item.bad)
    assert "its parser failed on data: ZeroDivisionError" in message
    assert "\n" not in message


def test_without_documents_the_ledger_is_what_it_was(home: Settings, plain_build: None) -> None:
    from wareconomy import pipeline, release

    assert release.digest(home, None) == release.digest(home, None, pipeline._collected_inputs(home))
    pipeline.build(home, TODAY)
    assert rows(home, "SELECT count(*) FROM receipts") == [(0,)]
    assert not home.documents.exists()
