"""Event lists from the ledger: acts at one declared stage, one per decision; statements by topic, speaker
and side, one per saying.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from wareconomy.errors import UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

STAGES = {
    "introduced": ("introduced_on", "TRUE"),
    "first_reading": ("adopted_on", "stage = 'proposed'"),
    "adopted": ("adopted_on", "stage NOT IN ('proposed', 'statement')"),
    "signed": ("signed_on", "stage NOT IN ('proposed', 'statement')"),
    "in_force": ("in_force_on", "stage NOT IN ('proposed', 'statement')"),
}
"""A first reading, a vote, a signature and an entry into force are different lists; one law is one event of
one of them.
"""
SAME_SAYING = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event and the rows it stands for; `label` is the text of the first of them, `name` the act."""

    day: date
    label: str
    rows: tuple[str, ...]
    name: str = ""


def acts(
    con: duckdb.DuckDBPyConnection,
    stage: str,
    as_of: date,
    *,
    jurisdiction: Sequence[str] = (),
    category: Sequence[str] = (),
) -> list[Event]:
    """Acts known on a day that reached a stage on a known day not after it; rows of one act are one event.

    UsageError for a stage that is not one of STAGES.
    """
    if stage not in STAGES:
        raise UsageError(f"{stage!r} is no stage of an act; choose one of {', '.join(STAGES)}")
    column, rule = STAGES[stage]
    sql = (
        f"SELECT act, min(CAST({column} AS DATE)) AS day, first(title_en ORDER BY id) AS label, list(id "
        "ORDER BY id) AS rows "
        f"FROM acts_as_of($day) WHERE length({column}) = 10 AND {rule} AND CAST({column} AS DATE) <= $day "
        "AND (len($places) = 0 OR list_contains($places, jurisdiction)) "
        "AND (len($kinds) = 0 OR list_contains($kinds, category)) GROUP BY act ORDER BY 2, 1"
    )
    found = query.records(
        con,
        sql,
        {"day": as_of, "places": list(jurisdiction) or [""][:0], "kinds": list(category) or [""][:0]},
    )
    return [
        Event(row["day"], row["label"], tuple(f"acts:{name}" for name in row["rows"]), row["act"])
        for row in found
    ]


def claims(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    *,
    side: Sequence[str] = (),
    topic: Sequence[str] = (),
    speaker: Sequence[str] = (),
    sources: str = "any",
) -> list[Event]:
    """Statements known on a day, wire variants left out, one speaker on one topic within five days counted
    once.

    `sources` = "two" keeps statements with a second source only.
    """
    sql = (
        "SELECT id, CAST(said_on AS DATE) AS day, speaker, topic, summary FROM claims_as_of($day) "
        "WHERE length(said_on) = 10 AND variant_of IS NULL AND CAST(said_on AS DATE) <= $day "
        "AND (len($sides) = 0 OR list_contains($sides, side)) AND (len($topics) = 0 OR "
        "list_contains($topics, topic)) "
        "AND (len($speakers) = 0 OR list_contains($speakers, speaker)) AND ($any OR second_source) ORDER BY "
        "day, id"
    )
    asked = {
        "day": as_of,
        "sides": list(side),
        "topics": list(topic),
        "speakers": list(speaker),
        "any": sources == "any",
    }
    kept: list[Event] = []
    last: dict[tuple[str, str], int] = {}
    for row in query.records(con, sql, asked):
        key = (row["speaker"], row["topic"])
        place = last.get(key)
        if place is not None and row["day"] - kept[place].day <= SAME_SAYING:
            before = kept[place]
            kept[place] = Event(before.day, before.label, (*before.rows, f"claims:{row['id']}"))
            continue
        last[key] = len(kept)
        kept.append(Event(row["day"], f"{row['speaker']}: {row['summary']}", (f"claims:{row['id']}",)))
    return kept


ASKED = {"acts": ("stage", "jurisdiction", "category"), "claims": ("side", "topic", "speaker")}
"""What a question may choose acts and statements by."""
LISTED = 30
"""Values named when none is near the one asked for."""


def chosen(con: duckdb.DuckDBPyConnection, what: str, spec: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """The choice of a question, as `select_acts` or `select_claims` takes it (`what` is acts or claims).

    A single text stands for a list of one; an act has one stage. UsageError for a key that is none, and for a value
    that no row known on the day has, so that a slip of the pen is not an empty list.
    """
    made: dict[str, Any] = {}
    for key, given in spec.items():
        if key not in ASKED[what]:
            raise UsageError(f"{what} are not chosen by {key!r}; choose by {', '.join(ASKED[what])}")
        listed = (
            [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else [given]
        )
        if key == "stage":
            if len(listed) != 1 or listed[0] not in STAGES:
                raise UsageError(f"{given!r} is no stage of an act; choose one of {', '.join(STAGES)}")
            made[key] = listed[0]
            continue
        made[key] = listed
        sql = f'SELECT DISTINCT "{key}" FROM {what}_as_of($day) ORDER BY 1'
        known = [row[0] for row in query.table(con, sql, {"day": as_of})[1]]
        for value in made[key]:
            if value not in known:
                near = get_close_matches(str(value), known, n=4, cutoff=0.5) or known[:LISTED]
                raise UsageError(f"no {what} have the {key} {value!r}; there is {', '.join(near)}")
    return made


def record(con: duckdb.DuckDBPyConnection, start: date, end: date, today: date) -> tuple[date, date]:
    """The days a question of one's own is about. UsageError when they begin before the first act or statement there is,
    lie ahead, or are the wrong way round.
    """
    (first,) = query.table(
        con, "SELECT min(known) FROM (SELECT known FROM acts UNION ALL SELECT known FROM claims)"
    )[1][0]
    if end > today:
        raise UsageError(f"{end} lies ahead; nothing is known of it yet")
    if first and start < first:
        raise UsageError(
            f"{start} is before the first act and statement in the ledger; begin on {first} or later"
        )
    if start > end:
        raise UsageError(f"{start} is after {end}; begin on an earlier day")
    return start, end


def select_acts(con: duckdb.DuckDBPyConnection, spec: Mapping[str, Any], as_of: date) -> list[Event]:
    """Acts by the keys of a registered question."""
    return acts(
        con,
        spec["stage"],
        as_of,
        jurisdiction=spec.get("jurisdiction", ()),
        category=spec.get("category", ()),
    )


def select_claims(con: duckdb.DuckDBPyConnection, spec: Mapping[str, Any], as_of: date) -> list[Event]:
    """Statements by the keys of a registered question."""
    return claims(
        con, as_of, side=spec.get("side", ()), topic=spec.get("topic", ()), speaker=spec.get("speaker", ())
    )


def days(events: Sequence[Event]) -> list[date]:
    """The days alone."""
    return [event.day for event in events]
