"""How far the data reach, when publishers were asked, and what the report was built from; nothing without documents.

All of it is read from the receipts in the ledger, so the same inputs print the same words. A check that found nothing
new makes no edition of its own; `wareconomy status` tells of it.
"""

from __future__ import annotations

from datetime import date, datetime

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block
from wareconomy.publish.report.desk import Cell, Desk, quote, say, table

TAKEN = "FROM receipts WHERE CAST(retrieved_at AS DATE) <= $day"
SQL = f"""
WITH taken AS (SELECT source, max(retrieved_at) AS changed {TAKEN} GROUP BY source),
reach AS (
    SELECT split_part(o.observation, ':', 1) AS source, max(o.period_end) AS newest
    FROM observations AS o JOIN series AS s USING (series)
    WHERE o.document IN (SELECT document {TAKEN}) AND o.vintage <= $day AND o.value IS NOT NULL AND o.status <> 'E'
        AND (NOT s.ahead OR s.frequency = 'day')
    GROUP BY ALL
    UNION ALL
    SELECT source, max(CAST(posted_at AS DATE)) FROM posts WHERE CAST(first_seen AS DATE) <= $day GROUP BY source
)
SELECT t.source, any_value(s.title) AS title, t.changed, max(r.newest) AS newest
FROM taken AS t LEFT JOIN reach AS r USING (source) LEFT JOIN sources AS s USING (source)
GROUP BY t.source, t.changed ORDER BY coalesce(any_value(s.title), t.source), t.source
"""


def blocks(desk: Desk) -> list[Block]:
    """A paragraph and a table, one row a source; none when no document was collected by the day."""
    found = desk.rows(SQL)
    if not found:
        return []
    total, fig = desk.count(
        "documents-collected",
        "documents fetched from publishers or handed in",
        f"SELECT count(DISTINCT document) {TAKEN}",
    )
    rows: list[list[Cell]] = [
        [
            quote(row["title"]) or row["source"],
            _moment(row["changed"]),
            lang.day(row["newest"]) if row["newest"] else None,
        ]
        for row in found
    ]
    return [
        say(
            "Beside the hand-kept tables this edition was built from ",
            fig,
            f" {lang.noun(total, 'document')} of publishers, each kept as it came. ",
            f"{line(desk)} A check that finds nothing new makes no new edition; “wareconomy status” shows the last one.",
        ),
        table(
            "Collected documents: when each source last had something new, and how far it reaches",
            ("Source", "Changed at", "Data to"),
            rows,
        ),
    ]


def line(desk: Desk) -> str:
    """Data to, checked at and built from in one line; empty without documents."""
    found = desk.rows(SQL)
    if not found:
        return ""
    reached: list[date] = [row["newest"] for row in found if row["newest"]]
    parts = [f"Data to {lang.day(max(reached))}"] if reached else []
    parts.append(
        f"{'publishers' if parts else 'Publishers'} checked at {_moment(max(row['changed'] for row in found))}"
    )
    digest = desk.meta.get("input_digest", "")
    if digest:
        parts.append(f"built from inputs {digest[:12]}")
    return ", ".join(parts) + "."


def _moment(at: datetime) -> str:
    return f"{lang.day(at.date())}, {at:%H:%M} UTC"
