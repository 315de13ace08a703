"""The Economist's daily area that ISW assesses as controlled by Russia. Printed in square metres; the ledger's unit is km2.

The shift by six places is exact. The columns of changes must repeat what the levels say (row by row, as
the file is made: a day can stand twice, with the same area), and the percentage must be that of 603,628
km2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from wareconomy.sources import wire
from wareconomy.sources.monthly import month_changes
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row

AREA = "area_assessed_as_russia_controlled"
CHANGE = f"change_in_{AREA}"
LAGS = {CHANGE: 1, f"{CHANGE}_in_past_7_days": 7, f"{CHANGE}_in_past_30_days": 30}
PERCENT = f"{AREA}_percent"
COUNTRY_M2 = Decimal(603_628_000_000)
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
        levels: list[Decimal] = []
        days: dict[date, tuple[Decimal, str]] = {}
        for row in wire.csv_rows(self.id, text, ("date", AREA, *LAGS, PERCENT)):
            day = wire.day(self.id, row.cells["date"], row.locator)
            area = wire.number(self.id, row.cells[AREA], row.locator, 0, float(COUNTRY_M2))
            self._check(row, area, levels)
            levels.append(area)
            if day not in days:
                if days and day != max(days) + timedelta(days=1):
                    raise Malformed(
                        self.id, f"{day} follows {max(days)}", row.locator, "days must not be left out"
                    )
                days[day] = area, row.locator
            elif days[day][0] != area:
                raise Malformed(self.id, f"{day} stands twice with two areas", row.locator)
        if not days:
            raise Malformed(self.id, "the table has no rows")
        for day, (area, locator) in days.items():
            exact = area.scaleb(-6)
            yield Reading(
                "territory.occupied.isw",
                day.isoformat(),
                float(exact),
                f"{exact:f}",
                locator,
                note="printed in m2",
            )
        for month in month_changes({day: (area.scaleb(-6), place) for day, (area, place) in days.items()}):
            yield Reading("territory.net.isw", month.period, month.value, month.printed, month.locator)

    def _check(self, row: wire.Row, area: Decimal, levels: list[Decimal]) -> None:
        """Changes and percentage against the levels, to half a square metre and a millionth of a percent."""
        for name, lag in LAGS.items():
            cell = row.cells[name]
            if not cell:
                if levels:
                    raise Malformed(self.id, f"{name} is blank", row.locator)
                continue
            printed = wire.number(self.id, cell, row.locator, -float(COUNTRY_M2), float(COUNTRY_M2))
            if len(levels) < lag and not levels:
                continue
            due = area - (levels[-lag] if len(levels) >= lag else levels[0])
            if abs(printed - due) > Decimal("0.5"):
                raise Malformed(self.id, f"{name} is {cell}, the areas give {due}", row.locator)
        percent = wire.number(self.id, row.cells[PERCENT], row.locator, 0, 100)
        if abs(percent - area * 100 / COUNTRY_M2) > Decimal("0.000001"):
            raise Malformed(
                self.id, f"{percent} % is not the share of the area", row.locator, "has the unit changed?"
            )


SOURCE = EconomistIsw()
