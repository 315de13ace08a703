"""Damaged documents end in rows or Malformed: never a traceback, a hang, or a number of another kind.

Every fixture of every source is damaged at random: bytes flipped, cut, doubled, digits changed, keys renamed.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.battlefield_help import FIXTURES, document

from wareconomy import catalog
from wareconomy.model import period
from wareconomy.sources import battlefield, viina
from wareconomy.sources.source import Ask, Document, Malformed, Post, Reading, Source

SOURCES = {source.id: source for source in battlefield.SOURCES}
CATALOG = catalog.load()
SECONDS = 3.0
MUTANTS = 150


def zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("control_latest_2024.csv", data)
    return held.getvalue()


CASES: list[tuple[str, str, str, str]] = [
    ("deepstate_history", "deepstate_history/public.json", "history-public", ""),
    ("deepstate_history", "deepstate_history/areas.json", "areas-1764627000-20251202T091530", ""),
    ("deepstate_history", "deepstate_history/body.geojson", "map-1764627000-20251202T091530", ""),
    ("deepstate_mirror", "deepstate_mirror/deepstatemap_data_20251202.geojson", "map-2025-12-02", ""),
    ("isw_layers", "isw_layers/layer.json", "control-layer", ""),
    ("isw_layers", "isw_layers/page_cut.geojson", "control-page-1782940000000-0", ""),
    ("isw_layers", "isw_layers/web_map.json", "web-map", ""),
    ("economist_isw", "economist_isw/area.csv", "area", ""),
    ("nzz_liveuamap", "nzz_liveuamap/territory.csv", "territory", ""),
    ("air_force_posts", "air_force_posts/2026.csv", "strikes", ""),
    ("air_force_posts", "air_force_posts/2025.csv", "strikes", ""),
    ("general_staff", "general_staff/equipment.json", "equipment", ""),
    ("general_staff", "general_staff/personnel.json", "personnel", ""),
    ("general_staff", "general_staff/correction.json", "correction", ""),
    ("telegram_noel_reports", "telegram/page.html", "latest", "https://t.me/s/noel_reports"),
    ("telegram_kpszsu", "telegram/kpszsu.html", "latest", "https://t.me/s/kpszsu"),
    ("viina", "viina/control_latest_2024.csv", "control-2024", ""),
    ("viina", "viina/places.geojson", "places", ""),
]


def damaged(data: bytes, draw: random.Random) -> bytes:
    """The bytes with one to three kinds of damage."""
    found = bytearray(data)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(max(len(found), 1))
        kind = draw.randrange(7)
        if kind == 0 and found:
            found[at] = draw.randrange(256)
        elif kind == 1:
            del found[at:]
        elif kind == 2:
            del found[at : at + draw.randint(1, 40)]
        elif kind == 3:
            found[at:at] = found[at : at + draw.randint(1, 200)]
        elif kind == 4:
            digits = [index for index, byte in enumerate(found) if 48 <= byte <= 57]
            if digits:
                found[draw.choice(digits)] = draw.choice(b"0123456789-.eE")
        elif kind == 5:
            found[at:at] = draw.choice(
                [b"NaN", b"null", b'"', b"'", b"{", b"]", b"\n", b"<b>", b"\xc2\xa0", b"-", b"1e308"]
            )
        else:
            found[at : at + 4] = "ёі".encode()
    return bytes(found)


def follow_and_read(source: Source, found: Document) -> list[object]:
    """Everything a refresh does with a document: what it leads to, and its rows."""
    asked = list(source.follow(found))
    assert all(isinstance(ask, Ask) for ask in asked)
    return list(source.read(found))


def check(row: object, source: Source) -> None:
    """A row is sound in itself, whatever it was read from."""
    if isinstance(row, Post):
        assert row.posted_at.tzinfo is not None
        assert len(row.stable_hash) == 64
        return
    assert isinstance(row, Reading)
    assert row.series in CATALOG.series, row.series
    assert source.id in CATALOG.series[row.series].sources
    assert period(row.period).start >= date(2013, 1, 1)
    assert row.locator
    assert (row.value is None) == (row.status == "M")
    if row.value is not None:
        assert row.value == pytest.approx(float(row.printed))


@pytest.mark.parametrize(("source", "fixture", "name", "url"), CASES, ids=[case[1] for case in CASES])
def test_damage_ends_in_rows_or_malformed(source: str, fixture: str, name: str, url: str) -> None:
    reader = SOURCES[source]
    data = (FIXTURES / fixture).read_bytes()
    pack = zipped if fixture.endswith("control_latest_2024.csv") else bytes
    sound = follow_and_read(reader, document(pack(data), name, url))
    assert follow_and_read(reader, document(pack(data), name, url)) == sound, "read twice, other rows"
    for row in sound:
        check(row, reader)
    refused = 0
    for seed in range(MUTANTS):
        mutant = damaged(data, random.Random(f"{fixture} {seed}"))
        started = time.monotonic()
        try:
            for row in follow_and_read(reader, document(pack(mutant), name, url)):
                check(row, reader)
        except Malformed:
            refused += 1
        assert time.monotonic() - started < SECONDS
    assert refused, "no damage was noticed at all"


@pytest.mark.parametrize(("source", "fixture", "name", "url"), CASES)
def test_a_cut_document_brings_no_figure_that_the_whole_one_does_not_have(
    source: str, fixture: str, name: str, url: str
) -> None:
    """Cut anywhere but between two rows, where only the length announced can tell (or the end of the packing)."""
    data = (FIXTURES / fixture).read_bytes()
    if source == "viina":
        return  # packed: a cut archive is told by its own end

    def figures(body: bytes) -> set[tuple[str, str, float | None]]:
        found: list[object] = []
        with suppress(Malformed):
            found = list(SOURCES[source].read(document(body, name, url)))
            return {(row.series, row.period, row.value) for row in found if isinstance(row, Reading)}
        return set()

    honest, draw = figures(data), random.Random(fixture)
    places = {*(draw.randrange(len(data)) for _ in range(60)), *range(len(data) - 30, len(data) - 1)}
    sums = source == "air_force_posts"  # whole rows missing make other sums
    for place in places:
        if not (sums and data[:place].endswith(b"\n")):
            assert figures(data[:place]) <= honest, place


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(CASES))
def test_any_bytes_end_in_rows_or_malformed(data: bytes, case: tuple[str, str, str, str]) -> None:
    reader = SOURCES[case[0]]
    with suppress(Malformed):
        for row in follow_and_read(reader, document(data, case[2], case[3])):
            check(row, reader)


def test_a_damaged_archive_ends_in_malformed_or_the_same_rows() -> None:
    whole = zipped((FIXTURES / "viina/control_latest_2024.csv").read_bytes())
    sound = list(viina.SOURCE.read(document(whole, "control-2024")))
    for seed in range(MUTANTS):
        mutant = damaged(whole, random.Random(seed))
        with suppress(Malformed):
            assert list(viina.SOURCE.read(document(mutant, "control-2024"))) == sound


def test_every_source_is_declared_with_terms_and_a_freshness_limit() -> None:
    for source in battlefield.SOURCES:
        declared = CATALOG.sources[source.id]
        assert declared.terms in {"open", "figures with credit", "local only"}
        assert declared.stale_after_days
        assert declared.licence
        names = [ask.name for ask in source.asks(date(2026, 8, 23))]
        assert names
        assert len(set(names)) == len(names)
        assert names == [ask.name for ask in source.asks(date(2026, 8, 23))]
