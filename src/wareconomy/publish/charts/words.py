"""Words of charts: what `publish.language` says of numbers and dates, remembered, and a few short forms for labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from wareconomy.publish import language

number = lru_cache(maxsize=4096)(language.number)
"""A number with separators and a true minus sign: 1,234.5."""
signed = lru_cache(maxsize=1024)(language.signed)
"""A change with its sign: +34, −12, 0."""
day = language.day
"""4 July 2026."""
month = language.month
"""July 2026."""


def brief(value: float, most: int = 2) -> str:
    """A number with as few decimals as it needs, up to `most`: 20, 16.5, 14.25."""
    return number(value, language.decimals_of(value, most))


@lru_cache(maxsize=1024)
def short_day(when: date) -> str:
    """4 Jul 2026."""
    from babel.dates import format_date

    return str(format_date(when, "d MMM y", locale=language.LOCALE))


def months_of(start: date, end: date) -> str:
    """The months of a year that a January-to-month total covers: January to July 2026, or 2025."""
    if start.month == 1 and end.month == 12:
        return str(end.year)
    first, last = month(start), month(end)
    return last if first == last else f"{first.split()[0]} to {last}"


def listed(items: Sequence[str]) -> str:
    """a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 act, 2 acts, 1,204 acts."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def claimant(speaker: str) -> str:
    """Who said it, as short as a label: a family name, or MoD."""
    return "MoD" if "Ministry of Defence" in speaker else speaker.split()[-1]


def left_out(older: int) -> str:
    """What a chart with room for so many lines does not draw; nothing when it draws all."""
    return f" Not drawn: the oldest {plural(older, 'statement')}." if older else ""


def span(start: date, end: date) -> str:
    """A short name of a period: 2025, Dec 2025, 1–29 Dec 2025, 1 Jan–25 Sep 2025."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    if start == end:
        return short_day(start)
    first, last = short_day(start), short_day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    return f"{first.rsplit(' ', 1)[0]}–{last}" if start.year == end.year else f"{first}–{last}"
