"""The daily public mirror of the DeepState map: one file a day, with seven days missing for good.

A file is one union of polygons without properties; the day stands only in its names. It is checked, not
computed, here. A file dated d shows the map of d-1, at times of d-2. The mirror's licence does not
replace the terms of DeepState.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wareconomy.sources import map_bodies
from wareconomy.sources.source import Ask, Document, Malformed, Row

BASE = "https://raw.githubusercontent.com/cyterat/deepstate-map-data/main/data"
FIRST = date(2024, 7, 8)
MISSING = frozenset(
    map(
        date.fromisoformat,
        ["2024-08-18", "2024-08-19", "2025-01-01", "2025-03-31", "2025-04-01", "2025-11-26", "2026-07-09"],
    )
)
"""Days without a file (404), up to August 2026. A missing day stays missing: no line is drawn across."""
FILE = re.compile(r"deepstatemap_data_(\d{4})(\d{2})(\d{2})")


@dataclass(slots=True)
class DeepStateMirror:
    """The files of the last days, `back` of them, since a file is made at about 03:00 UTC and may come late."""

    id: str = "deepstate_mirror"
    back: int = 4
    reach: timedelta = timedelta(days=3)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """One ask a day, newest first; with `since`, back to that day or the first file of 8 July 2024."""
        first = max(FIRST, since or today - timedelta(days=self.back))
        for back in range((today - first).days + 1):
            day = today - timedelta(days=back)
            if day not in MISSING:
                yield self.ask(day)

    def ask(self, day: date) -> Ask:
        """The file of one day; 404 means that it does not exist (yet)."""
        return Ask(
            f"map-{day.isoformat()}",
            f"{BASE}/deepstatemap_data_{day:%Y%m%d}.geojson",
            media=("text/plain", "application/json", "application/geo+json"),
            first=(b"{",),
            marker=b'"MultiPolygon"',
            refuse=(b"<html", b"version https://git-lfs"),
            min_bytes=30_000,
            max_bytes=5_000_000,
            absent=(404,),
            once=True,
            rowless=True,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing: a file names no other."""
        return ()

    def read(self, document: Document) -> Iterator[Row]:
        """No figures; the file is checked (its day, one feature, one union of polygons)."""
        day_of(self.id, document)
        return iter(())


def day_of(source: str, document: Document) -> date:
    """The day of a mirror file, which must be the same in its address and in its body."""
    body = map_bodies.check(source, document.data)
    if body.kinds != {"MultiPolygon": 1}:
        raise Malformed(source, f"the union of the map is one MultiPolygon, here {body.kinds}")
    if body.properties != [{}]:
        raise Malformed(source, "the mirror's feature has properties now", advice="look what they say")
    inside = FILE.fullmatch(str(body.top.get("name", "")))
    outside = FILE.search(document.url)
    days = {match.groups() for match in (inside, outside) if match}
    if not inside or len(days) != 1:
        raise Malformed(
            source, "the day in the body is not the day of the file", str(body.top.get("name"))[:60]
        )
    try:
        day = date(*map(int, inside.groups()))
    except ValueError:
        raise Malformed(source, f"{inside[0]} names no day") from None
    if day < FIRST:
        raise Malformed(source, f"{day} is before the first file")
    return day


SOURCE = DeepStateMirror()
