"""What changed between two maps as a GeoDataFrame, for whoever goes on in geopandas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from wareconomy.analysis.territory import boundaries, places
from wareconomy.analysis.territory.plane import Flat, area_km2, unproject
from wareconomy.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from wareconomy.analysis.area_question import Question


def pieces(
    paths: Sequence[Path], asked: Question, mapper: str | None = None, units: Path | None = None
) -> Any:
    """One row a piece gained or lost between two maps, cut at oblast lines: change, oblast, km2, geometry (WGS84).

    Raises MissingExtra without geopandas, UsageError without two days.
    """
    try:
        import geopandas as gpd
    except ImportError as error:
        raise MissingExtra("a GeoDataFrame", "geo") from error
    if asked.between is None:
        raise UsageError("shapes need two days: between=(A, B)")
    old, new = (places.body_on(paths, day, mapper) for day in asked.between)
    change = places.between(old, new)
    shapes = boundaries.load(units)
    rows = []
    for name, flat in (("gained", change.gained), ("lost", change.lost)):
        piece, cell = shapes.tree.query(flat.shapes, predicate="intersects")
        cut = shapely.intersection(flat.shapes[piece], shapes.cells[cell])
        rest = shapely.difference(flat.shapes, shapely.union_all(shapes.cells))
        owners = [shapes.codes[i] for i in cell] + [boundaries.OUTSIDE] * len(rest)
        for code, shape in zip(owners, [*cut, *rest], strict=True):
            km2 = float(area_km2(Flat(np.array([shape], dtype=object)))[0])
            if km2 > 0 and asked.oblast in (None, code):
                rows.append((name, code, km2, shapely.transform(shape, unproject)))
    columns = ["change", "oblast", "km2", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")
    frame.attrs = {"from_file": old.day.isoformat(), "to_file": new.day.isoformat(), "mapper": new.mapper}
    return frame
