"""Small maps in the wire shapes of the real ones, made up for the tests: no line of them is anybody's map."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

OCCUPIED = {"name": "Окуповано\u00a0/// Occupied /// geoJSON.status.occupied\n", "fill": "#a52714"}
CRIMEA = {
    "name": "Окупований Крим /// Occupied Crimea\u00a0/// geoJSON.territories.crimea",
    "fill": "#880e4f",
}


def box(west: float, south: float, east: float, north: float) -> Ring:
    """A closed rectangle, clockwise as in the mirror."""
    return [(west, south), (west, north), (east, north), (east, south), (west, south)]


def front(moves: Mapping[int, float] | None = None, count: int = 40) -> Ring:
    """A region in the Donetsk steppe whose west side is a line of many vertices; `moves` shifts some of them west."""
    line = [(37.2 + 0.05 * (i % 3), 47.4 + i * 0.02) for i in range(count)]
    for place, by in (moves or {}).items():
        line[place] = (round(line[place][0] - by, 6), line[place][1])
    points = [(x, round(y, 6)) for x, y in line]
    return [*points, (38.6, points[-1][1]), (38.6, points[0][1]), points[0]]


def mirror(polygons: Iterable[Sequence[Ring]], name: str = "deepstatemap_data_20250101") -> bytes:
    """A mirror file as GDAL writes it: one MultiPolygon, blanks inside brackets, no properties."""

    def text(value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return "[ " + ", ".join(map(text, value)) + " ]"
        return repr(float(value))

    coordinates = text([list(polygon) for polygon in polygons])
    return (
        f'{{\n"type": "FeatureCollection",\n"name": "{name}",\n'
        '"crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:OGC:1.3:CRS84" } },\n"features": [\n'
        '{ "type": "Feature", "properties": { }, "geometry": { "type": "MultiPolygon", '
        f'"coordinates": {coordinates} }} }}\n]\n}}\n'
    ).encode()


def feature(properties: Mapping[str, str], *rings: Ring, kind: str = "Polygon") -> dict[str, Any]:
    """A feature of a raw body: 3-D coordinates; `kind` Polygon, MultiPolygon or GeometryCollection."""
    polygon = {"type": "Polygon", "coordinates": [[[x, y, 0] for x, y in ring] for ring in rings]}
    geometry: dict[str, Any] = polygon
    if kind == "GeometryCollection":
        geometry = {"type": kind, "geometries": [polygon]}
    if kind == "MultiPolygon":
        geometry = {"type": kind, "coordinates": [polygon["coordinates"]]}
    return {"type": "Feature", "geometry": geometry, "properties": dict(properties)}


def raw(*features: Mapping[str, Any]) -> bytes:
    """A raw body: compact, top level type and features only, with a symbol among them."""
    symbol = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [37.0, 48.0, 0]},
        "properties": {"name": "HQ"},
    }
    body = {"type": "FeatureCollection", "features": [symbol, *features]}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def folder(place: Path, days: Mapping[date, bytes]) -> Path:
    """A folder of mirror files."""
    place.mkdir(parents=True, exist_ok=True)
    for day, body in days.items():
        (place / f"deepstatemap_data_{day:%Y%m%d}.geojson").write_bytes(body)
    return place


def archive(path: Path, days: Mapping[date, bytes]) -> Path:
    """An archive of mirror geometries, one a line."""
    lines = []
    for day, body in days.items():
        geometry = json.dumps(json.loads(body)["features"][0]["geometry"])
        lines.append(
            f'{{"date":"{day}","file":"deepstatemap_data_{day:%Y%m%d}.geojson","geometry":{geometry}}}\n'
        )
    path.write_bytes(lzma.compress("".join(lines).encode()))
    return path


def advance(count: int, first: date = date(2025, 1, 1)) -> dict[date, bytes]:
    """A run of maps in which a few vertices move every day, one falls back, and every fifth day nothing happens."""
    moves: dict[int, float] = {}
    made = {}
    for n in range(count):
        if n % 5:
            moves[(7 * n) % 38 + 1] = round(moves.get((7 * n) % 38 + 1, 0.0) + 0.011 + 0.001 * (n % 4), 6)
            moves[(3 * n) % 38 + 1] = round(moves.get((3 * n) % 38 + 1, 0.0) - 0.004, 6)
        made[first + timedelta(days=n)] = mirror([[front(moves)], [box(34.0, 45.2, 34.4, 45.5)]])
    return made
