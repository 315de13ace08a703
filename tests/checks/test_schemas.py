"""Every rule of every table: what breaks it is found, with file, line, column, value, rule and advice, all at once."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.checks import schemas, templates
from wareconomy.errors import Finding
from wareconomy.settings import Settings
from wareconomy.sources import manual

CATALOG = catalog.load()
TODAY = date(2026, 11, 29)


def change(path: Path, line: int, **cells: str) -> None:
    """Write cells into one line of a table (line 2 is the first row; these tables have one row a line)."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    for name, value in cells.items():
        rows[line - 1][rows[0].index(name)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def findings(home: Settings, *tables: str) -> list[Finding]:
    return schemas.validate(manual.read_all(home.manual, CATALOG, tables), CATALOG, TODAY)


@pytest.mark.parametrize(
    ("table", "cells", "column", "rule"),
    [
        ("key_rate", {"rate_percent": ""}, "rate_percent", "required"),
        ("key_rate", {"rate_percent": "210"}, "rate_percent", "range"),
        ("key_rate", {"rate_percent": "21,0"}, "rate_percent", "decimal mark"),
        ("key_rate", {"decided_on": "2027-01-01"}, "decided_on", "future"),
        ("key_rate", {"decided_on": "1925-01-01"}, "decided_on", "too early"),
        ("key_rate", {"confidence": "certain"}, "confidence", "category"),
        ("nwf", {"unit": "USD"}, "unit", "unit"),
        ("nwf", {"value": "8,793.2"}, "value", "number"),
        ("provisions", {"valid_from": "2030-01-01"}, "valid_to", "date order"),
        ("provisions", {"act": "ru-999-fz-2025"}, "act", "reference"),
        ("acts", {"source_url": "pravo.gov.ru"}, "source_url", "address"),
    ],
)
def test_one_bad_cell_is_one_finding_at_its_place(
    home: Settings, table: str, cells: dict[str, str], column: str, rule: str
) -> None:
    change(home.manual / f"{table}.csv", 2, **cells)
    found = findings(home)
    assert [(f.file, f.line, f.column, f.rule) for f in found] == [(f"{table}.csv", 2, column, rule)]
    assert found[0].advice


def test_all_bad_cells_of_all_tables_are_reported_at_once(home: Settings) -> None:
    change(home.manual / "key_rate.csv", 2, rate_percent="x", confidence="y")
    change(home.manual / "key_rate.csv", 5, rate_percent="99")
    change(home.manual / "nwf.csv", 3, value="")
    (home.manual / "energy.csv").write_bytes(b"\x00")
    places = [(f.file, f.line, f.column) for f in findings(home)]
    assert places == [
        ("energy.csv", 1, ""),
        ("key_rate.csv", 2, "confidence"),
        ("key_rate.csv", 2, "rate_percent"),
        ("key_rate.csv", 5, "rate_percent"),
        ("nwf.csv", 3, "value"),
    ]


def test_a_repeated_key_names_the_second_row(home: Settings) -> None:
    path = home.manual / "key_rate.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[3]]) + "\n", encoding="utf-8")
    (found,) = findings(home)
    assert (found.line, found.rule, found.value) == (len(lines) + 1, "repeated key", lines[3].split(",")[0])


def test_pandera_cannot_be_switched_off_from_outside(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from pandera.config import config_context

    change(home.manual / "key_rate.csv", 2, confidence="certain")
    with config_context(validation_enabled=False):
        assert [f.rule for f in findings(home, "key_rate")] == ["category"]


def test_infinite_and_missing_numbers_never_pass(home: Settings) -> None:
    for text in ("inf", "nan", "-", "NA"):
        change(home.manual / "key_rate.csv", 2, rate_percent=text)
        assert [f.column for f in findings(home, "key_rate")] == ["rate_percent"]


@pytest.mark.parametrize("name", CATALOG.tables)
def test_the_template_of_a_table_names_every_column_and_its_header_is_valid(name: str) -> None:
    spec = CATALOG.tables[name]
    text = templates.template(spec)
    assert all(f"| `{column}` |" in text for column in spec.columns)
    assert text.rstrip().endswith(",".join(spec.columns) + "\n```")


@pytest.mark.parametrize("name", CATALOG.tables)
def test_every_number_has_a_range_and_every_column_a_sentence(name: str) -> None:
    for column in CATALOG.tables[name].columns.values():
        assert column.about.endswith("."), column.name
        if column.numeric:
            assert column.min is not None, column.name
            assert column.max is not None, column.name
