"""Federal budget by month from the Ministry of Finance's open data: one CSV, cumulative from 1 January, RUB bn.

The file is replaced under an address that changes now and then; the catalogue leads to the newest one. Its content
also changes under the same address, so a changed figure is a vintage of the day we fetched it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from operator import itemgetter

from wareconomy.sources import markup, minfin, numbers, texts
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Ask, Document, Malformed, Reading

ID = "7710168360-fedbud_month"
CATALOGUE = f"{minfin.SITE}opendata/list.csv"
BASE = f"{minfin.SITE}opendata/{ID}/"
NEWEST = re.compile(rf"/{ID}/data-(\d{{8}})(?:T(\d{{4,6}}))?-structure-[\dT]+\.csv$", re.IGNORECASE)
META = re.compile(rf"/{ID}/meta\.csv$", re.IGNORECASE)
SOURCE = "minfin_budget"
TOLERANCE = 0.16
LIMIT = 200_000.0

YEAR, MONTH, UNIT, CODE = "Год", "Месяц", "Код разреза", "Код признака"
REVENUE, OIL, OTHER = "Доходы, всего", "Нефтегазовые доходы", "Ненефтегазовые доходы"
EXPENDITURE, BALANCE = "Расходы, всего", "Дефицит (-)/Профицит (+)"
FINANCING = "Источники финансирования дефицита федерального бюджета - всего"
WITHOUT_OIL = "Ненефтегазовый дефицит"
SERIES = {
    REVENUE: "revenue",
    EXPENDITURE: "expenditure",
    BALANCE: "balance",
    OIL: "revenue_oil_gas",
    OTHER: "revenue_non_oil_gas",
    "Ненефтегазовые доходы - НДС (внутренний)": "revenue_vat_domestic",
    "Ненефтегазовые доходы - Налог на прибыль": "revenue_profit_tax",
    "Ненефтегазовые доходы - Налог на доходы физических лиц": "revenue_personal_income_tax",
    "Доходы, связанные с импортом - НДС на ввозимые товары": "revenue_vat_import",
    "Сальдо внутреннего долга:": "net_domestic_borrowing",
}
UNUSED = frozenset(
    {
        FINANCING,
        WITHOUT_OIL,
        "Ненефтегазовые доходы, связанные с внутренним производством",
        "Ненефтегазовые доходы - Акцизы",
        "Доходы, связанные с импортом",
        "Доходы, связанные с импортом - Акцизы на ввозимые товары",
        "Доходы, связанные с импортом - Ввозные пошлины",
        "Прочие доходы",
        "Источники внутреннего финансирования дефицита",
        "Источники внутреннего финансирования дефицита (без учета изменения остатков на счетах)",
        "Привлечение",
        "Погашение государственного внутреннего долга",
        "Бюджетные кредиты:",
        "Предоставление кредитов",
        "Возврат кредитов",
        "Поступления от продажи акций и земельных участков, находящихся в государственной собственности",
        "Курсовая разница",
        "Изменение остатков на счетах",
        "Прочие источники внутреннего финансирования дефицита",
        "Источники внешнего финансирования дефицита",
        "Привлечение кредитов и размещение ценных бумаг",
        "Погашение внешнего долга",
        "Другие источники внешнего финансирования",
    }
)
READ = (*SERIES, FINANCING, WITHOUT_OIL)
"""The columns whose cells are looked at: figures kept, and two that prove them."""
FUNCTIONAL = "Расходы на "
"""Expenditure by function: fourteen columns, empty since January 2022, when they became secret."""
IDENTITIES = tuple(
    (what, READ.index(whole), READ.index(left), READ.index(right))
    for what, whole, left, right in (
        ("expenditure + balance = revenue", REVENUE, EXPENDITURE, BALANCE),
        ("oil and gas + other = revenue", REVENUE, OIL, OTHER),
        ("balance without oil and gas + oil and gas = balance", BALANCE, WITHOUT_OIL, OIL),
    )
)
"""Name, the whole and its two parts, by their place in `READ`."""
ENDS = READ.index(BALANCE), READ.index(FINANCING)


def asks() -> Iterator[Ask]:
    """The catalogue of the Ministry's open data."""
    yield _ask("budget-catalogue", CATALOGUE, b"standardversion")


def follow(document: Document) -> Iterator[Ask]:
    """From the catalogue to the dataset's passport, and from the passport (or its page) to the newest file."""
    addresses = _addresses(document)
    files = [(match.groups(default="0"), url) for url in addresses if (match := NEWEST.search(url))]
    if files:
        yield _ask("budget-by-month", max(files)[1], "Месяц".encode())
        return
    for url in addresses:
        if META.search(url):
            yield _ask("budget-passport", url, b"identifier")
            return
    if is_catalogue(document):
        raise Malformed(SOURCE, f"the catalogue names no file of {ID}")


def is_data(document: Document) -> bool:
    """True for the CSV with figures."""
    return document.data[:40].lstrip(b"\xef\xbb\xbf\"' ").startswith("Год".encode())


def is_catalogue(document: Document) -> bool:
    """True for `list.csv` and `meta.csv`."""
    return document.data[:40].lstrip(b"\xef\xbb\xbf\"' ").startswith(b"property")


