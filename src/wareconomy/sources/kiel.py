"""The Ukraine Support Tracker workbook of the Kiel Institute: aid by kind and donors, budget support by month.

Sheets and columns are found by their words: rows move with every release. A release restates all history, so its
number is the edition. The site refuses many machines; hand the workbook in as a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wareconomy.sources import markup, numbers, texts, xlsx
from wareconomy.sources.source import Ask, Document, Malformed, Reading

PAGE = "https://www.kielinstitut.de/topics/war-against-ukraine/ukraine-support-tracker/"
HOSTS = ("www.kielinstitut.de", "kielinstitut.de", "www.ifw-kiel.de")
SUMMARY, PAID, MAIN = "Country Summary (€)", "Financial disb per Month (€)", "Bilateral Assistance, MAIN DATA"
WANTED = frozenset({SUMMARY.lower(), PAID.lower(), MAIN.lower(), "readme", "read me"})
UNIT = "€ billion"
RELEASE = re.compile(r"Release[ _-]*(\d{1,3})", re.IGNORECASE)
KINDS = {"Financial": "financial", "Humanitarian": "humanitarian", "Military": "military"}
NAMES = "January, February, March, April, May, June, July, August, September, October, November, December"
MONTHS = {name: number for number, name in enumerate(NAMES.split(", "), 1)}
FIRST_YEAR = 2022
EU_ROWS = ("EU (Commission and Council)", "European Investment Bank")
TOLERANCE = 0.02
LIMIT = 2_000.0


@dataclass(frozen=True, slots=True)
class Donor:
    """One row of the summary: flags, and EUR bn by measure and kind."""

    name: str
    eu: bool
    europe: bool
    amounts: dict[tuple[str, str], float]
    row: int


class Kiel:
    """Sums over donors from the summary sheet, and the months' payments."""

    id = "kiel"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The tracker's page, which names the newest workbook."""
        yield Ask(name="tracker-page", url=PAGE, media=("text/html",), min_bytes=2_000, hosts=HOSTS)

    def follow(self, document: Document) -> Iterable[Ask]:
        """The workbook with the highest release number."""
        if texts.kind(document) != "html":
            return
        found: dict[int, str] = {}
        for url, _ in markup.links(markup.page(document.data, self.id), document.url or PAGE):
            name = url.rpartition("/")[2].lower()
            release = RELEASE.search(name)
            if ".xlsx" in name and "support" in name and release and any(host in url for host in HOSTS):
                found[int(release[1])] = url
        if found:
            yield Ask(
                name="tracker",
                url=found[max(found)],
                first=(b"PK\x03\x04",),
                marker=b"xl/worksheets/",
                min_bytes=20_000,
                max_bytes=80_000_000,
                hosts=HOSTS,
            )

    def read(self, document: Document) -> Iterator[Reading]:
        """Figures of the workbook; the page holds none."""
        if texts.kind(document) == "html":
            return
        book = {
            _plain(sheet.name): sheet
            for sheet in xlsx.sheets(document.data, self.id, lambda name: _plain(name) in WANTED)
        }
        missing = [name for name in (SUMMARY, MAIN) if name.lower() not in book]
        if missing:
            raise Malformed(self.id, f"no sheet {missing[0]!r}", advice="is it the tracker's workbook?")
        edition = f"release {_release(document, book)}"
        end = _data_to(book[MAIN.lower()])
        yield from self._sums(book[SUMMARY.lower()], edition, end)
        if PAID.lower() in book:
            yield from self._paid(book[PAID.lower()], edition, end)

    def _sums(self, sheet: xlsx.Sheet, edition: str, end: date) -> Iterator[Reading]:
        donors = list(_donors(sheet))
        period = f"{FIRST_YEAR}-01..{end:%Y-%m}"
        groups = {
            "": donors,
            "eu.": [donor for donor in donors if donor.eu or donor.name in EU_ROWS],
            "eu_institutions.": [donor for donor in donors if donor.name in EU_ROWS],
            "europe.": [donor for donor in donors if donor.europe],
            "us.": [donor for donor in donors if donor.name == "United States"],
        }
        for measure in ("allocations", "commitments"):
            for group, members in groups.items():
                kinds = _kinds(group, measure)
                if not members:
                    raise Malformed(
                        self.id, f"no donor for {group.rstrip('.')}", sheet.name, "a name has changed"
                    )
                for kind in kinds:
                    total = round(sum(donor.amounts[measure, kind] for donor in members), 3)
                    place = sheet.place(members[0].row, 1)
                    note = f"sum over {len(members)} donor rows from here"
                    series = f"ua.kiel.{measure}.{group}{kind}"
                    yield Reading(series, period, total, f"{total:.3f}", place, edition=edition, note=note)

    def _paid(self, sheet: xlsx.Sheet, edition: str, end: date) -> Iterator[Reading]:
        top = sheet.find(lambda cells: "Country" in cells)
        if top < 1:
            raise Malformed(self.id, "no heading Country below a row of months", sheet.name)
        names = [xlsx.label(cell) for cell in sheet.rows[top]].index("Country")
        months = _months(sheet, top - 1)
        sums: dict[date, float] = {}
        for index in range(top + 1, len(sheet.rows)):
            name = xlsx.label(sheet.rows[index][names])
            if not name or _is_total(name):
                continue
            for column, month in months.items():
                value = sheet.rows[index][column] if column < len(sheet.rows[index]) else ""
                if isinstance(value, str):  # "No budget support"
                    continue
                sums[month] = sums.get(month, 0.0) + _billion(value, sheet, index, column)
        for column, month in months.items():
            total = round(sums.get(month, 0.0), 3)
            if total and month <= end:
                period, place = f"{month:%Y-%m}", sheet.place(top - 1, column)
                series, note = "ua.kiel.financial_disbursements", "sum over donor rows"
                yield Reading(series, period, total, f"{total:.3f}", place, edition=edition, note=note)


