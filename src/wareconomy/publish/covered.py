"""The days a measurement really covers, where they are not those of the statement it is set beside.

The published rule takes a printed figure whose first and last day lie within a few days of those stated. The figure is
right to be used and wrong to be called one of the same days, so its own days stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wareconomy.ledger import query
from wareconomy.model import Period
from wareconomy.publish import language as lang

if TYPE_CHECKING:
    import duckdb

    from wareconomy.analysis.claims.checks import Check

Days = Mapping[str, Period]
"""The first and the last day of each row that measures a stretch of time, by its id."""
_SQL = (
    "SELECT 'claim_evidence:' || id AS name, period_start, period_end FROM manual.claim_evidence "
    "UNION ALL SELECT 'territory_estimates:' || id, period_start, period_end FROM manual.territory_estimates "
    "UNION ALL SELECT observation, period_start, period_end FROM observations "
    "WHERE series LIKE 'territory.%' AND period_end > period_start"
)


def read(con: duckdb.DuckDBPyConnection) -> Days:
    """The days of every row of the ledger that measures ground over some days."""
    found = {row["name"]: row for row in query.records(con, _SQL)}
    return {
        name: Period(row["period_start"], row["period_end"])
        for name, row in found.items()
        if row["period_start"] and row["period_end"]
    }


def span(rows: Sequence[str], days: Days) -> Period | None:
    """From the first to the last day that some rows cover together; None for map files, which are days themselves."""
    found = [days[name] for name in rows if name in days]
    if not found:
        return None
    return Period(min(item.start for item in found), max(item.end or item.start for item in found))


def other(check: Check, rows: Sequence[str], days: Days) -> Period | None:
    """The days of a measurement where they are not the days the verdict is about."""
    found = span(rows, days)
    return None if found is None or (found.start, found.end) == (check.start, check.end) else found


def aside(check: Check, rows: Sequence[str], days: Days) -> str:
    """` (for all of December 2025)`, and nothing where the days are those of the statement."""
    found = other(check, rows, days)
    if found is None:
        return ""
    words = lang.during(found.start, found.end)
    return f" (for {'all of ' if words.startswith('in ') else ''}{lang.period(found.start, found.end)})"
