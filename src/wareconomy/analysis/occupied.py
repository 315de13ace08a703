"""Occupied area as a table from maps the reader holds; `stored_area` answers the same from the ledger.

By day, by month or by oblast, for one mapper. Nothing here needs a geospatial library until maps are measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.area_question import (
    DAY_COLUMNS,
    MONTH_COLUMNS,
    OBLAST_COLUMNS,
    Answer,
    Question,
)

if TYPE_CHECKING:
    from wareconomy.analysis.territory.history import History
    from wareconomy.analysis.territory.periods import Move


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


def measured(found: History, asked: Question, maps: Sequence[Path] = ()) -> Answer:
    """The table of a history. Notes say what was set aside, mended, redrawn or missing.

    `maps` are the files it came from: the largest changes, the places and the doubt of a change look at shapes again.
    """
    from wareconomy.analysis.territory import boundaries, periods
    from wareconomy.sources import map_files

    unit = asked.oblast or periods.WHOLE
    table = periods.Table(found, unit)
    start, end = asked.between or (table.days[0], table.days[-1])
    if asked.by in ("largest", "places"):
        from wareconomy.analysis.territory import shapes

        answer = (shapes.largest if asked.by == "largest" else shapes.places_that_changed)(found, asked, maps)
    elif asked.by == "oblast":
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
        lag = map_files.mapper(found.mapper).lag_days
        answer = Answer(DAY_COLUMNS, [_day_row(m, base, lag) for m in moves])
        answer.notes.append(f"share of the {name}")
    if asked.between:
        move = table.between(start, end)
        _tell_between(answer, move, table.shifted(move.start, move.end))
        if maps and asked.oblast is None:
            from wareconomy.analysis.territory import shapes

            shapes.tell_doubt(answer, found, move, table.shifted(move.start, move.end), maps)
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


def _day_row(m: Move, base: float, lag: tuple[int, int]) -> tuple[Any, ...]:
    dates = (m.end - timedelta(days=lag[1]), m.end - timedelta(days=lag[0]))
    share = 100 * m.area_km2 / base
    return (m.end, *dates, m.area_km2, share, m.net_km2, m.gained_km2, m.lost_km2, m.status, m.note)


def _tell_between(answer: Answer, move: Move, span: tuple[float, float]) -> None:
    answer.facts["between"] = {
        "from_file": move.start,
        "to_file": move.end,
        "area_km2": move.area_km2,
        "net_km2": move.net_km2,
        "low_km2": span[0],
        "high_km2": span[1],
        "gained_km2": move.gained_km2,
        "lost_km2": move.lost_km2,
        "break_km2": move.break_km2,
    }
    answer.notes.append(
        f"files of {move.start} to {move.end}: net {move.net_km2:+,.1f} km2 ({span[0]:+,.1f} to {span[1]:+,.1f} with the "
        f"files of a day before or after), gained {move.gained_km2:,.1f}, lost {move.lost_km2:,.1f} (sums of daily "
        f"changes); {move.area_km2:,.1f} km2 at the end"
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
