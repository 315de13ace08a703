"""Areas: to the last digit of the published case, in the plane as on the ellipsoid, and in nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from tests.map_rig import box, front

from wareconomy.analysis.territory import plane
from wareconomy.sources.map_errors import NotANumber, WrongProjection
from wareconomy.sources.maps import VertexBook

ANTARCTICA_LAT = [
    -72.9,
    -71.9,
    -74.9,
    -74.3,
    -77.5,
    -77.4,
    -71.7,
    -65.9,
    -65.7,
    -66.6,
    -66.9,
    -69.8,
    -70.0,
    -71.0,
    -77.3,
    -77.9,
    -74.7,
]
ANTARCTICA_LON = [-74, -102, -102, -131, -163, 163, 172, 140, 113, 88, 59, 25, -4, -14, -33, -46, -61]


def test_the_geographiclib_planimeter_case_to_its_last_digit() -> None:
    ring = np.column_stack([ANTARCTICA_LON, ANTARCTICA_LAT]).astype(float)
    assert f"{abs(plane.ring_km2(ring)) * 1e6:.1f}" == "13376856682207.4"
    _, perimeter = plane.geod().polygon_area_perimeter(ring[:, 0], ring[:, 1])
    assert f"{perimeter:.3f}" == "14710425.407"


def test_how_a_ring_runs_does_not_matter() -> None:
    outer, hole = np.array(box(36, 47, 38, 49)), np.array(box(36.5, 47.5, 37, 48))
    areas = {round(plane.polygon_km2([a, b]), 9) for a in (outer, outer[::-1]) for b in (hole, hole[::-1])}
    assert len(areas) == 1


def test_the_closed_form_is_projs() -> None:
    rng = np.random.default_rng(1)
    spots = np.column_stack([rng.uniform(20, 42, 500), rng.uniform(43, 54, 500)])
    there = pyproj.Transformer.from_crs("EPSG:4326", plane.PROJ4, always_xy=True)
    flat = plane.project(spots)
    assert np.abs(flat - np.column_stack(there.transform(*spots.T))).max() < 1e-5
    assert np.abs(plane.unproject(flat) - spots).max() < 1e-11
    middle = np.array([plane.CENTRE])
    assert np.abs(plane.unproject(plane.project(middle)) - middle).max() < 1e-12


def test_plane_areas_with_long_edges_are_geodesic_within_two_in_a_hundred_million() -> None:
    book = VertexBook()
    ring = np.array(box(32.0, 45.0, 40.0, 51.0))
    flat = plane.Plane(book).polygons([[book.number(ring)]])
    geodesic = plane.polygon_km2([ring])
    assert plane.area_km2(flat)[0] == pytest.approx(geodesic, rel=2e-8)
    coarse = shapely.Polygon(plane.project(ring)).area / 1e6
    assert abs(coarse / geodesic - 1) > 1e-4


def test_points_of_a_geodesic_are_the_same_both_ways() -> None:
    book = VertexBook()
    a, b = book.number(np.array([(32.0, 45.0), (33.0, 46.0)])).tolist()
    flat = plane.Plane(book)
    assert np.array_equal(flat.between(a, b), flat.between(b, a)[::-1])
    assert len(flat.between(a, b)) > 50


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(front()),
        np.array([shapely.Polygon(front())]),
        shapely.transform(shapely.Polygon(front()), lambda c: c * 111_000),
        117_000.0,
    ],
)
def test_degrees_and_anything_else_have_no_area(shape: Any) -> None:
    with pytest.raises(TypeError):
        plane.area_km2(shape)


def test_web_mercator_cannot_get_in() -> None:
    there = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    ring = np.array(front())
    mercator = np.column_stack(there.transform(*ring.T))
    with pytest.raises(WrongProjection):
        plane.ring_km2(mercator)
    with pytest.raises(WrongProjection):
        plane.flatten([shapely.Polygon(mercator)])
    wrong = shapely.Polygon(mercator).area / 1e6
    assert wrong / plane.polygon_km2([ring]) > 2, "what the mistake would have cost"


def test_a_coordinate_that_is_no_number_has_no_area() -> None:
    with pytest.raises(NotANumber):
        plane.ring_km2(np.array([(37.0, 48.0), (38.0, np.nan), (38.0, 49.0), (37.0, 48.0)]))


def test_flat_holds_arrays_only() -> None:
    with pytest.raises(TypeError):
        plane.Flat(shapely.Polygon(front()))
