"""From a figure to its lines: golden answers, as-of, recursion to the printed rows, and the register of a
report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from wareconomy.errors import UnknownName, UsageError
from wareconomy.ledger import build, query
from wareconomy.model import label
from wareconomy.publish.explain import explain, register
from wareconomy.publish.explanation import Explanation


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with query.connect(ledger_path) as connection:
        yield connection


def leaves(node: Explanation) -> Iterator[Explanation]:
    if not node.inputs:
        yield node
    for item in node.inputs:
        yield from leaves(item)


def fact(node: Explanation, name: str) -> object:
    return dict(node.facts)[name]


@pytest.mark.smoke
def test_a_printed_figure_leads_to_its_line(con: duckdb.DuckDBPyConnection) -> None:
    found = explain(con, "ru.budget.balance@2023-01..2023-05")
    assert found.kind == "figure"
    assert fact(found, "value") == -3029.5
    assert fact(found, "printed digits") == "-3029.5"
    assert str(fact(found, "place")).startswith("budget_monthly.csv line ")
    assert str(fact(found, "known by")).startswith("assumed")
    assert fact(found, "confidence") == "primary"
    assert [(item["value"], item["against this"]) for item in found.prints] == [
        (-3410, "differs"),
        (-3410, "differs"),
    ]
    text = found.as_text()
    for words in (
        "−3,029.5 bn RUB",
        "Ministry of Finance",
        "https://",
        "SHA-256",
        "known 2023-06-06",
        "note:",
    ):
        assert words in text


def test_only_what_was_known_by_then(con: duckdb.DuckDBPyConnection) -> None:
    found = explain(con, "ru.budget.balance@2023-01..2023-05", date(2023, 6, 6))
    assert fact(found, "value") == -3410
    assert found.prints == ()
    law = "ru.tax.usn_vat_exemption_threshold@2027"
    assert fact(explain(con, law, date(2026, 7, 3)), "value") == 15
    assert "20, known 2026-07-04" not in explain(con, law, date(2026, 7, 3)).as_text()
    assert fact(explain(con, law, date(2026, 7, 5)), "value") == 20
    with pytest.raises(UnknownName):
        explain(con, law, date(2025, 10, 22))
    with pytest.raises(UnknownName) as caught:
        explain(con, "acts:L119", date(2026, 7, 3))
    assert "Did you mean acts:L119" not in str(caught.value)
    assert explain(con, "acts:L119", date(2026, 7, 4)).kind == "row"


def test_a_derived_figure_leads_to_printed_lines(con: duckdb.DuckDBPyConnection) -> None:
    found = explain(con, "ru.budget.balance.rolling12@2025")
    assert found.kind == "derived"
    assert fact(found, "formula")
    assert len(found.inputs) == 12
    assert {item.kind for item in found.inputs} == {"derived"}
    assert {item.kind for item in leaves(found)} == {"figure"}
    total = sum(float(str(fact(item, "value"))) for item in found.inputs)
    assert total == pytest.approx(float(str(fact(found, "value"))))


@pytest.mark.parametrize("day", [date(2026, 2, 10), date(2026, 7, 3), None])
def test_every_derived_series_reaches_the_ground(con: duckdb.DuckDBPyConnection, day: date | None) -> None:
    when = query.as_of_day(con, day)
    sql = (
        "SELECT series, period_start, period_end, value, inputs FROM derived_as_of($day) JOIN series USING (series) "
        "QUALIFY row_number() OVER (PARTITION BY series ORDER BY period_end DESC, period_start) = 1 ORDER BY series"
    )
    newest = con.execute(sql, {"day": when}).fetchall()
    assert len(newest) > 15
    for series, start, end, value, inputs in newest:
        found = explain(con, f"{series}@{label(start, end)}", day)
        assert (fact(found, "value"), fact(found, "inputs")) == (value, inputs), series
        assert {item.kind for item in leaves(found)} == {"figure"}, series
        late = [item.id for item in leaves(found) if str(fact(item, "known from")) > when.isoformat()]
        assert late == [], series


def test_breaks_and_blackouts_that_touch_a_figure(con: duckdb.DuckDBPyConnection) -> None:
    found = explain(con, "territory.occupied.deepstate.net_month@2026-03")
    assert "B09" in [item["id"] for item in found.limits]
    assert "breaks:B09" in found.as_text()
    assert "K01" not in [item["id"] for item in explain(con, "ru.budget.balance@2025").limits]


def test_rows_of_tables(con: duckdb.DuckDBPyConnection) -> None:
    act = explain(con, "acts:L001")
    assert fact(act, "act") == "ru-decree-79-2022"
    assert fact(act, "file") == "acts.csv line 2"
    claim = explain(con, "claims:C152")
    assert "6,460" in claim.as_text()
    line = query.records(
        con, "SELECT file_line FROM manual.provisions WHERE valid_from = '2027-01-01' ORDER BY 1"
    )[0]
    row = explain(con, f"provisions:{line['file_line']}")
    assert [item.kind for item in row.inputs] == ["figure"]
    assert "value: 15" in row.as_text(), "a row tells all its columns"
    one = con.execute(
        "SELECT observation FROM observations WHERE observation LIKE 'nwf:%' LIMIT 1"
    ).fetchall()[0][0]
    assert explain(con, one).id == one


def test_a_bare_series_is_its_newest_figure(con: duckdb.DuckDBPyConnection) -> None:
    assert explain(con, "ru.tax.usn_vat_exemption_threshold", date(2026, 7, 5)).id.endswith("@2026")
    assert explain(con, "ru.key_rate", date(2024, 1, 15)).id == "ru.key_rate@2023-12-15"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ru.budget.balanc", "ru.budget.balance"),
        ("ru.budget.balance@2025-13", "not a period"),
        ("ru.budget.balance@1999", "ru.budget.balance@"),
        ("acts:L999", "acts:L"),
        ("", "figure"),
        (":", "figure"),
        ("acts:", "figure"),
        ("count:nothing", "figure"),
        ("x'; DROP TABLE series; --@2025", "figure"),
    ],
)
def test_unknown_ids_name_the_nearest(con: duckdb.DuckDBPyConnection, name: str, near: str) -> None:
    with pytest.raises((UnknownName, UsageError), match=near):
        explain(con, name)


def test_counts_are_run_again(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT count(*) FROM acts_as_of($day)"
    value = con.execute(sql, {"day": date(2026, 7, 3)}).fetchall()[0][0]
    entries = {
        "count:acts": {
            "value": value,
            "about": "acts and bills",
            "sql": sql,
            "params": {"day": "2026-07-03"},
        },
        "count:wrong": {"value": value + 1, "about": "acts", "sql": sql, "params": {"day": "2026-07-03"}},
        "calc:share": {
            "value": 0.5,
            "about": "share",
            "formula": "acts / balance",
            "inputs": ["count:acts", "ru.budget.balance@2025", "acts:L999"],
        },
        "count:bad": {"value": 1, "sql": "COPY (SELECT 1) TO 'stolen.csv'"},
        "count:two": {"value": 1, "sql": "SELECT 1; SELECT 2"},
        "count:broken": {"value": 1, "sql": "SELECT nothing FROM nowhere"},
    }
    assert fact(explain(con, "count:acts", None, entries), "agrees") is True
    assert "not as printed" in explain(con, "count:wrong", None, entries).as_text()
    share = explain(con, "calc:share", None, entries)
    assert [item.kind for item in share.inputs] == ["count", "figure", "missing"]
    for name in ("count:bad", "count:two", "count:broken"):
        with pytest.raises(UsageError, match=name):
            explain(con, name, None, entries)
    assert not Path("stolen.csv").exists()


def test_a_register_is_read_from_the_report(tmp_path: Path) -> None:
    assert register(tmp_path) == {}
    file = tmp_path / "figures.json"
    for body in ({"figures": [{"id": "count:a", "value": 1}]}, [{"id": "count:a", "value": 1}]):
        file.write_text(json.dumps(body), "utf-8")
        assert register(tmp_path)["count:a"]["value"] == 1
    file.write_text("{broken", "utf-8")
    assert register(tmp_path) == {}


def test_the_tree_is_json(con: duckdb.DuckDBPyConnection) -> None:
    body = explain(con, "ru.nwf.liquid.change@2026-01").as_dict()
    assert json.loads(json.dumps(body, allow_nan=False)) == body
    assert body["inputs"][0]["kind"] == "figure"


def test_hostile_text_stays_on_its_line(ledger_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "hostile.duckdb"
    shutil.copyfile(ledger_path, path)
    writer = duckdb.connect(str(path))
    writer.execute(
        "INSERT INTO series (series, title, unit, kind) VALUES ('x.odd', 'Заголовок', NULL, 'flow')"
    )
    writer.execute(
        "INSERT INTO observations (observation, series, period_start, period_end, vintage, value, status, "
        "basis, note) "
        "VALUES ('x:1', 'x.odd', '2020-01-01', '2020-01-01', '2020-01-02', NULL, 'M', 'published', ?)",
        ["first\n  fake: line\x0b"],
    )
    build.settle(writer)
    writer.close()
    with query.connect(path) as con:
        text = explain(con, "x.odd@2020-01-01").as_text()
    assert "no value, Заголовок" in text
    assert "missing: the publisher gave no value" in text
    assert "\n  fake" not in text


class Counted:
    """A connection that counts what it is asked."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.asked = con, 0

    def execute(self, sql: str, parameters: object = None) -> object:
        self.asked += 1
        return self.con.execute(sql, parameters)


def test_a_figure_takes_few_questions_however_many_it_is_made_from(con: duckdb.DuckDBPyConnection) -> None:
    # Each question is several times dearer the first time in a process, and explain is a process of its own.
    counted = Counted(con)
    printed = explain(counted, "ru.budget.balance@2025")  # type: ignore[arg-type]
    assert printed.kind == "figure"
    assert counted.asked <= 6
    counted = Counted(con)
    made = explain(counted, "ru.nwf.months_left.last_12_months")  # type: ignore[arg-type]
    assert len(list(leaves(made))) > 12
    assert counted.asked <= 11
