"""Official exchange rates of the rouble from the Bank of Russia: windows-1251 XML, per unit of currency, day served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from lxml import etree

from wareconomy.sources import markup, numbers
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

SCRIPTS = "https://www.cbr.ru/scripts/"
CURRENCIES = {"R01235": ("USD", "ru.fx.usd"), "R01239": ("EUR", "ru.fx.eur"), "R01375": ("CNY", "ru.fx.cny")}
NEW_ROUBLE = date(1998, 1, 1)
LIMITS = (0.1, 10_000.0)
TOLERANCE = 0.0002


class Rates:
    """`XML_dynamic` (one currency, many days) and `XML_daily` (all currencies, the day that was served)."""

    id = "cbr_rates"
    reach = timedelta(days=28)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The day's list, and the last month (or since a day) of each currency; tomorrow's rate is set today."""
        last = today + timedelta(days=1)
        first = max(since or today - timedelta(days=30), NEW_ROUBLE)
        yield _ask("rates-day", "XML_daily.asp", {"date_req": f"{last:%d/%m/%Y}"})
        for code, (currency, _) in CURRENCIES.items():
            span = {"date_req1": f"{first:%d/%m/%Y}", "date_req2": f"{last:%d/%m/%Y}", "VAL_NM_RQ": code}
            yield _ask(since_name(f"rates-{currency.lower()}", since), "XML_dynamic.asp", span)

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """Rates for one unit of currency. A day without a rate has no row; nothing is carried forward."""
        seen: dict[tuple[str, str], float] = {}
        count, complete = 0, False
        for element in markup.stream(
            document.data, ("Record", "Valute", "ValCurs"), self.id, _encoding(document.data)
        ):
            name, root = markup.local(element), element.getparent()
            if name == "ValCurs":
                complete = True
                continue
            count += 1
            place = f"{name}[{count}]"
            if root is None or markup.local(root) != "ValCurs":
                raise Malformed(self.id, "a rate outside of ValCurs", place)
            if name == "Record":
                code, when = element.get("Id"), element.get("Date")
                if code not in CURRENCIES or root.get("ID", code) != code:
                    raise Malformed(self.id, f"a rate of {code} in the answer for {root.get('ID')}", place)
            else:
                code, when = element.get("ID"), root.get("Date")
            if code in CURRENCIES:
                reading = _reading(_fields(element, place), code, when or "", place)
                key = (reading.series, reading.period)
                if seen.setdefault(key, reading.value or 0) != reading.value:
                    raise Malformed(self.id, f"{reading.period} stands twice with different rates", place)
                yield reading
        if not complete:
            raise Malformed(self.id, "no ValCurs in the answer")


def _fields(element: etree._Element, place: str) -> dict[str, str]:
    try:
        return markup.children(element)
    except ValueError as error:
        raise Malformed(Rates.id, str(error), place) from error


def _reading(fields: dict[str, str], code: str, when: str, place: str) -> Reading:
    """Rate of one unit: `Value` divided by `Nominal`, which changes over the years."""
    currency, series = CURRENCIES[code]
    try:
        day = numbers.day_first(when)
        nominal = int(fields["Nominal"])
        value = numbers.figure(fields["Value"])
        unit = numbers.figure(fields.get("VunitRate", ""))
    except (KeyError, ValueError) as error:
        raise Malformed(Rates.id, f"{currency}: {error}", place) from error
    if fields.get("CharCode", currency) != currency:
        raise Malformed(Rates.id, f"{code} is {fields['CharCode']}, not {currency}", place)
    if nominal not in {1, 10, 100, 1000, 10_000} or value is None:
        raise Malformed(Rates.id, f"{currency}: no rate for {fields['Nominal']} units", place)
    if day < NEW_ROUBLE:
        raise Malformed(Rates.id, f"{day} lies before the new rouble of 1998", place, "ask for later days")
    exact = numbers.figure(fields["Value"], shift=-len(str(nominal)) + 1)
    assert exact is not None
    if not LIMITS[0] <= exact.value <= LIMITS[1]:
        raise Malformed(Rates.id, f"{currency}: a rate of {exact.printed} is not plausible", place)
    if unit is not None and abs(unit.value - exact.value) > TOLERANCE:
        raise Malformed(Rates.id, f"{currency}: {exact.printed} is not the printed {unit.printed}", place)
    note = f"printed for {nominal} units" if nominal != 1 else None
    return Reading(series, day.isoformat(), exact.value, exact.printed, place, note=note)


def _ask(name: str, script: str, params: dict[str, str]) -> Ask:
    return Ask(
        name=name,
        url=SCRIPTS + script,
        params=params,
        media=("application/xml", "text/xml"),
        first=(b"<?xml",),
        marker=b"<ValCurs",
        refuse=(b"<html", b"<!DOCTYPE"),
        hosts=("www.cbr.ru", "cbr.ru"),
    )


def _encoding(data: bytes) -> str | None:
    """UTF-8 when the declaration lies because something on the way has transcoded the body."""
    try:
        data.decode("ascii")
    except UnicodeDecodeError:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return "utf-8"
    return None


SOURCE = Rates()
