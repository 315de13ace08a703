"""Small values every stage shares: calendar periods, printed precision, and the columns of an observation."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

PROVENANCE = (
    "publisher",
    "source_url",
    "published_on",
    "known_on",
    "basis",
    "retrieved_on",
    "confidence",
    "note",
)
"""The columns that end every hand-kept table, in this order."""

OBSERVATION_COLUMNS = (
    "observation",
    "series",
    "source",
    "period_start",
    "period_end",
    "vintage",
    "value",
    "low",
    "high",
    "status",
    "basis",
    "edition",
    "printed",
    "confidence",
    "publisher",
    "source_url",
    "published_on",
    "document",
    "locator",
    "note",
)
"""Columns of the ledger table `observations`, in order; `schema.sql` says what each one means."""


@dataclass(frozen=True, slots=True)
class Period:
    """A closed span of days; a single day has equal ends, an open one has `end` None."""

    start: date
    end: date | None

    def __str__(self) -> str:
        return label(self.start, self.end)


def partial_date(text: str) -> Period:
    """The days that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` may mean. ValueError when it is none of these."""
    match = PARTIAL_DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Period(date(year, month, day), date(year, month, day))


def period(text: str) -> Period:
    """A period written as a partial date, as `A..B` (both ends inclusive) or `A..` (open)."""
    first, dots, last = text.partition("..")
    start = partial_date(first)
    if not dots:
        return start
    if not last:
        return Period(start.start, None)
    end = partial_date(last).end
    assert end is not None
    if end < start.start:
        raise ValueError(f"{text!r} ends before it begins")
    return Period(start.start, end)


def year_to_month(text: str) -> Period:
    """From 1 January to the end of the month `YYYY-MM`."""
    month = partial_date(text)
    return Period(date(month.start.year, 1, 1), month.end)


def label(start: date, end: date | None) -> str:
    """The shortest text that `period` reads back: 2025, 2025-03, 2025-03-09, 2025-01..2025-06, 2026.. ."""
    if end is None:
        return f"{start.isoformat()}.."
    if start == end:
        return start.isoformat()
    whole_months = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole_months and start.month == 1 and end.month == 12:
        return str(start.year) if start.year == end.year else f"{start.year}..{end.year}"
    if whole_months:
        first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
        return first if first == last else f"{first}..{last}"
    return f"{start.isoformat()}..{end.isoformat()}"


def rounding_unit(printed: str) -> float:
    """Half of this is how far a printed number may be from the exact one.

    `1640` was printed to the nearest ten, `1634.9` to the nearest tenth: trailing zeros of a whole
    number are taken as not known.
    """
    digits = printed.lstrip("+-").strip()
    if "." in digits:
        return float(10.0 ** -len(digits.split(".")[1]))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(10.0 ** min(zeros, max(len(digits) - 1, 0)))
