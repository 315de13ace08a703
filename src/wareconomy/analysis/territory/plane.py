"""From degrees to an equal-area plane, once, and areas that can only be taken there or on the ellipsoid.

`Plane.of(book)` projects every vertex of a run of maps to Lambert's azimuthal equal-area plane (WGS84, centre
48.5 N 34 E; Snyder 1987, eq. 24-17 to 24-20). An edge of a map is a geodesic: edges longer than 2 km get
vertices of the geodesic in between before they are projected, so that plane areas equal geodesic ones within
1e-8. Plane shapes are the type `Flat`, and `area_km2` takes nothing else: there is no way to ask for an
area in degrees or in Web Mercator. Totals are geodesic (Karney 2013, `pyproj.Geod`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.sources.maps import VertexBook, check_place

if TYPE_CHECKING:
    import pyproj

Floats = NDArray[np.float64]
CENTRE = (34.0, 48.5)
STEP = 2000.0
"""Metres; longer edges are given vertices on their geodesic."""
A = 6378137.0
E2 = 0.0066943799901413165
PROJ4 = f"+proj=laea +lat_0={CENTRE[1]} +lon_0={CENTRE[0]} +ellps=WGS84 +units=m"


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """Shapes in the equal-area plane, in metres: the only thing whose area in the plane can be asked for.

    Made by `Plane` and by `flatten`, from checked degrees, and by cutting other flat shapes.
    """

    shapes: NDArray[np.object_]

    def __post_init__(self) -> None:
        if not isinstance(self.shapes, np.ndarray):
            raise TypeError("Flat holds an array of shapes")


@cache
def geod() -> pyproj.Geod:
    """The WGS84 ellipsoid."""
    import pyproj

    return pyproj.Geod(ellps="WGS84")


def area_km2(flat: Flat) -> Floats:
    """Area of each flat shape in km2. TypeError for anything that is not flat."""
    if not isinstance(flat, Flat):
        raise TypeError(
            f"an area is taken of Flat shapes, not of {type(flat).__name__}: project degrees first"
        )
    return np.asarray(shapely.area(flat.shapes), dtype=np.float64) / 1e6


def ring_km2(lonlat: Floats) -> float:
    """Geodesic area in km2 inside a closed ring of degrees, positive where it runs anticlockwise.

    The number is that of `pyproj.Geod.polygon_area_perimeter`. Raises the named errors for what is no degrees.
    """
    check_place(lonlat, "ring", inside=False)
    area, _ = geod().polygon_area_perimeter(lonlat[:, 0], lonlat[:, 1])
    return float(area) / 1e6


def polygon_km2(rings: Sequence[Floats]) -> float:
    """Geodesic area in km2 of an outer ring less its holes; how the rings run does not matter."""
    outer, *holes = (abs(ring_km2(ring)) for ring in rings)
    return outer - sum(holes)


def project(lonlat: Floats) -> Floats:
    """Degrees to metres in the equal-area plane (closed form, equal to PROJ within a micrometre)."""
    lam = np.radians(lonlat[:, 0] - CENTRE[0])
    beta = np.arcsin(_authalic(np.sin(np.radians(lonlat[:, 1]))) / _POLE)
    beta0, radius, scale = _centre()
    bottom = 1 + np.sin(beta0) * np.sin(beta) + np.cos(beta0) * np.cos(beta) * np.cos(lam)
    root = radius * np.sqrt(2 / bottom)
    x = root * scale * np.cos(beta) * np.sin(lam)
    y = root / scale * (np.cos(beta0) * np.sin(beta) - np.sin(beta0) * np.cos(beta) * np.cos(lam))
    return np.column_stack([x, y])


def unproject(xy: Floats) -> Floats:
    """Metres in the equal-area plane back to degrees."""
    beta0, radius, scale = _centre()
    x, y = xy[:, 0] / scale, xy[:, 1] * scale
    rho = np.hypot(x, y)
    c = 2 * np.arcsin(np.clip(rho / (2 * radius), 0, 1))
    safe = np.where(rho == 0, 1.0, rho)
    q = _POLE * (np.cos(c) * np.sin(beta0) + np.where(rho == 0, 0.0, y * np.sin(c) * np.cos(beta0) / safe))
    lam = np.arctan2(x * np.sin(c), rho * np.cos(beta0) * np.cos(c) - y * np.sin(beta0) * np.sin(c))
    sine = q / _POLE
    for _ in range(8):
        slope = 2 * (1 - E2) / (1 - E2 * sine * sine) ** 2
        sine = np.clip(sine - (_authalic(sine) - q) / slope, -1, 1)
    return np.column_stack([CENTRE[0] + np.degrees(lam), np.degrees(np.arcsin(sine))])


def _authalic(sine: Any) -> Any:
    e = np.sqrt(E2)
    return (1 - E2) * (sine / (1 - E2 * sine * sine) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e))


_POLE = float(_authalic(1.0))


@cache
def _centre() -> tuple[float, float, float]:
    sine = np.sin(np.radians(CENTRE[1]))
    beta0 = float(np.arcsin(_authalic(sine) / _POLE))
    radius = A * float(np.sqrt(_POLE / 2))
    m0 = float(np.cos(np.radians(CENTRE[1])) / np.sqrt(1 - E2 * sine * sine))
    return beta0, radius, A * m0 / (radius * float(np.cos(beta0)))


class Plane:
    """The vertices of a run of maps in the plane, and the extra ones on the geodesics of long edges."""

    def __init__(self, book: VertexBook) -> None:
        self.book = book
        self._xy: Floats = np.empty((0, 2))
        self._between: dict[tuple[int, int], Floats] = {}

    @property
    def xy(self) -> Floats:
        """Metres, one row for each vertex of the book."""
        known = len(self._xy)
        if known < len(self.book):
            self._xy = np.vstack([self._xy, project(self.book.lonlat[known:])])
        return self._xy

    def between(self, a: int, b: int) -> Floats:
        """Points of the geodesic from a to b, ends left out; the same points, reversed, from b to a."""
        if a > b:
            return self.between(b, a)[::-1]
        if (a, b) not in self._between:
            (lon1, lat1), (lon2, lat2) = self.book.lonlat[a], self.book.lonlat[b]
            azimuth, _, length = geod().inv(lon1, lat1, lon2, lat2)
            parts = int(np.ceil(length / STEP))
            along = length * np.arange(1, parts) / parts
            n = len(along)
            lon, lat, _ = geod().fwd(np.full(n, lon1), np.full(n, lat1), np.full(n, azimuth), along)
            self._between[a, b] = project(np.column_stack([lon, lat])) if n else np.empty((0, 2))
        return self._between[a, b]

    def path(self, numbers: NDArray[np.int32]) -> Floats:
        """A chain of vertices as points in the plane, long edges with their extra points."""
        points = self.xy[numbers]
        long = np.flatnonzero(np.hypot(*np.diff(points, axis=0).T) > STEP)
        if not len(long):
            return points
        pieces = []
        last = 0
        for i in long:
            pieces += [points[last : i + 1], self.between(int(numbers[i]), int(numbers[i + 1]))]
            last = int(i) + 1
        return np.vstack([*pieces, points[last:]])

    def polygons(self, polygons: Iterable[Sequence[NDArray[np.int32]]]) -> Flat:
        """Polygons (rings of vertex numbers) as flat shapes."""
        made = [
            shapely.Polygon(self.path(outer), [self.path(hole) for hole in holes])
            for outer, *holes in polygons
        ]
        return Flat(np.array(made, dtype=object))


def flatten(shapes: Sequence[Any] | NDArray[np.object_]) -> Flat:
    """Shapely shapes in degrees as flat ones; their edges are taken as straight in degrees (boundaries, points)."""
    array = np.asarray(shapes, dtype=object)
    points = shapely.get_coordinates(array)
    if len(points):
        check_place(points, "shape", inside=False)
    return Flat(np.asarray(shapely.transform(array, project), dtype=object))
