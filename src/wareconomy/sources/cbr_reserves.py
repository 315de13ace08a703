"""International reserves of Russia, weekly and at the first of each month, from the Bank of Russia's SOAP service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import cbr
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

LIMITS = (1.0, 3000.0)
"""Plausible reserves in USD bn, from the crisis of 1998 to a generous future."""
PARTS = {"p1": "ru.reserves.total", "p2": "ru.reserves.fx", "p6": "ru.reserves.gold"}
ROUNDING = 1.5
"""USD mn: parts are rounded to one each."""


class Reserves:
    """`mrrf7DXML` in USD bn, `mrrfXML` in USD mn; neither body names its unit, so magnitudes are checked."""

    id = "cbr_reserves"
    reach = timedelta(days=90)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last quarter of weeks and the last year of months, or everything since a day."""
        yield cbr.ask(
            since_name("reserves-weekly", since), "mrrf7DXML", since or today - timedelta(days=92), today
        )
        yield cbr.ask(
            since_name("reserves-monthly", since), "mrrfXML", since or today - timedelta(days=400), today
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """Figures of one answer, by what it holds."""
        if b"mmrf7d" in document.data:
            yield from self._weekly(document)
        else:
            yield from self._monthly(document)

    def _weekly(self, document: Document) -> Iterator[Reading]:
        for row in cbr.rows(document, self.id, "mmrf7d", "mr", "D0"):
            found = row.required("val", self.id)
            _plausible(found.value, row.locator)
            yield Reading(
                "ru.reserves.total.weekly", row.day.isoformat(), found.value, found.printed, row.locator
            )

    def _monthly(self, document: Document) -> Iterator[Reading]:
        for row in cbr.rows(document, self.id, "mmrf", "mr", "D0"):
            found = {name: row.figure(name, self.id) for name in ("p1", "p2", "p3", "p4", "p5", "p6")}
            value = {name: number.value for name, number in found.items() if number}
            if {"p1", "p2", "p6"} <= set(value):
                whole = value["p2"] + value["p6"]
                cbr.add_up(self.id, row.locator, "total = currencies + gold", value["p1"], whole, ROUNDING)
            if {"p2", "p3", "p4", "p5"} <= set(value):
                parts = value["p3"] + value["p4"] + value["p5"]
                cbr.add_up(self.id, row.locator, "currencies = their parts", value["p2"], parts, ROUNDING)
            _plausible(row.required("p1", self.id, -3).value, row.locator)
            for name, series in PARTS.items():
                number = row.figure(name, self.id, -3)
                if number:
                    yield Reading(series, row.day.isoformat(), number.value, number.printed, row.locator)


def _plausible(value: float, place: str) -> None:
    if not LIMITS[0] <= value <= LIMITS[1]:
        raise Malformed(
            Reserves.id, f"{value:g} bn dollars of reserves are not plausible", place, "has the unit changed?"
        )


SOURCE = Reserves()
