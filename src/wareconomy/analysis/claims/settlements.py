"""Claimed towns and counts of settlements beside the maps the reader holds; `counts.towns` answers from the ledger alone.

A named town is followed through the maps: the first day its middle lay inside, and the first days the disc of 1 km around it
was wholly in and wholly out. A claimed number is set beside the places of the frozen list that came in between the maps
of the period: n for certain, up to n + m with the undetermined ones. Most villages are not in the list, and the
official number of settlements is printed beside it: the count is a lower bound, and there is no verdict.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims import counts as stored
from wareconomy.analysis.claims.checks import window
from wareconomy.analysis.claims.measured import cells
from wareconomy.errors import UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

    from wareconomy.analysis.territory.places import PlaceRecord
    from wareconomy.sources.map_files import Body

ONE = timedelta(days=1)
NEAR = timedelta(days=3)
"""A map this much older than a statement still tells what stood on the map of its day."""
NOT_KNOWN = "not in the list of places"


@dataclass(frozen=True, slots=True)
class Seen:
    """A place a statement names, on the maps. `state` is that of its middle and of the disc around it on the day of the
    statement's map; `days` counts from the statement to `centre_in`, negative when the map showed it first. `keyed` is
    the entry
    day in the ledger, from a middle chosen by whoever keyed it. `again` are the other statements that name the same
    place."""

    row: str
    said: date | None
    name: str
    place: str
    state: str
    centre_in: date | None
    centre_out: date | None
    wholly_in: date | None
    wholly_out: date | None
    days: int | None
    keyed: date | None
    first_map: date
    last_map: date
    again: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A claimed number of settlements beside the listed places that came in between two maps: `sure` were wholly out and are
    wholly in, `maybe` more are undetermined. `listed` of `official` settlements of its oblasts are in the list."""

    row: str
    said: date | None
    stated: float
    start: date
    end: date
    oblasts: tuple[str, ...]
    from_file: date
    to_file: date
    sure: tuple[str, ...]
    maybe: tuple[str, ...]
    listed: int
    official: int

    @property
    def sentence(self) -> str:
        """The comparison in words, with the coverage that makes it a lower bound."""
        low, high = len(self.sure), len(self.sure) + len(self.maybe)
        return (
            f"{self.stated:g} stated; of the {self.listed:,} places in the list ({self.official:,} settlements officially) "
            f"{low} to {high} came inside between the maps of {self.from_file} and {self.to_file}: at least, not at most"
        )


