"""Losses that the General Staff of Ukraine claims, collected daily: equipment, personnel, and silent corrections.

Counts are cumulative and those of one side. Keys come and go (`military auto` and `fuel tank` became one
key in May 2022, submarines and ground robots were added); a "cumulative" count falls on some days, which
is noted and kept. A monthly difference is that of the counts on the 1st of two months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from wareconomy.sources import wire
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row

BASE = "https://raw.githubusercontent.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset/main/data"
FILES = {
    "equipment": "russia_losses_equipment",
    "personnel": "russia_losses_personnel",
    "correction": "russia_losses_equipment_correction",
}
DAY_ZERO = date(2022, 2, 23)
"""Day 1 is 24 February 2022."""
ITEMS = {
    "aircraft": "aircraft",
    "helicopter": "helicopters",
    "tank": "tanks",
    "APC": "armoured_vehicles",
    "field artillery": "artillery",
    "MRL": "rocket_launchers",
    "anti-aircraft warfare": "air_defence",
    "drone": "drones",
    "cruise missiles": "cruise_missiles",
    "naval ship": "ships",
    "submarines": "submarines",
    "special equipment": "special_equipment",
    "vehicles and fuel tanks": "vehicles_and_fuel_tanks",
    "military auto": "military_vehicles",
    "fuel tank": "fuel_tanks",
    "mobile SRBM system": "ballistic_launchers",
    "ground robotic systems": "ground_robots",
    "personnel": "personnel",
    "POW": "prisoners",
}
COUNTS = {key: f"losses.claimed.{item}" for key, item in ITEMS.items()}
ALWAYS = frozenset(
    (
        "aircraft",
        "helicopter",
        "tank",
        "APC",
        "field artillery",
        "MRL",
        "drone",
        "naval ship",
        "anti-aircraft warfare",
    )
)
WORDS = {"greatest losses direction"}
ROUNDING = "personnel*"
MOST = 50_000_000
MONTHLY = {
    "drone": "strikes.general_staff_uavs.destroyed",
    "cruise missiles": "strikes.general_staff_cruise_missiles.destroyed",
}


@dataclass(slots=True)
class ClaimedLosses:
    """Three files, one of them with what the General Staff changed without a word."""

    id: str = "general_staff"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The three files; each holds all days."""
        for name, file in FILES.items():
            yield Ask(
                name,
                f"{BASE}/{file}.json",
                media=("text/plain", "application/json"),
                first=(b"[",),
                marker=b'"day"',
                refuse=(b"<html", b"version https://git-lfs"),
            )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Row]:
        """Every count of every day; for equipment also the differences of whole months."""
        entries = wire.records(self.id, wire.json_of(self.id, document.data), "days", 20_000)
        kind = self._kind(entries)
        slack = 1 if kind == "correction" else 0
        days = [self._day(entry, index, slack) for index, entry in enumerate(entries)]
        if days != sorted(set(days)):
            raise Malformed(self.id, "days are repeated or out of order")
        if kind == "correction":
            yield from self._corrections(entries, days)
            return
        gaps = [day for before, day in pairwise(days) if day - before != timedelta(days=1)]
        if gaps:
            raise Malformed(self.id, f"days are left out before {gaps[0]}")
        yield from self._counts(entries, days)
        if kind == "equipment":
            yield from self._months(entries, days)

    def _kind(self, entries: list[dict[str, Any]]) -> str:
        """Which file it is, by its keys: the name of a dropped-in document may be anything."""
        keys = entries[0].keys()
        if ROUNDING in keys:
            return "personnel"
        if not keys >= ALWAYS:
            raise Malformed(self.id, "neither equipment nor personnel", "/0")
        return "correction" if "personnel" in keys else "equipment"

    def _day(self, entry: dict[str, Any], index: int, slack: int) -> date:
        """The day of an entry; its number must agree (two entries of the corrections are one day off)."""
        where = f"/{index}"
        day = wire.day(self.id, entry.get("date"), where)
        number = entry.get("day")
        if type(number) is not int or abs(number - (day - DAY_ZERO).days) > slack:
            raise Malformed(self.id, f"{day} is not day {str(entry.get('day'))[:12]} of the war", where)
        unknown = entry.keys() - ITEMS.keys() - WORDS - {"date", "day", ROUNDING}
        if unknown:
            raise Malformed(self.id, f"new key {sorted(unknown)[0][:60]!r}", where, "decide what it counts")
        missing = ALWAYS - entry.keys() if ROUNDING not in entry else {"personnel"} - entry.keys()
        if missing:
            raise Malformed(self.id, f"no {sorted(missing)[0]!r} any more", where)
        return day

    def _counts(self, entries: list[dict[str, Any]], days: list[date]) -> Iterator[Reading]:
        before: dict[str, int] = {}
        for index, (entry, day) in enumerate(zip(entries, days, strict=True)):
            rounding = entry.get(ROUNDING)
            if rounding not in (None, "about", "more"):
                raise Malformed(self.id, f"{ROUNDING} says {str(rounding)[:40]!r}", f"/{index}")
            text = day.isoformat()
            for key, series in COUNTS.items():
                if key not in entry:
                    continue
                where = f"/{index}/{key}"
                value = wire.whole(self.id, entry[key], where, 0, MOST)
                note, low = None, None
                if rounding and key == "personnel":
                    note, low = f"printed as {rounding}", float(value) if rounding == "more" else None
                if value < before.get(key, 0):
                    fallen = f"below the {before[key]:,} of the day before, in a cumulative count"
                    note = f"{note}; {fallen}" if note else fallen
                before[key] = value
                yield Reading(series, text, float(value), str(value), where, low=low, known_on=day, note=note)

    def _corrections(self, entries: list[dict[str, Any]], days: list[date]) -> Iterator[Reading]:
        for index, (entry, day) in enumerate(zip(entries, days, strict=True)):
            for key, series in COUNTS.items():
                value = (
                    wire.whole(self.id, entry[key], f"/{index}/{key}", -100_000, MOST) if key in entry else 0
                )
                if value:
                    yield Reading(
                        f"{series}.correction",
                        day.isoformat(),
                        float(value),
                        str(value),
                        f"/{index}/{key}",
                        note="applied by the General Staff without a word; found by the data set",
                    )

    def _months(self, entries: list[dict[str, Any]], days: list[date]) -> Iterator[Reading]:
        place = {day: index for index, day in enumerate(days)}
        for first in (day for day in days if day.day == 1):
            end = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            if end not in place:
                continue
            for key, series in MONTHLY.items():
                if key not in entries[place[first]] or key not in entries[place[end]]:
                    continue
                change = entries[place[end]][key] - entries[place[first]][key]
                fallen = change < 0
                yield Reading(
                    series,
                    f"{first:%Y-%m}",
                    None if fallen else float(change),
                    str(change),
                    f"/{place[end]}/{key} minus /{place[first]}/{key}",
                    status="M" if fallen else "A",
                    known_on=end,
                    note="the cumulative count fell: no count of this month" if fallen else None,
                )


SOURCE = ClaimedLosses()
