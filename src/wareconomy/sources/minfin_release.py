"""The Ministry of Finance's preliminary estimate of the federal budget: the release page and its Telegram mirror.

The balance is computed as revenue minus expenditure; the mirror never prints the word deficit. The table restates the
same months of last year: a new vintage of last year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wareconomy.model import label, year_to_month
from wareconomy.sources import markup, minfin, numbers
from wareconomy.sources.minfin import NUMBER, Message
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Document, Malformed, Reading

SOURCE = "minfin_budget"
SLUG = "predvaritelnaya_otsenka_ispolneniya_federalnogo_byudzheta_za"
TITLE = re.compile(r"Предварительная оценка исполнения федерального бюджета за ", re.IGNORECASE)
MONTH = numbers.MONTH_WORD
SPAN = re.compile(
    rf"федерального бюджета за (?:({MONTH}) ?[-–—] ?)?(?:({MONTH}) )?(\d{{4}}) ?год", re.IGNORECASE
)
HEAD = re.compile(rf"(?:({MONTH}) ?[-–—] ?)?(?:({MONTH}) )?(\d{{4}})(?: ?год)?(?: ?\*+)?", re.IGNORECASE)
BEFORE = r"(?<![а-яё])"
REVENUE = re.compile(rf"объем доходов федерального бюджета [^.]{{0,120}}?составил ({NUMBER}) млрд руб")
EXPENDITURE = re.compile(rf"объем расходов федерального бюджета [^.]{{0,120}}?составил ({NUMBER}) млрд руб")
OIL = re.compile(rf"{BEFORE}нефтегазовые доходы [^.\d]{{0,80}}?({NUMBER}) млрд руб", re.IGNORECASE)
OTHER = re.compile(rf"{BEFORE}ненефтегазовые доходы [^.\d]{{0,80}}?({NUMBER}) млрд руб", re.IGNORECASE)
BALANCE = re.compile(
    rf"(дефицит|профицит)\w* (?:федерального бюджета )?[^.\d]{{0,80}}?({NUMBER}) млрд руб", re.IGNORECASE
)
BALANCE_CELL = re.compile(rf"({NUMBER})(?: ?\(?({NUMBER}) ?%\)?(?: ВВП)?)?\.?")
LINES = {
    "доходы": "revenue",
    "нефтегазовые доходы": "revenue_oil_gas",
    "ненефтегазовые доходы": "revenue_non_oil_gas",
    "расходы": "expenditure",
    "дефицит": "balance",
    "профицит": "balance",
    "дефицит / профицит": "balance",
    "дефицит (-) / профицит (+)": "balance",
}
TOLERANCE = 1.6
"""RUB bn: three figures rounded to one each."""
LIMIT = 200_000.0


@dataclass(frozen=True, slots=True)
class Print:
    """Figures of one span as printed in one place: line of the budget to figure and place."""

    month: date
    figures: dict[str, tuple[Figure, str]]
    pct_gdp: tuple[Figure, str] | None = None


def read(document: Document) -> Iterator[Reading]:
    """Figures of each release in the document; provisional, and last year's restated ones as settled."""
    for message in minfin.messages(document, TITLE, SOURCE):
        month = _span(SPAN.search(message.words), message.place)
        told = _told(message, month)
        current, before = _table(message, month)
        for line in told.figures.keys() & current.figures.keys():
            left, right = told.figures[line][0].value, current.figures[line][0].value
            minfin.agree(SOURCE, message.place, f"{line} in words and table", left, right, TOLERANCE)
        figures = {**told.figures, **current.figures}
        if not {"expenditure", "balance"} <= set(figures) and not {"revenue", "expenditure"} <= set(figures):
            raise Malformed(SOURCE, "neither revenue nor balance beside expenditure", message.place)
        day = message.day if message.day and message.day > _end(month) else None
        whole = Print(month, figures, current.pct_gdp)
        yield from _readings(whole, day, "P", f"release of {month:%Y-%m}")
        yield from _readings(before, day, "A", f"release of {month:%Y-%m}, last year")


def _readings(found: Print, day: date | None, status: str, edition: str) -> Iterator[Reading]:
    figures = dict(found.figures)
    _holds(figures)
    note = None
    if "revenue" in figures and "expenditure" in figures:
        (revenue, place), (expenditure, _) = figures["revenue"], figures["expenditure"]
        exact = Decimal(revenue.printed) - Decimal(expenditure.printed)
        if "balance" not in figures:
            figures["balance"] = (Figure(float(exact), format(exact, "f")), place)
            note = "computed: revenue minus expenditure, as printed"
    period = year_to_month(f"{found.month:%Y-%m}")
    text = label(period.start, period.end)
    for line in ("revenue", "expenditure", "balance", "revenue_oil_gas", "revenue_non_oil_gas"):
        if line in figures:
            figure, place = figures[line]
            said = note if line == "balance" else None
            yield Reading(
                f"ru.budget.{line}",
                text,
                figure.value,
                figure.printed,
                place,
                status,
                known_on=day,
                edition=edition,
                note=said,
            )
    if found.pct_gdp:
        figure, place = found.pct_gdp
        series = "ru.budget.balance.pct_gdp"
        yield Reading(
            series, text, figure.value, figure.printed, place, status, known_on=day, edition=edition
        )


