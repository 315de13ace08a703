"""The fast way gives what the plain overlay gives, for any two maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.map_rig import box, front

from wareconomy.analysis.territory import edges, overlay
from wareconomy.analysis.territory.plane import Plane, area_km2
from wareconomy.analysis.territory.region import Region, geodesic_km2, united, whole
from wareconomy.sources.maps import VertexBook

SIDE = 6
RNG = np.random.default_rng(7)
GRID = np.stack(np.meshgrid(np.linspace(36, 38, SIDE + 1), np.linspace(47, 48.4, SIDE + 1)), axis=-1)
GRID += RNG.uniform(-0.06, 0.06, GRID.shape)
CELLS = [(i, j) for i in range(SIDE) for j in range(SIDE)]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shape(cells: frozenset[tuple[int, int]], grid: np.ndarray) -> Any:
    """Cells of a warped grid joined: parts, holes and corners that touch, all from shared vertices."""
    made = [
        shapely.Polygon([grid[i, j], grid[i, j + 1], grid[i + 1, j + 1], grid[i + 1, j]]) for i, j in cells
    ]
    return shapely.union_all(made)


def region(cells: frozenset[tuple[int, int]], book: VertexBook, grid: np.ndarray = GRID) -> Region:
    return united([shape(cells, grid)], book)


def compare(old: Region, new: Region, book: VertexBook) -> edges.Change:
    plane = Plane(book)
    found = edges.change(old, new, plane)
    gained, lost = overlay.difference(old, new, plane)
    assert area_km2(found.gained).sum() == pytest.approx(area_km2(gained).sum(), abs=1e-7)
    assert area_km2(found.lost).sum() == pytest.approx(area_km2(lost).sum(), abs=1e-7)
    net = geodesic_km2(new, book) - geodesic_km2(old, book)
    assert found.net_km2 == pytest.approx(net, abs=1e-6)
    together = shapely.union_all(np.concatenate([found.gained.shapes, found.lost.shapes]))
    expected = shapely.union_all(np.concatenate([gained.shapes, lost.shapes]))
    assert shapely.symmetric_difference(together, expected).area < 1.0, (
        "the same places, within a square metre"
    )
    return found


cells = st.frozensets(st.sampled_from(CELLS), min_size=1, max_size=30)


@QUICK
@given(old=cells, new=cells)
def test_any_two_maps_with_shared_vertices(
    old: frozenset[tuple[int, int]], new: frozenset[tuple[int, int]]
) -> None:
    book = VertexBook()
    compare(region(old, book), region(new, book), book)


@QUICK
@given(old=cells, new=cells, seed=st.integers(0, 10_000), share=st.sampled_from([0.1, 0.5, 1.0]))
def test_any_two_maps_whose_edges_cross(
    old: frozenset[tuple[int, int]], new: frozenset[tuple[int, int]], seed: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    moved = GRID + rng.uniform(-0.05, 0.05, GRID.shape) * (rng.random(GRID.shape[:2]) < share)[..., None]
    book = VertexBook()
    compare(region(old, book), region(new, book, moved), book)


@QUICK
@given(moves=st.dictionaries(st.integers(1, 38), st.floats(-0.2, 0.2), min_size=1, max_size=12))
def test_any_move_of_a_line(moves: dict[int, float]) -> None:
    book = VertexBook()
    old = united([shapely.Polygon(front())], book)
    new = united([shapely.Polygon(front(moves))], book)
    compare(old, new, book)


def ring(points: list[tuple[float, float]], book: VertexBook) -> np.ndarray:
    return book.number(np.array(points))


def test_an_equal_map_costs_nothing() -> None:
    book = VertexBook()
    one = whole(((ring(front(), book),),), book)
    two = whole(((ring(front()[::-1], book),),), book)
    found = edges.change(one, two, Plane(book))
    assert (found.edges, found.net_km2, len(found.gained.shapes)) == (0, 0.0, 0)


def test_a_few_edges_are_compared_and_a_map_drawn_anew_is_overlaid() -> None:
    book = VertexBook()
    old = whole(((ring(front(count=1000), book),),), book)
    near = whole(((ring(front({20: 0.05}, 1000), book),),), book)
    anew = whole(((ring([(x + 0.001, y) for x, y in front(count=1000)], book),),), book)
    assert compare(old, near, book).edges == 4
    assert not compare(old, near, book).redrawn
    assert compare(old, anew, book).redrawn


def test_land_that_changes_sides_along_one_edge() -> None:
    book = VertexBook()
    left, right = ring(box(36, 47, 36.01, 47.01), book), ring(box(36.01, 47, 36.02, 47.01), book)
    found = compare(whole(((left,),), book), whole(((right,),), book), book)
    assert (len(found.gained.shapes), len(found.lost.shapes)) == (1, 1)


def test_a_hole_that_closes_is_a_gain() -> None:
    book = VertexBook()
    outer, hole = ring(front(), book), ring(box(38.0, 47.6, 38.1, 47.7), book)
    found = compare(whole(((outer, hole),), book), whole(((outer,),), book), book)
    assert found.net_km2 > 0
    assert not len(found.lost.shapes)


def test_an_invalid_chain_goes_to_the_plain_overlay(monkeypatch: pytest.MonkeyPatch) -> None:
    book = VertexBook()
    monkeypatch.setattr(edges, "_faces", lambda *_: None)
    old, new = (whole(((ring(front(m), book),),), book) for m in ({}, {5: 0.1}))
    assert compare(old, new, book).redrawn
