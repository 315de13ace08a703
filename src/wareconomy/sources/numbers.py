"""Numbers and Russian dates as publishers print them; anything that is not plainly one of these is a ValueError."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

SPACES = " \u00a0\u202f\u2009"
MISSING = frozenset({"", ".", "-", "–", "—", "…", "...", "x", "х", "X", "Х"})
LONGEST = 60
AROUND = SPACES + "\t\r\n"
PLAIN = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
SEAM = "\x1f"
GROUPED = rf"(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d+)"
MINUS = "-−–"
COMMA_NUMBER = re.compile(
    rf"(\(-\)|[{MINUS}+])?[{SPACES}]*({GROUPED})(?:,(\d+))?[{SPACES}]*(\*{{0,12}})", re.ASCII
)
POINT_NUMBER = re.compile(rf"([{MINUS}+])?({GROUPED})(?:\.(\d+))?(\*{{0,12}})", re.ASCII)

MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
NOMINATIVE = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
MONTH_WORD = (
    r"(?:янв(?:ар[ьяе]|\.)?|фев(?:рал[ьяе]|р?\.)?|март[ае]?|мар\.?|апр(?:ел[ьяе]|\.)?|ма[йяе]|июн[ьяе]?|июл[ьяе]?|"
    r"авг(?:уст[ае]?|\.)?|сент?(?:ябр[ьяе]|\.)?|окт(?:ябр[ьяе]|\.)?|нояб?(?:р[ьяе]|\.)?|дек(?:абр[ьяе]|\.)?)"
)
"""A month in any case or the short form of a table header; use with re.IGNORECASE."""
DAY_FIRST = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)
LONG_DATE = re.compile(rf"(\d{{1,2}}) ({MONTH_WORD}) (\d{{4}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number: `printed` has a decimal point and every digit printed, in the unit asked for.

    `stars` are the footnote marks that followed it.
    """

    value: float
    printed: str
    stars: str = ""


def figure(text: str, decimal: str = ",", shift: int = 0) -> Figure | None:
    """The number in `text`, times ten to the power `shift` by moving the point; None for a mark of absence.

    `decimal` is the mark of the source, "," (thousands parted by spaces, `(-)27 402,3`, trailing stars) or ".".
    Raises ValueError for everything else, two numbers in one cell included.
    """
    if decimal == "." and not shift and PLAIN.fullmatch(text):
        return Figure(float(text), text)
    plain = text.strip(AROUND)
    if plain in MISSING:
        return None
    match = None
    if len(plain) <= LONGEST:
        match = (COMMA_NUMBER if decimal == "," else POINT_NUMBER).fullmatch(plain)
    if match is None:
        raise ValueError(f"{plain[:LONGEST]!r} is not a number")
    sign, whole, fraction, stars = match.groups()
    digits = whole if whole.isdigit() else "".join(part for part in whole if part.isdigit())
    if fraction:
        digits = f"{digits}.{fraction}"
    if shift:
        digits = format(Decimal(digits).scaleb(shift), "f")
    if sign and sign != "+":
        digits = f"-{digits}"
    return Figure(float(digits), digits, stars)


def plain_row(cells: Sequence[str]) -> list[float | None] | None:
    """The numbers of a row of cells, None for an empty cell; no list when a cell is not plainly one or the other.

    One look at the joined row instead of one at each cell: nearly every row of a table passes, and costs a third.
    """
    if _plain_cells(len(cells)).fullmatch(SEAM.join(cells)):
        return [float(cell) if cell else None for cell in cells]
    return None


@cache
def _plain_cells(count: int) -> re.Pattern[str]:
    """So many cells and no more: a cell that holds the seam itself never fits."""
    cell = f"(?:{PLAIN.pattern})?"
    return re.compile(rf"{cell}(?:{SEAM}{cell}){{{count - 1}}}", re.ASCII)


def cell_figure(value: object, shift: int = 0) -> Figure | None:
    """The same for a cell of a workbook: a float keeps twelve digits (the rest is noise), text has a decimal comma."""
    if isinstance(value, str):
        return figure(value, ",", shift)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    number = Decimal(format(value, ".12g"))
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    number = number.scaleb(shift)
    return Figure(float(number), format(number, "f"))


def json_figure(value: object, shift: int = 0) -> Figure:
    """The same for a JSON number read as Decimal or int. Raises ValueError for text, null and booleans."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise ValueError(f"{value!r} is not a number")
    number = Decimal(value)
    if not -30 <= number.adjusted() <= 30:
        raise ValueError(f"{value!r} is too large or too small")
    number = number.scaleb(shift)
    return Figure(float(number), format(number, "f"))


def month_number(word: str) -> int:
    """1 to 12 for a Russian month in any case, or its short form. Raises ValueError."""
    if not re.fullmatch(MONTH_WORD, word, re.IGNORECASE):
        raise ValueError(f"{word!r} is not a month")
    lower = word.lower()
    if lower.startswith("мар"):
        return 3
    return next(number for number, stem in enumerate(MONTHS, 1) if lower.startswith(stem))


def day_first(text: str) -> date:
    """The day of `DD.MM.YYYY`. Raises ValueError."""
    match = DAY_FIRST.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text[:LONGEST]!r} is not DD.MM.YYYY")
    day, month, year = map(int, match.groups())
    return date(year, month, day)


def long_date(text: str) -> date | None:
    """The first day written like `3 июня 2026` in `text`, or None. Raises ValueError for a 31st of June."""
    match = LONG_DATE.search(text)
    return date(int(match[3]), month_number(match[2]), int(match[1])) if match else None


def next_month(day: date) -> date:
    """The first day of the month after the one `day` lies in."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
