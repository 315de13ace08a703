"""Daily area from Liveuamap polygons as kept by the newspaper NZZ, with the faults of the file named, never drawn as fact.

From 24 to 30 October 2023 the file prints 750,000 km2, more than the whole country: such a day is kept
as printed and has no value. A lone step of thousands of km2 (24 May 2023, 14 March 2024) is a change of
method and is marked as a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from wareconomy.sources import wire
from wareconomy.sources.monthly import month_changes
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row

URL = "https://raw.githubusercontent.com/conflict-investigations/nzz-maps/main/territory.csv"
COUNTRY_KM2 = Decimal(603_628)
SETTLED = date(2022, 12, 1)
"""From here on the front moves by tens of km2 a day; before, steps of thousands were real."""
STEP_KM2 = 2_000
SPIKE_DAYS = 21
MIDNIGHT = " 00:00:00"


@dataclass(frozen=True, slots=True)
class Level:
    """One day: area as printed, its line, and what is wrong with it (`M` no measurement, `B` break, `A` nothing)."""

    area: Decimal
    printed: str
    locator: str
    status: str = "A"
    note: str | None = None


@dataclass(slots=True)
class NzzLiveuamap:
    """One small file, rewritten every few days."""

    id: str = "nzz_liveuamap"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The whole file."""
        yield Ask(
            "territory",
            URL,
            media=("text/plain", "text/csv", "application/octet-stream"),
            first=(b"date,area",),
            refuse=(b"<html", b"version https://git-lfs"),
            min_bytes=100,
            max_bytes=5_000_000,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Row]:
        """Each day's area with its status, then the net change of each month."""
        levels = flagged(self._levels(document.data))
        for day, level in levels.items():
            missing = level.status == "M"
            yield Reading(
                "territory.occupied.liveuamap",
                day.isoformat(),
                None if missing else float(level.area),
                level.printed,
                level.locator,
                status=level.status,
                note=level.note,
            )
        sound = {day: (level.area, level.locator) for day, level in levels.items() if level.status != "M"}
        breaks = [day for day, level in levels.items() if level.status == "B"]
        for month in month_changes(sound):
            inside = [day for day in breaks if month.start < day <= month.end]
            yield Reading(
                "territory.net.liveuamap",
                month.period,
                month.value,
                month.printed,
                month.locator,
                status="B" if inside else "A",
                note=f"a break on {inside[0]} is in it: no measurement of the front" if inside else None,
            )

    def _levels(self, data: bytes) -> dict[date, Level]:
        text = wire.text_of(self.id, data, 5_000_000)
        found: dict[date, Level] = {}
        last = date.min
        for row in wire.csv_rows(self.id, text, ("date", "area")):
            printed = row.cells["date"]
            day = wire.day(self.id, printed.removesuffix(MIDNIGHT), row.locator)
            if found and day <= last:
                raise Malformed(self.id, f"{day} is not after the day above it", row.locator)
            area = wire.number(self.id, row.cells["area"], row.locator, 0, 10_000_000)
            last = day
            found[day] = Level(area, row.cells["area"], row.locator)
        if not found:
            raise Malformed(self.id, "the table has no rows")
        return found


def flagged(levels: dict[date, Level]) -> dict[date, Level]:
    """The same days with their faults named: areas that cannot be, spikes that are taken back, lone steps."""
    made = dict(levels)
    days = list(made)
    for day, level in levels.items():
        if level.area > COUNTRY_KM2:
            note = f"larger than Ukraine itself ({COUNTRY_KM2:,} km2): no measurement"
            made[day] = Level(level.area, level.printed, level.locator, "M", note)
    for index in range(1, len(days)):
        day, before = days[index], days[index - 1]
        if day < SETTLED or made[day].status == "M" or made[before].status == "M":
            continue
        step = levels[day].area - levels[before].area
        if abs(step) <= STEP_KM2:
            continue
        end = _taken_back(levels, days, index, step)
        for spoilt in days[index:end]:
            note = f"a step of {step:+,.0f} km2 that was taken back by {days[end]}: no measurement"
            made[spoilt] = Level(
                levels[spoilt].area, levels[spoilt].printed, levels[spoilt].locator, "M", note
            )
        if end == index:
            note = f"a step of {step:+,.0f} km2 in one day: a change of method or a redrawn map, no movement"
            made[day] = Level(levels[day].area, levels[day].printed, levels[day].locator, "B", note)
    return made


def _taken_back(levels: dict[date, Level], days: list[date], index: int, step: Decimal) -> int:
    """Index of the first day, within three weeks, back within a tenth of the step of the level before; else `index`."""
    before = levels[days[index - 1]].area
    for later in range(index + 1, len(days)):
        if days[later] - days[index] > timedelta(days=SPIKE_DAYS):
            break
        if abs(levels[days[later]].area - before) <= abs(step) / 10:
            return later
    return index


SOURCE = NzzLiveuamap()
