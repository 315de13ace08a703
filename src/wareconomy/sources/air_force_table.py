"""Missiles and drones one by one as the Ukrainian Air Force posted them, collected in a table; sums by month and day.

A row is one model in one report. A sum goes to the month or day on which the report ends. The table has
changed its columns, its times and its dict cells more than once, revises past rows with every weekly
version, and covers the first and the last month in part: then the period says which days. Counts are
those of one side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter

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
TAILS = {
    kind: [(f"{kind.value}.{metric}", COUNTS.index(column)) for column, metric in metrics.items()]
    for kind, metrics in METRICS.items()
}
"""The same as tails of series, by the column's place among the counts."""


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

    def join(self, other: Tally) -> None:
        """The rows of another sum too."""
        self.first = min(self.first or other.first, other.first)
        self.last = max(self.last, other.last)
        self.rows += other.rows
        self.blank += other.blank
        self.value += other.value


@dataclass(slots=True)
class Sums:
    """All tallies by series tail and day, and every day on which a report ends."""

    days: dict[tuple[str, str], Tally] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)

    def months(self) -> dict[tuple[str, str], Tally]:
        """The same by month."""
        found: dict[tuple[str, str], Tally] = {}
        for (tail, day), tally in self.days.items():
            found.setdefault((tail, day[:7]), Tally()).join(tally)
        return found


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
        first, last = (date.fromisoformat(day) for day in (min(sums.ends), max(sums.ends)))
        for (tail, month), tally in sorted(sums.months().items()):
            if tally.counted or not tail.endswith("lost_or_jammed"):
                yield _reading(f"strikes.{tail}", _span(month, first, last), tally)
        for (tail, day), tally in sorted(sums.days.items()):
            if tally.counted or not tail.endswith("lost_or_jammed"):
                yield _reading(f"strikes.daily.{tail}", day, tally)

    def _sums(self, text: str) -> Sums:
        sums = Sums()
        header, rows = wire.csv_cells(self.id, text, REQUIRED, OPTIONAL)
        seen: set[tuple[str, ...]] = set()
        names: dict[str, Weapon] = {}
        pick = itemgetter(*(header.index(name) for name in (*KEY, *COUNTS)))
        split = header.index(SPLIT) if SPLIT in header else None
        for line, cells in rows:
            picked = pick(cells)
            attack, counts = picked[: len(KEY)], picked[len(KEY) :]
            end = self._end(attack[0], attack[1], line)
            sums.ends.add(end)
            if attack in seen:
                raise Malformed(
                    self.id, "the same attack twice", f"line {line}", "rows have become ambiguous"
                )
            seen.add(attack)
            kind = names.get(attack[2])
            if kind is None:
                kind = names[attack[2]] = self._weapon(attack[2].strip(), line)
            numbers = self._counts(counts, line)
            if split is not None and cells[split] not in {"", "{}"}:
                self._check_split(cells[split], counts[0].strip(), line)
            for tail, column in TAILS[kind]:
                tally = sums.days.get((tail, end))
                if tally is None:
                    tally = sums.days[tail, end] = Tally()
                tally.add(numbers[column], line)
        if not seen:
            raise Malformed(self.id, "the table has no rows")
        return sums

    def _weapon(self, model: str, line: int) -> Weapon:
        try:
            return weapon(model)
        except ValueError as error:
            raise Malformed(self.id, str(error), f"line {line}", "say what it is in strike_models") from None

    def _end(self, first: str, last: str, line: int) -> str:
        """The day a report ends. Trailing blanks and `3:30` are mended, anything else is Malformed."""
        try:
            return last_day(first, last)
        except ValueError as error:
            raise Malformed(self.id, str(error), f"line {line}") from None

    def _counts(self, cells: Sequence[str], line: int) -> list[int | None]:
        """Counts of a row, in the order of `COUNTS`; they are written as floats, and blank is not zero."""
        try:
            launched, destroyed, *_ = found = [count(cell) for cell in cells]
        except ValueError:
            name, cell = next(pair for pair in zip(COUNTS, cells, strict=True) if not is_count(pair[1]))
            raise Malformed(self.id, f"{name} is {cell[:40]!r}", f"line {line}") from None
        if launched is not None and (destroyed or 0) > launched:
            raise Malformed(self.id, "more destroyed than launched", f"line {line}")
        return found

    def _check_split(self, cell: str, launched: str, line: int) -> None:
        """Launches split by model, the repr of a dict, must add up to the launches of the row."""
        where = f"line {line}"
        try:
            value = python_repr.parse(cell)
        except ValueError as error:
            raise Malformed(self.id, f"{SPLIT} cannot be read ({error})", where) from None
        parts = list(value.values()) if isinstance(value, dict) else [None]
        known = [part for part in parts if isinstance(part, float)]
        if len(known) == len(parts) and launched and sum(known) != float(launched):
            raise Malformed(self.id, f"{SPLIT} adds up to {sum(known):g}, not to {launched}", where)


def is_count(cell: str) -> bool:
    """Whether a cell is blank or a whole number, with or without `.0`."""
    return not cell or COUNT.fullmatch(cell) is not None


@lru_cache(maxsize=10_000)
def count(cell: str) -> int | None:
    """The whole number in a cell, None for a blank one. Raises ValueError for all else."""
    if not is_count(cell):
        raise ValueError(f"{cell[:40]!r} is no count")
    return int(float(cell)) if cell else None


@lru_cache(maxsize=10_000)
def last_day(first: str, last: str) -> str:
    """The day, in ISO form, on which a report ends that runs from one cell to the other. Raises ValueError."""
    start, end = moment(first), moment(last)
    if start is None or end is None:
        raise ValueError(f"{(first if start is None else last)[:40]!r} is not a time")
    if end.date() < start.date() or end - start > LONGEST or start.date() < FIRST:
        raise ValueError(f"a report from {start} to {end}")
    return end.date().isoformat()


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
