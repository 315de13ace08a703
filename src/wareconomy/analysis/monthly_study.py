"""A monthly series after acts: local projections where the sample can carry them, the list of acts where not.

Months with acts are the shocks, one for each act (analysis.local_projections has the method and its sources). Always
exploratory: nobody registered it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis import events, local_projections
from wareconomy.analysis.dates import CannotTest
from wareconomy.analysis.local_projections import Path
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

KINDS = ("stock", "flow", "rate", "level", "change", "ratio")


@dataclass(frozen=True, slots=True)
class MonthlyStudy:
    """The path of a series by months after an act, or why there is none. `first` and `last` are months used."""

    series: str
    title: str
    unit: str
    first: date
    last: date
    acts: tuple[events.Event, ...]
    path: Path | None
    refused: str | None
    reason: str | None


def monthly(con: duckdb.DuckDBPyConnection, series: str) -> bool:
    """Whether a series is one of months. UnknownName for no such series."""
    return bool(query.describe(con, series)["frequency"] == "month")


def study(
    con: duckdb.DuckDBPyConnection,
    series: str,
    acts: Mapping[str, Any],
    start: date,
    as_of: date,
    horizons: int = 6,
) -> MonthlyStudy:
    """The path of a monthly series after acts, from the month of `start` on, as known on `as_of`."""
    about = query.describe(con, series)
    found = {
        (item.period.start.year, item.period.start.month): item.value
        for item in query.figures(con, series, as_of)
        if item.value is not None and item.period.start >= start
    }
    listed = [event for event in events.select_acts(con, acts, as_of) if event.day >= start]
    first, last = (
        (min(found), max(found)) if found else ((start.year, start.month), (start.year, start.month))
    )
    months = [(place // 12, place % 12 + 1) for place in range(_place(first), _place(last) + 1)]
    inside = tuple(event for event in listed if first <= (event.day.year, event.day.month) <= last)
    counts = Counter((event.day.year, event.day.month) for event in inside)
    path, refused, reason = None, None, None
    try:
        if about["kind"] not in KINDS:
            raise CannotTest(
                "cumulative",
                f"{series} is of kind {about['kind']}; a path needs figures of single months",
            )
        values = [found.get(month) for month in months]
        if missing := sum(value is None for value in values):
            raise CannotTest(
                "gap", f"{missing} of {len(months)} months have no figure; a hole is never filled"
            )
        shocks = [float(counts[month]) for month in months]
        path = local_projections.project([value or 0.0 for value in values], shocks, horizons)
    except CannotTest as refusal:
        refused, reason = str(refusal), refusal.reason
    return MonthlyStudy(
        series,
        about["title"],
        about["unit"],
        date(*first, 1),
        date(*last, 1),
        inside,
        path,
        refused,
        reason,
    )


def _place(month: tuple[int, int]) -> int:
    return month[0] * 12 + month[1] - 1
