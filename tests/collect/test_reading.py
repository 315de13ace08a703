"""Rows are read once, by the code that reads them, on all cores when it is much; and other packages bring sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.conftest import MONTHS, forget, table

from wareconomy import catalog
from wareconomy.collect.archive import Archive
from wareconomy.collect.receipts import DOCUMENT, Receipt
from wareconomy.errors import UnknownName, WareconomyError
from wareconomy.ledger.readings import digits
from wareconomy.settings import Settings
from wareconomy.sources import reading, registry
from wareconomy.sources.reading import Read, Reader, decode, encode
from wareconomy.sources.source import Candidate, Post, Reading

MOMENT = "2026-11-22T10:00:00.000+00:00"


@pytest.fixture
def archive(home: Settings, example: Path) -> Iterator[Archive]:
    made = Archive(home)
    made.incoming()
    yield made
    made.close()


def keep(archive: Archive, data: bytes, ask: str) -> Receipt:
    sha256 = hashlib.sha256(data).hexdigest()
    path = archive.incoming() / "body"
    path.write_bytes(data)
    archive.keep(path, sha256)
    receipt = Receipt("example_table", ask, "http://x/", MOMENT, MOMENT, DOCUMENT, sha256, len(data))
    archive.record(receipt)
    return receipt


@pytest.fixture
def reader(home: Settings, archive: Archive) -> Iterator[Reader]:
    made = Reader(home.readings, archive)
    yield made
    made.close()


def test_a_package_of_somebody_else_brings_sources(example: Path) -> None:
    found = registry.registered()
    assert {"example_channel", "example_laws", "example_table"} <= set(found)
    item = found["example_table"]
    assert item.origin == "wareconomy-example"
    assert item.record() == "example_table"
    declared = registry.declared()
    assert declared.series["example.stock"].unit == "USD bn"
    assert "example.stock" not in catalog.load().series
    with pytest.raises(UnknownName, match="example_table"):
        registry.choose(["exampel_table"])


def test_what_cannot_be_a_source_says_so(example: Path) -> None:
    for target, words in (("no.such:source", "cannot be loaded"), ("json:dumps", "no source of that id")):
        with pytest.raises(WareconomyError, match=words):
            registry.Registered("toy", target, "somebody").load()


def test_the_digest_follows_the_code_it_reads_with(example: Path) -> None:
    def digest() -> str:
        forget()
        return registry.registered()["example_table"].digest()

    before = digest()
    assert digest() == before
    other = example / "wareconomy_example" / "channel.py"
    other.write_text(other.read_text() + "\n# another module of the same package\n")
    assert digest() == before
    shared = example / "wareconomy_example" / "__init__.py"
    shared.write_text(shared.read_text() + "\n# imported by every source\n")
    assert digest() != before


def test_nothing_unchanged_is_read_again(
    archive: Archive, reader: Reader, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = [keep(archive, table(*MONTHS[: n + 1]), f"doc-{n}") for n in range(4)]
    item = registry.registered()["example_table"]
    work = [(item, receipt) for receipt in receipts]
    first = reader.many(work)
    assert [found.rows for found in first.values()] == [2, 4, 6, 8]
    count = 0
    real = reading.work_one

    def counted(job: tuple[str, str, str, str, bytes]) -> bytes:
        nonlocal count
        count += 1
        return real(job)

    monkeypatch.setattr(reading, "work_one", counted)
    assert reader.many(work) == first
    assert count == 0
    keep(archive, table(*MONTHS), "doc-9")
    reader.many([(item, receipt) for receipt in archive.receipts.came("example_table")])
    assert count == 1
    path = example / "wareconomy_example" / "table.py"
    path.write_text(path.read_text().replace('f"line {line}"', 'f"row {line}"'))
    forget()
    again = reader.many([(registry.registered()["example_table"], receipt) for receipt in receipts])
    assert count == 5
    assert next(iter(again.values())).readings[0].locator == "row 2"


def test_much_is_read_on_all_cores_and_comes_out_the_same(
    archive: Archive, reader: Reader, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    receipts = [keep(archive, table(*MONTHS, f"2026-11,{n}.0,1.0"), f"doc-{n}") for n in range(40)]
    receipts.append(keep(archive, b"no,table\n", "broken"))
    item = registry.registered()["example_table"]
    work = [(item, receipt) for receipt in receipts]
    steps: list[tuple[int, int]] = []
    spread = reader.many(work, lambda done, all_: steps.append((done, all_)))
    assert steps[-1] == (41, 41)
    alone = {reading.key_of(item, receipt): reader.one(item, receipt) for receipt in receipts}
    assert spread == alone
    (broken,) = (found for found in spread.values() if found.error)
    assert broken.malformed
    other = Reader(home.processed / "other.sqlite", archive)
    monkeypatch.setattr(reading, "MUCH", 10**9)
    assert other.many(work) == spread
    other.close()


def test_a_damaged_store_of_rows_is_made_anew(archive: Archive, home: Settings) -> None:
    receipt = keep(archive, table(*MONTHS), "data")
    home.readings.write_bytes(b"rubbish" * 1000)
    reader = Reader(home.readings, archive)
    assert reader.one(registry.registered()["example_table"], receipt).rows == 12
    reader.close()


def test_a_number_that_is_none_is_refused() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(WareconomyError, match="No number is that"):
            reading._sort([Reading("s", "2026", value, "x", "line 1")])


numbers = st.floats(allow_nan=False, allow_infinity=False)
readings = st.builds(
    Reading, st.text(), st.text(), st.none() | numbers, st.text(), st.text(), st.sampled_from("APEMQ"), st.none() | numbers,
    st.none() | numbers, st.none() | st.dates(), st.none() | st.text(), st.none() | st.text(),
)  # fmt: skip
posts = st.builds(
    Post, st.text(), st.integers(0, 10**9), st.datetimes(timezones=st.just(UTC)), st.text(), st.booleans(), st.text(),
    st.text(), st.text(),
)  # fmt: skip
candidates = st.builds(Candidate, st.text(), st.dictionaries(st.text(), st.text()), st.text(), st.text())


@given(st.lists(readings), st.lists(posts), st.lists(candidates), st.text(), st.booleans())
def test_rows_come_back_from_the_store(
    first: list[Reading], second: list[Post], third: list[Candidate], error: str, malformed: bool
) -> None:
    made = Read(tuple(first), tuple(second), tuple(third), error, malformed)
    assert decode(encode(made)) == made
    assert json.loads(json.dumps(made.rows)) == len(first) + len(second) + len(third)


@pytest.mark.parametrize(
    ("printed", "value", "plain"),
    [
        ("13 104 151,3", 13104.1513, "13104.1513"),
        ("13 104 151,3", 13104151.3, "13104151.3"),
        ("-5\u00a0877", -5877.0, "-5877"),
        ("\u22121\u202f022,40", -1022.40, "-1022.40"),
        ("12 405,77***", 12405.77, "12405.77"),
        ("(-)27 402,3", -27402.3, "-27402.3"),
        ("587.50", 587.5, "587.50"),
        ("141 241,7", 141.2417, "141.2417"),
        ("1,234,567.8", 1234567.8, "1234567.8"),
        ("ten", 10.0, "10.0"),
        ("", None, ""),
    ],
)
def test_printed_numbers_as_plain_digits(printed: str, value: float | None, plain: str) -> None:
    assert digits(printed, value) == plain


def test_the_day_of_a_receipt_is_a_day_in_utc() -> None:
    late = Receipt("s", "a", "u", MOMENT, "2026-11-22T23:59:59.000+00:00", DOCUMENT, "0" * 64)
    assert late.time == datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert late.time.date() == date(2026, 11, 22)
