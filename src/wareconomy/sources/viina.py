"""VIINA: who controls each of 33,141 populated places of Ukraine on each day, counted by day and status.

A year is a ZIP with one CSV of up to a gigabyte, sorted by place. It is read as a stream: what stands
after the place is one of few texts (a day with its statuses), so these are counted first and understood
once each, and memory stays flat. Counts by oblast need the places' file of the same project, since the
control file has no coordinates.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import IO

from wareconomy.sources import wire
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row
from wareconomy.sources.viina_places import oblasts

CONTROL = "https://media.githubusercontent.com/media/zhukovyuri/VIINA/main/Data/control_latest_{year}.zip"
PLACES = "https://raw.githubusercontent.com/zhukovyuri/VIINA/main/Data/gn_UA_tess.geojson"
FIRST_YEAR = 2022
HEADER = (
    "geonameid",
    "date",
    "status_wiki",
    "status_boost",
    "status_dsm",
    "status_isw",
    "status",
    "vcontrol_version",
)
STATUSES = {"UA": "ukraine", "RU": "russia", "CONTESTED": "contested", "": "unstated", "NA": "unstated"}
BY_OBLAST = ("russia", "contested")
CHUNK = 1 << 20
MAX_UNPACKED = 3_000_000_000
MAX_KINDS = 500_000
LONGEST_LINE = 400
AFTER_PLACE = re.compile(rb",([^\n]*)")
PLACE_AND_REST = re.compile(rb"([^,\n]*),([^\n]*)")
PLACE = re.compile(rb'"?(\d{1,9})(?:\.0)?"?')
YEAR = re.compile(r"(?:control[-_])(?:latest_)?(\d{4})")


@dataclass(slots=True)
class Viina:
    """The control file of this year (rebuilt nearly daily) and, with `since`, of earlier years.

    `places` maps a place to its oblast; without it there are counts for the country only.
    """

    id: str = "viina"
    places: Mapping[int, str] = field(default_factory=dict)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """Places, then one file a year, newest first. In January the year before is still being completed."""
        yield Ask(
            "places",
            PLACES,
            first=(b"{",),
            marker=b'"geonameid"',
            refuse=(b"version https://git-lfs",),
            min_bytes=1_000_000,
            rowless=True,
            max_bytes=80_000_000,
        )
        first = since.year if since else (today - timedelta(days=31)).year
        for year in range(today.year, max(first, FIRST_YEAR) - 1, -1):
            yield Ask(
                f"control-{year}",
                CONTROL.format(year=year),
                media=("application/zip", "application/octet-stream"),
                first=(b"PK",),
                refuse=(b"version https://git-lfs",),
                min_bytes=10_000,
                max_bytes=300_000_000,
                max_unpacked=MAX_UNPACKED,
                absent=(404,) if year == today.year else (),
            )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def with_places(self, data: bytes) -> Viina:
        """The same source, knowing each place's oblast from the bytes of the places' file."""
        return replace(self, places=oblasts(self.id, data))

    def read(self, document: Document) -> Iterator[Row]:
        """Places by day and status; by day, status and oblast where `places` is known. The places' file: no figures."""
        if document.data[:1] == b"{":
            oblasts(self.id, document.data)
            return
        with wire.member(self.id, document.data, ".csv", MAX_UNPACKED) as stream:
            counts = count(self.id, stream, self.places)
        yield from self._readings(counts, document)

    def _readings(self, counts: Mapping[str, Counter[bytes]], document: Document) -> Iterator[Reading]:
        days = understood(self.id, counts)
        named = YEAR.search(document.name) or YEAR.search(document.url)
        years = {day.year for day in days[""]}
        if named and years != {int(named[1])}:
            raise Malformed(self.id, f"the file of {named[1]} holds days of {sorted(years)}")
        sizes = {sum(kinds.values()) for kinds in days[""].values()}
        if len(sizes) != 1:
            raise Malformed(
                self.id,
                f"between {min(sizes):,} and {max(sizes):,} places a day",
                advice="the file is cut, or torn",
            )
        for area in sorted(days):
            for day in sorted(days[""]):
                kinds = days[area].get(day, Counter())
                for status in BY_OBLAST if area else dict.fromkeys(STATUSES.values()):
                    if area or status != "unstated" or kinds[status]:
                        yield Reading(
                            f"territory.places.viina.{status}" + (f".{area}" if area else ""),
                            day.isoformat(),
                            float(kinds[status]),
                            str(kinds[status]),
                            f"rows with date {day:%Y%m%d}, status {status}" + (f", {area}" if area else ""),
                        )