@cache
def claimed() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Names and ids of the places each statement names (`catalog/claimed_places.toml`); an empty id is not in the list."""
    text = resources.files("wareconomy.catalog").joinpath("claimed_places.toml").read_text("utf-8")
    return {
        claim: tuple((item["name"], item["id"]) for item in items)
        for claim, items in tomllib.loads(text).items()
    }


def repeats() -> dict[str, tuple[str, ...]]:
    """Ids of places that more than one statement names, with the statements."""
    found: dict[str, list[str]] = {}
    for claim, items in claimed().items():
        for _, place in items:
            if place:
                found.setdefault(place, []).append(claim)
    return {place: tuple(claims) for place, claims in found.items() if len(claims) > 1}


def towns(
    con: duckdb.DuckDBPyConnection, maps: Sequence[Path], as_of: date | None = None, mapper: str | None = None
) -> list[Seen]:
    """Every place that a statement known on a day names, followed through the maps up to that day.

    Raises UsageError without maps, MissingExtra without `wareconomy[maps]`.
    """
    from wareconomy.analysis.territory import places

    day = query.as_of_day(con, as_of)
    bodies = _bodies(maps, day, mapper)
    records = {item.place.id: item for item in places.follow(bodies)}
    known = {row["id"]: row for row in _claims(con, day)}
    keyed = {town.row.removeprefix("claims:"): town.entered for town in stored.towns(con, day)}
    made = []
    again = repeats()
    states: dict[date, Mapping[str, str]] = {}
    for claim, named in claimed().items():
        if claim not in known:
            continue
        said = _day(cells(known[claim], "said_on"))
        then = max((b.day for b in bodies if said is None or b.day <= said + ONE), default=None)
        if then is not None and then not in states:
            states[then] = _states(next(b for b in bodies if b.day == then))
        for name, place in named:
            others = tuple(c for c in again.get(place, ()) if c != claim)
            late = then is not None and said is not None and said - then > NEAR
            state = (
                NOT_KNOWN
                if not place
                else "before the first map"
                if then is None
                else f"no map near that day (last {then})"
                if late
                else states[then][place]
            )
            made.append(
                _seen(
                    claim,
                    said,
                    name,
                    place,
                    state,
                    records.get(place),
                    keyed.get(claim),
                    (bodies[0].day, bodies[-1].day),
                    others,
                )
            )
    return made


def counts(
    con: duckdb.DuckDBPyConnection, maps: Sequence[Path], as_of: date | None = None, mapper: str | None = None
) -> list[Crossed]:
    """Every claimed number of settlements whose period the maps cover, beside the listed places that came inside.

    Numbers about Russian ground, and periods that begin before the first map or end after the last one, are left out.
    """
    from wareconomy.analysis.territory import places
    from wareconomy.sources import map_files

    day = query.as_of_day(con, as_of)
    bodies = _bodies(maps, day, mapper)
    lag = map_files.mapper(bodies[0].mapper).lag_days[0]
    made = []
    for row in _claims(con, day):
        period, _ = window(row)
        regions = tuple(row["regions"] or ())
        if (
            row["unit"] != "settlements"
            or (row["quantity"] or 0) < 2
            or row["id"] in claimed()
            or period is None
            or period.end is None
            or row["side"] == "ukraine"
            or any(not name.startswith("UA-") for name in regions)
        ):
            continue
        ends = _ends(bodies, period.start - ONE + lag * ONE, period.end + lag * ONE)
        if ends is None:
            continue
        sure, maybe = places.crossed(places.between(*ends), regions)
        listed, official = places.known_share(regions)
        made.append(
            Crossed(
                f"claims:{row['id']}",
                _day(cells(row, "said_on")),
                row["quantity"],
                period.start,
                period.end,
                regions,
                ends[0].day,
                ends[1].day,
                tuple(item.name for item in sure),
                tuple(item.name for item in maybe),
                listed,
                official,
            )
        )
    return made


def _seen(
    claim: str,
    said: date | None,
    name: str,
    place: str,
    state: str,
    record: PlaceRecord | None,
    keyed: date | None,
    span: tuple[date, date],
    again: tuple[str, ...],
) -> Seen:
    entered = record.centre_in if record else None
    gap = (entered - said).days if entered and said else None
    days = (record.centre_in, record.centre_out, record.first_in, record.first_out) if record else (None,) * 4
    return Seen(f"claims:{claim}", said, name, place, state, *days, gap, keyed, *span, again)


def _states(body: Body) -> Mapping[str, str]:
    """State of every listed place on one map, in words: of the disc, and of the middle where the disc is cut."""
    from wareconomy.analysis.territory import places
    from wareconomy.analysis.territory.plane import Plane
    from wareconomy.analysis.territory.region import region_of
    from wareconomy.sources.maps import VertexBook

    book = VertexBook()
    found, centre = places.looked_at(region_of(body.read(book)), Plane(book))
    words = {places.State.INSIDE: "inside", places.State.OUTSIDE: "outside"}
    return {
        item.id: words.get(places.State(state), f"undetermined, middle {'inside' if at else 'outside'}")
        for item, state, at in zip(places.listed(), found.tolist(), centre.tolist(), strict=True)
    }


def _bodies(maps: Sequence[Path], day: date, mapper: str | None) -> list[Body]:
    from wareconomy.analysis.territory import places

    found = {body.day: body for body in places.bodies_of(maps, mapper) if body.day <= day}
    if len(found) < 2:
        raise UsageError(f"settlements need maps of two days or more, on or before {day}")
    return [found[when] for when in sorted(found)]


def _ends(bodies: Sequence[Body], start: date, end: date) -> tuple[Body, Body] | None:
    """The last maps on or before two days; None where the first map is later, or the last one earlier than the end."""
    before = [body for body in bodies if body.day <= start]
    after = [body for body in bodies if body.day <= end]
    if not before or bodies[-1].day < end or before[-1].day == after[-1].day:
        return None
    return before[-1], after[-1]


def _claims(con: duckdb.DuckDBPyConnection, day: date) -> list[dict[str, Any]]:
    return query.records(con, "SELECT * FROM claims_as_of($day) ORDER BY file_line", {"day": day})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None