def _holds(figures: dict[str, tuple[Figure, str]]) -> None:
    value = {line: figure.value for line, (figure, _) in figures.items()}
    place = next((place for _, place in figures.values()), "")
    for line, number in value.items():
        if abs(number) > LIMIT or (line != "balance" and number <= 0):
            raise Malformed(SOURCE, f"{line} of {number:g} bn is not plausible", place)
    if {"revenue", "expenditure", "balance"} <= set(value):
        gap = value["revenue"] - value["expenditure"]
        minfin.agree(SOURCE, place, "revenue - expenditure = balance", gap, value["balance"], TOLERANCE)
    if {"revenue", "revenue_oil_gas", "revenue_non_oil_gas"} <= set(value):
        parts = value["revenue_oil_gas"] + value["revenue_non_oil_gas"]
        minfin.agree(SOURCE, place, "oil and gas + other = revenue", parts, value["revenue"], TOLERANCE)


def _told(message: Message, month: date) -> Print:
    """What the sentences say. A line told twice with different figures is an error."""
    found: dict[str, tuple[Figure, str]] = {}
    sentences = {
        "revenue": REVENUE,
        "expenditure": EXPENDITURE,
        "revenue_oil_gas": OIL,
        "revenue_non_oil_gas": OTHER,
    }
    for line, pattern in sentences.items():
        if match := pattern.search(message.words):
            found[line] = (minfin.amount(match[1], SOURCE, message.place), message.place)
    if match := BALANCE.search(message.words):
        figure = minfin.amount(match[2], SOURCE, message.place)
        if match[1].lower() == "дефицит":
            figure = Figure(-abs(figure.value), "-" + figure.printed.lstrip("-"))
        found["balance"] = (figure, message.place)
    return Print(month, found)


def _table(message: Message, month: date) -> tuple[Print, Print]:
    """The release's table: this year's column and last year's restated one. Both empty without a table."""
    last_year = date(month.year - 1, month.month, 1)
    now: dict[str, tuple[Figure, str]] = {}
    before: dict[str, tuple[Figure, str]] = {}
    percent: tuple[Figure, str] | None = None
    for number, table in enumerate(message.root.iter("table") if message.root is not None else (), 1):
        rows = markup.table(table)
        head = next((row for row in rows if row and row[0].lower().startswith("млрд руб")), None)
        if head is None:
            continue
        columns = {span: index for index, cell in enumerate(head) if (span := _column(cell))}
        if month not in columns or last_year not in columns:
            raise Malformed(SOURCE, f"no columns for {month:%Y-%m} and {last_year:%Y-%m}", f"table {number}")
        for index, row in enumerate(rows, 1):
            line = LINES.get(
                re.sub(r" ?,? ?(?:в т\. ?ч\.|в том числе|из них)? ?:?$", "", row[0].lower()) if row else ""
            )
            if line is None:
                continue
            place = f"table {number} tr[{index}]"
            if index == len(rows) and len(row) < len(head):  # a cut body ends inside a number
                raise Malformed(SOURCE, f"the table breaks off in the row of {row[0]}", place)
            for span, store in ((month, now), (last_year, before)):
                if columns[span] >= len(row):
                    raise Malformed(SOURCE, f"the row of {row[0]} is short", place)
                match = BALANCE_CELL.fullmatch(row[columns[span]])
                if not match or line in store or (match[2] and line != "balance"):
                    raise Malformed(SOURCE, f"{row[0]}: {row[columns[span]]!r} is not one figure", place)
                store[line] = (minfin.amount(match[1], SOURCE, place), place)
                if match[2] and span == month:
                    percent = (minfin.amount(match[2], SOURCE, place), place)
        if not {"revenue", "expenditure"} <= set(now):
            raise Malformed(SOURCE, "no rows for revenue and expenditure", f"table {number}")
    return Print(month, now, percent), Print(last_year, before)


def _column(cell: str) -> date | None:
    match = HEAD.fullmatch(cell.strip())
    return _span(match, "table") if match else None


def _span(match: re.Match[str] | None, place: str) -> date:
    """First day of the last month of a span that begins in January."""
    if not match:
        raise Malformed(SOURCE, "the title does not say which months", place)
    first, last, year = match.groups()
    months = [numbers.month_number(word) for word in (first, last) if word]
    if len(months) == 2 and months[0] != 1:
        raise Malformed(SOURCE, f"the span does not begin in January: {match[0]}", place)
    if len(months) == 1 and months[0] != 1:
        raise Malformed(SOURCE, f"a single month other than January: {match[0]}", place)
    return date(int(year), months[-1] if months else 12, 1)


def _end(month: date) -> date:
    return numbers.next_month(month)
