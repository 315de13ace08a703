"""Refreshes from the first to a revision in place, and what each outcome says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import duckdb
from tests.collect.conftest import MONTHS, table
from tests.collect.replay import Replay, Reply
from tests.conftest import TODAY

from wareconomy.refresh import outcome
from wareconomy.settings import Settings

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
