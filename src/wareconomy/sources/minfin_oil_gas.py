"""Budget-rule operations: the Ministry's monthly announcement of currency and gold to buy or sell, and why so much.

The direction is in the words (purchase, sale), not in a sign; what is announced must be the sum of its two parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import minfin, numbers
from wareconomy.sources.minfin import NUMBER, Message
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Ask, Document, Malformed, Reading

TITLE = re.compile(r"О нефтегазовых доходах и проведении операций по покупке ?/ ?продаже", re.IGNORECASE)
SLUG = "o_neftegazovykh_dokhodakh_i_provedenii_operatsii"
MONTH, SIGNED = numbers.MONTH_WORD, rf"(минус )?({NUMBER})"
EXPECTED = re.compile(
    rf"объем (дополнительных|недополученных) нефтегазовых доходов (?:федерального бюджета )?"
    rf"[^.]{{0,80}}?в ({MONTH}) (\d{{4}}) (?:года|г\.) в размере {SIGNED} млрд руб",
    re.IGNORECASE,
)
DEVIATION = re.compile(
    rf"отклонение .{{0,400}}?по итогам ({MONTH}) (\d{{4}}) (?:года|г\.) составило {SIGNED} млрд руб",
    re.IGNORECASE,
)
TOTAL = re.compile(
    rf"совокупный объем средств, направляемых на (покупку|продажу) [^.\d]{{0,80}}?составит ({NUMBER}) млрд руб",
    re.IGNORECASE,
)
SOLD = re.compile(
    rf"совокупный объем (покупки|продажи) [^.\d]{{0,80}}?составит ({NUMBER}) млрд руб", re.IGNORECASE
)
WINDOW = re.compile(
    rf"в период с (\d{{1,2}}) ({MONTH})(?: (\d{{4}}) (?:года|г\.))? по (\d{{1,2}}) ({MONTH}) (\d{{4}}) (?:года|г\.)",
    re.IGNORECASE,
)
DAILY = re.compile(
    rf"ежедневный объем (покупки|продажи) [^.\d]{{0,80}}?составит (?:в эквиваленте )?({NUMBER}) млрд руб",
    re.IGNORECASE,
)
TOLERANCE = 0.02
DAYS = (0.6, 1.4)
"""The sum over the daily amount, against the weekdays of the window: holidays and rounding lie between."""


class OilGas:
    """The monthly message `О нефтегазовых доходах и проведении операций по покупке/продаже ...`."""

    id = "minfin_oil_gas"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The press list and the mirror. Older messages are handed in as files."""
        return minfin.press_asks("budget-rule")

    def follow(self, document: Document) -> Iterable[Ask]:
        """The newest message."""
        return minfin.follow(document, SLUG, "budget-rule", self.id)

    def read(self, document: Document) -> Iterator[Reading]:
        """Amount, daily amount, and the two parts of the amount."""
        for message in minfin.messages(document, TITLE, self.id):
            yield from self._announcement(message)

    def _announcement(self, message: Message) -> Iterator[Reading]:
        words, place = message.words, message.place
        expected = self._found(EXPECTED.search(words), "the expected extra revenue", place)
        deviation = self._found(DEVIATION.search(words), "the deviation of the month before", place)
        total = self._found(TOTAL.search(words) or SOLD.search(words), "the amount to buy or sell", place)
        daily = self._found(DAILY.search(words), "the daily amount", place)
        first, last = self._window(self._found(WINDOW.search(words), "the days", place), place)
        extra = self._signed(expected[4], expected[5], place)
        if expected[1].lower() == "недополученных":
            extra = Figure(-abs(extra.value), "-" + extra.printed.lstrip("-"))
        gap = self._signed(deviation[3], deviation[4], place)
        whole = minfin.amount(total[2], self.id, place)
        a_day = minfin.amount(daily[2], self.id, place)
        buying = total[1].lower().startswith("покуп")
        if buying != daily[1].lower().startswith("покуп"):
            raise Malformed(self.id, "the amount is bought and the daily amount sold, or the reverse", place)
        if whole.value <= 0 or a_day.value <= 0:
            raise Malformed(self.id, "an amount that is not above zero", place)
        signed = whole.value if buying else -whole.value
        minfin.agree(
            self.id, place, "expected + deviation = amount", extra.value + gap.value, signed, TOLERANCE
        )
        weekdays = sum((first + timedelta(n)).weekday() < 5 for n in range((last - first).days + 1))
        if not DAYS[0] * weekdays <= whole.value / a_day.value <= DAYS[1] * weekdays:
            what = f"{whole.printed} bn at {a_day.printed} a day does not fit {weekdays} weekdays"
            raise Malformed(self.id, what, place)
        ahead = f"{expected[3]}-{numbers.month_number(expected[2]):02}"
        behind = f"{deviation[2]}-{numbers.month_number(deviation[1]):02}"
        way, span = "buy" if buying else "sell", f"{first.isoformat()}..{last.isoformat()}"
        day = message.day
        for series, period, figure, status in (
            ("ru.energy.extra_oil_gas_revenue_expected", ahead, extra, "E"),
            ("ru.energy.oil_gas_revenue_deviation", behind, gap, "P"),
            (f"ru.budget_rule.{way}", span, whole, "A"),
            (f"ru.budget_rule.{way}.daily", span, a_day, "A"),
        ):
            yield Reading(series, period, figure.value, figure.printed, place, status, known_on=day)

    def _found(self, match: re.Match[str] | None, what: str, place: str) -> re.Match[str]:
        if match is None:
            raise Malformed(
                self.id, f"{what} is not found", place, "the wording has changed: read the message"
            )
        return match

    def _signed(self, minus: str | None, text: str, place: str) -> Figure:
        figure = minfin.amount(text, self.id, place)
        if minus:
            figure = Figure(-abs(figure.value), "-" + figure.printed.lstrip("-"))
        return figure

    def _window(self, match: re.Match[str], place: str) -> tuple[date, date]:
        day, month, year, last_day, last_month, last_year = match.groups()
        try:
            last = date(int(last_year), numbers.month_number(last_month), int(last_day))
            first = date(int(year or last_year), numbers.month_number(month), int(day))
        except ValueError as error:
            raise Malformed(self.id, f"the days: {error}", place) from error
        if first > last and not year:
            first = first.replace(year=first.year - 1)
        if not 0 < (last - first).days < 62:
            raise Malformed(self.id, f"the days from {first} to {last} are not about a month", place)
        return first, last


SOURCE = OilGas()
