"""Occupied area as a table from the figures in the ledger, for whoever holds no maps: no geospatial library is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.area_question import DAY_COLUMNS, OBLAST_COLUMNS, Answer, Question, declared
from wareconomy.errors import UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

STOCKS = {"deepstate": "territory.occupied.deepstate"}
"""Mappers with a daily stock in the ledger."""
MONTHS = {
    "deepstate": "territory.occupied.deepstate.net_month",
    "deepstate_raw": "territory.net.deepstate_raw",
    "isw": "territory.net.isw",
    "liveuamap": "territory.net.liveuamap",
}
"""Mappers with monthly net changes in the ledger."""
BREAKS = (
    "SELECT series, happened_on, kind, what AS about, size, unit FROM manual.breaks "
    "WHERE kind <> 'gap' AND happened_on <= $day ORDER BY happened_on, id"
)


def stored(con: duckdb.DuckDBPyConnection, asked: Question, mapper: str | None = None) -> Answer:
    """The same table from the figures in the ledger, as known on a day; gains and losses are blank (they need maps)."""
    if asked.by in ("largest", "places"):
        raise UsageError(f"{asked.by} need the map files: wareconomy territory MAPS... --by {asked.by}")
    day = query.as_of_day(con, asked.as_of)
    who = mapper or "deepstate"
    if asked.by == "oblast":
        answer = _stored_oblasts(con, asked, who, day)
    elif asked.by == "month":
        answer = _stored_months(con, asked, mapper, day)
    else:
        answer = _stored_days(con, asked, who, day)
    for row in query.records(con, BREAKS, {"day": day.isoformat()}):
        held = (
            answer.facts["series"] if isinstance(answer.facts["series"], list) else [answer.facts["series"]]
        )
        if any(fnmatch(name, row["series"]) for name in held):
            size = "" if row["size"] is None else f" {row['size']:+,.1f} {row['unit']}"
            answer.notes.append(f"break {row['happened_on']} ({row['kind']}){size}: {row['about']}")
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
        start = item.period.start
        dates = (start - timedelta(days=2), start - timedelta(days=1))
        rows.append((start, *dates, value, share, net, None, None, item.status, note))
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
    names = declared()["units"]
    rows, days, wet = [], set(), []
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
        known = names.get(unit)
        if asked.denominator == "oblast":
            share = 100 * last[-1][1] / known["km2"] if known else None
        else:
            share = 100 * last[-1][1] / _base(None, asked.denominator)
        if share is not None and share > 100:
            wet.append(known["name"] if known else unit)
            share = None
        title = known["name"] if known else "beyond the border"
        rows.append((unit, title, last[-1][1], share, last[-1][1] - first[-1][1], None, None))
    notes = [
        f"files of {a} to {b}; boundaries of the stored figures: geoBoundaries (OpenStreetMap)"
        for a, b in sorted(days)
    ]
    if wet:
        notes.append(
            f"no share of {' and '.join(wet)}: these boundaries take in the territorial sea, and the area passes "
            "the official one; measured from maps there is one"
        )
    return Answer(OBLAST_COLUMNS, rows, notes, {"series": f"{name}.*"})


def _base(unit: str | None, which: str) -> float:
    areas = declared()
    if unit and unit in areas["units"]:
        return float(areas["units"][unit]["km2"])
    if which == "claimed":
        return float(sum(item["km2"] for item in areas["units"].values() if item.get("claimed")))
    return float(areas["ukraine_km2"])
