"""Occupied area as a table: from maps the reader holds (`measured`), or from the figures in the ledger (`stored`).

Both answer by day, by month or by oblast, for one mapper, and give the same columns. Nothing here needs a geospatial
library until `measured` is called.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.errors import UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

    from wareconomy.analysis.territory.history import History
    from wareconomy.analysis.territory.periods import Move

BY = ("day", "month", "oblast")
DAY_COLUMNS = ("day", "area_km2", "share_pct", "net_km2", "gained_km2", "lost_km2", "status", "note")
MONTH_COLUMNS = (
    "month",
    "from_file",
    "to_file",
    "net_km2",
    "low_km2",
    "high_km2",
    "gained_km2",
    "lost_km2",
    "status",
    "note",
)
OBLAST_COLUMNS = (
    "oblast",
    "name",
    "area_km2",
    "margin_km2",
    "share_pct",
    "net_km2",
    "gained_km2",
    "lost_km2",
)
STOCKS = {"deepstate": "territory.occupied.deepstate"}
"""Mappers with a daily stock in the ledger."""
MONTHS = {
    "deepstate": "territory.occupied.deepstate.net_month",
    "deepstate_raw": "territory.net.deepstate_raw",
    "isw": "territory.net.isw",
    "liveuamap": "territory.net.liveuamap",
}
"""Mappers with monthly net changes in the ledger."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `between` are days; `oblast` is an ISO 3166-2 code; `as_of` hides maps and figures of later days."""

    by: str = "month"
    between: tuple[date, date] | None = None
    oblast: str | None = None
    as_of: date | None = None
    denominator: str = "ukraine"

    def __post_init__(self) -> None:
        if self.by not in BY:
            raise UsageError(f"by {self.by!r} is none of {', '.join(BY)}")
        if self.between and self.between[1] <= self.between[0]:
            raise UsageError(f"{self.between[1]} is not after {self.between[0]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A table with what its reader must know: notes in sentences, and facts for machines."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def code_of(text: str) -> str:
    """ISO 3166-2 code for a code or a name of an oblast; `outside` for the remainder. UsageError lists them."""
    wanted = text.strip().casefold()
    units = _declared()["units"]
    for code, unit in units.items():
        if wanted in (code.casefold(), code[3:], unit["name"].casefold(), unit["uk"].casefold()):
            return str(code)
    if wanted == "outside":
        return wanted
    names = ", ".join(f"{unit['name']} ({code})" for code, unit in units.items())
    raise UsageError(f"no oblast {text!r}; there are {names}")


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads(resources.files("wareconomy.catalog").joinpath("oblasts.toml").read_text("utf-8"))


# ---------------------------------------------------------------------------- from maps


def history(
    maps: Sequence[Path],
    store: Path | None,
    mapper: str | None,
    units: Path | None,
    jumps: bool,
    as_of: date | None,
) -> History:
    """The computed history of the maps, up to the day asked for. Raises MissingExtra without `wareconomy[maps]`."""
    from wareconomy.analysis.territory import store as histories

    found = histories.update(maps, store, mapper, units, jumps)
    return found.until(as_of) if as_of else found


def measured(found: History, asked: Question) -> Answer:
    """The table of a history. Notes say what was set aside, mended, redrawn or missing."""
    from wareconomy.analysis.territory import boundaries, periods

    unit = asked.oblast or periods.WHOLE
    table = periods.Table(found, unit)
    start, end = asked.between or (table.days[0], table.days[-1])
    if asked.by == "oblast":
        which = asked.denominator
        rows = periods.by_oblast(found, start, end, which)
        if asked.oblast:
            rows = [row for row in rows if row["oblast"] == asked.oblast]
        answer = Answer(OBLAST_COLUMNS, [tuple(row[name] for name in OBLAST_COLUMNS) for row in rows])
        answer.notes.append(f"share of the {boundaries.DENOMINATORS[which]}")
    elif asked.by == "month":
        moves = [m for m in table.months() if not asked.between or (m.end > start and m.start < end)]
        answer = Answer(MONTH_COLUMNS, [_month_row(m) for m in moves])
        answer.notes.append("low and high: net change over the possible dates of the boundary files")
    else:
        which = "oblast" if asked.oblast and asked.denominator == "oblast" else asked.denominator
        base, name = boundaries.denominator(
            "ukraine" if which == "oblast" and not asked.oblast else which, asked.oblast
        )
        moves = [m for m in table.daily() if start <= m.end <= end]
        answer = Answer(DAY_COLUMNS, [_day_row(m, base) for m in moves])
        answer.notes.append(f"share of the {name}")
    if asked.between:
        _tell_between(answer, table.between(start, end))
    _tell(answer, found, table, start, end)
    return answer


def _month_row(m: Move) -> tuple[Any, ...]:
    return (
        m.label,
        m.start,
        m.end,
        m.net_km2,
        m.low_km2,
        m.high_km2,
        m.gained_km2,
        m.lost_km2,
        m.status,
        m.note,
    )


def _day_row(m: Move, base: float) -> tuple[Any, ...]:
    return (m.end, m.area_km2, 100 * m.area_km2 / base, m.net_km2, m.gained_km2, m.lost_km2, m.status, m.note)


def _tell_between(answer: Answer, move: Move) -> None:
    answer.facts["between"] = {
        "from_file": move.start,
        "to_file": move.end,
        "area_km2": move.area_km2,
        "net_km2": move.net_km2,
        "gained_km2": move.gained_km2,
        "lost_km2": move.lost_km2,
        "break_km2": move.break_km2,
    }
    answer.notes.append(
        f"files of {move.start} to {move.end}: net {move.net_km2:+,.1f} km2, gained {move.gained_km2:,.1f}, "
        f"lost {move.lost_km2:,.1f} (sums of daily changes); {move.area_km2:,.1f} km2 at the end"
    )


def _tell(answer: Answer, found: History, table: Any, start: date, end: date) -> None:
    from wareconomy.sources import map_files

    who = map_files.mapper(found.mapper)
    gone = [day for day in table.missing() if start <= day <= end]
    still = [day for day in table.unchanged() if start <= day <= end]
    repairs = [(day.day, repair) for day in found.days for repair in day.repairs if start <= day.day <= end]
    answer.notes.append(f"{who.title}: {who.credit}. {who.date}")
    answer.notes.append(f"boundaries: {found.boundaries.source} ({found.boundaries.licence})")
    if gone:
        answer.notes.append(
            f"{len(gone)} days without a map, left open: {', '.join(map(str, gone[:12]))}{' …' if len(gone) > 12 else ''}"
        )
    for item in table.breaks:
        if start < item.day <= end:
            answer.notes.append(
                f"break {item.after} to {item.day}: {item.what}, {item.km2:+,.1f} km2, no movement"
            )
    if repairs:
        total = sum(repair.km2 for _, repair in repairs)
        answer.notes.append(f"{len(repairs)} repairs of rings and overlaps, {total:,.2f} km2 in all")
    for error in found.set_aside:
        answer.notes.append(f"set aside: {error}")
    answer.facts.update(
        {
            "mapper": found.mapper,
            "source": who.source,
            "publish_geometry": who.publishable,
            "boundaries": found.boundaries.source,
            "maps": len(found.days),
            "first": found.days[0].day,
            "last": found.days[-1].day,
            "missing": gone,
            "unchanged": len(still),
            "redrawn": [day.day for day in found.days if day.redrawn and start <= day.day <= end],
            "largest": [{"day": m.end, "net_km2": m.net_km2} for m in table.largest(5)],
            "repairs": [{"day": day, "what": repair.what, "km2": repair.km2} for day, repair in repairs],
            "breaks": [{"day": b.day, "after": b.after, "km2": b.km2, "what": b.what} for b in table.breaks],
            "set_aside": [str(error) for error in found.set_aside],
            "drift_km2": found.drift_km2,
            "overlay_checks": found.checks,
        }
    )


# ---------------------------------------------------------------------------- from the ledger


def stored(con: duckdb.DuckDBPyConnection, asked: Question, mapper: str | None = None) -> Answer:
    """The same table from the figures in the ledger, as known on a day; gains and losses are blank (they need maps)."""
    day = query.as_of_day(con, asked.as_of)
    who = mapper or "deepstate"
    if asked.by == "oblast":
        answer = _stored_oblasts(con, asked, who, day)
    elif asked.by == "month":
        answer = _stored_months(con, asked, mapper, day)
    else:
        answer = _stored_days(con, asked, who, day)
    answer.notes.append(f"figures of the ledger as known on {day}; gains, losses and maps need the map files")
    return answer


def _series(table: Mapping[str, str], who: str, what: str) -> str:
    if who not in table:
        raise UsageError(
            f"the ledger has no {what} of {who!r}; it has {', '.join(table)}. Give the map files instead"
        )
    return table[who]


def _inside(asked: Question, when: date) -> bool:
    return asked.between is None or asked.between[0] <= when <= asked.between[1]


def _stored_days(con: duckdb.DuckDBPyConnection, asked: Question, who: str, day: date) -> Answer:
    name = _series(STOCKS, who, "daily area")
    if asked.oblast:
        name = f"{name}.{asked.oblast}"
    base = _base(asked.oblast if asked.denominator == "oblast" else None, asked.denominator)
    rows: list[tuple[Any, ...]] = []
    before: float | None = None
    for item in query.figures(con, name, day):
        if not _inside(asked, item.period.start):
            continue
        value = item.value
        net = value - before if value is not None and before is not None else None
        share = 100 * value / base if value is not None else None
        note = "no map file" if value is None else ""
        rows.append((item.period.start, value, share, net, None, None, item.status, note))
        before = value if value is not None else before
    return Answer(DAY_COLUMNS, rows, [f"series {name}"], {"series": name})


def _stored_months(con: duckdb.DuckDBPyConnection, asked: Question, mapper: str | None, day: date) -> Answer:
    if asked.oblast:
        raise UsageError("the ledger has no monthly change by oblast; ask --by day, or give the map files")
    names = [mapper] if mapper else list(MONTHS)
    rows = []
    for who in names:
        for item in query.figures(con, _series(MONTHS, who, "monthly change"), day):
            if _inside(asked, item.period.start):
                rows.append((who, f"{item.period.start:%Y-%m}", item.value, item.status, item.vintage))
    rows.sort(key=lambda row: (row[1], row[0]))
    notes = ["mappers differ in definition and in recording lag, at times in sign; they are never averaged"]
    return Answer(
        ("mapper", "month", "net_km2", "status", "known_on"),
        rows,
        notes,
        {"series": [MONTHS[who] for who in names]},
    )


def _stored_oblasts(con: duckdb.DuckDBPyConnection, asked: Question, who: str, day: date) -> Answer:
    name = _series(STOCKS, who, "area by oblast")
    sql = (
        "SELECT split_part(series, '.', 4) AS unit, period_start AS day, value FROM figures_as_of($day) "
        "WHERE series LIKE $name AND value IS NOT NULL ORDER BY unit, day"
    )
    found: dict[str, list[tuple[date, float]]] = {}
    for row in query.records(con, sql, {"day": day, "name": f"{name}.%"}):
        found.setdefault(row["unit"], []).append((row["day"], row["value"]))
    names = _declared()["units"]
    rows, days = [], set()
    for unit, values in found.items():
        if asked.oblast and unit != asked.oblast:
            continue
        start, end = asked.between or (values[0][0], values[-1][0])
        first = [item for item in values if item[0] <= start]
        last = [item for item in values if item[0] <= end]
        if not first or not last:
            raise UsageError(
                f"the ledger has no area by oblast on or before {start}; the first is of {values[0][0]}"
            )
        days.add((first[-1][0], last[-1][0]))
        declared = names.get(unit)
        if asked.denominator == "oblast":
            share = 100 * last[-1][1] / declared["km2"] if declared else None
        else:
            share = 100 * last[-1][1] / _base(None, asked.denominator)
        title = declared["name"] if declared else "outside all boundaries"
        rows.append((unit, title, last[-1][1], None, share, last[-1][1] - first[-1][1], None, None))
    notes = [
        f"files of {a} to {b}; boundaries of the stored figures: geoBoundaries (OpenStreetMap)"
        for a, b in sorted(days)
    ]
    return Answer(OBLAST_COLUMNS, rows, notes, {"series": f"{name}.*"})


def _base(unit: str | None, which: str) -> float:
    declared = _declared()
    if unit and unit in declared["units"]:
        return float(declared["units"][unit]["km2"])
    if which == "claimed":
        return float(sum(item["km2"] for item in declared["units"].values() if item.get("claimed")))
    return float(declared["ukraine_km2"])
