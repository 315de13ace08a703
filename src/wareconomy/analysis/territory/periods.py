"""Questions put to a history: by day, by month, by oblast, between two days; largest changes, gaps and breaks.

Everything here is plain Python values, ready for a table. Gains and losses of a period are sums of the daily ones:
land that changed hands twice counts twice. The polygon difference between two maps is another number, see
`places.between`. Percentages name their denominator.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wareconomy.analysis.territory import boundaries
from wareconomy.analysis.territory.history import History
from wareconomy.analysis.territory.plane import Floats
from wareconomy.errors import UsageError
from wareconomy.sources import map_files

REDRAWN_BEFORE = 50.0
"""km2 by which the area held before 2022 may change between two maps without being called a redraw."""
PATIENCE = 3
"""Days a month boundary may move on to the next file when a file is missing."""
MENDED = 10.0
"""km2 of rings and overlaps mended in a map from which its row says so."""
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Move:
    """Change between two maps (`start`, `end` are days of files). Areas in km2. `low` and `high` are the range of
    the net change over the possible dates of the maps. `break_km2` is the part of the net change that is redrawing
    and no movement (status B, as in SDMX); `note` says what is special."""

    label: str
    start: date
    end: date
    area_km2: float
    net_km2: float
    gained_km2: float
    lost_km2: float
    low_km2: float
    high_km2: float
    break_km2: float
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Break:
    """A change of the map that is no movement."""

    day: date
    after: date
    km2: float
    what: str


class Table:
    """A history seen through one unit (ISO code or `outside`) or as the whole."""

    def __init__(self, history: History, unit: str = WHOLE) -> None:
        if not history.days:
            raise UsageError(
                "no map could be measured" + "".join(f"\n  {item}" for item in history.set_aside[:20])
            )
        self.history = history
        self.unit = unit
        self.days = [day.day for day in history.days]
        self.area = self._column(history.stock)
        self.gain = self._column(history.gain)
        self.loss = self._column(history.loss)
        self.breaks = breaks(history) if unit == WHOLE else []

    def _column(self, cells: Floats) -> Floats:
        if self.unit == WHOLE:
            return np.asarray(cells.sum(axis=1))
        columns = self.history.boundaries.columns
        if self.unit not in columns:
            raise UsageError(f"the boundaries in use have no unit {self.unit!r}")
        return np.asarray(cells[:, columns.index(self.unit)])

    def on(self, day: date) -> int:
        """Row of the last map on or before a day. UsageError when there is none."""
        place = bisect_right(self.days, day) - 1
        if place < 0:
            raise UsageError(f"no map on or before {day}; the first is of {self.days[0]}")
        return place

    def move(self, start: int, end: int, label: str = "") -> Move:
        """The change from one row to a later one."""
        span = slice(start + 1, end + 1)
        net = float(self.area[end] - self.area[start])
        found = [item for item in self.breaks if self.days[start] < item.day <= self.days[end]]
        notes = [f"{item.what} of {item.day}: {item.km2:+,.0f} km2, no movement" for item in found]
        notes += self._mended(span if end > start else slice(start, start + 1))
        return Move(
            label or f"{self.days[start]} to {self.days[end]}",
            self.days[start],
            self.days[end],
            float(self.area[end]),
            net,
            float(self.gain[span].sum()),
            float(self.loss[span].sum()),
            net,
            net,
            sum(item.km2 for item in found),
            "B" if found else "A",
            "; ".join(notes),
        )

    def _mended(self, span: slice) -> list[str]:
        """What was mended in the maps of a span and is too large to be passed over in a note at the end."""
        sizes = [
            (day.day, sum(repair.km2 for repair in day.repairs))
            for day in self.history.days[span]
            if sum(repair.km2 for repair in day.repairs) >= MENDED
        ]
        return [f"faulty rings of {day} mended, {km2:,.0f} km2" for day, km2 in sizes]

    def between(self, start: date, end: date) -> Move:
        """The change between the maps of two days (each the last on or before it)."""
        if end <= start:
            raise UsageError(f"{end} is not after {start}")
        return self.move(self.on(start), self.on(end), f"{start} to {end}")

    def shifted(self, start: date, end: date) -> tuple[float, float]:
        """Range of the net change when both maps may be of the day before or after: low and high, km2.

        Where the mapper's files tell their day exactly, both are the net change itself.
        """
        least, most = map_files.mapper(self.history.mapper).lag_days
        slack = most - least
        nets = []
        for shift in range(-slack, slack + 1):
            first, last = start + timedelta(days=shift), end + timedelta(days=shift)
            if self.days[0] <= first and last <= self.days[-1]:
                nets.append(float(self.area[self.on(last)] - self.area[self.on(first)]))
        return min(nets), max(nets)

    def daily(self) -> list[Move]:
        """Each map with the change since the one before."""
        first = self.move(0, 0, str(self.days[0]))
        return [first, *(self.move(row - 1, row, str(self.days[row])) for row in range(1, len(self.days)))]

    def months(self) -> list[Move]:
        """Net change by month from the files that fit the mapper, with the alternative as the range low to high.

        The daily mirror lags a day: a month runs from its file of the 2nd to the next 2nd, and the alternative is
        1st to 1st. Other maps run from the last of the month before to the last of the month.
        """
        chosen = map_files.mapper(self.history.mapper).month_from
        made = []
        for first, after in _months(self.days[0], self.days[-1]):
            preferred = self._month(first, after, chosen)
            other = self._month(first, after, 1) if chosen != 1 else preferred
            if preferred is None:
                continue
            start, end, note = preferred
            found = self.move(start, end, f"{first:%Y-%m}")
            nets = [found.net_km2] + ([float(self.area[other[1]] - self.area[other[0]])] if other else [])
            notes = "; ".join(filter(None, (note, found.note)))
            made.append(
                Move(
                    found.label,
                    found.start,
                    found.end,
                    found.area_km2,
                    found.net_km2,
                    found.gained_km2,
                    found.lost_km2,
                    min(nets),
                    max(nets),
                    found.break_km2,
                    found.status,
                    notes,
                )
            )
        return made

    def _month(self, first: date, after: date, number: int) -> tuple[int, int, str] | None:
        if number == 0:
            start = bisect_left(self.days, first) - 1
            end = bisect_left(self.days, after) - 1
            return (start, end, "") if 0 <= start < end and self.days[end] >= first else None
        notes = []
        rows = []
        for month in (first, after):
            wanted = month + timedelta(days=number - 1)
            row = bisect_left(self.days, wanted)
            if row == len(self.days) or (self.days[row] - wanted).days > PATIENCE:
                return None
            if self.days[row] != wanted:
                notes.append(f"no file of {wanted}, taken from {self.days[row]}")
            rows.append(row)
        return rows[0], rows[1], "; ".join(notes)

    def largest(self, count: int = 10) -> list[Move]:
        """The days of the largest net change, largest first."""
        listed = self.daily()[1:]
        return sorted(listed, key=lambda item: -abs(item.net_km2))[:count]

    def unchanged(self) -> list[date]:
        """Days whose map is the one before."""
        return [day.day for day in self.history.days[1:] if day.edges == 0]

    def missing(self) -> list[date]:
        """Days without a map between the first and the last."""
        have = set(self.days)
        span = (self.days[-1] - self.days[0]).days
        return [day for n in range(span) if (day := self.days[0] + timedelta(days=n)) not in have]


def breaks(history: History) -> list[Break]:
    """Redraws of what was held before 2022, where a map names it: no front ran there.

    The redraw of Crimea on 2022-09-18 (+805 km2) is the known one.
    """
    found = []
    for old, new in zip(history.days, history.days[1:], strict=False):
        earlier = dict(old.before)
        for name, km2 in new.before:
            if name in earlier and abs(km2 - earlier[name]) > REDRAWN_BEFORE:
                found.append(Break(new.day, old.day, km2 - earlier[name], f"redraw of {name}"))
    return found


def by_oblast(history: History, start: date, end: date, which: str = "oblast") -> list[dict[str, object]]:
    """One row a unit touched by the map, then `sea` and `outside`: area at the end, its share, the change over the period.

    The rows add up to the whole; what is on the sea or outside is in no oblast.
    """
    rows: list[dict[str, object]] = []
    for code in history.boundaries.columns:
        table = Table(history, code)
        move = table.between(start, end)
        if max(move.area_km2, move.gained_km2, move.lost_km2, abs(move.net_km2)) < 0.0005:
            continue
        unit = boundaries.units().get(code)
        base = None if unit is None and which == "oblast" else boundaries.denominator(which, code)[0]
        rows.append(
            {
                "oblast": code,
                "name": boundaries.name_of(code),
                "area_km2": move.area_km2,
                "share_pct": 100 * move.area_km2 / base if base else None,
                "net_km2": move.net_km2,
                "gained_km2": move.gained_km2,
                "lost_km2": move.lost_km2,
            }
        )
    return rows


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    month = first.replace(day=1)
    while month <= last:
        after = (month + timedelta(days=32)).replace(day=1)
        yield month, after
        month = after
