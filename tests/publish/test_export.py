"""The data package: valid, the same bytes every time, nothing known later, nothing a spreadsheet would
run."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wareconomy.errors import UsageError
from wareconomy.ledger import changes, query
from wareconomy.model import label
from wareconomy.publish import export
from wareconomy.publish.export import resources

DIGEST = "0123456789abcdef" * 4
DAYS = [None, date(2024, 1, 15), date(2026, 2, 10), date(2026, 7, 3)]


def made(path: Path, folder: Path, day: date | None = None, formats: tuple[str, ...] | None = None) -> date:
    with query.connect(path) as con:
        when = query.as_of_day(con, day)
        export.export(con, folder, when, DIGEST, formats)
    return when


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def package(ledger_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    made(ledger_path, folder)
    return folder


@pytest.fixture
def hostile(ledger_path: Path, tmp_path: Path) -> Path:
    """The real ledger with rows nobody should be able to harm a reader with."""
    path = tmp_path / "hostile.duckdb"
    shutil.copyfile(ledger_path, path)
    con = duckdb.connect(str(path))
    con.execute(
        "INSERT INTO sources (source, title, publisher, terms, licence) VALUES "
        "('secret', '=cmd|calc', 'Publisher | with <b>', 'local only', 'none'), "
        "('odd', 'Odd', 'Odd', 'something new', NULL)"
    )
    con.execute(
        "INSERT INTO series (series, title, unit, kind) VALUES ('x.hostile', '+SUM(A1)', 'RUB bn', 'flow')"
    )
    rows = [
        ("x:1", "secret", "2020-01-01", 1.5, "=HYPERLINK(1)", "@note ї 'текст' \"quoted\"\nnext"),
        ("x:2", "odd", "2021-01-01", None, "\tTab", "unknown terms"),
        ("x:3", "minfin_budget", "2022-01-01", math.nan, "-1+1", "-5.5"),
        ("x:4", "minfin_budget", "2023-01-01", math.inf, "＝1+1", "\rcarriage"),
    ]
    for name, source, day, value, publisher, note in rows:
        con.execute(
            "INSERT INTO observations (observation, series, source, period_start, period_end, vintage, "
            "value, status, "
            "basis, printed, publisher, note) VALUES (?, 'x.hostile', ?, ?, ?, DATE '2024-01-01', ?, 'A', "
            "'published', "
            "'-3410', ?, ?)",
            [name, source, day, day, value, publisher, note],
        )
    con.execute(Path(query.__file__).with_name("as_of.sql").read_text(encoding="utf-8"))
    con.close()
    return path


@pytest.mark.parametrize("day", [None, date(2026, 2, 10)])
@pytest.mark.filterwarnings("ignore")
def test_a_validator_accepts_the_package(ledger_path: Path, tmp_path: Path, day: date | None) -> None:
    from frictionless import Package

    made(ledger_path, tmp_path, day)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    wrong = report.flatten(["title", "rowNumber", "fieldName", "message"])
    assert report.valid, wrong[:10]
    assert report.stats["tasks"] == 3 * len(resources.declared(True)) + 1


@pytest.mark.filterwarnings("ignore")
def test_a_validator_accepts_hostile_text(hostile: Path, tmp_path: Path) -> None:
    from frictionless import Package

    made(hostile, tmp_path)
    assert Package(str(tmp_path / "datapackage.json")).validate().valid


@pytest.mark.smoke
def test_the_same_ledger_gives_the_same_bytes(ledger_path: Path, package: Path, tmp_path: Path) -> None:
    made(ledger_path, tmp_path)
    again = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(again) == sorted(path.name for path in package.iterdir())
    assert [name for name, data in again.items() if data != (package / name).read_bytes()] == []


def test_the_paper_tells_sizes_hashes_and_words(package: Path) -> None:
    body = json.loads((package / "datapackage.json").read_text("utf-8"))
    assert body["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert body["created"] == f"{body['asOf']}T00:00:00Z"
    assert body["inputDigest"] == DIGEST
    assert {"name", "id", "title", "description", "version", "licenses", "contributors", "sources"} <= set(
        body
    )
    for item in body["resources"]:
        data = (package / item["path"]).read_bytes()
        assert item["bytes"] == len(data)
        assert item["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
    mute = [
        (item["name"], field["name"])
        for item in body["resources"]
        if "schema" in item
        for field in item["schema"]["fields"]
        if not field["description"]
    ]
    assert mute == []


def test_one_set_of_rows_in_every_format(package: Path) -> None:
    for name in ("figures", "derived", "claims", "claim_checks", "links", "blackouts"):
        rows = table(package / f"{name}.csv")
        records: list[dict[str, Any]] = json.loads((package / f"{name}.json").read_text("utf-8"))
        parquet = duckdb.execute(f"SELECT count(*) FROM '{package / name}.parquet'").fetchall()[0][0]
        assert len(rows) == len(records) == parquet > 0
        assert list(rows[0]) == list(records[0])
    names = zipfile.ZipFile(package / "wareconomy.xlsx").read("xl/workbook.xml").decode()
    for name in ("README", "series", "figures", "derived", "territory", "acts", "provisions", "claims"):
        assert f'name="{name}"' in names


@pytest.mark.parametrize("day", DAYS[1:])
def test_nothing_known_later_is_in_it(ledger_path: Path, tmp_path: Path, day: date) -> None:
    made(ledger_path, tmp_path, day, ("csv",))
    for name, column in (
        ("observations", "vintage"),
        ("figures", "vintage"),
        ("derived", "vintage"),
        ("acts", "known"),
        ("claim_checks", "as_of"),
        ("links", "last_day"),
    ):
        assert max(row[column] for row in table(tmp_path / f"{name}.csv")) <= day.isoformat()
    assert max(row["known"] for row in table(tmp_path / "claims.csv")) <= day.isoformat()
    thresholds = {
        row["period"]: float(row["value"])
        for row in table(tmp_path / "figures.csv")
        if row["series"] == "ru.tax.usn_vat_exemption_threshold"
    }
    assert thresholds.get("2027") == (15 if day >= date(2025, 11, 28) else None)


def test_no_text_is_a_formula(hostile: Path, tmp_path: Path) -> None:
    made(hostile, tmp_path)
    rows = {row["observation"]: row for row in table(tmp_path / "observations.csv")}
    assert rows["x:1"]["publisher"] == "'=HYPERLINK(1)"
    assert rows["x:2"]["publisher"] == "'\tTab"
    assert rows["x:3"]["publisher"] == "'-1+1"
    assert rows["x:4"]["publisher"] == "'＝1+1"
    assert rows["x:4"]["note"] == "'\rcarriage"
    assert rows["x:3"]["note"] == "-5.5", "a plain number is no formula"
    assert rows["x:1"]["printed"] == "-3410"
    bad = [
        (path.name, cell)
        for path in tmp_path.glob("*.csv")
        for row in table(path)
        for cell in row.values()
        if cell
        and cell[0] in "=+-@\t\r\n＝＋－＠"
        and not cell.lstrip("+-").replace(".", "", 1).replace("e-", "").isdigit()
    ]
    assert bad == []
    sheets = zipfile.ZipFile(tmp_path / "wareconomy.xlsx")
    for name in sheets.namelist():
        assert b"<f>" not in sheets.read(name)
    kept = {
        item["observation"]: item for item in json.loads((tmp_path / "observations.json").read_text("utf-8"))
    }
    assert kept["x:4"]["publisher"] == "＝1+1", "JSON holds the text as it is"


def test_numbers_that_are_none_become_missing(hostile: Path, tmp_path: Path) -> None:
    made(hostile, tmp_path)
    text = (tmp_path / "observations.json").read_text("utf-8")
    rows = {item["observation"]: item for item in json.loads(text, parse_constant=pytest.fail)}
    assert [rows[f"x:{n}"]["value"] for n in range(1, 5)] == [1.5, None, None, None]
    assert {row["observation"]: row["value"] for row in table(tmp_path / "observations.csv")}["x:2"] == ""


def test_a_source_that_keeps_its_text_gives_figures_with_credit(hostile: Path, tmp_path: Path) -> None:
    made(hostile, tmp_path)
    for name in ("observations", "figures"):
        for rows in (
            table(tmp_path / f"{name}.csv"),
            json.loads((tmp_path / f"{name}.json").read_text("utf-8")),
        ):
            kept = {row["observation"]: row for row in rows}
            assert not kept["x:1"]["note"], "terms are local only"
            assert not kept["x:2"]["note"], "terms nobody knows count as local only"
            assert float(kept["x:1"]["value"]) == 1.5
            assert kept["x:1"]["source"] == "secret"
            assert kept["x:3"]["note"]
    assert "unknown terms" not in "".join(
        path.read_text("utf-8") for path in tmp_path.iterdir() if path.suffix in (".csv", ".json", ".md")
    )
    words = (tmp_path / "LICENSES.md").read_text("utf-8")
    assert r"Publisher \| with \<b\>" in words
    assert "local only" in words


def test_only_the_formats_asked_for(ledger_path: Path, tmp_path: Path) -> None:
    made(ledger_path, tmp_path, None, ("parquet",))
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet", ".json", ".jsonld", ".cff", ".md"}
    assert not (tmp_path / "figures.json").exists()
    with query.connect(ledger_path) as con, pytest.raises(UsageError, match="pdf"):
        export.export(con, tmp_path, date(2026, 1, 1), DIGEST, ("pdf",))


def test_nothing_is_left_in_the_connection(ledger_path: Path, tmp_path: Path) -> None:
    with query.connect(ledger_path) as con:
        export.export(con, tmp_path, date(2025, 1, 1), DIGEST, ("csv",))
        assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchall() == [(0,)]


def test_dataset_and_citation(package: Path) -> None:
    body = json.loads((package / "dataset.jsonld").read_text("utf-8"))
    assert body["@type"] == "Dataset"
    assert {item["propertyID"] for item in body["variableMeasured"]} > {"ru.budget.balance", "ru.key_rate"}
    assert len(body["distribution"]) == 3 * len(resources.declared(True)) + 1
    citation = (package / "CITATION.cff").read_text("utf-8")
    assert "cff-version: 1.2.0" in citation
    assert body["dateModified"] in citation


@pytest.fixture(scope="module")
def periods() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute(changes.PERIOD_TEXT.read_text(encoding="utf-8"))
    yield con
    con.close()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2025, 3, 1), date(2025, 3, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 1, 1), date(2025, 6, 30)),
        (date(2025, 11, 1), date(2026, 2, 28)),
        (date(2024, 1, 1), date(2100, 12, 31)),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2022, 2, 24), date(2024, 4, 16)),
        (date(2025, 1, 1), date(2025, 1, 30)),
        (date(2026, 1, 1), None),
    ],
)
def test_periods_read_alike_in_sql_and_python(
    periods: duckdb.DuckDBPyConnection, start: date, end: date | None
) -> None:
    found = periods.execute(
        "SELECT period_text($start::DATE, $until::DATE)", {"start": start, "until": end}
    ).fetchall()
    assert found == [(label(start, end),)]
