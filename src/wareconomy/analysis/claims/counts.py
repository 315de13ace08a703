"""Statements about towns, strikes, losses and money set beside what somebody counted: differences are
printed, no interval is invented.

No spread was ever calibrated for these quantities, so there is no verdict of the ground rule here. Places
have three states (inside a map polygon, outside, within the width of the line) and only the day a town's
centre entered the polygon is in the ledger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims.measured import cells
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

ENTRY = re.compile(r"first date city centre inside", re.IGNORECASE)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTY = re.compile(r"Zelensky|Syrskyi|MoD|Ministry of Defence|Sputnik|Air Force|General Staff", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Town:
    """A claimed capture and the day the town's centre came to lie inside the mapper's polygon (the latest entry).
    `days` counts from the statement to that day: negative when the map showed it first, None when it never did by
    `seen_to`.
    """

    row: str
    said: date | None
    summary: str
    state: str
    entered: date | None
    days: int | None
    seen_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A stated number beside a published count. `independent` is false when the count comes from a party to
    the war.
    """

    row: str
    topic: str
    said: date | None
    stated: float
    unit: str
    counted: float
    counted_unit: str
    source: str
    independent: bool
    ratio: float | None
    comparable: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Money promised beside money allocated, same tracker, same days. `share` is allocated over promised."""

    who: str
    promised: float
    given: float
    share: float
    unit: str
    start: date
    end: date
    rows: tuple[str, str]


def towns(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Town]:
    """Claimed captures whose entry day, or the day to which there was none, was known: inside before the statement,
    after it, or not so far.
    """
    day = query.as_of_day(con, as_of)
    made = []
    for row in _rows(con, day):
        if not ENTRY.search(cells(row, "compared_unit")):
            continue
        text = cells(row, "compared_value")
        found = ISO.search(text)
        said = _day(cells(row, "said_on"))
        never = text.startswith("never")
        entered = date.fromisoformat(found.group(0)) if found and not never else None
        seen_to = date.fromisoformat(found.group(0)) if found and never else None
        gap = (entered - said).days if entered and said else None
        state = (
            "never inside" if never else "inside before" if gap is not None and gap <= 0 else "inside after"
        )
        made.append(
            Town(
                f"claims:{row['id']}",
                said,
                row["summary"],
                state,
                entered,
                gap,
                seen_to,
                cells(row, "compared_source"),
            )
        )
    return made


def counted(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Counted]:
    """Strikes, losses and settlements with a count that somebody published for the same thing."""
    day = query.as_of_day(con, as_of)
    made = []
    for row in _rows(con, day):
        if (
            row["topic"] not in ("strike", "losses", "settlement_capture", "ceasefire")
            or row["quantity"] is None
        ):
            continue
        try:
            value = float(cells(row, "compared_value").replace(",", ""))
        except ValueError:
            continue
        unit = cells(row, "compared_unit")
        source = cells(row, "compared_source")
        comparable = (
            unit.split(" ")[0].rstrip(",;") == str(row["unit"]).split(" ")[0] and "killed only" not in source
        )
        ratio = row["quantity"] / value if comparable and value > 0 else None
        made.append(
            Counted(
                f"claims:{row['id']}",
                row["topic"],
                _day(cells(row, "said_on")),
                row["quantity"],
                row["unit"],
                value,
                unit,
                source,
                not PARTY.search(source),
                ratio,
                comparable,
            )
        )
    return made


def promises(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Promise]:
    """Aid promised (commitments) against aid given (allocations) in the Kiel tracker, newest common period
    of each pair.
    """
    day = query.as_of_day(con, as_of)
    sql = (
        "SELECT replace(c.series, 'ua.kiel.commitments.', '') AS who, c.value AS promised, a.value AS "
        "given, e.unit, "
        "c.period_start, c.period_end, c.observation AS c_row, a.observation AS a_row "
        "FROM observations_as_of($day) AS c JOIN observations_as_of($day) AS a "
        "ON a.series = replace(c.series, 'commitments', 'allocations') AND a.period_start = c.period_start "
        "AND a.period_end = c.period_end "
        "JOIN series AS e ON e.series = c.series WHERE c.series LIKE 'ua.kiel.commitments.%' AND c.value > "
        "0 AND a.value IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY c.series ORDER BY c.period_end DESC) = 1 ORDER BY promised "
        "DESC, who"
    )
    return [
        Promise(
            row["who"],
            row["promised"],
            row["given"],
            row["given"] / row["promised"],
            row["unit"],
            row["period_start"],
            row["period_end"],
            (row["c_row"], row["a_row"]),
        )
        for row in query.records(con, sql, {"day": day})
    ]


def _rows(con: duckdb.DuckDBPyConnection, day: date) -> list[dict[str, Any]]:
    return query.records(
        con,
        "SELECT * FROM claims_as_of($day) WHERE compared_value IS NOT NULL AND compared_value <> '' ORDER "
        "BY file_line",
        {"day": day},
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None
