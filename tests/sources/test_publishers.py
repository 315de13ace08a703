"""What holds for every fiscal and legal source: the contract, the catalog, the same rows twice, and no traceback."""

from __future__ import annotations

import os
import time
import zipfile
from contextlib import suppress
from datetime import date
from functools import cache
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.sources import handed

from wareconomy import catalog
from wareconomy.model import period
from wareconomy.sources import texts
from wareconomy.sources.fiscal import SOURCES
from wareconomy.sources.source import Ask, Candidate, Document, Malformed, Reading, Row, Source

TODAY = date(2031, 3, 12)
EXAMPLES = int(os.environ.get("WARECONOMY_FUZZ", "40"))
"""Mutations of each document; a thousand take some minutes."""
BY_ID = {source.id: source for source in SOURCES}
PRAVO = next(ask.url for ask in BY_ID["ru_law"].asks(TODAY))
TRACKER, TABLE = handed.workbook(handed.tracker()), handed.workbook({"x": handed.fund_table()})
HANDED: list[tuple[str, str, bytes, str]] = [
    (source, name, (handed.FIXTURES / name).read_bytes(), PRAVO if name.endswith("laws.json") else "")
    for source, name in (
        ("cbr_reserves", "cbr_reserves/weekly.xml"),
        ("cbr_reserves", "cbr_reserves/monthly.xml"),
        ("cbr_key_rate", "cbr_key_rate/plain.xml"),
        ("cbr_key_rate", "cbr_key_rate/dataset.xml"),
        ("cbr_liquidity", "cbr_liquidity/fields_of_2023.xml"),
        ("cbr_liquidity", "cbr_liquidity/other_fields.xml"),
        ("cbr_rates", "cbr_rates/dynamic.xml"),
        ("cbr_rates", "cbr_rates/daily.xml"),
        ("minfin_budget", "minfin_budget/data.csv"),
        ("minfin_budget", "minfin_budget/release.html"),
        ("minfin_budget", "minfin_budget/mirror.html"),
        ("minfin_nwf_message", "minfin_nwf_message/message.html"),
        ("minfin_nwf_message", "minfin_budget/mirror.html"),
        ("minfin_oil_gas", "minfin_oil_gas/sale.html"),
        ("minfin_oil_gas", "minfin_budget/mirror.html"),
        ("ru_law", "ru_law/laws.json"),
        ("nbu", "nbu/reserves.json"),
        ("nbu", "nbu/rate.json"),
        ("crea", "crea/counter.json"),
        ("imf_reserves", "imf_reserves/reserves.csv"),
    )
]
HANDED += [("kiel", "tracker.xlsx", TRACKER, ""), ("minfin_nwf_table", "movements.xlsx", TABLE, "")]
CASES = pytest.mark.parametrize(
    ("source", "name", "data", "url"), HANDED, ids=[f"{s}-{n}" for s, n, _, _ in HANDED]
)
NAMED = (
    "minfin_budget/list.csv",
    "minfin_budget/meta.csv",
    "minfin_budget/press_list.html",
    "kiel/page.html",
)


def rows(source: str, data: bytes, url: str = "") -> list[Row]:
    return list(BY_ID[source].read(handed.document(data, url=url)))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_source_keeps_the_contract_and_stands_in_the_catalog(source: Source) -> None:
    assert isinstance(source, Source)
    declared = catalog.load().sources[source.id]
    assert declared.licence
    assert declared.terms in {"open", "figures with credit", "local only"}
    assert declared.stale_after_days or source.id == "ru_law"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_asks_are_stable_named_and_bound_to_hosts(source: Source) -> None:
    asks: list[Ask] = list(source.asks(TODAY))
    assert asks == list(source.asks(TODAY))
    assert len({ask.name for ask in asks}) == len(asks) > 0
    for ask in [*asks, *source.asks(TODAY, date(2022, 1, 1))]:
        host = ask.url.split("/")[2]
        assert host in ask.hosts
        assert ask.url.startswith("https://") or host == "publication.pravo.gov.ru"
        assert ask.media or ask.first


@CASES
def test_every_row_fits_the_catalog(source: str, name: str, data: bytes, url: str) -> None:
    series = catalog.load().series
    made = rows(source, data, url)
    assert made
    for row in made:
        assert row.locator
        if isinstance(row, Reading):
            assert source in series[row.series].sources, row.series
            assert period(row.period).end is not None
            assert row.value is not None
            assert float(row.printed) == row.value
            known = row.known_on or handed.FETCHED.date()
            assert known >= period(row.period).start or series[row.series].ahead or row.status == "E"
        else:
            assert isinstance(row, Candidate)
    keys = [(row.series, row.period) for row in made if isinstance(row, Reading)]
    assert len(keys) == len(set(keys))


@CASES
def test_read_twice_gives_the_same_rows(source: str, name: str, data: bytes, url: str) -> None:
    assert rows(source, data, url) == rows(source, data, url)


