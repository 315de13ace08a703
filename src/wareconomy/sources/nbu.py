"""Reserves and official exchange rates of the National Bank of Ukraine, from its open JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import jsons, numbers
from wareconomy.sources.jsons import Item
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

SERVICE = "https://bank.gov.ua/NBUStatService/v1/statdirectory/"
SPANS = "https://bank.gov.ua/NBU_Exchange/exchange_site"
TOTAL = "RES_OffReserveAssets"
MILLION_DOLLARS = "T071USD"
CURRENCIES = {"USD": "ua.fx.usd", "EUR": "ua.fx.eur"}
RESERVES, RATES = (1.0, 500.0), (1.0, 1000.0)


class Nbu:
    """`res` (mn dollars, on the first of a month) and `exchange` (hryvnia for one unit)."""

    id = "nbu"
    reach = timedelta(hours=30)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last three months of reserves and tomorrow's rates; since a day, all reserves and that span of rates."""
        if since:
            yield _ask("reserves-history", f"{SERVICE}res?json")
        month = today.replace(day=1)
        for _ in range(0 if since else 3):
            yield _ask(f"reserves-{month:%Y-%m}", f"{SERVICE}res?date={month:%Y%m}&json")
            month = (month - timedelta(days=1)).replace(day=1)
        day = today + timedelta(days=1)
        for currency in CURRENCIES:
            name = f"rate-{currency.lower()}"
            yield _ask(name, f"{SERVICE}exchange?valcode={currency}&date={day:%Y%m%d}&json")
            if since:
                span = f"start={since:%Y%m%d}&end={day:%Y%m%d}&valcode={currency.lower()}"
                yield _ask(since_name(name, since), f"{SPANS}?{span}&sort=exchangedate&order=asc&json")

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """Figures of either list; an empty list is a month or day not yet published."""
        seen: dict[tuple[str, str], float | None] = {}
        for index, item in enumerate(jsons.items(jsons.parse(document, self.id), self.id)):
            place = f"/{index}"
            reading = _rate(item, place) if "exchangedate" in item else _reserves(item, place)
            if reading is None:
                continue
            key = (reading.series, reading.period)
            if key in seen and seen[key] != reading.value:
                raise Malformed(self.id, f"{reading.series} of {reading.period} stands twice", place)
            if key not in seen:
                seen[key] = reading.value
                yield reading


def _reserves(item: Item, place: str) -> Reading | None:
    if jsons.text(item, "id_api", Nbu.id, place) != TOTAL:
        return None
    if item.get("value", "") is None:
        return None  # a month without a figure
    unit = item.get("tzep")
    if not isinstance(unit, str) or not unit.startswith(MILLION_DOLLARS):
        raise Malformed(Nbu.id, f"the unit code is {unit!r}, not {MILLION_DOLLARS}...", place)
    try:
        day = _compact(jsons.text(item, "dt", Nbu.id, place))
        found = numbers.json_figure(item.get("value"), -3)
    except ValueError as error:
        raise Malformed(Nbu.id, str(error), place) from error
    if not RESERVES[0] <= found.value <= RESERVES[1] or day.day != 1:
        raise Malformed(Nbu.id, f"{found.printed} bn dollars on {day} is not plausible", place)
    return Reading("ua.reserves.total", day.isoformat(), found.value, found.printed, place)


def _compact(text: str) -> date:
    """The day of `YYYYMMDD`. Raises ValueError."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text[:40]!r} is not YYYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _rate(item: Item, place: str) -> Reading | None:
    series = CURRENCIES.get(jsons.text(item, "cc", Nbu.id, place))
    if not series:
        return None
    if item.get("units", 1) != 1:
        raise Malformed(Nbu.id, f"a rate for {item['units']} units, not for one", place)
    try:
        day = numbers.day_first(jsons.text(item, "exchangedate", Nbu.id, place))
        found = numbers.json_figure(item.get("rate"))
    except ValueError as error:
        raise Malformed(Nbu.id, str(error), place) from error
    if not RATES[0] <= found.value <= RATES[1]:
        raise Malformed(Nbu.id, f"a rate of {found.printed} is not plausible", place)
    return Reading(series, day.isoformat(), found.value, found.printed, place)


def _ask(name: str, url: str) -> Ask:
    return Ask(
        name=name,
        url=url,
        media=("application/json", "text/json"),
        first=(b"[", b"\xef\xbb\xbf["),
        min_bytes=2,
        refuse=(b"<html", b"<!DOCTYPE"),
        hosts=("bank.gov.ua",),
        rowless=True,
    )


SOURCE = Nbu()
