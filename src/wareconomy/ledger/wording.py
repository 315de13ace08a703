"""Plain words for periods, days and amounts in sentences about changes; Babel writes every number and
date."""

from __future__ import annotations

import re
from datetime import date, timedelta

LOCALE = "en"
SCALED = re.compile(r"([A-Z]{3}) (bn|mn|trn)(.*)")
PROPER = ("Urals", "Ukraine", "Russia", "Russian", "Brent", "Bank", "European", "Ukrainian", "Kiel", "Shahed")


def number(value: float) -> str:
    """`−3,029.5`: thousands with commas, a true minus, no more decimals than the value has."""
    from babel.numbers import format_decimal

    return format_decimal(round(value, 6), format="#,##0.######", locale=LOCALE).replace("-", "−")


def day(value: date) -> str:
    """`4 July 2026`."""
    from babel.dates import format_date

    return format_date(value, "d MMMM y", locale=LOCALE)


def days(first: date, last: date) -> str:
    """A day, or `2 July to 22 August 2026`."""
    if first == last:
        return day(first)
    from babel.dates import format_date

    pattern = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{format_date(first, pattern, locale=LOCALE)} to {day(last)}"


def period(first: date, last: date) -> str:
    """`2027`, `2027 to 2029`, `May 2023`, `January to May 2023`, or days."""
    from babel.dates import format_date

    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return days(first, last)
    if first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    end = format_date(last, "MMMM y", locale=LOCALE)
    if (first.year, first.month) == (last.year, last.month):
        return end
    return f"{format_date(first, 'MMMM' if first.year == last.year else 'MMMM y', locale=LOCALE)} to {end}"


def unit(text: str) -> str:
    """`bn RUB` for `RUB bn`; any other unit as it is."""
    found = SCALED.fullmatch(text)
    return f"{found[2]} {found[1]}{found[3]}" if found else text


def amount(value: float | None, of: str) -> str:
    """A value with its unit; `no value` when there is none."""
    return "no value" if value is None else f"{number(value)} {unit(of)}".strip()


def named(title: str) -> str:
    """A title inside a sentence: `the federal budget balance`, `the National Wealth Fund, total assets`."""
    first, _, rest = title.partition(" ")
    proper = first in PROPER or not first[1:].islower() or rest[:1].isupper()
    return f"the {title if proper else first.lower() + (' ' + rest if rest else '')}"


def sentence(text: str) -> str:
    """Capital first, full stop last, one space between words."""
    tidy = " ".join(text.split())
    closed = tidy if tidy.endswith((".", "!", "?", ".”", "”.")) else tidy + "."
    return closed[:1].upper() + closed[1:]
