"""Missiles and drones one by one as the Ukrainian Air Force posted them, collected in a table; sums by month and day.

A row is one model in one report. A sum goes to the month or day on which the report ends. The table has
changed its columns, its times and its dict cells more than once, revises past rows with every weekly
version, and covers the first and the last month in part: then the period says which days. Counts are
those of one side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from wareconomy.model import label
from wareconomy.sources import python_repr, wire
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row
from wareconomy.sources.strike_models import Weapon, weapon

DATA_SET = "piterfm/massive-missile-attacks-on-ukraine"
FILE = "missile_attacks_daily.csv"
URL = f"https://www.kaggle.com/api/v1/datasets/download/{DATA_SET}/{FILE}"
REQUIRED = (
    "time_start",
    "time_end",
    "model",
    "launch_place",
    "target",
    "launched",
    "destroyed",
    "not_reach_goal",
    "source",
)
SPLIT = "launched_details"
OPTIONAL = (
    SPLIT,
    *("border_crossing", "affected region", "affected_region", "destroyed_details", "launch_place_details"),
    *(
        "target_main",
        "still_attacking",
        "is_shahed",
        "num_hit_location",
        "num_fall_fragment_location",
        "carrier",
    ),
    *("turbojet", "turbojet_destroyed", "cross_border_belarus", "back_russia"),
)
"""Columns that came and went. Dict and list cells typed by hand (some lack a quote) feed no figure and are not read."""
KEY = ("time_start", "time_end", "model", "launch_place", "target", "source")
TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: (\d{1,2}):(\d{2}))?", re.ASCII)
COUNT = re.compile(r"\d{1,6}(\.0)?", re.ASCII)
FIRST = date(2022, 9, 1)
LONGEST = timedelta(days=7)
COUNTS = ("launched", "destroyed", "not_reach_goal")
METRICS = {
    Weapon.SHAHED: {"launched": "launched", "destroyed": "intercepted", "not_reach_goal": "lost_or_jammed"},
    Weapon.MISSILE: {"launched": "launched", "destroyed": "intercepted", "not_reach_goal": "lost_or_jammed"},
    Weapon.OTHER_UAV: {"destroyed": "destroyed"},
    Weapon.BOMB: {},
}
"""Column to metric. Of other drones mostly only the destroyed are reported: no count of launches."""


@dataclass(slots=True)
class Tally:
    """A sum under way: the number, the rows in it, their lines, and rows without this count."""

    value: int = 0
    rows: int = 0
    first: int = 0
    last: int = 0
    blank: int = 0

    @property
    def counted(self) -> bool:
        """True when at least one row prints this count (losses to jamming often have no count at all)."""
        return self.blank < self.rows

    def add(self, value: int | None, line: int) -> None:
        """One more row; a blank count is not zero and is counted as blank."""
        self.first = self.first or line
        self.last = line
        self.rows += 1
        if value is None:
            self.blank += 1
        else:
            self.value += value


@dataclass(slots=True)
class Sums:
    """All tallies: by (series tail, month or day)."""

    months: dict[tuple[str, str], Tally] = field(default_factory=dict)
    days: dict[tuple[str, str], Tally] = field(default_factory=dict)
    first: date = date.max
    last: date = date.min


@dataclass(slots=True)
class AirForceTable:
    """The table behind a key: user name and key in base64, from the environment, or by drop-in."""

    id: str = "air_force_posts"
    settled_days: int = 180

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The whole table; it comes as a ZIP or as the CSV itself."""
        yield Ask(
            "strikes",
            URL,
            headers={"Authorization": "Basic {env:WARECONOMY_KAGGLE}"},
            first=(b"PK", b"time_start,"),
            refuse=(b"<html",),
            hosts=("storage.googleapis.com", ".kaggle.com"),
            min_bytes=1_000,
            max_bytes=20_000_000,
            max_unpacked=100_000_000,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Row]:
        """Sums by month, then by day, in the order of their series."""
        data = document.data
        if data.startswith(b"PK"):
            with wire.member(self.id, data, FILE, 100_000_000) as stream:
                data = stream.read(100_000_001)
        sums = self._sums(wire.text_of(self.id, data, 100_000_000))
        for (tail, month), tally in sorted(sums.months.items()):
            if tally.counted or not tail.endswith("lost_or_jammed"):
                yield _reading(f"strikes.{tail}", _span(month, sums.first, sums.last), tally)
        for (tail, day), tally in sorted(sums.days.items()):
            if tally.counted or not tail.endswith("lost_or_jammed"):
                yield _reading(f"strikes.daily.{tail}", day, tally)

    def _sums(self, text: str) -> Sums:
        sums = Sums()
        seen: set[tuple[str, ...]] = set()
        names: dict[str, Weapon] = {}
        for row in wire.csv_rows(self.id, text, REQUIRED, OPTIONAL):
            end = self._times(row)
            attack = tuple([row.cells[name] for name in KEY])
            if attack in seen:
                raise Malformed(self.id, "the same attack twice", row.locator, "rows have become ambiguous")
            seen.add(attack)
            model = row.cells["model"].strip()
            if model not in names:
                try:
                    names[model] = weapon(model)
                except ValueError as error:
                    raise Malformed(
                        self.id, str(error), row.locator, "say what it is in strike_models"
                    ) from None
            counts = self._counts(row)
            self._check_split(row)
            sums.first, sums.last = min(sums.first, end), max(sums.last, end)
            day = end.isoformat()
            for column, metric in METRICS[names[model]].items():
                tail = f"{names[model].value}.{metric}"
                for store, key in ((sums.months, (tail, day[:7])), (sums.days, (tail, day))):
                    tally = store.get(key)
                    if tally is None:
                        tally = store[key] = Tally()
                    tally.add(counts[column], row.line)
        if not seen:
            raise Malformed(self.id, "the table has no rows")
        return sums

    def _times(self, row: wire.Row) -> date:
        """The day a report ends. Trailing blanks and `3:30` are mended, anything else is Malformed."""
        start, end = moment(row.cells["time_start"]), moment(row.cells["time_end"])
        if start is None or end is None:
            cell = row.cells["time_start"] if start is None else row.cells["time_end"]
            raise Malformed(self.id, f"{cell[:40]!r} is not a time", row.locator)
        if end.date() < start.date() or end - start > LONGEST or start.date() < FIRST:
            raise Malformed(self.id, f"a report from {start} to {end}", row.locator)
        return end.date()

    def _counts(self, row: wire.Row) -> dict[str, int | None]:
        """Counts of a row; they are written as floats, and blank is not zero."""
        found: dict[str, int | None] = {}
        for name in COUNTS:
            cell = row.cells[name]
            found[name] = None
            if cell:
                if not COUNT.fullmatch(cell):
                    raise Malformed(self.id, f"{name} is {cell[:40]!r}", row.locator)
                found[name] = int(float(cell))
        if found["launched"] is not None and (found["destroyed"] or 0) > found["launched"]:
            raise Malformed(self.id, "more destroyed than launched", row.locator)
        return found

    def _check_split(self, row: wire.Row) -> None:
        """Launches split by model, the repr of a dict, must add up to the launches of the row."""
        cell, launched = row.cells.get(SPLIT, ""), row.cells["launched"].strip()
        if not cell or cell == "{}":
            return
        try:
            value = python_repr.parse(cell)
        except ValueError as error:
            raise Malformed(self.id, f"{SPLIT} cannot be read ({error})", row.locator) from None
        parts = list(value.values()) if isinstance(value, dict) else [None]
        known = [part for part in parts if isinstance(part, float)]
        if len(known) == len(parts) and launched and sum(known) != float(launched):
            raise Malformed(self.id, f"{SPLIT} adds up to {sum(known):g}, not to {launched}", row.locator)


@lru_cache(maxsize=10_000)
def moment(cell: str) -> datetime | None:
    """A time of the table, `2025-03-06` or `2025-03-06 21:00`; None when the cell is neither."""
    match = TIME.fullmatch(cell.strip())
    try:
        return datetime(*(int(part) for part in match.groups(default="0"))) if match else None  # type: ignore[arg-type]
    except ValueError:
        return None


def _span(month: str, first: date, last: date) -> str:
    """The month, or the days of it that the table covers."""
    start = date.fromisoformat(f"{month}-01")
    end = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return label(max(start, first), min(end, last))


def _reading(series: str, period: str, tally: Tally) -> Reading:
    some_blank = f"{tally.blank} of {tally.rows} rows print no count" if tally.blank else None
    nothing = not tally.counted
    return Reading(
        series,
        period,
        None if nothing else float(tally.value),
        "" if nothing else str(tally.value),
        f"lines {tally.first}-{tally.last} ({tally.rows} rows)" if tally.rows > 1 else f"line {tally.first}",
        status="M" if nothing else "A",
        note=some_blank,
    )


SOURCE = AirForceTable()
