"""The Economist's daily area that ISW assesses as controlled by Russia. Printed in square metres; the ledger's unit is km2.

The shift by six places is exact. The columns of changes must repeat what the levels say (row by row, as
the file is made: a day can stand twice, with the same area), and the percentage must be that of 603,628
km2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter

from wareconomy.sources import numbers, wire
from wareconomy.sources.monthly import month_changes
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row

AREA = "area_assessed_as_russia_controlled"
CHANGE = f"change_in_{AREA}"
LAGS = {CHANGE: 1, f"{CHANGE}_in_past_7_days": 7, f"{CHANGE}_in_past_30_days": 30}
PERCENT = f"{AREA}_percent"
COLUMNS = ("date", AREA, *LAGS, PERCENT)
COUNTRY_M2 = 603_628_000_000.0
URL = (
    "https://raw.githubusercontent.com/TheEconomist/the-economist-ukraine-war-dead-and-wounded-estimates/main/"
    "source-data/deaths-and-casualties-data/area_assessed_as_controlled_by_russia.csv"
)


@dataclass(slots=True)
class EconomistIsw:
    """One file, rewritten daily; history in it may change."""

    id: str = "economist_isw"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The whole file: it is small and holds every day."""
        yield Ask(
            "area",
            URL,
            media=("text/plain", "text/csv", "application/octet-stream"),
            marker=PERCENT.encode(),
            refuse=(b"<html", b"version https://git-lfs"),
            min_bytes=1_000,
            max_bytes=20_000_000,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Row]:
        """Each day's area in km2, then the net change of each month whose two ends are there."""
        text = wire.text_of(self.id, document.data, 20_000_000)
        levels: list[float] = []
        days: dict[date, tuple[Decimal, str]] = {}
        last = date.min
        header, rows = wire.csv_cells(self.id, text, COLUMNS)
        pick = itemgetter(*(header.index(name) for name in COLUMNS))
        for line, cells in rows:
            where = f"line {line}"
            written, printed, *others = pick(cells)
            day = wire.day(self.id, written, where)
            exact = wire.number(self.id, printed, where, 0, COUNTRY_M2).scaleb(-6)
            area = float(printed)
            self._check(area, others, levels, where)
            levels.append(area)
            if day not in days:
                if days and day != last + timedelta(days=1):
                    raise Malformed(self.id, f"{day} follows {last}", where, "days must not be left out")
                days[day], last = (exact, where), day
            elif days[day][0] != exact:
                raise Malformed(self.id, f"{day} stands twice with two areas", where)
        if not days:
            raise Malformed(self.id, "the table has no rows")
        for day, (exact, locator) in days.items():
            yield Reading(
                "territory.occupied.isw",
                day.isoformat(),
                float(exact),
                f"{exact:f}",
                locator,
                note="printed in m2",
            )
        for month in month_changes(days):
            yield Reading("territory.net.isw", month.period, month.value, month.printed, month.locator)

    def _check(self, area: float, cells: Sequence[str], levels: list[float], where: str) -> None:
        """Changes and percentage against the levels, to half a square metre and a millionth of a percent."""
        values = numbers.plain_row(cells)
        if values is None:  # a printed 1e-05, or no number at all
            bound = COUNTRY_M2
            values = [wire.real(self.id, cell, where, -bound, bound) if cell else None for cell in cells]
        *changes, percent = values
        for (name, lag), printed in zip(LAGS.items(), changes, strict=True):
            if printed is None:
                if levels:
                    raise Malformed(self.id, f"{name} is blank", where)
            elif levels:
                due = area - (levels[-lag] if len(levels) >= lag else levels[0])
                if abs(printed - due) > 0.5:
                    raise Malformed(self.id, f"{name} is {printed:f}, the areas give {due:.6f}", where)
        if percent is None or abs(percent - area * 100 / COUNTRY_M2) > 1e-6:
            raise Malformed(
                self.id, f"{cells[-1]} % is not the share of the area", where, "has the unit changed?"
            )


SOURCE = EconomistIsw()
