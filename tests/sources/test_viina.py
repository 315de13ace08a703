"""Places by day and status: counted from a stream, with memory flat, and stopped by anything new."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from tests.sources.battlefield_help import FIXTURES, document, readings, rows

from wareconomy import catalog
from wareconomy.sources import viina, viina_places
from wareconomy.sources.source import Malformed

TABLE = (FIXTURES / "viina/control_latest_2024.csv").read_bytes()
PLACES = (FIXTURES / "viina/places.geojson").read_bytes()


def zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("control_latest_2024.csv", data)
    return held.getvalue()


def test_places_are_counted_by_day_and_status() -> None:
    made = readings(viina.SOURCE, document(zipped(TABLE), "control-2024"))
    values = {
        (series.removeprefix("territory.places.viina."), day): row.value
        for (series, day), row in made.items()
    }
    assert values == {
        ("ukraine", "2024-01-01"): 1,
        ("russia", "2024-01-01"): 1,
        ("contested", "2024-01-01"): 1,
        ("unstated", "2024-01-01"): 1,
        ("ukraine", "2024-01-02"): 1,
        ("russia", "2024-01-02"): 2,
        ("contested", "2024-01-02"): 0,
        ("unstated", "2024-01-02"): 1,
    }
    assert {series for series, _ in made} <= catalog.load().series.keys()


def test_places_are_counted_by_oblast_where_the_places_are_known() -> None:
    source = viina.SOURCE.with_places(PLACES)
    made = readings(source, document(zipped(TABLE), "control-2024"))
    assert made["territory.places.viina.russia.UA-14", "2024-01-02"].value == 2
    assert made["territory.places.viina.contested.UA-14", "2024-01-01"].value == 1
    assert made["territory.places.viina.russia.UA-32", "2024-01-01"].value == 0
    country = readings(viina.SOURCE, document(zipped(TABLE), "control-2024"))
    assert {key: made[key].value for key in country} == {key: row.value for key, row in country.items()}
    assert {series for series, _ in made} <= catalog.load().series.keys()
    assert rows(viina.SOURCE, document(PLACES, "places")) == []


def test_quoted_cells_and_windows_lines_are_read_alike() -> None:
    quoted = "\r\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in TABLE.decode().splitlines()
    )
    found = readings(viina.SOURCE, document(zipped(f"{quoted}\r\n".encode()), "control-2024"))
    assert found == readings(viina.SOURCE, document(zipped(TABLE), "control-2024"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"CONTESTED", b"DISPUTED", "a status or a column is new"),
        (b"status_isw", b"status_new", "missing column"),
        (b"status_wiki,status_boost", b"status_boost,status_wiki", "another order"),
        (b"20240101,UA", b"2024-1-1,UA", "a row that says"),
        (b"700003,20240102,,,UA,,,2024-02-01\n", b"", "places a day"),
        (b"2024-02-01\n700001", b"2024-02-01,x\n700001", "a row that says"),
        (b"20240102", b"20250102", "holds days of"),
    ],
)
def test_a_table_that_changed_stops(old: bytes, new: bytes, said: str) -> None:
    assert old in TABLE
    with pytest.raises(Malformed, match=said):
        rows(viina.SOURCE, document(zipped(TABLE.replace(old, new)), "control-2024"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TABLE[:-20], "last line is cut"),
        (TABLE + b"x" * 1_000, "without end"),
        (TABLE.splitlines(keepends=True)[0], "no rows"),
    ],
)
def test_a_torn_table_stops(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(viina.SOURCE, document(zipped(data), "control-2024"))


def test_a_place_in_no_oblast_stops() -> None:
    source = viina.SOURCE.with_places(PLACES)
    with pytest.raises(Malformed, match="in no oblast"):
        rows(source, document(zipped(TABLE.replace(b"700001", b"700009")), "control-2024"))
    with pytest.raises(Malformed, match="no oblast we know"):
        viina_places.oblasts("s", PLACES.replace(b"Crimea", b"Atlantis"))
    with pytest.raises(Malformed, match="stands twice"):
        viina_places.oblasts("s", PLACES.replace(b"700003", b"461727"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Donets'k", "UA-14"),
        ("Kyiv City", "UA-30"),
        ("Kyiv", "UA-32"),
        ("Kharkiv Oblast", "UA-63"),
        ("Krym", "UA-43"),
    ],
)
def test_spellings_of_oblasts_lead_to_one_code(name: str, code: str) -> None:
    assert viina_places.code(name) == code


class Endless(io.RawIOBase):
    """A table of `rows` rows that is never held as a whole."""

    def __init__(self, rows: int) -> None:
        self.lines = self._lines(rows)
        self.rest = b""

    def _lines(self, rows: int) -> Iterator[bytes]:
        yield TABLE.splitlines(keepends=True)[0]
        for start in range(0, rows, 500):
            yield b"".join(
                b"%d,20240%03d,RU,RU,RU,RU,RU,2024-02-01\n" % (start, 101 + row % 28) for row in range(500)
            )

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (more := next(self.lines, b"")):
            self.rest += more
        chunk, self.rest = self.rest[:size], self.rest[size:]
        return chunk

    def readline(self, size: int | None = -1) -> bytes:
        return next(self.lines)


def test_memory_stays_flat() -> None:
    peaks = []
    for number in (200_000, 800_000):
        stream = Endless(number)
        tracemalloc.start()
        counts = viina.count("s", stream, {})  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sum(counts[""].values()) == number
    assert peaks[1] < 1.2 * peaks[0]


def test_asks_for_this_year_and_for_others_only_when_told() -> None:
    assert [ask.name for ask in viina.SOURCE.asks(date(2026, 8, 1))] == ["places", "control-2026"]
    assert [ask.name for ask in viina.SOURCE.asks(date(2026, 1, 9))] == [
        "places",
        "control-2026",
        "control-2025",
    ]
    assert [ask.name for ask in viina.SOURCE.asks(date(2024, 8, 1), date(2020, 1, 1))][1:] == [
        "control-2024",
        "control-2023",
        "control-2022",
    ]
