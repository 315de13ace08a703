"""When a source counts as stale, and when it is known to be silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from wareconomy.catalog import Catalog
from wareconomy.model import partial_date

FRESH = "fresh"
NO_LIMIT = "no limit set"
STEP = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def state(data_to: date | None, limit: int | None, today: date, silent_since: str | None = None) -> str:
    """`fresh`, `stale since DAY`, `silent since DAY` (a recorded blackout), or `no limit set`."""
    if data_to is None or limit is None:
        return NO_LIMIT
    due = data_to + timedelta(days=limit)
    if today <= due:
        return FRESH
    return f"silent since {silent_since}" if silent_since else f"stale since {due.isoformat()}"


def silent(rows: Iterable[Mapping[str, str]], source: str, today: date) -> str | None:
    """The day from which a whole source is recorded as silent today; None when it is not.

    A blackout of some series leaves the rest of its source with its limit.
    """
    for row in rows:
        if row.get("source") != source or row.get("series"):
            continue
        end = partial_date(row["ends_on"]).end if row.get("ends_on") else None
        if partial_date(row["starts_on"]).start <= today and (end is None or today <= end):
            return row["starts_on"]
    return None


def next_expected(source: str, data_to: date | None, catalog: Catalog) -> date | None:
    """About when the next figure should come: the end of the next period of its most frequent series, and the lag."""
    if data_to is None:
        return None
    best: date | None = None
    for series in catalog.series.values():
        if source in series.sources[:1] and not series.planned and series.frequency in STEP:
            day = _next_end(data_to, series.frequency) + timedelta(days=series.lag_days)
            best = day if best is None else min(best, day)
    return best


def _next_end(day: date, frequency: str) -> date:
    if frequency in {"day", "week"}:
        return day + timedelta(days=STEP[frequency])
    first = (day + timedelta(days=1)).replace(day=1)
    months = {"month": 1, "quarter": 3, "year": 12}[frequency]
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1) - timedelta(days=1)
