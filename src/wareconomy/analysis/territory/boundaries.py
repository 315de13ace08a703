"""The 27 units of Ukraine: shapes, ISO 3166-2 codes, official areas, and which unit a piece of the map lies in.

In the package the border and the coast are OpenStreetMap's (ODbL 1.0) and the lines between units Natural Earth's
(public domain); the sea beside them is the unit `sea`. What lies in no unit is the remainder `outside`. Neither is ever
given to an oblast. With a boundary file of your own (`--boundaries`), of whatever licence, the remainder is what
that file leaves over. Percentages divide by official areas, never by the area of a polygon.
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

OUTSIDE, SEA = "outside", "sea"
REST = {SEA: "sea, in no oblast", OUTSIDE: "beyond the border"}
"""What is shown beside the units, and its name in tables."""
CODE_PROPERTIES = ("code", "iso_3166_2", "shapeISO", "ISO3166-2", "iso_code")
PACKAGED = re.compile(r'\{"type":"Feature","properties":\{"code":"([^"]+)"\}')
DENOMINATORS = {
    "oblast": "official area of the oblast",
    "ukraine": "official area of Ukraine in its borders of 1991, 603,628 km2",
    "claimed": "official area of the six regions that Russia claims "
    "(Crimea, Sevastopol, Donetsk, Luhansk, Zaporizhzhia, Kherson)",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """An oblast, Crimea or a city of its own, with its official area in km2 and its number of settlements."""

    code: str
    name: str
    uk: str
    km2: float
    settlements: int
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


def name_of(code: str) -> str:
    """Name of a unit, or of one of the two remainders."""
    return units()[code].name if code in units() else REST[code]


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Unit shapes in the plane: `cells[i]` is the unit `codes[i]`, the 27 units and, in the package's, the sea."""

    codes: tuple[str, ...]
    cells: NDArray[np.object_]
    tree: shapely.STRtree
    digest: str
    source: str
    licence: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Codes in the order of the columns of `by_unit`: the units, the sea, what is outside."""
        return (*self.codes, OUTSIDE)

    def by_unit(self, pieces: Flat) -> Floats:
        """Area in km2 of each piece in each unit, one row a piece; the last column is what lies in none.

        A piece wholly inside one unit is measured as it is; only pieces on a boundary are cut.
        """
        found = np.zeros((len(pieces.shapes), len(self.cells) + 1))
        if not len(pieces.shapes):
            return found
        whole = area_km2(pieces)
        # By boxes first, then against the units, which are prepared: asking the tree to compare shapes is slower by far.
        piece, cell = self.tree.query(pieces.shapes)
        inside = shapely.contains_properly(self.cells[cell], pieces.shapes[piece])
        found[piece[inside], cell[inside]] = whole[piece[inside]]
        cut = ~inside
        cut[cut] = shapely.intersects(self.cells[cell[cut]], pieces.shapes[piece[cut]])
        parts = Flat(shapely.intersection(pieces.shapes[piece[cut]], self.cells[cell[cut]]))
        found[piece[cut], cell[cut]] = area_km2(parts)
        found[:, -1] = whole - found[:, :-1].sum(axis=1)
        return found

    def shapes(self) -> dict[str, Any]:
        """Unit shapes by code, in the plane, for pictures."""
        return dict(zip(self.codes, self.cells, strict=True))


def load(path: Path | None = None) -> Boundaries:
    """The units in the package, or those of a GeoJSON file with ISO 3166-2 codes. Raises NotAMap when they do not fit."""
    if path is None:
        body = resources.files("wareconomy.catalog").joinpath("oblasts.geojson").read_bytes()
        head, *lines, _ = body.decode().splitlines()
        about = json.loads(head + "]}")
        found = [(match[1], line) for line in lines if (match := PACKAGED.match(line))]
    else:
        body = path.read_bytes()
        about = load_json(body, path.name)
        found = list(_own(about, path.name))
    texts: dict[str, list[str]] = {}
    for code, text in found:
        texts.setdefault(code, []).append(text.rstrip(","))
    missing = sorted(set(units()) - set(texts))
    if missing:
        where = path.name if path else "oblasts.geojson"
        raise NotAMap(
            where, f"no shape for {', '.join(missing)}", "All 27 units are needed; a part is no Ukraine"
        )
    codes = (*units(), SEA) if SEA in texts else tuple(units())
    cells = np.array([_one(texts[code]) for code in codes], dtype=object)
    shapely.prepare(cells)
    return Boundaries(
        codes,
        cells,
        shapely.STRtree(cells),
        hashlib.sha256(body).hexdigest(),
        str(about.get("source") or (path.name if path else "")),
        str(about.get("licence") or "not stated; the file is yours"),
    )


def _one(texts: list[str]) -> Any:
    """One valid shape in the plane from the features of a unit."""
    shapes = flatten(shapely.from_geojson(texts)).shapes
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def _own(document: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
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
            yield code, json.dumps(feature["geometry"])
