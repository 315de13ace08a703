"""The 27 units of Ukraine: shapes, ISO 3166-2 codes, official areas, and which unit a piece of the map lies in.

The shapes in the package are Natural Earth's (public domain), drawn generalised. Beyond their outer line each unit
has a margin: up to 10 km out, nearest to this unit. A figure for a unit holds the margin and states its share;
what lies farther out is the remainder `outside`, shown and never spread. With a finer boundary file of your own
(`--boundaries`), of whatever licence, there are no margins and the remainder is what that file leaves over.
Percentages divide by official areas, never by the area of a polygon.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory.plane import Flat, Floats, area_km2, flatten
from wareconomy.errors import UsageError
from wareconomy.sources.map_errors import NotAMap
from wareconomy.sources.maps import PolygonReader, VertexBook, features, load_json

OUTSIDE = "outside"
CODE_PROPERTIES = ("code", "iso_3166_2", "shapeISO", "ISO3166-2", "iso_code")
PACKAGED = re.compile(r'\{"type":"Feature","properties":\{"code":"([^"]+)","part":"(land|margin)"\}')
DENOMINATORS = {
    "oblast": "official area of the oblast",
    "ukraine": "official area of Ukraine in its borders of 1991, 603,628 km2",
    "claimed": "official area of the six regions that Russia claims "
    "(Crimea, Sevastopol, Donetsk, Luhansk, Zaporizhzhia, Kherson)",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """An oblast, Crimea or a city of its own, with its official area in km2."""

    code: str
    name: str
    uk: str
    km2: float
    claimed: bool = False


@cache
def units() -> Mapping[str, Unit]:
    """The 27 units by ISO 3166-2 code."""
    return {code: Unit(code=code, **body) for code, body in _declared()["units"].items()}


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads(
        resources.files("wareconomy.catalog").joinpath("oblasts.toml").read_text(encoding="utf-8")
    )


def denominator(which: str, code: str | None = None) -> tuple[float, str]:
    """Area in km2 to divide by, and its name for the chart. UsageError for an unknown one."""
    if which == "ukraine":
        return float(_declared()["ukraine_km2"]), DENOMINATORS[which]
    if which == "claimed":
        return float(sum(unit.km2 for unit in units().values() if unit.claimed)), DENOMINATORS[which]
    if which == "oblast" and code and code in units():
        return units()[code].km2, DENOMINATORS[which]
    raise UsageError(
        f"no denominator {which!r} for {code or 'the whole'}; there are {', '.join(DENOMINATORS)}"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Unit shapes in the plane. `cells` are the lands, then the margins; `codes[unit_of[i]]` owns cell i."""

    codes: tuple[str, ...]
    cells: NDArray[np.object_]
    unit_of: NDArray[np.int64]
    margin: NDArray[np.bool_]
    tree: shapely.STRtree
    digest: str
    source: str
    licence: str

    def by_cell(self, pieces: Flat) -> Floats:
        """Area in km2 of each piece in each cell, one row a piece; the last column is what lies in no cell.

        A piece wholly inside one cell is measured as it is; only pieces on a boundary are cut.
        """
        found = np.zeros((len(pieces.shapes), len(self.cells) + 1))
        if not len(pieces.shapes):
            return found
        whole = area_km2(pieces)
        piece, cell = self.tree.query(pieces.shapes, predicate="intersects")
        inside = shapely.contains_properly(self.cells[cell], pieces.shapes[piece])
        found[piece[inside], cell[inside]] = whole[piece[inside]]
        cut = ~inside
        parts = Flat(shapely.intersection(pieces.shapes[piece[cut]], self.cells[cell[cut]]))
        found[piece[cut], cell[cut]] = area_km2(parts)
        found[:, -1] = whole - found[:, :-1].sum(axis=1)
        return found

    def by_unit(self, cells: Floats) -> tuple[Floats, Floats]:
        """Cell columns added up to units (the last column `outside`), and the part of each that lies in a margin."""
        total = np.zeros((*cells.shape[:-1], len(self.codes) + 1))
        beyond = np.zeros_like(total)
        for place, unit in enumerate(self.unit_of):
            total[..., unit] += cells[..., place]
            if self.margin[place]:
                beyond[..., unit] += cells[..., place]
        total[..., -1] = cells[..., -1]
        return total, beyond

    def lands(self) -> dict[str, Any]:
        """Unit shapes without margins by code, in the plane, for pictures."""
        return {self.codes[u]: self.cells[i] for i, u in enumerate(self.unit_of) if not self.margin[i]}


def load(path: Path | None = None) -> Boundaries:
    """The units in the package, or those of a GeoJSON file with ISO 3166-2 codes. Raises NotAMap when they do not fit."""
    if path is None:
        body = resources.files("wareconomy.catalog").joinpath("oblasts.geojson").read_bytes()
        head, *lines, _ = body.decode().splitlines()
        about = json.loads(head + "]}")
        found = [(match[1], match[2] == "margin", line) for line in lines if (match := PACKAGED.match(line))]
    else:
        body = path.read_bytes()
        about = load_json(body, path.name)
        found = list(_own(about, path.name))
    named = sorted(
        ((code, margin, text.rstrip(",")) for code, margin, text in found), key=lambda item: item[1]
    )
    codes = tuple(units())
    missing = sorted(set(codes) - {code for code, _, _ in named})
    if missing:
        where = path.name if path else "oblasts.geojson"
        raise NotAMap(
            where, f"no shape for {', '.join(missing)}", "All 27 units are needed; a part is no Ukraine"
        )
    cells = flatten(shapely.from_geojson([text for _, _, text in named])).shapes
    cells = np.where(shapely.is_valid(cells), cells, shapely.make_valid(cells))
    shapely.prepare(cells)
    return Boundaries(
        codes,
        cells,
        np.array([codes.index(code) for code, _, _ in named]),
        np.array([margin for _, margin, _ in named]),
        shapely.STRtree(cells),
        hashlib.sha256(body).hexdigest(),
        str(about.get("source") or (path.name if path else "")),
        str(about.get("licence") or "not stated; the file is yours"),
    )


def _own(document: dict[str, Any], where: str) -> Iterator[tuple[str, bool, str]]:
    for feature in features(document, where):
        properties = feature.get("properties") or {}
        code = next((str(properties[name]) for name in CODE_PROPERTIES if properties.get(name)), "")
        if code not in units():
            raise NotAMap(
                where,
                f"a unit without an ISO 3166-2 code ({', '.join(CODE_PROPERTIES)})",
                "Add the codes",
                code,
            )
        polygons = PolygonReader(VertexBook(), where).polygons(feature.get("geometry"))
        if polygons:
            yield code, properties.get("part") == "margin", json.dumps(feature["geometry"])
