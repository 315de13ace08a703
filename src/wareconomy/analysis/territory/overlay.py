"""The plain way: whole polygons cut and intersected. Slow, simple, and the reference the fast way is checked against."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory.plane import Flat, Floats, Plane, area_km2
from wareconomy.analysis.territory.region import Region


def flat(region: Region, plane: Plane) -> Flat:
    """A region as one flat shape."""
    return Flat(np.array([shapely.MultiPolygon(list(plane.polygons(region.polygons).shapes))], dtype=object))


def difference(old: Region, new: Region, plane: Plane) -> tuple[Flat, Flat]:
    """Gained and lost shapes by polygon difference of the whole regions."""
    before, after = flat(old, plane).shapes[0], flat(new, plane).shapes[0]
    return parts(shapely.difference(after, before)), parts(shapely.difference(before, after))


def parts(shape: Any) -> Flat:
    """The polygons of a flat shape, lines and points left out."""
    pieces = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    return Flat(pieces[shapely.get_dimensions(pieces) == 2])


def by_cell(pieces: Flat, cells: NDArray[np.object_]) -> Floats:
    """Area in km2 of all pieces together inside each cell, each pair intersected."""
    found = np.zeros(len(cells))
    for place, cell in enumerate(cells):
        # Every pair that touches is cut as a whole; the others are nothing.
        if not shapely.intersects(cell, pieces.shapes).any():
            continue
        found[place] = area_km2(Flat(shapely.intersection(pieces.shapes, cell))).sum()
    return found
