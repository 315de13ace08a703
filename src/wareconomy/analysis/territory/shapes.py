"""Answers that look at the shapes again: where the largest changes were, which places changed sides, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wareconomy.analysis.area_question import LARGEST, PLACE_COLUMNS, SPOT_COLUMNS, Answer, Question
from wareconomy.analysis.territory import periods, places, uncertainty
from wareconomy.analysis.territory.history import History
from wareconomy.analysis.territory.periods import Move
from wareconomy.errors import UsageError
from wareconomy.sources.map_files import Body


def measured_bodies(found: History, asked: Question, maps: Sequence[Path]) -> list[Body]:
    """The maps of a history within the days asked for, oldest first, not parsed."""
    if not maps:
        raise UsageError("this needs the map files")
    start, end = asked.between or (found.days[0].day, found.days[-1].day)
    known = {day.day: day.sha256 for day in found.days}
    listed = {
        body.day: body
        for body in places.bodies_of(maps, found.mapper)
        if known.get(body.day) == body.sha256 and start <= body.day <= end
    }
    return [listed[day] for day in sorted(listed)]


def largest(found: History, asked: Question, maps: Sequence[Path]) -> Answer:
    """The days of the largest net change with the place of their largest piece, largest first."""
    bodies = {body.day: body for body in measured_bodies(found, asked, maps)}
    before = dict(zip(list(bodies)[1:], bodies, strict=False))
    table = periods.Table(found, asked.oblast or periods.WHOLE)
    rows: list[tuple[object, ...]] = []
    for move in table.largest(len(table.days)):
        if move.end not in before or len(rows) == LARGEST:
            continue
        change = places.between(bodies[before[move.end]], bodies[move.end])
        spot = places.where(change, found.boundaries)
        if spot is None:
            continue
        rows.append(
            (
                move.end,
                move.start,
                move.net_km2,
                move.gained_km2,
                move.lost_km2,
                spot.oblast,
                spot.place,
                round(spot.lon, 4),
                round(spot.lat, 4),
                spot.piece_km2,
            )
        )
    return Answer(
        SPOT_COLUMNS, rows, ["where: the largest piece of the day, its oblast and the nearest listed place"]
    )


def places_that_changed(found: History, asked: Question, maps: Sequence[Path]) -> Answer:
    """Places whose state changed, with the first days wholly in and wholly out."""
    bodies = measured_bodies(found, asked, maps)
    rows = [
        (
            item.place.id,
            item.place.name,
            item.place.oblast,
            item.first.name.lower(),
            item.last.name.lower(),
            item.centre_in,
            item.centre_out,
            item.first_in,
            item.first_out,
        )
        for item in places.follow(bodies)
        if asked.oblast in (None, item.place.oblast)
    ]
    came = sum(row[4] == "inside" != row[3] for row in rows)
    doubt = sum(row[4] == "undetermined" != row[3] for row in rows)
    notes = [
        f"{came} places came wholly inside between the first and the last map; {doubt} more are undetermined "
        "(the line is within 1 km)",
        f"places: {places.CREDIT}; {places.coverage([asked.oblast] if asked.oblast else ())}: a count is at least this many",
    ]
    return Answer(PLACE_COLUMNS, rows, notes, {"places": places.CREDIT})


def tell_doubt(
    answer: Answer, found: History, move: Move, span: tuple[float, float], maps: Sequence[Path]
) -> None:
    """Add the three kinds of doubt of a change to an answer, apart from each other."""
    known = {day.day: day.sha256 for day in found.days}
    ends = {
        body.day: body
        for body in places.bodies_of(maps, found.mapper)
        if body.day in (move.start, move.end) and known[body.day] == body.sha256
    }
    change = places.between(ends[move.start], ends[move.end])
    months = (move.end - move.start).days / 30.4
    doubt = uncertainty.doubt(move.net_km2, *span, months, change.before, change.after, change.plane)
    answer.facts["doubt"] = {
        "digitising_km2": {f"{sigma:g} m": km2 for sigma, km2 in doubt.digitising.items()},
        "lag_low_km2": doubt.lag_low_km2,
        "lag_high_km2": doubt.lag_high_km2,
        "lag_log_sd": doubt.lag_log_sd,
        "definition_factor": doubt.definition_factor,
    }
    answer.facts["between"].update(
        difference_gained_km2=change.gained_km2, difference_lost_km2=change.lost_km2
    )
    answer.notes.append(
        f"how sure: digitising {doubt.digitising[100.0]:.1f} km2 (vertices true to 100 m); mappers of one definition differ "
        f"by a factor of {2.718281828**doubt.lag_log_sd:.2f} over such a span (one standard deviation); a definition that "
        f"adds claimed areas by {doubt.definition_factor:g}; three kinds, not one band"
    )