def _kinds(group: str, measure: str) -> tuple[str, ...]:
    """The kinds the catalog has a series for."""
    if not group:
        return ("total", *KINDS.values())
    if group in {"europe.", "us."} and measure == "allocations":
        return ("total", "military")
    return ("total",)


def _plain(name: str) -> str:
    """A sheet's name as it is looked for: the sheet in dollars beside that in euro is another one."""
    plain = markup.squeeze(name).lower()
    return SUMMARY.lower() if plain.startswith(SUMMARY[:15].lower()) and "$" not in plain else plain


def _release(document: Document, book: dict[str, xlsx.Sheet]) -> int:
    """The number from the file's name, else from its own sheets."""
    for words in (document.url, document.name):
        if match := RELEASE.search(words):
            return int(match[1])
    for sheet in book.values():
        for row in sheet.rows[:15]:
            for cell in row:
                if match := RELEASE.search(xlsx.label(cell)):
                    return int(match[1])
    raise Malformed(
        Kiel.id, "the release number is neither in the name nor in the file", advice="keep the file's name"
    )


def _data_to(sheet: xlsx.Sheet) -> date:
    """The last day of the newest month with an entry; month 1 is January 2022."""
    heads = [xlsx.label(cell) for cell in sheet.rows[0]] if sheet.rows else []
    if "month" not in heads or "measure" not in heads:
        raise Malformed(Kiel.id, "no columns measure and month", sheet.name)
    column = heads.index("month")
    newest = 0
    for row in sheet.rows[1:]:
        value = row[column]
        if isinstance(value, str) and re.fullmatch(r"\d{1,3}(?:\.0)?", value.strip()):
            value = float(value)
        if isinstance(value, int | float) and 1 <= value <= 600:
            newest = max(newest, int(value))
    if not newest:
        raise Malformed(Kiel.id, "no month in the main data", sheet.name)
    month = date(FIRST_YEAR + (newest - 1) // 12, (newest - 1) % 12 + 1, 1)
    return numbers.next_month(month) - timedelta(days=1)


def _donors(sheet: xlsx.Sheet) -> Iterator[Donor]:
    top = sheet.find(lambda cells: "Country" in cells and "Total bilateral allocations" in cells)
    if top < 0 or top + 2 > len(sheet.rows):
        raise Malformed(Kiel.id, "no headings Country and Total bilateral allocations", sheet.name)
    heads, units = ([xlsx.label(cell) for cell in row] for row in sheet.rows[top : top + 2])
    names, eu, europe = (
        _column(heads, name, sheet) for name in ("Country", "EU member", "Geographic Europe")
    )
    columns: dict[tuple[str, str], int] = {}
    for measure in ("allocations", "commitments"):
        for words, kind in {**KINDS, "Total bilateral": "total"}.items():
            head = f"{words} {measure}"
            fits = [n for n, name in enumerate(heads) if name == head and units[n] in {UNIT, ""}]
            fits.sort(key=lambda n: units[n] != UNIT)  # a heading stands again over shares of GDP
            if not fits:
                raise Malformed(Kiel.id, f"no column {head!r} in {UNIT}", sheet.name, "a column was renamed")
            columns[measure, kind] = fits[0]
    seen: set[str] = set()
    sums = dict.fromkeys(columns, 0.0)
    for index in range(top + 1, len(sheet.rows)):
        row = sheet.rows[index]
        name = xlsx.label(row[names])
        if name.lower().startswith("total"):
            _check_total(row, columns, sums, sheet.place(index, names))
            return
        if not name or _is_total(name):
            continue
        amounts = {key: _billion(row[column], sheet, index, column) for key, column in columns.items()}
        if name in seen:
            raise Malformed(Kiel.id, f"{name} stands twice", sheet.place(index, names))
        seen.add(name)
        sums = {key: sums[key] + amount for key, amount in amounts.items()}
        _adds_up(amounts, sheet.place(index, names), name)
        yield Donor(name, row[eu] == 1, row[europe] == 1, amounts, index)


def _check_total(
    row: list[object], columns: dict[tuple[str, str], int], sums: dict[tuple[str, str], float], place: str
) -> None:
    for key, column in columns.items():
        value = row[column]
        if isinstance(value, int | float) and abs(value - sums[key]) > TOLERANCE:
            what = f"{' '.join(key)}: the total of {value:g} is not the sum {sums[key]:g} of the donors"
            raise Malformed(Kiel.id, what, place)


def _adds_up(amounts: dict[tuple[str, str], float], place: str, name: str) -> None:
    for measure in ("allocations", "commitments"):
        parts = sum(amounts[measure, kind] for kind in KINDS.values())
        if abs(parts - amounts[measure, "total"]) > TOLERANCE:
            total = amounts[measure, "total"]
            raise Malformed(Kiel.id, f"{name}: {measure} of {total:g} are not the sum {parts:g}", place)


def _column(heads: list[str], name: str, sheet: xlsx.Sheet) -> int:
    if name not in heads:
        raise Malformed(Kiel.id, f"no column {name!r}", sheet.name, "a column was renamed")
    return heads.index(name)


def _is_total(name: str) -> bool:
    plain = name.lower()
    return plain == "eu" or "total" in plain or plain.startswith(("cumulative", "cummulative"))


def _billion(value: object, sheet: xlsx.Sheet, row: int, column: int) -> float:
    """A cell in EUR bn; an empty one is nothing given. Raises Malformed."""
    if isinstance(value, str) and markup.squeeze(value) in {"", "-", "–"}:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LIMIT < value < LIMIT:
        raise Malformed(Kiel.id, f"{value!r} is not an amount", sheet.place(row, column))
    return float(value)


def _months(sheet: xlsx.Sheet, row: int) -> dict[int, date]:
    """Column to month from `January ... January (2023) ...`; a month without a year is of the year before it."""
    found: dict[int, date] = {}
    year = FIRST_YEAR
    for column, cell in enumerate(sheet.rows[row]):
        match = re.fullmatch(r"([A-Z][a-z]+)(?: ?\((\d{4})\))?", xlsx.label(cell))
        if not match or match[1] not in MONTHS:
            continue
        year = int(match[2] or year)
        month = date(year, MONTHS[match[1]], 1)
        if found and numbers.next_month(found[max(found)]) != month:
            raise Malformed(
                Kiel.id, f"{month:%Y-%m} does not follow the month before", sheet.place(row, column)
            )
        found[column] = month
    if not found:
        raise Malformed(Kiel.id, "no months above the heading Country", sheet.name)
    return found


SOURCE = Kiel()
