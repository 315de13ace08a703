"""Map files as values: polygons by status class, vertices shared by all days, and the checks every map must pass.

A map holds rings of vertex numbers; a `VertexBook` holds each vertex once. Two consecutive maps share almost
all of their vertices, so a day costs little to read and to compare. Coordinates are WGS84 longitude and
latitude in degrees; a third coordinate is read and left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wareconomy.sources.map_errors import (
    ElsewhereMap,
    EmptyMap,
    MapTooDeep,
    MapTooLarge,
    NotAMap,
    NotANumber,
    SwappedAxes,
    TruncatedMap,
    WrongProjection,
)

MAX_BYTES = 32 * 1024 * 1024
"""Largest map in bytes; real ones have 0.1 to 0.7 MB."""
MAX_VERTICES = 500_000
"""Most vertices of a map; real ones have 3,000 to 30,000."""
MAX_DEPTH = 32
"""Deepest nesting; GeoJSON with one collection in another has 11."""
REGION = (20.0, 43.0, 42.0, 54.0)
"""West, south, east, north in degrees: Ukraine and its seas. Areas inside Ukraine lie in this box entirely."""
WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84")

Ring = NDArray[np.int32]
Polygon = tuple[Ring, ...]
"""Vertex numbers of the outer ring and of each hole; every ring is closed (first equals last)."""
POSITION = re.compile(rb"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?")


class Status(StrEnum):
    """Classes of area on a map of control. Nothing defaults: what no rule knows stops the map."""

    OCCUPIED = "occupied"
    OCCUPIED_BEFORE = "occupied_before"
    UNKNOWN = "unknown"
    LIBERATED = "liberated"
    OUTSIDE = "outside"


OCCUPIED = (Status.OCCUPIED, Status.OCCUPIED_BEFORE)
"""What counts as occupied area: since 24 February 2022, and before (Crimea, ORDLO, Tuzla)."""


class VertexBook:
    """Every vertex of a run of maps once, numbered in the order of first sight."""

    def __init__(self) -> None:
        self._numbers: dict[complex, int] = {}
        self._tokens: dict[bytes, int] = {}
        self._points: list[complex] = []
        self._array: NDArray[np.float64] = np.empty((0, 2))

    @property
    def lonlat(self) -> NDArray[np.float64]:
        """Longitude and latitude in degrees, one row for each vertex number."""
        if len(self._array) < len(self._points):
            fresh = np.array(self._points[len(self._array) :], dtype=np.complex128)
            self._array = np.vstack([self._array, np.column_stack([fresh.real, fresh.imag])])
        return self._array

    def __len__(self) -> int:
        return len(self._points)

    def number(self, lonlat: NDArray[np.float64]) -> Ring:
        """Vertex numbers of rows of longitude and latitude (finite degrees, checked before)."""
        keys: list[complex] = (
            np.ascontiguousarray(lonlat, dtype=np.float64).view(np.complex128).ravel().tolist()
        )
        try:
            found = list(map(self._numbers.__getitem__, keys))
        except KeyError:
            found = [self._add(key) for key in keys]
        return np.array(found, dtype=np.int32)

    def number_tokens(self, tokens: Sequence[bytes], where: str) -> Ring:
        """Vertex numbers of positions still in text (`35.498759,45.306176`), each parsed once in a run of maps."""
        try:
            found = list(map(self._tokens.__getitem__, tokens))
        except KeyError:
            self._learn(set(tokens).difference(self._tokens), where)
            found = list(map(self._tokens.__getitem__, tokens))
        return np.array(found, dtype=np.int32)

    def _learn(self, tokens: set[bytes], where: str) -> None:
        # Checked before they are kept: a vertex of a map set aside must not pass unseen in the next one.
        fresh = {}
        for token in tokens:
            match = POSITION.fullmatch(token)
            if not match:
                raise NotANumber(
                    where, "a coordinate is no number", value=token[:80].decode(errors="replace")
                )
            fresh[token] = complex(float(match[1]), float(match[2]))
        points = np.array(list(fresh.values()), dtype=np.complex128)
        check_place(np.column_stack([points.real, points.imag]), where)
        for token, key in fresh.items():
            self._tokens[token] = self._add(key)

    def _add(self, key: complex) -> int:
        number = self._numbers.setdefault(key, len(self._points))
        if number == len(self._points):
            self._points.append(key)
        return number


@dataclass(frozen=True, slots=True)
class MapFile:
    """One map of one day as its file states it.

    `day` is the date of the file; `taken` the moment of publication where the file tells (raw snapshots).
    `areas` holds the polygons by status class; `before` those held before 2022 by name (Crimea, ORDLO, Tuzla), where
    the map names them; `notes` what was left out or mended while reading.
    """

    mapper: str
    day: date
    taken: datetime | None
    name: str
    sha256: str
    book: VertexBook
    areas: Mapping[Status, tuple[Polygon, ...]]
    notes: tuple[str, ...] = field(default=())
    before: Mapping[str, tuple[Polygon, ...]] = field(default_factory=dict)


def load_json(body: bytes, where: str) -> Any:
    """The JSON of a map after the limits of size and depth. Raises the named errors of `map_errors`."""
    if len(body) > MAX_BYTES:
        raise MapTooLarge(where, f"{len(body):,} bytes, the limit is {MAX_BYTES:,}")
    if not body.strip():
        raise EmptyMap(where, "the file is empty", "Fetch it again")
    _check_depth(body, where)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=lambda word: _no_number(where, word))
    except UnicodeDecodeError as error:
        raise NotAMap(
            where, f"the bytes are not UTF-8 (byte {error.start})", "Unpack or convert the file"
        ) from error
    except RecursionError as error:
        raise MapTooDeep(where, f"nested deeper than {MAX_DEPTH} levels") from error
    except json.JSONDecodeError as error:
        tail = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
        kind = TruncatedMap if tail else NotAMap
        raise kind(where, f"{error.msg} at character {error.pos:,}", "Fetch it again") from error
    except ValueError as error:
        raise NotANumber(where, "a number has too many digits") from error


def _no_number(where: str, word: str) -> float:
    raise NotANumber(where, "a coordinate is not a finite number", value=word)


def _check_depth(body: bytes, where: str) -> None:
    def deepest(text: bytes) -> int:
        marks = np.frombuffer(text, dtype=np.uint8)
        step = ((marks == 91) | (marks == 123)).astype(np.int8) - ((marks == 93) | (marks == 125)).astype(
            np.int8
        )
        return int(np.cumsum(step, dtype=np.int64).max(initial=0))

    if deepest(body) > MAX_DEPTH and deepest(re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', body)) > MAX_DEPTH:
        raise MapTooDeep(where, f"nested deeper than {MAX_DEPTH} levels")


def features(document: Any, where: str) -> list[Mapping[str, Any]]:
    """The features of a FeatureCollection, also inside a `map` or `value` envelope; a bare geometry counts as one."""
    if isinstance(document, Mapping) and isinstance(document.get("error"), Mapping):
        raise NotAMap(
            where, "the server answered with an error instead of a map", value=str(document["error"])[:80]
        )
    for envelope in ("map", "value"):
        if isinstance(document, Mapping) and isinstance(document.get(envelope), Mapping):
            document = document[envelope]
    if not isinstance(document, Mapping):
        raise NotAMap(where, "the JSON is no GeoJSON object")
    _check_crs(document.get("crs"), where)
    truncated = document.get("exceededTransferLimit") or (document.get("properties") or {}).get(
        "exceededTransferLimit"
    )
    if truncated is True:
        raise TruncatedMap(
            where, "the server says it sent only a part", "Ask for the remaining features and join them"
        )
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    listed = document.get("features")
    if kind != "FeatureCollection" or not isinstance(listed, list):
        raise NotAMap(where, "neither a FeatureCollection nor a geometry", value=str(kind))
    if not all(isinstance(item, Mapping) for item in listed):
        raise NotAMap(where, "a feature is no object")
    return listed


def _check_crs(crs: Any, where: str) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = str(properties.get("name") if isinstance(properties, Mapping) else crs)
    if not any(name.replace(" ", "").upper().endswith(known) for known in WGS84_NAMES):
        raise WrongProjection(
            where, "the file declares another coordinate system", "Convert it to WGS84", value=name
        )


def polygonal(feature: Mapping[str, Any]) -> bool:
    """Whether a feature is an area; points and lines are symbols, and a missing geometry is nothing."""
    geometry = feature.get("geometry")
    return isinstance(geometry, Mapping) and geometry.get("type") in (
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    )


class PolygonReader:
    """Reads GeoJSON geometries into vertex numbers, counting vertices and noting what it mends or skips."""

    def __init__(self, book: VertexBook, where: str) -> None:
        self.book = book
        self.where = where
        self.vertices = 0
        self.skipped: dict[str, int] = {}
        self.notes: list[str] = []

    def polygons(self, geometry: Any, status: Status = Status.OCCUPIED) -> list[Polygon]:
        """Polygons of a geometry; points and lines are symbols and counted as skipped.

        Occupied area must lie in or near Ukraine; a stray polygon of unknown or liberated area elsewhere is left out
        and noted (on 2023-02-02 one of 26,000 km2 lay in the Arabian Sea).
        """
        if geometry is None:
            return []
        if not isinstance(geometry, Mapping):
            raise NotAMap(self.where, "a geometry is no object")
        kind = geometry.get("type")
        if kind == "GeometryCollection":
            parts = geometry.get("geometries")
            if not isinstance(parts, list):
                raise NotAMap(self.where, "a GeometryCollection without geometries")
            return [polygon for part in parts for polygon in self.polygons(part, status)]
        coordinates = geometry.get("coordinates")
        if kind in ("Point", "MultiPoint", "LineString", "MultiLineString"):
            self.skipped[str(kind)] = self.skipped.get(str(kind), 0) + 1
            return []
        if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
            raise NotAMap(self.where, "a geometry of unknown type or without coordinates", value=str(kind))
        shapes = coordinates if kind == "MultiPolygon" else [coordinates]
        made = [self._placed(rings, status) for rings in shapes]
        return [polygon for polygon in made if polygon]

    def _placed(self, rings: Any, status: Status) -> Polygon:
        try:
            return self._polygon(rings, inside=status is not Status.OUTSIDE)
        except ElsewhereMap:
            if status in OCCUPIED:
                raise
            self.notes.append(f"a polygon marked {status} far outside Ukraine was left out")
            return ()

    def _polygon(self, rings: Any, inside: bool) -> Polygon:
        if not isinstance(rings, list):
            raise NotAMap(self.where, "a polygon is no list of rings")
        made = [self._ring(ring, inside) for ring in rings]
        if not made or made[0] is None:
            return ()
        return tuple(ring for ring in made if ring is not None)

    def _ring(self, ring: Any, inside: bool) -> Ring | None:
        self.vertices += len(ring) if isinstance(ring, list) else 0
        if self.vertices > MAX_VERTICES:
            raise MapTooLarge(
                self.where, f"more than {MAX_VERTICES:,} vertices", "No map of the front has so many"
            )
        try:
            points = np.array([position[:2] for position in ring], dtype=np.float64)
        except (TypeError, ValueError, IndexError) as error:
            raise NotANumber(self.where, "a ring holds something that is no pair of numbers") from error
        if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
            if points.size and (points.ndim != 2 or points.shape[1] != 2):
                raise NotANumber(self.where, "a ring holds something that is no pair of numbers")
            self.notes.append("a ring of fewer than three points was left out (it has no area)")
            return None
        check_place(points, self.where, inside)
        if not np.array_equal(points[0], points[-1]):
            points = np.vstack([points, points[:1]])
            self.notes.append("an open ring was closed")
        return self.book.number(points)


def check_place(points: NDArray[np.float64], where: str, inside: bool = True) -> None:
    """Degrees, finite, in the right order and, for areas inside Ukraine, in Ukraine. Raises the named errors."""
    if not np.isfinite(points).all():
        raise NotANumber(where, "a coordinate is not a finite number")
    x, y = points[:, 0], points[:, 1]
    if np.abs(x).max(initial=0) > 180 or np.abs(y).max(initial=0) > 180:
        raise WrongProjection(
            where, "coordinates beyond 180", "Convert it to longitude and latitude in degrees"
        )
    west, south, east, north = REGION
    if inside and ((x < west) | (x > east) | (y < south) | (y > north)).any():
        swapped = (y >= west) & (y <= east) & (x >= south) & (x <= north)
        if swapped.all():
            raise SwappedAxes(where, "latitude stands before longitude", "Write longitude first")
        raise ElsewhereMap(where, f"a vertex lies outside {west:g}-{east:g} E, {south:g}-{north:g} N")
    if np.abs(y).max(initial=0) > 90:
        raise SwappedAxes(where, "a latitude beyond 90", "Write longitude first")