def survives(
    source: str, document: Document, honest: set[tuple[str, str, float | None]] | None = None
) -> None:
    """Rows or Malformed, soon; with `honest`, no figure that stands nowhere in the untouched document."""
    start = time.perf_counter()
    made: list[Row] = []
    with suppress(Malformed):
        made += BY_ID[source].read(document)
        list(BY_ID[source].follow(document))
    assert time.perf_counter() - start < 5
    if honest is not None:
        found = {(row.series, row.period, row.value) for row in made if isinstance(row, Reading)}
        assert found <= honest


MUTATE = settings(
    deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@CASES
@given(st.data())
@MUTATE
def test_mutated_documents_end_in_rows_or_a_named_error(
    source: str, name: str, data: bytes, url: str, draw: st.DataObject
) -> None:
    body = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(body) - 1))
        what = draw.draw(st.sampled_from(("byte", "cut", "double", "drop", "insert")))
        length = draw.draw(st.integers(1, 60))
        if what == "byte":
            body[at] = draw.draw(st.integers(0, 255))
        elif what == "cut":
            body = body[: max(at, 1)]
        elif what == "double":
            body[at:at] = body[at : at + length]
        elif what == "drop" and len(body) > length + 1:
            del body[at : at + length]
        else:
            body[at:at] = draw.draw(
                st.sampled_from((b"<", b">", b'"', b",", b" ", b"\xc2\xa0", b"&#0;", b"9", b"\0", b"-"))
            )
    survives(source, handed.document(bytes(body), url=url))


def inner(packed: bytes, member: str, body: bytes) -> bytes:
    """The container with one member's bytes replaced."""
    with zipfile.ZipFile(BytesIO(packed)) as made:
        members: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    return handed.container({**members, member: body})


WORDS = texts.words(handed.document("minfin_nwf_message/message.html"), "test")
SIZES = [
    ["Дата", "в млрд долл. США", "в млрд рублей", "в процентах к ВВП"],
    ["01.03.2031", "121,51", "9 720,85", "4,4%"],
]
INSIDE = [
    ("kiel", "xl/worksheets/sheet3.xml", TRACKER),
    ("minfin_nwf_table", "xl/worksheets/sheet1.xml", TABLE),
    ("minfin_nwf_table", "xl/sharedStrings.xml", TABLE),
    ("minfin_nwf_table", "word/document.xml", handed.docx([["Объем Фонда"]], SIZES)),
    ("minfin_nwf_message", "word/document.xml", handed.docx([[WORDS]])),
]


@pytest.mark.parametrize(("source", "member", "packed"), INSIDE, ids=[f"{s}-{m}" for s, m, _ in INSIDE])
@given(st.data())
@MUTATE
def test_containers_mutated_inside_end_in_rows_or_a_named_error(
    source: str, member: str, packed: bytes, draw: st.DataObject
) -> None:
    with zipfile.ZipFile(BytesIO(packed)) as made:
        body = bytearray(made.read(member))
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(body) - 1))
        body[at : at + draw.draw(st.integers(0, 20))] = draw.draw(st.binary(max_size=6))
    survives(source, handed.document(inner(packed, member, bytes(body))))


@given(st.data())
@MUTATE
def test_mutated_pdfs_end_in_rows_or_a_named_error(draw: st.DataObject) -> None:
    body = bytearray(pdf())
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(8, len(body) - 1))
        body[at : at + draw.draw(st.integers(0, 8))] = draw.draw(st.binary(max_size=8))
    survives("minfin_nwf_message", handed.document(bytes(body)))


@cache
def pdf() -> bytes:
    typst = pytest.importorskip("typst")
    made: bytes = typst.compile(f"#set page(width: 12cm)\n{WORDS}".encode())
    return made


@CASES
@given(st.floats(0.0, 1.0))
@example(0.0)
@MUTATE
def test_a_cut_document_brings_no_figure_that_the_whole_one_does_not_have(
    source: str, name: str, data: bytes, url: str, share: float
) -> None:
    honest = {
        (row.series, row.period, row.value) for row in rows(source, data, url) if isinstance(row, Reading)
    }
    survives(source, handed.document(data[: int(len(data) * share)], url=url), honest)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
@given(st.binary(max_size=400))
@example(b"")
@example(b"<html></html>")
@example("<html>Доступ к сайту временно ограничен владельцем веб-ресурса</html>".encode())
@MUTATE
def test_any_bytes_end_in_rows_or_a_named_error(source: Source, data: bytes) -> None:
    survives(source.id, handed.document(data))


@pytest.mark.parametrize("fixture", NAMED)
@given(st.data())
@MUTATE
def test_mutated_catalogues_lead_nowhere_else(fixture: str, draw: st.DataObject) -> None:
    body = bytearray((handed.FIXTURES / fixture).read_bytes())
    at = draw.draw(st.integers(0, len(body) - 1))
    body[at : at + draw.draw(st.integers(0, 12))] = draw.draw(st.binary(max_size=12))
    for source in SOURCES:
        try:
            asks = list(source.follow(handed.document(bytes(body), "x-press-list")))
        except Malformed:
            continue
        assert all(ask.url.split("/")[2] in ask.hosts for ask in asks)
