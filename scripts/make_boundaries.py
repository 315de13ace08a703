"""Makes src/wareconomy/catalog/oblasts.geojson from Natural Earth's first-level units of Ukraine.

    python scripts/make_boundaries.py ukr_oblasts.geojson

The input is Natural Earth 1:10m admin-1 (public domain) in an edition in which Crimea and Sevastopol are units of
Ukraine, with a property `iso_3166_2`. Natural Earth draws its outer line generalised, up to a few kilometres off. A
map of control follows the real border, so 1.6 % of the occupied area would fall outside all units. Each unit therefore
also gets a margin: what lies beyond the outer line, at most 10 km from it, and nearest to this unit. The
margin is kept as a feature of its own, so that every figure can say how much of it lies in a margin.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import shapely

from wareconomy.analysis.territory.plane import flatten, unproject

REACH = 10_000.0
OUT = Path(__file__).resolve().parents[1] / "src" / "wareconomy" / "catalog" / "oblasts.geojson"


def main(source: Path) -> None:
    """Read, compute the margins, write."""
    listed = json.loads(source.read_text(encoding="utf-8"))["features"]
    listed.sort(key=lambda feature: feature["properties"]["iso_3166_2"])
    codes = [feature["properties"]["iso_3166_2"] for feature in listed]
    degrees = [shapely.geometry.shape(feature["geometry"]) for feature in listed]
    land = flatten(degrees).shapes
    whole = shapely.union_all(land)
    owners, points = [], []
    for place, unit in enumerate(land):
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
    owner = np.array(owners)
    of_cell = np.full(len(cells), -1)
    inside = shapely.STRtree(spots).query(cells, predicate="covers")
    of_cell[inside[0]] = owner[inside[1]]
    belt = shapely.difference(shapely.buffer(whole, REACH, quad_segs=4), whole)
    made = []
    for place, code in enumerate(codes):
        made.append((code, "land", degrees[place]))
        near = cells[of_cell == place]
        if len(near):
            margin = shapely.intersection(shapely.simplify(shapely.union_all(near), 0.5), belt)
            made.append((code, "margin", shapely.transform(shapely.make_valid(margin), unproject)))
    features = []
    for code, part, shape in made:
        rounded = shapely.set_precision(shape, 0) if part == "land" else shape
        geometry = json.loads(shapely.to_geojson(shapely.transform(rounded, lambda c: np.round(c, 5))))
        features.append({"type": "Feature", "properties": {"code": code, "part": part}, "geometry": geometry})
    head = {
        "type": "FeatureCollection",
        "source": "Natural Earth 1:10m",
        "about": "first-level units in an edition with Crimea and Sevastopol in Ukraine; margins computed from it",
        "licence": "public domain",
    }
    body = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    OUT.write_text(json.dumps(head)[:-1] + ', "features": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
