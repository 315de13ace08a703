"""What lay around an act: statements, measured change and fiscal figures of the same weeks, with the rate
of chance beside them.

Facts only; `publish.stories` says them in sentences. A near date is a statement at most so many days away.
The base rate is the share of days of the record that lie as near to a statement of the same kind: what any
day picked blindly would show.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy import catalog
from wareconomy.analysis import events
from wareconomy.analysis.claims import rule as rules
from wareconomy.analysis.claims.measured import Estimate, read
from wareconomy.analysis.dates import Record, dilate, flags, places
from wareconomy.errors import UnknownName
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

TOPICS = ("territory_gain", "settlement_capture", "buffer_zone")
NEAR = (1, 3, 7)
REACH = 7
RECORD_START = date(2024, 2, 1)
FISCAL = ("ru.budget.balance", "ru.nwf.liquid", "ru.nwf.total", "ru.key_rate", "ru.budget.revenue_oil_gas")
ONE = timedelta(days=1)
ACTS_BY = (
    "SELECT act, min({day}) AS {day}, first(title_en ORDER BY id) AS title_en, first(number ORDER BY id) AS "
    "number, bool_or(number_verified) AS number_verified, first(act_type ORDER BY id) AS act_type, "
    "first(jurisdiction ORDER BY id) AS jurisdiction, first(category ORDER BY id) AS category, "
    "list(id ORDER BY id) AS ids FROM acts_as_of($day) WHERE length({day}) = 10 AND stage NOT IN ('proposed', "
    "'statement') AND CAST({day} AS DATE) BETWEEN $first AND $last GROUP BY act ORDER BY 2, 1"
)


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Within `days` of the moment: how many statements (`near` holds their rows; one speaker on one topic
    within five days counts once), and the share of all days of the record that have one as near.
    """

    days: int
    statements: int
    share: float
    record: Record
    rows: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One moment with everything found around it. `act` is None when the moment is a day and no act.

    `acts` were signed and `starting` came into force at most `reach` days away; `claims` are on `topics`.
    `named` is the act among them that the title names.
    """

    name: str
    title: str
    day: date
    as_of: date
    act: dict[str, Any] | None
    acts: tuple[dict[str, Any], ...]
    claims: tuple[dict[str, Any], ...]
    rates: tuple[BaseRate, ...]
    before: Estimate | None
    after: Estimate | None
    fiscal: tuple[dict[str, Any], ...]
    control: bool = False
    topics: tuple[str, ...] = TOPICS
    reach: int = REACH
    starting: tuple[dict[str, Any], ...] = ()
    named: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """One act and the base rates around its day; `rows` are those of the act."""

    act: str
    day: date
    rates: tuple[BaseRate, ...]
    rows: tuple[str, ...]


def shares(said: Sequence[events.Event], record: Record) -> tuple[float, ...]:
    """Share of the days of a record with a statement at most 1, 3 and 7 days away."""
    marked = flags(places(events.days(said), record), record.days)
    return tuple(float(dilate(marked, -near, near).mean()) for near in NEAR)


def base_rates(
    said: Sequence[events.Event], record: Record, day: date, share: Sequence[float]
) -> tuple[BaseRate, ...]:
    """Statements within 1, 3 and 7 days of a day, beside the shares of all days (see `shares`)."""
    inputs = tuple(name for event in said for name in event.rows)
    made = []
    for near, of_all in zip(NEAR, share, strict=True):
        close = [event for event in said if abs((event.day - day).days) <= near]
        rows = tuple(name for event in close for name in event.rows)
        made.append(BaseRate(near, len(close), of_all, record, inputs, rows))
    return tuple(made)


def near_dates(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Near]:
    """Every act signed on a known day of the record, with the statements near it. A count and a base rate,
    never a test: one date cannot be tested.
    """
    known = query.as_of_day(con, as_of)
    if known < RECORD_START:
        return []
    record = Record(RECORD_START, known)
    said = events.claims(con, known, topic=TOPICS)
    share = shares(said, record)
    return [
        Near(item.name, item.day, base_rates(said, record, item.day, share), item.rows)
        for item in events.acts(con, "signed", known)
        if item.day >= RECORD_START
    ]


def act(con: duckdb.DuckDBPyConnection, name: str, as_of: date) -> dict[str, Any]:
    """An act by row (L119, acts:L119) or by name (ru-228-fz-2026): its first row with a signing date.
    UnknownName otherwise.
    """
    key = name.removeprefix("acts:")
    sql = (
        "SELECT * FROM acts_as_of($day) WHERE act = $key OR id = $key "
        "ORDER BY coalesce(length(signed_on), 0) DESC, coalesce(length(adopted_on), 0) DESC, id LIMIT 1"
    )
    found = query.records(con, sql, {"day": as_of, "key": key})
    if not found:
        known = con.execute(
            "SELECT DISTINCT act FROM acts_as_of($day) UNION SELECT id FROM acts_as_of($day)", {"day": as_of}
        ).fetchall()
        raise UnknownName("act", name, [row[0] for row in known])
    return found[0]


def moment(row: dict[str, Any]) -> date | None:
    """The day of an act: signed, else adopted, else introduced; None when only a month is known."""
    for column in ("signed_on", "adopted_on", "introduced_on"):
        if row[column] and len(row[column]) == 10:
            return date.fromisoformat(row[column])
    return None


def around(
    con: duckdb.DuckDBPyConnection,
    day: date,
    as_of: date,
    *,
    name: str = "",
    title: str = "",
    row: dict[str, Any] | None = None,
    control: bool = False,
    topics: Sequence[str] = TOPICS,
    reach: int = REACH,
    named: str = "",
) -> Story:
    """Everything of the weeks around a day, as known on `as_of`. The base rate counts statements of any
    side on the topics.
    """
    span = {"day": as_of, "first": day - reach * ONE, "last": day + reach * ONE, "topics": list(topics)}
    claims = query.records(
        con,
        "SELECT * FROM claims_as_of($day) WHERE length(said_on) = 10 AND variant_of IS NULL AND "
        "list_contains($topics, topic) "
        "AND CAST(said_on AS DATE) BETWEEN $first AND $last ORDER BY said_on, file_line",
        span,
    )
    acts, starting = (
        query.records(con, ACTS_BY.format(day=column), {key: span[key] for key in ("day", "first", "last")})
        for column in ("signed_on", "in_force_on")
    )
    said, record = events.claims(con, as_of, topic=topics), Record(min(RECORD_START, day), as_of)
    rates = base_rates(said, record, day, shares(said, record))
    rule, measured = rules.load(), read(con)
    before = measured.change(rule, day - 7 * ONE, day - ONE, 1, as_of)
    after = measured.change(rule, day, day + 6 * ONE, 1, as_of)
    names = ", ".join(f"'{item}'" for item in FISCAL)
    fiscal = query.records(
        con,
        "SELECT series, period_start, period_end, vintage, value, basis, observation FROM "
        "observations_as_of($day) "
        f"WHERE series IN ({names}) AND value IS NOT NULL AND vintage BETWEEN $first AND $last AND "
        "period_end >= $recent "
        "QUALIFY row_number() OVER (PARTITION BY series ORDER BY period_end DESC, vintage DESC) = 1 ORDER "
        "BY series",
        {"day": as_of, "first": day - 14 * ONE, "last": day + 14 * ONE, "recent": day - 100 * ONE},
    )
    return Story(
        name,
        title,
        day,
        as_of,
        row,
        tuple(acts),
        tuple(claims),
        rates,
        before,
        after,
        tuple(fiscal),
        control,
        tuple(topics),
        reach,
        tuple(starting),
        named,
    )


def of_act(con: duckdb.DuckDBPyConnection, name: str, as_of: date | None = None) -> Story:
    """The story of one act. UnknownName for no such act, or one whose day is not known."""
    known = query.as_of_day(con, as_of)
    row = act(con, name, known)
    day = moment(row)
    if day is None:
        raise UnknownName("act with a known day", name, [])
    return around(con, day, known, name=row["act"], title=row["title_en"], row=row)


@cache
def declared() -> dict[str, dict[str, Any]]:
    """The chosen stories of the report, by name."""
    path = Path(catalog.__file__).with_name("stories.toml")
    stories: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["stories"]
    return stories


def stories(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Story]:
    """The chosen stories that could be told on a day, in the order declared."""
    known = query.as_of_day(con, as_of)
    made = []
    for name, entry in declared().items():
        try:
            row = act(con, entry["act"], known) if "act" in entry else None
        except UnknownName:
            continue
        day = moment(row) if row else entry["day"]
        if day is not None and day <= known:
            made.append(
                around(
                    con,
                    day,
                    known,
                    name=name,
                    title=entry["title"],
                    row=row,
                    control=entry.get("control", False),
                    topics=entry.get("topics", TOPICS),
                    reach=entry.get("reach", REACH),
                    named=entry.get("named", ""),
                )
            )
    return made
