"""Hand-kept tables from disk: links, dialects, undeclared files and corrections."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.checks import schemas
from wareconomy.settings import Settings
from wareconomy.sources import manual

CATALOG = catalog.load()
TODAY = date(2026, 11, 29)


def rules(home: Settings, *tables: str) -> list[tuple[str, str]]:
    read = manual.read_all(home.manual, CATALOG, tables)
    return [(finding.file, finding.rule) for finding in schemas.validate(read, CATALOG, TODAY)]


def test_the_real_tables_are_all_well(home: Settings) -> None:
    assert rules(home) == []


def test_a_table_saved_by_a_spreadsheet_reads_the_same_with_its_decimal_comma_declared(
    home: Settings,
) -> None:
    path = home.manual / "key_rate.csv"
    before = manual.read(path, CATALOG.tables["key_rate"]).values
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    numeric = [i for i, name in enumerate(rows[0]) if CATALOG.tables["key_rate"].columns[name].numeric]
    for row in rows[1:]:
        for i in numeric:
            row[i] = row[i].replace(".", ",")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    assert {rule for _, rule in rules(home, "key_rate")} == {"decimal mark"}
    (home.manual / "dialects.toml").write_text('[key_rate]\ndecimal = ","\n')
    assert rules(home, "key_rate") == []
    assert manual.read(path, CATALOG.tables["key_rate"], ",").values == before


def test_a_dialect_for_an_unknown_table_is_a_finding(home: Settings) -> None:
    (home.manual / "dialects.toml").write_text('[nothing]\ndecimal = ","\n')
    assert ("dialects.toml", "dialect") in rules(home)


def test_links_are_refused_even_when_they_point_at_good_data(home: Settings, tmp_path: Path) -> None:
    path = home.manual / "key_rate.csv"
    outside = tmp_path / "elsewhere.csv"
    path.rename(outside)
    path.symlink_to(outside)
    assert rules(home, "key_rate") == [("key_rate.csv", "symbolic link")]


def test_a_missing_and_an_undeclared_file_are_both_named(home: Settings) -> None:
    (home.manual / "key_rate.csv").rename(home.manual / "key_rates.csv")
    assert set(rules(home)) == {("key_rate.csv", "missing file"), ("key_rates.csv", "undeclared file")}


def correction(home: Settings, expect: str, value: str = "21.5", status: str = "open") -> None:
    columns = list(CATALOG.tables["corrections"].columns)
    entry = {
        "table": "key_rate",
        "row_key": "2025-02-14",
        "column": "rate_percent",
        "expect": expect,
        "value": value,
        "reason": "a test",
        "opened_on": "2026-01-01",
        "status": status,
        "publisher": "test",
        "confidence": "primary",
    }
    with (home.manual / "corrections.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, columns, restval="", lineterminator="\n").writerow(entry)


def rate(home: Settings) -> object:
    table = manual.read_all(home.manual, CATALOG)["key_rate"]
    return table.values["rate_percent"][table.printed["decided_on"].index("2025-02-14")]


def test_an_open_correction_is_applied_while_the_source_still_errs(home: Settings) -> None:
    correction(home, expect="21.0")
    assert rate(home) == 21.5
    assert rules(home) == []


def test_a_correction_fails_when_the_source_has_fixed_itself(home: Settings) -> None:
    correction(home, expect="20.0")
    assert rules(home) == [("corrections.csv", "correction no longer fits")]


def test_a_closed_correction_does_nothing(home: Settings) -> None:
    correction(home, expect="20.0", status="closed")
    assert rate(home) == 21.0
    assert rules(home) == []


@pytest.mark.parametrize("name", CATALOG.tables)
def test_every_table_is_read_twice_alike(home: Settings, name: str) -> None:
    spec = CATALOG.tables[name]
    first, second = (manual.read(home.manual / spec.file, spec) for _ in range(2))
    assert first.values == second.values
    assert len(first.lines) == len(first.printed[spec.key[0]])


def test_a_table_cut_down_to_its_header_is_a_finding(home: Settings) -> None:
    path = home.manual / "nwf.csv"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert rules(home) == [("nwf.csv", "no rows")]


def test_a_ledger_that_keeps_no_rows_of_a_table_says_so(home: Settings) -> None:
    path = home.manual / "strikes.csv"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    (home.manual / "dialects.toml").write_text("[strikes]\nmay_be_empty = true\n")
    assert rules(home, "strikes") == []


def test_only_tables_of_what_may_not_have_happened_yet_may_be_empty() -> None:
    assert {name for name, table in CATALOG.tables.items() if table.may_be_empty} == {
        "acknowledgements",
        "decisions",
    }


@pytest.mark.parametrize("name", ["acknowledgements", "decisions"])
def test_a_table_that_may_be_empty_needs_its_header(home: Settings, name: str) -> None:
    assert rules(home, name) == []
    (home.manual / f"{name}.csv").write_bytes(b"")
    assert rules(home, name) == [(f"{name}.csv", "empty file")]


def test_a_file_that_cannot_be_read_brings_no_false_findings_about_other_files(home: Settings) -> None:
    path = home.manual / "claims.csv"
    path.write_bytes((path.read_text(encoding="utf-8") + "привет").encode("cp1251", "replace"))
    assert rules(home) == [("claims.csv", "encoding: Windows-1251")]


@pytest.mark.parametrize("table", ["claims", "acts", "key_rate", "nwf"])
def test_a_row_that_cannot_be_read_brings_no_false_findings_about_other_files(
    home: Settings, table: str
) -> None:
    path = home.manual / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([rows[0], *(row[:-1] for row in rows[1:])])
    assert set(rules(home)) == {(f"{table}.csv", "row width")}


@pytest.mark.parametrize("name", ["corrections", "claims", "acts"])
def test_one_table_is_judged_alone_as_it_is_among_the_others(home: Settings, name: str) -> None:
    assert rules(home, name) == []


@pytest.mark.parametrize(
    "line",
    [
        "decimal = [1]",
        "decimal = { a = 1 }",
        "decimal = 1",
        "decimal = true",
        'decimal = ";"',
        "may_be_empty = 1",
        "may_be_empty = [true]",
        "separator = ';'",
        "",
    ],
)
def test_a_dialect_that_says_nothing_known_is_a_finding(home: Settings, line: str) -> None:
    (home.manual / "dialects.toml").write_text(f"[key_rate]\n{line}\n")
    assert rules(home) == [("dialects.toml", "dialect")]
