"""Fetches what `explain` shows: figures, their inputs down to the printed rows, other prints, breaks and
blackouts.

A level of the tree is one query, however many figures it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from wareconomy.ledger import query
from wareconomy.model import label, partial_date, period

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
OPEN_END = date(2100, 12, 31)
"""Last day of an observation without an end."""
OBSERVED = (
    "SELECT o.*, d.name AS document_name, s.title AS source_title, s.publisher AS source_publisher, "
    "s.url AS source_page, s.licence, s.terms, s.party, s.includes_claims, "
    "e.title AS series_title, e.unit, e.definition, e.kind AS series_kind "
    "FROM observations o SEMI JOIN (SELECT series, period_start, period_end FROM observations "
    "WHERE observation IN (SELECT unnest($ids))) AS q "
    "ON q.series = o.series AND q.period_start = o.period_start AND q.period_end = o.period_end "
    "LEFT JOIN documents d USING (document) LEFT JOIN sources s ON s.source = o.source "
    "LEFT JOIN series e ON e.series = o.series WHERE o.vintage <= $day ORDER BY o.vintage, o.observation"
)
"""Observations with every other print of their periods, as known on a day."""
DERIVED = (
    "SELECT o.series, o.period_start, o.period_end, o.vintage, o.value, o.inputs, "
    "e.title AS series_title, e.unit, e.definition, e.formula FROM {table} o LEFT JOIN series e USING "
    "(series) "
)
LIMITS = (
    'SELECT \'breaks\' AS "table", id, series, happened_on AS first, happened_on AS last, happened_on AS "when", what, '
    "NULL AS reason, known FROM breaks WHERE series IS NOT NULL UNION ALL "
    "SELECT 'blackouts', id, series, starts_on, ends_on, concat(starts_on, '..', ends_on), what, reason, known "
    'FROM blackouts WHERE series IS NOT NULL ORDER BY "table" DESC, id'
)


@dataclass(slots=True)
class Trail:
    """Everything known by `day` about some figures, filled level by level; `built` is the day of the ledger itself."""

    con: duckdb.DuckDBPyConnection
    day: date
    built: date
    observed: dict[str, Record] = field(default_factory=dict)
    derived: dict[str, Record] = field(default_factory=dict)
    prints: dict[tuple[str, date, date], list[Record]] = field(default_factory=dict)
    limits: list[Record] = field(default_factory=list)

    def follow(self, ids: Iterable[str]) -> None:
        """Fetch the figures of `ids` (observations or derived series@period) and all their inputs."""
        self._descend(ids)
        torn = [name for name, row in self.derived.items() if not all(map(self._has, row["inputs"]))]
        if torn and self.day < self.built:
            for name in torn:
                del self.derived[name]
            self._compute(torn)
            self._descend(
                {part for name in torn if name in self.derived for part in self.derived[name]["inputs"]}
            )
        if not self.limits:
            self.limits = limits(self.con, self.day)

    def _has(self, name: str) -> bool:
        return name in self.observed or name in self.derived

    def _descend(self, ids: Iterable[str]) -> None:
        pending = {name for name in ids if not self._has(name)}
        while pending:
            self._observations(pending)
            self._derived(sorted(name for name in pending if name not in self.observed))
            inputs = {
                part for name in pending if name in self.derived for part in self.derived[name]["inputs"]
            }
            pending = {name for name in inputs if not self._has(name)}

    def _observations(self, ids: set[str]) -> None:
        found: dict[tuple[str, date, date], list[Record]] = defaultdict(list)
        for row in query.records(self.con, OBSERVED, {"ids": sorted(ids), "day": self.day}):
            found[self._span(row)].append(row)
            if row["observation"] in ids:
                self.observed[row["observation"]] = row
        self.prints.update(found)

    def _derived(self, ids: Sequence[str]) -> None:
        """Derived figures on file; one not known by the day in that form is computed for the day.

        A figure takes the newest of its inputs, so the one on file is that of the day if it was known by
        then.
        """
        found = self._lookup("derived", ids) if ids else {}
        past = self.day < self.built
        self.derived.update(
            {name: row for name, row in found.items() if not past or row["vintage"] <= self.day}
        )
        if past:
            self._compute([name for name in ids if name not in self.derived])

    def _compute(self, ids: Sequence[str]) -> None:
        self.derived.update(self._lookup("derived_as_of($day)", ids))

    def _lookup(self, table: str, ids: Sequence[str]) -> dict[str, Record]:
        keys = {name: parts for name in ids if (parts := split(name))}
        if not keys:
            return {}
        names = ", ".join(
            "'" + name.replace("'", "''") + "'" for name in sorted({parts[0] for parts in keys.values()})
        )
        starts = sorted({parts[1] for parts in keys.values()})
        sql = (
            DERIVED.format(table=table)
            + f"WHERE o.series IN ({names}) AND o.period_start IN (SELECT unnest($starts))"
        )
        params = {"starts": starts, **({"day": self.day} if "$day" in table else {})}
        rows = {
            (row["series"], row["period_start"], row["period_end"]): row
            for row in query.records(self.con, sql, params)
        }
        return {name: rows[parts] for name, parts in keys.items() if parts in rows}

    def others(self, row: Record) -> list[Record]:
        """Other prints of the same series and period known by the day, oldest first."""
        return [
            item for item in self.prints.get(self._span(row), []) if item["observation"] != row["observation"]
        ]

    def touching(self, names: Iterable[str], start: date, end: date) -> list[Record]:
        """Breaks and blackouts of these series that fall into the period."""
        wanted = sorted(set(names))
        return [
            row
            for row in self.limits
            if row["start"] <= end
            and row["end"] >= start
            and any(fnmatchcase(name, row["series"]) for name in wanted)
        ]

    def _span(self, row: Record) -> tuple[str, date, date]:
        return row["series"], row["period_start"], row["period_end"]


def split(name: str) -> tuple[str, date, date] | None:
    """Series, first and last day of `series@period`; None when the text is no such id."""
    series, mark, text = name.partition("@")
    if not mark:
        return None
    try:
        span = period(text)
    except ValueError:
        return None
    return series, span.start, span.end or OPEN_END


def limits(con: duckdb.DuckDBPyConnection, day: date) -> list[Record]:
    """Breaks and blackouts known by the day, with the days they cover; one without a date counts from its
    own period."""
    made: list[Record] = []
    for row in query.records(con, LIMITS):
        start = partial_date(row.pop("first")).start
        last, known, reason = row.pop("last"), row.pop("known"), row.pop("reason")
        if (known or start) <= day:
            end = (partial_date(last).end if last else None) or date.max
            what = row["what"] + (f". {reason}" if reason else "")
            made.append({**row, "start": start, "end": end, "what": what})
    return made


def span_text(row: Mapping[str, Any]) -> str:
    """The period of a row as text."""
    return label(row["period_start"], row["period_end"])
