"""The occupied area of one map as one clean region: overlaps counted once, faulty rings mended and the mending measured.

However the rings of a file run, a region's outer rings run anticlockwise and its holes clockwise, so that the
region lies to the left of every edge. Edges are pairs of vertex numbers in one integer; two days compare by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory.plane import Floats, polygon_km2
from wareconomy.sources.maps import OCCUPIED, MapFile, Polygon, Status, VertexBook

Codes = NDArray[np.int64]
HALF = 32


@dataclass(frozen=True, slots=True)
class Repair:
    """Something mended in a map before it was measured, and how much area that concerns."""

    what: str
    km2: float


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A valid area: polygons of vertex numbers, and its directed edges as sorted integers."""

    polygons: tuple[Polygon, ...]
    edges: Codes
    repairs: tuple[Repair, ...] = ()
    before: tuple[tuple[str, float], ...] = ()
    unknown_km2: float | None = None


def region_of(map_file: MapFile, previous: Region | None = None) -> Region:
    """The occupied region of a map: since and before 24 February 2022 together, everything else left out.

    Where its edges are those of the `previous` valid region, it is valid too and is not checked again.

    `before` (km2 of Crimea, ORDLO, Tuzla by name) and `unknown_km2` (grey areas, less what is also occupied) are given where
    the map tells the classes apart.
    """
    listed = [polygon for status in OCCUPIED for polygon in map_file.areas.get(status, ())]
    book = map_file.book
    if len(map_file.areas) == 1:
        made = whole(tuple(listed), book)
        if previous is not None and not previous.repairs and np.array_equal(made.edges, previous.edges):
            return previous
        shapes = [_shape(polygon, book) for polygon in listed]
        return made if shapely.is_valid(shapely.MultiPolygon(shapes)) else united(shapes, book)
    occupied = [_shape(polygon, book) for polygon in listed]
    made = united(occupied, book)
    named = map_file.before or {"held before 2022": map_file.areas.get(Status.OCCUPIED_BEFORE, ())}
    before = tuple(
        (name, _km2(_union([_shape(polygon, book) for polygon in polygons])[0]))
        for name, polygons in sorted(named.items())
    )
    unknown, _ = _union([_shape(polygon, book) for polygon in map_file.areas.get(Status.UNKNOWN, ())])
    taken, _ = _union(occupied)
    both = _km2(shapely.intersection(unknown, taken))
    repairs = made.repairs
    if both > 0.005:
        repairs += (Repair("area marked both occupied and unknown, counted as occupied", both),)
    return Region(made.polygons, made.edges, repairs, before, _km2(shapely.difference(unknown, taken)))


def whole(polygons: tuple[Polygon, ...], book: VertexBook) -> Region:
    """A region from polygons known to be valid and apart; only the sense of their rings is set."""
    turned = tuple(
        tuple(_turn(ring, book, anticlockwise=place == 0) for place, ring in enumerate(polygon))
        for polygon in polygons
    )
    return Region(turned, _edges(turned))


def united(shapes: Sequence[Any], book: VertexBook) -> Region:
    """A region from shapes in degrees that may be faulty or overlap; what was mended is recorded."""
    union, repairs = _union(shapes)
    polygons = tuple(
        tuple(book.number(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors))
        for part in _parts(union)
    )
    made = whole(polygons, book)
    return Region(made.polygons, made.edges, tuple(repairs))


def rings(region: Region, book: VertexBook) -> Iterable[list[Floats]]:
    """Each polygon of a region as rings in degrees."""
    for polygon in region.polygons:
        yield [book.lonlat[ring] for ring in polygon]


def geodesic_km2(region: Region, book: VertexBook) -> float:
    """Geodesic area of a region in km2, outer rings less holes."""
    return float(sum(polygon_km2(polygon) for polygon in rings(region, book)))


def _union(shapes: Sequence[Any]) -> tuple[Any, list[Repair]]:
    sound, repairs = [], []
    for shape in shapes:
        if shapely.is_valid(shape):
            sound.append(shape)
            continue
        reason = shapely.is_valid_reason(shape).split("[")[0].strip().lower()
        mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        size = abs(_km2(mended) - _km2(shape))
        repairs.append(Repair(f"{reason} mended", size))
        sound.append(mended)
    union = shapely.union_all(np.array(sound, dtype=object)) if sound else shapely.MultiPolygon()
    overlap = sum(map(_km2, sound)) - _km2(union)
    if overlap > 0.005:
        repairs.append(Repair("overlap counted once", overlap))
    return union, repairs


def _km2(shape: Any) -> float:
    """Geodesic area of a shape in degrees, outer rings less holes."""
    return float(
        sum(
            polygon_km2([shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)])
            for part in _parts(shape)
        )
    )


def _parts(shape: Any) -> list[Any]:
    return [
        part for part in shapely.get_parts(np.array([shape], dtype=object)) if part.geom_type == "Polygon"
    ]


def _shape(polygon: Polygon, book: VertexBook) -> Any:
    outer, *holes = (book.lonlat[ring] for ring in polygon)
    return shapely.Polygon(outer, holes)


def _turn(ring: NDArray[np.int32], book: VertexBook, anticlockwise: bool) -> NDArray[np.int32]:
    points = book.lonlat[ring] - book.lonlat[ring[0]]
    x, y = points[:, 0], points[:, 1]
    area = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))
    return ring if (area > 0) == anticlockwise else ring[::-1]


def _edges(polygons: tuple[Polygon, ...]) -> Codes:
    if not polygons:
        return np.empty(0, dtype=np.int64)
    starts = np.concatenate([ring[:-1] for polygon in polygons for ring in polygon]).astype(np.int64)
    ends = np.concatenate([ring[1:] for polygon in polygons for ring in polygon]).astype(np.int64)
    codes = (starts << HALF) | ends
    kept: Codes = codes[starts != ends]
    kept.sort()
    return kept