def read(document: Document) -> Iterator[Reading]:
    """All figures of the file; one file is one edition."""
    table = _table(document)
    header = [markup.squeeze(name) for name in next(table)[1]]
    _known_columns(header)
    where = {name: index for index, name in enumerate(header)}
    edition = f"open data fetched {document.retrieved_at:%Y-%m-%d %H:%M}"
    pick = itemgetter(*(where[name] for name in READ))
    kept = [
        (place, f"ru.budget.{item}", where[name] + 1) for place, (name, item) in enumerate(SERIES.items())
    ]
    seen: set[date] = set()
    for line, cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise Malformed(SOURCE, f"{len(cells)} cells under {len(header)} headings", f"line {line}")
        period = _period(cells, where, line)
        if period in seen:
            raise Malformed(SOURCE, f"{period:%Y-%m} stands twice", f"line {line}")
        seen.add(period)
        values, printed = _figures(pick(cells), line)
        _identities(values, line)
        span, place = _span(period), f"line {line}, column "
        for index, series, column in kept:
            value = values[index]
            if value is not None:
                yield Reading(series, span, value, printed[index], f"{place}{column}", edition=edition)
    if not seen:
        raise Malformed(SOURCE, "the file has headings and no rows")


def _ask(name: str, url: str, marker: bytes) -> Ask:
    return Ask(
        name=name,
        url=url,
        media=("text/csv", "text/plain", "application/octet-stream", "application/csv"),
        marker=marker,
        refuse=(b"<html", b"<!DOCTYPE", *minfin.WALL),
        hosts=minfin.HOSTS,
    )


def _addresses(document: Document) -> list[str]:
    """Addresses a catalogue, passport or page names, the Ministry's own ones, without the `/ru/` that leads nowhere."""
    if texts.kind(document) == "html":
        named = [url for url, _ in markup.links(markup.page(document.data, SOURCE), document.url or BASE)]
    else:
        cells = (cell.strip() for _, row in _table(document) for cell in row)
        named = [re.sub("^http:", "https:", cell) for cell in cells if cell.startswith(("http:", "https:"))]
    plain = [re.sub(r"(minfin(?:\.gov)?\.ru)/ru/", r"\1/", url, flags=re.IGNORECASE) for url in named]
    return [url for url in plain if url.startswith(tuple(f"https://{host}/" for host in minfin.HOSTS))]


def _table(document: Document) -> Iterator[tuple[int, list[str]]]:
    try:
        rows = csv.reader(io.StringIO(document.data.decode("utf-8-sig"), newline=""), strict=True)
        start = 1
        for cells in rows:
            yield start, cells
            start = rows.line_num + 1
    except UnicodeDecodeError as error:
        raise Malformed(SOURCE, "the file is not UTF-8") from error
    except csv.Error as error:
        raise Malformed(SOURCE, f"the CSV is broken: {error}") from error


def _known_columns(header: list[str]) -> None:
    known = {YEAR, MONTH, UNIT, CODE, *SERIES, *UNUSED}
    missing = sorted(known - set(header))
    new = [name for name in header if name not in known and not name.startswith(FUNCTIONAL)]
    if missing:
        near = get_close_matches(missing[0], header, 1, 0.6)
        hint = f"the nearest is {near[0]!r}" if near else "no heading is near"
        raise Malformed(SOURCE, f"no column {missing[0]!r}; {hint}", "line 1", "a column has been renamed")
    if new:
        raise Malformed(SOURCE, f"an unknown column {new[0]!r}", "line 1", "look what it holds, then list it")
    if len(set(header)) != len(header):
        raise Malformed(SOURCE, "a heading stands twice", "line 1")


def _period(cells: list[str], where: dict[str, int], line: int) -> date:
    if (cells[where[UNIT]], cells[where[CODE]]) != ("OKEI", "386"):
        unit = f"{cells[where[UNIT]]} {cells[where[CODE]]}"
        raise Malformed(SOURCE, f"the unit code is {unit}, not OKEI 386 (RUB bn)", f"line {line}")
    try:
        return date(int(cells[where[YEAR]]), numbers.NOMINATIVE.index(cells[where[MONTH]].strip()) + 1, 1)
    except ValueError as error:
        raise Malformed(SOURCE, f"no year and month: {error}", f"line {line}") from error


def _span(month: date) -> str:
    """From 1 January to the end of the month, as `model.label` writes it."""
    if month.month == 1:
        return f"{month.year}-01"
    return f"{month.year}" if month.month == 12 else f"{month.year}-01..{month.year}-{month.month:02}"


def _figures(cells: tuple[str, ...], line: int) -> tuple[list[float | None], Sequence[str]]:
    """Values of the columns read, None for an empty cell, and their digits as printed; both in the order of `READ`."""
    printed: Sequence[str] = cells
    values = numbers.plain_row(cells)
    if values is None:
        found = [_figure(cell, name, line) for cell, name in zip(cells, READ, strict=True)]
        values = [figure.value if figure else None for figure in found]
        printed = [figure.printed if figure else "" for figure in found]
    for name, value in zip(READ, values, strict=True):
        if value is not None and abs(value) > LIMIT:
            raise Malformed(SOURCE, f"{name}: {value:g} bn is not plausible", f"line {line}")
    return values, printed


def _figure(cell: str, name: str, line: int) -> Figure | None:
    try:
        return numbers.figure(cell, ".")
    except ValueError as error:
        raise Malformed(SOURCE, f"{name}: {error}", f"line {line}") from error


def _identities(values: list[float | None], line: int) -> None:
    for what, place, left, right in IDENTITIES:
        whole, one, other = values[place], values[left], values[right]
        if (
            whole is not None
            and one is not None
            and other is not None
            and abs(whole - one - other) > TOLERANCE
        ):
            minfin.agree(SOURCE, f"line {line}", what, whole, one + other, TOLERANCE)
    balance, financing = values[ENDS[0]], values[ENDS[1]]
    if balance is not None and financing is not None and abs(balance + financing) > TOLERANCE:
        minfin.agree(SOURCE, f"line {line}", "balance + financing = 0", balance, -financing, TOLERANCE)
