"""How the Bank of Russia's SOAP service is asked and read; the sources `cbr_*` share it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wareconomy.sources import markup, numbers
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Ask, Document, Malformed

SERVICE = "https://www.cbr.ru/DailyInfoWebServ/DailyInfo.asmx"
HOSTS = ("www.cbr.ru", "cbr.ru")
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{method} xmlns="http://web.cbr.ru/"><fromDate>{first}</fromDate><ToDate>{last}</ToDate></{method}>'
    "</soap:Body></soap:Envelope>"
)
OLDEST, NEWEST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an answer: its day, its other fields as text, and where it stood."""

    day: date
    fields: dict[str, str]
    locator: str

    def figure(self, name: str, source: str, shift: int = 0) -> Figure | None:
        """The number of a field, None when it is empty. Raises Malformed when the field is missing or no number."""
        if name not in self.fields:
            raise Malformed(source, f"no field {name}, found {', '.join(self.fields)}", self.locator)
        try:
            return numbers.figure(self.fields[name], ".", shift)
        except ValueError as error:
            raise Malformed(source, f"{name}: {error}", self.locator) from error

    def required(self, name: str, source: str, shift: int = 0) -> Figure:
        """The same for a field that is never empty."""
        found = self.figure(name, source, shift)
        if found is None:
            raise Malformed(source, f"{name} is empty", self.locator)
        return found


def ask(name: str, method: str, first: date, last: date) -> Ask:
    """The request of one method for a span of days; odd as it looks, the service spells it `fromDate` and `ToDate`."""
    return Ask(
        name=name,
        url=SERVICE,
        method="POST",
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"http://web.cbr.ru/{method}"'},
        body=ENVELOPE.format(method=method, first=first.isoformat(), last=last.isoformat()).encode(),
        media=("text/xml", "application/soap+xml"),
        first=(b"<?xml", b"\xef\xbb\xbf<?xml", b"<soap"),
        marker=f"{method}Result".encode(),
        refuse=(b"<soap:Fault", b"<html", b"<!DOCTYPE"),
        hosts=HOSTS,
    )


def rows(document: Document, source: str, container: str, row: str, day: str) -> Iterator[Row]:
    """Rows of an answer, in either of the service's two forms (plain XML, or a schema with a diffgram).

    A span without figures is an empty container and yields nothing. Raises Malformed for a fault, for another
    method's answer, and for a day that stands twice with different figures.
    """
    seen: dict[date, dict[str, str]] = {}
    complete, count = False, 0
    for element in markup.stream(document.data, (container, row, "Fault", "Envelope"), source):
        name = markup.local(element)
        if name == "Fault":
            raise Malformed(
                source,
                f"the service answered a fault: {markup.squeeze(' '.join(map(str, element.itertext())))[:160]}",
            )
        complete = complete or name == container
        if name != row:
            continue
        count += 1
        place = f"{row}[{count}]"
        try:
            fields = markup.children(element)
            moment = date.fromisoformat(fields.pop(day)[:10])
        except KeyError as error:
            raise Malformed(source, f"a row without {day}", place) from error
        except ValueError as error:
            raise Malformed(source, str(error), place) from error
        if not OLDEST <= moment < NEWEST:
            raise Malformed(source, f"the day {moment} is not plausible", place)
        if moment in seen:
            if seen[moment] != fields:
                raise Malformed(source, f"{moment} stands twice with different figures", place)
            continue
        seen[moment] = fields
        yield Row(moment, fields, place)
    if not complete:
        raise Malformed(source, f"no {container} in the answer", advice="is it the answer of another method?")


def add_up(source: str, place: str, what: str, total: float, parts: float, tolerance: float) -> None:
    """Raises Malformed when a published total is not the sum of its published parts."""
    if abs(total - parts) > tolerance:
        raise Malformed(
            source, f"{what}: {total:g} is not {parts:g}", place, "a figure or a definition has changed"
        )