def count(source: str, stream: IO[bytes], places: Mapping[int, str]) -> dict[str, Counter[bytes]]:
    """How often each text after the place occurs, for the country ("") and for each oblast of `places`.

    Reads a megabyte at a time. Raises Malformed for another header, an endless line, an unknown place or too many texts.
    """
    head = stream.readline(10_000)
    header = head.decode("utf-8-sig", "replace").strip().replace('"', "").split(",")
    wire.check_header(source, header, HEADER)
    if tuple(header) != HEADER:
        raise Malformed(source, "the columns stand in another order", "line 1")
    counts: dict[str, Counter[bytes]] = {"": Counter()}
    rest, line = b"", 1
    while chunk := stream.read(CHUNK):
        body, newline, rest = (rest + chunk).rpartition(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Malformed(source, "a line without end", f"line {line + body.count(newline) + 2}")
        if newline:
            lines = body.count(b"\n") + 1
            found = _by_oblast(source, body, line, places, counts) if places else _country(body, counts[""])
            if found != lines:
                raise Malformed(
                    source, f"{lines - found} lines without a comma", f"lines {line + 1} to {line + lines}"
                )
            line += lines
        if len(counts[""]) > MAX_KINDS:
            raise Malformed(
                source, "too many different rows for a table of days and statuses", f"line {line}"
            )
    if rest:
        raise Malformed(source, "the last line is cut off", f"line {line + 1}")
    return counts


def _country(body: bytes, country: Counter[bytes]) -> int:
    """Count what stands after the place of each line; returns how many lines have one."""
    texts = AFTER_PLACE.findall(body)
    country.update(texts)
    return len(texts)


def _by_oblast(
    source: str, body: bytes, line: int, places: Mapping[int, str], counts: dict[str, Counter[bytes]]
) -> int:
    """The same for each oblast as well; rows of one place stand together."""
    done = 0
    for place, pairs in groupby(PLACE_AND_REST.findall(body), key=itemgetter(0)):
        match = PLACE.fullmatch(place)
        area = places.get(int(match[1])) if match else None
        if area is None:
            raise Malformed(source, f"the place {place[:40]!r} is in no oblast", f"line {line + done + 1}")
        texts = [text for _, text in pairs]
        counts[""].update(texts)
        counts.setdefault(area, Counter()).update(texts)
        done += len(texts)
    return done


def understood(source: str, counts: Mapping[str, Counter[bytes]]) -> dict[str, dict[date, Counter[str]]]:
    """Counts by area, day and status. Raises Malformed for a text that is no day with statuses."""
    known: dict[bytes, tuple[date, str]] = {}
    for text in counts[""]:
        known[text] = _meaning(source, text)
    if not known:
        raise Malformed(source, "the table has no rows")
    found: dict[str, dict[date, Counter[str]]] = {}
    for area, texts in counts.items():
        days = found.setdefault(area, {})
        for text, times in texts.items():
            day, status = known[text]
            days.setdefault(day, Counter())[status] += times
    return found


def _meaning(source: str, text: bytes) -> tuple[date, str]:
    try:
        cells = next(csv.reader([text.decode("utf-8").rstrip("\r")], strict=True))
        if (
            len(cells) != len(HEADER) - 1
            or len(cells[0]) != 8
            or not cells[0].isascii()
            or not cells[0].isdigit()
        ):
            raise ValueError
        if any(cell not in STATUSES for cell in cells[1:6]):
            raise ValueError
        day = date(int(cells[0][:4]), int(cells[0][4:6]), int(cells[0][6:]))
        if not date(FIRST_YEAR, 1, 1) <= day <= date(2100, 1, 1):
            raise ValueError
    except (ValueError, csv.Error):
        raise Malformed(
            source, f"a row that says {text[:80]!r} after its place", "", "a status or a column is new"
        ) from None
    return day, STATUSES[cells[5]]


SOURCE = Viina()
