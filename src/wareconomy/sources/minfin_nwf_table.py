"""The Ministry's table of the National Wealth Fund's movements (XLSX), and its table of the fund's size (DOCX, page).

A column is the month of the movements; what is left at its end is the balance of the first day of the next month.
Some numbers are text with footnote stars. Billions and tonnes, where the monthly message has millions and kilograms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from wareconomy.sources import markup, minfin, numbers, texts, xlsx
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Ask, Document, Malformed, Reading

PAGE = f"{minfin.SITE}ru/perfomance/nationalwealthfund/statistics/"
"""The address is spelt like this."""
FIRST_COLUMN = re.compile(rf"({numbers.MONTH_WORD}) (\d{{4}})\*?", re.IGNORECASE)
MARKET_VALUE = date(2020, 4, 1)
"""From here the fund holds shares at market value; their revaluation is in no row, so movements no longer add up."""
OPENING, RECEIPTS, WITHDRAWALS = "объем на начало периода", "поступления", "изъятия"
REVALUATION, CLOSING = "курсовая разница от переоценки активов", "объем на конец периода"
MOVEMENTS = {RECEIPTS: "ru.nwf.inflows", WITHDRAWALS: "ru.nwf.withdrawals"}
BALANCES = {
    REVALUATION: "ru.nwf.revaluation",
    CLOSING: "ru.nwf.total",
    "в т.ч. в процентах к ввп": "ru.nwf.total.pct_gdp",
    "объем средств фонда на конец периода (млрд. долларов сша)": "ru.nwf.total.usd",
    "4 доллары сша": "ru.nwf.usd_account",
    "4 евро": "ru.nwf.eur",
    "4 фунты стерлингов": "ru.nwf.gbp",
    "4 японские иены": "ru.nwf.jpy",
    "4 китайские юани": "ru.nwf.yuan",
    "4 золото в обезличенной форме": "ru.nwf.gold",
    "4 рубли": "ru.nwf.rub_account",
}
OTHER = (
    "в т.ч. доходы от размещения",
    "справочно:",
    "доходы от размещения, зачисленные",
    "расчетная сумма дохода",
    "валютная структура средств фонда",
    "размещено в иные разрешенные активы",
    "5 рубли",
    "5 иностранная валюта",
)
SIZE_HEAD = ("дата", "в млрд долл. сша", "в млрд рублей", "в процентах к ввп")
LIMIT = 200_000.0


class NwfTable:
    """Monthly balances and movements since 2008, and the size of the fund on the first of each month."""

    id = "minfin_nwf_table"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The page that names the file; names and days of upload are irregular."""
        yield Ask(
            name="fund-table-page",
            url=PAGE,
            media=("text/html",),
            min_bytes=2_000,
            refuse=minfin.WALL,
            hosts=minfin.HOSTS,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """The XLSX whose name begins with Dannye, Dvizhenie or FNB."""
        if texts.kind(document) != "html":
            return
        for url, words in markup.links(markup.page(document.data, self.id), document.url or PAGE):
            name = url.rpartition("/")[2]
            named = re.match(r"(?:Dannye|Dvizhenie|FNB)", name, re.IGNORECASE) or "движени" in words.lower()
            ours = url.startswith(tuple(f"https://{host}/" for host in minfin.HOSTS))
            if name.lower().endswith(".xlsx") and named and ours:
                yield Ask(
                    name="fund-table",
                    url=url,
                    first=(b"PK\x03\x04",),
                    marker=b"xl/worksheets/",
                    max_bytes=10_000_000,
                    hosts=minfin.HOSTS,
                )
                return

    def read(self, document: Document) -> Iterator[Reading]:
        """Figures of either table; the page itself holds none."""
        if any(wall in document.data for wall in minfin.WALL):
            raise Malformed(self.id, "access refused", advice="save the file in a browser and hand it in")
        if texts.kind(document) == "docx" and b"xl/workbook.xml" in document.data:
            yield from self._movements(document)
        elif document.name != "fund-table-page":
            yield from self._sizes(document)

    def _movements(self, document: Document) -> Iterator[Reading]:
        edition = f"table fetched {document.retrieved_at:%Y-%m-%d}"
        for sheet in xlsx.sheets(document.data, self.id, lambda name: True):
            top = sheet.find(lambda cells: "Показатель" in cells)
            if top < 0:
                continue
            if not any("млрд" in cell.lower() for row in sheet.rows[:top] for cell in map(xlsx.label, row)):
                raise Malformed(self.id, "the sheet does not say billions above its headings", sheet.name)
            months = self._months(sheet, top)
            lines = self._lines(sheet, top)
            cells = {line: self._cells(sheet, index, months) for line, index in lines.items()}
            self._continuous(sheet, cells, lines, months)
            for line, series in {**MOVEMENTS, **BALANCES}.items():
                for column, month in months.items():
                    found = cells[line].get(column)
                    if found is None:
                        continue
                    period = f"{month:%Y-%m}" if line in MOVEMENTS else numbers.next_month(month).isoformat()
                    place = sheet.place(lines[line], column)
                    note = f"printed with the footnote mark {found.stars}" if found.stars else None
                    yield Reading(
                        series, period, found.value, found.printed, place, edition=edition, note=note
                    )
            return
        raise Malformed(self.id, "no sheet has the heading Показатель")

    def _months(self, sheet: xlsx.Sheet, top: int) -> dict[int, date]:
        """Column to month; dates, but for the first column, which is text."""
        start = [xlsx.label(cell) for cell in sheet.rows[top]].index("Показатель") + 1
        months: dict[int, date] = {}
        for column, cell in enumerate(sheet.rows[top][start:], start):
            if isinstance(cell, datetime):
                cell = cell.date()
            if isinstance(cell, str) and not cell.strip():
                continue
            if isinstance(cell, str) and (match := FIRST_COLUMN.fullmatch(markup.squeeze(cell))):
                cell = date(int(match[2]), numbers.month_number(match[1]), 1)
            if not isinstance(cell, date) or cell.day != 1:
                raise Malformed(self.id, f"{cell!r} is not the first of a month", sheet.place(top, column))
            if months and numbers.next_month(months[max(months)]) != cell:
                raise Malformed(
                    self.id, f"{cell:%Y-%m} does not follow the month before", sheet.place(top, column)
                )
            months[column] = cell
        if not months:
            raise Malformed(self.id, "no months in the headings", sheet.name)
        return months

    def _lines(self, sheet: xlsx.Sheet, top: int) -> dict[str, int]:
        """What each row is, by its words and section; an unknown row is an error."""
        column = [xlsx.label(cell) for cell in sheet.rows[top]].index("Показатель")
        known = (OPENING, *MOVEMENTS, *BALANCES)
        found: dict[str, int] = {}
        for index in range(top + 1, len(sheet.rows)):
            cells = sheet.rows[index]
            words = xlsx.label(cells[column]).rstrip("*").strip().lower()
            if not words:
                continue
            number = str(cells[column - 1]) if column else ""
            line = next((name for name in known if _same(words, number, name)), None)
            if line is None and not any(_same(words, number, name) for name in OTHER):
                raise Malformed(self.id, f"an unknown row {words[:80]!r}", sheet.place(index, column))
            if line in found:
                raise Malformed(self.id, f"the row {words[:80]!r} stands twice", sheet.place(index, column))
            if line:
                found[line] = index
        missing = [name for name in known if name not in found]
        if missing:
            raise Malformed(self.id, f"no row {missing[0]!r}", sheet.name, "a row has been renamed")
        return found

    def _cells(self, sheet: xlsx.Sheet, index: int, months: dict[int, date]) -> dict[int, Figure]:
        found: dict[int, Figure] = {}
        percent = "процентах" in xlsx.label(sheet.rows[index][min(months) - 1])
        for column in months:
            try:
                figure = numbers.cell_figure(sheet.rows[index][column], 2 if percent else 0)
            except (ValueError, IndexError) as error:
                raise Malformed(self.id, str(error), sheet.place(index, column)) from error
            if figure and (abs(figure.value) > LIMIT or (percent and not 0 <= figure.value <= 100)):
                raise Malformed(self.id, f"{figure.printed} is not plausible", sheet.place(index, column))
            if figure:
                found[column] = figure
        return found

    def _continuous(
        self,
        sheet: xlsx.Sheet,
        cells: dict[str, dict[int, Figure]],
        lines: dict[str, int],
        months: dict[int, date],
    ) -> None:
        """A month opens with what the one before left; before April 2020 the movements explain the difference."""
        before: Figure | None = None
        for column, month in months.items():
            row = {line: cells[line].get(column) for line in (OPENING, *MOVEMENTS, REVALUATION, CLOSING)}
            opening, closing = row[OPENING], row[CLOSING]
            place = sheet.place(lines[CLOSING], column)
            if before and opening:
                minfin.agree(self.id, place, "opening = closing before", opening.value, before.value, 0.011)
            moves = [row[line] for line in (RECEIPTS, WITHDRAWALS, REVALUATION)]
            if month < MARKET_VALUE and opening and closing and all(moves):
                gain, loss, change = (move.value for move in moves if move)
                whole = opening.value + gain - loss + change
                minfin.agree(self.id, place, "movements explain the closing", closing.value, whole, 0.021)
            before = closing

    def _sizes(self, document: Document) -> Iterator[Reading]:
        for number, table in enumerate(texts.tables(document, self.id), 1):
            if not table or len(table[0]) != 4:
                continue
            head = tuple(cell.lower().rstrip("* ") for cell in table[0])
            if head != SIZE_HEAD:
                raise Malformed(
                    self.id, f"headings {table[0]} are not those of the fund's size", f"table {number}"
                )
            yield from self._size_rows(table, number, f"table fetched {document.retrieved_at:%Y-%m-%d}")
            return
        raise Malformed(self.id, "no table of the fund's size")

    def _size_rows(self, table: list[list[str]], number: int, edition: str) -> Iterator[Reading]:
        seen: set[date] = set()
        for index, cells in enumerate(table[1:], 2):
            place = f"table {number} tr[{index}]"
            if not any(cells):
                continue
            try:
                day = numbers.day_first(cells[0].rstrip("*"))
                dollars, roubles = numbers.figure(cells[1]), numbers.figure(cells[2])
                share = numbers.figure(cells[3].replace("%", " "))
            except (ValueError, IndexError) as error:
                raise Malformed(self.id, str(error), place) from error
            if day in seen or (day.day != 1 and day.year > 2008):
                raise Malformed(self.id, f"{day} stands twice, or is no first of a month", place)
            seen.add(day)
            if dollars and roubles and not 15 <= roubles.value / dollars.value <= 500:
                raise Malformed(self.id, f"{roubles.printed} roubles and {dollars.printed} dollars", place)
            for series, figure in (("total.usd", dollars), ("total", roubles), ("total.pct_gdp", share)):
                if figure and figure.value > LIMIT:
                    raise Malformed(self.id, f"{figure.printed} is not plausible", place)
                if figure:
                    note = f"printed with the footnote mark {figure.stars}" if figure.stars else None
                    yield Reading(
                        f"ru.nwf.{series}",
                        day.isoformat(),
                        figure.value,
                        figure.printed,
                        place,
                        edition=edition,
                        note=note,
                    )


def _same(words: str, number: str, name: str) -> bool:
    """Whether a row's words are those of a known line; a leading digit in `name` is its section."""
    if name[0].isdigit():
        return number.startswith(name[0]) and words == name[2:]
    return words.startswith(name)


SOURCE = NwfTable()
